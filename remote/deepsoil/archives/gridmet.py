"""gridMET: daily weather of the lower 48 states on 1/24 degree, from 1979 to about two days ago.

Asked in this order, the next where one fails or gives holes:

1. the subset service of its THREDDS server (NCSS; plain http, port 8080): a box of a variable in one request
2. the same server's OPeNDAP, which often works where the subset service does not
3. the yearly files over https, of which only the chunks with the box are read: more bytes, but it passes where
   offices block port 8080

Pieces are variables and years; the current year is divided into quarters that are settled and the days that may still
be revised. Settled pieces never change, so they are fetched once, and a second field in the same box finds them in the
cache. Facts: public_data.md §5a (names, packing, day's end, slices); that NCSS answers 400 for days beyond the last
one, and that ``last_permanent_slice`` counts within the year of a yearly file, are from public scripts and a file
listing of October 2017. Nothing here was checked live.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from deepsoil.archives.addresses import address_of
from deepsoil.archives.archive import Ask, Entries, Got, Piece
from deepsoil.archives.failures import status_of
from deepsoil.archives.gridmet_grid import Cells
from deepsoil.archives.gridmet_parts import FIRST_DAY, SETTLED_AFTER_DAYS, TITLE, VARIABLES, Part, aggregation
from deepsoil.archives.network import Network
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.text import Text

if TYPE_CHECKING:
    from deepsoil.archives.gridmet_files import Extent

NAME = "gridmet"
DAY_ENDS_UTC = 7
THREDDS = "http://thredds.northwestknowledge.net:8080/thredds"
YEARLY = "https://www.northwestknowledge.net/metdata/data"

_BYTES_PER_FILE, _BYTES_PER_VALUE = 6000, 2
_DATE = "%Y%m%d"
_PATIENCE = 2
"""Times that the THREDDS server may not answer at all before it is not waited for again in one run."""


_CHANNELS = {"precipitation": ("mm/day", "pr"), "temperature": ("K", "tmmn", "tmmx"), "vpd": ("kPa", "vpd"),
             "pet": ("mm/day", "pet")}
"""The unit of a channel, and the variable that it is, or the two of which it is the mean."""


class Gridmet:
    """The archive; see the module."""

    name, title = NAME, TITLE
    provides = frozenset(_CHANNELS)
    licence = "public domain"
    attribution = "Weather: gridMET (Abatzoglou 2013, doi:10.1002/joc.3413)."
    terms: str | None = None
    account: str | None = None

    def __init__(self) -> None:
        self._silent: WeakKeyDictionary[Any, int] = WeakKeyDictionary()

    @property
    def hosts(self) -> tuple[str, ...]:
        """Of the servers that stand in for each other."""
        return tuple(urlsplit(address).hostname or "" for address in (_thredds(), _yearly()))

    def plan(self, ask: Ask) -> list[Piece]:
        """See `archive.Archive.plan`."""
        cells = Cells.around(ask.bounds)
        if cells.is_empty:
            raise DeepSoilError("archive_outside", "{archive} has nothing here: it covers the lower 48 states.",
                                "Choose a field there, or switch this archive off.", archive=TITLE)
        start, end = max(ask.start, FIRST_DAY), min(ask.end, ask.today - timedelta(days=1))
        if end < start:
            raise DeepSoilError("archive_no_days", "{archive} has days from {first} to yesterday; asked for were "
                                "{start} to {end}.", "Choose days until yesterday; the next days come from an outlook.",
                                archive=TITLE, first=FIRST_DAY, start=ask.start, end=ask.end)
        return [_piece(name, *span, cells, ask.today) for span in spans(start, end, ask.today) for name in VARIABLES]

    def fetch(self, piece: Piece, network: Network, folder: Path) -> Got:
        """See `archive.Archive.fetch`."""
        from deepsoil.archives import gridmet_servers as servers  # reads NetCDF: slow to import, and an extra

        part, path = Part.of(piece.details), folder / piece.name
        ways: list[tuple[str, Callable[..., servers.Taken]]] = [
            (f"{_thredds()}/ncss", servers.subset), (f"{_thredds()}/dodsC", servers.opendap),
            (_yearly(), servers.yearly)]
        problems: list[DeepSoilError] = []
        notes = []
        if self._silent.get(network, 0) >= _PATIENCE:
            ways, notes = ways[2:], ["another server stood in: THREDDS could not be reached"]
        for base, way in ways:
            try:
                taken = way(network, base, part, path)
            except DeepSoilError as error:
                if error.code not in ("archive_failed", "archive_implausible", "archive_outside"):
                    raise
                problems.append(error)
                if base != _yearly() and error.code == "archive_failed" and status_of(error) is None:
                    self._silent[network] = self._silent.get(network, 0) + 1
                continue
            notes = [*taken.notes, *notes, *(f"another server stood in: {error.message}" for error in problems)]
            return Got(piece, (piece.name,), taken.address, datetime.now(UTC), taken.size, tuple(notes))
        raise _all_failed(piece, problems)

    def entries(self, got: Sequence[Got], folder: Path) -> Entries:
        """See `archive.Archive.entries`. Variables that end earlier cut the others to the days that all have."""
        from deepsoil.archives import gridmet_files as files

        newest_first = sorted(got, key=lambda one: (one.piece.details["asked"] or "", one.at), reverse=True)
        by_variable = {name: [file for one in newest_first if one.piece.details["variable"] == name
                              for file in one.files] for name in VARIABLES}
        extents = {file: files.extent_of(folder / file) for one in got for file in one.files}
        _check_cells(extents)
        last = {name: max(extents[file].last_day for file in found) for name, found in by_variable.items()}
        first = min(date.fromisoformat(one.piece.details["start"]) for one in got)
        until = min(last.values())
        notes = [f"{VARIABLES[name].long} ends on {until}; the days until {max(last.values())} that other variables "
                 "have are left out" for name in VARIABLES if last[name] == until < max(last.values())]
        channels: dict[str, dict[str, Any]] = {}
        for channel, (unit, *names) in _CHANNELS.items():
            one, *other = ({"files": by_variable[name], "variable": VARIABLES[name].long} for name in names)
            channels[channel] = {
                "kind": "netcdf", **one, "unit": unit, "status": "status", "day_ends_utc": DAY_ENDS_UTC,
                "days": {"start": str(first), "end": str(until)}, "note": f"{TITLE}, 1/24 degree"}
            if other:
                channels[channel] |= {"mean_with": other[0],
                                      "note": f"{TITLE}, 1/24 degree; mean of the day's minimum and maximum"}
        return Entries(channels, notes=tuple(notes))


GRIDMET = Gridmet()


def spans(start: date, end: date, today: date) -> list[tuple[date, date, str, bool]]:
    """(first day, last day, name, settled) of the pieces from ``start`` to ``end``.

    Whole years and, in the year that is not settled, whole quarters; what may still be revised is one piece from the
    first such day on.
    """
    settled_until = today - timedelta(days=SETTLED_AFTER_DAYS)
    found = []
    for year in range(start.year, end.year + 1):
        if date(year, 12, 31) <= settled_until:
            found.append((date(year, 1, 1), date(year, 12, 31), f"{year}", True))
            continue
        begin = max(start, date(year, 1, 1))
        for quarter in range(4):
            first, last = date(year, 3 * quarter + 1, 1), _before_quarter(year, quarter + 1)
            if last <= settled_until and begin <= last:
                found.append((first, last, f"{year}q{quarter + 1}", True))
                begin = last + timedelta(days=1)
        last = min(end, date(year, 12, 31))
        if begin <= last:
            found.append((begin, last, f"{begin:{_DATE}}_{last:{_DATE}}", False))
    return found


def _before_quarter(year: int, quarter: int) -> date:
    """The day before a quarter, counted from 0; 4 is that of the next year."""
    return (date(year, 3 * quarter + 1, 1) if quarter < 4 else date(year + 1, 1, 1)) - timedelta(days=1)


def _piece(name: str, start: date, end: date, span: str, settled: bool, cells: Cells, today: date) -> Piece:
    part = Part(VARIABLES[name], start, end, cells, None if settled else today)
    days = (end - start).days + 1
    return Piece(NAME, f"{NAME}/{name}_{span}.nc", f"{_thredds()}/ncss/{aggregation(name)}",
                 _BYTES_PER_FILE + _BYTES_PER_VALUE * days * cells.count, part.details())


def _check_cells(extents: Mapping[str, Extent]) -> None:
    """Refuse a file that lacks cells that others of its box have: a hole that no single answer shows."""
    counts: dict[tuple[bytes, bytes], list[tuple[int, str]]] = {}
    for name, extent in extents.items():
        box = (extent.longitudes.tobytes(), extent.latitudes.tobytes())
        counts.setdefault(box, []).append((int(extent.known.sum()), name))
    for found in counts.values():
        (least, name), most = min(found), max(found)[0]
        if least < most:
            raise DeepSoilError("archive_implausible", "{archive}: {piece} has values for {least} cells, other years "
                                "and variables for {most}.", "Get the data again, without this file.",
                                archive=TITLE, piece=name, least=least, most=most)


def _all_failed(piece: Piece, problems: Sequence[DeepSoilError]) -> DeepSoilError:
    """The first problem, with the piece; the others are what stood in for it."""
    if all(error.code == "archive_outside" for error in problems):
        return problems[0]
    error = next(error for error in problems if error.code != "archive_outside")
    return error.reworded(Text("{archive} did not give {piece}, by none of its servers: {problems}", archive=TITLE,
                               piece=piece.name, problems=" ".join(one.message for one in problems)))


def _thredds() -> str:
    return address_of("gridmet", THREDDS)


def _yearly() -> str:
    return address_of("gridmet_yearly", YEARLY)
