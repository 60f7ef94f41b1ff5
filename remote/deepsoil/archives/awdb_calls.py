"""Calls of the AWDB REST service, and what a sensor in its answers says. Facts: see ``awdb``."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import numpy as np

from deepsoil.archives import replies
from deepsoil.archives.near_stations import NearStation, column
from deepsoil.archives.network import Network
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.text import Text
from deepsoil.sources import units

if TYPE_CHECKING:
    import pandas as pd

INCHES: dict[int, int] = {2: 5, 4: 10, 8: 20, 20: 50, 40: 100}
"""Depth of a sensor in inches → the depth in cm that it stands for (5.1, 10.2, 20.3, 50.8, 101.6)."""

SUSPECT = frozenset("S")
"""``qcFlag`` of a reading that the network itself doubts."""

_MISSING = -99.9


class Service:
    """The service with its two ways to take a colon, and what it sent."""

    def __init__(self, network: Network, title: str, address: str) -> None:
        self._network, self._title, self.address = network, title, address
        self.size = 0
        self._encoded = False

    def of(self, what: str, query: Mapping[str, str], kept: bool = False) -> list[dict[str, Any]]:
        """The list that a call answers. Colons stand as they are; where the service refuses that, they are encoded.

        ``kept``: the cache keeps the answer, for the next field near by.
        """
        address = f"{self.address}/{what}"
        try:
            answer = self._answer(address, query, kept)
        except DeepSoilError as error:
            if error.code != "archive_failed" or self._encoded:
                raise
            self._encoded = True
            try:
                answer = self._answer(address, query, kept)
            except DeepSoilError:
                raise error from None
        found = replies.document(self._title, address, answer, list)
        if not all(isinstance(one, dict) for one in found):
            raise replies.implausible(self._title, address, Text("it is JSON of another form than documented"))
        return found

    def _answer(self, address: str, query: Mapping[str, str], kept: bool) -> bytes:
        if self._encoded:
            encoded = "&".join(f"{name}={quote(value, safe='')}" for name, value in query.items())
            address, query = f"{address}?{encoded}", {}
        if not kept:
            answer = self._network.answer(self._title, address, params=query)
            self.size += len(answer)
            return answer
        with tempfile.TemporaryDirectory(prefix="deepsoil-awdb-") as temporary:
            path = Path(temporary) / "answer.json"
            self.size += self._network.download(self._title, address, path, params=query, check=self._check).size
            return path.read_bytes()

    def _check(self, file: Path) -> None:
        """Nothing but a list is kept: an error text with status 200 would be taken for the answer for a day."""
        replies.document(self._title, self.address, file.read_bytes(), list)


def series(one: Mapping[str, Any], station: NearStation, title: str, address: str,
            ) -> tuple[str | None, pd.Series, pd.DatetimeIndex]:
    """(column, readings over UTC times, times of suspect ones) of one sensor of an answer; no column: not used."""
    import pandas as pd  # slow to load, and a plan needs none of it

    element = one.get("stationElement") or {}
    inches = -float(element.get("heightDepth") or 0.0)
    code, unit = element.get("elementCode"), str(element.get("storedUnitCode") or "")
    quantity = {"SMS": "theta", "STO": "temperature"}.get(str(code))
    if quantity is None or inches not in INCHES or int(element.get("ordinal") or 1) != 1:
        return None, pd.Series(dtype=np.float64, index=pd.DatetimeIndex([])), pd.DatetimeIndex([])
    wanted, assumed = ("m3/m3", "%") if quantity == "theta" else ("degC", "degF")
    found = {"pct": "%", "degF": "degF", "degC": "degC", "": assumed}.get(unit)
    if found is None or found not in units.accepted(wanted):
        raise replies.implausible(title, address, Text("{code} of {name} is in {unit!r}", code=code, name=station.name,
                                                        unit=unit))
    values = one.get("values") or []
    times = pd.to_datetime([str(value.get("date", "")) for value in values], format="%Y-%m-%d %H:%M", errors="coerce")
    numbers = pd.to_numeric(pd.Series([value.get("value") for value in values], dtype=object),
                            errors="coerce").to_numpy(np.float64)
    doubted = np.array([str(value.get("qcFlag") or "") in SUSPECT for value in values], bool)
    there = np.isfinite(numbers) & (numbers > _MISSING) & ~pd.isna(times)
    if len(values) and not there.any() and pd.isna(times).all():
        raise replies.implausible(title, address, Text("the times of {name} are not as documented", name=station.name))
    kept = there & ~doubted
    if quantity == "theta":
        kept &= (numbers >= 0) & (numbers <= 100)
    utc = pd.DatetimeIndex(times) - pd.Timedelta(hours=station.zone)
    readings = pd.Series(units.convert(numbers[kept], found, wanted), index=utc[kept])
    return column(INCHES[round(inches)], quantity), readings, utc[there & doubted]
