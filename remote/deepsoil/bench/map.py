"""``map``: a large area from the request to the finished file, against ONNX Runtime over its pixels without halo."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from deepsoil.bench.ground import FIRST_DAY, make_store
from deepsoil.bench.measure import Row, models, row
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.model import INPUT, OUTPUT
from deepsoil.contract.specification import parse_specification
from deepsoil.contract.version import SCHEMA
from deepsoil.grid import Window, pixel_to_lonlat
from deepsoil.inputs.stack import Stack
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.kind import Context
from deepsoil.kinds.registry import find_kind
from deepsoil.models.library import Library, Model
from deepsoil.regions import Regions
from deepsoil.store.store import Store

AIM = 1.2
SMALL, LARGE = 1024, 2048
_MARGIN = 64
_WARM_UP = 256
_DAY = FIRST_DAY + timedelta(days=40)
_MEMORY_GROWTH_AIM = 1.25


def run() -> list[Row]:
    """Time of the whole job per model, and peak memory of its process for an area and for one four times as large.

    A few minutes and less than 5 GB. Every map is made in its own process, which reports its time and memory. The
    reference covers the same pixels in four runs of 1024 x 1024, since one run over all of them would need four times
    the memory: two before the map and two after it, so that a changing load affects both sides.
    """
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        store = make_store(home / "store", LARGE + 512)
        Regions(home).add(store.path)
        rows = []
        for model in models(home):
            title = f"map {model.contract.depth_cm} cm"
            small = measured_map(home, model, SMALL)
            above, below = _halves(_area(store, LARGE))
            bare_s = _bare_seconds(model, store, above)
            large = measured_map(home, model, LARGE)
            bare_s += _bare_seconds(model, store, below)
            ratio = large.seconds / bare_s
            rows.append(row(title, large.seconds, "s", reference=f"bare ONNX Runtime, {LARGE} x {LARGE} pixels in four "
                            "runs, no halo", reference_value=bare_s, aim=f"ratio <= {AIM:g}", holds=ratio <= AIM))
            growth = large.peak_memory_mb / small.peak_memory_mb
            rows.append(row(f"{title}, peak memory {LARGE} x {LARGE}", large.peak_memory_mb, "MB",
                            reference=f"peak memory {SMALL} x {SMALL}", reference_value=small.peak_memory_mb,
                            aim=f"ratio <= {_MEMORY_GROWTH_AIM:g}", holds=growth <= _MEMORY_GROWTH_AIM))
        return rows


@dataclass(frozen=True)
class MeasuredMap:
    """``seconds``: of the job, from its specification to its product, after a small warm-up job."""

    seconds: float
    peak_memory_mb: float


def measured_map(home: Path, model: Model, side: int) -> MeasuredMap:
    """A map of ``side`` x ``side`` pixels, made in a separate process."""
    done = subprocess.run([sys.executable, "-m", "deepsoil.bench.map", str(home), str(model.path), str(side)],
                          capture_output=True, text=True, check=False)
    if done.returncode:
        raise DeepSoilError("bench_failed", "The measured map failed: {stderr}.", stderr=done.stderr.strip()[-300:])
    return MeasuredMap(**json.loads(done.stdout))


def _halves(window: Window) -> tuple[list[Window], list[Window]]:
    """Windows of at most 1024 pixels on a side that cover a window: those of its upper half, and of its lower half."""
    parts = [Window(column, line, SMALL, SMALL) for line in range(window.row, window.bottom, SMALL)
             for column in range(window.column, window.right, SMALL)]
    return parts[:len(parts) // 2], parts[len(parts) // 2:]


def _bare_seconds(model: Model, store: Store, windows: list[Window]) -> float:
    """Seconds of ONNX Runtime alone over windows; their input is read beforehand and does not count.

    The session is released afterwards: otherwise the map would have less memory and smaller windows.
    """
    session = Model.open(model.path).session()
    stack = Stack(store, model.contract.channel_uses(), kept_windows=0)
    seconds = 0.0
    for number, window in enumerate(windows):
        x = stack.read(_DAY, window)[0][None]
        if number == 0:
            session.run([OUTPUT], {INPUT: x[:, :, :_WARM_UP, :_WARM_UP]})
        begun = time.perf_counter()
        session.run([OUTPUT], {INPUT: x})
        seconds += time.perf_counter() - begun
    return seconds


def predict(context: Context, model: Model, window: Window) -> None:
    """The job of a map of one day, in this process, from its specification to its product."""
    specification = parse_specification(_document(model, window))
    folder, _ = JobFolder.create(context.jobs, specification, claimed=True)
    find_kind("predict").run(specification, folder, context)


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
    """The body of the process of ``measured_map``."""
    model = Model.open(path)
    context = Context(home, Regions(home), Library.in_folder(path.parent), find_kind)
    store = context.regions.get("made-up")
    predict(context, model, _area(store, _WARM_UP))
    begun = time.perf_counter()
    predict(context, model, _area(store, side))
    print(json.dumps({"seconds": time.perf_counter() - begun, "peak_memory_mb": _peak_memory_kb() / 1024}))


def _peak_memory_kb() -> float:
    status = Path("/proc/self/status")
    if status.is_file():
        # Not getrusage: on Linux its figure includes the memory of the parent process.
        line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM:"))
        return float(line.split()[1])
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024 if sys.platform == "darwin" else float(peak)


if __name__ == "__main__":
    _alone(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
