"""From what was found and said to a recipe, and to what has yet to be said. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from deepsoil.channels import CHANNELS, REQUIRED, STORED, WEATHER
from deepsoil.sources import units
from deepsoil.sources.recognise.found import Bounds, Folder, Found, Question
from deepsoil.sources.recognise.names import HIGHEST, LOWEST, channels_of
from deepsoil.sources.recognise.said import LEFT_OUT, FileSaid, Said

FORMS = {"static": "raster", "dated": "raster", "coarse": "netcdf"}
"""Kind of channel → form of the files that hold it."""
_OF_ELEVATION = ("slope", "aspect", "northness")
_OF_TEXTURE = ("theta_r", "theta_s", "log10_vg_alpha", "vg_n", "log10_ks")
_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Row:
    """One file, band or variable with what is made of it. ``channel``: None: not known; `LEFT_OUT`: not used.

    units: those that its channel can be converted from. suspects: values outside of what the channel can have, which
    may stand for missing pixels.
    """

    found: Found
    channel: str | None
    unit: str | None
    asked: tuple[Question, ...]
    units: tuple[str, ...] = ()
    suspects: tuple[float, ...] = ()
    nodata: tuple[float, ...] = ()
    day: date | None = None
    crs: str | None = None
    half: str = ""  # `LOWEST` or `HIGHEST`: one of two that give the temperature


@dataclass(frozen=True)
class Draft:
    """``recipe``: None until everything is said. ``lacking``: channels without which no map can be made."""

    rows: tuple[Row, ...]
    lacking: tuple[str, ...]
    asked: tuple[str, ...]
    recipe: dict[str, Any] | None


def draft_of(folder: Folder, said: Said, name: str) -> Draft:
    """``name``: of the folder, for a region without a title."""
    rows = tuple(_row(found, said.files.get(found.key, FileSaid())) for found in folder.found)
    rows = _choices(rows)
    given = {row.channel for row in rows if row.channel}
    lacking = tuple(sorted(REQUIRED - given, key=list(CHANNELS).index))
    box = said.box or _common([row.found.bounds for row in rows if row.channel and row.found.form == "raster"])
    asked = ("box",) if box is None and given else ()
    whole = given and not lacking and box is not None and not any(row.asked for row in rows)
    title = said.title or name
    return Draft(rows, lacking, asked, _recipe(rows, title, box) if whole and box is not None else None)


def _row(found: Found, said: FileSaid) -> Row:
    if found.form == "ismn":
        return Row(found, LEFT_OUT if said.channel == LEFT_OUT else None, None, ())
    half = ""
    if said.channel is not None:
        channel: str | None = said.channel
    else:
        guessed = channels_of(found.words)
        half = guessed[0] if guessed in ([LOWEST], [HIGHEST]) else ""
        guessed = ["temperature"] if half else [one for one in guessed if one in CHANNELS
                                                and FORMS[CHANNELS[one].kind] == found.form]
        channel = guessed[0] if len(guessed) == 1 else None
    if channel is None:
        return Row(found, None, None, ("channel",))
    if channel == LEFT_OUT:
        return Row(found, LEFT_OUT, None, ())
    if FORMS[CHANNELS[channel].kind] != found.form:
        return Row(found, channel, None, ("channel",))
    wanted = CHANNELS[channel]
    known = tuple(units.accepted(wanted.unit))
    unit = _unit(found, said, channel, known)
    nodata = tuple(said.nodata or ())
    suspects = _suspects(found, channel, unit, nodata) if unit is not None else ()
    day = said.day or found.day
    asked: list[Question] = []
    if unit is None:
        asked.append("unit")
    if suspects and said.nodata is None:
        asked.append("nodata")
    if wanted.kind == "dated" and day is None:
        asked.append("day")
    if found.form == "raster" and not found.crs and said.crs is None:
        asked.append("crs")
    return Row(found, channel, unit, tuple(asked), known, suspects, nodata, day, said.crs, half)


def _unit(found: Found, said: FileSaid, channel: str, known: Sequence[str]) -> str | None:
    """The unit that was said or is written in the file, if it can be converted; else None."""
    wanted = CHANNELS[channel]
    if wanted.classes:
        return "CDL class" if channel == "crop" else wanted.unit
    given = units.canonical(said.unit if said.unit is not None else found.unit)
    if channel in ("precipitation", "pet") and given in ("mm", "in", "m", "cm"):
        given += "/day"  # of a day: the maps are daily
    if given in known:
        return said.unit if said.unit is not None else given
    if wanted.unit == "-" and not given and found.least is not None and found.most is not None \
            and wanted.minimum - _TOLERANCE <= found.least and found.most <= wanted.maximum + _TOLERANCE:
        return "-"  # a number without unit, and it is one
    return None


def _suspects(found: Found, channel: str, unit: str, nodata: Sequence[float]) -> tuple[float, ...]:
    """The least and the most of the values where the channel cannot have them."""
    import numpy as np

    wanted = CHANNELS[channel]
    extremes = [value for value in (found.least, found.most) if value is not None and value not in nodata]
    if wanted.classes:
        values = extremes
    else:
        values = [float(one) for one in units.convert(np.asarray(extremes, np.float64), unit, wanted.unit)]
    room = 0.5 * (wanted.maximum - wanted.minimum) if channel in (*WEATHER, "elevation") else 0.0
    return tuple(raw for raw, value in zip(extremes, values, strict=True)
                 if not wanted.minimum - room - _TOLERANCE <= value <= wanted.maximum + room + _TOLERANCE)


def _choices(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Several files for a channel that takes one: which it is has to be said."""
    of: dict[str, list[Row]] = {}
    for row in rows:
        if row.channel:
            of.setdefault(row.channel, []).append(row)
    unclear = set()
    for channel, some in of.items():
        if (CHANNELS[channel].kind == "static" and len(some) > 1) \
                or (CHANNELS[channel].kind == "dated" and len({row.day for row in some}) < len(some)) \
                or (CHANNELS[channel].kind == "coarse" and len({(row.found.variable, row.unit) for row in some}) > 1 \
                and {row.half for row in some} != {LOWEST, HIGHEST}):
            unclear |= {row.found.key for row in some}
        elif {row.half for row in some} in ({LOWEST}, {HIGHEST}):
            unclear |= {row.found.key for row in some}  # half a mean is no mean
    return tuple(replace(row, asked=(*row.asked, "choice")) if row.found.key in unclear else row for row in rows)


