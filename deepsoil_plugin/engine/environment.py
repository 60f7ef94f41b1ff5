"""Installs and finds the engine's private Python environment. Standard library only: no Qt, no QGIS.

The engine never shares packages with QGIS: it lives in a virtual environment of its own under
``HOME/engine/<version>-<fingerprint>``. The fingerprint covers what decides the packages (the engine's
``pyproject.toml``) and, for a copied engine, its source, so that an update installs a new environment
beside the old one and an incomplete one is never used: ``complete.json`` is written last.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from ..atomic import replacing
from ..installation import version_beside
from . import locked
from .install_lock import installing
from .install_text import Text
from .pip_advice import InstallError, advice

Progress = Callable[[str, float], None]

NEEDED_BYTES = 1_500_000_000
SUPPORTED = ((3, 11), (3, 14))
_MARKER = "complete.json"
_COMPILES = "deepsoil.soil.compile_now"
_NO_CONSOLE = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # Windows only: no window may flash up
# Variables with which QGIS (or a desktop launcher) would redirect another Python, GDAL or PROJ.
_POISON = re.compile(r"^(PYTHON(HOME|PATH|STARTUP|USERBASE|EXECUTABLE)|PIP_(USER|TARGET|PREFIX)|GDAL_(DATA|DRIVER_PATH)"
                     r"|PROJ_(DATA|LIB)|QGIS_PREFIX_PATH|QT_PLUGIN_PATH|LD_LIBRARY_PATH|DYLD_.*|VIRTUAL_ENV|__PYVENV_LAUNCHER__)$")


def clean_environment() -> dict[str, str]:
    """The variables of this process without those that would poison another Python."""
    kept = {name: value for name, value in os.environ.items() if not _POISON.match(name)}
    return kept | {"PYTHONNOUSERSITE": "1", "PYTHONUTF8": "1"}


def fingerprint(source: Path, editable: bool = False) -> str:
    """Version and a short hash of what decides the environment's content."""
    digest = hashlib.sha256()
    files = [source / "pyproject.toml"] if editable else sorted(source.rglob("*"))
    for file in files:
        if file.is_file() and "__pycache__" not in file.parts and not file.name.endswith(".pyc"):
            digest.update(file.relative_to(source).as_posix().encode())
            digest.update(file.read_bytes())
    return f"{version(source)}-{digest.hexdigest()[:12]}{'-editable' if editable else ''}"


def version(source: Path) -> str:
    """DeepSoil's version as ``metadata.txt`` has it. InstallError where that file is missing."""
    if found := version_beside(source):
        return found
    raise InstallError(Text("No metadata.txt beside the engine's source {source}.", source=source),
                       "The plugin's folder is incomplete: remove DeepSoil in the plugin manager and install it again.")


def python_of(environment: Path) -> Path:
    return environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def has_pip(python: Path) -> bool:
    """Whether an environment's Python can install packages; it cannot where its making was interrupted."""
    return python.exists() and _quiet_run([str(python), "-m", "pip", "--version"]).returncode == 0


def engine_python(home: Path, source: Path, editable: bool = False) -> Path | None:
    """The Python of the complete environment that matches ``source``; None where there is none."""
    folder = home / "engine" / fingerprint(source, editable)
    python = python_of(folder)
    return python if (folder / _MARKER).is_file() and python.exists() else None


def base_pythons() -> Iterator[Path]:
    """Pythons from which an environment may be made, the likeliest first; each exists, none is checked yet."""
    names = [f"python3.{minor}" for minor in range(SUPPORTED[1][1], SUPPORTED[0][1] - 1, -1)] + ["python3", "python"]
    prefix = Path(sys.base_exec_prefix)
    candidates: list[Path | None] = [
        Path(executable) for executable in (getattr(sys, "_base_executable", None), sys.executable)
        if executable and Path(executable).name.lower().startswith("python")
    ]
    candidates += [prefix / "python.exe", prefix / "python3.exe", prefix / "bin" / "python3"]
    candidates += [Path(found) for name in names if (found := shutil.which(name))]
    seen: set[Path] = set()
    for candidate in candidates:
        if candidate and candidate.is_file() and candidate not in seen:
            seen.add(candidate)
            yield candidate


def find_base_python() -> Path:
    """The first Python of a supported version that can make environments. InstallError where there is none."""
    probe = "import sys, venv, ensurepip; print(*sys.version_info[:2])"
    without_venv = None
    for candidate in base_pythons():
        answer = _quiet_run([str(candidate), "-c", probe])
        if answer.returncode == 0:
            major, minor = (int(word) for word in answer.stdout.split()[:2])
            if SUPPORTED[0] <= (major, minor) <= SUPPORTED[1]:
                return candidate
        elif "No module named" in answer.stderr:
            without_venv = candidate
    if without_venv:
        raise InstallError(Text("{python} cannot create virtual environments.", python=without_venv),
                           "On Debian or Ubuntu install the package python3-venv, then try again.")
    raise InstallError("No Python 3.11 to 3.14 was found on this computer.",
                       "Install Python 3.12 (on Windows from python.org or the Microsoft Store), then try again.")


