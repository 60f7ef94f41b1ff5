"""Maps by the networks of several clusters: no seam where they meet, the same in any windows, and what is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import cluster_tools
import numpy as np
import onnx
import pytest
from deepsoil.contract.clusters import Clusters
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.model import METADATA_KEY, ClusterPart
from deepsoil.grid import TILE, Window
from deepsoil.inference.blended import BlendedModel, blended
from deepsoil.inference.cluster_field import REACH, ClusterField
from deepsoil.inference.point_series import point_series
from deepsoil.inference.predict import predict_window, run_network
from deepsoil.inputs import coverage
from deepsoil.inputs.cluster_of_tile import nearest
from deepsoil.inputs.stack import Stack
from deepsoil.models.library import Model
from deepsoil.networks.export import export_random
from deepsoil.store.store import Store
from deepsoil.store.writer import StoreWriter
from deepsoil.training.clusters import fit_clusters
from deepsoil.training.extents import extents_of

DAY = date(2022, 6, 1)
HERE = cluster_tools.HERE


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Ground that changes smoothly from west to east: what steps a map has come from the models."""
    path = tmp_path_factory.mktemp("smooth") / "region"
    store = StoreWriter.create(path, name="smooth", title="Smooth", window=HERE, synthetic=True)
    across = np.broadcast_to(np.linspace(0, 1, HERE.width, dtype=np.float32), HERE.shape)
    for name, values in {"sand": 70 - 40 * across, "silt": 20 + 20 * across, "clay": 10 + 20 * across,
                         "elevation": 300 + 200 * across}.items():
        store.write_static(name, values, "made up")
    west, south, east, north = HERE.bounds_lonlat
    for name, values in cluster_tools.weather().items():
        if name != "smap":
            store.write_coarse(name, cluster_tools.DATES, np.array([(west + east) / 2]),
                               np.array([(south + north) / 2]), values[:, :, :1], "made up")
    return Store.open(coverage.finish(store).path)


@pytest.fixture(scope="module")
def clusters(region: Store) -> Clusters:
    return fit_clusters(extents_of(region, "grid"), 2)


@pytest.fixture(scope="module")
def models(clusters: Clusters, tmp_path_factory: pytest.TempPathFactory) -> list[Model]:
    folder, names = tmp_path_factory.mktemp("models"), ["one", "two"]
    for number, name in enumerate(names, 1):
        path = export_random(folder / f"{name}.onnx", 20, seed=number, kind="light_pixels")
        contract = Model.open(path).contract
        part = ClusterPart(number=number, clusters=clusters.without_extents(), models=names)
        file = onnx.load(path)
        onnx.helper.set_model_props(file, {
            METADATA_KEY: contract.model_copy(update={"name": name, "cluster": part}).to_json()})
        onnx.save(file, path)
    return [Model.open(folder / f"{name}.onnx") for name in names]


