"""One training from configuration to model file: labels, patches, loop, scores, export."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import nn

import deepsoil
from deepsoil.contract.model import Met, Metric
from deepsoil.contract.text import Text
from deepsoil.networks.export import difference, make_contract, write_model
from deepsoil.store.store import Store
from deepsoil.training import distributed
from deepsoil.training.batches import DailySource, Labelled
from deepsoil.training.card import card
from deepsoil.training.column_tables import ColumnTables, load_tables
from deepsoil.training.configuration import Configuration
from deepsoil.training.held_out import FILE, held_out_csv
from deepsoil.training.loop import Trainer, predict
from deepsoil.training.met import met_of, with_met
from deepsoil.training.patches import PatchMaker
from deepsoil.training.run_folder import RunFolder
from deepsoil.training.scores import contract_metrics, parts_of, score_all, table
from deepsoil.training.station_patches import StationInputs
from deepsoil.training.station_scores import held_out_metrics, station_scores
from deepsoil.training.supervision import Supervised

FILLS = 9  # first word of the random keys of the patches for the fill values
VALIDATION = 11  # and of those for the validation errors
VALIDATION_BATCHES, VALIDATION_BATCH, VALIDATION_PATCH = 8, 32, 32
EXPORT_EVERY_EPOCHS = 5
LABELS = "theta of simulated soil columns (Richards equation, Rosetta 3 parameters)"

Say = Callable[[str], None]
Progress = Callable[[int, int, str], None]


def fill_values(table: ColumnTables, configuration: Configuration, days: NDArray[np.bool_]) -> dict[str, float]:
    """Normalised mean of every channel over training patches in which nothing is missing."""
    maker = PatchMaker(table.training, configuration.depth_cm, configuration.channels,
                       configuration.simulation.lattice_step, days, {})
    means = [maker.draw((configuration.seed, FILLS, n), 256, 16).x.mean((0, 2, 3), dtype=np.float64) for n in range(8)]
    return {name: round(float(value), 4) for name, value in zip(configuration.channels, np.mean(means, 0), strict=True)}


class Training:
    """A training in its run folder; ``run`` may be called again after a stop."""

    def __init__(self, configuration: Configuration, output: Path, say: Say = print,
                 on_progress: Progress | None = None, cancelled: Callable[[], bool] = lambda: False,
                 inputs: StationInputs | None = None, columns: Path | None = None,
                 on_epoch: Callable[[dict[str, float]], None] | None = None) -> None:
        """``inputs``: the stations of the region, if already read.

        Simulated columns are kept in ``columns``, by default beside the run folder, so that trainings on the same
        columns share one simulation. ``on_epoch`` gets the row of the curves of every finished epoch.
        """
        self.on_epoch = on_epoch
        self.world = distributed.world()
        self.configuration = configuration
        self.say: Say = say if self.world.leads else lambda line: None
        self.on_progress = on_progress if self.world.leads else None
        self.complete = False
        self.folder = self.world.leader_first(lambda: RunFolder.open(output, configuration))
        self.model_path = output / f"{configuration.name}.onnx"
        self.cluster = configuration.cluster
        if self.cluster is not None and self.world.leads:
            self.folder.write_json("clusters.json", self.cluster.clusters.to_document())
        self.tables = self.world.leader_first(
            lambda: load_tables(configuration, columns or output.parent, self._simulated))
        parts = parts_of(configuration, self.tables.training.dates)
        self.fills = fill_values(self.tables, configuration, parts.train)
        self.training = self._maker(parts.train, configuration.mixed_weather)
        self.device = self.world.device()
        self.validation = self._maker(parts.validation, 0.0)
        self.supervised = None if configuration.supervision is None else \
            Supervised.of(configuration, self.training, self.fills, inputs)
        if self.supervised:
            self.say(self.supervised.inputs.text())
        source: DailySource = self.supervised.training if self.supervised else self.training
        monthly = configuration.schedule.monthly
        self.trainer = Trainer(configuration, self.folder, source, self._held_out(), self.device, self._epoch_ended,
                               self._start_advanced, cancelled, self.world,
                               source.months(monthly.least_days) if monthly else None)

    def _held_out(self) -> list[Labelled]:
        """The data that selects the weights to keep: stations if any, else the columns."""
        if self.supervised:
            return self.supervised.validation
        seed = self.configuration.seed
        return [self.validation.draw((seed, VALIDATION, n), VALIDATION_BATCH, VALIDATION_PATCH)
                for n in range(VALIDATION_BATCHES)]

    def _maker(self, days: NDArray[np.bool_], mixed_weather: float) -> PatchMaker:
        return PatchMaker(self.tables.training, self.configuration.depth_cm, self.configuration.channels,
                          self.configuration.simulation.lattice_step, days, self.configuration.missing, self.fills,
                          mixed_weather)

    def run(self) -> Path:
        """Train, score, export; the path of the model file. ``complete`` says whether it was finished.

        Of several processes only the first scores and exports.
        """
        network = self.trainer.run()
        if self.trainer.epoch < self.configuration.schedule.all_epochs:
            self.say(f"Stopped after epoch {self.trainer.epoch}; start again to continue.")
            return self.model_path
        self.complete = True
        if not self.world.leads:
            return self.model_path
        rows = score_all(self.configuration, self.tables, self.fills, self.training,
                         lambda x: predict(network, x, self.device))
        stations = station_scores(self.supervised, lambda x: predict(network, x, self.device)) \
            if self.supervised else []
        if self.supervised and (held_out := held_out_csv(self.supervised, self.configuration.depth_cm,
                                                         lambda x: predict(network, x, self.device))):
            self.folder.write_text(FILE, held_out)
        error = self.export(network, [*held_out_metrics(stations), *contract_metrics(rows)])
        seconds = self.trainer.seconds()
        parameters = sum(p.numel() for p in network.parameters())
        self.folder.write_json("metrics.json", {"scores": [asdict(row) for row in rows],
                                                "stations": [asdict(row) for row in stations],
                                                "quantisation_error": error, "training_seconds": seconds,
                                                "parameters": parameters})
        self.folder.write_text(f"{self.configuration.name}.md",
                               card(self.configuration, self.tables, rows, stations, error, parameters, seconds / 60,
                                    self.trainer.best_epoch()))
        self.say(table(rows))
        self.say(f"Largest difference of the 8-bit file to full precision: {error:.5f} m3/m3. "
                 f"Training took {seconds / 60:.0f} minutes. Model: {self.model_path}")
        return self.model_path

    def export(self, network: nn.Module, metrics: list[Metric]) -> float:
        """Write the model file; returns its largest difference from full precision over validation patches, m3/m3."""
        network = network.cpu()
        x = np.concatenate([self.validation.draw((self.configuration.seed, VALIDATION, n), 16, 64).x
                            for n in range(4)])
        # written twice: the contract contains the measured difference, which needs a file
        met = self.met()
        error = None
        for _ in range(2):
            contract = with_met(make_contract(
                network, name=self.configuration.name, title=self.configuration.title,
                version=self.configuration.version, depth_cm=self.configuration.depth_cm,
                channels=self.configuration.channels, fills=[self.fills[name] for name in self.configuration.channels],
                bounding=self.configuration.network.bounding, weights="int8", training=self._provenance(),
                metrics=metrics, code_version=deepsoil.__version__, quantisation_error=error,
                cluster=None if self.cluster is None else self.cluster.model_copy(
                    update={"clusters": self.cluster.clusters.without_extents()})), met)
            write_model(network, contract, self.model_path)
            error = error or difference(network, self.model_path, x)
        network.to(self.device)
        assert error is not None
        return error

    def met(self) -> dict[str, Met]:
        """What the network has met of each channel."""
        parts = parts_of(self.configuration, self.tables.training.dates)
        drawn = PatchMaker(self.tables.training, self.configuration.depth_cm, self.configuration.channels,
                           self.configuration.simulation.lattice_step, parts.train, {}, self.fills)
        choice = self.configuration.supervision
        return met_of(self.configuration, drawn, self.supervised.inputs if self.supervised else None,
                      choice is not None and Store.open(Path(choice.region)).synthetic)

    def _provenance(self) -> dict[str, Any]:
        simulation = self.configuration.simulation
        settings = self.configuration.resolved()
        settings["weather"].pop("root")  # a path on the training machine
        settings["cluster"] = None if self.cluster is None else self.cluster.number
        choice = self.configuration.supervision
        stations = "" if choice is None else \
            f", mixed with the stations of {Path(choice.region).name} (share of simulated batches " \
            f"{choice.simulated_share:g})"
        if choice is not None:
            settings["supervision"] |= {"region": Path(choice.region).name,
                                        "start": Path(choice.start).name if choice.start else None}
        return {"labels": LABELS + (stations or "; no station took part"),
                "weather": ", ".join(series.name for series in self.configuration.weather.series),
                "period": f"{simulation.period[0]} to {simulation.period[1]}", "seed": self.configuration.seed,
                "configuration": settings}

    def _simulated(self, done: int, total: int) -> None:
        if self.on_progress:
            self.on_progress(0, self.configuration.schedule.all_epochs,
                             Text("simulating soil columns, {done} of {total}", done=done, total=total))
        if done % 6 == 0 or done == total:
            self.say(f"soil columns {done}/{total}")

    def _start_advanced(self, done: int, total: int, loss: float) -> None:
        if self.on_progress:
            self.on_progress(0, self.configuration.schedule.all_epochs,
                             Text("per-pixel start, step {done} of {total}", done=done, total=total))
        if done % 500 == 0:
            self.say(f"per-pixel start {done}/{total}  loss {loss:.4f}")

    def _epoch_ended(self, done: int, total: int, row: dict[str, float]) -> None:
        if self.on_epoch:
            self.on_epoch(row)
        self.say(f"epoch {done}/{total}  data {row['data']:.3f}  suction {row['suction']:.4f}  bound {row['bound']:.5f}"
                 f"  validation MAE {row['validation_mae']:.4f} RMSE {row['validation_rmse']:.4f}"
                 f"  {row['seconds']:.0f} s")
        if self.on_progress:
            self.on_progress(done, total, Text("epoch {done} of {total}, error {error:.4f} m³/m³",
                                               done=done, total=total, error=row["validation_mae"]))
        if done % EXPORT_EVERY_EPOCHS == 1 and done < total:
            self.export(self.trainer.averaged, [])
