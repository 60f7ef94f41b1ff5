"""``map``: a large area from the request to the finished file, against ONNX Runtime over its pixels in one run."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
import tempfile
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from deepsoil.bench.ground import FIRST_DAY, make_store
from deepsoil.bench.measure import Row, compared, interleaved, models, row
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.model import INPUT, OUTPUT
from deepsoil.contract.specification import parse_specification
from deepsoil.contract.version import SCHEMA
from deepsoil.grid import Window, pixel_to_lonlat
from deepsoil.inputs.stack import Stack
from deepsoil.io.process import available_memory_bytes
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.kind import Context
from deepsoil.kinds.registry import find_kind
from deepsoil.models.library import Library, Model
from deepsoil.regions import Regions
from deepsoil.store.store import Store

AIM = 1.2
SMALL, LARGE = 1024, 2048
_MARGIN = 64
_ROUNDS = 3
_DAY = FIRST_DAY + timedelta(days=40)
# One run without halo needs so much for a pixel; where memory lacks, the area is the smaller one.
_REFERENCE_BYTES_PER_PIXEL = 4000
_MEMORY_GROWTH_AIM = 1.25


def run() -> list[Row]:
    """Time of the whole job per model, and peak memory of the process for an area and its fourfold."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        side = LARGE if available_memory_bytes() > _REFERENCE_BYTES_PER_PIXEL * LARGE**2 else SMALL
        store = make_store(home / "store", LARGE + 512)
        context = _context(home, store)
        rows = []
        for model in models(home):
            seconds = _seconds(context, model, store, _area(store, side))
            title = f"bare ONNX Runtime, {side} x {side} pixels in one run, no halo"
            rows.append(compared(f"map {model.contract.depth_cm} cm", seconds, "map", "bare", title, AIM))
            small, large = (peak_memory_mb(home, model, pixels) for pixels in (SMALL, LARGE))
            rows.append(row(f"map {model.contract.depth_cm} cm, peak memory {LARGE} x {LARGE}", large, "MB",
                            reference=f"peak memory {SMALL} x {SMALL}", reference_value=small,
                            aim=f"ratio <= {_MEMORY_GROWTH_AIM:g}", holds=large / small <= _MEMORY_GROWTH_AIM))
        return rows


def _seconds(context: Context, model: Model, store: Store, window: Window) -> dict[str, list[float]]:
    """Seconds of the map of a window and of the bare run over its pixels.

    The bare run has a session of its own that goes with it: what it takes (some 2 kB a pixel) would be missing to the
    next model, whose windows would become small.
    """
    x, _ = Stack(store, model.contract.channel_uses(), kept_windows=0).read(_DAY, window)
    bare = Model.open(model.path).session()
    return interleaved({"map": partial(predict, context, model, window),
                        "bare": partial(bare.run, [OUTPUT], {INPUT: x[None]})}, _ROUNDS)


def predict(context: Context, model: Model, window: Window) -> None:
    """The job of a map of one day, in this process, from its specification to its product."""
    specification = parse_specification(_document(model, window))
    folder, _ = JobFolder.create(context.jobs, specification, claimed=True)
    find_kind("predict").run(specification, folder, context)


def peak_memory_mb(home: Path, model: Model, side: int) -> float:
    """Largest resident memory of a process of its own that makes a map of ``side`` × ``side`` pixels."""
    done = subprocess.run([sys.executable, "-m", "deepsoil.bench.map", str(home), str(model.path), str(side)],
                          capture_output=True, text=True, check=False)
    if done.returncode:
        raise DeepSoilError("bench_failed", "The map for the peak memory failed: {stderr}.",
                            stderr=done.stderr.strip()[-300:])
    return float(json.loads(done.stdout)) / 1024


def _context(home: Path, store: Store) -> Context:
    regions = Regions(home)
    regions.add(store.path)
    return Context(home, regions, Library(home), find_kind)


def _area(store: Store, side: int) -> Window:
    return Window(store.window.column + _MARGIN, store.window.row + _MARGIN, side, side)


def _document(model: Model, window: Window) -> dict[str, Any]:
    lon, lat = pixel_to_lonlat([window.column + 2.5, window.right - 2.5], [window.bottom - 2.5, window.row + 2.5])
    (west, east), (south, north) = lon.tolist(), lat.tolist()
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    depth = model.contract.depth_cm
    return {"schema": SCHEMA, "id": secrets.token_hex(16), "kind": "predict", "name": "bench", "region": "made-up",
            "area": {"type": "Polygon", "coordinates": [ring]}, "models": {str(depth): model.id},
            "dates": {"start": _DAY.isoformat(), "end": _DAY.isoformat()}, "depths_cm": [depth]}


def _alone(home: Path, path: Path, side: int) -> None:
    """What the process of ``peak_memory_mb`` does."""
    model = Model.open(path)
    context = Context(home, Regions(home), Library.in_folder(path.parent), find_kind)
    predict(context, model, _area(context.regions.get("made-up"), side))
    print(json.dumps(_peak_memory_kb()))


def _peak_memory_kb() -> float:
    status = Path("/proc/self/status")
    if status.is_file():
        # Not getrusage: on Linux its figure begins with the memory of the process that started this one.
        line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM:"))
        return float(line.split()[1])
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024 if sys.platform == "darwin" else float(peak)


if __name__ == "__main__":
    _alone(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
