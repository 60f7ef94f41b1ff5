"""SMAP's daily soil moisture on a grid of 9 km (SPL3SMP_E), for those who have an Earthdata account.

What is known, and from where:
- the product, its delay of one to two days and its gaps: public_data.md §8; groups, datasets, fill and flags:
  `sources.smap_l3`, which reads the same files from a folder;
- the list of files: CMR's search of granules as JSON (``feed.entry[].links`` with the relation ``…/data#``), free for
  everybody; versions of a collection as three digits (CMR Search API documentation);
- files over HTTPS below ``nsidc-cumulus-prod-protected`` with a token as ``Authorization: Bearer`` (the service behind
  takes tokens: earthaccess-dev/earthaccess issue 188), sent on to another host without it; without a valid token sent
  on to ``urs.earthdata.nasa.gov/oauth/authorize`` (earthaccess issue 1107), which answers a web page with 200
  (public_data.md §8).

Not verified live: in what pieces the files are packed, and so how much of a file its parts for a place are
(``_FILE_BYTES`` is an estimate).

Only the cells around the field are read, of the files of the last weeks. The channel ``smap`` is an input of the 5 cm
network, and what ``deepsoil evaluate --reference smap`` compares maps with; ``smap_flagged`` has the retrievals that
SMAP does not recommend.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepsoil.archives import accounts, failures, remote_hdf5, wrong_answers
from deepsoil.archives.addresses import address_of
from deepsoil.archives.archive import Ask, Bounds, Entries, Got, Piece
from deepsoil.archives.last_days import LastDays
from deepsoil.archives.network import Network
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.text import Text
from deepsoil.io import atomic, json_files

SEARCH, FILES = "https://cmr.earthdata.nasa.gov", "https://data.nsidc.earthdatacloud.nasa.gov"
PRODUCT, VERSION = "SPL3SMP_E", "006"
DAYS, LATE_DAYS, DAYS_OF_A_PIECE = 60, 2, 10
"""The last days that are fetched, how late the archive is, and days of a piece."""
FIRST = date(2015, 3, 31)
VARIABLE, FLAGGED = "soil_moisture", "soil_moisture_not_recommended"
_CELL_DEGREES = 0.1
_FARTHEST = 85.0
_FILE_BYTES = 600_000
_MOST_FILES = 200
_DATA = "/data#"


class SmapL3:
    """The last weeks around a field, day by day."""

    name = "smap_l3"
    title = "SMAP at 9 km (SPL3SMP_E)"
    provides = frozenset({"smap", "smap_flagged"})
    licence = "free of restrictions (NASA)"
    attribution = ("SMAP Enhanced L3 radiometer soil moisture (O'Neill et al.), version 6: NASA National Snow and Ice "
                   "Data Center")
    terms: str | None = None
    account: str | None = "earthdata"
    hosts = ("cmr.earthdata.nasa.gov", "urs.earthdata.nasa.gov")

    def plan(self, ask: Ask) -> list[Piece]:
        """A piece for every ten days of the last 60 or a few more. Raises ``archive_outside``, ``archive_no_days``."""
        if max(abs(ask.bounds[1]), abs(ask.bounds[3])) > _FARTHEST:
            raise DeepSoilError("archive_outside", "{archive} has nothing at this place: it ends at 85° of latitude.",
                                "Do without it.", archive=self.title)
        last = LastDays(FIRST, DAYS, LATE_DAYS, DAYS_OF_A_PIECE, _FILE_BYTES)
        return list(last.pieces(ask, self.name, self.title, _files_address()))

    def fetch(self, piece: Piece, network: Network, folder: Path) -> Got:
        """The days as one NetCDF file of the cells around the field, and a file that says which there are."""
        bounds: Bounds = tuple(piece.details["bounds"])  # type: ignore[assignment]
        start, end = date.fromisoformat(piece.details["start"]), date.fromisoformat(piece.details["end"])
        listed = self._listed(network, start, end)
        size, days, fields = 0, [], []
        for day, address in sorted(self._newest(listed, start, end).items()):
            field, count = self._day(network, address, bounds)
            size += count
            days.append(day)
            fields.append(field)
        files = [piece.name]
        if days:
            name = piece.name.removesuffix(".json") + ".nc"
            _write(folder / name, days, fields)
            files.append(name)
        path = folder / piece.name
        path.parent.mkdir(parents=True, exist_ok=True)
        json_files.write(path, {"days": [day.isoformat() for day in days],
                                **{name: sum(bool(np.isfinite(getattr(field, name)).any()) for field in fields)
                                   for name in ("recommended", "flagged")}})
        return Got(piece, tuple(files), piece.address, datetime.now(UTC), size)

    def entries(self, got: Sequence[Got], folder: Path) -> Entries:
        """Both channels; a pass every two or three days is usual, and counted."""
        said = [json_files.read(folder / one.piece.name) for one in got]
        asked = sum((date.fromisoformat(one.piece.details["end"]) - date.fromisoformat(one.piece.details["start"])).days
                    + 1 for one in got)
        known = {name: sum(one[name] for one in said) for name in ("recommended", "flagged")}
        notes = (f"{self.title} has a recommended value on {known['recommended']} of {asked} days; it does not pass "
                 "every day.",)
        files = [name for one in got for name in one.files if name.endswith(".nc")]
        return Entries({channel: {"kind": "netcdf", "unit": "m3/m3", "variable": variable, "files": files,
                                  "note": self.title}
                        for channel, variable, days in (("smap", VARIABLE, known["recommended"]),
                                                        ("smap_flagged", FLAGGED, known["flagged"])) if days},
                       notes=notes)

    def _listed(self, network: Network, start: date, end: date) -> list[str]:
        """Addresses of the files of days, as CMR lists them."""
        address = address_of("cmr", SEARCH) + "/search/granules.json"
        answer = network.answer(self.title, address, params={
            "short_name": PRODUCT, "version": VERSION, "page_size": str(_MOST_FILES),
            "temporal": f"{start}T00:00:00Z,{end}T23:59:59Z"})
        try:
            entries = json.loads(answer)["feed"]["entry"]
            found = [link["href"] for entry in entries for link in entry["links"]
                     if str(link.get("rel", "")).endswith(_DATA) and not link.get("inherited")]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise wrong_answers.not_understood(self.title, Text("its list of files has another form")) from error
        base = _files_address() + "/"
        return [one for one in found if isinstance(one, str) and one.startswith(base)]  # the token goes nowhere else

    def _newest(self, addresses: Sequence[str], start: date, end: date) -> dict[date, str]:
        """Day → address of its newest release."""
        from deepsoil.sources import smap_l3

        by_name = {Path(address).name: address for address in addresses if address.endswith(".h5")}
        return {day: by_name[name] for day, name in smap_l3.newest_by_day(by_name).items() if start <= day <= end}

    def _day(self, network: Network, address: str, bounds: Bounds) -> tuple[Any, int]:
        """The cells of a day, and the bytes that came."""
        from deepsoil.sources import smap_l3

        def read(file: Any) -> smap_l3.DayCells:
            return smap_l3.read_cells(file, Path(address), bounds, "smap")

        try:
            return remote_hdf5.read(network, self.title, address, read, headers=_token())
        except DeepSoilError as error:
            if failures.is_web_page(error):
                raise failures.login_page(self.title, address, "urs.earthdata.nasa.gov") from error
            if error.code == "source_invalid":
                raise wrong_answers.not_understood(self.title, error.message) from error
            raise


def _files_address() -> str:
    return address_of(SmapL3.name, FILES)


def _token() -> Mapping[str, str]:
    secret = accounts.secrets().get("earthdata")
    return {"Authorization": f"Bearer {secret}"} if secret else {}


def _write(path: Path, days: Sequence[date], fields: Sequence[Any]) -> None:
    import xarray as xr  # of an extra; plans are made without it

    axes: dict[str, Any] = {"time": np.array(days, "datetime64[ns]"), "lat": fields[0].latitudes,
                            "lon": fields[0].longitudes}
    stacked: dict[str, NDArray[np.float32]] = {VARIABLE: np.stack([field.recommended for field in fields]),
                                               FLAGGED: np.stack([field.flagged for field in fields])}
    data = xr.Dataset({name: (("time", "lat", "lon"), values, {"units": "m3/m3"}) for name, values in stacked.items()},
                      axes)
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic.replacing_path(path) as draft:
        data.to_netcdf(draft, engine="h5netcdf")


SMAP_L3 = SmapL3()
