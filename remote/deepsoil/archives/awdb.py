"""SCAN and SNOTEL: hourly soil moisture of the Natural Resources Conservation Service, by the AWDB REST service.

Facts: public_data.md §9 (paths, parameters, fields, 500,000 values a call, ``dataTimeZone``, missing −99.9, colons that
some clients may not encode). The service has no box: the stations of a network are listed and kept for a week. Not
verified live: that ``stations`` takes several triplets, that its list without elements has ``dataTimeZone``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deepsoil.archives import near_stations, replies
from deepsoil.archives.addresses import address_of
from deepsoil.archives.archive import Ask, Entries, Got, Piece
from deepsoil.archives.awdb_calls import INCHES, Service, series
from deepsoil.archives.near_stations import MOST_STATIONS, NEAR_KM, NearStation
from deepsoil.archives.network import Network
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.text import Text
from deepsoil.io import json_files

if TYPE_CHECKING:
    import pandas as pd

PUBLIC = "https://wcc.sc.egov.usda.gov/awdbRestApi/services/v1"
NETWORKS = {"SCAN": "SCAN", "SNTL": "SNOTEL"}
"""Network of the service → its name for people."""

MOST_VALUES = 500_000
"""The service gives no more in one call."""
_LIST_DAYS = 7
_CANDIDATES = 20
_SETTLED_DAYS = 30
"""From then on answers are kept in the cache; what is younger may still get readings."""
_LIST_BYTES, _YEAR_BYTES = 1_500_000, 2_000_000
_LONGEST_ZONE_H = 14.0


class Awdb:
    """The stations of both networks near a field, and their readings."""

    name = "awdb"
    title = "SCAN and SNOTEL stations (NRCS)"
    provides = frozenset({"stations"})
    licence = "public domain"
    attribution = ("Soil moisture of SCAN and SNOTEL: USDA Natural Resources Conservation Service, "
                   "National Water and Climate Center")
    terms: str | None = None
    account: str | None = None

    def plan(self, ask: Ask) -> list[Piece]:
        """The list, then a piece for each year that is over and each month of this one, so that a new day is little.

        The sizes are those of two stations: of places in the lower 48 states nine in ten have no more within 50 km.
        """
        stretches = [one for label, start, end in near_stations.years(ask, self.title)
                     for one in ([(label, start, end)] if start.year < ask.today.year
                                 else near_stations.months(start, end))]
        return near_stations.pieces(self.name, self.title, self._address(), ask, _YEAR_BYTES, _LIST_BYTES, stretches)

    def fetch(self, piece: Piece, network: Network, folder: Path) -> Got:
        """The list of stations near by, or the readings of all of them in some days."""
        asked = Service(network, self.title, self._address())
        if piece.name.endswith(near_stations.LIST):
            return self._got(piece, asked, [piece.name], self._stations(piece, asked, folder)[1])
        return self._days(piece, asked, folder)

    def entries(self, got: Sequence[Got], folder: Path) -> Entries:
        """One part of ``stations``, or a note that there is none."""
        return near_stations.entries(folder, self.name, "SCAN and SNOTEL", got, "start",
                                     f"No SCAN or SNOTEL station with soil moisture within {NEAR_KM:g} km.")

    def _address(self) -> str:
        return address_of(self.name, PUBLIC)

    def _got(self, piece: Piece, asked: Service, files: Sequence[str], notes: Sequence[str]) -> Got:
        return Got(piece, tuple(files), asked.address, datetime.now(UTC), asked.size, tuple(notes))

    def _stations(self, piece: Piece, asked: Service, folder: Path) -> tuple[list[NearStation], list[str]]:
        """The nearest stations with soil moisture, written down; and what is to be told about those left out."""
        box = tuple(piece.details["near"])
        listed = [one for name in NETWORKS for one in self._listed(name, asked, folder)]
        near = sorted((one for one in listed if isinstance(one.get("latitude"), (int, float))
                       and isinstance(one.get("longitude"), (int, float))
                       and near_stations.away_km(box, one["longitude"], one["latitude"]) <= NEAR_KM),
                      key=lambda one: near_stations.away_km(box, one["longitude"], one["latitude"]))[:_CANDIDATES]
        notes, found = [], []
        for one in near:
            zone = one.get("dataTimeZone")
            if not isinstance(zone, (int, float)) or abs(zone) > _LONGEST_ZONE_H:
                notes.append(f"{one.get('name', one['stationTriplet'])} is left out: the service does not say in "
                             "which time zone its clock stands.")
                continue
            number, _, short = one["stationTriplet"].split(":")
            found.append(NearStation(f"{NETWORKS[short]}_{number}", one["stationTriplet"], str(one.get("name", number)),
                                     NETWORKS[short], float(one["longitude"]), float(one["latitude"]),
                                     near_stations.away_km(box, one["longitude"], one["latitude"]), float(zone)))
        sensors = self._sensors(found, asked)
        found = [one for one in found if any(code == "SMS" for code, _ in sensors.get(one.key, ()))][:MOST_STATIONS]
        path = folder / piece.archive / near_stations.LIST
        path.parent.mkdir(parents=True, exist_ok=True)
        json_files.write(path.with_name("sensors.json"), {one.key: sensors[one.key] for one in found})
        near_stations.write_list(path, found)
        return found, notes

    def _listed(self, network: str, asked: Service, folder: Path) -> list[dict[str, Any]]:
        """All stations of a network; asked again after a week."""
        path = folder / self.name / f"all_{network}.json"
        kept = json_files.read_or_none(path)
        now = datetime.now(UTC)
        if kept is not None and now - datetime.fromisoformat(kept["at"]) < timedelta(days=_LIST_DAYS):
            return list(kept["stations"])
        found = asked.of("stations", {"stationTriplets": f"*:*:{network}"})
        stations = [{name: one.get(name) for name in ("stationTriplet", "name", "latitude", "longitude",
                                                      "dataTimeZone")}
                    for one in found if str(one.get("stationTriplet", "")).count(":") == 2]
        if not stations:
            raise replies.implausible(self.title, asked.address,
                                      Text("it lists no station of {network}", network=network))
        path.parent.mkdir(parents=True, exist_ok=True)
        json_files.write(path, {"at": now.isoformat(timespec="seconds"), "stations": stations})
        return stations

    def _sensors(self, stations: Sequence[NearStation], asked: Service) -> dict[str, list[tuple[str, int]]]:
        """Triplet → (element code, depth in inches) of the hourly sensors at depths that are used."""
        if not stations:
            return {}
        found = asked.of("stations", {"stationTriplets": ",".join(one.key for one in stations),
                                      "returnStationElements": "true"})
        sensors: dict[str, list[tuple[str, int]]] = {}
        for one in found:
            sensors[one["stationTriplet"]] = sorted({
                (element["elementCode"], round(-element["heightDepth"])) for element in one.get("stationElements") or ()
                if element.get("elementCode") in ("SMS", "STO") and element.get("durationName", "HOURLY") == "HOURLY"
                and isinstance(element.get("heightDepth"), (int, float)) and -element["heightDepth"] in INCHES})
        return sensors

    def _days(self, piece: Piece, asked: Service, folder: Path) -> Got:
        path = folder / piece.archive / near_stations.LIST
        notes: list[str] = []
        if not path.is_file() or not path.with_name("sensors.json").is_file():
            notes += self._stations(piece, asked, folder)[1]
        sensors = json_files.read(path.with_name("sensors.json"))
        start, end = date.fromisoformat(piece.details["start"]), date.fromisoformat(piece.details["end"])
        label = Path(piece.name).stem
        files, said = [piece.name], []
        problems: list[DeepSoilError] = []
        for station in near_stations.read_list(path):
            try:
                readings, suspect = self._readings(station, sensors[station.key], start, end, asked)
            except DeepSoilError as error:
                if error.code != "archive_implausible":
                    raise
                problems.append(error)  # one station that cannot be read does not take the others along
                notes.append(f"{station.name} is left out of {label}: {error}")
                continue
            name = f"{piece.archive}/{station.id}_{label}.csv.gz"
            counts = near_stations.write_readings(folder / name, readings)
            files.append(name)
            said.append({"id": station.id, "readings": counts, "suspect": suspect})
            if not sum(counts.values()):
                notes.append(f"{station.name} has no readings of soil moisture in {label}.")
            if suspect:
                notes.append(f"{station.name}: {suspect} readings of {label} that the network itself doubts are "
                             "left out.")
        if problems and not said:
            raise problems[0]
        near_stations.write_summary(folder / piece.name, start=start.isoformat(), end=end.isoformat(), stations=said)
        return self._got(piece, asked, files, notes)

    def _readings(self, station: NearStation, sensors: Sequence[Sequence[Any]], start: date, end: date, asked: Service,
                  ) -> tuple[pd.DataFrame, int]:
        """Readings by UTC time in m³/m³ and °C, and how many suspect ones were left out."""
        import pandas as pd  # slow to load, and a plan needs none of it

        elements = ",".join(f"{code}:-{inches}" for code, inches in sensors)
        days = max(1, MOST_VALUES // (24 * len(sensors)))
        columns: dict[str, list[pd.Series]] = {}
        settled = datetime.now(UTC).date() - timedelta(days=_SETTLED_DAYS)
        suspect, first, final = 0, start - timedelta(days=1), end + timedelta(days=1)  # whole UTC days, by its clock
        while first <= final:
            last = min(final, first + timedelta(days=days - 1))
            found = asked.of("data", {
                "stationTriplets": station.key, "elements": elements, "duration": "HOURLY",
                "beginDate": f"{first} 00:00", "endDate": f"{last} 23:00", "periodRef": "START", "returnFlags": "true"},
                             kept=final < settled)
            for one in (one for answer in found if answer.get("stationTriplet") == station.key
                        for one in answer.get("data") or ()):
                name, read, doubted = series(one, station, self.title, asked.address)
                if name is not None:
                    columns.setdefault(name, []).append(read)
                suspect += int(((doubted >= pd.Timestamp(max(first, start)))
                                & (doubted < pd.Timestamp(min(last, end)) + pd.Timedelta(days=1))).sum())
            first = last + timedelta(days=1)
        made = {}
        for name, parts in columns.items():
            joined = pd.concat(parts)
            made[name] = joined[~joined.index.duplicated(keep="first")].sort_index()
        whole = pd.DataFrame(made, index=None if made else pd.DatetimeIndex([]))
        return near_stations.of_days(whole, start, end), suspect


AWDB = Awdb()
