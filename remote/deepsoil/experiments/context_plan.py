"""The plan of the comparison of networks with and without their neighbourhood: one strict YAML file. No torch."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from deepsoil.contract.errors import DeepSoilError
from deepsoil.io import yaml_files
from deepsoil.training.configuration import Configuration, NetworkChoice, invalid, parse_configuration, read_settings


class ContextPlan(BaseModel):
    """``base``: a training configuration, of which depth, channels and loss are used. ``train`` and ``test``: files of
    `deepsoil sample --windows`. Paths are relative to the plan's folder. ``networks``: what is compared with the first
    one, by name. Every network has the same batches."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    experiment: Literal["context"]
    name: str = Field(pattern=r"^\w[\w .+()-]{0,99}$")
    title: str
    base: Path
    train: list[Path] = Field(min_length=1)
    test: list[Path] = Field(min_length=1)
    networks: dict[str, NetworkChoice] = Field(min_length=2)
    steps: int = Field(gt=0)
    epochs: int = Field(default=10, gt=0)
    batch: int = Field(default=8, gt=0)
    learning_rate: float = Field(default=0.003, gt=0)

    def configuration(self, network: str, seed: int, patch: int) -> Configuration:
        """The training of one network: plain, without a warm start, all its blocks learn."""
        data = read_settings(self.base).resolved() | {
            "name": f"{self.name}-{network}", "title": self.title, "seed": seed, "warm_start": None,
            "supervision": None, "split": {"kind": "blocked"}, "network": self.networks[network].model_dump(),
            "schedule": {"epochs": self.epochs, "steps_per_epoch": max(1, self.steps // self.epochs),
                         "learning_rate": self.learning_rate, "averaging": 0.95, "keep": "last",
                         "stages": [{"share": 1.0, "patch": patch, "batch": self.batch}]}}
        return parse_configuration(data, str(self.base))


def is_context_plan(path: Path) -> bool:
    """Whether a file says ``experiment: context``. Unreadable files are left to those who read them."""
    try:
        data, _ = yaml_files.load(yaml_files.read_text(path))
    except (OSError, yaml.YAMLError, UnicodeDecodeError):
        return False
    return isinstance(data, dict) and data.get("experiment") == "context"


def read_plan(path: Path) -> ContextPlan:
    """A plan with absolute paths. DeepSoilError ``configuration_invalid``, which names the field."""
    data, _ = yaml_files.load(yaml_files.read_text(path))
    try:
        plan = ContextPlan.model_validate(data)
    except ValidationError as error:
        raise invalid(error, str(path)) from error
    folder = path.absolute().parent
    train, test = ([folder / one for one in some] for some in (plan.train, plan.test))
    for file in (*train, *test):
        if not file.is_file():
            raise DeepSoilError("configuration_invalid", "{plan} names windows that are not there: {file}.",
                                "Make them with `deepsoil sample REGION --windows FILE`.", "train",
                                plan=path, file=file)
    return plan.model_copy(update={"base": folder / plan.base, "train": train, "test": test})
