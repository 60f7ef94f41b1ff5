"""The widgets that need no QGIS, under PyQt6: no QGIS with Qt 6 is packaged for Debian yet."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from deepsoil_plugin.engine import environment

from .. import environments
from ..console import BUILD, LOGS, ROOT, run_logged, say
from ..pytest_runs import Counts, counted

_VENV = BUILD / "qt6"
_REQUIREMENTS = (
    "PyQt6>=6.6,<7",
    "numpy>=1.26,<3",
    "pytest>=8,<10",
    "pyqtgraph==0.14.0",        # the one that travels with the plugin
)


def run() -> tuple[Counts, str]:
    """The counts of ``tests/qt6``, and the versions."""
    python = _environment()
    shim = os.pathsep.join([str(ROOT / "tests" / "qt6" / "shim"), str(ROOT)])
    done = subprocess.run(
        [str(python), "-m", "pytest", "tests/qt6", "-q", "-rs", "-p", "no:cacheprovider"], cwd=ROOT, text=True,
        capture_output=True, check=False,
        env={**environment.clean_environment(), "PYTHONPATH": shim, "QT_QPA_PLATFORM": "offscreen"})
    LOGS.mkdir(parents=True, exist_ok=True)
    (LOGS / "test-qt6.log").write_text(done.stdout + done.stderr, encoding="utf-8")
    say(done.stdout[-3000:])
    asked = "from PyQt6.QtCore import PYQT_VERSION_STR, qVersion; print('PyQt', PYQT_VERSION_STR + ', Qt', qVersion())"
    version = subprocess.run([str(python), "-c", asked], capture_output=True, text=True, check=False).stdout.strip()
    return counted(done.stdout.splitlines(keepends=True), done.returncode), version


def _environment() -> Path:
    python = environment.python_of(_VENV)
    marker, wanted = _VENV / "complete.txt", "\n".join(_REQUIREMENTS)
    if not marker.is_file() or marker.read_text(encoding="utf-8") != wanted:
        run_logged([environment.find_base_python(), "-m", "venv", _VENV], "qt6", what="Making an environment")
        run_logged([python, "-m", "pip", "install", "--no-input", "--progress-bar", "off", *_REQUIREMENTS], "qt6",
                   what="pip install", reader=environments.pip_progress, env=environment.clean_environment())
        marker.write_text(wanted, encoding="utf-8")
    return python
