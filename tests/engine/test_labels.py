"""Labels: every pixel with soil has the θ of its own column, whatever way the work was interrupted and divided."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zarr
from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import Window
from deepsoil.labels import layout, run
from deepsoil.labels.label_reader import Labels
from deepsoil.labels.settings import LabelSettings
from deepsoil.labels.simulate import simulate
from deepsoil.soil.column import simulate_columns
from deepsoil.soil.rosetta import parameters
from deepsoil.store.store import Store
from labels_tools import DATES, HERE, SPINUP_DAYS, labelled, make, nearest_texture, own_label

SETTINGS = LabelSettings(spinup_days=SPINUP_DAYS)
LAST = DATES[-1].item()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Labelled in one go; read only."""
    store = make(tmp_path_factory.mktemp("labels") / "store")
    shutil.copytree(store.path, store.path.with_name("blank"))
    outcome = simulate(store, SETTINGS, shard_columns=16)
    assert outcome.finished and outcome.columns == outcome.simulated and outcome.failed == 0
    return store


def fresh(store: Store, folder: Path) -> Store:
    """The same ground, without labels."""
    return Store.open(shutil.copytree(store.path.with_name("blank"), folder / "store"))


def results(store: Store) -> list[np.ndarray]:
    group = zarr.open_group(layout.labels_path(store), mode="r")
    return [np.asarray(group[name][...]) for name in ("theta", "failed", "mass_error_cm", "units", "unit_of_column")]


def same(first: Store, second: Store) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(results(first), results(second), strict=True))


def test_every_pixel_with_soil_is_labelled_and_no_other(store: Store) -> None:
    labels = Labels.open(store)
    np.testing.assert_array_equal(labels.units(HERE) >= 0, labelled())
    for depth_cm in labels.depths_cm:
        np.testing.assert_array_equal(np.isfinite(labels.theta(depth_cm, LAST, HERE)), labelled())
    assert labels.attributes["pixels"] == {"labelled": int(labelled().sum()), "no_texture": 600, "bad_texture": 600,
                                           "no_soil": 600, "no_weather": 0, "assumed_cover": 600, "bad_retention": 0}


@pytest.mark.parametrize(("step", "fallow"), [(1, False), (5, True)])
def test_a_pixels_label_is_the_simulation_of_its_own_texture_cover_and_cells(
        store: Store, tmp_path: Path, step: int, fallow: bool) -> None:
    if (step, fallow) != (1, False):
        store = fresh(store, tmp_path)
        simulate(store, LabelSettings(step, fallow, SPINUP_DAYS))
    labels = Labels.open(store)
    # corners, a cell's centre, between cells, one pixel a quarter and a cover, assumed cover, all of the last cell
    for row, column in ((0, 0), (255, 255), (100, 200), (130, 77), (200, 300), (425, 430),
                        (511, 300), (511, 340), (511, 440), (511, 500)):
        expected = own_label(row, column, step=step, fallow=fallow)
        for depth, depth_cm in enumerate(labels.depths_cm):
            series = labels.series(depth_cm, HERE.column + column, HERE.row + row)
            np.testing.assert_allclose(series, expected[depth], atol=1.1e-5)
            seen = labels.theta(depth_cm, LAST, Window(HERE.column + column, HERE.row + row, 1, 1))[0, 0]
            assert seen == pytest.approx(series[-1], abs=1e-6)


def test_windows_agree_and_end_at_the_store(store: Store) -> None:
    labels = Labels.open(store)
    whole = labels.theta(20.0, LAST, HERE)
    window = Window(HERE.column + 450, HERE.row - 10, 100, 200)
    part = labels.theta(20.0, LAST, window)
    np.testing.assert_allclose(part[10:, :62], whole[:190, 450:], rtol=1e-6)
    assert np.isnan(part[:10]).all() and np.isnan(part[:, 62:]).all()


def test_soil_is_that_of_the_snapped_texture(store: Store) -> None:
    soil = Labels.open(store).soil(HERE)
    sand, silt, clay = nearest_texture(np.array([19.0, 59.0, 20.0]), 1)
    assert soil.theta_s[100, 400] == pytest.approx(float(parameters(sand, silt, clay).theta_s), rel=1e-12)
    np.testing.assert_array_equal(np.isfinite(soil.vg_n), labelled())


