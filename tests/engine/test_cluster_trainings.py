"""Trainings of clusters: what each learns from, the same weights wherever it runs, and from its part of the store."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import cluster_tools
import numpy as np
import pytest
import yaml
from deepsoil.channels import ChannelUse
from deepsoil.cli import main
from deepsoil.contract.errors import DeepSoilError
from deepsoil.depths import DEPTHS
from deepsoil.inputs.extents import extent_tiles, tile_of, window_of
from deepsoil.jobs.kind import Context
from deepsoil.kinds.registry import find_kind
from deepsoil.networks.model_file import read_contract
from deepsoil.store.store import Store
from deepsoil.training.cluster_trainings import ExtentWindows, expanded
from deepsoil.training.configuration import Configuration, parse_configuration
from deepsoil.training.station_patches import StationInputs
from tasks_tools import configuration, planned, training, weather, weights_hash, winner

TIMEOUT_S = 300.0


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return weather(tmp_path_factory.mktemp("weather"))


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return cluster_tools.make(tmp_path_factory.mktemp("trainings") / "region")


def document(ground: Path, region: Path, **changes: Any) -> dict[str, Any]:
    """A whole training that takes seconds, of the stations of a region."""
    return configuration(ground, "halves", epochs=2, steps_per_epoch=2, keep="last") | {
        "supervision": {"region": str(region), "simulated_share": 0.3}, "split": {"kind": "none"},
        "clusters": {"count": 2}, **changes}


TRAIN = """
import sys, torch
from pathlib import Path
from deepsoil.training.configuration import read_configuration
from deepsoil.training.train import Training

