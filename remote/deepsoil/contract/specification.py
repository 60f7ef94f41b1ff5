"""The job specification of the contract: one strict document; errors name the field and the valid values.

The structure and the rules that need no store are here; the service checks whether a region covers the area.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, Field, SerializeAsAny, ValidationError
from pydantic_core import ErrorDetails

from deepsoil.contract import resources as _resources
from deepsoil.contract.area import check_area
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.geometry import Area, Name, named_outlines
from deepsoil.contract.management import check_management
from deepsoil.contract.options import (
    EvaluateOptions,
    JobOptions,
    PredictOptions,
    known_kinds,
    models_of_columns,
    options_of,
    path_relative,
)
from deepsoil.contract.resources import Resources
from deepsoil.contract.scheduler_names import DEFAULT_SCHEDULER
from deepsoil.contract.strict import Strict
from deepsoil.contract.version import SCHEMA
from deepsoil.depths import DEPTHS


def _known_depth(depth: int | str) -> int | str:
    """A depth in cm, as a number or as the text of a JSON key."""
    if str(depth) not in map(str, DEPTHS):
        raise ValueError(f"there is no depth of {depth} cm")
    return depth


def _list_depths(schema: dict[str, Any]) -> None:
    schema["enum"] = [str(depth) if schema["type"] == "string" else depth for depth in DEPTHS]


DepthCm = Annotated[int, AfterValidator(_known_depth), Field(json_schema_extra=_list_depths)]
DepthKey = Annotated[str, AfterValidator(_known_depth), Field(json_schema_extra=_list_depths)]


class Dates(Strict):
    """First and last day, both included, UTC."""

    start: dt.date
    end: dt.date

    @property
    def days(self) -> list[dt.date]:
        return [self.start + dt.timedelta(days=n) for n in range((self.end - self.start).days + 1)]


class Output(Strict):
    """Grid of the products: ``utm`` (the zone of the area) or ``EPSG:n``, pixel size in m."""

    crs: Annotated[str, Field(pattern=r"^(utm|EPSG:[0-9]{4,6})$")] = "utm"
    resolution_m: Annotated[float, Field(ge=1, le=10_000)] = 30.0


OptionsModel = TypeVar("OptionsModel", bound=JobOptions)


class Specification(Strict):
    """A job as the client asked for it."""

    schema_version: int = Field(alias="schema", json_schema_extra={"const": SCHEMA})
    id: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    kind: str
    name: Name
    region: Annotated[str, Field(min_length=1)] | None = None
    area: Area | None = None
    dates: Dates | None = None
    depths_cm: Annotated[list[DepthCm], Field(min_length=1)] | None = None
    models: dict[DepthKey, str] = Field(default_factory=dict)
    output: Output = Output()
    options: SerializeAsAny[JobOptions] = JobOptions()
    resources: Resources | None = None

    @property
    def scheduler(self) -> str:
        """The name of the scheduler that runs it."""
        return DEFAULT_SCHEDULER if self.resources is None else self.resources.scheduler

    def to_dict(self) -> dict[str, Any]:
        """As JSON; fields that were not given are left out."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude_none=True)

    def filled(self, *, region: str | None = None, models: dict[str, str] | None = None) -> Specification:
        """The same job with the region and the models that the engine chose."""
        changes: dict[str, Any] = {}
        if region is not None:
            changes["region"] = region
        if models is not None:
            changes["models"] = models
        return self.model_copy(update=changes)

    def options_as(self, model: type[OptionsModel]) -> OptionsModel:
        """The options of a job whose kind is known."""
        assert isinstance(self.options, model)
        return self.options

    def with_options(self, **changes: Any) -> Specification:
        """The same job with some options changed; they are not checked again."""
        return self.model_copy(update={"options": self.options.model_copy(update=changes)})

    # Fields that jobs about an area or a period always have, so no check for None is needed.
    @property
    def area_document(self) -> dict[str, Any]:
        """GeoJSON: a Polygon, a MultiPolygon, or a FeatureCollection of fields."""
        if self.area is None:
            raise _missing("area", self.kind)
        return self.area.model_dump()

    @property
    def days(self) -> list[dt.date]:
        if self.dates is None:
            raise _missing("dates", self.kind)
        return self.dates.days

    @property
    def depths(self) -> list[int]:
        """Depths in cm, shallow first."""
        return sorted(self.depths_cm or ())


