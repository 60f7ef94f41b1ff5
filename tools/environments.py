"""The two Python environments: the engine's own, and the one that tests the plugin inside QGIS's Python."""

from __future__ import annotations

import os
from pathlib import Path

from deepsoil_plugin.engine import environment
from deepsoil_plugin.engine.pip_advice import InstallError

from .console import BUILD, ROOT, ProgressLine, Stop, run, step
from .system import SYSTEM_PYTHON

ENGINE_SOURCE = ROOT / "remote"
HOME = BUILD / "home"
QGIS_VENV = BUILD / "qgis"

TEST_EXTRAS = ("train", "sources", "build")
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
)
PLUGIN_TEST_REQUIREMENTS = (
    "numpy<2",                  # QGIS 3.40's compiled modules are built against numpy 1
    "attrs>=24",                # newer than Debian's, for pytest-qgis
    "pytest>=8,<10",
    "pytest-qgis>=2.1,<6",
    "pytest-qt>=4.4,<5",
    "pyqtgraph>=0.13.7,<0.15",  # the range the panels are tested with
)


def engine(*, testing: bool = False) -> Path:
    """The engine's Python in ``build/home``, made where it is missing. Stop with advice where that fails."""
    extras, requirements = (TEST_EXTRAS, TEST_REQUIREMENTS) if testing else ((), ())
    step("The engine's own Python environment")
    try:
        return environment.install(HOME, ENGINE_SOURCE, ProgressLine(), editable=True,
                                   extras=extras, requirements=requirements)
    except InstallError as error:
        raise Stop(f"{error.details}\n{error.message} {error.hint}") from error


def engine_variables(python: Path, home: Path = HOME) -> dict[str, str]:
    """Variables for QGIS and the engine so that both use this checkout."""
    return {**environment.clean_environment(), "DEEPSOIL_HOME": str(home), "DEEPSOIL_ENGINE_PYTHON": str(python),
            "DEEPSOIL_RESOURCES": str(ROOT / "resources")}


def qgis_tests() -> Path:
    """The Python for tests inside QGIS: Debian's, with its QGIS, plus the test tools."""
    python = QGIS_VENV / "bin" / "python"
    wanted = "\n".join(PLUGIN_TEST_REQUIREMENTS)
    marker = QGIS_VENV / "complete.txt"
    if not marker.is_file() or marker.read_text(encoding="utf-8") != wanted:
        step("The Python environment for tests inside QGIS")
        run([SYSTEM_PYTHON, "-m", "venv", "--system-site-packages", QGIS_VENV])
        run([python, "-m", "pip", "install", "-q", *PLUGIN_TEST_REQUIREMENTS], env={**os.environ}, what="pip")
        marker.write_text(wanted, encoding="utf-8")
    return python
