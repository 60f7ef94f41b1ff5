"""Archives of ISMN as the user's own readings: every sensor of soil moisture in a zip or a folder → daily means.

The files say their unit (m³/m³), clock (UTC), places, depths and flags, so nothing is asked. Flagged readings do not
count; those that were not judged (``U``, old archives) do, as those of any own probe. A probe that measures a layer
thicker than `THICKEST_CM` (cosmic-ray) stands for no depth and is refused. Archives are never unpacked.
"""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO, Annotated, Any

import pandas as pd
from pydantic import Field, ValidationError

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.geometry import LONGEST_NAME
from deepsoil.contract.readings import MOST_READINGS, Reading
from deepsoil.contract.strict import Strict
from deepsoil.sources.ismn import UNREADABLE, Archive, Choice, Sensor, list_sensors, read_sensor
from deepsoil.stations.daily_means import SensorDays, StationQuality, sensor_days
from deepsoil.stations.delimited import wrong
from deepsoil.stations.quality_report import REASONS

FLAGS = ("G", "U")
THICKEST_CM = Choice.thickest_cm
DEEPEST_CM = 150.0
_BESIDE_CM = Choice.tolerance_cm
_WHERE = "options.readings"


class _Said(Strict):
    """What of an archive is wanted: numbers of its sensors (None: all), first and last day (None: open)."""

    sensors: list[Annotated[int, Field(ge=0)]] | None = None
    first: dt.date | None = None
    last: dt.date | None = None


@dataclass(frozen=True)
class Folder:
    """An unpacked archive, read like a zip."""

    path: Path

    def namelist(self) -> list[str]:
        return [one.relative_to(self.path).as_posix() for one in self.path.rglob("*.stm") if one.is_file()]

    def open(self, name: str) -> IO[bytes]:
        return (self.path / name).open("rb")

    def read(self, name: str) -> bytes:
        return (self.path / name).read_bytes()


def is_archive(path: Path) -> bool:
    """Whether a path is to be read as an archive: a zip, a folder, or a sensor's file, which stands for its folder."""
    return path.is_dir() or path.suffix.lower() in (".zip", ".stm")


@dataclass(frozen=True)
class _Found:
    """What an archive has; ``problem``: why nothing of it can be used."""

    sensors: list[dict[str, Any]]
    readings: list[Reading]
    refused: list[DeepSoilError]
    missing: int
    problem: DeepSoilError | None


def read_readings(path: Path) -> list[Reading]:
    """The daily means of all sensors of an archive. DeepSoilError: ``source_invalid``, ``readings_invalid``."""
    found = _read(path, _Said())
    if found.problem is not None:
        raise found.problem
    if not found.readings:
        raise found.refused[0] if found.refused else wrong(
            path.name, "The file {file} has no reading.", "Choose another period when you download it from ISMN.")
    return found.readings


def preview(path: Path, said: dict[str, Any] | None) -> dict[str, Any]:
    """The answer of the method ``probe_table`` for an archive: ``sensors`` instead of columns, nothing asked.

    DeepSoilError ``source_invalid``: no archive of ISMN. ``params_invalid``: ``said``.
    """
    found = _read(path, _wanted(said or {}))
    return {"file": path.name, "sensors": found.sensors, "head": [], "separator": None, "decimal": None, "first": [],
            "rows": 0, "columns": {}, "values": [], "asked": [],
            "problem": None if found.problem is None else found.problem.to_dict(),
            "readings": [one.model_dump(mode="json") for one in found.readings], "missing": found.missing,
            "refused": [{"row": 0, "error": error.to_dict()} for error in found.refused],
            "refused_count": len(found.refused)}


def _read(path: Path, wanted: _Said) -> _Found:
    sensors, deep = _days_of_all(path, _stamp(path))
    if wanted.sensors and max(wanted.sensors) >= len(sensors):
        raise DeepSoilError("params_invalid", "The parameter '{name}' cannot be used.", "It must be {expected}.",
                            "said", name="said", expected="numbers of sensors that the archive has")
    readings = [reading for number, one in enumerate(sensors) if wanted.sensors is None or number in wanted.sensors
                for reading in _readings(one, wanted)]
    refused = [*(one.error for one in sensors if one.error is not None), *(_too_thick(one, path) for one in deep)]
    problem = None
    if not sensors:
        problem = refused[0] if refused else wrong(path.name, "The archive {file} has no soil moisture.",
                                                   "Choose soil moisture when you download it from ISMN.")
    elif len(readings) > MOST_READINGS:
        problem = wrong(path.name, "The file {file} has {count:,} days of readings; {most:,} is the most.",
                        "Give a shorter period.", count=len(readings), most=MOST_READINGS)
        readings = []
    return _Found([one.shown() for one in sensors], readings, refused, sum(one.missing for one in sensors), problem)


@dataclass(frozen=True)
class _Probe:
    """A sensor with its daily θ (m³/m³), how many of its readings are missing, and why there is no day at all."""

    name: str
    sensor: Sensor
    days: pd.Series
    missing: int
    error: DeepSoilError | None

    def shown(self) -> dict[str, Any]:
        """As ``sensors`` of the answer lists it."""
        some, place = self.days.index, self.sensor.place
        return {"sensor": self.name, "depth_cm": _depth(self.sensor), "longitude": place.longitude,
                "latitude": place.latitude, "days": len(some), "first": f"{some[0]:%Y-%m-%d}" if len(some) else None,
                "last": f"{some[-1]:%Y-%m-%d}" if len(some) else None}


