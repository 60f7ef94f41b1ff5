"""``plan``: 200,000 tiles of a region cut into the tasks of a job array, compared with the simplest way to list those
tiles.

The reference does only the minimum of any plan: it checks every tile for intersection with the outline, and writes the
list of tiles. Planning also determines the needed part of each tile, the amount of work, and its division into tasks.
"""

from __future__ import annotations

import json
import tempfile
from datetime import timedelta
from functools import partial
from pathlib import Path

import numpy as np
import shapely

from deepsoil.bench.ground import FIRST_DAY
from deepsoil.bench.measure import Row, compared, interleaved, row
from deepsoil.grid import TILE, lonlat_to_pixel
from deepsoil.inference import machine, windows
from deepsoil.kinds.predict_tasks import cut

TILES, TASKS, DAYS = 200_000, 1000, 30
AIM = 4.0
_MULTIPLE, _HALO, _USUAL_SIDE = 8, 40, 1024
_CORNERS = 2000
_ROUNDS = 5
_PLACE = (-98.0, 36.5)


def run() -> list[Row]:
    """With windows of one tile, and of the usual size for a task's memory."""
    outline = region(TILES)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "plan.json"
        seconds = interleaved({"tiles": partial(plan, outline, TILE, file),
                               "usual": partial(plan, outline, _USUAL_SIDE, file),
                               "plain": partial(plain, outline, file)}, _ROUNDS)
        plan(outline, TILE, file)
        tasks = json.loads(file.read_text(encoding="utf-8"))
        count, kilobytes = len(tasks), file.stat().st_size / 1e3
    title = f"every tile asked whether it meets the outline, {TILES:,} tiles written"
    what = f"plan {TILES:,} tiles, {DAYS} days, {TASKS} tasks"
    return [compared(f"{what}, a window a tile", seconds, "tiles", "plain", title, AIM),
            compared(f"{what}, windows of {_USUAL_SIDE} px", seconds, "usual", "plain", title, 1.0),
            row(f"{what}, size of the plan", kilobytes, "kB", holds=count == TASKS, aim=f"{TASKS} tasks")]


def region(tiles: int) -> shapely.Geometry:
    """An artificial region with bays, in global pixels, that intersects about this many tiles."""
    angle = np.linspace(0, 2 * np.pi, _CORNERS, endpoint=False)
    radius = (1 + 0.15 * np.sin(7 * angle) + 0.03 * np.sin(53 * angle)) * TILE * np.sqrt(tiles / np.pi / 1.012)
    column, row_ = (float(value) for value in lonlat_to_pixel(*_PLACE))
    return shapely.Polygon(np.column_stack([column + radius * np.cos(angle), row_ + radius * np.sin(angle)]))


def plan(outline: shapely.Geometry, side: int, file: Path) -> None:
    """Windows, their work, and the parts of a prediction, written as in a plan."""
    planned = windows.plan(outline, _MULTIPLE, side)
    work = np.array([machine.work_pixels(window.width * window.height,
                                         (window.width + 2 * _HALO) * (window.height + 2 * _HALO))
                     for window in planned])
    days = [FIRST_DAY + timedelta(days=number) for number in range(DAYS)]
    tasks = [[stretch.to_list() for stretch in part] for part in cut({20: work}, days, TASKS)]
    file.write_text(json.dumps(tasks), encoding="utf-8")


def plain(outline: shapely.Geometry, file: Path) -> None:
    """Check every tile of the outline's bounding box, and write those that intersect it."""
    left, top, right, bottom = (int(value) // TILE for value in outline.bounds)
    rows, columns = (axis.ravel() for axis in np.meshgrid(np.arange(top, bottom + 1), np.arange(left, right + 1),
                                                          indexing="ij"))
    boxes = shapely.box(columns * TILE, rows * TILE, (columns + 1) * TILE, (rows + 1) * TILE)
    shapely.prepare(outline)
    met = shapely.intersects(outline, boxes)
    file.write_text(json.dumps(np.column_stack([columns[met], rows[met]]).tolist()), encoding="utf-8")
