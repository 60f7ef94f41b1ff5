"""Tuning by Hyperband (Optuna): trials of a study whose storage is a file, so that processes on several nodes share it.

What a trial tries depends on the seed and the trial's number only: the same here and on Slurm, in whatever order. When
Hyperband stops a trial depends on which others have reported by then. A trial that was killed goes on from its
checkpoint, with the same settings; Optuna counts the killed attempt as failed.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import optuna
import yaml
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend, JournalFileOpenLock
from optuna.trial import FrozenTrial, TrialState

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.table_cells import guarded_row
from deepsoil.io import atomic
from deepsoil.training.train import Progress, Say, Training
from deepsoil.training.tuning_configuration import Tuning

STORAGE = "study.log"
NUMBER, SETTINGS = "number", "tuning"  # attributes of a trial and of the study
ENDED = (TrialState.COMPLETE, TrialState.PRUNED)


@dataclass(frozen=True)
class Trials:
    """The trials of a tuning, whose study is kept in ``folder``."""

    tuning: Tuning
    folder: Path
    say: Say = print

    def study(self, seed: int = 0) -> optuna.Study:
        """The study, made if it is not there. Raises ``study_differs`` or ``study_damaged``."""
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self.folder / STORAGE
        try:
            # Locked by a file that only one process can create: that works on shared disks too.
            storage = JournalStorage(JournalFileBackend(str(file), lock_obj=JournalFileOpenLock(str(file))))
            others = set(optuna.get_all_study_names(storage)) - {self.tuning.name}
            if others:
                raise self._differs(f"of the study {min(others)!r}")
            study = optuna.create_study(
                study_name=self.tuning.name, storage=storage, load_if_exists=True, direction="minimize",
                sampler=optuna.samplers.RandomSampler(seed=seed),
                pruner=optuna.pruners.HyperbandPruner(
                    self.tuning.hyperband.least_epochs, self.tuning.example().schedule.all_epochs,
                    self.tuning.hyperband.reduction))
            known = study.user_attrs.get(SETTINGS)
        except (ValueError, KeyError, TypeError) as error:
            raise DeepSoilError("study_damaged", "The storage {path} of a study cannot be read: {error}.",
                                "Choose another output folder, or delete the file to start again.", "output",
                                path=file, error=str(error)[:200]) from error
        mine = json.dumps(self.tuning.model_copy(update={"trials": 1}).model_dump(mode="json"), sort_keys=True)
        if known is None:
            study.set_user_attr(SETTINGS, mine)
        elif known != mine:
            raise self._differs("of the same name with other settings")
        return study

    def run(self, number: int, runs: Path, columns: Path, report: Progress | None = None,
            cancelled: Callable[[], bool] = lambda: False) -> bool:
        """Run the trial ``number``, from 0, in a folder of its own in ``runs``; False if it was stopped before its end.

        A trial that has ended is not run again. Simulated columns are kept in ``columns``.
        """
        study = self.study(seed=1_000_003 * self.tuning.seed + number)
        mine = [one for one in study.get_trials(deepcopy=False) if one.user_attrs.get(NUMBER) == number]
        if any(one.state in ENDED for one in mine):
            return True
        for killed in mine:
            if killed.state == TrialState.RUNNING:
                study.tell(killed.number, state=TrialState.FAIL)
        trial = study.ask()
        trial.set_user_attr(NUMBER, number)
        values = {name: searched.suggest(trial, name) for name, searched in sorted(self.tuning.search.items())}
        configuration = self.tuning.configuration(number, values)
        self.say(f"{configuration.name}: " + ", ".join(f"{name} {value:.4g}" if isinstance(value, float) else
                                                       f"{name} {value}" for name, value in values.items()))
        pruned = False

        def epoch_ended(row: dict[str, float]) -> None:
            nonlocal pruned
            error = row["validation_mae"]
            trial.report(error if math.isfinite(error) else 1.0, int(row["epoch"]) + 1)
            pruned = trial.should_prune()

        training = Training(configuration, runs / configuration.name, self.say, report, lambda: pruned or cancelled(),
                            columns=columns, on_epoch=epoch_ended)
        for row in training.folder.curves():
            epoch_ended(row)
        training.trainer.run()
        errors = [row["validation_mae"] for row in training.folder.curves() if math.isfinite(row["validation_mae"])]
        if pruned:
            study.tell(trial, state=TrialState.PRUNED)
        elif training.trainer.epoch < configuration.schedule.all_epochs:
            return False  # stopped by the user: it goes on later
        elif errors:
            study.tell(trial, min(errors))
        else:
            study.tell(trial, state=TrialState.FAIL)
        self.say(f"{configuration.name}: " + ("stopped by Hyperband" if pruned else
                                              f"validation MAE {min(errors, default=math.nan):.4f} m3/m3"))
        return True

    def write_results(self, folder: Path) -> list[Path]:
        """``trials.csv``, and ``best.yaml``, the training of the best complete trial if there is one; the files."""
        trials = self._latest()
        names = sorted(self.tuning.search)
        text = io.StringIO()
        table = csv.writer(text, lineterminator="\n")
        table.writerow(["trial", "state", "epochs", "validation_mae", *names])
        for number, trial in sorted(trials.items()):
            table.writerow(guarded_row([number, trial.state.name.lower(), len(trial.intermediate_values),
                            _best(trial), *(trial.params.get(name) for name in names)]))
        written = [folder / "trials.csv"]
        atomic.write_text(written[0], text.getvalue())
        complete = [number for number, trial in trials.items() if trial.state == TrialState.COMPLETE]
        if complete:
            best = min(complete, key=lambda number: (trials[number].value, number))
            configuration = self.tuning.configuration(best, trials[best].params)
            written.append(folder / "best.yaml")
            atomic.write_text(written[1], yaml.safe_dump(configuration.resolved(), sort_keys=False, allow_unicode=True))
        return written

    def text(self) -> str:
        """The best trial and how many there are."""
        trials = self._latest()
        states = [trial.state for trial in trials.values()]
        said = f"{states.count(TrialState.COMPLETE)} trials complete, {states.count(TrialState.PRUNED)} stopped early"
        complete = [(trial.value, number) for number, trial in trials.items() if trial.state == TrialState.COMPLETE]
        if not complete:
            return said
        error, number = min(complete)  # type: ignore[type-var]
        return f"{said}; the best is trial {number} with a validation MAE of {error:.4f} m3/m3: {trials[number].params}"

    def _latest(self) -> dict[int, FrozenTrial]:
        """By number the last attempt of every trial."""
        return {trial.user_attrs[NUMBER]: trial for trial in self.study().get_trials(deepcopy=False)
                if NUMBER in trial.user_attrs}

    def _differs(self, what: str) -> DeepSoilError:
        return DeepSoilError("study_differs", "{path} holds the trials {what}.",
                             "Choose another output folder, or delete it to start again.", "output",
                             path=self.folder / STORAGE, what=what)


def _best(trial: FrozenTrial) -> float | None:
    return round(min(trial.intermediate_values.values()), 6) if trial.intermediate_values else None
