"""The stations that a recipe names, read from tables or from an archive of ISMN, of one network or of several."""

from __future__ import annotations

import glob
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.sources import ismn, point_tables, recipe_area, station_tables
from deepsoil.sources.recipe import LoadedRecipe
from deepsoil.sources.recipe_stations import AnyStations, IsmnArchive, StationTables, parts_of
from deepsoil.stations.daily_means import StationQuality
from deepsoil.store.series import Stations


def of_region(loaded: LoadedRecipe, day_ends_utc: int = 0) -> Stations:
    """Daily means of the stations of a recipe and its parts; one that several have is that of the first.

    Raises ``source_missing``, ``source_invalid``.
    """
    found: list[Stations] = []
    known: set[str] = set()
    for one in loaded.all:
        if one.recipe.stations is None:
            continue
        stations = read(one, one.recipe.stations, day_ends_utc)
        fresh = [number for number, name in enumerate(stations.ids) if name not in known]
        if fresh:
            found.append(stations if len(fresh) == len(stations) else stations.chosen(fresh))
            known.update(stations.ids)
    if not found:
        return Stations.empty()
    return found[0] if len(found) == 1 else joined(found, "stations")


def read(loaded: LoadedRecipe, source: AnyStations, day_ends_utc: int = 0) -> Stations:
    """Daily means of a recipe's stations, over days that end so many hours after UTC midnight.

    Raises ``source_missing``, ``source_invalid``.
    """
    parts = [_part(loaded, part, field, day_ends_utc) for field, part in parts_of(source)]
    return parts[0] if len(parts) == 1 else joined(parts, "stations")


def _part(loaded: LoadedRecipe, source: StationTables | IsmnArchive, field: str, day_ends_utc: int) -> Stations:
    if isinstance(source, IsmnArchive):
        choice = ismn.Choice(tuple(sorted(source.depths_cm)), frozenset(source.flags), source.tolerance_cm,
                             source.thickest_cm, source.only)
        quality = StationQuality(minimum_share=source.minimum_share, warmer_than_c=source.warmer_than_c,
                                 day_ends_utc=day_ends_utc)
        return ismn.read_archive(loaded.file(source.ismn, f"{field}.ismn"), choice, recipe_area.bounds(loaded), quality,
                                 f"{field}.ismn")
    listed = station_tables.StationList(loaded.file(source.list, f"{field}.list"), source.id, source.longitude,
                                        source.latitude, source.network, source.title, source.only,
                                        source.irrigated, source.network_column)
    ids = station_tables.read_list(listed, f"{field}.list").id
    files = {one: _files(loaded, source.files, one, f"{field}.files") for one in ids}
    depths = {depth: station_tables.DepthColumns(names.theta, names.temperature)
              for depth, names in sorted(source.depths_cm.items())}
    quality = StationQuality(source.nodata, source.minimum_share, source.warmer_than_c, day_ends_utc)
    return station_tables.read_stations(listed, files, depths, point_tables.TimeAxis.of(source.time),
                                        source.unit, quality, field)


def _files(loaded: LoadedRecipe, pattern: str, station: str, field: str) -> list[Path]:
    if any(sign in pattern for sign in "*?["):
        return loaded.glob(pattern.replace("{id}", glob.escape(station)), field)
    return [loaded.file(pattern.replace("{id}", station), field)]


def joined(parts: Sequence[Stations], where: str) -> Stations:
    """The stations of several networks as one: all their depths and days, NaN where one has none.

    Raises ``source_invalid`` where two have a station of the same id.
    """
    ids = [one for part in parts for one in part.ids]
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        raise DeepSoilError("source_invalid", "Two networks of the recipe have a station with the id {ids}.",
                            "Give it once, or name the stations of each part with `only`.", where,
                            ids=", ".join(twice))
    depths = np.unique(np.concatenate([part.depths_cm for part in parts]))
    days = np.arange(min(part.dates[0] for part in parts), max(part.dates[-1] for part in parts) + 1)
    theta = np.full((len(ids), depths.size, days.size), np.nan, np.float32)
    temperature, rejected = theta.copy(), np.zeros(theta.shape, np.uint8)
    first = 0
    for part in parts:
        place = np.ix_(np.arange(first, first + len(part)), np.searchsorted(depths, part.depths_cm),
                       (part.dates - days[0]).astype(int))
        first += len(part)
        theta[place] = part.theta
        if part.soil_temperature is not None:
            temperature[place] = part.soil_temperature
        if part.rejected is not None:
            rejected[place] = part.rejected
    return Stations(ids, [one for part in parts for one in part.names],
                    [one for part in parts for one in part.networks],
                    _along(parts, "longitudes"), _along(parts, "latitudes"), depths, days, theta,
                    None if np.isnan(temperature).all() else temperature, rejected, parts[0].day_ends_utc,
                    _irrigated(parts))


def _along(parts: Sequence[Stations], name: str) -> NDArray[np.float64]:
    return np.concatenate([getattr(part, name) for part in parts])


def _irrigated(parts: Sequence[Stations]) -> list[bool | None] | None:
    if all(part.irrigated is None for part in parts):
        return None
    return [word for part in parts for word in (part.irrigated or [None] * len(part))]
