"""A whole training at the smallest size: labels, patches, loop, resume, scores, model file."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
import torch
import yaml
from deepsoil.contract.errors import DeepSoilError
from deepsoil.experiments.stand_in import scored
from deepsoil.models.library import Model
from deepsoil.networks.export import difference
from deepsoil.networks.light_unet import LightUNet
from deepsoil.networks.model_file import read_contract
from deepsoil.networks.surface_unet import SurfaceUNet
from deepsoil.training.column_tables import lattice, lattice_weights
from deepsoil.training.configuration import Configuration, parse_configuration, read_configuration
from deepsoil.training.initial_weights import PixelPath
from deepsoil.training.loop import TRAINING
from deepsoil.training.train import Training
from training_tools import settings, write_weather

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_weather(tmp_path_factory.mktemp("training"))


def configuration(root: Path, depth_cm: int) -> Configuration:
    return parse_configuration(settings(root, depth_cm), "test")


@pytest.fixture(scope="module", params=[20, 5])
def finished(root: Path, request: pytest.FixtureRequest) -> Training:
    training = Training(configuration(root, request.param), root / f"whole{request.param}", say=lambda line: None)
    training.run()
    return training


def test_training_leaves_a_model_that_says_what_it_is(finished: Training) -> None:
    contract = read_contract(finished.model_path)
    assert [channel.name for channel in contract.channels] == list(finished.configuration.channels)
    assert {metric.split for metric in contract.metrics} == {
        "blocked test dates", "unseen weather", "unseen textures", "required channels only"}
    assert contract.network.quantisation_error is not None and contract.network.quantisation_error < 0.002
    assert contract.training["configuration"]["simulation"]["lattice_step"] == 50
    assert str(finished.folder.path.parent) not in contract.to_json(), "no path of this machine in a model file"
    scores = json.loads((finished.folder.path / "metrics.json").read_text())["scores"]
    assert {row["model"] for row in scores} == {"this network", "climatology", "persistence 7 d", "linear regression",
                                               "mean of texture and cover", "per-pixel network"}


def test_a_model_file_stands_in_for_columns_as_its_training_says(finished: Training) -> None:
    rows = scored(finished.configuration, finished.tables, Model.open(finished.model_path))
    said = [row for row in json.loads((finished.folder.path / "metrics.json").read_text("utf-8"))["scores"]
            if row["model"] == "this network"]
    assert [(row.held_out, row.pixels) for row in rows] == [(row["held_out"], row["pixels"]) for row in said]
    assert all(row.mae == pytest.approx(one["mae"], rel=0.02) for row, one in zip(rows, said, strict=True))
    other = finished.configuration.model_copy(update={"depth_cm": 25 - finished.configuration.depth_cm})
    with pytest.raises(DeepSoilError) as caught:
        scored(other, finished.tables, Model.open(finished.model_path))
    assert caught.value.code == "model_depth"


def test_after_a_training_the_process_computes_as_before(finished: Training) -> None:
    smallest = np.finfo(np.float64).tiny
    assert finished.folder.curves() and np.array([smallest])[0] / 4 > 0, "denormal numbers have become zero"


def test_a_killed_training_ends_with_the_weights_of_an_uninterrupted_one(finished: Training, root: Path) -> None:
    folder = root / f"interrupted{finished.configuration.depth_cm}"
    Training(finished.configuration, folder, say=lambda line: None).trainer.run(until_epoch=2)
    (folder / "curves.jsonl").open("a").write(json.dumps({"epoch": 2, "seconds": 0.0}) + "\n")  # died before checkpoint
    torch.rand(7)  # the global generator has moved on
    second = Training(finished.configuration, folder, say=lambda line: None)
    assert second.trainer.epoch == 2
    second.trainer.run()
    one, other = (t.folder.load("checkpoint.pt")["network"] for t in (finished, second))
    assert all(torch.equal(one[name], other[name]) for name in one)
    curves = [[{k: v for k, v in row.items() if k != "seconds"} for row in t.folder.curves()]
              for t in (finished, second)]
    assert curves[0] == curves[1] and len(curves[0]) == 4


def test_a_run_folder_of_another_training_is_refused(finished: Training) -> None:
    other = finished.configuration.model_copy(update={"seed": 5})
    with pytest.raises(DeepSoilError, match="another setting of 'seed'"):
        Training(other, finished.folder.path)


def test_patches_are_physical_and_filled_where_channels_are_missing(finished: Training) -> None:
    maker = finished.training
    patches = maker.draw((0, TRAINING, 1), 64, 16)
    assert np.isfinite(patches.x).all() and patches.x.min() >= 0 and patches.x.max() <= 1
    theta = patches.theta[np.isfinite(patches.theta)]
    assert theta.size > 0.8 * patches.theta.size and theta.min() > 0.02 and theta.max() < 0.6
    again = maker.draw((0, TRAINING, 1), 64, 16)
    assert np.array_equal(patches.x, again.x) and np.array_equal(patches.theta, again.theta, equal_nan=True)
    assert not np.array_equal(maker.draw((0, TRAINING, 2), 64, 16).x, patches.x)
    if "smap" in maker.channels:
        plane = patches.x[:, maker.channels.index("smap")]
        filled = (plane == np.float32(maker.fills["smap"])).all((1, 2))
        assert 10 < filled.sum() < 54


def test_training_and_test_days_never_meet(finished: Training) -> None:
    from deepsoil.training.scores import held_out_sets

    test = held_out_sets(finished.configuration, finished.tables, finished.fills)[0].maker
    days = [finished.tables.training.dates[tuple(m.run_day.T)] for m in (finished.training, test)]
    assert len(days[1]) and np.abs(days[0][:, None] - days[1][None, :]).min() > np.timedelta64(30, "D")


@pytest.mark.parametrize("kind", [LightUNet, SurfaceUNet])
def test_a_warm_start_begins_as_the_per_pixel_path(kind: type[LightUNet | SurfaceUNet]) -> None:
    torch.manual_seed(0)
    network = kind(width=8)
    torch.nn.init.normal_(network.head.weight)  # drawn weights alone hardly move theta
    path = PixelPath(network)
    x = torch.rand(2, network.encoder1[0].in_channels, 16, 16)
    path.train()
    for _ in range(5):
        path(x)
    path.transplant()
    network.eval()
    path.eval()
    with torch.no_grad():
        assert torch.allclose(network(x), path(x), atol=1e-6) and path(x).std() > 1e-3
    network(x).sum().backward()
    assert all(target.weight.grad.abs().amax((2, 3)).gt(0).any() for target in path.targets), "the rest can learn"


@pytest.mark.parametrize("kind", [LightUNet, SurfaceUNet])
def test_gradients_of_a_warm_start_reach_every_level(kind: type[LightUNet | SurfaceUNet]) -> None:
    torch.manual_seed(0)
    network = kind(width=8)
    torch.nn.init.normal_(network.head.weight)
    PixelPath(network).transplant(0.1)
    network.train()
    network(torch.rand(2, network.encoder1[0].in_channels, 64, 64)).square().sum().backward()
    blind = [name for name, weight in network.named_parameters() if not weight.grad.abs().max() > 0]
    assert not blind, f"no gradient reaches {blind}"


@pytest.mark.parametrize("depth_cm", [5, 20])
def test_a_warm_start_trains_all_of_a_network_of_single_pixels(root: Path, depth_cm: int) -> None:
    plain = settings(root, depth_cm)
    kind = {"kind": "surface_pixels" if depth_cm == 5 else "light_pixels", "width": 4}
    starts = []
    for steps in (1, 3):
        changed = parse_configuration(plain | {"network": kind, "warm_start": {"steps": steps, "pixels": 64}}, "test")
        training = Training(changed, root / f"pixels{depth_cm}-{steps}", say=lambda line: None)
        training.trainer._start()
        starts.append(dict(training.trainer.network.named_parameters()))
    assert all(not torch.equal(starts[0][name], starts[1][name]) for name in starts[0])
    x = training.validation.draw((0,), 4, 16).x
    model = training.run()
    assert read_contract(model).halo == 0 and difference(training.trainer.averaged, model, x) < 1e-4


def test_lattice_interpolation_returns_the_texture_itself() -> None:
    texture = np.random.default_rng(0).dirichlet([0.6, 0.6, 0.6], 2000).astype(np.float32) * 100
    texture[:3] = [[100, 0, 0], [0, 100, 0], [0, 0, 100]]
    for step in (5, 10, 50):
        rows, weights = lattice_weights(texture[:, 0], texture[:, 1], step)
        assert weights.min() >= -1e-6 and np.allclose(weights.sum(0), 1)
        assert np.abs((lattice(step)[rows] * weights[..., None]).sum(0) - texture).max() < 1e-3


@pytest.mark.parametrize(("change", "words"), [
    ({"colour": 1}, "colour: is not a setting"),
    ({"seed": "many"}, "seed"),
    ({"network": {"kind": "light_unet", "bounding": "soil"}}, "needs theta_r"),
    ({"schedule": {"epochs": 1, "steps_per_epoch": 1, "learning_rate": 0.1,
                   "stages": [{"share": 1, "patch": 20, "batch": 1}]}}, "no multiple of 8"),
    ({"schedule": {"epochs": 1, "steps_per_epoch": 1, "learning_rate": 0.1, "trained": "full_resolution",
                   "stages": [{"share": 1, "patch": 64, "batch": 1}]}}, "set schedule.trained to all"),
])
def test_a_wrong_configuration_names_the_field(root: Path, change: dict, words: str) -> None:
    with pytest.raises(DeepSoilError, match=words):
        parse_configuration(settings(root, 20) | change, "test.yaml")


def test_missing_weather_says_where_it_was_looked_for(root: Path) -> None:
    plain = configuration(root, 20)
    elsewhere = plain.model_copy(update={"weather": plain.weather.model_copy(update={"root": "/nowhere"})})
    with pytest.raises(DeepSoilError, match=r"/nowhere/plain\.csv"):
        Training(elsewhere, root / "lost")


def test_the_shipped_configurations_are_valid_and_share_their_columns() -> None:
    from deepsoil.training.column_tables import digest

    folder = REPOSITORY / "resources" / "training"
    pixels = [read_configuration(path) for path in sorted(folder.glob("*pixels*.yaml"))]
    assert len(pixels) == 8 and len({digest(one) for one in pixels}) == 1
    shipped = [read_configuration(folder / f"deepsoil-{depth}cm.yaml") for depth in (5, 20)]
    assert [c.depth_cm for c in shipped] == [5, 20]
    assert digest(shipped[0]) == digest(shipped[1])
    stored = yaml.safe_load(yaml.safe_dump(shipped[0].resolved()))
    assert parse_configuration(stored, "again") == shipped[0]


def test_perturbed_weather_keeps_its_calendar(finished: Training) -> None:
    run = finished.tables.training.runs[0]
    wetter = run.perturbed(1.5, 2.0, 1.0)
    assert np.allclose(wetter.precipitation, 1.5 * run.precipitation) and (wetter.pet > run.pet).all()
    assert dataclasses.replace(wetter, name=run.name).dates is run.dates
