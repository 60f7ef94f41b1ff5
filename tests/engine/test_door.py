"""The door: what is missing is found first, programs run quietly, tests are chosen.

The engine's environment is matched, locked and explained; package sources are extended, not invented.
"""

from __future__ import annotations

import argparse
import errno
import json
import os
import shutil
import subprocess
import sys
import time
import types
from collections import deque
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import build  # noqa: E402
from deepsoil_plugin.engine import environment, install_lock  # noqa: E402
from deepsoil_plugin.engine.pip_advice import InstallError, advice  # noqa: E402
from tools import command_test, console, environments, preflight, pytest_runs, system  # noqa: E402
from tools.console import Stop  # noqa: E402


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A tiny engine without dependencies, so that pip needs nothing from outside but setuptools."""
    folder = tmp_path / "source"
    (folder / "tiny").mkdir(parents=True)
    (folder / "tiny" / "__init__.py").write_text("answer = 42\n")
    (folder / "pyproject.toml").write_text('[project]\nname = "tiny"\nversion = "1.0"\n')
    (folder / "metadata.txt").write_text("[general]\nversion=1.2.3\n")
    return folder


def silent(_message: str, _fraction: float) -> None:
    pass


def test_an_environment_is_found_only_when_complete_and_of_this_source(tmp_path: Path, source: Path) -> None:
    home = tmp_path / "home with blank"
    assert environment.engine_python(home, source) is None
    python = environment.install(home, source, silent)
    assert environment.engine_python(home, source) == python
    said = subprocess.run([python, "-c", "import tiny; print(tiny.answer)"], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "42"

    (source / "tiny" / "__init__.py").write_text("answer = 43\n")
    assert environment.engine_python(home, source) is None, "another source must not match"
    (source / "tiny" / "__init__.py").write_text("answer = 42\n")
    (python.parent.parent / "complete.json").unlink()
    assert environment.engine_python(home, source) is None, "a half-made environment must not be used"


def test_an_environment_whose_making_was_interrupted_is_made_anew(tmp_path: Path, source: Path) -> None:
    home = tmp_path / "home"
    python = environment.python_of(home / "engine" / environment.fingerprint(source))
    python.parent.mkdir(parents=True)
    # As after a stop between the environment's first files and its pip.
    base = Path(sys.executable).resolve().parent
    (python.parent.parent / "pyvenv.cfg").write_text(f"home = {base}\ninclude-system-site-packages = false\n")
    python.symlink_to(sys.executable)
    assert environment.install(home, source, silent) == python
    assert subprocess.run([python, "-c", "import tiny"], check=False).returncode == 0


def test_a_failed_installation_explains_itself_and_leaves_nothing_that_counts(tmp_path: Path, source: Path) -> None:
    (source / "pyproject.toml").write_text(
        '[project]\nname = "tiny"\nversion = "1.0"\ndependencies = ["deepsoil-no-such-package==9.9"]\n')
    with pytest.raises(InstallError) as caught:
        environment.install(tmp_path / "home", source, silent)
    assert "deepsoil-no-such-package" in caught.value.details
    assert caught.value.hint
    assert environment.engine_python(tmp_path / "home", source) is None


HOLD = """import sys, time
from pathlib import Path
sys.path.append(sys.argv[1])
from deepsoil_plugin.engine.install_lock import installing
with installing(Path(sys.argv[2]), print) as lock:
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_lock_of_a_dead_process_is_free_at_once_and_one_that_is_held_says_by_whom(tmp_path: Path,
                                                                                   source: Path) -> None:
    engine = tmp_path / "home" / "engine"
    folder = engine / environment.fingerprint(source)
    environment.python_of(folder).parent.mkdir(parents=True)
    shutil.copy(sys.executable, environment.python_of(folder))
    (folder / "complete.json").write_text(json.dumps({"wanted": []}))
    (engine / "install.lock").write_text("4711")  # of an earlier version
    root = Path(environment.__file__).parents[2]
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(root), str(engine)], stdout=subprocess.PIPE)
    try:
        assert holder.stdout is not None and holder.stdout.readline() == b"held\n"
        for skew_s in (-7200, 0, 7200):  # no age of a file lets a second one in
            moment = time.time() + skew_s
            os.utime(engine / "install.lock", (moment, moment))
            with pytest.raises(InstallError) as caught, install_lock.installing(engine, silent, wait_s=0.0):
                pass
            assert f"process {holder.pid} on" in caught.value.message and caught.value.hint
    finally:
        holder.kill()
        holder.wait()
    began = time.monotonic()
    assert environment.install(tmp_path / "home", source, silent) == environment.python_of(folder)
    assert time.monotonic() - began < 10


