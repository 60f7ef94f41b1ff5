"""Prepares what ``build.py run`` opens: the synthetic region, its project, and the first maps. Quick when done."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

from deepsoil_plugin.contract import SCHEMA

from . import environments, system
from .console import BUILD, ROOT, ProgressLine, Stop, engine_progress, output_of, run_logged, say, step

FOLDER = BUILD / "sample"
REGION = FOLDER / "region"
PROJECT = FOLDER / "sample.qgz"
_PARTS = ROOT / "tools" / "sample_project"
_FIRST_JOB = "0" * 31 + "1"
FIELD = "North quarter"
DATE = "2023-07-15"
STATION = (-104.92682, 40.42068)   # Synthetic 12 South Pivot


def field(name: str) -> dict[str, Any]:
    """A field of the sample project as a GeoJSON geometry."""
    fields = json.loads((_PARTS / "fields.geojson").read_text(encoding="utf-8"))["features"]
    return next(dict(one["geometry"]) for one in fields if one["properties"]["name"] == name)


def build_region(engine: Path) -> Path:
    """The folder with the sample region, its picture and its fields.

    Built where it is missing, was cut short, or was made by other code.
    """
    variables = environments.engine_variables(engine, FOLDER / "home")
    FOLDER.mkdir(parents=True, exist_ok=True)
    command: list[str | Path] = [engine, "-m", "deepsoil"]
    made_by, stamp = FOLDER / "made_by.txt", _code_stamp()
    known = made_by.read_text(encoding="utf-8") if made_by.is_file() else ""
    if known != stamp or output_of([*command, "regions", "--add", REGION], env=variables) is None:
        step("The sample region (synthetic)")
        shutil.rmtree(REGION, ignore_errors=True)
        (FOLDER / "aerial.tif").unlink(missing_ok=True)
        run_logged([*command, "sample", REGION], "sample-region", env=variables, what="The sample region",
                   reader=engine_progress)
        made_by.write_text(stamp, encoding="utf-8")
    shutil.copy(_PARTS / "fields.geojson", FOLDER)
    if not (FOLDER / "aerial.tif").exists():
        run_logged([engine, _PARTS / "aerial.py", REGION, FOLDER / "aerial.tif"], "sample-region", env=variables,
                   what="The picture of the sample region")
    return FOLDER


def _code_stamp() -> str:
    """A hash of the code that the region is made with."""
    files = sorted((environments.ENGINE_SOURCE / "deepsoil" / "sample").glob("*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def write_project(folder: Path, request: dict[str, Any] | None = None, picture_of: Path | None = None) -> Path:
    """``sample.qgz`` beside the picture and the fields in ``folder``, with a request that was sent already.

    ``picture_of``: the folder of the sample region, from which picture and fields are copied first.
    """
    if picture_of is not None:
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("aerial.tif", "fields.geojson"):
            shutil.copy(picture_of / name, folder)
    command: list[str | Path] = [system.SYSTEM_PYTHON, _PARTS / "project.py", folder]
    if request is not None:
        specification = folder / "first_maps.json"
        specification.write_text(json.dumps(request), encoding="utf-8")
        command.append(specification)
    if output_of(command, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}) is None:
        raise Stop("The sample project could not be written.")
    return folder / PROJECT.name


def prepare(engine: Path) -> Path:
    """Build what is missing, make the first maps, and return the project."""
    build_region(engine)
    variables = environments.engine_variables(engine)
    command: list[str | Path] = [engine, "-m", "deepsoil"]
    run_logged([*command, "regions", "--add", REGION], "sample-region", env=variables, what="Adding the sample region")
    if not PROJECT.exists():
        step("The sample project")
        write_project(FOLDER, first_request())
    step("The first maps")
    run_logged([*command, "submit", FOLDER / "first_maps.json"], "sample-region", env=variables,
               what="Asking for the first maps")
    wait_for_job(Path(variables["DEEPSOIL_HOME"]) / "jobs" / _FIRST_JOB)
    return PROJECT


def first_request() -> dict[str, Any]:
    return {"schema": SCHEMA, "id": _FIRST_JOB, "kind": "predict", "name": FIELD, "region": "sample",
            "area": field(FIELD),
            "dates": {"start": DATE, "end": DATE}, "depths_cm": [5, 20], "output": {"crs": "utm", "resolution_m": 30},
            "options": {}}


def wait_for_job(folder: Path, timeout_s: float = 600) -> None:
    """Until the job in ``folder`` has ended well. Stop with its reason otherwise."""
    show, end = ProgressLine(), time.monotonic() + timeout_s
    while time.monotonic() < end:
        try:
            state = json.loads((folder / "state.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            state = {"state": "queued", "message": ""}
        if state["state"] == "succeeded":
            show("The maps are ready", 1.0)
            return
        if state["state"] in ("failed", "cancelled"):
            raise Stop(f"The first maps failed: {state.get('reason')}")
        show(str(state.get("message") or state["state"]), 0.5)
        time.sleep(0.2)
    raise Stop(f"The first maps were not ready after {timeout_s:.0f} s; see {folder / 'log.jsonl'}")


def open_in_qgis(project: Path, profiles: Path, engine: Path) -> int:
    """QGIS on the user's screen; returns when it is closed."""
    env = environments.engine_variables(engine)
    env["PATH"] = f"/usr/bin:{env.get('PATH', '')}"
    say(f"QGIS opens with {project.relative_to(ROOT)}; close its window to come back here.")
    return subprocess.run(["qgis", "--profiles-path", profiles, project], env=env, check=False).returncode
