"""The data folder: one for the engine and the plugin, which may not import each other; usable; its user's alone."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import deepsoil
import pytest
from deepsoil.home import home, open_home
from deepsoil.jobs.folder import JobFolder
from deepsoil.schedulers.process import queue
from job_tools import FAKE, Service, document, ended, until

sys.path.append(str(Path(deepsoil.__file__).parents[2] / "deepsoil_plugin"))
import installation


@pytest.mark.parametrize("variables", [
    {}, {"DEEPSOIL_HOME": "~/soil"}, {"DEEPSOIL_HOME": "soil"}, {"DEEPSOIL_HOME": "/data/soil"}, {"DEEPSOIL_HOME": ""},
    {"XDG_DATA_HOME": "/data"}, {"XDG_DATA_HOME": ""}, {"LOCALAPPDATA": ""}, {"LOCALAPPDATA": "/local"},
])
@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_the_engine_and_the_plugin_agree_on_the_data_folder(variables: dict[str, str], platform: str,
                                                            monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DEEPSOIL_HOME", "XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    folder = installation.default_home()
    assert folder == home()
    assert folder.is_absolute() and "~" not in str(folder)


def refused(home: bytes | Path, tmp_path: Path) -> dict[str, str]:
    """The error of each answer of a service, and of a command, in a HOME that cannot be used: one and the same."""
    environment = {**os.environ, "DEEPSOIL_HOME": os.fsdecode(home)}
    codes = {}
    served = subprocess.run([sys.executable, "-P", "-m", "deepsoil", "serve"], env=environment, capture_output=True,
                            input=b'@deepsoil {"id": 1, "method": "hello"}\n@deepsoil {"id": 2, "method": "list"}\n',
                            cwd=tmp_path, check=False, timeout=60)
    answers = [json.loads(line[10:]) for line in served.stdout.splitlines()]
    assert served.returncode == 2 and [answer["id"] for answer in answers] == [1, 2], served.stderr
    for answer in answers:
        assert answer["error"]["hint"]
        codes[answer["error"]["code"]] = answer["error"]["message"]
    listed = subprocess.run([sys.executable, "-P", "-m", "deepsoil", "list"], env=environment, capture_output=True,
                            cwd=tmp_path, check=False, timeout=60)
    assert listed.returncode == 2 and b"Traceback" not in served.stderr + listed.stderr
    assert listed.stderr.startswith(b"Error: ") and b"What to do: " in listed.stderr
    return codes


def test_a_home_that_cannot_be_used_is_refused_with_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert list(refused(os.fsencode(tmp_path) + b"/caf\xe9", tmp_path)) == ["home_invalid"]
    assert list(refused(tmp_path / "file", tmp_path)) == ["home_not_writable"]
    assert list(refused(tmp_path / "file" / "home", tmp_path)) == ["home_not_writable"]
    assert list(refused(Path("/proc/home"), tmp_path)) == ["home_not_writable"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file"]


def test_a_home_is_for_its_user_only_and_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    def mode(path: Path) -> int:
        return stat.S_IMODE(path.stat().st_mode)

    new, old, empty, shared, sticky = (tmp_path / name for name in ("new/home", "old", "empty", "shared", "sticky"))
    for folder in (old, empty, shared, sticky):
        folder.mkdir()
        folder.chmod(0o755)
    (old / "jobs").mkdir()
    (shared / "pictures").mkdir()
    (sticky / "jobs").mkdir()
    sticky.chmod(0o1777)
    for folder in (new, old, empty, shared, sticky):
        open_home(folder)
    assert [mode(folder) for folder in (new, old, empty, shared, sticky)] == [0o700, 0o700, 0o700, 0o755, 0o1777]


def test_what_the_engine_writes_is_for_its_user_only(tmp_path: Path) -> None:
    home_folder = tmp_path / "home"
    previous = os.umask(0o022)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(FAKE))
        try:
            home_folder.mkdir()
            with Service(home_folder) as service:
                job = service.call("submit", specification=document())["id"]
                assert ended(JobFolder(home_folder / "jobs" / job)) == "succeeded"
        finally:
            os.umask(previous)
    until(lambda: not queue.is_running(home_folder))
    written = [*(home_folder / "jobs").rglob("*"), home_folder / "queue.txt", home_folder / "jobs"]
    assert len(written) > 8
    assert [path.name for path in written if path.stat().st_mode & 0o077] == []
