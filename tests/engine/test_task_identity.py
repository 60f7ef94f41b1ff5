"""Who a task is, by its scheduler's variables; how it asks to be started again; which variables go with it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.schedulers import registry
from deepsoil.schedulers.array.node_environment import node_of
from deepsoil.schedulers.gridengine import identity as gridengine
from deepsoil.schedulers.slurm import identity as slurm

ARRAY = {"SLURM_ARRAY_JOB_ID": "70", "SLURM_ARRAY_TASK_ID": "4", "SLURM_JOB_ID": "75"}


def program(folder: Path, name: str, code: int, said: str = "") -> None:
    """A program that notes its arguments, says something on standard error and ends with this code."""
    path = folder / name
    path.write_text(f"#!/bin/sh\necho \"$@\" >> {folder}/asked\nprintf %s '{said}' >&2\nexit {code}\n")
    path.chmod(0o755)


@pytest.mark.parametrize(("variables", "given", "index", "array", "restarts", "cpus", "number"), [
    (ARRAY, None, 4, "70", 0, None, "70_4"),
    ({**ARRAY, "SLURM_RESTART_COUNT": "3", "SLURM_CPUS_PER_TASK": "8"}, None, 4, "70", 3, 8, "70_4"),
    ({**ARRAY, "SLURM_RESTART_COUNT": "x", "SLURM_CPUS_PER_TASK": "x"}, 6, 6, "70", 0, None, "70_6"),
    ({"SLURM_JOB_ID": "75"}, 2, 2, "75", 0, None, "75")])
def test_a_task_of_slurm(variables: dict[str, str], given: int | None, index: int, array: str, restarts: int,
                         cpus: int | None, number: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = slurm.identity(variables, given)
    assert (found.index, found.array, found.restart, found.cpus) == (index, array, restarts, cpus)
    program(tmp_path, "scontrol", 0)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert found.requeue is not None and found.requeue() is None
    assert (tmp_path / "asked").read_text() == f"requeue {number}\n"


@pytest.mark.parametrize(("variables", "given", "index", "restarts", "cpus", "number"), [
    ({"JOB_ID": "70", "SGE_TASK_ID": "5"}, None, 4, 0, None, "70.5"),
    ({"JOB_ID": "70", "SGE_TASK_ID": "5", "RESTARTED": "1", "NSLOTS": "8"}, 2, 2, 1, 8, "70.5"),
    ({"JOB_ID": "70", "SGE_TASK_ID": "undefined", "RESTARTED": "0", "NSLOTS": "x"}, 3, 3, 0, None, "70")])
def test_a_task_of_grid_engine(variables: dict[str, str], given: int | None, index: int, restarts: int,
                               cpus: int | None, number: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = gridengine.identity(variables, given)
    assert (found.index, found.array, found.restart, found.cpus) == (index, "70", restarts, cpus)
    program(tmp_path, "qmod", 0)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert found.requeue is not None and found.requeue() is None
    assert (tmp_path / "asked").read_text() == f"-rj {number}\n"


@pytest.mark.parametrize("of", [slurm, gridengine])
def test_why_it_was_not_started_again_is_told(of: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = (slurm.identity(ARRAY, None) if of is slurm
            else gridengine.identity({"JOB_ID": "70", "SGE_TASK_ID": "5"}, None))
    assert made.requeue is not None
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    name = "scontrol" if of is slurm else "qmod"
    program(tmp_path, name, 1, "no right to")
    assert made.requeue() == "no right to"
    program(tmp_path, name, 7)
    assert made.requeue() == ("scontrol ended with 7" if of is slurm else "")
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    assert made.requeue()


def test_outside_a_scheduler_a_task_is_alone_and_needs_its_number() -> None:
    for identity in (slurm.identity, gridengine.identity):
        assert (identity({}, 3).index, identity({}, 3).requeue) == (3, None)
    with pytest.raises(DeepSoilError):
        slurm.identity({"SLURM_JOB_ID": "75"}, None)


def test_what_of_the_environment_goes_to_the_nodes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        monkeypatch.delenv(name)
    given = {"HOME": "/h", "PATH": "/bin", "PYTHONUTF8": "1", "DEEPSOIL_X": "x", "DEEPSOIL_HOME": "/elsewhere",
             "SGE_ROOT": "/sge", "SECRET": "s", "MY_DEEPSOIL_": "no"}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    node = node_of(tmp_path, tmp_path / "jobs" / "j", "SGE_ROOT", "SGE_CELL")
    assert dict(node.variables) == {"HOME": "/h", "PATH": "/bin", "PYTHONUTF8": "1", "DEEPSOIL_X": "x",
                                    "SGE_ROOT": "/sge", "DEEPSOIL_HOME": str(tmp_path)}
    assert str(node.job) == str(tmp_path / "jobs" / "j")


def test_a_scheduler_that_is_registered_replaces_one_and_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_registered", {})
    monkeypatch.setattr(registry, "_found", {})
    own = registry.find("process")
    assert registry.find("process") is own and type(own).__name__ == "ProcessScheduler"
    made: list[object] = []

    def make() -> object:
        made.append(object())
        return made[-1]

    registry.register("process", make)  # type: ignore[arg-type]
    assert registry.find("process") is registry.find("process") is made[0] and len(made) == 1
    assert type(registry.find("slurm")).__name__ == type(registry.find("gridengine")).__name__ == "ArrayScheduler"
    assert registry.names()[0] == "process"
    with pytest.raises(DeepSoilError) as caught:
        registry.find("pigeon")
    assert caught.value.code == "scheduler_unknown" and "slurm" in caught.value.hint
