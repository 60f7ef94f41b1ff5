"""The metadata of a model file: the contract in the ONNX metadata (docs/contract.md, "A model file"). Pure.

Files are opened in `networks.session` and read in `networks.model_file`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, ValidationError, model_validator

from deepsoil.channels import CHANNELS, REQUIRED, ChannelUse
from deepsoil.contract.clusters import Clusters
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.strict import Strict
from deepsoil.grid import LEVEL, TILE

MODEL_SCHEMA = 1
METADATA_KEY = "deepsoil"
INPUT, OUTPUT = "x", "theta"
MARGIN = "margin"
"""Optional input: the width of a halo that is not wanted in the output, see ``networks.margin``."""


class Met(Strict):
    """What a network has met of a channel in training.

    ``how``: measured values around stations; only simulated ones; never any. ``product``: whose values they were.
    ``low`` and ``high``: 1 % and 99 % of all values of the training, in the channel's unit; None for classes, and where
    it met none.
    """

    how: Literal["stations", "simulated", "never"]
    product: str | None = None
    low: float | None = None
    high: float | None = None


class ContractChannel(Strict):
    """One input channel as the network was trained with it; ``fill`` is a normalised value. ``met``: None where it was
    not noted."""

    name: str
    unit: str
    minimum: float
    maximum: float
    classes: bool
    required: bool
    fill: float = Field(ge=0.0, le=1.0)
    met: Met | None = None

    @classmethod
    def of(cls, name: str, fill: float, met: Met | None = None) -> ContractChannel:
        """The engine's channel of that name with a normalised fill value."""
        channel = CHANNELS[name]
        return cls(name=name, unit=channel.unit, minimum=channel.minimum, maximum=channel.maximum,
                   classes=channel.classes, required=name in REQUIRED, fill=fill, met=met)

    def use(self) -> ChannelUse:
        """The channel in the form that ``inputs.stack.Stack`` takes. A required one is always used."""
        if self.met is None:
            return ChannelUse(self.name, self.fill, self.required)
        low, high = (default if value is None else (value - self.minimum) / (self.maximum - self.minimum)
                     for value, default in ((self.met.low, 0.0), (self.met.high, 1.0)))
        return ChannelUse(self.name, self.fill, self.required, self.met.how == "stations", low, high)


class Grid(Strict):
    scheme: Literal["quadkey"] = "quadkey"
    level: int = LEVEL
    tile: int = TILE


class Network(Strict):
    kind: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    """The name under which the network is registered; prediction does not need it."""
    parameters: int
    weights: Literal["int8", "float32"]
    quantisation_error: float | None = None
    """Largest |theta| difference of the file to full precision on held-out samples, m3/m3."""


class Metric(Strict):
    """A score beside the trivial baseline it was compared with.

    ``measured``: against readings of stations that the network did not learn from; otherwise against simulated soil
    columns. ``n``: the number of stations; ``days``: of days, of a station (median) or in all; ``period``: of the
    readings; ``group``: the part of the stations for which it holds, where it is not all.
    """

    name: str
    value: float
    unit: str
    reference: str
    split: str
    baseline: str
    baseline_value: float
    measured: bool = False
    n: int | None = None
    days: int | None = None
    period: str | None = None
    group: str | None = None


class Intervals(Strict):
    """90 % intervals of a model, calibrated at stations that networks trained in the same way did not learn from.

    ``half_width`` in m³/m³: the interval is θ ± half_width. ``guaranteed_half_width``: the one that is sure to hold
    however the stations differ, with so few of them (see ``evaluation.conformal``). ``groups``: stations; ``days``:
    station days; ``covered`` and ``worst``: the share of days inside at a station that is left out of the
    calibration, mean and smallest; ``reference``: what was measured where; ``source``: what predicted it.
    """

    coverage: float = Field(gt=0.0, lt=1.0)
    method: Literal["conformal"] = "conformal"
    half_width: float = Field(gt=0.0, lt=1.0)
    guaranteed_half_width: float = Field(gt=0.0)
    groups: int = Field(gt=0)
    days: int = Field(gt=0)
    period: str
    reference: str
    source: str
    covered: float = Field(ge=0.0, le=1.0)
    worst: float = Field(ge=0.0, le=1.0)

    @property
    def text(self) -> str:
        """How they were made, as the tag of a product says it."""
        return f"{self.method}, {self.groups} groups"


