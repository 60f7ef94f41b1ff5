"""Scores of a network on held-out patches, with the baselines, as plain rows and as a printed table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.model import Metric
from deepsoil.training.baselines import fitted, trivial_tables
from deepsoil.training.column_tables import ColumnTables
from deepsoil.training.configuration import Configuration
from deepsoil.training.patches import MISSING_GROUPS, Patches, PatchMaker
from deepsoil.training.splits import Parts, split_dates

Array = NDArray[np.float32]
Predict = Callable[[Array], Array]

SCORING = 13  # first word of the random keys
BATCH, PATCH = 32, 32
NETWORK = "this network"
IRRIGATED = "unseen weather, irrigated"
REFERENCE = "soil-column simulation (Richards), not measurements"


@dataclass(frozen=True)
class SimulationScore:
    """Errors in m3/m3 over ``pixels`` labelled pixels of one held-out set."""

    held_out: str
    model: str
    pixels: int
    mae: float
    rmse: float
    bias: float
    r2: float


def score(held_out: str, model: str, predicted: Iterable[Array], observed: Sequence[Array]) -> SimulationScore:
    """Score of predictions against labels, ignoring NaN labels."""
    pairs = [(p[np.isfinite(o)], o[np.isfinite(o)]) for p, o in zip(predicted, observed, strict=True)]
    p, o = (np.concatenate(part).astype(np.float64) for part in zip(*pairs, strict=True))
    error = p - o
    return SimulationScore(held_out, model, len(o), float(np.abs(error).mean()),
                           float(np.sqrt(np.square(error).mean())), float(error.mean()),
                           float(1 - np.square(error).sum() / np.square(o - o.mean()).sum()))


@dataclass(frozen=True)
class HeldOut:
    """A named set of patches not used in training."""

    name: str
    maker: PatchMaker
    trivial: dict[str, Array]
    free_textures: bool = False

    def patches(self, seed: int, batches: int) -> list[Patches]:
        return [self.maker.draw((seed, SCORING, number), BATCH, PATCH, self.free_textures)
                for number in range(batches)]


def parts_of(configuration: Configuration, dates: NDArray[np.datetime64]) -> Parts:
    """Of dates of any shape. If stations are held out, the columns are split by blocks of dates."""
    split = configuration.split
    return split_dates(_dates_kind(configuration), dates, split.block_days, split.gap_days, split.seed)


def _dates_kind(configuration: Configuration) -> Literal["blocked", "paper"]:
    return "paper" if configuration.split.kind == "paper" else "blocked"


def held_out_sets(configuration: Configuration, tables: ColumnTables, fills: dict[str, float]) -> list[HeldOut]:
    """Test dates, whole years of unseen weather, textures off the lattice, and input without optional channels.

    Only in the last one are channels missing.
    """
    step, depth = configuration.simulation.lattice_step, configuration.depth_cm

    def maker(table_name: str, days: NDArray[np.bool_], missing: dict[str, float]) -> PatchMaker:
        return PatchMaker(getattr(tables, table_name), depth, configuration.channels, step, days, missing, fills)

    parts = parts_of(configuration, tables.training.dates)
    test_dates = maker("training", parts.test, {})
    unseen, all_days = tables.unseen_weather, np.ones(tables.unseen_weather.dates.shape, bool)
    watered = np.array([run.water is not None for run in unseen.runs])[:, None]
    weather, irrigated = (maker("unseen_weather", all_days & chosen, {}) for chosen in (~watered, watered))
    other_parts = parts_of(configuration, tables.unseen_textures.dates)
    textures = maker("unseen_textures", other_parts.test, {})
    bare = maker("training", parts.test, dict.fromkeys(MISSING_GROUPS, 1.0))
    kind = f"{_dates_kind(configuration)} test dates"
    trivial = trivial_tables(test_dates, parts.train, test_dates, same_place=True)
    of_weather = trivial_tables(test_dates, parts.train, weather, same_place=False)
    return [HeldOut(kind, test_dates, trivial),
            HeldOut("unseen weather", weather, of_weather),
            *([HeldOut(IRRIGATED, irrigated, of_weather)] if watered.any() else []),
            HeldOut("unseen textures", textures, trivial_tables(textures, other_parts.train, textures, True), True),
            HeldOut("required channels only", bare, trivial)]


def score_all(configuration: Configuration, tables: ColumnTables, fills: dict[str, float], training: PatchMaker,
              network: Predict) -> list[SimulationScore]:
    """Every held-out set with the network and all baselines."""
    models = {NETWORK: network} | fitted(training, configuration.seed, configuration.scoring.pixel_network_steps)
    rows = []
    for held_out in held_out_sets(configuration, tables, fills):
        patches = held_out.patches(configuration.seed, configuration.scoring.batches)
        observed = [p.theta for p in patches]
        rows += [score(held_out.name, name, [model(p.x) for p in patches], observed) for name, model in models.items()]
        rows += [score(held_out.name, name, [p.look_up(table) for p in patches], observed)
                 for name, table in held_out.trivial.items()]
    return rows


def table(rows: Sequence[SimulationScore]) -> str:
    """A table for printing and for the model card (Markdown)."""
    lines = ["| held out | model | MAE | RMSE | bias | R² |", "|---|---|---|---|---|---|"]
    lines += [f"| {row.held_out} | {row.model} | {row.mae:.4f} | {row.rmse:.4f} | {row.bias:+.4f} | {row.r2:.3f} |"
              for row in rows]
    return "\n".join(lines)


TRIVIAL = ("climatology", "persistence 7 d", "mean of texture and cover")


def contract_metrics(rows: Sequence[SimulationScore]) -> list[Metric]:
    """MAE and RMSE of each held-out set beside the best trivial baseline of that set."""
    metrics = []
    for name in dict.fromkeys(row.held_out for row in rows):
        here = {row.model: row for row in rows if row.held_out == name}
        best = min((here[model] for model in TRIVIAL), key=lambda row: row.mae)
        for metric in ("mae", "rmse"):
            metrics.append(Metric(name=metric.upper(), value=round(getattr(here[NETWORK], metric), 5), unit="m3/m3",
                                  reference=REFERENCE, split=name, baseline=best.model,
                                  baseline_value=round(getattr(best, metric), 5)))
    return metrics
