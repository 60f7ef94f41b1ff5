"""The US Climate Reference Network: hourly soil moisture at 5, 10, 20, 50 and 100 cm, one file a station and year.

Facts: public_data.md §9 (``hourly02/{Y}/CRNH0203-{Y}-{ST_Name_n_DIR}.txt``, 38 columns, −99 and −9999 for missing, UTC
at the hour's end). The positions come from ``products/stations.tsv``, whose columns several public programs read alike
(WBAN, STATE, LOCATION, VECTOR, LATITUDE, LONGITUDE). Not verified live: the look of the listing of a year.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import numpy as np

from deepsoil.archives import near_stations, replies
from deepsoil.archives.addresses import address_of
from deepsoil.archives.archive import Ask, Entries, Got, Piece
from deepsoil.archives.near_stations import DEPTHS_CM, MOST_STATIONS, NEAR_KM, NearStation, column
from deepsoil.archives.network import Network
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.text import Text

if TYPE_CHECKING:
    import pandas as pd

PUBLIC = "https://www.ncei.noaa.gov/pub/data/uscrn/products"
COLUMNS = 38
_WBAN, _DATE, _TIME, _MOISTURE = 0, 1, 2, 28
"""Columns; from ``_MOISTURE`` on are five depths of soil moisture, then five of temperature."""
MISSING = (-99.0, -9999.0)
_LISTED = re.compile(r"CRNH0203-\d{4}-([A-Z]{2}_[^\"'<>/]+?)\.txt")
_LIST_BYTES, _YEAR_BYTES = 60_000, 1_000_000


class Uscrn:
    """The stations near a field, and their readings by year."""

    name = "uscrn"
    title = "US Climate Reference Network (NOAA)"
    provides = frozenset({"stations"})
    licence = "public domain"
    attribution = "Soil moisture of USCRN: NOAA National Centers for Environmental Information"
    terms: str | None = None
    account: str | None = None

    def plan(self, ask: Ask) -> list[Piece]:
        """The list, then a piece a year: the size of one station, since two are seldom within 50 km.

        The file of a year is fetched whole; that of this year goes to the last Sunday, so that it is once a week.
        """
        sunday = ask.today - timedelta(days=ask.today.isoweekday() % 7)
        stretches = [(label, start, end if start.year < ask.today.year else min(end, sunday))
                     for label, start, end in near_stations.years(ask, self.title)]
        return near_stations.pieces(self.name, self.title, self._address(), ask, _YEAR_BYTES, _LIST_BYTES,
                                    [one for one in stretches if one[1] <= one[2]])

    def fetch(self, piece: Piece, network: Network, folder: Path) -> Got:
        """The list of stations near by, or the readings of all of them in a year."""
        path = folder / piece.archive / near_stations.LIST
        size, files = 0, [piece.name]
        notes: list[str] = []
        if piece.name.endswith(near_stations.LIST) or not path.is_file():
            size += self._stations(piece, network, path)
        if piece.name.endswith(".json"):
            more, names, notes = self._year(piece, network, folder, near_stations.read_list(path))
            size, files = size + more, [piece.name, *names]
        return Got(piece, tuple(files), self._address(), datetime.now(UTC), size, tuple(notes))

    def entries(self, got: Sequence[Got], folder: Path) -> Entries:
        """One part of ``stations``, or a note that there is none."""
        return near_stations.entries(folder, self.name, "USCRN", got, "end",
                                     f"No USCRN station with soil moisture within {NEAR_KM:g} km.")

    def _address(self) -> str:
        return address_of(self.name, PUBLIC)

    def _stations(self, piece: Piece, network: Network, path: Path) -> int:
        address = f"{self._address()}/stations.tsv"
        answer = network.answer(self.title, address)
        box = tuple(piece.details["near"])
        found = [one for one in self._listed(answer, address) if one.key
                 and near_stations.away_km(box, one.longitude, one.latitude) <= NEAR_KM]
        found.sort(key=lambda one: near_stations.away_km(box, one.longitude, one.latitude))
        near_stations.write_list(path, [NearStation(one.id, one.key, one.name, one.network, one.longitude, one.latitude,
                                                    near_stations.away_km(box, one.longitude, one.latitude))
                                        for one in found[:MOST_STATIONS]])
        return len(answer)

    def _listed(self, answer: bytes, address: str) -> list[NearStation]:
        import pandas as pd  # slow to load, and a plan needs none of it

        try:
            table = pd.read_csv(io.BytesIO(answer), sep="\t", dtype=str, keep_default_na=False, quoting=3)
        except (ValueError, UnicodeDecodeError) as error:
            raise replies.implausible(self.title, address, Text("it is not a table")) from error
        table.columns = [str(name).strip().upper() for name in table.columns]
        absent = {"WBAN", "STATE", "LOCATION", "VECTOR", "LATITUDE", "LONGITUDE"} - set(table.columns)
        if absent or table.empty:
            raise replies.implausible(self.title, address, Text(
                "its columns {columns} are missing", columns=", ".join(sorted(absent))) if absent else
                Text("it is empty"))
        stations = []
        for row in table.itertuples(index=False):
            place = pd.to_numeric(pd.Series([row.LONGITUDE, row.LATITUDE]), errors="coerce")
            if place.isna().any() or not row.WBAN.strip().isdigit():
                continue
            key = "_".join((row.STATE, row.LOCATION, row.VECTOR)).strip().replace(" ", "_")
            stations.append(NearStation(f"USCRN_{row.WBAN.strip()}", key, f"{row.LOCATION} {row.VECTOR}, {row.STATE}",
                                        "USCRN", float(place[0]), float(place[1])))
        return stations

    def _year(self, piece: Piece, network: Network, folder: Path, stations: Sequence[NearStation],
              ) -> tuple[int, list[str], list[str]]:
        """Bytes, files and notes of a year of all stations; the last file says what came."""
        start, end = date.fromisoformat(piece.details["start"]), date.fromisoformat(piece.details["end"])
        size, files, notes, said = 0, [], [], []
        there: set[str] = set()
        problems: list[DeepSoilError] = []
        if stations:
            listing = f"{self._address()}/hourly02/{start.year}/"
            answer = network.answer(self.title, listing, pages=True)
            there, size = set(_LISTED.findall(answer.decode("utf-8", "replace"))), len(answer)
            if not there:
                raise replies.implausible(self.title, listing, Text("it lists no station"))
        for station in stations:
            if station.key not in there:
                notes.append(f"{station.name} has no file of {start.year}.")
                continue
            address = f"{self._address()}/hourly02/{start.year}/CRNH0203-{start.year}-{station.key}.txt"
            raw = folder / piece.archive / f".{station.id}_{start.year}.txt"
            try:
                size += network.download(self.title, address, raw).size
                readings = self._readings(raw, address, station)
            except DeepSoilError as error:
                if error.code != "archive_implausible":
                    raise
                problems.append(error)
                notes.append(f"{station.name} is left out of {start.year}: {error}")
                continue
            finally:
                raw.unlink(missing_ok=True)
            readings = near_stations.of_days(readings, start, end)
            name = f"{piece.archive}/{station.id}_{start.year}.csv.gz"
            counts = near_stations.write_readings(folder / name, readings)
            files.append(name)
            said.append({"id": station.id, "readings": counts})
            if not sum(counts.values()):
                notes.append(f"{station.name} has no readings of soil moisture in {start.year}.")
        if problems and not said:
            raise problems[0]
        near_stations.write_summary(folder / piece.name, start=start.isoformat(), end=end.isoformat(), stations=said)
        return size, files, notes

    def _readings(self, path: Path, address: str, station: NearStation) -> pd.DataFrame:
        """Readings in m³/m³ and °C over UTC times at the end of each hour."""
        import pandas as pd  # see `_listed`

        def wrong(what: Text) -> NoReturn:
            raise replies.implausible(self.title, address, what)

        lines = [line.split() for line in path.read_text("utf-8", "replace").splitlines() if line.strip()]
        if not lines:
            wrong(Text("it is empty"))
        for number, line in enumerate(lines, start=1):
            if len(line) != COLUMNS:
                wrong(Text("line {number} has {count} columns instead of {wanted}", number=number, count=len(line),
                           wanted=COLUMNS))
            if f"USCRN_{line[_WBAN]}" != station.id:
                wrong(Text("line {number} is of the station {station}", number=number, station=line[_WBAN]))
        times = pd.to_datetime([line[_DATE] + line[_TIME] for line in lines], format="%Y%m%d%H%M", errors="coerce")
        if times.isna().any():
            wrong(Text("its times are not as documented"))
        try:
            numbers = np.array([line[_MOISTURE:COLUMNS] for line in lines], np.float64)
        except ValueError as error:
            raise replies.implausible(self.title, address, Text("a reading is not a number")) from error
        numbers[np.isin(numbers, MISSING)] = np.nan
        names = [column(depth, quantity) for quantity in ("theta", "temperature") for depth in DEPTHS_CM]
        table = pd.DataFrame(numbers, index=pd.DatetimeIndex(times), columns=names)
        if (table[names[:len(DEPTHS_CM)]] > 1.0).any(axis=None):
            wrong(Text("soil moisture is above 1 m³/m³"))
        return table[~table.index.duplicated(keep="first")].sort_index()


USCRN = Uscrn()
