"""A folder of APSIM files for a set of points: written once, run anywhere, read back by name.

`project.json` describes the files: points, layers, days, options. Reading and comparing need nothing else.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path

from deepsoil.contract.errors import DeepSoilError
from deepsoil.soil.apsim.apsimx import DEFAULT_OPTIONS, Point, simulations
from deepsoil.soil.apsim.met import read_weather, write_met
from deepsoil.soil.swim3 import Swim3Options

MANIFEST = "project.json"
POINTS_PER_FILE = 200  # APSIM runs the simulations of a file in parallel and files one after another
SPINUP_DAYS = 365
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")  # safe in file names and in APSIM's paths


@dataclass(frozen=True)
class Project:
    """Description of the files of a folder. first, last: days of interest; spinup_days before them are simulated too.

    files: name of each `.apsimx` file and the names of its points, in order.
    """

    folder: Path
    points: tuple[Point, ...]
    layers_mm: tuple[float, ...]
    first: date
    last: date
    spinup_days: int
    options: Swim3Options
    files: dict[str, tuple[str, ...]]

    def path(self, file: str) -> Path:
        return self.folder / file


def read_points(path: Path) -> list[Point]:
    """Points from a table with name, latitude, longitude, sand, silt, clay and weather (name of a weather file).

    Raises DeepSoilError ``bad_points``, which names the line.
    """
    try:
        reader = csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())
    except OSError as error:
        raise DeepSoilError("file_missing", "The points {path} cannot be read: {strerror}.", "",
                            path=path, strerror=error.strerror) from error
    wanted = [field.name for field in fields(Point)]
    missing = set(wanted) - set(reader.fieldnames or ())
    if missing:
        raise DeepSoilError("bad_points", "{name} has no column {missing}.",
                            "It needs {wanted}.", "points",
                            name=path.name, missing=', '.join(sorted(missing)), wanted=', '.join(wanted))
    points = []
    for line, row in enumerate(reader, start=2):
        try:
            numbers = [float(row[name]) for name in wanted[1:6]]
        except (TypeError, ValueError):
            raise DeepSoilError("bad_points", "Line {line} of {name} has a value that is not a number.", "",
                                "points",
                                line=line, name=path.name) from None
        latitude, longitude, sand, silt, clay = numbers
        name, weather = row["name"].strip(), (row["weather"] or "").strip()
        points.append(Point(name, latitude, longitude, sand, silt, clay, weather))
    return points


def check_points(points: Sequence[Point]) -> None:
    """DeepSoilError ``bad_points`` if names are unsafe or not unique, or coordinates are invalid."""
    seen: set[str] = set()
    for point in points:
        for name in (point.name, point.weather):
            if not _NAME.fullmatch(name):
                raise DeepSoilError("bad_points", "{name!r} cannot be a name in APSIM.",
                                    "Use letters, digits, - and _, beginning with a letter or digit.", "points",
                                    name=name)
        if point.name.lower() in seen:  # APSIM is not case-sensitive
            raise DeepSoilError("bad_points", "Two points are called {name}.", "Give each its own name.",
                                "points",
                                name=point.name)
        seen.add(point.name.lower())
        if not (abs(point.latitude) <= 90.0 and abs(point.longitude) <= 360.0):
            raise DeepSoilError("bad_points", "{name} lies at {latitude:g}, {longitude:g}.",
                                "Give latitude and longitude in degrees.", "points",
                                name=point.name, latitude=point.latitude, longitude=point.longitude)
    if not points:
        raise DeepSoilError("bad_points", "There are no points.", "", "points")


def write_project(
    folder: Path,
    points: Sequence[Point],
    weather_folder: Path,
    layers_mm: Sequence[float],
    first: date,
    last: date,
    *,
    spinup_days: int = SPINUP_DAYS,
    options: Swim3Options = DEFAULT_OPTIONS,
    points_per_file: int = POINTS_PER_FILE,
    on_progress: Callable[[int, int], None] | None = None,
) -> Project:
    """Write `.met` and `.apsimx` files and the manifest into a folder that has no project yet.

    weather_folder holds NAME.csv or NAME.met for every weather that a point names (see `met.read_weather`).
    on_progress(done, all files); an exception it raises stops, and without a manifest the folder is no project.
    """
    check_points(points)
    if (folder / MANIFEST).exists():
        raise DeepSoilError("folder_taken", "{folder} holds a project of APSIM files already.",
                            "Give another folder, or delete it first.", "output",
                            folder=folder)
    folder.mkdir(parents=True, exist_ok=True)
    places = {point.weather: point for point in reversed(points)}  # a weather has its first point's position
    groups = [tuple(points[n : n + points_per_file]) for n in range(0, len(points), points_per_file)]
    done, total = 0, len(places) + len(groups)
    for name in sorted(places):
        weather = read_weather(_weather_file(weather_folder, name)).with_spinup(first, last, spinup_days)
        write_met(folder / f"{name}.met", weather, site=name, latitude=places[name].latitude,
                  longitude=places[name].longitude)
        begin = weather.start
        done += 1
        if on_progress is not None:
            on_progress(done, total)
    files: dict[str, tuple[str, ...]] = {}
    for number, group in enumerate(groups, start=1):
        file = f"points-{number:05d}.apsimx"
        tree = simulations(group, layers_mm, begin, last, options)
        (folder / file).write_text(json.dumps(tree, indent=1), encoding="utf-8")
        files[file] = tuple(point.name for point in group)
        done += 1
        if on_progress is not None:
            on_progress(done, total)
    project = Project(folder, tuple(points), tuple(layers_mm), first, last, spinup_days, options, files)
    _write_manifest(project)
    return project


def _weather_file(folder: Path, name: str) -> Path:
    for suffix in (".csv", ".met"):
        if (folder / f"{name}{suffix}").is_file():
            return folder / f"{name}{suffix}"
    raise DeepSoilError("file_missing", "{folder} has no {name}.csv or {name}.met, which a point names.",
                        "Put the daily weather of every point there.", "weather",
                        folder=folder, name=name)


def _write_manifest(project: Project) -> None:
    content = {
        "version": 1,
        "points": [asdict(point) for point in project.points],
        "layers_mm": project.layers_mm,
        "first": project.first.isoformat(),
        "last": project.last.isoformat(),
        "spinup_days": project.spinup_days,
        "options": asdict(project.options),
        "files": project.files,
    }
    (project.folder / MANIFEST).write_text(json.dumps(content, indent=1), encoding="utf-8")


def read_project(folder: Path) -> Project:
    """The project of a folder. Raises DeepSoilError ``no_project``."""
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return Project(
            folder,
            tuple(Point(**point) for point in content["points"]),
            tuple(content["layers_mm"]),
            date.fromisoformat(content["first"]),
            date.fromisoformat(content["last"]),
            int(content["spinup_days"]),
            Swim3Options(**content["options"]),
            {file: tuple(names) for file, names in content["files"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DeepSoilError("no_project", "{folder} was not written by `deepsoil apsim write`: {error}.",
                            "Write one first, or give the folder that was written.", "folder",
                            folder=folder, error=error) from error
