"""The locks of the engine's environment: one file for all systems and Pythons, made by uv, with no address in it.

uv has an environment of its own: only who refreshes the locks needs it.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from deepsoil_plugin.engine import environment, locked

from .console import BUILD, ROOT, Stop, output_of, run_logged
from .environments import pip_progress

NAMES = ("base", "sources")
UV = "uv>=0.8,<1"
_FOLDER = ROOT / "remote" / "deepsoil" / "locks"
_PROJECT = ROOT / "remote" / "pyproject.toml"
_TOOLS = BUILD / "lock"
_TRIAL = BUILD / "lock-trial"
_PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==(\S+)", re.MULTILINE)
_ADDRESS = re.compile(r"://|--(extra-)?index-url|--find-links|--trusted-host")


def file(name: str) -> Path:
    return _FOLDER / f"{name}.txt"


def pinned(text: str) -> dict[str, list[str]]:
    """Names in a lock with their versions; several where they depend on the Python. Pure."""
    found: dict[str, list[str]] = {}
    for name, version in _PINNED.findall(text):
        found.setdefault(name, []).append(version)
    return found


def problems(text: str) -> list[str]:
    """What a lock must not be: with an address, or with a package that has no checksum. Pure."""
    found = [f"an address: {line.strip()}" for line in text.splitlines() if _ADDRESS.search(line)]
    plain = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    for block in re.split(r"\n(?=\S)", plain):
        if "==" in block and "--hash=sha256:" not in block:
            found.append(f"no checksum: {block.splitlines()[0]}")
        elif block.strip() and "==" not in block:
            found.append(f"no exact version: {block.splitlines()[0]}")
    return found


def write(name: str) -> int:
    """Write a lock anew; returns how many packages are in it. Stop where uv fails."""
    uv = _uv()
    _FOLDER.mkdir(exist_ok=True)
    # Beside the package index of this machine nothing may be named in the file: uv reads no settings of the user.
    command: list[str | Path] = [
        uv, "pip", "compile", _PROJECT, "--universal", "--python-version", "3.11", "--generate-hashes", "--no-config",
        "--no-emit-index-url", "--no-emit-find-links", "--no-annotate", "--upgrade", "--quiet",
        "--custom-compile-command", "python3 build.py lock", "--output-file", file(name)]
    if name != "base":
        command += ["--extra", name, "--constraint", file("base")]
    run_logged(command, "lock", what="uv pip compile", env={
        "SSL_CERT_FILE": "/etc/ssl/certs/ca-certificates.crt", **environment.clean_environment()})
    text = file(name).read_text(encoding="utf-8")
    if wrong := problems(text):
        raise Stop(f"{file(name).name} is no lock:\n  " + "\n  ".join(wrong))
    return len(pinned(text))


def trial() -> Path:
    """The Python of a new environment with the largest lock installed as users' computers install it. Stop."""
    shutil.rmtree(_TRIAL, ignore_errors=True)
    python = _environment(_TRIAL)
    run_logged([python, "-m", "pip", "install", "--no-input", "--progress-bar", "off", *locked.OPTIONS,
                "--requirement", file(NAMES[-1])], "lock", what="pip install", reader=pip_progress,
               env=environment.clean_environment())
    if output_of([python, "-m", "pip", "check"]) is None:
        raise Stop("pip check finds packages of the lock that do not fit each other.")
    return python


def _uv() -> Path:
    python = environment.python_of(_TOOLS)
    uv = python.with_name("uv.exe" if os.name == "nt" else "uv")
    if not uv.exists():
        _environment(_TOOLS)
        run_logged([python, "-m", "pip", "install", "--no-input", "--progress-bar", "off", UV], "lock",
                   what="pip install", env=environment.clean_environment())
    return uv


def _environment(folder: Path) -> Path:
    run_logged([environment.find_base_python(), "-m", "venv", folder], "lock", what="Making an environment",
               env=environment.clean_environment())
    return environment.python_of(folder)
