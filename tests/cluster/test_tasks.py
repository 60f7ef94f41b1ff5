"""The work of tasks under a real Slurm: whatever befalls them, 19 trainings end with the weights they would have."""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from deepsoil.inference import windows
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.kind import Context
from deepsoil.jobs.tasks import curves, layout, status
from deepsoil.kinds.open_context import open_context
from deepsoil.kinds.registry import find_kind
from deepsoil.training.column_tables import load_tables
from deepsoil.training.configuration import parse_configuration
from inference_tools import DAYS, FIELD, built, document
from slurm_cluster import SlurmCluster, until
from slurm_jobs import Home, attempt
from tasks_tools import configuration, training, weather, weights_hash, winner
from test_tasks_predict import content

TIMEOUT_S = 400.0
CPUS = {"cpus": 1, "memory_mb": 900, "minutes": 20, "partition": "gpu"}


class RealHome(Home):
    """With the real handlers, and the regions and models of its HOME."""

    def context(self) -> Context:
        return open_context(self.path)

    def ended(self, folder: JobFolder) -> str:
        until(lambda: self.round() or folder.status().final, f"{folder.path} does not end", TIMEOUT_S)
        return folder.state

    def send_document(self, wanted: dict[str, Any]) -> JobFolder:
        return JobFolder(self.path / "jobs" / self.jobs.submit(wanted)["id"])

    def array(self, folder: JobFolder, number: int = 1) -> str:
        return str(attempt(folder, number, "submitted.json")["array"])


