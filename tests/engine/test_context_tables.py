"""Where only the neighbourhood says what the label is, the U-Net learns it and a network of single pixels cannot."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml
from deepsoil.contract.errors import DeepSoilError
from deepsoil.depths import DEPTHS
from deepsoil.experiments.context_plan import is_context_plan, read_plan
from deepsoil.experiments.context_tables import ContextTables, scores
from deepsoil.sample.windows import MEAN, product_of

ROOT = Path(__file__).parents[2]
CHANNELS = DEPTHS[20].channels


def write(path: Path, seed: int) -> None:
    """Windows of 16 x 16 pixels whose θ follows the first channel three pixels to the left."""
    x = np.random.default_rng(seed).random((48, len(CHANNELS), 16, 16)).astype(np.float16)
    truth = (0.1 + 0.3 * np.roll(x[:, 0], 3, axis=2)).astype(np.float32)
    truth[:, :, :3] = np.nan
    soil = np.broadcast_to(np.array([0.05, 0.45, 0.02, 1.4, 20.0], np.float32)[:, None, None, None], (5, 48, 16, 16))
    with path.open("wb") as file:
        np.savez(file, x=x, product=truth, truth=truth, soil=soil, channels=np.array(CHANNELS), depth_cm=np.array(20))


def plan(folder: Path, **changes: object) -> Path:
    for number, name in enumerate(("train.npz", "test.npz")):
        write(folder / name, number)
    path = folder / "plan.yaml"
    path.write_text(yaml.safe_dump({
        "experiment": "context", "name": "tiny", "title": "Tiny", "train": ["train.npz"], "test": ["test.npz"],
        "base": str(ROOT / "resources" / "training" / "deepsoil-20cm.yaml"), "steps": 60, "epochs": 2,
        "learning_rate": 0.02, "networks": {"U-Net": {"kind": "light_unet", "width": 8},
                                            "pixels": {"kind": "light_pixels", "width": 8}}} | changes))
    return path


def test_the_table_says_who_looks_around(tmp_path: Path) -> None:
    path = plan(tmp_path)
    assert is_context_plan(path) and not is_context_plan(ROOT / "resources" / "training" / "deepsoil-20cm.yaml")
    said: list[str] = []
    table = ContextTables(read_plan(path), tmp_path / "out", 1, said.append).run()
    rows = {row[0]: row[1:] for row in table.rows}
    around, pixels = rows["U-Net"], rows["pixels"]
    assert around[3].mean > 0.5 > 0.2 > abs(pixels[3].mean), "r within a window"
    assert around[4].mean > 1e-4 and pixels[4].mean == 0, "the change with the surroundings"
    assert "s a step" in said[0] and (tmp_path / "out" / "context.md").is_file()


def test_the_shipped_plan_is_whole_and_a_typo_is_named(tmp_path: Path) -> None:
    assert is_context_plan(ROOT / "resources" / "training" / "tables-context.yaml")
    with pytest.raises(DeepSoilError, match="stepz: is not a setting"):
        read_plan(plan(tmp_path, stepz=3))
    with pytest.raises(DeepSoilError, match=r"not there: .*lost\.npz"):
        read_plan(plan(tmp_path, test=["lost.npz"]))
    other = read_plan(plan(tmp_path, base=str(ROOT / "resources" / "training" / "deepsoil-5cm.yaml")))
    with pytest.raises(DeepSoilError, match="not those of a network for 5 cm"):
        ContextTables(other, tmp_path / "out", 1, print)


def test_scores_within_windows_do_not_know_the_level() -> None:
    truth = np.random.default_rng(0).random((3, 8, 8)).astype(np.float32)
    truth[0, :2] = np.nan
    level = np.array([0.1, -0.2, 0.3], np.float32)[:, None, None]
    found = scores(truth + level, truth)
    assert found["MAE within a window"] < 1e-6 and found["r within a window"] > 0.999999
    assert found["MAE"] == pytest.approx((0.1 * 48 + 0.2 * 64 + 0.3 * 64) / 176, abs=1e-6)


def test_the_product_keeps_the_water_and_errs_as_said() -> None:
    truth = np.array([[MEAN, MEAN + 0.1], [np.nan, MEAN - 0.1]], np.float32)
    plain = product_of(truth, np.zeros((2, 2)), 0.0)
    np.testing.assert_allclose(plain, [[0.2, 0.28], [np.nan, 0.12]], atol=1e-6)
    assert product_of(truth, np.ones((2, 2)), 1.0)[0, 0] == pytest.approx(0.33, abs=1e-6)
