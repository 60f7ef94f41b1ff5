"""A disk that fills while a region is simulated or ingested, or a network trained; see also test_disk_of_a_job.py.

The end says why; nothing half-written is taken for whole, and what was whole before still is; with space again the same
request succeeds and makes what it makes on a disk that never was full. ``pytest -s`` prints the runs.

Each kind runs in a program of its own, which itself neither computes nor reads: kernels and threads that were used
before a fork cannot be used after it.
"""

from __future__ import annotations

import random
import secrets
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.specification import parse_specification
from deepsoil.contract.version import SCHEMA
from deepsoil.grid import Window
from deepsoil.io.hashing import sha256_of_file
from deepsoil.jobs import runner
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.kind import Context
from deepsoil.kinds.registry import find_kind
from deepsoil.labels.label_reader import Labels
from deepsoil.models.library import Library
from deepsoil.regions import Regions
from deepsoil.sources.ingest import ingest
from deepsoil.store.store import Store
from labels_tools import DATES, HERE, make
from small_disk import Child, SmallDisk, apart, small_ext4
from tasks_tools import configuration, weather
from test_ingest import BOX, write_kitchen


class Case:
    """One kind of job on a small disk. ``found()`` is what it has made so far that a reader takes for whole.

    fills_at   the writes at which the disk fills, where a run to count them takes too long
    """

    fills_at: tuple[int, ...] = ()

    def __init__(self, disk: SmallDisk, beside: Path) -> None:
        self.disk, self.beside, self.home = disk, beside, disk.path / "home"
        self.home.mkdir()
        self.context = Context(self.home, Regions(self.home), None, find_kind)  # type: ignore[arg-type]

    def begin(self) -> None: ...

    def document(self) -> dict[str, Any]:
        raise NotImplementedError

    def found(self) -> Any:
        raise NotImplementedError

    def allowed(self, found: Any, whole: Any) -> bool:
        """After a run that failed: nothing, or all of it."""
        return found is None or found == whole


class Simulation(Case):
    def begin(self) -> None:
        if not (self.beside / "blank").exists():
            make(self.beside / "blank")
        shutil.rmtree(self.disk.path / "store", ignore_errors=True)
        shutil.copytree(self.beside / "blank", self.disk.path / "store")

    def document(self) -> dict[str, Any]:
        return {"kind": "simulate", "options": {"store": str(self.disk.path / "store"), "fallow": True,
                                                "texture_step": 25, "threads": 1}}

    def found(self) -> Any:
        try:
            labels = Labels.open(Store.open(self.disk.path / "store"))
        except DeepSoilError as error:
            assert error.code in ("labels_missing", "labels_unfinished"), error
            return None
        return labels.theta(20.0, DATES[-1].item(), HERE).tobytes()


class Ingestion(Case):
    """Over a store that is there: a refresh."""

    def begin(self) -> None:
        kitchen = self.beside / "kitchen"
        if not kitchen.exists():
            kitchen.mkdir()
            write_kitchen(kitchen)
            earlier = (kitchen / "recipe.yaml").read_text().replace("value: 400", "value: 500")
            (kitchen / "earlier.yaml").write_text(earlier.replace("value: 40\n", "value: 30\n"))
            ingest(kitchen / "earlier.yaml", self.beside / "earlier")
        shutil.rmtree(self.disk.path / "stores", ignore_errors=True)
        shutil.copytree(self.beside / "earlier", self.disk.path / "stores" / "field")

    def document(self) -> dict[str, Any]:
        return {"kind": "ingest", "options": {"recipe": str(self.beside / "kitchen" / "recipe.yaml"),
                                              "store": str(self.disk.path / "stores" / "field")}}

    def found(self) -> Any:
        assert [path.name for path in (self.disk.path / "stores").iterdir()] == ["field"], "leftovers"
        store, window = Store.open(self.disk.path / "stores" / "field"), Window.around(*BOX)
        sand = np.unique(store.read_static("sand", window)).tolist()
        return sand, store.coarse("precipitation").values.sum(), store.stations().theta.tobytes()

    def allowed(self, found: Any, whole: Any) -> bool:
        return found == whole or found == ([50.0], *whole[1:])


