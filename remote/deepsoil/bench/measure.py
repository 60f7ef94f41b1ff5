"""Rows of a benchmark's table, and interleaved timing, so that the load of the machine cancels."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from deepsoil.models.library import Library, Model

Row = dict[str, Any]


def row(name: str, value: float, unit: str, *, reference: str = "", reference_value: float | None = None,
        ratio: float | None = None, aim: str = "", holds: bool | None = None) -> Row:
    """One figure. ``ratio`` is value / reference_value unless given; ``holds`` is None without a target.

    numpy numbers are converted to Python's: JSON supports no others, and numpy's False is not ``False``.
    """
    if ratio is None and reference_value:
        ratio = value / reference_value

    def plain(number: float | None) -> float | None:
        return None if number is None else float(number)

    return {"name": name, "value": float(value), "unit": unit, "reference": reference,
            "reference_value": plain(reference_value), "ratio": plain(ratio), "aim": aim,
            "holds": None if holds is None else bool(holds)}


def interleaved(candidates: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Seconds of each candidate, run in turns; a first round is not counted."""
    seconds: dict[str, list[float]] = {name: [] for name in candidates}
    for number in range(rounds + 1):
        for name, call in candidates.items():
            gc.collect()
            begun = time.perf_counter()
            call()
            if number:
                seconds[name].append(time.perf_counter() - begun)
    return seconds


def compared(name: str, seconds: Mapping[str, list[float]], candidate: str, reference: str, title: str,
             aim: float | None) -> Row:
    """A row with the median of the ratios of each round: a slow round affects both sides of its ratio."""
    ratios = [a / b for a, b in zip(seconds[candidate], seconds[reference], strict=True)]
    ratio = statistics.median(ratios)
    return row(name, statistics.median(seconds[candidate]), "s", reference=title,
               reference_value=statistics.median(seconds[reference]), ratio=ratio,
               aim="" if aim is None else f"ratio <= {aim:g}", holds=None if aim is None else ratio <= aim)


def models(folder: Path, *, every: bool = False) -> list[Model]:
    """The shipped model of each depth, or ``every`` one; if there are none, untrained ones of the same size, which take
    as long."""
    shipped = Library(folder)
    usable = [document for document in shipped.list()
              if (document["problem"] is None if every else document["default"])]
    if usable:
        return [shipped.find(document["id"]) for document in usable]
    from deepsoil.networks.export import export_random

    return [Model.open(export_random(folder / "models" / f"untrained-{depth}cm.onnx", depth, width=64))
            for depth in (5, 20)]