class ClusterPart(Strict):
    """That a network was trained for one cluster of extents: which of ``clusters``, and the names of the models of all
    of them in their order, which a map needs together."""

    number: int = Field(ge=1)
    clusters: Clusters
    models: list[str]

    @model_validator(mode="after")
    def _consistent(self) -> ClusterPart:
        if len(self.models) != self.clusters.count or self.number > self.clusters.count:
            raise ValueError("a cluster's number and models do not fit its clusters")
        return self


def headline_first(metrics: Sequence[Metric]) -> list[Metric]:
    """Scores at all stations first, then those of a group of stations, then those against simulated columns."""
    return sorted(metrics, key=lambda metric: 0 if metric.measured and metric.group is None else
                  1 if metric.group is not None else 2)


class ModelContract(Strict):
    """The contract of a model file; field names are those of docs/contract.md."""

    schema_: Annotated[int, Field(ge=MODEL_SCHEMA, le=MODEL_SCHEMA)] = Field(default=MODEL_SCHEMA, alias="schema")
    name: str
    title: str
    version: str
    depth_cm: int
    channels: list[ContractChannel]
    grid: Grid = Grid()
    multiple: int = Field(gt=0)
    halo: int = Field(ge=0)
    bounding: Literal["sigmoid", "relu", "soil"]
    unit: Literal["m3/m3"] = "m3/m3"
    network: Network
    training: dict[str, Any]
    metrics: list[Metric]
    intervals: Intervals | None = None
    cluster: ClusterPart | None = None
    code_version: str
    licence: str

    model_config = ConfigDict(populate_by_name=True)

    def channel_uses(self) -> list[ChannelUse]:
        """The channels in the form that ``inputs.stack.Stack`` takes."""
        return [channel.use() for channel in self.channels]

    def to_json(self) -> str:
        return self.model_dump_json(by_alias=True)

    @classmethod
    def from_json(cls, text: str, source: str) -> ModelContract:
        """Parse and validate a contract; ``source`` names the file in errors.

        Raises DeepSoilError ``model_invalid`` (not a contract) or ``model_mismatch`` (made for other
        channels, another grid or another engine).
        """
        try:
            contract = cls.model_validate_json(text)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) if first["loc"] else "contract"
            raise DeepSoilError("model_invalid", "The model {source} has no valid contract: {where}: {detail}.",
                                "Update DeepSoil, or export the model again with this version.", "models",
                                source=source, where=where, detail=first["msg"]) from error
        contract.check(source)
        return contract

    def check(self, source: str) -> None:
        """Raise DeepSoilError ``model_mismatch`` unless this engine can provide the network's input."""
        problems = [problem for channel in self.channels if (problem := _channel_problem(channel))]
        if self.grid != Grid():
            problems.append(f"it works on the grid {self.grid.scheme} {self.grid.level}/{self.grid.tile}")
        if self.halo % self.multiple:
            problems.append(f"its halo of {self.halo} pixels is no multiple of {self.multiple}")
        if problems:
            raise DeepSoilError("model_mismatch", "The model {source} does not fit this engine: {problems}.",
                                "Choose another model, or update DeepSoil so that both agree.", "models",
                                source=source, problems=problems[0])


def _channel_problem(channel: ContractChannel) -> str | None:
    known = CHANNELS.get(channel.name)
    if known is None:
        return f"it needs the channel {channel.name!r}, which this engine does not know"
    if channel.unit != known.unit:
        return f"it takes {channel.name} in {channel.unit}, this engine gives {known.unit}"
    if (channel.minimum, channel.maximum) != (known.minimum, known.maximum):
        return (f"it scales {channel.name} from {channel.minimum:g} to {channel.maximum:g} {channel.unit}, "
                f"this engine from {known.minimum:g} to {known.maximum:g}")
    if channel.classes != known.classes:
        return f"it takes {channel.name} as {'classes' if channel.classes else 'numbers'}, this engine does not"
    return None
