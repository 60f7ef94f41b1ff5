"""A scheduler of another package: found by its entry point, it runs jobs like those that come with the engine.

The example of docs/extending.md: `extension_scheduler/folder_scheduler.py` and the file with its entry point.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
OUTSIDE = HERE / "extension_scheduler"
sys.path.insert(0, str(HERE.parent / "cluster"))

from array_jobs import FAKE, ArrayHome, fake_tasks  # noqa: E402
from deepsoil.contract.errors import DeepSoilError  # noqa: E402
from deepsoil.contract.resources import Resources  # noqa: E402
from deepsoil.jobs.folder import JobFolder  # noqa: E402
from deepsoil.schedulers import registry  # noqa: E402
from deepsoil.schedulers.array.scheduler import ArrayScheduler  # noqa: E402
from deepsoil.schedulers.process.scheduler import ProcessScheduler  # noqa: E402
from scheduler_conformance import ArrayConformance, SchedulerConformance, ServedHome, served_home  # noqa: E402


@pytest.fixture(autouse=True)
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The package is installed, here and for the processes of its jobs."""
    monkeypatch.syspath_prepend(OUTSIDE)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(FAKE), str(OUTSIDE))))
    monkeypatch.setenv("FOLDER_QUEUE", str(tmp_path / "queue"))
    (tmp_path / "queue").mkdir()
    monkeypatch.setattr("deepsoil.kinds.open_context.open_context", lambda home: fake_tasks.CONTEXT)
    yield
    registry._found.pop("folder", None)


class TestFolderQueue(ArrayConformance, SchedulerConformance):
    @pytest.fixture
    def site(self, tmp_path: Path) -> ArrayHome:
        scheduler = registry.find("folder")
        assert isinstance(scheduler, ArrayScheduler)
        return ArrayHome(tmp_path / "home", scheduler.backend)

    @pytest.fixture
    def served(self, site: ArrayHome, monkeypatch: pytest.MonkeyPatch) -> Iterator[ServedHome]:
        yield from served_home(monkeypatch, site.path, "folder", site.document)

    def lose_node(self, site: ArrayHome, folder: JobFolder, index: int) -> None:
        for path in Path("/proc").glob("[0-9]*"):
            try:
                variables, command = (path / "environ").read_bytes().split(b"\0"), (path / "cmdline").read_bytes()
                if f"FOLDER_TASK={index}".encode() in variables and folder.id.encode() in command:
                    os.kill(int(path.name), signal.SIGKILL)
            except OSError:
                continue


def test_its_name_is_a_scheduler_only_where_its_package_is(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "folder" in registry.names() and Resources(scheduler="folder").scheduler == "folder"
    monkeypatch.undo()
    with pytest.raises(ValueError, match="name of a scheduler"):
        Resources(scheduler="folder")
    registry._found.pop("folder", None)
    with pytest.raises(DeepSoilError, match="no scheduler 'folder'") as raised:
        registry.find("folder")
    assert raised.value.code == "scheduler_unknown"


def test_a_scheduler_can_be_registered_for_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_registered", {})
    monkeypatch.setattr("deepsoil.contract.scheduler_names._added", set())
    registry.register("here", ProcessScheduler)
    assert isinstance(registry.find("here"), ProcessScheduler)
    assert Resources(scheduler="here").scheduler == "here"
    registry._found.pop("here")
