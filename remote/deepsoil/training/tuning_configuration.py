"""The configuration of a tuning: the training, what is searched, and Hyperband; an unknown key is an error."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import Field, ValidationError, model_validator

from deepsoil.contract.errors import DeepSoilError
from deepsoil.io import yaml_files
from deepsoil.training.configuration import Configuration, invalid, parse_configuration, read_configuration
from deepsoil.training.configuration_columns import Strict

if TYPE_CHECKING:
    import optuna

Value = bool | int | float | str


class Searched(Strict):
    """What a setting may be: one of ``choices``, or a number from ``low`` to ``high`` (whole if both are), evenly or
    evenly in its logarithm (``log``)."""

    choices: list[Value] | None = Field(default=None, min_length=2)
    low: int | float | None = None
    high: int | float | None = None
    log: bool = False

    @model_validator(mode="after")
    def _one_way(self) -> Searched:
        if (self.choices is None) == (self.low is None or self.high is None):
            raise ValueError("give either choices, or low and high")
        if self.low is not None and self.high is not None and (self.low >= self.high or (self.log and self.low <= 0)):
            raise ValueError("low must be below high, and above 0 with log")
        return self

    def suggest(self, trial: optuna.Trial, name: str) -> Value:
        """The value of a trial."""
        if self.choices is not None:
            chosen = trial.suggest_categorical(name, self.choices)
            assert chosen is not None
            return chosen
        assert self.low is not None and self.high is not None
        if isinstance(self.low, int) and isinstance(self.high, int):
            return trial.suggest_int(name, self.low, self.high, log=self.log)
        return trial.suggest_float(name, self.low, self.high, log=self.log)


class Hyperband(Strict):
    """Li et al. (2018): trials in brackets, and in each the worse ones stop after 1, ``reduction``, ``reduction``² …
    times ``least_epochs``."""

    least_epochs: int = Field(default=1, ge=1)
    reduction: int = Field(default=3, ge=2)


class Tuning(Strict):
    """``training``: a configuration, by its path relative to this file's folder, or whole. ``changes`` and ``search``:
    by the dotted name of a setting (``schedule.learning_rate``); the first are the same in every trial."""

    name: str = Field(pattern=r"^\w[\w .+()-]{0,79}$")
    training: str | dict[str, Any]
    trials: int = Field(default=12, ge=1, le=1000)
    seed: int = Field(default=0, ge=0)
    hyperband: Hyperband = Hyperband()
    changes: dict[str, Any] = Field(default={})
    search: dict[str, Searched] = Field(min_length=1)

    def trial_name(self, number: int) -> str:
        return f"{self.name}-trial{number:02d}"

    def configuration(self, number: int, values: dict[str, Value]) -> Configuration:
        """The training of a trial. DeepSoilError ``configuration_invalid``, which names the setting."""
        assert isinstance(self.training, dict)
        document: Any = self.training
        for name, value in {**self.changes, **values, "name": self.trial_name(number)}.items():
            document = _changed(document, name.split("."), value, name)
        return parse_configuration(document, self.name)

    def example(self) -> Configuration:
        """The training of a trial at the lower ends of what is searched."""
        return self.configuration(0, {name: _example(searched) for name, searched in self.search.items()})


def read_tuning(path: Path) -> Tuning:
    """A tuning from YAML, with the whole training in it; its first trial is checked.

    Raises DeepSoilError ``configuration_missing`` or ``configuration_invalid`` (names the field).
    """
    try:
        data, _ = yaml_files.load(yaml_files.read_text(path))
    except FileNotFoundError as error:
        raise DeepSoilError("configuration_missing", "There is no tuning {path}.",
                            "Give the path of a YAML file, e.g. resources/training/tune-20cm.yaml.",
                            path=path) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DeepSoilError("configuration_invalid", "{path} is not YAML: {error}", "Correct the file.",
                            path=path, error=error) from error
    tuning = parse_tuning(data, str(path))
    if isinstance(tuning.training, str):
        training = read_configuration(path.parent / tuning.training)
        tuning = tuning.model_copy(update={"training": training.resolved()})
    tuning.example()
    return tuning


def parse_tuning(data: object, source: str) -> Tuning:
    """A tuning from plain data. Raises DeepSoilError ``configuration_invalid``."""
    try:
        return Tuning.model_validate(data)
    except ValidationError as error:
        raise invalid(error, source) from error


def _example(searched: Searched) -> Value:
    value = searched.choices[0] if searched.choices is not None else searched.low
    assert value is not None
    return value


def _changed(document: Any, path: list[str], value: Any, name: str) -> dict[str, Any]:
    """A copy of a document with one setting changed. A part that is not there is begun."""
    if document is None:
        document = {}
    if not isinstance(document, dict):
        raise DeepSoilError("configuration_invalid", "{source}: {setting}: {what}.", "Correct the name of the setting.",
                            name, source="search", setting=name, what="is no part of a configuration")
    inner = value if len(path) == 1 else _changed(document.get(path[0]), path[1:], value, name)
    return {**document, path[0]: inner}
