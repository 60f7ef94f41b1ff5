"""How well model files stand in for the soil columns of a training configuration, on days and weather held out of it.

    python -m deepsoil.experiments.stand_in resources/training/columns-pixels-20cm.yaml MODEL.onnx [MODEL.onnx …]

So models that learnt from other columns can be compared on the same ones. The columns are taken from ``--columns`` or
simulated there (some minutes). A model sees what it needs for missing channels: its own fill values.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from deepsoil.contract.errors import DeepSoilError
from deepsoil.evaluation.table_files import Cell, Tabular
from deepsoil.inference.predict import run_network
from deepsoil.models.library import Model
from deepsoil.training.column_tables import ColumnTables, load_tables
from deepsoil.training.configuration import Configuration, read_configuration
from deepsoil.training.scores import SimulationScore, held_out_sets, score


def scored(configuration: Configuration, tables: ColumnTables, model: Model) -> list[SimulationScore]:
    """Errors of a model file on every held-out set of the columns.

    DeepSoilError ``model_depth`` where the model is of another depth or has another input.
    """
    uses = model.contract.channel_uses()
    if model.contract.depth_cm != configuration.depth_cm or [use.name for use in uses] != [*configuration.channels]:
        raise DeepSoilError("model_depth", "The model '{model}' has not the depth and the input of {name}.",
                            "Give the configuration of its depth.", "models", model=model.id, name=configuration.name)
    rows = []
    for held_out in held_out_sets(configuration, tables, {use.name: use.fill for use in uses}):
        patches = held_out.patches(configuration.seed, configuration.scoring.batches)
        predicted = [run_network(model, patch.x, threads=1, halo=0) for patch in patches]
        rows.append(score(held_out.name, model.id, predicted, [patch.theta for patch in patches]))
    return rows


def table(rows: Sequence[SimulationScore]) -> Tabular:
    """MAE, RMSE, bias and R² by held-out set and model."""
    cells: list[tuple[Cell, ...]] = [(row.held_out, row.model, row.mae, row.rmse, row.bias, row.r2) for row in rows]
    return Tabular("As a stand-in for the soil columns, m3/m3", ("held out", "model", "MAE", "RMSE", "bias", "R²"),
                   cells)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("configuration", type=Path, help="training configuration of the columns")
    parser.add_argument("models", type=Path, nargs="+", help="model files of its depth")
    parser.add_argument("--columns", type=Path, default=Path("build") / "training", help="folder of simulated columns")
    arguments = parser.parse_args()
    configuration = read_configuration(arguments.configuration)
    tables = load_tables(configuration, arguments.columns, lambda done, total: print(f"soil columns {done}/{total}"))
    found = [scored(configuration, tables, Model.open(path)) for path in arguments.models]
    print(table([row for rows in zip(*found, strict=True) for row in rows]).markdown())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