@pytest.fixture
def home(slurm: SlurmCluster, tmp_path: Path) -> Iterator[RealHome]:
    home = RealHome(tmp_path / "home", slurm)
    yield home
    for pid in pids_of(str(home.path)):  # orphans of nodes that were killed
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def pids_of(*words: str, **variables: str) -> list[int]:
    """Live processes with these words in their command and these variables in their environment."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            command = (path / "cmdline").read_bytes().replace(b"\0", b" ")
            around = (path / "environ").read_bytes().split(b"\0")
            if all(word.encode() in command for word in words) and int(path.name) != os.getpid() and \
                    all(f"{name}={value}".encode() in around for name, value in variables.items()):
                found.append(int(path.name))
    return found


def parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def runs(folder: JobFolder, index: int) -> list[str]:
    return [run.name for run in layout.runs(layout.task_path(folder.path, index))]


def has_epochs(folder: JobFolder, index: int, count: int = 1) -> bool:
    """Whether the latest run has a checkpoint of so many epochs and is not done."""
    latest = layout.runs(layout.task_path(folder.path, index))[-1:]
    view = status.look(folder)[index]
    return view.state == "running" and bool(latest) and any(
        len(path.read_text().splitlines()) >= count for path in latest[0].glob("work/*/curves.jsonl"))


class Misfortunes:
    """What befalls tasks of a running array, each once its training has come somewhere."""

    def __init__(self, home: RealHome, folder: JobFolder) -> None:
        self.home, self.folder, self.slurm, self.array = home, folder, home.cluster, home.array(folder)
        self.waiting: dict[int, Callable[[int], object]] = {
            2: self.requeue, 4: self.preempt, 6: self.near_the_limit, 8: self.lose_node, 10: self.kill}
        self.orphan: int | None = None

    def look(self) -> None:
        for index in list(self.waiting):
            if has_epochs(self.folder, index):
                self.waiting.pop(index)(index)

    def node_of(self, index: int) -> str:
        return self.slurm.run("squeue", "-h", "-j", f"{self.array}_{index}", "-o", "%N").stdout.strip()

    def requeue(self, index: int) -> None:
        assert self.slurm.run("scontrol", "requeue", f"{self.array}_{index}").returncode == 0

    def preempt(self, index: int) -> None:
        done = self.slurm.run("sbatch", "--partition=high", f"--nodelist={self.node_of(index)}", "--exclusive",
                              "--output=/dev/null", "--wrap=sleep 1")
        assert done.returncode == 0, done.stderr

    def near_the_limit(self, index: int) -> None:
        """What Slurm sends to the script some time before the limit."""
        self.slurm.run("scancel", "--batch", "--signal=USR2", f"{self.array}_{index}")

    def lose_node(self, index: int) -> None:
        """The node is gone, but what ran on it is only held up: it will go on."""
        (self.orphan,) = pids_of("-m deepsoil run-task", self.folder.id, SLURM_ARRAY_TASK_ID=str(index))
        script = parent(self.orphan)
        keeper, node = parent(script), self.node_of(index)
        assert keeper in self.slurm.steps_of(node)
        self.slurm.kill_node(node)
        until(lambda: parent(script) != keeper, "the node's keeper of the script lives on", interval_s=0.001)
        # Not before: a stopped process whose group loses its keeper is hung up by the system.
        os.kill(self.orphan, signal.SIGSTOP)

    def kill(self, index: int) -> None:
        for pid in pids_of("-m deepsoil run-task", self.folder.id, SLURM_ARRAY_TASK_ID=str(index)):
            os.kill(pid, signal.SIGKILL)


def test_19_trainings_end_with_the_same_weights_whatever_befalls_them(home: RealHome, tmp_path: Path) -> None:
    root = weather(tmp_path / "weather")
    schedule = {"epochs": 4, "steps_per_epoch": 1, "stages": [{"share": 1, "patch": 8, "batch": 2}]}
    wanted = [configuration(root, f"region-{number:02d}", **schedule) for number in range(19)]
    folder = home.send_document(training(wanted, **CPUS))
    load_tables(parse_configuration(wanted[0], ""), folder.path / "tasks" / "shared")  # the same for all: made once
    home.until(lambda: (folder.path / "attempt-1" / "submitted.json").exists())
    misfortunes, together = Misfortunes(home, folder), 0

    def step() -> bool:
        nonlocal together
        home.round()
        misfortunes.look()
        shown = home.cluster.run("squeue", "-h", "-t", "running", "-o", "%N", "-p", "gpu").stdout.split()
        together = max(together, len(set(shown)))
        return folder.status().final

    until(step, f"{folder.path} does not end", TIMEOUT_S)
    assert folder.state == "succeeded", folder.status().reason
    assert together == 19, "all at once, each on a node of its own"
    assert not misfortunes.waiting and misfortunes.orphan is not None
    hashes = {weights_hash(winner(folder, index)) for index in range(19)}
    assert len(hashes) == 1
    # What happened to whom.
    assert [len(runs(folder, index)) for index in (0, 2, 4, 6, 8, 10)] == [1, 2, 2, 2, 2, 2]
    assert runs(folder, 2) == runs(folder, 4) == runs(folder, 6) == runs(folder, 8) == ["run-1.0", "run-1.1"]
    assert runs(folder, 10) == ["run-1.0", "run-2.0"], "killed by itself, it is another attempt's"
    limit = json.loads((layout.task_path(folder.path, 6) / "run-1.0" / layout.END).read_text())
    assert limit["state"] == "interrupted" and "time limit" in limit["message"]
    for index in (2, 4, 6, 8, 10):
        assert "Continues run-1.0" in (winner(folder, index) / "log.jsonl").read_text()
    # Every training is published once, with its curves.
    names = [record["name"] for record in folder.output_records()]
    assert len(names) == len(set(names))
    assert {f"region-{number:02d}/region-{number:02d}.onnx" for number in range(19)} <= set(names)
    assert [len(one["rows"]) for one in curves.read(folder)] == [4] * 19
    # The orphan wakes up, comes to its end, and changes nothing.
    result = layout.task_path(folder.path, 8) / layout.RESULT
    before = result.read_text(), folder.output_records()
    os.kill(misfortunes.orphan, signal.SIGCONT)
    until((result.parent / "run-1.0" / layout.END).exists, "the orphan does not end", 120)
    assert "Another run" in (result.parent / "run-1.0" / layout.END).read_text()
    assert (result.read_text(), folder.output_records()) == before and winner(folder, 8).name == "run-1.1"


def test_a_prediction_in_shards_gives_the_very_maps_of_this_computer(
        home: RealHome, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    ground = built(tmp_path_factory)
    shutil.copytree(ground / "models", home.path / "models", dirs_exist_ok=True)
    home.context().regions.add(ground / "store")
    monkeypatch.setattr(windows, "side_for_memory", lambda *_: 32)
    wanted = {"region": "made-up", "area": FIELD, "models": {"5": "random-5cm", "20": "random-20cm"},
              "dates": {"start": str(DAYS[40]), "end": str(DAYS[41])}}
    folder = home.send_document(document(**wanted, resources={"scheduler": "slurm", "tasks": 6, **CPUS}))
    assert home.ended(folder) == "succeeded", folder.status().reason
    local = JobFolder.create(home.path / "jobs", folder.specification().model_copy(
        update={"id": "f" * 32, "resources": None}), claimed=True)[0]
    find_kind("predict").run(local.specification(), local, home.context())
    names = [record["name"] for record in local.output_records()]
    assert [record["name"] for record in folder.output_records()] == names and len(names) == 4
    for name in names:
        assert content(folder.outputs_path / name) == content(local.outputs_path / name)
    assert home.summary(folder)["tasks"]["total"] == 6


def test_one_training_runs_in_two_processes(home: RealHome, tmp_path: Path) -> None:
    root = weather(tmp_path / "weather")
    wanted = [configuration(root, "large", epochs=2, steps_per_epoch=1)]
    folder = home.send_document(training(wanted, **CPUS | {"cpus": 2}, processes=2))
    assert home.ended(folder) == "succeeded", folder.status().reason
    assert runs(folder, 0) == ["run-1.0"] and len(curves.read(folder)[0]["rows"]) == 2
    assert {"large.onnx", "curves.jsonl"} <= {Path(record["name"]).name for record in folder.output_records()}
    assert not pids_of("torch.distributed.run", folder.id)
