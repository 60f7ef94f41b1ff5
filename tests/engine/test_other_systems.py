"""What differs between operating systems is in one room, and behaves as it should on those that cannot be run here.

Windows is simulated by its name, its modules and its refusals; docs/platforms.md says what that leaves open.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from deepsoil.hosts.ssh import keys
from deepsoil.io import disk, process

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from deepsoil_plugin.engine import environment, install_lock  # noqa: E402
from deepsoil_plugin.engine.pip_advice import InstallError  # noqa: E402

_DIFFERS = re.compile(r"\bsys\.platform\b|\bos\.name\b|\bplatform\.system\(|\bimport (fcntl|msvcrt|winreg)\b|"
                      r"\bos\.(killpg|setsid|getpgid|setpgid)\(")
ENGINE_ROOM = "remote/deepsoil/io"
# What stays outside the room, because it belongs to one subject; each is a row in docs/platforms.md.
OUTSIDE = {
    "remote/deepsoil/home.py", "remote/deepsoil/hosts/ssh/keys.py", "remote/deepsoil/hosts/ssh/transport.py",
    "remote/deepsoil/soil/apsim/run.py", "remote/deepsoil/bench/map.py",
    "deepsoil_plugin/installation.py", "deepsoil_plugin/engine/environment.py",
    "deepsoil_plugin/engine/install_worker.py", "deepsoil_plugin/engine/install_lock.py",
    "deepsoil_plugin/processing/engine_run.py", "deepsoil_plugin/engine/command.py",
}


def _asking() -> set[str]:
    files = [*(ROOT / "remote" / "deepsoil").rglob("*.py"), *(ROOT / "deepsoil_plugin").rglob("*.py")]
    return {file.relative_to(ROOT).as_posix() for file in files if _DIFFERS.search(file.read_text(encoding="utf-8"))}


def test_only_one_room_and_a_few_named_files_ask_which_system_it_is() -> None:
    assert {name for name in _asking() if not name.startswith(ENGINE_ROOM)} <= OUTSIDE
    page = (ROOT / "docs" / "platforms.md").read_text(encoding="utf-8")
    for name in _asking() - {"remote/deepsoil/bench/map.py"}:
        short = name.removeprefix("remote/deepsoil/").removeprefix("deepsoil_plugin/")
        assert f"{short}`" in page, f"{name} is not in docs/platforms.md"


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr(sys, "platform", "win32")
    for name, value in (("CREATE_NEW_PROCESS_GROUP", 0x200), ("CREATE_NO_WINDOW", 0x8000000),
                        ("CREATE_BREAKAWAY_FROM_JOB", 0x1000000)):
        monkeypatch.setattr(subprocess, name, value, raising=False)
    return monkeypatch


def test_a_file_that_somebody_reads_is_replaced_when_they_have_done(windows: pytest.MonkeyPatch) -> None:
    refusals = iter([PermissionError(13, "in use")] * 3)

    def replace() -> str:
        if error := next(refusals, None):
            raise error
        return "done"

    assert disk.retry_while_busy(replace) == "done"
    windows.setattr(disk, "_BUSY_FOR_S", 0.1)
    with pytest.raises(PermissionError):
        disk.retry_while_busy(lambda: (_ for _ in ()).throw(PermissionError(13, "in use")))


def test_elsewhere_a_refusal_is_final() -> None:
    tried = []

    def refuse() -> None:
        tried.append(1)
        raise PermissionError(13, "not yours")

    with pytest.raises(PermissionError):
        disk.retry_while_busy(refuse)
    assert len(tried) == 1


def test_a_folder_is_not_flushed_where_that_cannot_be_asked(windows: pytest.MonkeyPatch, tmp_path: Path) -> None:
    windows.setattr(os, "open", lambda *_: pytest.fail("Windows opens no folder"))
    disk.sync_folder(tmp_path)


@pytest.mark.parametrize("may_leave", [True, False])
def test_a_process_leaves_the_job_object_of_its_parent_where_it_may(windows: pytest.MonkeyPatch, tmp_path: Path,
                                                                    may_leave: bool) -> None:
    started = []

    def popen(_command: list[str], *, creationflags: int, **named: object) -> str:
        assert "start_new_session" not in named
        started.append(creationflags)
        if creationflags & 0x1000000 and not may_leave:
            raise PermissionError(5, "Access is denied")
        return "process"

    windows.setattr(subprocess, "Popen", popen)
    assert process.spawn(["serve"], folder=tmp_path, output=tmp_path / "log") == "process"
    assert [flags & 0x1000000 for flags in started] == ([0x1000000] if may_leave else [0x1000000, 0])
    assert all(flags & 0x8000200 == 0x8000200 for flags in started), "a group of its own, and no window"


def test_without_signals_a_process_and_its_descendants_are_killed(windows: pytest.MonkeyPatch) -> None:
    parent = subprocess.Popen(["/bin/sh", "-c", "sleep 300 & sleep 300"], start_new_session=True)
    family = psutil.Process(parent.pid)
    deadline = time.monotonic() + 20
    while len(family.children()) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    children = family.children(recursive=True)
    start = process.start_of(parent.pid)
    assert start is not None and process.alive(parent.pid, start)
    process.stop(parent.pid, "another start: a number given again")
    assert parent.poll() is None, "another process of that number is left alone"
    process.stop(parent.pid, start)
    parent.wait(20)
    _, running = psutil.wait_procs(children, timeout=20)
    assert running == []


def test_a_process_is_known_again_by_its_start_without_proc(windows: pytest.MonkeyPatch) -> None:
    mine = process.start_of(os.getpid())
    assert mine is not None and mine == process.start_of(os.getpid())
    assert process.start_of(2**22 + 1) is None


class OneLock:
    """Windows' ``msvcrt`` for one file: who locks it first has it until they close it."""

    LK_NBLCK = 2

    def __init__(self) -> None:
        self.refusals: list[OSError] = []

    def locking(self, _handle: int, _mode: int, size: int) -> None:
        assert size == 1
        if self.refusals:
            raise self.refusals.pop()


def test_two_installers_wait_for_each_other_on_windows_too(windows: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lock = OneLock()
    windows.setitem(sys.modules, "msvcrt", lock)  # type: ignore[arg-type]
    windows.setattr(install_lock, "_LOOK_EVERY_S", 0.01)
    lock.refusals = [PermissionError(13, "Permission denied")] * 3
    said: list[str] = []
    with install_lock.installing(tmp_path, lambda text, _: said.append(text)):
        assert len(said) == 3 and "Waiting for another installation" in said[0]
    lock.refusals = [OSError(22, "Invalid argument")]
    with pytest.raises(InstallError, match="does not support locks"), install_lock.installing(
            tmp_path, lambda *_: None):
        pass


def test_paths_of_an_environment_and_the_agent_are_those_of_the_system(windows: pytest.MonkeyPatch,
                                                                       tmp_path: Path) -> None:
    assert environment.python_of(tmp_path) == tmp_path / "Scripts" / "python.exe"
    windows.setattr(keys, "paramiko", SimpleNamespace(Agent=lambda: "Pageant or OpenSSH's pipe"))
    assert keys.open_agent(None) == "Pageant or OpenSSH's pipe"
    assert keys.open_agent("none") is None
