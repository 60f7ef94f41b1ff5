"""Archives of the International Soil Moisture Network (ISMN) as downloaded → daily means of its stations.

An archive is a zip with one ``.stm`` file per sensor. Its name contains the variable and upper and lower depth (m), its
first line the network, the station and the position; the lines are UTC time, value, the network's quality flag and
the provider's ("header and values"). In the CEOP format every line repeats the metadata of the sensor. Any line ending
is accepted. The flags are those of Dorigo et al. (2013), doi:10.2136/vzj2012.0097: G good, M missing, C range, D
dubious; U in old archives: not judged.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

import numpy as np
import pandas as pd

from deepsoil.contract.errors import DeepSoilError
from deepsoil.stations.daily_means import Place, SensorDays, StationQuality, assemble, sensor_days
from deepsoil.store.series import Stations

_NAME = re.compile(r"_(?P<variable>sm|ts|Soil-Moisture|Soil-Temperature)"
                   r"_(?P<top>-?\d+\.\d+)_(?P<bottom>-?\d+\.\d+)_(?P<sensor>.+)_\d{8}_\d{8}\.stm$")
_NUMBER = r"\s+(-?\d+\.?\d*)"
_HEADER = re.compile(rf"^\s*(\S+)\s+(\S+)\s+(\S.*?){_NUMBER * 5}(?:\s|$)")
_CEOP = re.compile(rf"^\s*(?:\d{{4}}/\d\d/\d\d\s+\d\d:\d\d\s+){{2}}(\S+)\s+(\S+)\s+(\S.*?){_NUMBER * 5}\s")
_ENDS = re.compile(r"[\r\n]+")
_NODATA = -9999.0
_ATTRIBUTES_CEOP = 12
_HEAD_BYTES = 1024
UNREADABLE = (zipfile.BadZipFile, OSError, EOFError, zlib.error, NotImplementedError, RuntimeError)
"""What a zip raises that is truncated, damaged, packed in an unknown way, or encrypted."""


class Archive(Protocol):
    """What is read of a zip, or of a folder in its place."""

    def namelist(self) -> list[str]: ...

    def open(self, name: str, /) -> IO[bytes]: ...

    def read(self, name: str, /) -> bytes: ...


@dataclass(frozen=True)
class Choice:
    """What to take from an archive.

    flags              quality flags of the network that count as good
    tolerance_cm       the largest distance of a sensor's middle from the depth that it represents
    thickest_cm        sensors that measure a thicker layer (cosmic-ray probes) represent no depth
    only               stations, by name or by ``NETWORK_NAME``; all if empty
    """

    depths_cm: tuple[float, ...]
    flags: frozenset[str] = frozenset(("G",))
    tolerance_cm: float = 2.5
    thickest_cm: float = 10.0
    only: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sensor:
    """One file of an archive; ``theta``: soil moisture rather than soil temperature."""

    member: str
    place: Place
    theta: bool
    top_cm: float
    bottom_cm: float
    ceop: bool

    def distance(self, depth_cm: float) -> float:
        return abs((self.top_cm + self.bottom_cm) / 2 - depth_cm)


def read_archive(path: Path, choice: Choice, box: tuple[float, float, float, float], quality: StationQuality,
                 where: str) -> Stations:
    """Daily means of the stations of an archive inside a box (west, south, east, north, degrees).

    Raises DeepSoilError ``source_invalid`` if the file is not such an archive or has no station there at these depths.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            chosen = _choose(list_sensors(archive, path, where), choice, box, path, where)
            places = list(dict.fromkeys(sensor.place for sensors in chosen.values() for sensor in sensors))
            seen: Counter[str] = Counter()
            days = {(places.index(sensors[0].place), d): _days(archive, sensors, choice, quality, seen, path, where)
                    for (_, d), sensors in chosen.items()}
    except UNREADABLE as error:
        raise DeepSoilError("source_invalid", "{file} cannot be read as a zip archive: {error}.",
                            "Download it from ISMN again.", where,
                            file=path.name, error=error) from error
    if not choice.flags & set(seen):
        found = ", ".join(f"{flag} ({count})" for flag, count in seen.most_common(5))
        raise DeepSoilError("source_invalid", "No reading in {file} has one of the flags "
                            "{flags}; it has {found}.",
                            "Old archives do not mark good readings: 'flags: [G, U]' also takes those that were not "
                            "judged.", where,
                            file=path.name, flags=', '.join(sorted(choice.flags)), found=found)
    return assemble(places, list(choice.depths_cm), days, where, quality.day_ends_utc)


