"""The answers of another engine, checked where they arrive: what is not as the contract says reaches no client.

Summaries are checked in `summary`. Of a list the entries that cannot be used are left out, with a line on stderr; any
other answer is refused. Fields that are not known here are passed on: the plugin may be newer than this.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.specification import Area
from deepsoil.contract.summary import Count, Error, OutputFile

MOST_ENTRIES = 10_000
"""Of a list of regions, models, configurations or stations."""

_MOST_SAID = 5


class _Answer(BaseModel):
    model_config = ConfigDict(strict=True, extra="allow", frozen=True, allow_inf_nan=False)


def _is_date(text: str) -> str:
    if len(text) != 10:
        raise ValueError("it is not a date")
    dt.date.fromisoformat(text)
    return text


Date = Annotated[str, AfterValidator(_is_date)]
Id = Annotated[str, Field(min_length=1, max_length=1000)]
Text = Annotated[str, Field(max_length=10_000)]
LongText = Annotated[str, Field(max_length=4 << 20)]


class Region(_Answer):
    """A region of a host."""

    id: Id
    path: Text
    name: Text
    synthetic: bool
    footprint: Area | None
    first_date: Date | None
    last_date: Date | None
    forecast_from: Date | None = None
    channels: list[Text]
    stations: Count
    attribution: Text = ""
    gathered: Text | None = None
    made_here: bool = False
    problem: Error | None


class PlannedArchive(_Answer):
    """An archive as a plan has it: what it gives, under which licence, and what would be fetched."""

    name: Id
    title: Text
    needs: list[Text]
    used_for: list[Text]
    channels: list[Text]
    licence: Text
    attribution: Text
    terms: Text | None
    account: Text | None
    off: bool
    agreed: bool
    has_account: bool
    bytes: Count
    seconds: float
    pieces: Count
    hosts: list[Text]
    last_checked: Date | None
    problem: Error | None


class Lacking(_Answer):
    """What a region will lack, and why."""

    need: Text
    title: Text
    problem: Error


class GatherPlan(_Answer):
    """What would be fetched for an area."""

    start: Date
    end: Date
    bytes: Count
    seconds: float
    folder: Text
    title: Text
    covered_by: Text | None
    near: list[Text] = []
    archives: list[PlannedArchive]
    without: list[Lacking]
    problems: list[Error]


class RefreshPlan(_Answer):
    """What would be fetched to bring a region up to today."""

    region: Text
    until: Date | None
    start: Date
    end: Date
    bytes: Count
    seconds: float
    archives: list[PlannedArchive]
    without: list[Lacking]
    problems: list[Error]


class Score(_Answer):
    name: Text
    value: float
    unit: Text
    reference: Text
    split: Text
    baseline: Text
    baseline_value: float


class ModelEntry(_Answer):
    """A model of a host; one with a ``problem`` has only its file."""

    id: Id
    depth_cm: int | None
    title: Text
    version: Text | None
    default: bool
    channels: list[Text]
    card: LongText
    metrics: list[Score]
    problem: Error | None
    path: Text
    size: Count | None
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None


class ConfigurationEntry(_Answer):
    """A training configuration of a host."""

    id: Id
    path: Text
    document: dict[str, Any] | None
    problem: Error | None


class Estimate(_Answer):
    area_ha: float | None
    pixels: Count | None
    windows: Count | None
    seconds: float | None
    bytes: Count | None
    problems: list[Error]
    warnings: list[Error]
    region: Text | None


class _Point(_Answer):
    type: Literal["Point"]
    coordinates: Annotated[list[float], Field(min_length=2, max_length=3)]


class _StationProperties(_Answer):
    id: Id
    name: Text
    network: Text
    depths_cm: list[int]
    first_date: Date | None
    last_date: Date | None


class Station(_Answer):
    """A station of a region, as a GeoJSON feature."""

    type: Literal["Feature"]
    geometry: _Point
    properties: _StationProperties


class Rejected(_Answer):
    date: Date
    value: float | None
    reason: Text


Values = list[float | None]


class Observations(_Answer):
    """The measurements of a station; every list of values is as long as ``dates``."""

    dates: list[Date]
    precipitation: Values
    depths: dict[str, Values]
    rejected: dict[str, list[Rejected]]


class SmapCell(_Answer):
    west: float
    south: float
    east: float
    north: float
    share: float
    scored: bool
    figures: dict[str, dict[str, float | None]]


class SmapComparison(_Answer):
    """Maps beside SMAP; by day a list with a value of each cell."""

    read: Count
    of: Count
    map_days: list[Date]
    input_of_map: bool
    title: Text
    depth_cm: int
    grid: Text | None
    has_flags: bool
    part_of_a_cell: bool
    fewest_days: Count
    fewest_cells: Count
    days: list[Date]
    cells: list[SmapCell]
    recommended: list[Values]
    flagged: list[Values]
    map: list[Values]
    scores: dict[str, dict[str, float | None]]


class LogPiece(_Answer):
    text: LongText
    next_offset: Count
    more: bool


class FilePiece(_Answer):
    data: Annotated[str, Field(max_length=8 << 20, pattern=r"^[A-Za-z0-9+/]*={0,2}$")]
    next_offset: Count
    more: bool
    sha256: Text


class Curves(_Answer):
    task: Count
    title: Text
    rows: list[dict[str, str | int | float | None]]


def _one(model: Any) -> Callable[[str, Any], Any]:
    adapter = TypeAdapter(model)

    def check(method: str, answer: Any) -> Any:
        try:
            adapter.validate_python(answer)
        except ValidationError as error:
            raise _wrong(method, error) from error
        return answer

    return check


def _list(model: Any) -> Callable[[str, Any], Any]:
    check = _one(model)

    def check_all(method: str, answer: Any) -> Any:
        if not isinstance(answer, list):
            raise _not_a(method, "list")
        kept, problems = [], []
        for entry in answer[:MOST_ENTRIES]:
            try:
                kept.append(check(method, entry))
            except DeepSoilError as error:
                problems.append(error.message)
        for problem in problems[:_MOST_SAID]:
            print(f"left out: {problem}", file=sys.stderr)
        return kept

    return check_all


def _stations(method: str, answer: Any) -> Any:
    if not isinstance(answer, dict) or answer.get("type") != "FeatureCollection":
        raise _not_a(method, "collection of stations")
    return {"type": "FeatureCollection", "features": _list(Station)(method, answer.get("features"))}


def _observations(method: str, answer: Any) -> Any:
    checked = _one(Observations)(method, answer)
    days = len(checked["dates"])
    if any(len(values) != days for values in (checked["precipitation"], *checked["depths"].values())):
        raise _not_a(method, "table with a value for each day")
    return checked


def _smap(method: str, answer: Any) -> Any:
    checked = _one(SmapComparison)(method, answer)
    days, cells = len(checked["days"]), len(checked["cells"])
    for name in ("recommended", "flagged", "map"):
        if len(checked[name]) != days or any(len(values) != cells for values in checked[name]):
            raise _not_a(method, "table with a value for each day and cell")
    return checked


_CHECKS: dict[str, Callable[[str, Any], Any]] = {
    "regions": _list(Region), "add_region": _one(Region), "models": _list(ModelEntry),
    "configurations": _list(ConfigurationEntry), "read_configuration": _one(ConfigurationEntry),
    "gather_plan": _one(GatherPlan), "refresh_plan": _one(RefreshPlan),
    "estimate": _one(Estimate), "stations": _stations, "observations": _observations, "compare_smap": _smap,
    "logs": _one(LogPiece),
    "fetch": _one(FilePiece), "curves": _list(Curves), "outputs": _list(OutputFile)}


def checked_answer(method: str, answer: Any) -> Any:
    """The answer of another engine to a method, without the entries that cannot be used.

    DeepSoilError ``bad_reply`` if nothing of it can be used. Summaries are not checked here.
    """
    check = _CHECKS.get(method)
    return answer if check is None else check(method, answer)


def _wrong(method: str, error: ValidationError) -> DeepSoilError:
    first = error.errors(include_url=False, include_input=False)[0]
    field = ".".join(str(part) for part in first["loc"])
    return DeepSoilError("bad_reply", "The answer of the engine there to '{method}' cannot be used: {field}: {detail}.",
                         "Install the engine there again.", method=method, field=field[:200] or "answer",
                         detail=first["msg"][:200])


def _not_a(method: str, expected: str) -> DeepSoilError:
    return DeepSoilError("bad_reply", "The answer of the engine there to '{method}' is not a {expected}.",
                         "Install the engine there again.", method=method, expected=expected)
