"""Made-up ground, small untrained models and whole jobs for the tests of inference, products and evaluation."""

from __future__ import annotations

import secrets
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from deepsoil.bench.ground import FIRST_DAY, make_store
from deepsoil.contract.specification import parse_specification
from deepsoil.contract.version import SCHEMA
from deepsoil.grid import Window, pixel_to_lonlat
from deepsoil.inputs.stack import Stack
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.kind import Context
from deepsoil.kinds.preparation import prepare
from deepsoil.kinds.registry import find_kind
from deepsoil.models.library import Library, Model
from deepsoil.networks.export import export_random
from deepsoil.regions import Regions
from deepsoil.store.store import Stations, Store

DAYS = [(np.datetime64(FIRST_DAY) + n).item() for n in range(60)]
DAY = DAYS[40]
HERE = Window(238592, 409600, 512, 512)  # where made-up ground lies


@cache
def _built(folder: Path) -> Path:
    lon, lat = pixel_to_lonlat([HERE.column + 200.5, HERE.column + 210.5, HERE.column + 420.5],
                               [HERE.row + 300.5, HERE.row + 305.5, HERE.row + 60.5])
    theta = np.full((3, 2, len(DAYS)), np.nan, np.float32)
    stations = Stations(["a", "b", "c"], ["A", "B", "C"], ["N", "N", "N"], lon, lat, np.array([5.0, 20.0]),
                        np.array(DAYS, "datetime64[D]"), theta)
    make_store(folder / "store", stations=stations)
    for depth in (5, 20):
        export_random(folder / "models" / f"random-{depth}cm.onnx", depth)
    return folder


def built(factory: pytest.TempPathFactory) -> Path:
    """A folder with ``store`` and ``models``, made once a session; read only."""
    folder = factory.getbasetemp() / "made-up"
    folder.mkdir(exist_ok=True)
    return _built(folder)


def open_model(folder: Path, depth: int) -> Model:
    return Model.open(folder / "models" / f"random-{depth}cm.onnx")


def stack_for(folder: Path, model: Model) -> Stack:
    return Stack(Store.open(folder / "store"), model.contract.channel_uses())


def make_context(folder: Path, home: Path) -> Context:
    """A HOME that knows the made-up ground and the untrained models."""
    regions = Regions(home)
    home.mkdir(exist_ok=True)
    regions.add(folder / "store")
    return Context(home, regions, Library(home, folder), find_kind)


def ring(*corners: tuple[float, float]) -> dict[str, Any]:
    """A GeoJSON polygon with corners given in pixels from the upper left corner of the made-up ground."""
    columns, rows = np.array([*corners, corners[0]], float).T
    lon, lat = pixel_to_lonlat(HERE.column + columns, HERE.row + rows)
    return {"type": "Polygon", "coordinates": [np.column_stack([lon, lat]).tolist()]}


FIELD = ring((100, 120), (190, 105), (205, 180), (140, 215), (95, 190))


def document(**changes: Any) -> dict[str, Any]:
    return {"schema": SCHEMA, "id": secrets.token_hex(16), "kind": "predict", "name": "field", "area": FIELD,
            "dates": {"start": str(DAY), "end": str(DAY)}, "depths_cm": [5, 20], **changes}


def new_job(context: Context, **changes: Any) -> JobFolder:
    specification = prepare(parse_specification(document(region="made-up", **changes)), context)
    return JobFolder.create(context.jobs, specification, claimed=True)[0]