def list_sensors(archive: Archive, path: Path, where: str) -> list[Sensor]:
    """The sensors of soil moisture and soil temperature in an archive, without their readings."""
    found = []
    for member in sorted(archive.namelist()):
        name = _NAME.search(member.rsplit("/", 1)[-1])
        if name is None:
            continue
        with archive.open(member) as file:
            line = _ENDS.split(file.read(_HEAD_BYTES).decode("utf-8", "replace").lstrip())[0]
        ceop = _CEOP.match(line)
        head = ceop or _HEADER.match(line)
        if head is None:
            raise DeepSoilError("source_invalid", "{member} in {file} does not begin like a file of ISMN: "
                                "{line!r}.", "Download the archive again, in the form 'header + values'.", where,
                                member=member, file=path.name, line=line[:60])
        _, network, station, latitude, longitude, *_ = head.groups()
        place = Place(f"{network}_{station}", station, network, float(longitude), float(latitude))
        top, bottom = 100 * float(name["top"]), 100 * float(name["bottom"])
        found.append(Sensor(member, place, name["variable"] in ("sm", "Soil-Moisture"), top, bottom, bool(ceop)))
    if not found:
        raise DeepSoilError("source_invalid", "{file} contains no soil moisture of ISMN (.stm files).",
                            "Give the archive as it was downloaded.", where,
                            file=path.name)
    return found


def read_sensor(archive: Archive, sensor: Sensor, path: Path, where: str) -> pd.DataFrame:
    """``value`` (NaN missing) and ``flag`` over sorted UTC times without repeats."""
    lines = _ENDS.split(archive.read(sensor.member).decode("utf-8", "replace"))
    rows = [line.split() for line in lines if line.strip()][0 if sensor.ceop else 1:]
    at = _ATTRIBUTES_CEOP if sensor.ceop else 2
    try:
        times = pd.to_datetime([f"{row[0]} {row[1]}" for row in rows], format="%Y/%m/%d %H:%M")
        values = np.array([float(row[at]) for row in rows])
        flags = [row[at + 1] if len(row) > at + 1 else "" for row in rows]
    except (ValueError, IndexError) as error:
        raise DeepSoilError("source_invalid", "{member} in {file} cannot be read: {error}.",
                            "Download the archive again.", where,
                            member=sensor.member, file=path.name, error=error) from error
    made = pd.DataFrame({"value": np.where(values == _NODATA, np.nan, values), "flag": flags}, index=times)
    return made[~made.index.duplicated(keep="first")].sort_index()


def _choose(sensors: Sequence[Sensor], choice: Choice, box: tuple[float, float, float, float], path: Path,
            where: str) -> dict[tuple[str, int], list[Sensor]]:
    """(station, number of the depth) → its sensor of soil moisture and, if any, of soil temperature."""
    west, south, east, north = box
    inside = [one for one in sensors if west <= one.place.longitude <= east and south <= one.place.latitude <= north
              and (not choice.only or {one.place.id, one.place.title} & set(choice.only))]
    by_station: dict[str, list[Sensor]] = defaultdict(list)
    for one in inside:
        by_station[one.place.id].append(one)
    chosen = {}
    for station, own in by_station.items():
        for d, depth in enumerate(choice.depths_cm):
            moist = _nearest((one for one in own if one.theta), depth, choice)
            warm = _nearest((one for one in own if not one.theta), depth, choice)
            if moist is not None:
                chosen[station, d] = [moist] if warm is None else [moist, warm]
    if not chosen:
        there = sorted({f"{one.place.id} ({one.top_cm:g}-{one.bottom_cm:g} cm)" for one in sensors if one.theta})
        raise DeepSoilError("source_invalid", "{file} has no station inside the area at "
                            "{depths_cm} cm.",
                            "It has {count} sensors, among them {there}.", where,
                            file=path.name, depths_cm=', '.join(f'{depth:g}' for depth in choice.depths_cm),
                            count=len(there), there=', '.join(there[:8]))
    return chosen


def _nearest(sensors: Iterable[Sensor], depth_cm: float, choice: Choice) -> Sensor | None:
    fit = [one for one in sensors if one.distance(depth_cm) <= choice.tolerance_cm
           and one.bottom_cm - one.top_cm <= choice.thickest_cm]
    return min(fit, key=lambda one: (one.distance(depth_cm), one.member), default=None)


def _days(archive: Archive, sensors: Sequence[Sensor], choice: Choice, quality: StationQuality,
          seen: Counter[str], path: Path, where: str) -> SensorDays:
    moist = read_sensor(archive, sensors[0], path, where)
    seen.update(moist.flag)
    warm = None
    if len(sensors) > 1:
        table = read_sensor(archive, sensors[1], path, where)
        warm = table.value.where(table.flag.isin(choice.flags))
    return sensor_days(moist.value, warm, quality, ~moist.flag.isin(choice.flags))