class Training(Case):
    fills_at = (60,)

    def begin(self) -> None:
        if not (self.beside / "weather").exists():
            weather(self.beside / "weather")
        shutil.rmtree(self.home / "models", ignore_errors=True)

    def document(self) -> dict[str, Any]:
        return {"kind": "train", "options": {"threads": 1, "configurations": [
            configuration(self.beside / "weather", epochs=2)]}}

    def found(self) -> Any:
        models = Library(self.home, self.beside / "none").list()
        assert not [model for model in models if model.get("problem")], models
        return {model["id"] for model in models}

    def allowed(self, found: Any, whole: Any) -> bool:
        return not found


KINDS: dict[str, tuple[type[Case], int, int]] = {
    "simulate": (Simulation, 48, 2), "ingest": (Ingestion, 48, 3), "train": (Training, 64, 1)}
"""With the size of the disk in MB, and how often it fills."""


def files_are_whole(folder: JobFolder) -> bool:
    """Whether the recorded files are those that are there, each as it was recorded."""
    records = {record["name"]: record for record in folder.output_records()}
    there = {path.relative_to(folder.outputs_path).as_posix(): path for path in folder.outputs_path.rglob("*")
             if path.is_file() and not path.name.startswith(".part-")}
    return there.keys() == records.keys() and all(
        records[name]["sha256"] == sha256_of_file(path) for name, path in there.items())


def run_kind(name: str, beside: Path) -> None:
    runner._AGAIN_AFTER_S = 0.05
    make_case, megabytes, runs = KINDS[name]
    with small_ext4(beside, megabytes=megabytes, files=4000) as disk:
        case, notes, draw = make_case(disk, beside), beside / "notes", random.Random(11)

        def run_one(number: int, left_kb: int) -> tuple[Child, JobFolder]:
            document = {"schema": SCHEMA, "id": secrets.token_hex(16), "name": name, **case.document()}
            folder, _ = JobFolder.create(case.context.jobs, parse_specification(document), claimed=True)
            child = Child(disk, lambda: int(runner.run(folder, lambda: case.context).state != "succeeded"), number,
                          left_kb, notes)
            assert child.ended(900), "the end of a failed job needs no space"
            disk.free()
            assert files_are_whole(folder), folder.output_records()
            return child, folder

        def succeeded(folder: JobFolder) -> Any:
            assert folder.state == "succeeded" and folder.manifest()["files"] is not None, folder.status()
            shutil.rmtree(folder.path)
            return apart(case.found)

        whole, numbers, rows = None, list(case.fills_at), list[str]()
        if not numbers:
            apart(case.begin)
            child, folder = run_one(0, 0)
            whole, count = succeeded(folder), len(child.writes)
            assert whole
            numbers = [draw.randint(count * part // runs + 1, count * (part + 1) // runs) for part in range(runs)]
        for number in numbers:
            apart(case.begin)
            left_kb = draw.choice((0, 8, 60)) if rows else 0
            child, folder = run_one(number, left_kb)
            status = folder.status()
            code = (status.reason or {}).get("code", "")
            rows.append(f"{status.state} {code}")
            write = "".join(child.writes[number - 1:number])
            print(f"  {left_kb:>3} kB left at write {number:>3}: {write:<40} {rows[-1]}")
            assert status.state == "succeeded" or code == "disk_full", (status, write)
            assert status.state == "succeeded" or case.allowed(found := apart(case.found), whole), found
            shutil.rmtree(folder.path)
            again = succeeded(run_one(0, 0)[1])
            assert again and whole in (None, again), "with space again"
        print("  total:", dict(Counter(rows)))
        assert "failed disk_full" in rows


@pytest.mark.parametrize("kind", KINDS)
def test_a_job_on_a_disk_that_fills_ends_with_the_reason_and_succeeds_with_space_again(kind: str,
                                                                                       tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, __file__, kind, str(tmp_path)], capture_output=True, text=True, timeout=3600,
                          check=False)
    print(f"\n{kind}:\n{done.stdout}")
    if done.returncode == SKIPPED:
        pytest.skip("a small ext4 needs root and a loop device")
    assert done.returncode == 0, done.stdout + done.stderr


SKIPPED = 77


def program(arguments: list[str]) -> int:
    try:
        run_kind(arguments[0], Path(arguments[1]))
    except pytest.skip.Exception:
        return SKIPPED
    return 0


if __name__ == "__main__":
    sys.exit(program(sys.argv[1:]))
