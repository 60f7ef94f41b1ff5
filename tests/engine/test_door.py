"""The door: the engine's environment is matched, locked and explained; package sources are extended, not invented."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from deepsoil_plugin.engine import environment  # noqa: E402
from deepsoil_plugin.engine.pip_advice import InstallError, advice  # noqa: E402
from tools import system  # noqa: E402


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


def test_a_failed_installation_explains_itself_and_leaves_nothing_that_counts(tmp_path: Path, source: Path) -> None:
    (source / "pyproject.toml").write_text(
        '[project]\nname = "tiny"\nversion = "1.0"\ndependencies = ["deepsoil-no-such-package==9.9"]\n')
    with pytest.raises(InstallError) as caught:
        environment.install(tmp_path / "home", source, silent)
    assert "deepsoil-no-such-package" in caught.value.details
    assert caught.value.hint
    assert environment.engine_python(tmp_path / "home", source) is None


def test_a_lock_of_a_dead_process_is_taken_over(tmp_path: Path, source: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    lock = tmp_path / "home" / "engine" / "install.lock"
    lock.parent.mkdir(parents=True)
    lock.write_text(str(dead.pid))
    folder = tmp_path / "home" / "engine" / environment.fingerprint(source)
    environment.python_of(folder).parent.mkdir(parents=True)
    shutil.copy(sys.executable, environment.python_of(folder))
    (folder / "complete.json").write_text(json.dumps({"wanted": []}))
    assert environment.install(tmp_path / "home", source, silent) == environment.python_of(folder)
    assert not lock.exists()


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