def test_an_interrupted_run_is_refused_and_continues_to_the_same_bits(
        store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = fresh(store, tmp_path)
    begun: list[int] = []

    def stop_in_the_third_shard() -> bool:
        done = list((layout.labels_path(other) / "done").glob("*")) if layout.labels_path(other).exists() else []
        return len(done) == 2

    with pytest.raises(DeepSoilError, match="stopped") as stopped:
        simulate(other, SETTINGS, shard_columns=16, cancelled=stop_in_the_third_shard)
    assert stopped.value.code == "cancelled"
    # killed between the data and the mark: the shard counts for nothing
    with monkeypatch.context() as patch:
        patch.setattr(layout, "write_json", lambda path, document: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            simulate(other, SETTINGS, shard_columns=16)
    with pytest.raises(DeepSoilError, match=r"2 of \d+ parts") as unfinished:
        Labels.open(other)
    assert unfinished.value.code == "labels_unfinished" and "deepsoil simulate" in unfinished.value.hint
    monkeypatch.setattr(run, "simulate_columns", lambda *given, **named: begun.append(len(given[2]))
                        or simulate_columns(*given, **named))
    outcome = simulate(other, SETTINGS, shard_columns=16)
    assert outcome.finished and sum(begun) == outcome.simulated == outcome.columns - 32
    assert same(store, other)


def test_two_processes_that_share_the_work_make_what_one_makes(store: Store, tmp_path: Path) -> None:
    other = fresh(store, tmp_path)
    second = simulate(other, SETTINGS, shard_columns=16, share=(2, 2))
    assert not second.finished
    with pytest.raises(DeepSoilError, match="not finished"):
        Labels.open(other)
    first = simulate(other, SETTINGS, shard_columns=16, share=(1, 2))
    assert first.finished and first.simulated + second.simulated == first.columns
    assert same(store, other)


def test_a_column_that_fails_is_missing_and_counted_and_never_filled(
        store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = fresh(store, tmp_path)
    silty = parameters(*nearest_texture(np.array([19.0, 59.0, 20.0]), 1)).theta_s

    def failing(params: Any, *given: Any, **named: Any) -> Any:
        result = simulate_columns(params, *given, **named)
        result.failed[np.isclose(params.theta_s, silty, rtol=1e-9)] = True
        return result

    monkeypatch.setattr(run, "simulate_columns", failing)
    simulate(other, SETTINGS)
    labels = Labels.open(other)
    expected = labelled()
    expected[:256, 256:] = False  # the quarter with that texture
    np.testing.assert_array_equal(np.isfinite(labels.theta(20.0, DATES[0].item(), HERE)), expected)
    assert labels.attributes["failed"] == labels.failed.sum() > 0
    np.testing.assert_array_equal(labels.theta(20.0, LAST, HERE)[expected],
                                  Labels.open(store).theta(20.0, LAST, HERE)[expected])


def test_other_settings_are_refused_until_a_restart(store: Store, tmp_path: Path) -> None:
    other = fresh(store, tmp_path)
    simulate(other, LabelSettings(10, True, SPINUP_DAYS))
    with pytest.raises(DeepSoilError, match="texture_step 10 instead of 20") as refused:
        simulate(other, LabelSettings(20, True, SPINUP_DAYS))
    assert refused.value.code == "labels_differ" and "--restart" in refused.value.hint
    assert simulate(other, LabelSettings(20, True, SPINUP_DAYS), restart=True).finished
    assert (Labels.open(other).textures % 20 == 0).all()
    for share in ((0, 2), (3, 2)):
        with pytest.raises(DeepSoilError, match="no part"):
            simulate(other, SETTINGS, share=share)


@pytest.mark.parametrize(("number", "code"), [(errno.ENOSPC, "disk_full"), (errno.EROFS, "store_not_writable")])
def test_a_full_disk_and_a_read_only_store_are_said_and_finished_parts_stay(
        store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str) -> None:
    other = fresh(store, tmp_path)
    write = layout.Draft.write_shard

    def refuse(self: layout.Draft, shard: int, *given: Any) -> None:
        if shard == 1:
            raise OSError(number, "no")
        write(self, shard, *given)

    with monkeypatch.context() as patch:
        patch.setattr(layout.Draft, "write_shard", refuse)
        with pytest.raises(DeepSoilError) as error:
            simulate(other, SETTINGS, shard_columns=16)
    assert error.value.code == code
    outcome = simulate(other, SETTINGS, shard_columns=16)
    assert outcome.finished and outcome.simulated == outcome.columns - 16


def test_damaged_labels_are_named_and_may_be_made_anew(store: Store, tmp_path: Path) -> None:
    other = fresh(store, tmp_path)
    simulate(other, SETTINGS)
    file = layout.labels_path(other) / "theta" / "c" / "1" / "0" / "0"
    content = file.read_bytes()
    file.write_bytes(content[:300] + bytes(100) + content[400:])
    with pytest.raises(DeepSoilError, match="cannot be read") as error:
        Labels.open(other).theta(20.0, DATES[0].item(), HERE)
    assert error.value.code == "labels_damaged" and "--restart" in error.value.hint
    file.unlink()
    with pytest.raises(DeepSoilError, match="part 1 of 1"):
        Labels.open(other)
    simulate(other, SETTINGS, restart=True)
    assert np.array_equal(results(other)[0], results(store)[0])
