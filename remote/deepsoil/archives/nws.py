"""The outlook of the National Weather Service: the raw forecast of a grid cell of 2.5 km, seven days ahead.

Asked are ``/points/{lat},{lon}``, which names the cell, and ``/gridpoints/{office}/{x},{y}``. Values are lists of
``validTime`` (a time with an ISO 8601 duration) and ``value``: temperature and humidity hold for all hours of it, rain
is the sum of 1 to 6 hours and is spread evenly over them. There is no radiation, so evapotranspiration is that of
Hargreaves from the warmest and coldest hour. An answer of January 2026 in a public repository has amounts of rain for
three days only, while temperatures go on for a week: maps then end where the rain does.

Facts: public_data.md §6 (paths, decimals and 301, durations, run-length encoding, User-Agent, 503 ForecastGridExpired,
stale copies, a beginning in the past). Nothing was checked live.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from deepsoil.archives import outlook, replies
from deepsoil.archives.addresses import address_of
from deepsoil.archives.archive import Ask, Entries, Got, Piece
from deepsoil.archives.failures import is_missing
from deepsoil.archives.network import Network
from deepsoil.contract.errors import DeepSoilError

NAME, TITLE = "nws", "National Weather Service forecast"
PUBLIC = "https://api.weather.gov"
_BYTES = 250_000


class Nws:
    """The archive; see the module."""

    name, title = NAME, TITLE
    provides = outlook.PROVIDES
    licence = "public domain"
    attribution = "Forecast: National Weather Service (NOAA)."
    terms: str | None = None
    account: str | None = None

    def plan(self, ask: Ask) -> list[Piece]:
        """See `archive.Archive.plan`."""
        middle = ask.outline.centroid
        return outlook.issue(ask, NAME, TITLE, f"{_base()}/points/{_degrees(middle.y)},{_degrees(middle.x)}", _BYTES)

    def fetch(self, piece: Piece, network: Network, folder: Path) -> Got:
        """See `archive.Archive.fetch`."""
        from deepsoil.archives import nws_forecast, outlook_checks  # need the packages that read NetCDF
        from deepsoil.sources import outlook_hours

        longitude, latitude, today = outlook.place(piece.details)
        try:
            point = network.answer(TITLE, piece.address, headers=_HEADERS)
        except DeepSoilError as error:
            if not is_missing(error):
                raise
            raise DeepSoilError("archive_outside", "{archive} has nothing here: it covers the United States.",
                                "Switch this archive off; maps until today do not need it.", archive=TITLE) from error
        cell = replies.document(TITLE, piece.address, point).get("properties") or {}
        if not all(cell.get(key) is not None for key in ("gridId", "gridX", "gridY")):
            raise outlook.implausible(TITLE, piece.address, "it names no cell of the grid")
        address = f"{_base()}/gridpoints/{cell['gridId']}/{cell['gridX']},{cell['gridY']}"
        content = network.answer(TITLE, address, headers=_HEADERS)
        hours = nws_forecast.hours_of(replies.document(TITLE, address, content), TITLE, address, longitude, latitude,
                                      today)
        outlook_hours.write(folder / piece.name, hours, TITLE, address)
        return Got(piece, (piece.name,), address, datetime.now(UTC), len(point) + len(content),
                   outlook_checks.notes(hours))

    def entries(self, got: Sequence[Got], folder: Path) -> Entries:
        """See `archive.Archive.entries`."""
        return outlook.entries(NAME, TITLE, got, folder)


NWS = Nws()

_HEADERS = {"Accept": "application/geo+json"}


def _degrees(value: float) -> str:
    """At most four decimals and no zeros at the end: the service sends others elsewhere (301)."""
    return f"{value:.4f}".rstrip("0").rstrip(".")


def _base() -> str:
    return address_of(NAME, PUBLIC)
