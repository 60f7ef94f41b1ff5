"""How a prediction is divided, sized and told, by numbers worked out a second way."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import Window, pixel_to_lonlat
from deepsoil.inference import area, fields, machine, maps, plan, windows
from deepsoil.inference.predict import haloed
from deepsoil.inference.reading import bands
from deepsoil.inference.target import Target, utm_epsg
from deepsoil.kinds.predict_tasks import GROUP_PIXELS, Stretch, cut, groups, task_memory_bytes
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import intersects_xy
from shapely.geometry import MultiPolygon, Point, Polygon, box, mapping

DAYS = [date(2023, 5, 1) + timedelta(days=number) for number in range(7)]


@settings(max_examples=80, deadline=None)
@given(work=st.lists(st.integers(1, 30), min_size=1, max_size=9), more=st.lists(st.integers(1, 30), max_size=4),
       days=st.integers(1, 7), parts=st.integers(1, 12))
def test_a_prediction_is_cut_into_parts_of_equal_work_that_hold_everything_once(
        work: list[int], more: list[int], days: int, parts: int) -> None:
    of = {5: np.array(work, float)} | ({20: np.array(more, float)} if more else {})
    found = cut(of, DAYS[:days], parts)
    assert 1 <= len(found) <= parts and all(found)
    every = [(one.day, one.depth_cm, number) for part in found for one in part for number in one.numbers]
    assert every == [(day, depth, number) for day in DAYS[:days] for depth, values in of.items()
                     for number in range(len(values))]
    sizes = [sum(of[one.depth_cm][one.first:one.last].sum() for one in part) for part in found]
    total = days * sum(values.sum() for values in of.values())
    largest = max(values.max() for values in of.values())
    reached = list(itertools.accumulate(sizes))[:-1]
    if len(found) == parts:  # each cut lies at the nearer side of the window that it would go through
        for number, done in enumerate(reached, 1):
            assert abs(done - total * number / parts) <= largest / 2 + 1e-6


def test_a_stretch_is_named_by_all_that_it_holds() -> None:
    one = Stretch(DAYS[0], 5, 3, 12)
    assert one.name == "theta_05cm_2023-05-01_000003-000012.npy" and list(one.numbers) == list(range(3, 12))
    assert Stretch.from_list(one.to_list()) == one and one.to_list() == ["2023-05-01", 5, 3, 12]


def test_arrays_hold_at_most_sixteen_million_pixels_and_at_least_a_window() -> None:
    sides = [2048, 2048, 2048, 4096, 4097, 100, 100]
    made = [Window(0, 0, side, side) for side in sides]
    layer = SimpleNamespace(windows=made)
    found = groups({"stretches": [["2023-05-01", 5, 0, 7]]}, SimpleNamespace(layers={5: layer}))  # type: ignore[arg-type]
    assert [(one.first, one.last) for one in found] == [(0, 3), (3, 4), (4, 5), (5, 7)]
    assert GROUP_PIXELS == 4096**2


@pytest.mark.parametrize(("memory_mb", "expected"), [(None, 0.8e6 * 4100), (2300, 0.8e6 * 2000), (200, 0.0)])
def test_a_task_s_network_has_four_fifths_of_what_is_left(memory_mb: int | None, expected: float) -> None:
    resources = None if memory_mb is None else SimpleNamespace(memory_mb=memory_mb)
    assert task_memory_bytes(SimpleNamespace(resources=resources)) == pytest.approx(expected)  # type: ignore[arg-type]


def test_a_network_on_this_computer_has_two_fifths_of_the_memory_that_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "available_memory_bytes", lambda: 5e9)
    assert plan.local_memory_bytes() == pytest.approx(2e9)


@pytest.mark.parametrize(("budget", "side"), [
    (2600 * (300 + 128) ** 2 + 1, 288), (2600 * (304 + 128) ** 2, 304), (2600 * (303 + 128) ** 2, 288), (1.0, 128),
    (1e15, 1024)])
def test_a_window_fills_its_memory_with_halo_on_both_sides(budget: float, side: int) -> None:
    assert windows.side_for_memory(budget, 2600, 64, 16) == side
    model = SimpleNamespace(contract=SimpleNamespace(halo=64, multiple=16))
    assert plan.side_for(model, budget) == side and plan.BYTES_PER_PIXEL == 2600  # type: ignore[arg-type]
    assert plan._haloed_pixels(model, Window(0, 0, 100, 50)) == 228 * 178  # type: ignore[arg-type]
    assert haloed(model, Window(17, 30, 5, 5)) == Window(16 - 64, 16 - 64, 16 + 128, 32 + 128)  # type: ignore[arg-type]


def test_work_counts_the_halo_for_the_encoder_only() -> None:
    assert machine.work_pixels(100, 100) == pytest.approx(100) and machine.work_pixels(0, 100) == pytest.approx(45)
    assert machine.work_pixels(100, 200) == pytest.approx(145)


def test_a_speed_is_remembered_by_model_and_threads_and_measured_once(tmp_path: Path,
                                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    def model(name: str, parameters: int = 1) -> Any:
        return SimpleNamespace(id=name, contract=SimpleNamespace(network=SimpleNamespace(parameters=parameters)))

    asked: list[str] = []
    monkeypatch.setattr(machine, "_measure", lambda one, threads: asked.append(one.id) or 3.0)
    speeds = machine.Speeds(tmp_path / "home")
    assert [speeds.seconds_per_pixel(model("a"), 2) for _ in range(2)] == [3.0, 3.0] and asked == ["a"]
    speeds.remember(model("a"), 2, 5.0)
    assert speeds.seconds_per_pixel(model("a"), 2) == 5.0
    for other, threads in ((model("a"), 4), (model("b"), 2), (model("a", 9), 2)):
        assert machine.Speeds(tmp_path / "home").seconds_per_pixel(other, threads) == 3.0
    assert len(asked) == 4
    for text in ("{", "[]", '{"x": null}', '{"x": "fast"}'):
        (tmp_path / "home" / "speed.json").write_text(text)
        assert speeds._read() == {}


@pytest.mark.parametrize(("length", "side", "multiple", "part"), [
    (1000, 512, 16, 512), (1030, 512, 16, 352), (512, 512, 16, 512), (528, 512, 16, 272), (100, 512, 8, 104)])
def test_a_length_is_cut_into_the_fewest_equal_parts(length: int, side: int, multiple: int, part: int) -> None:
    assert windows._equal_part(length, side, multiple) == part


def test_windows_keep_two_pixels_round_the_outline_and_shrink_to_it() -> None:
    assert windows.covering_window(box(18.1, 30.0, 29.9, 45.5), 8) == Window(16, 24, 16, 24)
    assert windows.covering_window(box(17.9, 30.0, 30.1, 45.5), 8) == Window(8, 24, 32, 24)
    found = windows.plan(MultiPolygon([box(10, 10, 20, 20), box(1500, 1490, 1510, 1500)]), 16, 512)
    assert [(one.column, one.row) for one in found] == [(0, 0), (1488, 1488)]
    assert [(one.width, one.height) for one in found] == [(32, 32), (32, 16)]


@pytest.mark.parametrize("size", [(1003, 411), (411, 1003), (700, 530), (1601, 1601)])
@pytest.mark.parametrize("shape", ["box", "triangle"])
def test_windows_of_any_outline_fit_together(size: tuple[int, int], shape: str) -> None:
    width, height = size
    outline = box(5, 7, 5 + width, 7 + height) if shape == "box" else Polygon([(5, 7), (5 + width, 7), (5, 7 + height)])
    found = windows.plan(outline, 8, 512)
    frame = windows.covering_window(outline, 8)
    count = np.zeros(frame.shape, int)
    for window in found:
        assert frame.contains(window) and max(window.width, window.height) <= 512
        count[window.slices_in(frame)] += 1
    assert count.max() == 1
    if shape == "box":
        assert count.min() == 1
    rows, columns = np.nonzero(count == 0)
    near = outline.buffer(1.0)
    assert not intersects_xy(near, columns + frame.column + 0.5, rows + frame.row + 0.5).any()


@pytest.mark.parametrize(("height", "count", "tops"), [
    (255, 4, [0]), (512, 4, [0, 256]), (1024, 2, [0, 512]), (1024, 9, [0, 256, 512, 768]), (700, 2, [0, 320])])
def test_bands_have_at_least_256_rows_and_begin_at_tiles(height: int, count: int, tops: list[int]) -> None:
    store = Window(0, 0, 4096, 4096)
    found = bands(Window(64, 0, 300, height), store, count)
    assert [one.row for one in found] == tops and sum(one.height for one in found) == height
    assert all((one.column, one.width) == (64, 300) for one in found)
    assert bands(Window(9000, 0, 300, 1024), store, 4) == [Window(9000, 0, 300, 1024)]
    edge = bands(Window(0, 4096 - 320, 300, 1024), store, 4)
    assert [one.row for one in edge] == [3776, 4032]


def test_the_share_outside_and_the_pixels_of_an_area() -> None:
    whole, left = box(0, 0, 1, 1), box(-1, -1, 0.75, 2)
    found = area.cover(whole, left)
    assert found is not None and found.outside_share == pytest.approx(0.25, abs=1e-4) and found.is_partial
    assert area.cover(whole, box(1, 0, 2, 1)) is None and area.cover(whole, box(5, 5, 6, 6)) is None
    inside = area.cover(whole, box(-1, -1, 2, 2))
    assert inside is not None and inside.outside_share == 0.0 and not inside.is_partial
    assert area.Coverage(whole, 0.001).is_partial and not area.Coverage(whole, 0.00099).is_partial
    lon, lat = pixel_to_lonlat([238592, 238692], [409650, 409600])
    field = box(lon[0], lat[0], lon[1], lat[1])
    assert area.grid_pixels(field) == pytest.approx(5000, rel=0.01)
    assert area.to_pixels(field).bounds == pytest.approx((238592, 409600, 238692, 409650), abs=1e-3)
    assert len(area.bent(box(0, 0, 0.1, 0.005)).exterior.coords) == 2 * 10 + 2 * 1 + 1


def test_twelve_hours_are_the_most() -> None:
    field = box(0, 0, 0.1, 0.1)
    pixels = area.grid_pixels(field)
    seconds = 12 * 3600 / pixels
    area.check_size([field], 1, seconds * 0.9999)
    area.check_size([field], 10, seconds * 0.09999)
    with pytest.raises(DeepSoilError) as caught:
        area.check_size([field, field], 2, seconds)
    values = caught.value.values
    assert caught.value.code == "area_too_large" and values["hours"] == pytest.approx(48)
    assert values["pixels"] == pytest.approx(2 * pixels / 1e6) and values["dates"] == "2 dates"
    assert values["largest_km2"] == pytest.approx(2 * 123.1 / 4, rel=0.01)


# ---- several fields

def test_neighbouring_fields_share_windows_and_far_ones_do_not() -> None:
    near = [box(0, 0, 10, 10), box(12, 0, 22, 10), box(0, 12, 10, 22)]
    assert fields.blocks(near, 64) == [[0, 1, 2]]
    assert fields.blocks([*near, box(4000, 4000, 4010, 4010)], 64) == [[0, 1, 2], [3]]
    row = [box(x, 0, x + 5, 5) for x in range(0, 5000, 50)]
    assert sorted(itertools.chain(*fields.blocks(row, 64))) == list(range(100))
    # sharing pays as long as the box round both is no more work than two boxes with their halos
    gap = next(gap for gap in range(1, 400) if len(fields.blocks([box(0, 0, 10, 10), box(10 + gap, 0, 20 + gap, 10)],
                                                                 20)) == 2)
    assert (20 + gap + 40) * 50 > 2 * 50 * 50 >= (20 + gap - 1 + 40) * 50
    wide = [box(0, 0, 600, 600), box(420, 0, 1024, 600)]
    assert fields.blocks(wide, 64) == [[0, 1]] and len(fields.blocks([wide[0], box(420, 0, 1025, 600)], 64)) == 2
    assert fields.blocks([wide[0], box(0, 420, 600, 1024)], 64) == [[0, 1]]
    assert len(fields.blocks([wide[0], box(0, 420, 600, 1025)], 64)) == 2


def test_fields_are_ordered_along_a_curve() -> None:
    """Morton: the two lowest bits of column and row give 0 to 15."""
    places = [(c, r) for r in range(4) for c in range(4)]
    order = fields._along_a_curve([box(c, r, c + 0.5, r + 0.5) for c, r in places])
    codes = [(c & 1) + 2 * (r & 1) + 4 * (c >> 1) + 8 * (r >> 1) for c, r in places]
    assert [codes[number] for number in order] == list(range(16))


def test_names_are_told_up_to_five() -> None:
    assert fields._listed(list("abcde")) == "a, b, c, d, e" and fields._listed(["x"]) == "x"
    assert fields._listed(list("abcdefgh")) == "a, b, c, d, e and 3 more"
    coverage = [area.Coverage(Point(0, 0), share) for share in (0.0012, 0.347, 0.999)]
    assert [fields._percent(fields.Field(1, "x", one)) for one in coverage] == [1, 35, 100]


def test_what_stays_empty_is_told() -> None:
    footprint = mapping(box(0, 0, 1, 1))
    one = fields.cover_fields(mapping(box(0.5, 0.5, 1.5, 1.0)), footprint, "R")
    (warning,) = one.warnings("R")
    assert warning.code == "area_partly_outside" and warning.values["percent"] == 50
    assert one.inside[0].number is None and one.inside[0].name is None and one.left_out == []
    with pytest.raises(DeepSoilError) as caught:
        fields.cover_fields(mapping(box(2, 0, 3, 1)), footprint, "R")
    assert caught.value.code == "area_outside"


# ---- grids of products

@pytest.mark.parametrize(("lon", "lat", "epsg"), [
    (-180.0, 1.0, 32601), (-174.01, 1.0, 32601), (-174.0, 1.0, 32602), (0.0, 0.0, 32631), (0.0, -0.001, 32731),
    (179.999, -45.0, 32760), (180.0, 45.0, 32660)])
def test_zones_are_six_degrees_wide(lon: float, lat: float, epsg: int) -> None:
    assert utm_epsg(lon, lat) == epsg


def test_a_grid_begins_at_multiples_of_its_pixels_and_its_blocks_have_their_place(
        monkeypatch: pytest.MonkeyPatch) -> None:
    field = box(-96.58, 39.07, -96.57, 39.08)
    grid = Target.of(field, "EPSG:32614", 30.0)
    left, bottom, right, top = grid.outline.bounds
    assert grid.left_m % 30 == 0 and grid.top_m % 30 == 0 and not grid.every_touched
    assert 0 <= left - grid.left_m < 30 and 0 <= grid.top_m - top < 30
    assert 0 <= grid.left_m + 30 * grid.width - right < 30 and 0 <= bottom - (grid.top_m - 30 * grid.height) < 30
    monkeypatch.setattr("deepsoil.inference.target.BLOCK_PIXELS", 10)
    count = np.zeros((grid.height, grid.width), int)
    for block in grid.blocks():
        count[block.row_off:block.row_off + block.height, block.col_off:block.col_off + block.width] += 1
        west, south, east, north = grid.block_bounds(block)
        assert (west, north) == (grid.left_m + 30 * block.col_off, grid.top_m - 30 * block.row_off)
        assert (east - west, north - south) == (30 * block.width, 30 * block.height)
        transform = grid.block_transform(block)
        assert transform @ (0, 0) == (west, north) and transform @ (block.width, block.height) == (east, south)
    assert (count == 1).all() and grid.transform @ (1, 1) == (grid.left_m + 30, grid.top_m - 30)


def test_a_mosaic_is_kept_in_memory_up_to_256_mb_and_begins_empty(tmp_path: Path,
                                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(maps, "check_disk", lambda folder, wanted: asked.append(wanted))
    assert maps._LARGEST_MOSAIC_IN_MEMORY_BYTES == 256 * 2**20
    monkeypatch.setattr(maps, "_LARGEST_MOSAIC_IN_MEMORY_BYTES", 4 * 20 * 30)
    for window, on_disk in ((Window(0, 0, 20, 30), False), (Window(0, 0, 20, 31), True)):
        with maps.empty_mosaic(window, tmp_path) as mosaic:
            assert mosaic.theta.shape == window.shape and np.isnan(mosaic.theta).all()
            assert isinstance(mosaic.theta, np.memmap) == on_disk
    assert asked == [4 * 20 * 31]


def test_missing_weather_is_found_by_one_pixel_of_each_depth_and_day() -> None:
    read: list[tuple[Any, ...]] = []

    def stack(name: str, missing: date | None) -> SimpleNamespace:
        def one(day: date, window: Window) -> None:
            read.append((name, day, window))
            if day == missing:
                raise DeepSoilError("weather_missing", f"{name} {day}", "")
        return SimpleNamespace(read=one)

    def problem(*layers: tuple[Window, SimpleNamespace]) -> DeepSoilError | None:
        read.clear()
        made = {number: SimpleNamespace(windows=[window], stack=stack) for number, (window, stack) in enumerate(layers)}
        return plan.weather_problem(SimpleNamespace(  # type: ignore[arg-type]
            layers=made, days=DAYS[:2], store=SimpleNamespace(window=Window(10, 20, 30, 40))))

    here, away = Window(0, 24, 20, 30), Window(100, 200, 5, 5)
    assert problem((here, stack("a", None)), (away, stack("b", None)), (Window(12, 3, 9, 99), stack("c", None))) is None
    assert read == [("a", DAYS[0], Window(10, 24, 1, 1)), ("a", DAYS[1], Window(10, 24, 1, 1)),
                    ("c", DAYS[0], Window(12, 20, 1, 1)), ("c", DAYS[1], Window(12, 20, 1, 1))]
    found = problem((away, stack("b", DAYS[0])), (here, stack("a", DAYS[1])), (here, stack("c", DAYS[0])))
    assert found is not None and found.message == f"a {DAYS[1]}" and len(read) == 2