def test_a_folder_whose_name_is_no_utf8_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InstallError, match="UTF-8"), \
            install_lock.installing(Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9")), silent):
        pass
    assert not list(tmp_path.iterdir())


def test_a_disk_without_locks_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))

    monkeypatch.setattr("fcntl.flock", refuse)
    with pytest.raises(InstallError, match="does not support locks"), install_lock.installing(tmp_path, silent):
        pass


def test_on_windows_the_lock_is_the_systems_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held: set[int] = set()

    def locking(handle: int, mode: int, size: int) -> None:
        if held - {handle}:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        held.add(handle)

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setitem(sys.modules, "msvcrt", types.SimpleNamespace(LK_NBLCK=2, locking=locking))
    with install_lock.installing(tmp_path, silent) as lock:
        assert held == {lock}
        with pytest.raises(InstallError), install_lock.installing(tmp_path, silent, wait_s=0.0):
            pass


def test_variables_that_poison_another_python_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PYTHONHOME", "PYTHONPATH", "PROJ_LIB", "GDAL_DATA", "LD_LIBRARY_PATH", "QGIS_PREFIX_PATH"):
        monkeypatch.setenv(name, "/somewhere")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy")
    clean = environment.clean_environment()
    assert not [name for name in clean if os.environ.get(name) == "/somewhere"]
    assert clean["HTTPS_PROXY"] == "http://proxy"


@pytest.mark.parametrize(("line", "word"), [
    ("SSLError(SSLCertVerificationError: CERTIFICATE_VERIFY_FAILED", "certificate"),
    ("OSError: [Errno 28] No space left on device", "disk"),
    ("NewConnectionError: Temporary failure in name resolution", "reached"),
    ("ERROR: No matching distribution found for onnxruntime", "Python"),
    ("something else", "packages"),
])
def test_pip_failures_are_put_in_the_users_words(line: str, word: str) -> None:
    assert word in advice(["Collecting x", line]).message


def test_backports_takes_its_address_from_the_machines_own_sources() -> None:
    deb822 = ("# comment\nTypes: deb\nURIs: http://mirror.invalid/security\nSuites: bookworm-security\n\n"
              "Types: deb\n# another\nURIs: http://mirror.invalid/debian\nSuites: bookworm bookworm-updates\n"
              "Components: main\nSigned-By: /keys\n")
    stanza = system.backports_source([deb822])
    assert stanza == ("Types: deb\nURIs: http://mirror.invalid/debian\nSuites: bookworm-backports\n"
                      "Components: main\nSigned-By: /keys\n")
    one_line = system.backports_source(["deb [arch=amd64] http://mirror.invalid/debian bookworm main contrib\n"])
    assert one_line is not None and "URIs: http://mirror.invalid/debian\n" in one_line
    assert system.backports_source(["deb http://mirror.invalid/x trixie main"]) is None


def test_parts_and_single_files_can_be_chosen() -> None:
    assert command_test.choose(["engine", "plugin"]) == {"engine": [], "plugin": []}
    files = ["tests/engine/test_door.py", "tests/engine/test_house.py::test_no_file_is_too_long"]
    assert command_test.choose(files) == {"engine": files}
    assert command_test.choose([*files, "engine"]) == {"engine": []}, "the whole part has the file in it"
    for wrong in ("enigne", "tests/engine/test_none.py", "tools/console.py", "tests"):
        with pytest.raises(Stop, match="Name a part"):
            command_test.choose([wrong])


