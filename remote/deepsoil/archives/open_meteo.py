"""The outlook of Open-Meteo: hours in UTC, also of the week before, with FAO-56 evapotranspiration.

Its free service is for non-commercial use, so it is off until the user agrees. Sums at a time are those of the hour
before it ([K], the provider's documentation), as are values of the moment here. Facts: public_data.md §6 (path,
parameters, limits, licence). Nothing was checked live.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from deepsoil.archives import outlook, replies
from deepsoil.archives.addresses import address_of
from deepsoil.archives.archive import Ask, Entries, Got, Piece
from deepsoil.archives.network import Network

NAME, TITLE = "open_meteo", "Open-Meteo forecast"
PUBLIC = "https://api.open-meteo.com"
PAST_DAYS, FORECAST_DAYS = 7, 9
"""Today is the first of the forecast days; the last gives the hours until 07 UTC after the seventh day from now."""
VARIABLES = {"precipitation": ("precipitation", "mm"), "temperature_2m": ("temperature", "°C"),
             "vapour_pressure_deficit": ("vpd", "kPa"), "et0_fao_evapotranspiration": ("pet", "mm")}
"""Theirs → the channel, and the unit that is expected."""

_BYTES = 15_000


class OpenMeteo:
    """The archive; see the module."""

    name, title = NAME, TITLE
    provides = outlook.PROVIDES
    licence = "CC BY 4.0, non-commercial use"
    attribution = "Forecast: Open-Meteo.com."
    terms: str | None = ("The free service of Open-Meteo is for non-commercial use only, with fewer than 10,000 calls "
                         "a day. Its data are under CC BY 4.0: whoever shows them must name Open-Meteo.com.")
    account: str | None = None

    def plan(self, ask: Ask) -> list[Piece]:
        """See `archive.Archive.plan`."""
        return outlook.issue(ask, NAME, TITLE, f"{_base()}/v1/forecast", _BYTES)

    def fetch(self, piece: Piece, network: Network, folder: Path) -> Got:
        """See `archive.Archive.fetch`."""
        from deepsoil.archives import outlook_checks  # needs the packages that read NetCDF
        from deepsoil.sources import outlook_hours

        longitude, latitude, today = outlook.place(piece.details)
        params = {"latitude": f"{latitude:.4f}", "longitude": f"{longitude:.4f}", "hourly": ",".join(VARIABLES),
                  "timezone": "GMT", "past_days": str(PAST_DAYS), "forecast_days": str(FORECAST_DAYS)}
        content = network.answer(TITLE, piece.address, params=params)
        begin, values = _parsed(content, piece.address)
        now = datetime.now(UTC)
        issued = now if now.date() == today else datetime.combine(today, datetime.min.time(), UTC)
        hours = outlook_checks.hours_of(TITLE, piece.address, issued, begin, values, longitude, latitude, today)
        outlook_hours.write(folder / piece.name, hours, TITLE, piece.address)
        return Got(piece, (piece.name,), piece.address, now, len(content))

    def entries(self, got: Sequence[Got], folder: Path) -> Entries:
        """See `archive.Archive.entries`."""
        return outlook.entries(NAME, TITLE, got, folder)


OPEN_METEO = OpenMeteo()


def _parsed(content: bytes, address: str) -> tuple[Any, Mapping[str, Any]]:
    """The beginning of the first hour, and by channel the values (T,). DeepSoilError ``archive_implausible``."""
    import numpy as np

    document = replies.document(TITLE, address, content)
    try:
        if document.get("error"):
            raise ValueError(str(document.get("reason", "an error without a reason")))
        if document["utc_offset_seconds"] != 0:
            raise ValueError("its hours are not in UTC")
        found, given = document["hourly"], document["hourly_units"]
        times = np.array([np.datetime64(time, "h") for time in found["time"]])
        if not times.size or (np.diff(times) != np.timedelta64(1, "h")).any():
            raise ValueError("its hours are not one after another")
        values = {}
        for name, (channel, unit) in VARIABLES.items():
            if given[name] != unit:
                raise ValueError(f"{name} is in {given[name]}")
            values[channel] = np.array([np.nan if one is None else one for one in found[name]], np.float64)
            if values[channel].shape != times.shape:
                raise ValueError(f"{name} has {values[channel].size} values for {times.size} hours")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise outlook.implausible(TITLE, address, str(error) or type(error).__name__) from error
    return times[0] - np.timedelta64(1, "h"), values


def _base() -> str:
    return address_of(NAME, PUBLIC)