def parse_specification(document: Any) -> Specification:
    """A valid specification from a JSON document of a client.

    Raises
    ------
    DeepSoilError
        ``specification_invalid`` (with the field and the valid values), ``schema_newer``, ``area_…``.
    """
    specification = stored_specification(document)
    if specification.area is not None:
        check_area(specification.area_document)
    return specification


def stored_specification(document: Any) -> Specification:
    """As `parse_specification`, for a job that was accepted before: its area is known to be valid."""
    if not isinstance(document, dict):
        raise DeepSoilError("specification_invalid", "A job specification is a JSON object.",
                            "Send an object with schema, id, kind, name.")
    _check_schema(document.get("schema"))
    options = document.get("options", {})
    common = {name: value for name, value in document.items() if name != "options" or not isinstance(options, dict)}
    try:
        # By way of JSON text: only then does the strict mode read dates from ISO text and nothing else.
        specification = Specification.model_validate_json(json.dumps(common))
    except ValidationError as error:
        raise _translate(error.errors(include_url=False)[0], document) from error
    parsed = _parse_options(_options_model(specification.kind), options, document)
    specification = specification.model_copy(update={"options": parsed})
    if "options" not in document:
        specification.model_fields_set.discard("options")  # serialised as it was given
    _check_kind(specification)
    _check_dates(specification)
    return specification


def _check_schema(version: Any) -> None:
    if isinstance(version, int) and not isinstance(version, bool) and version > SCHEMA:
        raise DeepSoilError("schema_newer", "The request has schema {version}; this engine knows {known}.",
                            "Update the engine to the plugin's version.", "schema", version=version, known=SCHEMA)
    if isinstance(version, int) and not isinstance(version, bool) and 0 < version < SCHEMA:
        raise DeepSoilError("schema_older", "The request has schema {version}, that of an earlier version; this engine "
                            "takes {known}.", "Update the plugin, or describe the job again.", "schema",
                            version=version, known=SCHEMA)
    if version != SCHEMA or isinstance(version, bool):
        raise DeepSoilError("specification_invalid", "The schema version is {version!r}.", "It must be {known}.",
                            "schema", version=version, known=SCHEMA)


def _options_model(kind: str) -> type[JobOptions]:
    model = options_of(kind)
    if model is None:
        raise DeepSoilError("specification_invalid", "There is no kind of job '{kind}'.", "The kinds are: {known}.",
                            "kind", kind=kind[:60], known=", ".join(known_kinds()))
    return model


def parse_options(kind: str, options: dict[str, Any]) -> JobOptions:
    """The options of a kind of job alone, for a command that runs without one. DeepSoilError as for a whole job."""
    parsed = _parse_options(_options_model(kind), options, {"kind": kind, "options": options})
    parsed.check(None)
    return parsed


def _parse_options(model: type[JobOptions], options: dict[str, Any], document: dict[str, Any]) -> JobOptions:
    try:
        return model.model_validate_json(json.dumps(options))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        if first["type"] == "extra_forbidden" and len(first["loc"]) == 1:
            name = str(first["loc"][0])
            raise DeepSoilError("specification_invalid", "A job of kind '{kind}' has no option '{name}'.",
                                "It takes: {known}.", f"options.{name}", kind=document["kind"], name=name,
                                known=", ".join(sorted(model.model_fields)) or "none") from error
        raise _translate({**first, "loc": ("options", *first["loc"])}, document) from error


def _check_kind(specification: Specification) -> None:
    kind, options = specification.kind, specification.options
    for field in options.needed:
        if getattr(specification, field) is None:
            raise _missing(field, kind)
    options.check(specification.region)
    if isinstance(options, PredictOptions) and specification.area is not None:
        check_management(options.management, [name for name, _ in named_outlines(specification.area_document)])
        measured = next((number for number, one in enumerate(options.management) if one.soil), None)
        if measured is not None and options.method == "network":
            raise _wrong(f"options.management.{measured}.soil", "Networks do not know a measured soil.",
                         "Map with soil columns (method column), or leave the soil out.")
    if specification.area is not None and not options.takes_area:
        raise _wrong("area", "A job of kind '{kind}' takes no area.", "Leave the area out.", kind=kind)
    if isinstance(options, EvaluateOptions) and options.method == "column" and specification.models:
        raise models_of_columns()
    depths = specification.depths_cm or []
    if len(set(depths)) != len(depths):
        raise _wrong("depths_cm", "A depth is named twice.", "Name each depth once.")
    for depth in specification.models:
        if int(depth) not in depths:
            raise _wrong(f"models.{depth}", "A model is named for {depth_cm} cm, which the job does not ask for.",
                         "Leave the model out or add the depth to depths_cm.", depth_cm=depth)