def test_what_follows_two_dashes_goes_to_pytest(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[argparse.Namespace] = []
    monkeypatch.setattr(command_test, "main", seen.append)
    assert build.main(["test", "engine", "--yes", "--", "-k", "harmonic", "--lf"]) == 0
    assert (seen[0].parts, seen[0].yes, seen[0].for_pytest) == (["engine"], True, ["-k", "harmonic", "--lf"])
    with pytest.raises(SystemExit):
        build.main(["check", "--", "-k", "x"])


@pytest.mark.parametrize(("closing", "code", "counts"), [
    ("2 failed, 31 passed, 4 skipped, 1 error in 3.21s\n", 1, (31, 3, 4)),
    ("31 passed in 3.21s\n", 0, (31, 0, 0)),
    ("Killed\n", 137, (0, 1, 0)),
    ("12 deselected in 0.05s\n", 5, (0, 0, 0)),
])
def test_the_tests_are_counted_and_a_breakdown_is_a_failure(closing: str, code: int,
                                                           counts: tuple[int, int, int]) -> None:
    assert pytest_runs.counted(["....\n", closing], code) == pytest_runs.Counts(*counts)


def test_a_program_runs_with_its_output_in_a_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(console, "LOGS", tmp_path)
    console.run_logged([sys.executable, "-c", "print('WARNING: of no concern to the user')"], "pip", what="pip")
    assert capsys.readouterr().out == ""
    assert "of no concern" in (tmp_path / "pip.log").read_text()
    with pytest.raises(Stop) as stop:
        failing = "print(*range(99), sep='\\n'); raise SystemExit(3)"
        console.run_logged([sys.executable, "-c", failing], "pip", what="pip")
    assert "\n   98\n" in str(stop.value) and "   42\n" not in str(stop.value), "the end of the output, and only that"
    assert "pip failed" in str(stop.value) and str(tmp_path / "pip.log") in str(stop.value)
    with pytest.raises(Stop, match="no-such-program"):
        console.run_logged(["no-such-program"], "pip", what="It")


def test_apt_shows_one_bar_for_downloads_and_installation() -> None:
    assert system.apt_progress("Get:1 http://mirror.invalid trixie/main amd64 qgis\n") is None
    assert system.apt_progress("dlstatus:3:50.0000:Retrieving file 3 of 9\n") == ("Retrieving file 3 of 9", 0.25)
    assert system.apt_progress("pmstatus:qgis-common:50.0000:Unpacking qgis-common (amd64)\n") == (
        "Unpacking qgis-common (amd64)", 0.75)


def test_the_progress_of_the_engines_commands_is_read() -> None:
    assert console.engine_progress(" 42 %  Simulating the soil columns\n") == ("Simulating the soil columns", 0.42)
    assert console.engine_progress(" 19%  5 cm: 38% of the days\n") == ("5 cm: 38% of the days", 0.19)
    assert console.engine_progress("12 stations\n") is None


@pytest.fixture
def bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine that has nothing, whose apt must not be called; its build folder."""
    def must_not(*_: object, **__: object) -> None:
        raise AssertionError("apt was called")

    monkeypatch.setattr(system, "missing_packages", lambda **_: ["qgis", "xvfb"])
    monkeypatch.setattr(system, "missing_cluster_packages", lambda: ["slurmctld"])
    monkeypatch.setattr(system, "install", must_not)
    monkeypatch.setattr(preflight, "BUILD", tmp_path / "build")
    monkeypatch.setattr(environments, "is_complete", lambda *, testing: False)
    return tmp_path / "build"


def test_everything_that_is_missing_is_said_at_once_and_first(bare_machine: Path, monkeypatch: pytest.MonkeyPatch
                                                             ) -> None:
    def no_python() -> Path:
        raise InstallError("No Python 3.11 to 3.14 was found on this computer.", "Install Python 3.12.")

    monkeypatch.setattr(system, "administrator", lambda: None)
    monkeypatch.setattr(environment, "find_base_python", no_python)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: argparse.Namespace(free=1_000_000_000))
    with pytest.raises(Stop) as stop:
        preflight.check(yes=True, qgis=True, screen=True)
    for word in ("No Python 3.11", "1.0 GB", "3 GB", "qgis, xvfb"):
        assert word in str(stop.value)


def test_without_root_the_cluster_is_left_out_and_the_rest_goes_on(bare_machine: Path, monkeypatch: pytest.MonkeyPatch,
                                                                  capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(system, "missing_packages", lambda **_: [])
    monkeypatch.setattr(system, "administrator", lambda: ["sudo"])
    preflight.check(yes=True, cluster=True)
    assert "slurmctld" in (said := capsys.readouterr().out) and "skipped" in said


def test_packages_for_the_plugin_come_by_the_pip_of_an_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch
                                                                  ) -> None:
    """The Python of the system, which runs build.py, may have no pip."""
    commands: list[list[str]] = []
    monkeypatch.setattr(environments, "_PIP_VENV", tmp_path / "pip")
    monkeypatch.setattr(environments, "HOME", tmp_path / "home")
    monkeypatch.setattr(environments, "run_logged",
                        lambda command, *_, **__: commands.append([str(word) for word in command]))
    environments.download(["colorama==0.4.6"], tmp_path / "wheels")
    made, downloaded = commands
    assert made[1:] == ["-m", "venv", str(tmp_path / "pip")]
    assert downloaded[:3] == [str(environment.python_of(tmp_path / "pip")), "-m", "pip"]


def test_the_command_stays_where_it_was_when_the_environment_is_replaced(tmp_path: Path) -> None:
    command = tmp_path / "bin" / "deepsoil"
    for version in ("old", "new"):
        program = tmp_path / version / "bin" / "deepsoil"
        program.parent.mkdir(parents=True)
        program.write_text(f"#!/bin/sh\necho {version}\n")
        program.chmod(0o755)
        environments.link(tmp_path / version, tmp_path / "engine")
        environments.link(tmp_path / "engine" / "bin" / "deepsoil", command)
        assert subprocess.run([command], capture_output=True, text=True, check=True).stdout == f"{version}\n"


@pytest.mark.parametrize(("words", "screen", "cluster"), [
    (["bench", "retrieve", "poll", "submit"], False, True),
    (["bench", "plan"], False, False),
    (["bench", "startup"], True, False),
    (["bench"], True, True),
    (["test", "tests/engine/test_door.py"], False, True),
    (["test", "plugin"], False, False),
    (["test", "cluster"], False, True),
    (["test"], True, True),
    (["check"], False, False),
])
def test_what_was_chosen_gets_what_it_needs(words: list[str], screen: bool, cluster: bool,
                                            monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, bool]] = []

    def enough(**_: object) -> Path:
        raise Stop("enough")

    monkeypatch.setattr(preflight, "check", lambda _yes, **needs: asked.append(needs))
    monkeypatch.setattr(environments, "engine", enough)
    assert build.main([*words, "--yes"]) == 1
    assert (asked[0].get("screen", False), asked[0].get("cluster", False)) == (screen, cluster)


def test_two_lanes_count_together_and_a_part_that_cannot_be_prepared_has_failed(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def no_region() -> None:
        raise Stop("The sample region failed.")

    monkeypatch.setattr(pytest_runs, "LOGS", tmp_path)
    said = "print('..F [ 50%]'); print('1 failed, 2 passed, 3 skipped in 0.1s'); raise SystemExit(1)"
    good = pytest_runs.Part("engine", [sys.executable, "-c", said], dict(os.environ))
    bad = pytest_runs.Part("system", [sys.executable, "-c", "print('not run')"], dict(os.environ), no_region)
    # It goes on until the other lane has taken all the other parts: one that is free takes the next.
    waits = ("import pathlib, sys, time\nfor _ in range(600):\n    if pathlib.Path(sys.argv[1]).exists():\n"
             "        time.sleep(0.3); print('4 passed'); break\n    time.sleep(0.1)\nelse: sys.exit('alone')")
    slow = pytest_runs.Part("cluster", [sys.executable, "-c", waits, tmp_path / "test-plugin.log"], dict(os.environ))
    last = pytest_runs.Part("plugin", [sys.executable, "-c", "print('5 passed')"], dict(os.environ))
    monkeypatch.setattr(pytest_runs, "_SECONDS_BETWEEN_LINES", 0.1)
    assert pytest_runs.run_side_by_side(deque([slow, good, bad, last])) == pytest_runs.Counts(11, 2, 3)
    shown = capsys.readouterr().out
    assert " s: " in shown and "cluster" in shown
    assert "..F [ 50%]" in shown and "The sample region failed." in shown and "not run" not in shown
    assert "3 skipped" in (tmp_path / "test-engine.log").read_text()
