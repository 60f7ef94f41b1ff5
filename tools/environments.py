"""The Python environments under ``build/``: the engine's own, and the one that tests the plugin inside QGIS's Python.

pip is always the one of an environment made here: a system's Python may have none.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from deepsoil_plugin.engine import environment
from deepsoil_plugin.engine.pip_advice import InstallError

from .console import BUILD, LOGS, ROOT, ProgressLine, Stop, output_of, run_logged, shown, step
from .system import SYSTEM_PYTHON

ENGINE_SOURCE = ROOT / "remote"
HOME = BUILD / "home"
# Links that stay when the environment, whose folder has a version in its name, is replaced.
LINK = BUILD / "engine"
COMMAND = BUILD / "bin" / "deepsoil"
QGIS_VENV = BUILD / "qgis"
_PIP_VENV = BUILD / "pip"

EXTRAS = ("train", "sources")
TEST_EXTRAS = (*EXTRAS, "hdf4", "build")
TEST_REQUIREMENTS = (
    "pytest>=8,<10",
    "hypothesis>=6.100,<7",     # property tests
    "ruff>=0.12,<1",            # linter
    "mypy>=1.15,<3",            # type checker
    "types-PyYAML",
    "types-psutil",
    "import-linter>=2.3,<3",    # the layers, function-level imports included
    "pdoc>=15,<17",             # API reference from docstrings
    "flake8>=7,<8",
    "flake8-qgis>=2,<3",        # Qt 5 and Qt 6 alike: scoped enums
    "bandit>=1.9,<2",           # the plugin repository's scan
    "detect-secrets>=1.5,<2",   # the same
    "pydap[server]>=3.5,<4",    # an OPeNDAP server for the tests of archives
    "types-requests",
)
PLUGIN_TEST_REQUIREMENTS = (
    "attrs>=24",                # newer than Debian's, for pytest-qgis
    "pytest>=8,<10",
    "pytest-qgis>=2.1,<6",
    "pytest-qt>=4.4,<5",
    "pyqtgraph>=0.13.7,<0.15",  # the range the panels are tested with
)


def engine(*, testing: bool = False, extras: tuple[str, ...] = ()) -> Path:
    """The engine's Python in ``build/home``, made where it is missing, with links to it and to its command.

    Stop with advice where that fails.
    """
    requirements = TEST_REQUIREMENTS if testing else ()
    step("The engine's own Python environment")
    try:
        python = environment.install(HOME, ENGINE_SOURCE, ProgressLine(), editable=True,
                                     extras=TEST_EXTRAS if testing else extras, requirements=requirements)
    except InstallError as error:
        log = LOGS / "engine-environment.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(error.details, encoding="utf-8")
        tail = "\n".join(f"   {line}" for line in error.details.splitlines()[-20:])
        raise Stop(f"{tail}\n{error.message} {error.hint}\nThe log is {shown(log)}.") from error
    link(python.parent.parent, LINK)
    link(LINK / "bin" / "deepsoil", COMMAND)
    return python


def is_complete(*, testing: bool) -> bool:
    """Whether the environments are there already, as far as that is known without building them."""
    return environment.engine_python(HOME, ENGINE_SOURCE, editable=True) is not None and (
        not testing or (QGIS_VENV / "complete.txt").is_file())


def link(target: Path, path: Path) -> None:
    """``path`` leads to ``target``, whatever it led to before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    draft.symlink_to(target)
    draft.replace(path)


def engine_variables(python: Path, home: Path = HOME) -> dict[str, str]:
    """Variables for QGIS and the engine so that both use this checkout."""
    return {**environment.clean_environment(), "DEEPSOIL_HOME": str(home), "DEEPSOIL_ENGINE_PYTHON": str(python),
            "DEEPSOIL_RESOURCES": str(ROOT / "resources")}


def qgis_tests() -> Path:
    """The Python for tests inside QGIS: Debian's, with its QGIS, plus the test tools."""
    python = QGIS_VENV / "bin" / "python"
    requirements = (f"numpy<{_numpy_of_qgis() + 1}", *PLUGIN_TEST_REQUIREMENTS)
    wanted = "\n".join(requirements)
    marker = QGIS_VENV / "complete.txt"
    if not marker.is_file() or marker.read_text(encoding="utf-8") != wanted:
        step("The Python environment for tests inside QGIS")
        log = "qgis-environment"
        run_logged([SYSTEM_PYTHON, "-m", "venv", "--system-site-packages", QGIS_VENV], log, what="Making it")
        run_logged([python, "-m", "pip", "install", "--no-input", "--progress-bar", "off", *requirements],
                   log, env=environment.clean_environment(), what="pip install", reader=pip_progress)
        marker.write_text(wanted, encoding="utf-8")
    return python


def _numpy_of_qgis() -> int:
    """The major version of the system's numpy, against which QGIS is compiled; 1 where it is unknown."""
    version = output_of([SYSTEM_PYTHON, "-c", "import numpy; print(numpy.__version__)"])
    return int(version.partition(".")[0]) if version else 1


def download(requirements: list[str], folder: Path) -> None:
    """Wheels of pure Python packages into ``folder``, without what they depend on. Stop where that fails."""
    run_logged([python_with_pip(), "-m", "pip", "download", "--no-input", "--no-deps", "--only-binary", ":all:",
                "--progress-bar", "off", "--dest", folder, *requirements], "wheels",
               env=environment.clean_environment(), what="pip download")


def python_with_pip() -> Path:
    """The engine's Python, where there is one, else that of a bare environment."""
    if engine_python := environment.engine_python(HOME, ENGINE_SOURCE, editable=True):
        return engine_python
    python = environment.python_of(_PIP_VENV)
    if not environment.has_pip(python):
        shutil.rmtree(_PIP_VENV, ignore_errors=True)
        try:
            base = environment.find_base_python()
        except InstallError as error:
            raise Stop(f"{error.message} {error.hint}") from error
        run_logged([base, "-m", "venv", _PIP_VENV], "wheels", what="Making an environment for pip",
                   env=environment.clean_environment())
    return python


def pip_progress(line: str) -> tuple[str, float] | None:
    """What a line of pip's output says; how many packages there will be is not known beforehand."""
    if line.startswith("Collecting "):
        return f"Downloading {line.split()[1]}", 0.3
    return ("Installing packages", 0.8) if line.startswith("Installing collected packages") else None
