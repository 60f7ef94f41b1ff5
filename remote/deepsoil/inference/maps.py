"""One map of a prediction: the mosaic that its windows fill, and the product that it becomes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING

import numpy as np

from deepsoil import __version__
from deepsoil.grid import Window
from deepsoil.inference.predict import Map
from deepsoil.inference.product import Mosaic, check_disk, file_name, write_product

if TYPE_CHECKING:
    from deepsoil.contract.specification import Specification
    from deepsoil.inference.job import Plan
    from deepsoil.jobs.folder import JobFolder

_LARGEST_MOSAIC_IN_MEMORY_BYTES = 256 << 20


@contextmanager
def empty_mosaic(window: Window, folder: Path) -> Iterator[Mosaic]:
    """An empty mosaic: in memory, or, for a large area, in a file without a name that goes with it."""
    if 4 * window.width * window.height <= _LARGEST_MOSAIC_IN_MEMORY_BYTES:
        yield Mosaic(window, np.full(window.shape, np.nan, np.float32))
        return
    check_disk(folder, 4 * window.width * window.height)
    with tempfile.TemporaryFile(dir=folder) as file:
        theta = _mapped(file, window)
        theta[:] = np.nan
        yield Mosaic(window, theta)


def _mapped(file: IO[bytes], window: Window) -> Map:
    return np.memmap(file, np.float32, "w+", shape=window.shape)


def publish_map(specification: Specification, folder: JobFolder, plan: Plan, depth_cm: int, day: date,
                mosaic: Mosaic) -> None:
    """Write the product of a day and a depth and make it an output of ``folder``."""
    layer, name = plan.layers[depth_cm], file_name(depth_cm, day.isoformat())
    tags = {"DEEPSOIL_DEPTH_CM": str(depth_cm), "DEEPSOIL_DATE": day.isoformat(), "DEEPSOIL_MODEL": layer.model.id,
            "DEEPSOIL_MODEL_VERSION": layer.model.contract.version, "DEEPSOIL_ENGINE": __version__,
            "DEEPSOIL_JOB": specification.id, "DEEPSOIL_REGION": specification.region or plan.store.name,
            "DEEPSOIL_SYNTHETIC": "yes" if plan.store.synthetic else "no",
            "DEEPSOIL_MISSING": ",".join(layer.stack.missing)}
    title = f"Volumetric soil moisture at {depth_cm} cm, {day.isoformat()}"
    draft = write_product(folder.temporary(name), mosaic, plan.target, title=title, tags=tags)
    folder.add_output(draft, "map", depth_cm, day)
    folder.log(f"{name} is finished")
