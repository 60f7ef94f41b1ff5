"""A copy of the tree in which one line at a time is broken, and the tests that run there."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from .. import environments
from ..console import BUILD, ROOT
from .sites import Mutant

Outcome = Literal["killed", "survived", "timed out", "not covered"]

FOLDER = BUILD / "mutation"
RECORDER = Path(__file__).with_name("recorder")
_SHARED_BUILD = ("sample", "home", "engine", "qgis", "bin", "logs")
_START_S = 180.0
_TIMES_SLOWER = 5.0
_RECORDING_S = 1800.0


@dataclass(frozen=True)
class Result:
    """``by``: the test that noticed."""

    outcome: Outcome
    seconds: float
    by: str = ""


class Tree:
    """A copy of the checkout's sources; what was built is linked, and tests have a home of their own."""

    def __init__(self, number: int, engine: Path) -> None:
        self.path = FOLDER / f"tree-{number}"
        self._engine = engine
        self._clock = 0
        self.refresh()

    def refresh(self) -> None:
        """Bring the copy up to date; what is compiled already stays."""
        listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, check=True,
                                capture_output=True).stdout.decode().split("\0")
        wanted = {name for name in listed if name and (ROOT / name).is_file()}
        for old in self.path.rglob("*.py"):
            if "build" not in old.relative_to(self.path).parts and old.relative_to(self.path).as_posix() not in wanted:
                old.unlink()
        for name in wanted:
            target = self.path / name
            content = (ROOT / name).read_bytes()
            if not target.is_file() or target.read_bytes() != content:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
        (self.path / "build").mkdir(exist_ok=True)
        for name in _SHARED_BUILD:
            link = self.path / "build" / name
            if (BUILD / name).exists() and not link.is_symlink():
                link.symlink_to(BUILD / name)

    def record(self, test: str, path: Path) -> None:
        """Run a file of tests with the recorder."""
        self._pytest(test.split("/")[1], [test, "-p", "recording"], _RECORDING_S, {"DEEPSOIL_RECORD": str(path)})

    def try_out(self, mutant: Mutant, tests: Mapping[str, float]) -> Result:
        """Break the line, run the tests until one fails, mend the line."""
        target = self.path / mutant.file
        source = target.read_text(encoding="utf-8")
        started = time.monotonic()
        try:
            self._write(target, mutant.apply(source))
            for part in ("engine", "plugin"):
                chosen = [name for name in tests if name.startswith(f"tests/{part}/")]
                if not chosen:
                    continue
                limit = _START_S + _TIMES_SLOWER * sum(tests[name] for name in chosen)
                code, output = self._pytest(part, [*chosen, "-x"], limit, {})
                if code is None:
                    return Result("timed out", time.monotonic() - started)
                if code:
                    return Result("killed", time.monotonic() - started, _failed(output))
        finally:
            self._write(target, source)
        return Result("survived" if tests else "not covered", time.monotonic() - started)

    def _write(self, path: Path, text: str) -> None:
        path.write_text(text, encoding="utf-8")
        # Python compares whole seconds and the size: every version of the file needs a second of its own.
        self._clock += 2
        at = time.time() - 500_000 + self._clock
        os.utime(path, (at, at))

    def _pytest(self, part: str, words: Sequence[str], limit_s: float, more: Mapping[str, str],
                ) -> tuple[int | None, str]:
        """(exit code or None where the time was not enough, output)."""
        python = self._engine if part == "engine" else environments.QGIS_VENV / "bin" / "python"
        home = self.path / "build" / "test-home" / part
        home.mkdir(parents=True, exist_ok=True)
        paths = [RECORDER] if more else []
        variables = {**os.environ, **environments.engine_variables(self._engine), **more, "DEEPSOIL_HOME": str(home),
                     "DEEPSOIL_RESOURCES": str(self.path / "resources"), "QT_QPA_PLATFORM": "offscreen",
                     "DEEPSOIL_REAL_DATA": os.environ.get("DEEPSOIL_REAL_DATA", str(ROOT.parent / "shared" / "data")),
                     "PYTHONPATH": os.pathsep.join(str(one) for one in (*paths, self.path, self.path / "remote"))}
        command = [str(python), "-m", "pytest", "-q", "--no-header", "--tb=line", "-p", "no:cacheprovider", *words]
        with subprocess.Popen(command, cwd=self.path, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, errors="replace", start_new_session=True) as process:
            try:
                output, _ = process.communicate(timeout=limit_s)
            except subprocess.TimeoutExpired:
                return None, ""
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
        return process.returncode, output

    def remove(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)


def _failed(output: str) -> str:
    for line in output.splitlines():
        if line.startswith(("FAILED ", "ERROR ")):
            return line.split(" ")[1]
    return "collection"
