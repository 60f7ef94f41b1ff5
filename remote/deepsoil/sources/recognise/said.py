"""What the user has said of the files of a folder. Pure."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Any

from pydantic import Field, ValidationError

from deepsoil.channels import CHANNELS, STORED
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.strict import Strict

LEFT_OUT = ""
"""The channel of a file that is not to be used."""


class FileSaid(Strict):
    """Of one file, band or variable (``found.Found.key``). What is left out is not said.

    channel  a channel of the store, or `LEFT_OUT`
    unit     of its values
    nodata   values that stand for nothing; an empty list: there is none
    day      of a map
    crs      such as ``EPSG:32614``
    """

    channel: str | None = None
    unit: Annotated[str, Field(max_length=60)] | None = None
    nodata: Annotated[list[float], Field(max_length=20)] | None = None
    day: date | None = None
    crs: Annotated[str, Field(max_length=2000)] | None = None


class Said(Strict):
    """``title`` of the region; ``box``: west, south, east, north in degrees, else what all maps have in common."""

    title: Annotated[str, Field(max_length=120)] = ""
    box: tuple[float, float, float, float] | None = None
    files: dict[str, FileSaid] = Field(default_factory=dict)


def parse_said(document: Any) -> Said:
    """DeepSoilError ``params_invalid`` for what cannot be meant."""
    try:
        said = Said.model_validate_json(json.dumps(document))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in ("said", *first["loc"]))
        raise DeepSoilError("params_invalid", "The parameter '{name}' cannot be used.", "It must be {expected}.",
                            where, name=where, expected=str(first["msg"])) from error
    for key, one in said.files.items():
        if one.channel and (one.channel not in CHANNELS or CHANNELS[one.channel].kind not in STORED):
            raise DeepSoilError("params_invalid", "The parameter '{name}' cannot be used.", "It must be {expected}.",
                                f"said.files.{key}.channel", name=f"said.files.{key}.channel",
                                expected="the name of a channel of a region")
    return said
