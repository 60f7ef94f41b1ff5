"""What a model file says about itself: the contract in the ONNX metadata (CONTRACT.md, "A model file").

Prediction needs only this module, ``session`` and ONNX Runtime; torch is never imported here.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Literal

import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as ort_errors
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from deepsoil.channels import CHANNELS, REQUIRED, ChannelUse
from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import LEVEL, TILE

SCHEMA = 1
METADATA_KEY = "deepsoil"
INPUT, OUTPUT = "x", "theta"
MARGIN = "margin"
"""Optional input: the width of a halo that is not wanted in the output, see ``networks.margin``."""

LOAD_ERRORS = (ort_errors.Fail, ort_errors.InvalidProtobuf, ort_errors.InvalidGraph, ort_errors.InvalidArgument,
               ort_errors.NoSuchFile, ort_errors.NotImplemented, ort_errors.RuntimeException)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ContractChannel(_Strict):
    """One input channel as the network was trained with it; ``fill`` is a normalised value."""

    name: str
    unit: str
    minimum: float
    maximum: float
    classes: bool
    required: bool
    fill: float = Field(ge=0.0, le=1.0)

    @classmethod
    def of(cls, name: str, fill: float) -> ContractChannel:
        """The engine's channel of that name with a normalised fill value."""
        channel = CHANNELS[name]
        return cls(name=name, unit=channel.unit, minimum=channel.minimum, maximum=channel.maximum,
                   classes=channel.classes, required=name in REQUIRED, fill=fill)


class Grid(_Strict):
    scheme: Literal["quadkey"] = "quadkey"
    level: int = LEVEL
    tile: int = TILE


class Network(_Strict):
    kind: Literal["light_unet", "surface_unet"]
    parameters: int
    weights: Literal["int8", "float32"]
    quantisation_error: float | None = None
    """Largest |theta| difference of the file to full precision on held-out samples, m3/m3."""


class Metric(_Strict):
    """A score beside the trivial baseline it was compared with."""

    name: str
    value: float
    unit: str
    reference: str
    split: str
    baseline: str
    baseline_value: float


class ModelContract(_Strict):
    """The contract of a model file; field names are those of CONTRACT.md."""

    schema_: Literal[1] = Field(default=1, alias="schema")
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
    code_version: str
    licence: str

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    def channel_uses(self) -> list[ChannelUse]:
        """The channels in the form that ``inputs.stack.Stack`` takes."""
        return [ChannelUse(channel.name, channel.fill, channel.required) for channel in self.channels]

    def to_json(self) -> str:
        return self.model_dump_json(by_alias=True)

    @classmethod
    def from_json(cls, text: str, source: str) -> ModelContract:
        """Parse and check a contract; ``source`` names the file in errors.

        Raises DeepSoilError ``model_invalid`` (not a contract) or ``model_mismatch`` (made for other
        channels, another grid or another engine).
        """
        try:
            contract = cls.model_validate_json(text)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "contract"
            raise DeepSoilError("model_invalid", "The model {source} has no valid contract: {where}: {msg}.",
                                "Export it again with this version of DeepSoil.", "models",
                                source=source, where=where, msg=first['msg']) from error
        contract.check(source)
        return contract

    def check(self, source: str) -> None:
        """Raise DeepSoilError ``model_mismatch`` unless this engine can feed the network as it was trained."""
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


def load_session(path: Path, options: onnxruntime.SessionOptions) -> onnxruntime.InferenceSession:
    """An ONNX Runtime session on the CPU; DeepSoilError ``model_missing`` or ``model_invalid``."""
    if not path.is_file():
        raise DeepSoilError("model_missing", "There is no model file {path}.",
                            "Choose one of the models in the list, or copy the file there.", "models",
                            path=path)
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except LOAD_ERRORS as error:
        raise DeepSoilError("model_invalid", "The model file {path} cannot be read: it is damaged or not ONNX.",
                            "Copy or install it again.", "models",
                            path=path) from error


def read_contract(path: str | Path) -> ModelContract:
    """The contract of a model file, checked against this engine and against the graph's own input.

    Raises DeepSoilError ``model_missing``, ``model_invalid`` or ``model_mismatch``.
    """
    path = Path(path)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4  # what goes wrong is raised, in our words
    options.intra_op_num_threads = 1
    session = load_session(path, options)
    text = session.get_modelmeta().custom_metadata_map.get(METADATA_KEY)
    if text is None:
        raise DeepSoilError("model_invalid", "The model {name} does not say what it is: it has no contract.",
                            "Use a model exported by `deepsoil train`.", "models",
                            name=path.name)
    contract = ModelContract.from_json(text, path.name)
    inputs, outputs = session.get_inputs(), session.get_outputs()
    if [i.name for i in inputs] != [INPUT] or [o.name for o in outputs] != [OUTPUT] \
            or inputs[0].shape[1] != len(contract.channels):
        raise DeepSoilError("model_mismatch", "The graph of {name} does not take the channels of its contract.",
                            "Export the model again.", "models",
                            name=path.name)
    return contract


def file_sha256(path: Path) -> str:
    """SHA-256 of a file as hex digits: the identity of a model in products and caches."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