def _common(bounds: Sequence[Bounds | None]) -> Bounds | None:
    """What all boxes have in common; None where that is nothing, or where one is not known."""
    known = [one for one in bounds if one is not None]
    if not known or len(known) < len(bounds):
        return None
    west, south = max(one[0] for one in known), max(one[1] for one in known)
    east, north = min(one[2] for one in known), min(one[3] for one in known)
    return (west, south, east, north) if west < east and south < north else None


def _recipe(rows: Sequence[Row], title: str, box: Bounds) -> dict[str, Any]:
    channels: dict[str, Any] = {}
    for name in CHANNELS:
        some = [row for row in rows if row.channel == name]
        if some and CHANNELS[name].kind in STORED:
            channels[name] = _source(name, some)
    for name in _OF_ELEVATION:
        channels.setdefault(name, {"kind": "terrain"})
    for name in _OF_TEXTURE:
        channels.setdefault(name, {"kind": "soil_hydraulics"})
    document: dict[str, Any] = {"schema": 1, "name": re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "region",
                                "title": title, "area": {"box": [round(one, 6) for one in box]}, "channels": channels}
    days = [row.found.days for row in rows if row.channel in WEATHER and row.found.days is not None]
    if days:
        document["dates"] = {"start": min(first for first, _ in days), "end": max(last for _, last in days)}
    if archives := [row.found.path for row in rows if row.found.form == "ismn" and row.channel is None]:
        document["stations"] = {"ismn": archives[0]} if len(archives) == 1 else [{"ismn": one} for one in archives]
    return document


def _source(name: str, rows: Sequence[Row]) -> dict[str, Any]:
    first = rows[0]
    if first.found.form == "netcdf":
        return _netcdf(rows)
    source: dict[str, Any] = {"kind": "raster", "unit": first.unit}
    if CHANNELS[name].kind == "dated":
        source["files"] = {row.day: row.found.path for row in sorted(rows, key=lambda row: str(row.day))}
    else:
        source["file"] = first.found.path
    if first.found.band > 1:
        source["band"] = first.found.band
    return _with_said(source, rows)


def _netcdf(rows: Sequence[Row]) -> dict[str, Any]:
    lower = [row for row in rows if row.half != HIGHEST]
    upper = [row for row in rows if row.half == HIGHEST]
    source: dict[str, Any] = {"kind": "netcdf", "unit": lower[0].unit, "variable": lower[0].found.variable,
                              "files": [row.found.path for row in lower]}
    if upper:
        source["mean_with"] = {"files": [row.found.path for row in upper], "variable": upper[0].found.variable}
    return _with_said(source, rows)


def _with_said(source: dict[str, Any], rows: Sequence[Row]) -> dict[str, Any]:
    missing = sorted({value for row in rows for value in row.nodata})
    extra: Mapping[str, Any] = {"nodata": missing if len(missing) > 1 else missing[0] if missing else None,
                                "crs": next((row.crs for row in rows if row.crs), None)}
    return {**source, **{key: value for key, value in extra.items() if value is not None}}
