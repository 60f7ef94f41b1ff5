"""What a neighbourhood is worth: networks with and without it, trained on the same windows, scored on unseen truth.

The windows come from `deepsoil sample --windows`: the networks learn from a dense product with errors and are scored
against the truth of other regions on other days, which they never see.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from deepsoil.contract.errors import DeepSoilError
from deepsoil.evaluation.table_files import Cell, Spread, Tabular
from deepsoil.experiments.context_plan import ContextPlan
from deepsoil.soil.retention import VanGenuchten
from deepsoil.training.batches import Batch, complete
from deepsoil.training.loop import Trainer, predict
from deepsoil.training.run_folder import RunFolder

Array = NDArray[np.float32]

TIMED_STEPS = 3
VALIDATION = 8  # windows whose error is written to the curves; they choose nothing
KEPT_PIXELS = 4  # round a pixel, where the rest is replaced
_METRICS = ("MAE", "RMSE", "MAE within a window", "r within a window")


@dataclass(frozen=True)
class Windows:
    """Windows of several files: input (N, C, P, P), labels and truth (N, P, P) m³/m³, soil (N, P, P)."""

    x: NDArray[np.float16]
    product: Array
    truth: Array
    soil: VanGenuchten

    @classmethod
    def read(cls, files: Sequence[Path], channels: Sequence[str], depth_cm: int) -> Windows:
        """DeepSoilError ``configuration_invalid`` for windows of another depth or other channels."""
        parts = []
        for file in files:
            with np.load(file) as found:
                if tuple(found["channels"]) != tuple(channels) or int(found["depth_cm"]) != depth_cm:
                    raise DeepSoilError("configuration_invalid", "The windows {file} are not those of a network for "
                                        "{depth_cm} cm.", "Make them again with `deepsoil sample REGION --windows`.",
                                        "train", file=file, depth_cm=depth_cm)
                parts.append([found[name] for name in ("x", "product", "truth", "soil")])
        x, product, truth = (np.concatenate([part[k] for part in parts]) for k in range(3))
        return cls(x, product, truth, VanGenuchten(*np.concatenate([part[3] for part in parts], 1)))

    def batch(self, which: NDArray[np.int64]) -> Batch:
        """Chosen windows, labelled with the product."""
        return Batch(self.x[which].astype(np.float32), self.product[which], complete(self.soil[which]))

    def draw(self, key: Sequence[int], batch: int, size: int) -> Batch:
        """Whole windows, chosen by the key; ``size`` is theirs."""
        return self.batch(np.random.default_rng(list(key)).integers(len(self.x), size=batch))


def scores(predicted: Array, truth: Array) -> dict[str, float]:
    """Errors in m³/m³ over all pixels; within a window: after its mean error is taken off, and the median of r."""
    error = predicted.astype(np.float64) - truth
    within = error - np.nanmean(error, axis=(1, 2), keepdims=True)
    known = np.isfinite(truth)
    r = [float(np.corrcoef(one[here], other[here])[0, 1])
         for one, other, here in zip(predicted, truth, known, strict=True) if here.any() and np.ptp(one[here]) > 0]
    return dict(zip(_METRICS, (float(np.nanmean(np.abs(error))), float(np.sqrt(np.nanmean(error**2))),
                               float(np.nanmean(np.abs(within))), float(np.median(r)) if r else float("nan")),
                    strict=True))


class ContextTables:
    """Trains every network of a plan with every seed under ``output`` and prints the comparison."""

    def __init__(self, plan: ContextPlan, output: Path, seeds: int, say: Callable[[str], None]) -> None:
        self.plan, self.output, self.seeds, self.say = plan, output, range(seeds), say
        first = plan.configuration(next(iter(plan.networks)), 0, 64)
        self.train, self.test = (Windows.read(files, first.channels, first.depth_cm)
                                 for files in (plan.train, plan.test))
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")

    def run(self) -> Tabular:
        """The table of scores; its rows with two networks are paired by seed."""
        begun = time.monotonic()
        self.output.mkdir(parents=True, exist_ok=True)
        found: dict[str, list[dict[str, float]]] = {}
        for name in self.plan.networks:
            self.say(f"{name}: {self._seconds_a_step(name):.2f} s a step, {self.plan.steps} steps, "
                     f"{len(self.seeds)} seeds")
        for seed in self.seeds:
            for name in self.plan.networks:
                found.setdefault(name, []).append(self._score(name, seed))
        table = self._table(found)
        table.write(self.output, "context")
        self.say(f"\n{table.markdown()}\nIn {(time.monotonic() - begun) / 60:.0f} minutes.")
        return table

    def _trainer(self, name: str, seed: int, folder: str) -> Trainer:
        configuration = self.plan.configuration(name, seed, self.train.x.shape[-1])
        run = RunFolder.open(self.output / "runs" / folder, configuration)
        return Trainer(configuration, run, self.train, [self.train.batch(np.arange(VALIDATION))], self.device)

    def _seconds_a_step(self, name: str) -> float:
        """Of forward, loss, backward and optimiser on this computer, now."""
        network = self._trainer(name, 0, f"{name}-seed0").network
        batch = self.train.draw((0,), self.plan.batch, self.train.x.shape[-1])
        x, begun = torch.from_numpy(batch.x).to(self.device), time.monotonic()
        for _ in range(TIMED_STEPS):
            network(x).square().mean().backward()
        return (time.monotonic() - begun) / TIMED_STEPS

    def _score(self, name: str, seed: int) -> dict[str, float]:
        trainer = self._trainer(name, seed, f"{name}-seed{seed}")
        network = trainer.run()
        row = scores(self._predict(network, self.test.x.astype(np.float32)), self.test.truth)
        row["change"] = self._change(network)
        shown = ", ".join(f"{key} {value:.4f}" for key, value in row.items())
        self.say(f"{name}, seed {seed}: {trainer.seconds():.0f} s, {shown}")
        return row

    def _predict(self, network: nn.Module, x: Array) -> Array:
        return predict(network, x, self.device, batch=16)

    def _change(self, network: nn.Module) -> float:
        """Mean |change of θ| in the middle when another window is put beyond ``KEPT_PIXELS``."""
        x = self.test.x.astype(np.float32)
        other, middle = np.roll(x, 1, axis=0), x.shape[-1] // 2
        kept = slice(middle - KEPT_PIXELS, middle + KEPT_PIXELS + 1)
        other[:, :, kept, kept] = x[:, :, kept, kept]
        before, after = (self._predict(network, one)[:, middle, middle] for one in (x, other))
        return float(np.abs(after - before).mean())

    def _table(self, found: dict[str, list[dict[str, float]]]) -> Tabular:
        columns = (*_METRICS, "change")
        reference = next(iter(found))
        rows: list[tuple[Cell, ...]] = [
            (name, *(_spread([one[key] for one in some]) for key in columns)) for name, some in found.items()]
        rows += [(f"{reference} − {name}, paired by seed",
                  *(_spread([a[key] - b[key] for a, b in zip(found[reference], some, strict=True)]) for key in columns))
                 for name, some in found.items() if name != reference]
        mean = np.full_like(self.test.truth, np.nanmean(self.train.product))
        for name, predicted in (("mean of the product in training", mean), ("the product itself", self.test.product)):
            known = scores(predicted, self.test.truth)
            rows.append((name, *(known[key] for key in _METRICS), None))
        return Tabular(f"SYNTHETIC regions, known truth. {self.plan.title}, m3/m3",
                       ("network", *_METRICS, f"change, r = {KEPT_PIXELS}"), rows,
                       (f"{len(self.train.x)} windows to learn from, {len(self.test.x)} unseen ones; {self.plan.steps} "
                        f"steps of {self.plan.batch} windows; ± standard deviation over {len(self.seeds)} seeds. "
                        f"Change: mean change of θ where another window is put beyond {KEPT_PIXELS} pixels.",))


def _spread(values: Sequence[float]) -> Spread:
    deviation = float(np.std(values, ddof=1)) if len(values) > 1 else float("nan")
    return Spread(float(np.mean(values)), deviation, len(values))