def border_of(region: Store, clusters: Clusters) -> int:
    """The first column of pixels in the eastern cluster."""
    row = HERE.row // TILE + 4
    tiles = [(HERE.column // TILE + number, row) for number in range(HERE.width // TILE)]
    numbers = [number for number, _ in ClusterField(region, clusters).of_tiles(tiles).values()]
    changes = np.flatnonzero(np.diff(numbers))
    assert len(changes) == 1, "the clusters meet once"
    return int(changes[0] + 1) * TILE


def test_where_clusters_meet_a_map_has_no_step_larger_than_inside(region: Store, clusters: Clusters,
                                                                  models: list[Model]) -> None:
    stack = Stack(region, models[0].contract.channel_uses())
    x, valid = stack.read(DAY, HERE)
    alone = [run_network(model, x[None])[0] for model in models]
    border = border_of(region, clusters)
    jump = np.abs(alone[0] - alone[1])[:, border].max()
    inside = max(np.abs(np.diff(theta, axis=1)).max() for theta in alone)
    assert jump > 10 * inside, "taking the nearest cluster's network would leave a step here"
    theta = predict_window(models[0], stack, DAY, HERE)
    assert valid.all() and np.isfinite(theta).all()
    steps = np.abs(np.diff(theta, axis=1)).max(axis=0)
    apart = np.abs(alone[0] - alone[1]).max()
    assert steps.max() <= inside + apart / ((2 * REACH + 1) * TILE) + 1e-6
    assert steps[border - 1] <= np.sort(steps)[-20], "the border is no special place"
    shares = ClusterField(region, clusters).shares(HERE)
    np.testing.assert_allclose(shares.sum(axis=0), 1, atol=1e-6)
    far = (REACH + 2) * TILE
    own = clusters_in_order(shares, border)
    np.testing.assert_array_equal(theta[:, :border - far], alone[own[0]][:, :border - far])
    np.testing.assert_array_equal(theta[:, border + far:], alone[own[1]][:, border + far:])


def clusters_in_order(shares: np.ndarray, border: int) -> tuple[int, int]:
    """Index of the western and of the eastern cluster."""
    return int(shares[:, 0, 0].argmax()), int(shares[:, 0, -1].argmax())


def test_the_same_map_from_every_model_in_any_windows_and_as_a_series(region: Store, models: list[Model]) -> None:
    stack = Stack(region, models[0].contract.channel_uses())
    whole = predict_window(models[0], stack, DAY, HERE)
    np.testing.assert_array_equal(predict_window(models[1], stack, DAY, HERE), whole)
    for column, row, width, height in ((430, 30, 101, 77), (600, 300, 33, 190), (0, 0, 64, 64)):
        window = Window(HERE.column + column, HERE.row + row, width, height)
        np.testing.assert_allclose(predict_window(models[0], stack, DAY, window), whole[window.slices_in(HERE)],
                                   atol=2e-6)
    rows, columns = np.array([100, 400]), np.array([500, 900])
    longitudes, latitudes = (axis[i] for axis, i in zip(HERE.lonlat_centres(), (columns, rows), strict=True))
    series = point_series(models[1], stack, [DAY], longitudes, latitudes, 1)
    np.testing.assert_allclose(series[:, 0], whole[rows, columns], atol=2e-6)


def test_what_a_map_should_tell_of_its_tiles(region: Store, clusters: Clusters, models: list[Model]) -> None:
    model = blended(models[0], region)
    assert isinstance(model, BlendedModel) and blended(model, region) is model
    wide = clusters.model_copy(update={"reach": [9.0, 9.0]})
    assert BlendedModel(models[0], models, ClusterField(region, wide)).warnings([HERE]) == []
    near = clusters.model_copy(update={"reach": [0.05, 0.05]})
    told = BlendedModel(models[0], models, ClusterField(region, near)).warnings([HERE])
    assert [warning.code for warning in told] == ["cluster_far"] and "'one'" in told[0].message
    values = np.array([[feature.mean for feature in clusters.features]])
    values[0, 0] = np.nan
    assert nearest(clusters, values)[0].tolist() == [0]
    outside = Window(HERE.column - 10 * TILE, HERE.row, TILE, TILE)
    assert np.isnan(ClusterField(region, clusters).shares(outside)).all()


def test_models_that_are_not_together_are_refused(region: Store, clusters: Clusters, models: list[Model],
                                                  tmp_path: Path) -> None:
    (tmp_path / "one.onnx").write_bytes(models[0].path.read_bytes())
    with pytest.raises(DeepSoilError, match="one") as caught:
        blended(Model.open(tmp_path / "one.onnx"), region)
    assert caught.value.code == "cluster_model_missing"
    export_random(tmp_path / "two.onnx", 20, kind="light_pixels")
    with pytest.raises(DeepSoilError) as caught:
        blended(Model.open(tmp_path / "one.onnx"), region)
    assert caught.value.code == "cluster_models_differ"
