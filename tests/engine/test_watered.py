"""Irrigated fields in the inputs of networks: the field's pixels see its water, all others see what they saw."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from deepsoil.bench.ground import FIRST_DAY, make_store
from deepsoil.channels import CHANNELS, ChannelUse
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.management import Application, Irrigated, IrrigationLog, Management, Rainfed
from deepsoil.depths import DEPTHS
from deepsoil.grid import Window, pixel_to_lonlat
from deepsoil.inference.field_water import ManagedField, Watering, plan_water
from deepsoil.inputs import coverage
from deepsoil.inputs.stack import Stack
from deepsoil.inputs.watered import reads_rain
from deepsoil.inputs.weather_fields import WeatherFields
from deepsoil.store.store import Store
from deepsoil.store.writer import StoreWriter

DAYS = 430
DAY = FIRST_DAY + timedelta(days=DAYS - 5)
CHANNELS_USED = list(dict.fromkeys((*DEPTHS[5].channels, *DEPTHS[20].channels, "precipitation_3d",
                                    "water_balance_30d")))
USES = [ChannelUse(name, 0.3, False) for name in CHANNELS_USED]
OF_RAIN = [i for i, name in enumerate(CHANNELS_USED) if reads_rain(name)]
OTHERS = [i for i in range(len(USES)) if i not in OF_RAIN]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Made-up ground with a year of weather and little rain."""
    path = tmp_path_factory.mktemp("watered") / "store"
    made = make_store(path, days=DAYS)
    made.coarse("precipitation").values[:] *= 0.05
    return made


def outline(store: Store, *corners: tuple[float, float]) -> shapely.Polygon:
    """A polygon with corners in pixels from the corner of the store, in degrees."""
    columns, rows = np.array(corners, float).T
    return shapely.Polygon(np.column_stack(pixel_to_lonlat(store.window.column + columns, store.window.row + rows)))


def log(*given: tuple[date, float]) -> IrrigationLog:
    return IrrigationLog(type="log", applications=[Application(date=day, mm=mm) for day, mm in given])


GIVEN = [(DAY - timedelta(days=ago), mm) for ago, mm in ((0, 12.0), (2, 30.0), (20, 25.0), (200, 40.0))]


def watering(store: Store, *fields: tuple[Any, Any], window: Window | None = None) -> Watering:
    return plan_water(store, [ManagedField(shape, Management(irrigation=irrigation)) for shape, irrigation in fields],
                      [window or store.window])


def test_inside_is_what_a_region_with_that_rain_shows_and_outside_is_untouched(store: Store) -> None:
    field = outline(store, (100, 120), (190, 105), (205, 180), (140, 215), (95, 190))
    window = Window(store.window.column + 60, store.window.row + 70, 192, 192)
    plain, plain_valid = Stack(store, USES).read(DAY, window)
    wet, valid = Stack(store, USES, watered=watering(store, (field, log(*GIVEN))).areas).read(DAY, window)
    changed = (wet != plain).any(axis=0)
    inside = _inside(field, window)
    assert not changed[~inside].any() and changed[inside].all() and np.array_equal(valid, plain_valid)
    assert np.array_equal(wet[OTHERS], plain[OTHERS]), "temperature, VPD, leaves and soil stay"

    rain = store.coarse("precipitation")
    for day, mm in GIVEN:
        rain.values[rain.index(day)] += np.float32(mm)
    try:
        rainy, _ = Stack(store, USES).read(DAY, window)
    finally:
        for day, mm in GIVEN:
            rain.values[rain.index(day)] -= np.float32(mm)
    np.testing.assert_allclose(wet[:, inside], rainy[:, inside], atol=1e-5)


def test_a_pixel_is_the_same_in_every_window(store: Store) -> None:
    field = outline(store, (100, 120), (190, 105), (205, 180), (140, 215))
    stack = Stack(store, USES, watered=watering(store, (field, Irrigated(type="irrigated"))).areas)
    whole = Window(store.window.column - 40, store.window.row + 60, 256, 192)  # its halo leaves the region
    x, _ = stack.read(DAY, whole)
    for part in (Window(whole.column + 150, whole.row + 50, 1, 1), Window(whole.column + 128, whole.row, 64, 128),
                 Window(whole.column + 200, whole.row + 100, 56, 92)):
        piece, _ = stack.read(DAY, part)
        np.testing.assert_allclose(piece, x[(slice(None), *part.slices_in(whole))], atol=2e-6)


