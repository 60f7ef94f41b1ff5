"""Labels under the leaves that a region has seen: classes of greenness, a map of crops, clouds, land without cover."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from deepsoil.inputs import coverage
from deepsoil.inputs.greenness import GreennessClasses, sightings_of
from deepsoil.labels import layout
from deepsoil.labels.column_weather import read_weather
from deepsoil.labels.command import leaf_line
from deepsoil.labels.leaves import find_leaves, kinds_of
from deepsoil.labels.settings import LabelSettings
from deepsoil.labels.simulate import simulate
from deepsoil.soil.vegetation import ndvi
from deepsoil.store.store import Store
from deepsoil.store.writer import StoreWriter
from labels_tools import DATES, HERE, SPINUP_DAYS, axes, maps, weather

SETTINGS = LabelSettings(texture_step=10, spinup_days=SPINUP_DAYS)
SEEN = np.arange("2022-12-03", "2023-01-26", 8, dtype="datetime64[D]")
GREEN = np.zeros((512, 512), bool)
GREEN[:, 100:300] = True


def make(path: Path, layers: list[np.ndarray] | None, channel: str = "ndvi", crop: np.ndarray | None = None) -> Store:
    store = StoreWriter.create(path, name="seen", title="Seen ground", window=HERE, synthetic=True)
    for name, values in maps().items():
        store.write_static(name, values, "made up")
    for name, values in weather(1).items():
        store.write_coarse(name, DATES, *axes(1), values, "made up")
    if layers is not None:
        store.write_dated(channel, [day.item() for day in SEEN], layers, "made up")
    if crop is not None:
        store.write_static("crop", crop, "made up")
    return Store.open(coverage.finish(store).path)


def greens(noise: float = 0.01, clouds: float = 0.0) -> list[np.ndarray]:
    """NDVI of a stripe with leaf area 2.5 to 3 and the rest with 0.5, with noise and clouds over some pixels."""
    rng = np.random.default_rng(4)
    result = []
    for number in range(len(SEEN)):
        layer = ndvi(np.where(GREEN, 2.5 + 0.5 * number / len(SEEN), 0.5)) + noise * rng.standard_normal(GREEN.shape)
        layer[rng.random(GREEN.shape) < clouds] = 0.02
        result.append(layer.astype(np.float32))
    return result


@pytest.mark.parametrize("clouds", [0.0, 0.4])
def test_pixels_of_one_cover_are_told_apart_by_what_was_seen(tmp_path: Path, clouds: float) -> None:
    store = make(tmp_path / "store", greens(clouds=clouds))
    outcome = simulate(store, SETTINGS)
    leaves = outcome.attributes["leaves"]
    assert leaves["channel"] == "ndvi" and set(leaves["seen"]) >= {"grass 1", "grass 2", "crop 1", "crop 2"}
    assert leaves["assumed"] == [] and leaf_line(leaves).startswith("Leaves: from 7 maps of NDVI for")
    draft = layout.Draft(store, outcome.attributes)
    lai, covers, units = draft.leaf_area(), draft.units().covers, draft._group["units"][...]
    labelled = units >= 0
    of_pixel = lai.mean(axis=1)[covers[np.maximum(units, 0)]]
    for part, least, most in ((GREEN, 2.4, 3.0), (~GREEN, 0.4, 0.6)):
        found = of_pixel[part & labelled]
        # a pixel that was never clear counts as the commonest of its cover
        assert ((found > least) & (found < most)).mean() > (0.99 if clouds else 1 - 1e-9)


def test_leaf_area_of_a_store_is_taken_as_it_is(tmp_path: Path) -> None:
    store = make(tmp_path / "store", [np.full((512, 512), 1.5, np.float32)] * len(SEEN), "lai")
    leaves = find_leaves(store, SETTINGS, read_weather(store))
    present = leaves.lai[list(leaves.present)]
    assert np.isfinite(present).all() and np.abs(present[:, 10:40] - 1.5).max() < 0.15


def test_ndvi_that_is_all_cloud_is_a_warning_and_the_labels_are_those_without_it(tmp_path: Path) -> None:
    cloudy = make(tmp_path / "cloudy", [np.full((512, 512), value, np.float32) for value in np.linspace(-0.1, 0.07, 7)])
    clear = make(tmp_path / "clear", None)
    found = {store.path.name: simulate(store, SETTINGS) for store in (cloudy, clear)}
    line = leaf_line(found["cloudy"].attributes["leaves"])
    assert line.startswith("WARNING leaves_not_seen: none of the 7 maps of NDVI could be used")
    assert leaf_line(found["clear"].attributes["leaves"]).startswith("Leaves: from cover and climate; the region has")
    codes = [layout.Draft(store, found[store.path.name].attributes)._group["theta"][...] for store in (cloudy, clear)]
    np.testing.assert_array_equal(*codes)


def test_a_map_of_crops_names_the_crop_of_fields_and_not_of_forests(tmp_path: Path) -> None:
    crop = np.full((512, 512), 24, np.float32)
    crop[:, 256:] = 176
    store = make(tmp_path / "store", None, crop=crop)
    kind, assumed = kinds_of(store, HERE, SETTINGS)
    land_cover = np.nan_to_num(maps()["land_cover"])
    names = np.array([*SETTINGS.kinds, "none"])[kind]
    fields = np.isin(land_cover, (71, 82)) & (np.arange(512) < 256)
    assert (names[fields] == "winter_wheat").all() and (names[land_cover == 41] == "forest").all()
    assert (names[(land_cover == 82) & (np.arange(512) >= 256)] == "crop").all(), "grass of the map names no crop"
    assert assumed.sum() == (land_cover == 0).sum() - ((land_cover == 0) & (np.arange(512) < 256)).sum()
    assert SETTINGS.plant(4 * SETTINGS.kinds.index("winter_wheat")).crop == "winter_wheat"


def test_a_field_partly_without_land_cover_is_labelled_and_counted(tmp_path: Path) -> None:
    outcome = simulate(make(tmp_path / "store", greens()), SETTINGS)
    assert outcome.attributes["pixels"]["assumed_cover"] == 600 and outcome.failed == 0


def test_classes_are_as_few_as_will_do_and_the_commonest_comes_first() -> None:
    rng = np.random.default_rng(1)
    wheat, corn = np.array([0.3, 0.8, 0.3, 0.3]), np.array([0.2, 0.2, 0.8, 0.4])
    quarters = (np.where((np.arange(900) < 300)[:, None], wheat, corn) + 0.03 * rng.standard_normal((900, 4)))
    quarters[::7, 2] = np.nan
    quarters = quarters.astype(np.float32)
    kind = np.zeros(900, np.int64)
    classes = GreennessClasses.find(quarters, kind, 2, 4)
    assert len(classes.centres[0]) == 2 and len(classes.centres[1]) == 1
    np.testing.assert_allclose(classes.centres[0], [corn, wheat], atol=0.08)
    assigned = classes.assign(quarters, kind)
    assert (assigned[:300] == 1).mean() > 0.97 and (assigned[300:] == 0).all()
    assert classes.assign(np.full((3, 4), np.nan, np.float32), np.zeros(3, int)).tolist() == [0, 0, 0]
    alike = (corn + 0.02 * rng.standard_normal((900, 4))).astype(np.float32)
    assert len(GreennessClasses.find(alike, kind, 1, 4).centres[0]) == 1


def test_a_store_without_maps_of_leaves_has_no_sightings(tmp_path: Path) -> None:
    assert sightings_of(make(tmp_path / "store", None)) is None