@lru_cache(maxsize=1)  # a tick or another day in the window asks again
def _days_of_all(path: Path, stamp: tuple[object, ...]) -> tuple[list[_Probe], list[Sensor]]:
    """The sensors that stand for a depth, with their days, and those that do not; ``stamp``: of the file's state."""
    del stamp
    with _opened(path) as archive:
        listed = list_sensors(archive, path, _WHERE)
        sensors, deep = _split(listed)
        return [_Probe(name, sensor, *_days(archive, sensor, _warmth(sensor, listed), path))
                for sensor, name in zip(sensors, _names(sensors), strict=True)], deep


def _stamp(path: Path) -> tuple[object, ...]:
    """What changes with a zip, or with any file of a folder."""
    files = [path] if path.suffix.lower() == ".zip" and not path.is_dir() else sorted(
        (path if path.is_dir() else path.parent).rglob("*.stm"))
    return tuple((str(one), one.stat().st_size, one.stat().st_mtime_ns) for one in files if one.is_file())


@contextmanager
def _opened(path: Path) -> Iterator[Archive]:
    """A zip, or a folder; of a sensor's file, the folder that it is in. Whatever cannot be read: ``source_invalid``."""
    try:
        if path.suffix.lower() == ".zip" and not path.is_dir():
            with zipfile.ZipFile(path) as archive:
                yield archive
        else:
            yield Folder(path if path.is_dir() else path.parent)
    except DeepSoilError:
        raise
    except UNREADABLE as error:
        raise DeepSoilError("source_invalid", "{file} cannot be read as a zip archive: {error}.",
                            "Download it from ISMN again.", _WHERE, file=path.name, error=error) from error


def _wanted(said: dict[str, Any]) -> _Said:
    try:
        return _Said.model_validate_json(json.dumps(
            {name: value for name, value in said.items() if name in _Said.model_fields}))
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise DeepSoilError("params_invalid", "The parameter '{name}' cannot be used.", "It must be {expected}.",
                            f"said.{where}", name=f"said.{where}", expected="as the contract says") from error


def _split(sensors: Sequence[Sensor]) -> tuple[list[Sensor], list[Sensor]]:
    """The sensors of soil moisture that stand for one depth, by place and depth; and those that do not."""
    moist = sorted((one for one in sensors if one.theta), key=lambda one: (one.place.id, one.top_cm, one.member))
    fit = [one for one in moist if one.bottom_cm - one.top_cm <= THICKEST_CM and 0 <= _depth(one) <= DEEPEST_CM]
    return fit, [one for one in moist if one not in fit]


def _depth(sensor: Sensor) -> float:
    """The middle of the layer, cm."""
    return round((sensor.top_cm + sensor.bottom_cm) / 2, 2)


def _names(sensors: Sequence[Sensor]) -> list[str]:
    """``NETWORK_station``; the second sensor at the same depth of a station, and any more, with its number."""
    counts: dict[tuple[str, float], int] = {}
    names = []
    for one in sensors:
        key = one.place.id, _depth(one)
        counts[key] = counts.get(key, 0) + 1
        ending = f" ({counts[key]})" if counts[key] > 1 else ""
        names.append(one.place.id[:LONGEST_NAME - len(ending)] + ending)
    return names


def _warmth(sensor: Sensor, listed: Sequence[Sensor]) -> Sensor | None:
    """The sensor of soil temperature beside one of soil moisture, which tells where the soil was frozen."""
    beside = [one for one in listed if not one.theta and one.place == sensor.place
              and one.distance(_depth(sensor)) <= _BESIDE_CM]
    return min(beside, key=lambda one: (one.distance(_depth(sensor)), one.member), default=None)


def _days(archive: Archive, sensor: Sensor, warmth: Sensor | None, path: Path,
          ) -> tuple[pd.Series, int, DeepSoilError | None]:
    """Daily θ (m³/m³) over UTC days that have one; how many readings are missing; why there is no day at all."""
    table = read_sensor(archive, sensor, path, _WHERE)
    warm = None
    if warmth is not None:
        beside = read_sensor(archive, warmth, path, _WHERE)
        warm = beside.value.where(beside.flag.isin(FLAGS))
    made: SensorDays = sensor_days(table.value, warm, StationQuality(), ~table.flag.isin(FLAGS))
    days = made.theta.dropna()
    error = None
    if not len(days):
        counts = table.flag.value_counts()
        reasons = sorted({REASONS[code] for code in made.rejected})
        found = ", ".join([*(f"{flag or '-'} ({count})" for flag, count in counts.head(5).items()), *reasons])
        error = wrong(path.name, "{station} at {depth_cm:g} cm in {file} has no day of good readings: {found}.",
                      "Flagged readings are not used. Leave the sensor out.",
                      station=sensor.place.id, depth_cm=_depth(sensor), found=found or "0")
    return days, int(table.value.isna().sum()), error


def _readings(probe: _Probe, wanted: _Said) -> list[Reading]:
    sensor = probe.sensor
    chosen = probe.days[slice(wanted.first and str(wanted.first), wanted.last and str(wanted.last))]
    return [Reading(longitude=sensor.place.longitude, latitude=sensor.place.latitude, depth_cm=_depth(sensor),
                    date=stamp.date(), theta=float(theta), sensor=probe.name) for stamp, theta in chosen.items()]


def _too_thick(sensor: Sensor, path: Path) -> DeepSoilError:
    return wrong(path.name, "{station} measures from {top_cm:g} to {bottom_cm:g} cm, which is not one depth.",
                 "Readings must be of a layer of at most {thickest_cm:g} cm, down to {deepest_cm:g} cm.",
                 station=sensor.place.id, top_cm=sensor.top_cm, bottom_cm=sensor.bottom_cm,
                 thickest_cm=THICKEST_CM, deepest_cm=DEEPEST_CM)
