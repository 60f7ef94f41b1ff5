"""The data folder: one for the engine and the plugin, which may not import each other; usable; its user's alone."""

from __future__ import annotations

import errno
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import deepsoil
import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.version import SCHEMA
from deepsoil.home import home, open_home
from deepsoil.io import disk_errors
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


@pytest.mark.parametrize(("number", "code"), [
    (errno.ENOSPC, "disk_full"), (errno.EDQUOT, "disk_full"), (errno.EROFS, "read_only"),
    (errno.EACCES, "home_not_writable"), (errno.EIO, "home_not_writable"), (errno.ENOTDIR, "home_not_writable")])
def test_why_a_home_cannot_be_made(number: int, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(folder: Path, mode: int = 0) -> None:
        raise OSError(number, os.strerror(number), str(folder))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(DeepSoilError) as error:
        open_home(tmp_path / "home")
    assert error.value.code == code and str(tmp_path / "home") in error.value.message


@pytest.mark.parametrize(("schema", "opened", "noted"), [
    (SCHEMA + 1, False, False), (SCHEMA, True, False), (None, True, True), (str(SCHEMA + 1), True, True),
    (SCHEMA - 1, True, True)])
def test_a_home_of_a_later_version_is_left_alone(schema: object, opened: bool, noted: bool, tmp_path: Path) -> None:
    note = tmp_path / "version.json"
    note.write_text(json.dumps({"schema": schema, "engine": "x"}), encoding="utf-8")
    if opened:
        open_home(tmp_path)
    else:
        with pytest.raises(DeepSoilError) as error:
            open_home(tmp_path)
        assert error.value.code == "home_newer" and "(x)" in error.value.message
    assert json.loads(note.read_text()) == ({"schema": SCHEMA, "engine": deepsoil.__version__} if noted else
                                            {"schema": schema, "engine": "x"})


@pytest.mark.parametrize(("number", "named", "folder", "code", "place"), [
    (errno.ENOSPC, "/a/b", None, "disk_full", "/a "), (errno.ENOSPC, "/a/b", "/c", "disk_full", "/c "),
    (errno.EDQUOT, None, "/c", "disk_full", "/c "), (errno.EROFS, "/a/b", None, "read_only", "/a "),
    (errno.EIO, None, None, "storage_failed", ""), (errno.ESTALE, "/a", None, "storage_failed", ""),
    (errno.EACCES, "/a/b", "/c", "not_permitted", "/a/b"), (errno.EPERM, None, "/c", "not_permitted", "/c"),
    (errno.EACCES, None, None, None, ""), (errno.ENOTDIR, "/a", None, "not_permitted", "/a"),
    (errno.EISDIR, "/a", None, "not_permitted", "/a"), (errno.EEXIST, "/a", None, "not_permitted", "/a"),
    (errno.ENOENT, "/a", "/a", None, ""), (errno.EINVAL, "/a", "/a", None, "")])
def test_what_a_disk_says_in_words(number: int, named: str | None, folder: str | None, code: str | None,
                                   place: str) -> None:
    error = OSError(number, os.strerror(number), named) if named else OSError(number, os.strerror(number))
    found = disk_errors.explained(error, Path(folder) if folder else None)
    assert (found.code if found else None) == code and (found is None or place in found.message)
    assert disk_errors.is_storage_failure(error) == (code == "storage_failed")
