"""The simulated field: draws of what is not known, their interval, water of the root zone, the series at a place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.management import Application, Irrigated, IrrigationLog, Rainfed
from deepsoil.field import interval, uncertainty
from deepsoil.field.ground import MOST_COLUMNS, Columns, columns_at, ground_of
from deepsoil.field.root_zone import WaterOfColumns
from deepsoil.field.simulation import FieldModel
from deepsoil.field.weather import weather_at
from deepsoil.grid import pixel_to_lonlat
from deepsoil.models.library import Library
from deepsoil.service.series import series
from deepsoil.soil.forcing import Forcing
from deepsoil.soil.profile import DEFAULT_PROFILE
from deepsoil.soil.retention import DUL_SUCTION_CM, theta
from deepsoil.soil.rosetta import parameters
from deepsoil.store.store import Store
from labels_tools import DATES, HERE, NO_TEXTURE, WATER, axes, make, maps, weather

NO_MODELS = Library.in_folder(Path("none"))
LOAM = np.array([[42.0, 40.0, 18.0]])


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return make(tmp_path_factory.mktemp("ground") / "store")


def columns(textures: np.ndarray = LOAM, cover: int = 0) -> Columns:
    count = len(textures)
    return Columns(textures, np.full(count, cover), np.zeros(count, bool), np.zeros(count, np.int64),
                   np.array([-98.0]), np.array([36.5]))


def model(days: int = 120, recorded: int = 60, **changes: Any) -> FieldModel:
    rng = np.random.default_rng(5)
    dates = np.arange("2023-04-01", np.datetime64("2023-04-01") + days, dtype="datetime64[D]")
    rain = np.where(rng.random((1, days)) < 0.25, rng.exponential(8.0, (1, days)), 0.0)
    forcing = Forcing(rain, np.full((1, days), 4.0), np.full((1, days), 18.0))
    given = {"columns": columns(), "dates": dates, "forcing": forcing, "depths_cm": (5.0, 20.0, 60.0),
             "first": dates[-recorded], "spinup_days": 60, **changes}
    return FieldModel(**given)


def position(row: int, column: int) -> list[float]:
    lon, lat = pixel_to_lonlat([HERE.column + column + 0.5], [HERE.row + row + 0.5])
    return [float(lon[0]), float(lat[0])]


# ---- draws


def test_draws_are_standard_normal_and_always_the_same() -> None:
    z = uncertainty.draw(64)
    assert z.shape == (64, len(uncertainty.PARAMETERS)) and np.array_equal(z, uncertainty.draw(64))
    assert np.abs(z.mean(axis=0)).max() < 1e-9 and np.abs(np.cov(z.T, bias=True) - np.eye(z.shape[1])).max() < 1e-9
    assert (np.abs(z) < 4).all() and (np.abs(np.sort(z, axis=0)[[6, 32, 57]].T - [-1.3, 0, 1.3]) < 0.5).all()


def test_scores_of_zero_are_the_best_guess() -> None:
    nothing = np.zeros((1, len(uncertainty.PARAMETERS)))
    textures = np.array([[42.0, 40.0, 18.0], [20.0, 20.0, 60.0], [92.0, 5.0, 3.0]])
    drawn, best = uncertainty.soils(textures, nothing), parameters(*textures.T)
    for ours, known in zip(drawn.arrays(), best.arrays(), strict=True):
        assert np.allclose(ours[0], known, rtol=1e-9)
    lai = np.linspace(0.5, 3.0, 50)[None]
    assert np.allclose(uncertainty.leaf_area(lai, nothing)[0], lai) and uncertainty.root_factor(nothing)[0] == 1
    assert uncertainty.bottoms(nothing) == ["free"]


def test_drawn_leaves_are_the_same_however_many_days_follow() -> None:
    z = uncertainty.draw(32)
    season = np.sin(np.linspace(0, 6 * np.pi, 1000))[None] ** 2 * 4.5
    whole = uncertainty.leaf_area(season, z)
    for last in (300, 500, 777):
        assert np.array_equal(uncertainty.leaf_area(season[:, :last], z), whole[..., :last])
    scale = np.exp(uncertainty.SPREAD_LEAF_AREA * z[:, uncertainty.PARAMETERS.index("leaf_area")])[:, None, None]
    assert (whole >= 0).all() and (whole <= 4.5 * scale + 1e-9).all()
    rising = (whole / scale)[:, 0, 700]  # a third year's spring
    timing = z[:, uncertainty.PARAMETERS.index("leaf_timing")]
    assert season[0, 699] < season[0, 700] and np.corrcoef(rising, timing)[0, 1] < -0.9, "early leaves are ahead"


def test_drawn_soils_are_soils_that_scatter_as_the_pedotransfer_does() -> None:
    lattice = np.array([[sand, silt, 100 - sand - silt] for sand in range(0, 101, 20)
                        for silt in range(0, 101 - sand, 20)], float)
    drawn = uncertainty.soils(lattice, uncertainty.draw(256))
    assert drawn.shape == (256, len(lattice)) and drawn.is_valid().all()
    of_loam = theta(DUL_SUCTION_CM, uncertainty.soils(LOAM, uncertainty.draw(256)))[:, 0]
    assert 0.04 < of_loam.std() < 0.09  # measured against estimated: 0.072 (Zhang and Schaap 2017, SSC model)


# ---- mean and interval


def test_the_interval_of_an_ensemble_covers_what_was_drawn_like_it() -> None:
    rng = np.random.default_rng(1)
    members, truths = rng.normal(0.25, 0.05, (64, 4000)), rng.normal(0.25, 0.05, 4000)
    lower, upper = interval.bounds(members, np.full(64, 1 / 64))
    assert 0.87 < ((truths >= lower) & (truths <= upper)).mean() < 0.92


def test_weights_and_missing_members_count_as_they_should() -> None:
    values = np.array([[0.1], [0.2], [0.3], [np.nan]])
    lower, upper = interval.bounds(values, np.array([0.0, 0.5, 0.5, 0.0]))
    assert 0.2 <= lower[0] < upper[0] <= 0.3
    assert interval.mean(values, np.array([0.25, 0.25, 0.25, 0.25]))[0] == pytest.approx(0.2)
    nothing = np.full((4, 2), np.nan)
    assert np.isnan(interval.mean(nothing, np.full(4, 0.25))).all()
    assert np.isnan(interval.bounds(nothing, np.full(4, 0.25))[0]).all()


def test_a_field_drawn_from_the_ensemble_lies_in_its_interval_nine_times_of_ten() -> None:
    field = model(days=70, recorded=10)
    truth = np.random.default_rng(7).normal(size=(40, len(uncertainty.PARAMETERS)))
    ensemble, true = field.run(uncertainty.draw(64)), field.run(truth)
    lower, upper = interval.bounds(ensemble.theta, ensemble.weights)
    inside = (true.theta >= lower) & (true.theta <= upper)
    assert 0.80 < inside[np.isfinite(true.theta)].mean() <= 0.97


# ---- the columns


def test_irrigation_makes_the_soil_wetter_and_only_from_its_day_on() -> None:
    z = uncertainty.draw(8)
    day = np.datetime64("2023-07-10")
    log = IrrigationLog(type="log", applications=[Application(date=day.item(), mm=40)])
    dry, wet = (model(irrigation=given).run_with_water(z) for given in (Rainfed(type="rainfed"), log))
    change = wet[0].theta - dry[0].theta
    at = int((day - wet[0].dates[0]).astype(int))
    assert np.nanmax(np.abs(change[..., :at])) == 0 and np.nanmin(change[:, :, 0, at]) > 0.005
    assert (wet[1].irrigation_mm[..., at] > 20).all() and dry[1].irrigation_mm.max() == 0
    more = wet[1].available_mm[..., at + 1] - dry[1].available_mm[..., at + 1]
    assert np.nanmin(more) > 0 and 5 < np.nanmean(more) < 45


def test_a_habit_keeps_the_depletion_below_that_of_a_rainfed_field() -> None:
    z = uncertainty.draw(8)
    dry = model(forcing=Forcing(np.zeros((1, 120)), np.full((1, 120), 6.0), np.full((1, 120), 22.0)))
    rainfed = dry.run_with_water(z)[1]
    usual = replace(dry, irrigation=Irrigated(type="irrigated")).run_with_water(z)[1]
    assert usual.depletion_mm.mean() < 0.7 * rainfed.depletion_mm.mean()
    assert usual.irrigation_mm.sum(axis=-1).min() > 100


@pytest.mark.parametrize("layered", [False, True])
def test_a_root_zone_at_field_capacity_holds_what_it_can_hold(layered: bool) -> None:
    nodes = len(DEFAULT_PROFILE.nodes_cm)
    clay = np.linspace(5.0, 55.0, nodes if layered else 1)
    soils = parameters(70 - clay, np.full_like(clay, 30.0), clay)
    at_capacity = np.broadcast_to(theta(DUL_SUCTION_CM, soils), nodes).reshape(1, 1, nodes, 1)
    water = WaterOfColumns.empty(1, 1, 1)
    water.add(np.array([0]), at_capacity, soils[None] if layered else soils, np.array([60.0]), DEFAULT_PROFILE,
              np.zeros((1, 1), np.float32), np.zeros((1, 1)))
    found = water.result()
    assert found.available_mm[0, 0, 0] == pytest.approx(found.capacity_mm[0, 0]) and found.depletion_mm.max() < 1e-4
    assert found.available_percent == pytest.approx(100)


def test_a_column_is_the_same_alone_and_among_others() -> None:
    textures = np.array([[42.0, 40.0, 18.0], [20.0, 20.0, 60.0], [80.0, 15.0, 5.0]])
    z = uncertainty.draw(4)
    together = model(days=40, recorded=5, columns=columns(textures)).run(z).theta
    for number, texture in enumerate(textures):
        alone = model(days=40, recorded=5, columns=columns(texture[None])).run(z).theta
        assert np.array_equal(together[:, number], alone[:, 0], equal_nan=True)


# ---- the ground


def test_a_field_has_as_few_columns_as_it_needs_and_none_on_water(store: Store) -> None:
    rows, stripes = WATER
    lon, lat = pixel_to_lonlat(HERE.column + np.array([20, 120, 120, 20.0]), HERE.row + np.array([20, 20, 90, 90.0]))
    found = ground_of(store, shapely.Polygon(np.column_stack([lon, lat])))
    assert 0 < len(found.columns) <= MOST_COLUMNS and found.water == (rows.stop - rows.start) * (stripes.stop - 40)
    inside = found.column_of_pixel[5:-5, 5:-5]
    lake = maps()["land_cover"][HERE.height * 0 + found.window.row - HERE.row:, found.window.column - HERE.column:]
    assert ((inside < 0) == (lake[5:5 + inside.shape[0], 5:5 + inside.shape[1]] == 11)).all()
    assert np.allclose(found.columns.textures.sum(axis=1), 100)


def test_positions_have_their_own_texture_and_none_without_soil(store: Store) -> None:
    places = [(10, 10), (10, 300), (NO_TEXTURE[0].start + 1, NO_TEXTURE[1].start + 1)]
    at = np.array([position(*place) for place in places])
    found, number = columns_at(store, *at.T, [(HERE.column + column, HERE.row + row) for row, column in places])
    assert number.tolist() == [0, 1, -1] and np.allclose(found.textures[0], [60.3, 30.1, 9.6], atol=1e-4)


def test_weather_is_interpolated_short_gaps_are_filled_and_long_ones_refused(tmp_path: Path) -> None:
    fields = weather()
    fields["pet"][20:22], fields["precipitation"][20:22] = np.nan, np.nan
    holed = make(tmp_path / "short", coarse=fields)
    lon, lat = (np.array([axis[1]]) for axis in axes())
    days, forcing = weather_at(holed, lon, lat, DATES[0] - 400, DATES[-1])
    assert days[0] == DATES[0] and (forcing.precipitation[0, 20:22] == 0).all()
    assert np.allclose(forcing.temperature[0], fields["temperature"][:, 1, 1], rtol=1e-5)
    around = fields["pet"][[19, 22], 1, 1]
    assert np.allclose(forcing.pet[0, 20:22], around[0] + (around[1] - around[0]) * np.array([1, 2]) / 3, rtol=1e-4)
    fields["pet"][20:26] = np.nan
    with pytest.raises(DeepSoilError) as caught:
        weather_at(make(tmp_path / "long", coarse=fields), lon, lat, DATES[0], DATES[-1])
    assert caught.value.code == "weather_gap" and str(DATES[20]) in caught.value.message


@pytest.mark.parametrize(("first", "last", "missing"), [(-9, 5, DATES[0] - 9), (-9, -3, DATES[0] - 3),
                                                        (5, len(DATES) + 2, DATES[0] + len(DATES) + 2)])
def test_days_without_weather_are_named_and_not_left_out(store: Store, first: int, last: int,
                                                         missing: np.datetime64) -> None:
    lon, lat = position(10, 10)
    days = (str(DATES[0] + number) for number in (first, last))
    with pytest.raises(DeepSoilError) as caught:
        series(store, NO_MODELS, [lon, lat], *days)
    assert caught.value.code == "no_weather" and caught.value.message.endswith(f" {missing}.")
    assert f"{DATES[0]} to {DATES[-1]}" in caught.value.hint


# ---- the series


def test_a_series_has_every_depth_and_agrees_with_itself(store: Store) -> None:
    found = series(store, NO_MODELS, position(100, 60), "2023-01-05", "2023-01-10")
    assert list(found["depths"]) == ["5", "20", "40", "60", "100"] and len(found["dates"]) == 6
    for band in (*found["depths"].values(), found["available_mm"], found["depletion_mm"]):
        assert all(low <= middle <= high for low, middle, high in zip(band["lower"], band["mean"], band["upper"],
                                                                      strict=True))
    log = {"type": "log", "applications": [{"date": "2023-01-07", "mm": 50}]}
    watered = series(store, NO_MODELS, position(100, 60), "2023-01-05", "2023-01-10", management={"irrigation": log})
    assert watered["dates"][2] == "2023-01-07"
    assert watered["depths"]["5"]["mean"][2] > found["depths"]["5"]["mean"][2] + 0.02
    assert max(found["irrigation_mm"]["mean"]) == 0


@pytest.mark.parametrize(("changes", "code", "field"), [
    ({"place": position(45, 45)}, "no_soil", "longitude"),
    ({"place": [1.0]}, "params_invalid", "place"),
    ({"place": [-98.0, "36"]}, "params_invalid", "place"),
    ({"start": "2023-13-01"}, "params_invalid", "start"),
    ({"end": "2022-12-01"}, "params_invalid", "end"),
    ({"end": "2023-02-05"}, "no_weather", "dates"),
    ({"method": "guess"}, "params_invalid", "method"),
    ({"management": {"irrigation": {"type": "log", "applications": [{"date": "2023-01-05", "mm": -3}]}}},
     "params_invalid", None),
])
def test_what_cannot_be_simulated_is_said(store: Store, changes: dict[str, Any], code: str, field: str | None) -> None:
    given = {"place": position(100, 60), "start": "2023-01-05", "end": "2023-01-10", **changes}
    with pytest.raises(DeepSoilError) as caught:
        series(store, NO_MODELS, **given)
    assert caught.value.code == code and (field is None or caught.value.field == field)
