"""The stations that a recipe names, read from tables or from an archive of ISMN."""

from __future__ import annotations

from deepsoil.sources import ismn, point_tables, recipe_area, station_tables
from deepsoil.sources.recipe import LoadedRecipe
from deepsoil.sources.recipe_stations import AnyStations, IsmnArchive
from deepsoil.stations.daily_means import StationQuality
from deepsoil.store.series import Stations


def read(loaded: LoadedRecipe, source: AnyStations, day_ends_utc: int = 0) -> Stations:
    """Daily means of a recipe's stations, over days that end so many hours after UTC midnight.

    Raises ``source_missing``, ``source_invalid``.
    """
    if isinstance(source, IsmnArchive):
        choice = ismn.Choice(tuple(sorted(source.depths_cm)), frozenset(source.flags), source.tolerance_cm,
                             source.thickest_cm, source.only)
        quality = StationQuality(minimum_share=source.minimum_share, warmer_than_c=source.warmer_than_c,
                                 day_ends_utc=day_ends_utc)
        return ismn.read_archive(loaded.file(source.ismn, "stations.ismn"), choice, recipe_area.bounds(loaded), quality,
                                 "stations.ismn")
    listed = station_tables.StationList(loaded.file(source.list, "stations.list"), source.id, source.longitude,
                                  source.latitude, source.network, source.title, source.only,
                                  source.irrigated)
    ids = station_tables.read_list(listed, "stations.list").id
    files = {one: loaded.file(source.files.replace("{id}", one), "stations.files") for one in ids}
    depths = {depth: station_tables.DepthColumns(names.theta, names.temperature)
              for depth, names in sorted(source.depths_cm.items())}
    quality = StationQuality(source.nodata, source.minimum_share, source.warmer_than_c, day_ends_utc)
    return station_tables.read_stations(listed, files, depths, point_tables.TimeAxis.of(source.time),
                                        source.unit, quality, "stations")
