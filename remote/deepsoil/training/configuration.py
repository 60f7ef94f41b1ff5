"""The training configuration: one strict YAML file per training; an unknown key is an error."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field, ValidationError, field_validator, model_validator

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.model import ClusterPart
from deepsoil.depths import DEPTHS
from deepsoil.grid import TILE
from deepsoil.inputs.extents import SIDE
from deepsoil.io import yaml_files
from deepsoil.networks.registry import find_network, known_networks
from deepsoil.training.configuration_clusters import ClusterChoice
from deepsoil.training.configuration_columns import Simulation, Strict, WeatherChoice
from deepsoil.training.configuration_schedule import Schedule, StepDecay


class NetworkChoice(Strict):
    """``kind``: the name of a network in ``networks.registry``."""

    kind: str
    width: int = Field(default=64, gt=0)
    bounding: Literal["sigmoid", "relu", "soil"] = "sigmoid"
    dropout: float = Field(default=0.1, ge=0, lt=1)

    @field_validator("kind")
    @classmethod
    def _known(cls, kind: str) -> str:
        if kind not in known_networks():
            raise ValueError(f"there is no network {kind!r}; there are {', '.join(known_networks())}")
        return kind


class WarmStart(Strict):
    """Training of the per-pixel path before the whole network, see ``initial_weights``.

    ``below``: the share of their drawn values that the weights from the levels below start with, so that these learn;
    not used where ``schedule.trained`` is ``full_resolution``.
    """

    steps: int = Field(gt=0)
    pixels: int = Field(default=8192, ge=16)
    learning_rate: float = Field(default=0.005, gt=0)
    below: float = Field(default=0.1, ge=0, le=1)


class LossChoice(Strict):
    """``form``: ``pf`` compares log10 suction, ``paper`` suction over 15 000 cm. See ``losses``.

    ``soil``: whose retention curve the suction terms use: ``rosetta`` (of the texture), ``store`` (the region's own
    parameters, such as POLARIS's), ``auto``: as the paper, ``store`` at 5 cm where the region has them all, else
    ``rosetta``. Simulated labels always have the soil that they were simulated with.
    """

    form: Literal["pf", "paper"] = "pf"
    soil: Literal["auto", "rosetta", "store"] = "auto"
    weight_decay: StepDecay | None = None
    """Steps in which the data weight falls; None: linearly over all epochs."""
    first_data_weight: float = Field(default=1.0, gt=0, le=1)
    last_data_weight: float = Field(default=0.1, ge=0, le=1)
    bound_weight: float = Field(default=100.0, ge=0)
    suction_weight: float = Field(default=1.0, ge=0)
    theta_scale: float = Field(default=0.05, gt=0)


_KEEP_LAST = ("leave_year_out", "leave_station_and_year_out", "none")
"""Splits without validation data."""


class Split(Strict):
    """Held-out data, see ``splits``. The last four need ``supervision`` and hold out station days only.

    ``leave_station_out`` tests ``fold`` of ``folds``, ``leave_year_out`` the calendar year number ``fold``,
    ``leave_station_and_year_out`` the calendar year number ``year`` at the stations of ``fold`` (training has neither
    these stations nor this year, nor the ``gap_days`` before and after it, whose weather it shares), ``none`` nothing.
    The last three have no validation data and need ``schedule.keep: last``.
    """

    kind: Literal["blocked", "paper", "leave_station_out", "leave_year_out", "leave_station_and_year_out",
                  "none"] = "blocked"
    block_days: int = Field(default=30, ge=1)
    gap_days: int = Field(default=30, ge=0)
    folds: int = Field(default=5, ge=2)
    fold: int = Field(default=0, ge=0)
    year: int = Field(default=0, ge=0)
    distance_km: float = Field(default=10.0, ge=0)
    """Stations closer together than this are held out together."""
    seed: int = 0

    @property
    def of_stations(self) -> bool:
        """Whether only station days are held out, and simulated labels by blocks of dates."""
        return self.kind in ("leave_station_out", *_KEEP_LAST)

    @property
    def of_station_folds(self) -> bool:
        """Whether ``folds`` trainings together test every station."""
        return self.kind in ("leave_station_out", "leave_station_and_year_out")


class Supervision(Strict):
    """Station data in the training, mixed with simulated labels batch by batch (paper §4.4.2).

    ``region`` is a store with stations, relative to the configuration's folder unless absolute. A batch is simulated
    with the probability ``simulated_share`` (p of the paper), else it contains stations. ``simulated``: its labels are
    those of the columns on drawn patches, the region's own (`deepsoil simulate`), of which ``sampled`` uses only the
    paper's sample, or its HydroBlocks maps. Where it has such maps, they also label what lies around a station.
    ``start``: run folder of a training that provides the initial weights, in place of a warm start.
    """

    region: str
    simulated_share: float = Field(default=0.2, ge=0, le=1)
    simulated: Literal["columns", "region", "hydroblocks"] = "columns"
    sampled: bool = False
    station_window: int = Field(default=4, ge=1, le=16)
    station_weight: float = Field(default=10.0, gt=0)
    """The w of Eq. 2 of the pixels with a station's value; all others have 1."""
    start: str | None = None


class Scoring(Strict):
    """The amount of scoring: batches of 32 patches of 32 pixels per held-out set; steps of the per-pixel baseline."""

    batches: int = Field(default=16, gt=0)
    pixel_network_steps: int = Field(default=3000, gt=0)


class Configuration(Strict):
    """All settings of a training run."""

    name: str = Field(pattern=r"^\w[\w .+()-]{0,99}$")
    """Also of the run folder and the model file."""
    title: str
    version: str
    depth_cm: int
    seed: int = 0
    weather: WeatherChoice
    simulation: Simulation
    inputs: Literal["memory", "paper"] = "memory"
    """``paper``: the channels of the paper; ``memory``: those with the memory of the weather and land cover groups."""
    missing: dict[str, float] = Field(default={})
    """Share of the training patches in which a group of optional channels is missing (``patches.GROUPS``)."""
    mixed_weather: float = Field(default=0.75, ge=0, le=1)
    """Share of the training patches whose parcels have different days and sites of weather."""
    network: NetworkChoice
    warm_start: WarmStart | None = None
    supervision: Supervision | None = None
    clusters: ClusterChoice | None = None
    """One training for each cluster of extents, see ``cluster_trainings``."""
    cluster: ClusterPart | None = None
    """Of such a training: which cluster; filled in, never written by hand."""
    loss: LossChoice = LossChoice()
    split: Split = Split()
    schedule: Schedule
    scoring: Scoring = Scoring()

    @property
    def channels(self) -> tuple[str, ...]:
        depth = DEPTHS[self.depth_cm]
        return depth.paper_channels if self.inputs == "paper" else depth.channels

    @model_validator(mode="after")
    def _consistent(self) -> Configuration:
        if self.depth_cm not in DEPTHS:
            raise ValueError(f"there is no depth of {self.depth_cm} cm; choose one of {', '.join(map(str, DEPTHS))}")
        network = find_network(self.network.kind)
        for stage in self.schedule.stages:
            if stage.patch % network.multiple:
                raise ValueError(f"patches of {stage.patch} pixels are no multiple of {network.multiple}")
        if self.schedule.trained == "full_resolution" and any(one.patch >= TILE for one in self.schedule.stages):
            raise ValueError(f"patches of {TILE} pixels show the blocks below what they need: set schedule.trained to "
                             "all")
        alone = network.pixel_path or network.single_pixels
        if not network.pixel_path and ((self.warm_start and not alone) or self.schedule.trained == "full_resolution"):
            raise ValueError(f"no block of the network {network.name} can be trained alone: "
                             f"{'' if alone else 'leave out warm_start, and '}set schedule.trained to all")
        if self.network.bounding == "soil" and "theta_r" not in self.channels:
            raise ValueError(f"bounding 'soil' needs theta_r among the channels; the {self.depth_cm} cm stack has none")
        if self.supervision and self.supervision.simulated == "hydroblocks" and self.depth_cm != 5:
            raise ValueError(f"HydroBlocks is of the surface, 5 cm: at {self.depth_cm} cm set supervision.simulated to "
                             "columns or region")
        if (self.clusters or self.cluster) and self.supervision is None:
            raise ValueError("clusters are made of the extents of a supervision.region, and there is none")
        if (self.clusters or self.cluster) and any(one.patch > SIDE * TILE for one in self.schedule.stages):
            raise ValueError(f"with clusters patches lie inside extents of {SIDE * TILE} pixels: make stages smaller")
        if self.split.of_stations and self.supervision is None:
            raise ValueError(f"the split {self.split.kind} needs the stations of a supervision.region")
        if self.split.kind in _KEEP_LAST and self.schedule.keep != "last":
            raise ValueError(f"with the split {self.split.kind} nothing can choose the weights: set keep to last")
        unknown = set(self.simulation.unseen) - {series.name for series in self.weather.series}
        if unknown:
            raise ValueError(f"unseen names a weather series that is not there: {', '.join(sorted(unknown))}")
        return self

    def resolved(self) -> dict[str, Any]:
        """All settings, defaults included, as plain data."""
        return self.model_dump(mode="json")


def read_settings(path: Path) -> Configuration:
    """A configuration from YAML, its paths as they are written.

    Raises DeepSoilError ``configuration_missing`` or ``configuration_invalid`` (names the field).
    """
    try:
        data, _ = yaml_files.load(yaml_files.read_text(path))
    except FileNotFoundError as error:
        raise DeepSoilError("configuration_missing", "There is no training configuration {path}.",
                            "Give the path of a YAML file, e.g. resources/training/deepsoil-20cm.yaml.",
                            path=path) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DeepSoilError("configuration_invalid", "{path} is not YAML: {error}", "Correct the file.",
                            path=path, error=error) from error
    return parse_configuration(data, str(path))


def read_configuration(path: Path) -> Configuration:
    """A configuration from YAML, with its paths made absolute. DeepSoilError as `read_settings`."""
    configuration = read_settings(path)

    def absolute(name: str) -> str:
        return str((path.parent / name).resolve())

    changes: dict[str, Any] = {"weather": configuration.weather.model_copy(
        update={"root": absolute(configuration.weather.root)})}
    if (choice := configuration.supervision) is not None:
        changes["supervision"] = choice.model_copy(update={
            "region": absolute(choice.region), "start": absolute(choice.start) if choice.start else None})
    if (clusters := configuration.clusters) is not None:
        changes["clusters"] = clusters.model_copy(update={
            name: absolute(path) for name in ("file", "parts") if (path := getattr(clusters, name))})
    return configuration.model_copy(update=changes)


def parse_configuration(data: object, source: str) -> Configuration:
    """A configuration from plain data. Raises DeepSoilError ``configuration_invalid``."""
    try:
        return Configuration.model_validate(data)
    except ValidationError as error:
        raise invalid(error, source) from error


def invalid(error: ValidationError, source: str) -> DeepSoilError:
    """``configuration_invalid``, which names the first field that is wrong."""
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"])
    what = "is not a setting" if first["type"] == "extra_forbidden" else first["msg"]
    return DeepSoilError("configuration_invalid", "{source}: {setting}: {what}.",
                         "Correct the field; resources/training holds two complete configurations.", field or None,
                         source=source, setting=field or "configuration", what=what)
