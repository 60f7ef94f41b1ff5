"""The plan of the 5 cm experiment on generated regions: one strict YAML file. No torch."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from deepsoil.channels import COVER_CLASSES
from deepsoil.contract.errors import DeepSoilError
from deepsoil.io import yaml_files
from deepsoil.training.configuration import Configuration, NetworkChoice, invalid, parse_configuration, read_settings
from deepsoil.training.configuration_columns import Strict
from deepsoil.training.configuration_schedule import StepDecay

EXPERIMENT = "regions"
MAIN = "tables"
PARTS = (MAIN, "water", "data_sets", "starts", "causes")
"""Table 3 with Figs. 5 and 8; Fig. 7; what each data set is worth; warm and random starts; where the error comes from.
"""

Labels = Literal["both", "product", "stations"]


class Variant(BaseModel):
    """One way to train (the paper's Fig. 5).

    ``labels``: of the data term: of ``both`` stations and product as Eq. 2, or of one alone.
    ``suction_of``: whose suction the prediction shall have (Eq. 4): nobody's (only the mean squared error counts), the
    ``product``'s everywhere, or the ``stations``', with the product's where there is none.
    ``rate_decay``: of the learning rate; without it the rate stays. ``weight_decay``: of the weight of the data term.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    labels: Labels = "both"
    suction_of: Literal["nobody", "product", "stations"] = "nobody"
    rate_decay: StepDecay | None = None
    weight_decay: StepDecay | None = None

    def learning_from(self, labels: Labels) -> Variant:
        """The same with other labels; without the product its suction counts no more either."""
        without = labels == "stations" and self.suction_of == "product"
        return self.model_copy(update={"labels": labels, "suction_of": "stations" if without else self.suction_of})


class OpenWater(Strict):
    """Fig. 7: what the networks of a ``variant`` say where labels are missing, and where inputs lack a water body.

    ``windows``: round open water, in each region that is never seen. ``hidden``: groups of land cover classes; for each
    there are trainings in which no pixel of these classes has a label, as water has none.
    """

    variant: str
    windows: int = Field(default=12, gt=0)
    hidden: dict[str, list[int]] = Field(default={})

    @field_validator("hidden")
    @classmethod
    def _codes(cls, hidden: dict[str, list[int]]) -> dict[str, list[int]]:
        known = {code for codes in COVER_CLASSES.values() for code in codes}
        for name, codes in hidden.items():
            if not codes or not known.issuperset(codes):
                raise ValueError(f"{name} is not a list of classes of land: {', '.join(map(str, sorted(known)))}")
        return hidden


class DataSets(Strict):
    """What every data set of the paper's Table 1 is worth to a ``variant``: its channels show their mean, at prediction
    alone, or with ``retrained`` also in trainings without it."""

    variant: str
    retrained: bool = False


class Starts(Strict):
    """Trainings of a ``variant`` from other weights than drawn ones, and with monthly means first (paper §3.2).

    ``columns``: a training configuration of simulated columns, which gives weights after ``pixel_steps`` of single
    pixels and ``column_steps`` of the whole network; the columns are kept in the folder ``columns_in``.
    ``monthly_share``: of the epochs, which the monthly means have; a month has ``least_days`` with a map of the
    product. ``steps``: lengths of the compared trainings.
    """

    variant: str
    columns: Path
    columns_in: Path
    pixel_steps: int = Field(default=1500, gt=0)
    column_steps: int = Field(default=240, gt=0)
    monthly_share: float = Field(default=0.5, gt=0, lt=1)
    least_days: int = Field(default=5, ge=1, le=28)
    steps: list[int] = Field(min_length=1)

    @field_validator("steps")
    @classmethod
    def _positive(cls, steps: list[int]) -> list[int]:
        if min(steps) < 1:
            raise ValueError("a training has at least one step")
        return steps


class Causes(Strict):
    """Trainings of a ``variant`` from readings, and from the truth at ever more pixels."""

    variant: str


class RegionsPlan(BaseModel):
    """``base``: a training configuration, of which depth, channels and soil are used. ``regions``: the folder of
    `deepsoil sample DIR --regions`. Paths are relative to the plan's folder.

    ``held_out``: regions that no training sees. Of the others, every ``one_station_in``-th station is held out too.
    Nothing is learnt from the scored year, nor from the ``gap_days`` before it. ``random_windows``: of each region that
    is learnt from, beside one window for each reading on a day with a map of the product. ``clusters``: the most
    clusters of extents, chosen by the silhouette; the variant ``clustered`` is trained for each of them with all steps.
    ``water``, ``data_sets``, ``starts`` and ``causes`` are parts of their own (``PARTS``).
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    experiment: Literal["regions"]
    name: str = Field(pattern=r"^\w[\w .+()-]{0,99}$")
    title: str
    base: Path
    regions: Path
    held_out: list[str] = Field(min_length=1)
    one_station_in: int = Field(default=4, ge=2)
    gap_days: int = Field(default=30, ge=0)
    network: NetworkChoice
    variants: dict[str, Variant] = Field(min_length=1)
    clustered: str | None = None
    clusters: int = Field(default=3, ge=2)
    random_windows: int = Field(default=250, gt=0)
    station_share: float = Field(default=0.5, gt=0, lt=1)
    station_weight: float = Field(default=10.0, gt=0)
    steps: int = Field(gt=0)
    epochs: int = Field(default=10, gt=0)
    batch: int = Field(default=8, gt=0)
    learning_rate: float = Field(default=0.003, gt=0)
    water: OpenWater | None = None
    data_sets: DataSets | None = None
    starts: Starts | None = None
    causes: Causes | None = None

    @property
    def parts(self) -> list[str]:
        """Those of ``PARTS`` that the plan has."""
        return [name for name in PARTS if name == MAIN or getattr(self, name) is not None]

    def configuration(self, variant: str, seed: int, patch: int, *, monthly_epochs: int = 0,
                      start: Path | None = None) -> Configuration:
        """The training of a variant: all its blocks learn, the last weights count.

        ``monthly_epochs`` of the epochs show monthly means. ``start``: the run folder whose weights it starts from.
        """
        chosen = self.variants[variant]
        for_ever = StepDecay(factor=0.5, epochs=self.epochs)
        last = 1.0 if chosen.suction_of == "nobody" else 0.1
        loss: dict[str, Any] = {"form": "pf", "first_data_weight": 1.0, "last_data_weight": last,
                                "weight_decay": chosen.weight_decay and chosen.weight_decay.model_dump()}
        data = read_settings(self.base).resolved() | {
            "name": f"{self.name}-{variant}", "title": self.title, "seed": seed, "warm_start": None,
            "supervision": start and {"region": str(self.regions), "start": str(start)},
            "split": {"kind": "blocked"}, "network": self.network.model_dump(), "loss": loss,
            "schedule": {"epochs": self.epochs - monthly_epochs,
                         "monthly": {"epochs": monthly_epochs} if monthly_epochs else None,
                         "steps_per_epoch": max(1, self.steps // self.epochs),
                         "learning_rate": self.learning_rate, "averaging": 0.95, "keep": "last",
                         "rate_decay": (chosen.rate_decay or for_ever).model_dump(),
                         "stages": [{"share": 1.0, "patch": patch, "batch": self.batch}]}}
        return parse_configuration(data, str(self.base))


def is_regions_plan(path: Path) -> bool:
    """Whether a file says ``experiment: regions``. Unreadable files are left to those who read them."""
    try:
        data, _ = yaml_files.load(yaml_files.read_text(path))
    except (OSError, yaml.YAMLError, UnicodeDecodeError):
        return False
    return isinstance(data, dict) and data.get("experiment") == EXPERIMENT


def read_regions_plan(path: Path) -> RegionsPlan:
    """A plan with absolute paths. DeepSoilError ``configuration_invalid``, which names the field."""
    data, _ = yaml_files.load(yaml_files.read_text(path))
    try:
        plan = RegionsPlan.model_validate(data)
    except ValidationError as error:
        raise invalid(error, str(path)) from error
    folder = path.absolute().parent
    plan = plan.model_copy(update={"base": folder / plan.base, "regions": (folder / plan.regions).resolve(),
                                   "starts": plan.starts and plan.starts.model_copy(update={
                                       "columns": folder / plan.starts.columns,
                                       "columns_in": (folder / plan.starts.columns_in).resolve()})})
    there = region_names(plan.regions)
    for name in plan.held_out:
        if name not in there:
            raise DeepSoilError("configuration_invalid", "{plan} holds out the region {name}, which is not in "
                                "{folder}.", "Build the regions with `deepsoil sample {folder} --regions`.",
                                "held_out", plan=path, name=name, folder=plan.regions)
    if len(there) <= len(plan.held_out):
        raise DeepSoilError("configuration_invalid", "{plan} holds out every region of {folder}: there is nothing to "
                            "learn from.", "Hold out fewer regions.", "held_out", plan=path, folder=plan.regions)
    named = {"clustered": plan.clustered, **{f"{part}.variant": getattr(plan, part).variant
                                            for part in plan.parts if part != MAIN}}
    for field, variant in named.items():
        if variant is not None and variant not in plan.variants:
            raise DeepSoilError("configuration_invalid", "{plan}: {setting} names the variant {variant}, which the "
                                "plan does not have.", "Name one of its variants.", field, plan=path, setting=field,
                                variant=variant)
    return plan


def region_names(folder: Path) -> list[str]:
    """The complete regions in a folder."""
    return sorted(one.stem for one in folder.glob("*.npz") if (folder / one.stem / "zarr.json").is_file())
