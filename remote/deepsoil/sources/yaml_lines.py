"""YAML with the line of every key, for errors that name the line."""

from __future__ import annotations

import types
import typing
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel

from deepsoil.contract.errors import DeepSoilError
from deepsoil.io import yaml_files

_LONGEST_FIELD = 500


@dataclass(frozen=True)
class Lines:
    """Line (from 1) of every dotted key of a document."""

    by_field: dict[str, int]

    def of(self, field: str) -> int:
        """Line of a field, or of its nearest parent that is in the document."""
        while field and field not in self.by_field:
            field = field.rpartition(".")[0]
        return self.by_field.get(field, 1)


def read_yaml(path: Path) -> tuple[dict[str, Any], Lines]:
    """A YAML mapping and its lines. Raises ``recipe_missing`` or ``recipe_invalid`` (syntax, repeated key)."""
    try:
        document, node = yaml_files.load(yaml_files.read_text(path))
        if not isinstance(node, yaml.MappingNode):
            raise DeepSoilError("recipe_invalid", "{file} is not a recipe: it is not a mapping of keys.",
                                "See resources/recipes for an example.", "options.recipe",
                                file=path.name)
        lines: dict[str, int] = {}
        _collect(node, "", lines, path)
        return document, Lines(lines)
    except (OSError, UnicodeDecodeError) as error:
        raise DeepSoilError("recipe_missing", "The recipe {path} cannot be read: {error}.", "Check the path.",
                            "options.recipe",
                            path=path, error=error) from error
    except yaml.YAMLError as error:
        raise DeepSoilError("recipe_invalid", "{file} is not valid YAML: {problem}.",
                            "Correct the recipe and ingest again.", "options.recipe",
                            file=path.name, problem=error) from error


def _collect(node: yaml.Node, prefix: str, lines: dict[str, int], path: Path) -> None:
    children = ((key.value, key, value) for key, value in node.value) if isinstance(node, yaml.MappingNode) else (
        (str(i), item, item) for i, item in enumerate(node.value))
    for name, key, value in children:
        field = f"{prefix}.{name}" if prefix else str(name)
        if len(field) > _LONGEST_FIELD:
            continue  # no field of a recipe: an error there names the nearest parent
        if field in lines:
            raise DeepSoilError("recipe_invalid", "{key} is given twice (lines {first} and "
                                "{line} of {file}).", "Remove one of them.", field,
                                key=field, first=lines[field], line=key.start_mark.line + 1,
                                file=path.name)
        lines[field] = key.start_mark.line + 1
        if isinstance(value, yaml.MappingNode | yaml.SequenceNode):
            _collect(value, field, lines, path)


def allowed_keys(model: type[BaseModel], location: Sequence[str]) -> list[str]:
    """Keys that a model allows at a location of a validation error (field names, tags of unions, dictionary keys)."""
    candidates: list[Any] = [model]
    for part in location:
        candidates = [step for candidate in candidates for step in _down(candidate, part)] or candidates
    models = [candidate for candidate in candidates if isinstance(candidate, type) and issubclass(candidate, BaseModel)]
    return sorted({field.alias or name for found in models for name, field in found.model_fields.items()})


def _down(annotation: Any, part: str) -> list[Any]:
    """The annotations one step below: a field of a model, the member of a union, a value of a mapping."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, field in annotation.model_fields.items():
            if part in (name, field.alias):
                return _members(field.annotation)
        kind = annotation.model_fields.get("kind")
        tagged = kind is not None and part in typing.get_args(kind.annotation)
        return [annotation] if tagged or part == annotation.__name__ else []
    origin = typing.get_origin(annotation)
    if origin is dict or (origin is list and part.isdigit()):
        return _members(typing.get_args(annotation)[-1])
    return []


def _members(annotation: Any) -> list[Any]:
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        return _members(typing.get_args(annotation)[0])
    if origin in (typing.Union, types.UnionType):
        return [member for option in typing.get_args(annotation) for member in _members(option)]
    return [annotation]
