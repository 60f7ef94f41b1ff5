"""Small regions around the stations nearest to a field, so that the same method can be judged where it is measured.

A region's maps end at its field, and the nearest station lies outside of them, often 30 km away. Instead of a second
kind of storage for places without maps, such a station gets an ordinary region of its own, as small as the networks'
reach allows, in the gathered folder:

    stations/ID/recipe.yaml     soil, cover, terrain and weather there, from the same archives; the station's readings
    stations/ID/store/          which every method of prediction reads like any other

Its readings are copied from what was fetched for the field. It is not in the list of regions: ``evaluation.verified``
reads it, and the field's result says what came of it. Without vegetation from satellites, methods do there what they do
for a field without a clear scene.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely.geometry

from deepsoil.archives import near_stations
from deepsoil.archives.archive import Archive, Ask, Entries, Piece
from deepsoil.archives.box import See, ask_for
from deepsoil.archives.choice import Plan, Wishes, choose
from deepsoil.archives.near_stations import NearStation
from deepsoil.grid import Window, lonlat_to_pixel
from deepsoil.io import atomic

FOLDER = "stations"
MOST = 2
"""The nearest ones; each costs about as much as the field itself without its vegetation."""
NEEDS = ("elevation", "soil", "land_cover", "koppen", "weather")
"""What is gathered around a station."""

_WHOLE = frozenset({"koppen"})
"""Needs whose file is of the whole world, and in the cache once the field has it."""
_SIDE_DEGREES = 1e-5


@dataclass(frozen=True)
class StationRegion:
    """A station to be gathered around.

    part     the recipe's part of ``stations`` of the field's region that has it
    ask      what is asked of archives there
    folder   of what is gathered there
    """

    station: NearStation
    part: Mapping[str, Any]
    ask: Ask
    folder: Path


def station_regions(parts: Sequence[Mapping[str, Any]], folder: Path, ask: Ask, see: See,
                    region: Path | None = None) -> list[StationRegion]:
    """The nearest stations with readings outside of a field's maps, the nearest first.

    parts    the ``stations`` of the recipe of the gathered ``folder``, one a network
    ask      what was asked for the field; see as for `box.ask_for`
    region   the folder in which they are gathered, if it is not ``folder``
    """
    window = Window.around(*ask.bounds)
    found = []
    for part in parts:
        for station in near_stations.read_list(folder / part["list"]):
            column, row = (int(value) for value in lonlat_to_pixel(station.longitude, station.latitude))
            if station.id in part["only"] and not window.contains(Window(column, row, 1, 1)):
                place = shapely.geometry.Point(station.longitude, station.latitude)
                found.append(StationRegion(station, part, _ask_at(place, ask, see),
                                           (region or folder) / FOLDER / station.id))
    return sorted(found, key=lambda one: (one.station.km, one.station.id))[:MOST]


def some(folder: Path) -> bool:
    """Whether a gathered folder has such regions."""
    return any((folder / FOLDER).glob("*/recipe.yaml"))


def expected(plan: Plan, wishes: Wishes, archives: Mapping[str, Archive], needs: Mapping[str, Sequence[str]],
             see: See) -> list[Piece]:
    """About what the regions of stations near a field will cost, before it is known which stations there are: as many
    as are taken, at the field itself; none where no archive of stations is asked.
    """
    if not any("stations" in used for used in plan.used_for.values()):
        return []
    ask = plan.ask
    around = choose(_ask_at(ask.outline.centroid, ask, see), wishes, archives,
                    {need: needs[need] for need in NEEDS if need in needs and need not in _WHOLE})
    return [piece for piece in around.chosen for _ in range(MOST)]


def _ask_at(place: shapely.geometry.Point, ask: Ask, see: See) -> Ask:
    return ask_for(place.buffer(_SIDE_DEGREES, quad_segs=1), ask.start, ask.end, ask.today, see, ask.maps_from)


def readings_of(region: StationRegion, folder: Path) -> Entries:
    """The station's readings, copied from the field's gathered ``folder`` into that of its own region."""
    listed = region.folder / region.part["list"]
    near_stations.write_list(listed, [region.station])
    for path in folder.glob(str(region.part["files"]).replace("{id}", region.station.id)):
        with atomic.replacing_path(listed.with_name(path.name)) as draft:
            shutil.copyfile(path, draft)
    return Entries(stations={**region.part, "only": [region.station.id]})