def test_each_field_has_its_own_water(store: Store) -> None:
    west = outline(store, (50, 50), (100, 50), (100, 100), (50, 100))
    east = outline(store, (100, 50), (150, 50), (150, 100), (100, 100))
    dry = outline(store, (150, 50), (200, 50), (200, 100), (150, 100))
    planned = watering(store, (west, log((DAY, 20.0))), (east, log((DAY, 35.0))), (dry, Rainfed(type="rainfed")))
    window = Window(store.window.column + 40, store.window.row + 40, 192, 64)
    rain = CHANNELS_USED.index("precipitation")
    plain, _ = Stack(store, USES).read(DAY, window)
    wet, _ = Stack(store, USES, watered=planned.areas).read(DAY, window)
    more = (wet - plain)[rain, 30] * 100
    assert more[[10, 59]] == pytest.approx(20.0, abs=0.01) and more[[60, 109]] == pytest.approx(35.0, abs=0.01)
    assert not more[[0, 9, 110, 159, 190]].any()
    assert [field.tags(DAY).get("DEEPSOIL_IRRIGATION_MM") for field in planned.fields] == ["20", "35", None]


def test_the_map_of_irrigated_land_counts_unless_the_user_says_otherwise(store: Store, tmp_path: Path) -> None:
    shown = np.zeros(store.window.shape, np.float32)
    shown[40:120, 40:200] = 1
    writer = StoreWriter.create(tmp_path / "mapped", name="mapped", title="Mapped", window=store.window)
    for name in ("sand", "silt", "clay", "elevation"):
        writer.write_static(name, store.read_static(name, store.window), "a test")
    writer.write_static("irrigated", shown, "a test")
    for name in ("precipitation", "temperature", "vpd", "pet"):
        series = store.coarse(name)
        writer.write_coarse(name, series.dates.tolist(), series.longitudes, series.latitudes, series.values, "a test")
    mapped = coverage.finish(writer)
    dry = outline(store, (60, 60), (100, 60), (100, 100), (60, 100))
    rice = outline(store, (210, 60), (240, 60), (240, 100), (210, 100))
    window = Window(store.window.column + 20, store.window.row + 20, 240, 120)
    planned = watering(mapped, (dry, Rainfed(type="rainfed")), (rice, log(*GIVEN)), window=window)
    changed = (Stack(mapped, USES, watered=planned.areas).read(DAY, window)[0]
               != Stack(mapped, USES).read(DAY, window)[0]).any(axis=0)
    map_shows = shown[20:140, 20:260] == 1
    assert np.array_equal(changed, (map_shows & ~_inside(dry, window)) | _inside(rice, window))
    assert plan_water(mapped, [ManagedField(dry, Management())], [window]).fields[0].tags(DAY) == {
        "DEEPSOIL_IRRIGATION": "map"}


def test_a_log_outside_the_weather_is_refused_or_told(store: Store) -> None:
    field = outline(store, (100, 100), (120, 100), (120, 120), (100, 120))
    late = FIRST_DAY + timedelta(days=DAYS)
    with pytest.raises(DeepSoilError) as caught:
        watering(store, (field, log((late, 20.0))))
    assert caught.value.code == "irrigation_no_weather" and str(late) in caught.value.message
    rain = store.coarse("precipitation").values
    kept = rain[100].copy()
    rain[100] = np.nan
    try:
        with pytest.raises(DeepSoilError, match="no precipitation") as caught:
            watering(store, (field, log((FIRST_DAY + timedelta(days=100), 20.0))))
    finally:
        rain[100] = kept
    early = watering(store, (field, log((FIRST_DAY - timedelta(days=1), 20.0), (DAY, 5.0))))
    assert [problem.code for problem in early.warnings()] == ["irrigation_too_early"]


def test_fields_with_the_same_water_are_computed_once(store: Store) -> None:
    fields = [(outline(store, (x, 60), (x + 8, 60), (x + 8, 68), (x, 68)), log(*GIVEN)) for x in (80, 92)]
    planned = watering(store, *fields)
    assert len(planned.areas) == 1 and len(planned.fields) == 2


def test_weather_round_a_field_is_the_weather_of_the_region(store: Store) -> None:
    """The copy that is kept for a field is small, and says the same."""
    field = outline(store, (100, 100), (120, 100), (120, 120), (100, 120))
    area = watering(store, (field, log((DAY, 0.001)))).areas[0]
    whole = WeatherFields(store.coarse)
    for name in ("precipitation_30d", "water_balance_7d", "bucket_120mm"):
        small, large = area.weather.field(name, DAY), whole.field(name, DAY)
        assert CHANNELS[name].kind and small.size <= large.size
        latitudes = area.weather.series("precipitation").latitudes
        rows = np.flatnonzero(np.isin(store.coarse("precipitation").latitudes, latitudes))
        columns = np.flatnonzero(np.isin(store.coarse("precipitation").longitudes,
                                         area.weather.series("precipitation").longitudes))
        np.testing.assert_allclose(small, large[np.ix_(rows, columns)], atol=2e-3)


def _inside(field: shapely.Polygon, window: Window) -> np.ndarray:
    """By the position of each pixel's centre, one by one."""
    columns, rows = np.meshgrid(window.column + np.arange(window.width) + 0.5,
                                window.row + np.arange(window.height) + 0.5)
    return shapely.contains_xy(field, *pixel_to_lonlat(columns, rows))
