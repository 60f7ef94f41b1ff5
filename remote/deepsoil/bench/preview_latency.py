"""For ``preview``: one day of a field after the other, as the slider of the dock asks for them.

From the question to the decoded pixels of both depths, the pipe's JSON included, painting not. Wall time is what the
user waits; on a machine that does other work too, CPU time by the cores says what an idle one would take.
"""

from __future__ import annotations

import base64
import json
import secrets
import time
from datetime import timedelta
from pathlib import Path

import numpy as np
from shapely.geometry import box, mapping

from deepsoil.bench.ground import FIRST_DAY
from deepsoil.bench.measure import Row, models, row
from deepsoil.contract.model import INPUT, OUTPUT
from deepsoil.contract.version import SCHEMA
from deepsoil.depths import DEPTHS
from deepsoil.grid import TILE, Window
from deepsoil.inference.machine import cores
from deepsoil.inputs.stack import Stack
from deepsoil.kinds.open_context import open_context
from deepsoil.models.library import Model
from deepsoil.service.preview import Previews
from deepsoil.store.store import Store

_AIMS_S = {1: 0.1, 3: 0.3}
"""By the side in tiles, on two cores."""

_CORES, _DAYS, _ROUNDS = 2, 24, 5
_BEGIN = FIRST_DAY + timedelta(days=32)
_EDGE_PIXELS = 2.5  # the area's own edge: with what resampling needs it is whole tiles


def rows(home: Path, store: Store) -> list[Row]:
    """Percentiles of one tile and of 3 × 3 tiles; ``home``: an empty folder."""
    networks = models(home)  # where none are shipped, untrained ones of the same size
    context = open_context(home)
    region = context.regions.add(store.path)["id"]
    found = []
    for side, aim_s in _AIMS_S.items():
        corner = store.window
        window = Window(corner.column + 2 * TILE, corner.row + 2 * TILE, side * TILE, side * TILE)
        west, south, east, north = window.bounds_lonlat
        edge = _EDGE_PIXELS * (east - west) / window.width
        area = mapping(box(west + edge, south + edge, east - edge, north - edge))
        wall, cpu = _days(Previews(context), region, area)
        name = f"preview of another day, {side} x {side} tiles"
        idle_s = float(np.median(cpu)) / min(_CORES, cores())
        found += [row(f"{name}, median", float(np.median(wall)), "s"),
                  row(f"{name}, 95 % of days", float(np.percentile(wall, 95)), "s"),
                  row(f"{name}, CPU time on {_CORES} cores", idle_s, "s",
                      reference="bare ONNX Runtime, both networks, same tiles without halo, likewise",
                      reference_value=_bare(store, networks, window) / min(_CORES, cores()), aim=f"<= {aim_s:g} s",
                      holds=idle_s <= aim_s)]
    return found


def _days(previews: Previews, region: str, area: dict[str, object]) -> tuple[list[float], list[float]]:
    """Wall and CPU seconds of each day but the first, which also opens the field."""
    wall, cpu = [], []
    for number in range(_DAYS + 1):
        day = str(_BEGIN + timedelta(days=number))
        asked = {"schema": SCHEMA, "id": secrets.token_hex(16), "kind": "predict", "name": "field", "area": area,
                 "dates": {"start": day, "end": day}, "depths_cm": list(DEPTHS), "region": region}
        begun, used = time.perf_counter(), time.process_time()
        answer = json.loads(json.dumps(previews.answer(json.loads(json.dumps(asked)))))
        for one in answer["maps"]:
            for pixels in one["depths"].values():
                np.frombuffer(base64.b64decode(pixels), "<u2")
        if number:
            wall.append(time.perf_counter() - begun)
            cpu.append(time.process_time() - used)
    return wall, cpu


def _bare(store: Store, networks: list[Model], window: Window) -> float:
    """CPU seconds of one day's run of all networks."""
    total = 0.0
    for model in networks:
        x, _ = Stack(store, model.contract.channel_uses()).read(_BEGIN, window.align(model.contract.multiple))
        session, used = model.session(1), []
        for _ in range(_ROUNDS):
            begun = time.process_time()
            session.run([OUTPUT], {INPUT: x[None]})
            used.append(time.process_time() - begun)
        total += float(np.median(used))
    return total
