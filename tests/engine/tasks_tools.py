"""Tiny trainings and predictions as jobs of several tasks, for the tests of tasks with and without a scheduler."""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path
from typing import Any

import numpy as np
import torch
from deepsoil.contract.specification import parse_specification
from deepsoil.contract.version import SCHEMA
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.kind import Context
from deepsoil.jobs.tasks import layout
from deepsoil.jobs.tasks.plan import TaskPlan, make_plan
from deepsoil.kinds.preparation import prepare


def weather(folder: Path) -> Path:
    """A year and a half of seasons and showers in ``folder/plain.csv``; the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    rng, dates = np.random.default_rng(4), np.arange("2001-01-01", "2002-07-01", dtype="datetime64[D]")
    season = np.cos(2 * np.pi * np.arange(len(dates)) / 365.25)
    columns = np.column_stack([rng.gamma(0.2, 12, len(dates)), 10 - 12 * season, 3 - 2.5 * season, 1 - 0.8 * season])
    lines = [f"{day},{','.join(f'{value:.4f}' for value in row)}" for day, row in zip(dates, columns, strict=True)]
    (folder / "plain.csv").write_text("date,p,t,e,d\n" + "\n".join(lines) + "\n")
    return folder


def configuration(root: Path, name: str = "tiny", **schedule: Any) -> dict[str, Any]:
    """A whole training that takes about a second; ``schedule`` changes it."""
    return {
        "name": name, "title": name, "version": "0", "depth_cm": 20,
        "weather": {"root": str(root), "series": [{
            "name": "plain", "file": "plain.csv", "date": "date", "precipitation": "p", "temperature": ["t"],
            "pet": "e", "vpd": "d"}]},
        "simulation": {"period": ["2001-01-01", "2002-06-30"], "years": 1, "runs_per_series": 1, "lattice_step": 50,
                       "unseen_textures": 2, "spinup_days": 10},
        "network": {"kind": "light_unet", "width": 2},
        "schedule": {"epochs": 3, "steps_per_epoch": 2, "learning_rate": 0.01,
                     "stages": [{"share": 1, "patch": 16, "batch": 4}], **schedule},
        "scoring": {"batches": 1, "pixel_network_steps": 1},
    }


def training(configurations: list[Any], **resources: Any) -> dict[str, Any]:
    return {"schema": SCHEMA, "id": secrets.token_hex(16), "kind": "train", "name": "regions",
            "options": {"configurations": configurations}, "resources": {"scheduler": "slurm", **resources}}


def planned(context: Context, document: dict[str, Any]) -> tuple[JobFolder, TaskPlan]:
    """A job in its folder, with its plan."""
    specification = prepare(parse_specification(document), context)
    folder, _ = JobFolder.create(context.jobs, specification)
    return folder, make_plan(specification, folder, context)


def winner(job: JobFolder, index: int) -> Path:
    """The run of a task that counts."""
    import json

    task = layout.task_path(job.path, index)
    return task / json.loads((task / layout.RESULT).read_text())["run"]


def weights_hash(run: Path) -> str:
    """Of the last checkpoint of the training in a run: weights, averaged weights and the state of the optimiser."""
    digest = hashlib.sha256()
    (path,) = (run / "work").glob("*/checkpoint.pt")
    state = torch.load(path, map_location="cpu", weights_only=True)
    for part in ("network", "averaged"):
        for name, value in sorted(state[part].items()):
            digest.update(name.encode() + value.numpy().tobytes())
    for moments in state["optimiser"]["state"].values():
        for name, value in sorted(moments.items()):
            digest.update(name.encode() + value.numpy().tobytes())
    return digest.hexdigest()