torch.set_num_threads(1)  # as the tasks below have: sums of several threads differ in the last bits
Training(read_configuration(Path(sys.argv[1])), Path(sys.argv[2]), print).trainer.run()
"""


def here(configuration: Configuration, run: Path) -> str:
    """The weights of a training in a process of its own, without scores, as `weights_hash`."""
    run.parent.mkdir()
    file = run.parent / "configuration.yaml"
    file.write_text(yaml.safe_dump(configuration.resolved()))
    subprocess.run([sys.executable, "-c", TRAIN, str(file), str(run)], check=True, timeout=TIMEOUT_S)
    (run.parent / "task" / "work").mkdir(parents=True)
    shutil.copytree(run, run.parent / "task" / "work" / run.name)
    return weights_hash(run.parent / "task")


def test_each_cluster_is_a_training_that_knows_all_and_learns_from_its_own(ground: Path, region: Store) -> None:
    first, second = expanded([parse_configuration(document(ground, region.path), "here")])
    assert (first.name, second.name) == ("halves-cluster1", "halves-cluster2")
    assert first.cluster is not None and second.cluster is not None and first.clusters is None
    assert first.cluster.models == second.cluster.models == ["halves-cluster1", "halves-cluster2"]
    assert parse_configuration(json.loads(json.dumps(first.resolved())), "a task") == first
    uses = [ChannelUse(name, 0.5, False) for name in DEPTHS[20].channels]
    mine = np.array([any(name in extent.stations for extent in first.cluster.clusters.of(1))
                     for name in region.stations().ids])
    inputs = StationInputs.read(region, uses, 20, only=mine)
    assert 0 < mine.sum() < mine.size
    assert np.isfinite(inputs.observed[mine]).any(axis=1).all() and np.isnan(inputs.observed[~mine]).all()
    windows, rng = ExtentWindows(region.window, second.cluster), np.random.default_rng(1)
    allowed = {tile for extent in second.cluster.clusters.of(2) for tile in extent_tiles(tile_of(extent.quadkey))}
    drawn = [windows.draw(rng, 32) for _ in range(200)]
    assert all(set(window.tiles()) <= allowed for window in drawn)
    assert {window.column // 64 for window in drawn} == {tile[0] for tile in allowed if region.window.contains(
        window_of(tile))}


def test_held_out_stations_make_no_clusters_and_a_configuration_is_refused_by_its_field(ground: Path, region: Store,
                                                                                        ) -> None:
    split = {"kind": "leave_station_out", "folds": 6, "distance_km": 0}
    one, *_ = expanded([parse_configuration(document(ground, region.path, split=split), "here")])
    assert one.cluster is not None
    extents = one.cluster.clusters.extents
    assert 6 <= sum(not extent.training for extent in extents) < len(extents) == 18
    for changes, field in (({"clusters": {"cuont": 2}}, "clusters.cuont"), ({"clusters": {"most": 1}}, "clusters.most"),
                           ({"supervision": None, "split": {"kind": "blocked"}}, None)):
        with pytest.raises(DeepSoilError) as caught:
            parse_configuration(document(ground, region.path, **changes), "here")
        assert caught.value.code == "configuration_invalid" and caught.value.field == field
    small = parse_configuration(document(ground, region.path, clusters={"count": 2, "minimum_extents": 12}), "here")
    with pytest.raises(DeepSoilError) as caught:
        expanded([small])
    assert caught.value.code == "too_few_extents"


def test_as_tasks_here_and_from_parts_alone_the_weights_are_the_same(ground: Path, region: Store, tmp_path: Path,
                                                                    ) -> None:
    home = Context(tmp_path / "home", None, None, find_kind)  # type: ignore[arg-type]
    job, plan = planned(home, training([document(ground, region.path)]))
    assert [task.title for task in plan.tasks] == ["halves-cluster1", "halves-cluster2"]
    said = {"SLURM_ARRAY_JOB_ID": "71", "SLURM_CPUS_PER_TASK": "1"}
    for index in range(2):
        done = subprocess.run([sys.executable, "-P", "-m", "deepsoil", "run-task", str(job.path), "--attempt", "1"],
                              env={**os.environ, **said, "SLURM_ARRAY_TASK_ID": str(index)}, timeout=TIMEOUT_S,
                              check=False)
        assert done.returncode == 0
    as_tasks = [weights_hash(winner(job, index)) for index in range(2)]
    assert as_tasks[0] != as_tasks[1], "each learnt from stations of its own"
    run = winner(job, 1) / "work" / "halves-cluster2"
    kept = read_contract(run / "halves-cluster2.onnx").cluster
    assert kept is not None and kept.number == 2 and not kept.clusters.extents
    assert json.loads((run / "clusters.json").read_text())["centroids"] == kept.clusters.centroids

    _, second = expanded([parse_configuration(document(ground, region.path), "here")])
    assert here(second, tmp_path / "here" / "halves-cluster2") == as_tasks[1], "the same on this computer"

    whole = tmp_path / "whole"
    shutil.copytree(region.path, whole)
    clusters, parts = tmp_path / "clusters.json", tmp_path / "nodes"
    assert main(["clusters", str(whole), str(clusters), "--count", "2"]) == 0
    assert main(["store", "split", str(whole), str(parts), "--clusters", str(clusters)]) == 0
    shutil.rmtree(whole)
    shutil.rmtree(parts / "cluster-1")
    alone = document(ground, whole, clusters={"file": str(clusters), "parts": str(parts)})
    _, second = expanded([parse_configuration(alone, "here")])
    assert second.supervision is not None and second.supervision.region == str(parts / "cluster-2")
    assert here(second, tmp_path / "alone" / "halves-cluster2") == as_tasks[1], "and from its part of the store"
    lost, _ = expanded([parse_configuration(alone, "here")])
    with pytest.raises(DeepSoilError) as caught:
        StationInputs.read(Store.open(parts / "cluster-2"), [], 20, only=np.array(
            [any(name in extent.stations for extent in lost.cluster.clusters.of(1))  # type: ignore[union-attr]
             for name in region.stations().ids]))
    assert caught.value.code == "tile_elsewhere"
