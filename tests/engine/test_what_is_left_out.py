"""A training configuration or a recipe that leaves something out means the same in the next version, within its schema.

``data/what_is_left_out.json`` has the values and bounds that published files rely on, each of which is explained in the
docstring of its class. One that is changed on purpose changes the meaning of files that exist: say so in CHANGELOG.md,
and write the file anew with ``python tests/engine/test_what_is_left_out.py``.
"""

from __future__ import annotations

import json
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from deepsoil.labels.settings import LabelSettings
from deepsoil.soil.column_settings import ColumnSettings
from deepsoil.sources.recipe import Recipe
from deepsoil.stations.quality_control import Rules
from deepsoil.training.configuration import Configuration
from deepsoil.training.tuning_configuration import Tuning

KEPT = Path(__file__).parent / "data" / "what_is_left_out.json"
BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minItems", "maxItems", "minLength",
          "maxLength", "pattern", "enum", "const")


def said(schema: dict[str, Any], place: str) -> dict[str, Any]:
    """place → default, and place and bound → its value, of a JSON schema and the parts of it."""
    found: dict[str, Any] = {}
    if "default" in schema:
        found[place] = schema["default"]
    found.update({f"{place} {bound}": schema[bound] for bound in BOUNDS if bound in schema})
    for name, inner in schema.get("properties", {}).items():
        found.update(said(inner, f"{place}.{name}"))
    for word in ("items", "additionalProperties"):
        if isinstance(schema.get(word), dict):
            found.update(said(schema[word], f"{place}[]"))
    for word in ("anyOf", "oneOf", "prefixItems"):
        for number, inner in enumerate(schema.get(word, [])):
            found.update(said(inner, f"{place}/{number}"))
    return found


def everything() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for model in (Configuration, Tuning, Recipe):
        schema = model.model_json_schema()
        found.update(said(schema, model.__name__))
        for name, part in schema.get("$defs", {}).items():
            found.update(said(part, name))
    for settings in (Rules, LabelSettings, ColumnSettings):
        found.update({f"{settings.__name__}.{one.name}": one.default for one in fields(settings)
                      if one.default is not MISSING})
    return dict(sorted(json.loads(json.dumps(found, default=str)).items()))


def test_what_is_left_out_means_what_it_meant() -> None:
    kept, now = json.loads(KEPT.read_text(encoding="utf-8")), everything()
    assert len(kept) > 200
    assert now == kept, {name: (kept.get(name), now.get(name)) for name in kept.keys() | now.keys()
                         if kept.get(name) != now.get(name)}


if __name__ == "__main__":
    KEPT.write_text(json.dumps(everything(), indent=1) + "\n", encoding="utf-8")
