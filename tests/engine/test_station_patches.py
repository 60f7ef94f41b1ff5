"""The pixel of a station: in its patch, under its label, under its prediction; and the ground that training draws."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from deepsoil.channels import ChannelUse
from deepsoil.grid import Window, lonlat_to_pixel
from deepsoil.inputs import coverage
from deepsoil.inputs.slope import slope_aspect
from deepsoil.inputs.stack import Stack
from deepsoil.soil.rosetta import parameters
from deepsoil.store.series import Stations
from deepsoil.store.store import Store
from deepsoil.store.writer import StoreWriter
from deepsoil.training import random_ground
from deepsoil.training.station_patches import PATCH, StationInputs, StationPatches
from labels_tools import DATES, HERE, axes, weather

USES = [ChannelUse(name, 0.5, True) for name in ("elevation", "sand", "silt", "clay", "precipitation", "pet",
                                                 "temperature", "vpd")]
ROWS, COLUMNS = np.array([100, 37, 300]), np.array([64, 450, 129])
ELEVATION = np.add.outer(210.0 * (np.arange(512) % 19), 11.0 * (np.arange(512) % 17))  # no pixel like its neighbours


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Store:
    store = StoreWriter.create(tmp_path_factory.mktemp("patches") / "region", name="r", title="R", window=HERE)
    sand = 20.0 + np.add.outer(np.arange(512) % 7, 3.0 * (np.arange(512) % 5))
    for name, values in (("elevation", ELEVATION), ("sand", sand), ("silt", 90.0 - sand),
                         ("clay", np.full_like(sand, 10))):
        store.write_static(name, values, "made up")
    for name, fields in (weather(1) | {"vpd": np.ones((DATES.size, 1, 1))}).items():
        store.write_coarse(name, DATES, *axes(1), fields, "made up")
    # anywhere in their pixels: a pixel is where it begins, not where it is nearest
    lon, lat = HERE.lonlat_centres()
    width, height = lon[1] - lon[0], lat[1] - lat[0]
    inside = np.array([-0.45, 0.45, 0.1])
    theta = np.full((3, 2, DATES.size), np.nan, np.float32)
    theta[:, 0], theta[:, 1] = 0.9, np.array([0.1, 0.2, 0.3])[:, None] + 0.001 * np.arange(DATES.size)
    store.write_stations(Stations(["a", "b", "c"], ["A", "B", "C"], ["N"] * 3, lon[COLUMNS] + inside * width,
                                  lat[ROWS] - inside * height, np.array([5.0, 20.0]), DATES, theta))
    return coverage.finish(store)


@pytest.fixture(scope="module")
def inputs(region: Store) -> StationInputs:
    return StationInputs.read(region, USES, 20)


def normalised(elevation: Any) -> Any:
    return (elevation + 122.35) / (4500 + 122.35)


def test_a_label_lies_on_its_station_and_on_as_many_pixels_before_it_as_after(inputs: StationInputs) -> None:
    first, last = (int(np.flatnonzero(row >= 0)[i]) for row, i in ((inputs.row[0], 0), (inputs.row[0], -1)))
    for window in (1, 2, 3, 4, 5):
        for size in (PATCH, 9, 8, window):
            batch = inputs.batch(np.array([[0, first], [1, last], [2, first]]), window, size)
            assert batch.x.shape == (3, len(USES), size, size)
            for number, (row, column) in enumerate(zip(ROWS, COLUMNS, strict=True)):
                labelled = np.isfinite(batch.theta[number])
                before = (window - 1) // 2
                under = slice(row - before, row - before + window), slice(column - before, column - before + window)
                assert labelled.sum() == window * window
                shown = batch.x[number, 0][labelled].reshape(window, window)
                np.testing.assert_allclose(shown, normalised(ELEVATION[under]), atol=6e-4)
                day = (first, last, first)[number]
                np.testing.assert_allclose(batch.theta[number][labelled], inputs.observed[number, day])
                rows, columns = np.nonzero(labelled)
                assert abs(rows[0] - (size - 1 - rows[-1])) <= 1 and abs(columns[0] - (size - 1 - columns[-1])) <= 1
                sand = 20.0 + np.add.outer(np.arange(512) % 7, 3.0 * (np.arange(512) % 5))[under].ravel()
                wanted = parameters(sand, 90 - sand, np.full_like(sand, 10))
                np.testing.assert_allclose(batch.soil.theta_s[number][labelled], wanted.theta_s, rtol=1e-6)
    middle = np.flatnonzero(np.isfinite(inputs.batch(np.array([[0, first]]), 4).theta[0]).any(axis=1))
    assert middle.tolist() == [6, 7, 8, 9], "four of sixteen, six on either side"


def test_a_prediction_is_that_of_the_station_s_pixel(inputs: StationInputs, region: Store) -> None:
    found = inputs.predict(lambda x: x[:, 0], batch=7)
    for number, (row, column) in enumerate(zip(ROWS, COLUMNS, strict=True)):
        known = np.isfinite(inputs.observed[number])
        np.testing.assert_allclose(found[number, known], normalised(ELEVATION[row, column]), atol=6e-4)
        assert np.isnan(found[number, ~known]).all() and known.sum() == DATES.size - 29
    stack = Stack(region, USES)
    day = int(np.flatnonzero(inputs.row[1] >= 0)[3])
    column, row = lonlat_to_pixel(inputs.stations.longitudes[1], inputs.stations.latitudes[1])
    x, _ = stack.read(DATES[day].item(), Window(int(column), int(row), 1, 1))
    np.testing.assert_allclose(inputs.x[1][inputs.row[1, day]][:, 7, 7], x[:, 0, 0], atol=6e-4)
    assert inputs.observed[1, day] == pytest.approx(0.2 + 0.001 * day), "of 20 cm, not of 5"


def test_all_stations_are_drawn_equally_often_and_only_their_own_days(inputs: StationInputs) -> None:
    allowed = np.ones(inputs.observed.shape, bool)
    allowed[0, :-1] = False  # one day is left
    patches = StationPatches(inputs, allowed, 1)
    batch = patches.draw((1, 2), 600, PATCH)
    levels = np.nanmax(batch.theta, axis=(1, 2))
    last = inputs.observed[0, -1]
    counts = [np.isclose(levels, last).sum(), ((levels > 0.2) & (levels < 0.28)).sum(), (levels > 0.3).sum()]
    assert sum(counts) == 600 and min(counts) > 150
    np.testing.assert_array_equal(batch.x, patches.draw((1, 2), 600, PATCH).x)
    assert not np.array_equal(batch.x, patches.draw((1, 3), 600, PATCH).x)


class Drawn:
    """Stands for a random generator: a plane without hills that rises towards a direction."""

    def __init__(self, degrees: float, slope: float) -> None:
        self.degrees, self.slope = degrees, slope

    def exponential(self, scale: float, count: int) -> np.ndarray:
        return np.full(count, self.slope)

    def random(self, count: int) -> np.ndarray:
        return np.full(count, self.degrees / 360)

    def standard_normal(self, shape: tuple[int, ...]) -> np.ndarray:
        return np.zeros(shape)

    def uniform(self, low: float, high: float, shape: tuple[int, ...]) -> np.ndarray:
        return np.full(shape, low)


@pytest.mark.parametrize("degrees", [0.0, 30.0, 90.0, 200.0, 315.0])
def test_ground_rises_towards_its_direction_as_steeply_as_drawn(degrees: float) -> None:
    ground = random_ground.relief(Drawn(degrees, 6.0), 2, 16)  # type: ignore[arg-type]
    slope, aspect = slope_aspect(ground, random_ground.GROUND_M)
    np.testing.assert_allclose(slope, 6.0, atol=0.01)
    np.testing.assert_allclose((aspect - degrees) % 360, 180.0, atol=0.1, err_msg="it faces the other way")
    assert ground[0].mean() == pytest.approx(-50.0, abs=40.0)
    assert slope_aspect(random_ground.relief(Drawn(0.0, 80.0), 1, 8), random_ground.GROUND_M)[0].max() < 45.1  # type: ignore[arg-type]


def test_fields_vary_as_widely_as_asked_and_their_weights_are_interpolation() -> None:
    rng = np.random.default_rng(1)
    for size, cells in ((16, 4), (32, 2)):
        fields = random_ground.smooth_field(rng, 400, size, cells)
        corners = fields[:, [0, 0, -1, -1], [0, -1, 0, -1]]
        assert corners.std() == pytest.approx(1.4, rel=0.08) and fields.mean() == pytest.approx(0.0, abs=0.1)
        weights = random_ground._upsampling(size, cells)
        np.testing.assert_allclose(weights.sum(1), 1.0, rtol=1e-6)
        np.testing.assert_allclose(weights @ np.arange(cells), np.linspace(0, cells - 1, size), atol=1e-5)
    wide, rough = (f(np.random.default_rng(2)) for f in (lambda r: random_ground.smooth_field(r, 50, 32, 2),
                                                          lambda r: random_ground.rough_field(r, 50, 32)))
    assert 1.0 < np.diff(rough, axis=2).std() / np.diff(wide, axis=2).std() < 20.0


def test_texture_adds_up_and_reaches_the_edges_and_parcels_are_nearest_points() -> None:
    sand, silt, clay = random_ground.texture(np.random.default_rng(3), 300, 8)
    np.testing.assert_allclose(sand + silt + clay, 100.0, atol=1e-3)
    for part in (sand, silt, clay):
        assert part.min() < 1.0 and part.max() > 95.0 and 25 < part.mean() < 42
    numbers = random_ground.parcels(np.random.default_rng(4), 200, 16)
    counts = [len(np.unique(one)) for one in numbers]
    assert min(counts) == 1 and max(counts) == 6 and numbers.min() == 0 and numbers.max() <= 5
    for one in numbers[:20]:
        for number in np.unique(one):  # a Voronoi cell is convex: each row has its pixels of a number side by side
            for line in (*(one == number), *(one == number).T):
                at = np.flatnonzero(line)
                assert at.size == 0 or at[-1] - at[0] == at.size - 1
    codes, groups = random_ground.land_cover(np.random.default_rng(5), 400, 8)
    assert (groups[codes == 11] == -1).all() and (groups[codes == 82] == 1).all()
    assert (codes == 82).mean() == pytest.approx(0.24 / 1.02, abs=0.05)
