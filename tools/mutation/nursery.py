"""The processes that run the tests of mutants: each has imported what others wrote, and forks for every run."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .. import environments
from ..console import ROOT, Stop

RECORDER = Path(__file__).with_name("recorder")


def python_of(tree: Path, engine: Path) -> Path:
    """A Python that takes DeepSoil from the tree and all else from the engine's environment.

    The programs that tests start need it: many are given a PYTHONPATH of their own, and would find the checkout, which
    the environment is linked to.
    """
    folder, base = tree / "build" / "python", engine.resolve()
    others = next((engine.parents[1] / "lib").glob("python3*")) / "site-packages"
    packages = folder / "lib" / others.parent.name / "site-packages"
    packages.mkdir(parents=True, exist_ok=True)
    (packages / "tree.pth").write_text(
        f"{RECORDER}\n{tree / 'remote'}\nimport site; site.addsitedir({str(others)!r})\n", encoding="utf-8")
    (folder / "pyvenv.cfg").write_text(f"home = {base.parent}\ninclude-system-site-packages = false\n",
                                       encoding="utf-8")
    python = folder / "bin" / "python"
    python.parent.mkdir(exist_ok=True)
    if not python.is_symlink():
        python.symlink_to(base)
    return python


class Nursery:
    """A process that runs tests of one part in children of its own (see ``recorder/nursery.py``)."""

    def __init__(self, part: str, tree: Path, engine: Path) -> None:
        own = python_of(tree, engine)
        python = own if part == "engine" else environments.QGIS_VENV / "bin" / "python"
        home = tree / "build" / "test-home" / part
        home.mkdir(parents=True, exist_ok=True)
        variables = {**os.environ, **environments.engine_variables(own), "DEEPSOIL_HOME": str(home),
                     "DEEPSOIL_RESOURCES": str(tree / "resources"), "QT_QPA_PLATFORM": "offscreen",
                     "DEEPSOIL_REAL_DATA": os.environ.get("DEEPSOIL_REAL_DATA", str(ROOT.parent / "shared" / "data")),
                     "PYTHONPATH": os.pathsep.join(str(one) for one in (RECORDER, tree, tree / "remote"))}
        reading, writing = os.pipe()
        command = [str(python), str(RECORDER / "nursery.py"), f"tests/{part}", str(writing)]
        self._process = subprocess.Popen(command, cwd=tree, env=variables, stdin=subprocess.PIPE, text=True,
                                         pass_fds=[writing])
        os.close(writing)
        self._answers = os.fdopen(reading, encoding="utf-8")

    def run(self, tests: Mapping[str, float], most_s: float, record: str) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"tests": tests, "seconds": most_s, "record": record}) + "\n")
        self._process.stdin.flush()
        if not (line := self._answers.readline()):
            raise Stop("The process that runs the tests of mutants has ended; its last words are above.")
        return dict(json.loads(line))

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()
        self._answers.close()