def _check_dates(specification: Specification) -> None:
    if specification.dates is None:
        return
    start, end = specification.dates.start, specification.dates.end
    if end < start:
        raise _wrong("dates.end", "The last day {end} is before the first day {start}.", "Swap the two dates.", end=end,
                     start=start)
    days = (end - start).days + 1
    longest = specification.options.longest_days
    if longest is not None and days > longest:
        raise _wrong("dates.end", "The job asks for {days} days; {longest} is the most.",
                     "Split the period into several jobs.", days=days, longest=longest)


_EXPECTED = {
    "string_type": "a text", "int_type": "a whole number", "float_type": "a number", "list_type": "a list",
    "dict_type": "an object", "model_type": "an object", "model_attributes_type": "an object",
    "date_type": "a date as YYYY-MM-DD", "date_parsing": "a date as YYYY-MM-DD",
    "date_from_datetime_parsing": "a date as YYYY-MM-DD", "date_from_datetime_inexact": "a date as YYYY-MM-DD",
    "finite_number": "a finite number", "int_from_float": "a whole number",
}
_OF_FIELD = {
    "id": "It must be 32 hexadecimal digits in lower case.",
    "name": "It must be a text of 1 to 200 characters.",
    "output.crs": "It must be 'utm' or 'EPSG:' and a number, e.g. EPSG:32614.",
    "output.resolution_m": "It must be a pixel size from 1 to 10000 m.",
    "options.shard": "It must be a part of the work such as 3/19: the third of 19.",
    "area": "It must be a GeoJSON Polygon or MultiPolygon in EPSG:4326 whose rings have at least four positions, or a "
            "FeatureCollection of 1 to 2000 such fields, each with a name.",
    "options.readings.other_stations": "It must be a number of stations, or 'all'.",
    "options.configurations": "It must be a list of 1 to 1000 paths or whole configurations.",
    **_resources.HINTS,
    "models": "It must be an object from depth to model id, e.g. {\"5\": \"deepsoil-5cm\"}.",
}


# pydantic's names for the branches of a union, which no user has written.
_OF_PYDANTIC = frozenset({"[key]", "Polygon", "MultiPolygon", "FeatureCollection", "str", "dict[str,any]",
                        "log", "habit", "irrigated", "rainfed", "literal['all']", "constrained-int"})


def _translate(error: ErrorDetails, document: dict[str, Any]) -> DeepSoilError:
    """pydantic's first error as a message for users."""
    parts = [str(part) for part in error["loc"] if part not in _OF_PYDANTIC]
    kind = error["type"]
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        parts.append("type")
    field = ".".join(parts)
    if kind == "missing":
        return _missing(field, str(document.get("kind", "?")))
    if kind == "path_relative":
        return path_relative(field, error["input"])
    if kind == "extra_forbidden":
        owner = f"'{'.'.join(parts[:-1])}'" if parts[:-1] else "a job specification"
        return _wrong(field, "There is no field '{name}' in {owner}.",
                      "Check the spelling, or update the engine if the plugin is newer.", name=parts[-1], owner=owner)
    hints = {**_OF_FIELD, "depths_cm": f"It must be a list of depths in cm; there are {', '.join(map(str, DEPTHS))}."}
    hint = next((hints[path] for path in _prefixes(parts) if path in hints), "")
    if kind in _EXPECTED and not hint:
        hint = f"It must be {_EXPECTED[kind]}."
    if not hint:
        hint = error["msg"][:1].upper() + error["msg"][1:] + "."
    return _wrong(field, "The value {value} cannot be used.", "{expected}", value=_shortened(error["input"]),
                  expected=hint)


def _prefixes(parts: list[str]) -> list[str]:
    """``a.b.c``, ``a.b``, ``a``: the most specific advice comes first."""
    return [".".join(parts[:length]) for length in range(len(parts), 0, -1)]


def _shortened(value: Any) -> str:
    text = re.sub(r"\s+", " ", json.dumps(value, default=str, ensure_ascii=False))
    return text if len(text) <= 60 else text[:57] + "…"


def _missing(field: str, kind: str) -> DeepSoilError:
    return DeepSoilError("specification_invalid", "A job of kind '{kind}' needs the field '{name}'.", "Add it.", field,
                         kind=kind, name=field)


def _wrong(field: str, message: str, hint: str, /, **values: Any) -> DeepSoilError:
    return DeepSoilError("specification_invalid", message, hint, field, **values)

