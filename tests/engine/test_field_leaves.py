"""The simulated field under the leaves that its region has seen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from deepsoil.field.ground import Columns, columns_at, ground_of
from deepsoil.field.land import Crop, land_of
from deepsoil.grid import pixel_to_lonlat
from deepsoil.soil.forcing import Forcing
from deepsoil.soil.vegetation import lai_of_ndvi
from deepsoil.store.store import Store
from labels_tools import HERE, maps
from test_labels_leaves import GREEN, greens, make

DATES = np.arange("2021-06-01", "2023-01-26", dtype="datetime64[D]")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return make(tmp_path_factory.mktemp("seen") / "store", greens(clouds=0.2))


def lai_of(columns: Columns, crop: Crop | None = None, dates: np.ndarray = DATES) -> np.ndarray:
    places = columns.longitudes.size
    day = np.arange(dates.size)
    temperature = 12 - 14 * np.cos(2 * np.pi * (day + 134) / 365.25)
    forcing = Forcing(*(np.tile(values, (places, 1)) for values in (np.full(dates.size, 3.0), np.full(dates.size, 4.0),
                                                                     temperature)))
    land = land_of(columns, dates, forcing, crop)
    return land.lai[land.unit]


def test_columns_of_one_field_differ_by_what_was_seen(store: Store) -> None:
    west, south = pixel_to_lonlat([HERE.column + 68.0], [HERE.row + 250.0])
    east, north = pixel_to_lonlat([HERE.column + 124.0], [HERE.row + 190.0])
    ground = ground_of(store, shapely.box(west[0], south[0], east[0], north[0]))
    last = lai_of(ground.columns)[:, -20:].mean(axis=1)
    of_pixel = ground.values(last)
    green = GREEN[ground.window.row - HERE.row:, ground.window.column - HERE.column:][:of_pixel.shape[0],
                                                                                     :of_pixel.shape[1]]
    assert np.nanmedian(of_pixel[green]) > 2.4 and np.nanmedian(of_pixel[~green]) < 0.7
    assert ground.columns.ndvi is not None and np.isfinite(ground.columns.ndvi).all()
    some = ground.columns.select(np.array([1]))
    assert some.ndvi is not None and np.array_equal(some.ndvi[0], ground.columns.ndvi[1])


def test_a_place_has_the_leaves_of_its_own_pixel_and_none_from_later_days(store: Store) -> None:
    pixels = [(HERE.column + 110, HERE.row + 5), (HERE.column + 90, HERE.row + 5)]
    longitudes, latitudes = pixel_to_lonlat(*(np.array(axis) + 0.5 for axis in zip(*pixels, strict=True)))
    columns, number = columns_at(store, longitudes, latitudes, pixels)
    lai = lai_of(columns)[:, -20:].mean(axis=1)
    assert number.tolist() == [0, 1] and 2.2 < lai[0] < 3.3 and 0.3 < lai[1] < 0.8
    before = np.arange(DATES[0], np.datetime64("2022-12-10"))  # one map, too few to be used
    assert columns.ndvi is not None
    unseen = Columns(columns.textures, columns.cover, columns.irrigated, columns.place, longitudes, latitudes)
    np.testing.assert_array_equal(lai_of(columns, dates=before), lai_of(unseen, dates=before))


def test_under_a_named_crop_other_years_do_not_count() -> None:
    """Maps of a green winter two years ago: grass is expected to be green again, a named crop is not."""
    days = np.arange("2021-12-01", "2022-02-20", 8, dtype="datetime64[D]")
    columns = Columns(np.array([[40.0, 40.0, 20.0]]), np.array([1]), np.zeros(1, bool), np.zeros(1, np.int64),
                      np.array([-98.0]), np.array([38.0]), np.zeros(1, np.int64), np.full((1, days.size), 0.75), days)
    seen = (days[0] <= DATES) & (days[-1] >= DATES)
    again = np.datetime64("2022-12-15") <= DATES
    for crop, green_again in ((None, True), (Crop("corn"), False)):
        lai = lai_of(columns, crop)[0]
        assert lai[seen].mean() > 0.75 * lai_of_ndvi(np.array([0.75]))[0]
        assert (lai[again].mean() > 0.6) == green_again


def test_the_map_of_crops_counts_and_the_users_word_comes_first(tmp_path: Path) -> None:
    crop = np.full((512, 512), 176, np.float32)  # grass of the Cropland Data Layer, which names no crop
    crop[:, 300:] = 24
    store = make(tmp_path / "store", None, crop=crop)
    west, south = pixel_to_lonlat([HERE.column + 150.0], [HERE.row + 250.0])
    east, north = pixel_to_lonlat([HERE.column + 350.0], [HERE.row + 190.0])
    ground = ground_of(store, shapely.box(west[0], south[0], east[0], north[0]))
    places = ground.columns.longitudes.size
    warmth = 12 - 14 * np.cos(2 * np.pi * (np.arange(DATES.size) + 134) / 365.25)
    forcing = Forcing(*(np.tile(values, (places, 1)) for values in (0 * warmth + 3.0, 0 * warmth + 4.0, warmth)))

    def grown(named: Crop | None) -> np.ndarray:
        land = land_of(ground.columns, DATES, forcing, named)
        of_pixel = ground.values(land.unit.astype(np.float32))
        plants = np.array([plant.crop or plant.group.name for plant in land.plants] + ["none"])
        return plants[np.where(np.isnan(of_pixel), -1, of_pixel).astype(int)]

    cover = maps()["land_cover"][ground.window.row - HERE.row:, ground.window.column - HERE.column:]
    cover = cover[:ground.window.height, :ground.window.width]
    fields = np.isin(cover, [71, 82])  # grass and crops
    wheat = np.arange(ground.window.width) + ground.window.column >= HERE.column + 300
    found = grown(None)
    assert (found[fields & wheat & (found != "none")] == "winter_wheat").all() and (found == "winter_wheat").any()
    assert not (found[:, ~wheat] == "winter_wheat").any()
    said = grown(Crop("soybean"))
    assert (said[fields & (said != "none")] == "soybean").all() and not (said == "winter_wheat").any()