def install(home: Path, source: Path, progress: Progress, *, editable: bool = False,
            extras: Sequence[str] = (), requirements: Sequence[str] = ()) -> Path:
    """Make the environment for ``source`` under ``home`` and return its Python; quick where it exists already.

    progress(message, fraction 0-1) is called often. A second caller waits for the first one.
    Raises InstallError.
    """
    folder = home / "engine" / fingerprint(source, editable)
    wanted = sorted(extras) + sorted(requirements)
    with installing(home / "engine", progress) as lock:
        recorded = _recorded(folder)
        if recorded is not None and set(wanted) <= set(recorded):
            return python_of(folder)
        _check_space(home)
        try:
            _make(folder, source, progress, editable, extras, requirements, lock)
        except OSError as error:
            raise InstallError(
                Text("The engine's environment could not be written: {detail}.", detail=error),
                Text("Check that {home} can be written and has space, then try again.", home=home)) from error
        with replacing(folder / _MARKER) as draft:
            draft.write_text(json.dumps({"wanted": wanted}), encoding="utf-8")
        if not editable:
            progress("Compiling the simulation of soil columns", 0.9)
            _quiet_run([str(python_of(folder)), "-m", _COMPILES])  # where it fails, the first simulation compiles
    progress("The engine is ready", 1.0)
    return python_of(folder)


def remove_old(home: Path, source: Path) -> list[Path]:
    """Delete the environments of other versions; returns what was deleted."""
    keep = {fingerprint(source), fingerprint(source, editable=True)}
    old = [folder for folder in (home / "engine").glob("*-*") if folder.is_dir() and folder.name not in keep]
    for folder in old:
        shutil.rmtree(folder, ignore_errors=True)
    return old


def _make(folder: Path, source: Path, progress: Progress, editable: bool,
          extras: Sequence[str], requirements: Sequence[str], lock: int) -> None:
    (folder / _MARKER).unlink(missing_ok=True)
    python = python_of(folder)
    if not has_pip(python):
        progress("Creating a Python environment", 0.02)
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        _step([str(find_base_python()), "-m", "venv", str(folder)])
    with tempfile.TemporaryDirectory(prefix="deepsoil-") as scratch:
        # pip builds in the source folder; the plugin's own folder stays untouched.
        project = source if editable else Path(shutil.copytree(source, Path(scratch) / "engine"))
        target = f"{project}[{','.join(extras)}]" if extras else str(project)
        command = [str(python), "-m", "pip", "install", "--no-input", "--progress-bar", "off"]
        options = [] if editable else _install_locked(command, project, extras, progress, lock)
        command += [*options, *(["--editable", target] if editable else [target]), *requirements]
        run_pip(command, progress, lock)


def _install_locked(command: list[str], project: Path, extras: Sequence[str], progress: Progress,
                    lock: int) -> list[str]:
    """Install the tested versions of all packages, each with its checksum. Returns pip's options for what is left.

    Where a tested version does not exist for this Python or system, the ranges decide. InstallError for all else.
    """
    packages = locked.lock_file(project, extras)
    if packages is None:
        return []
    try:
        run_pip([*command, *locked.OPTIONS, "--requirement", str(packages)], progress, lock)
    except InstallError as error:
        if not locked.does_not_fit(error.details.splitlines()):
            raise
        progress("Not all tested packages exist for this Python: taking others of the range", 0.05)
        return []
    # setuptools is there: nothing that was not tested is fetched to build the engine.
    return ["--no-build-isolation", *(["--no-deps"] if locked.covers(extras) else [])]


def run_pip(command: list[str], progress: Progress, lock: int) -> None:
    """Run pip; its lines become progress, its failure an InstallError with advice.

    It holds the lock, too: should this process be killed, nobody else enters the folder while pip still writes there.
    """
    progress("Looking up packages", 0.05)
    lines: list[str] = []
    packages = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8",
                          errors="replace", env=clean_environment(), creationflags=_NO_CONSOLE,
                          pass_fds=() if sys.platform == "win32" else (lock,)) as process:
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line.rstrip())
            if line.startswith("Collecting "):
                packages += 1
                # About 30 packages; the figure only has to move forward and never reach the end early.
                progress(Text("Downloading {package}", package=line.split()[1]),
                         min(0.75, 0.05 + 0.7 * packages / (packages + 15)))
            elif line.startswith("Installing collected packages"):
                progress("Installing packages", 0.8)
    if process.returncode:
        raise advice(lines)


def _recorded(folder: Path) -> list[str] | None:
    """The extras and requirements that a complete environment was made with; None where it is not complete."""
    try:
        record = json.loads((folder / _MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return list(record["wanted"]) if python_of(folder).exists() else None


def is_ours(folder: Path) -> bool:
    """Whether a folder is a complete environment that `install` has made."""
    return (folder / _MARKER).is_file()


def remember_extra(folder: Path, extra: str) -> None:
    """Note an extra that was added to a complete environment; nothing where ``folder`` is none of ours."""
    recorded = _recorded(folder)
    if recorded is not None:
        with replacing(folder / _MARKER) as draft:
            draft.write_text(json.dumps({"wanted": sorted({*recorded, extra})}), encoding="utf-8")


def _check_space(home: Path) -> None:
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    free = shutil.disk_usage(home).free
    if free < NEEDED_BYTES:
        raise InstallError(Text("Only {free:.1f} GB are free in {home}; the engine needs {needed:.1f}.",
                                free=free / 1e9, home=home, needed=NEEDED_BYTES / 1e9),
                           "Free some space or choose another folder in DeepSoil's options, then try again.")


def _step(command: list[str]) -> None:
    done = _quiet_run(command)
    if done.returncode:
        raise InstallError("The Python environment could not be created.",
                           "On Debian or Ubuntu install python3-venv; elsewhere install Python 3.12, then try again.",
                           done.stdout + done.stderr)


def _quiet_run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, env=clean_environment(),
                          creationflags=_NO_CONSOLE)

