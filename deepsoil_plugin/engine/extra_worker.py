"""Runs in a process of its own: installs what an extra of the engine needs, and reports its progress as JSON lines.

``python -m deepsoil_plugin.engine.extra_worker PYTHON SOURCE EXTRA``: into the environment of PYTHON, by the ranges in
``SOURCE/pyproject.toml``. What is there stays as it is, so that an installation that is stopped leaves an engine that
works. When stdin ends it ends pip and itself. No Qt, no QGIS.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from . import environment
from .install_lock import installing
from .install_text import Text, fields
from .install_worker import begin_group, end_with_stdin, say
from .pip_advice import InstallError


def requirements(source: Path, extra: str) -> list[str]:
    """The packages of an extra, each with its tested range. InstallError where there is no such extra."""
    import tomllib

    try:
        project = tomllib.loads((source / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        return [str(one) for one in project["optional-dependencies"][extra]]
    except (OSError, ValueError, KeyError) as error:
        raise InstallError(Text("The engine has no list of packages for “{extra}”.", extra=extra),
                           "Install the plugin again.", str(error)) from error


def install(python: Path, source: Path, extra: str, progress: environment.Progress) -> None:
    """InstallError with pip's reason."""
    wanted = requirements(source, extra)
    folder = python.parents[1]
    with installing(folder.parent if environment.is_ours(folder) else folder, progress) as lock:
        command = [str(python), "-m", "pip", "install", "--no-input", "--progress-bar", "off", *wanted]
        environment.run_pip(command, progress, lock)
        environment.remember_extra(folder, extra)
    progress("The engine is ready", 1.0)


def main(python: Path, source: Path, extra: str) -> int:
    begin_group()
    threading.Thread(target=end_with_stdin, daemon=True).start()
    try:
        install(python, source, extra, lambda message, fraction: say(**fields(message), fraction=fraction))
    except InstallError as error:
        say(**fields(error.message, "error"), **fields(error.hint, "hint"), details=error.details[-20_000:])
        return 1
    say(python=str(python))
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]))
