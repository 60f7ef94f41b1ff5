"""The licences of all packages that reach a user: those of the engine's locks, of its training, and of the plots."""

from __future__ import annotations

import json
import re
import tempfile
from email.parser import HeaderParser
from pathlib import Path
from zipfile import ZipFile

from deepsoil_plugin.engine import environment

from . import environments, locks, vendored
from .console import ROOT, Stop, output_of, run_logged

FILE = ROOT / "docs" / "licences.md"
UNKNOWN = "unknown"
_HEAD = """# Licences of the packages

Written by `python3 build.py lock` from what each package says of itself. DeepSoil itself is GPL-2.0-or-later
([LICENSE](../LICENSE)). The version is the one that was looked at.
"""
# All distributions of an environment, with what each says of its licence.
_ASK = """
import json
from importlib.metadata import distributions
print(json.dumps([[d.metadata["Name"], d.version, d.metadata.get("License-Expression") or "",
    d.metadata.get("License") or "", d.metadata.get_all("Classifier") or [], d.requires or []]
    for d in distributions()]))
"""
_TRAINING = ("torch", "onnx")

Row = tuple[str, str, str]


def page(locked_python: Path) -> str:
    """The page for docs. ``locked_python``: an environment in which the largest lock is installed."""
    installed = {name.lower().replace("_", "-"): (name, version, licence)
                 for name, version, licence, _ in _installed(locked_python)}
    names = locks.pinned(locks.file(locks.NAMES[-1]).read_text(encoding="utf-8"))
    base = set(locks.pinned(locks.file("base").read_text(encoding="utf-8")))
    rows = {name: installed.get(name) or _of_index(name, versions[-1]) for name, versions in names.items()}
    parts = [
        ("The engine", [rows[name] for name in sorted(names) if name in base]),
        ("To read published data (extra `sources`)", [rows[name] for name in sorted(names) if name not in base]),
        ("To train (extra `train`)", _training(set(names))),
        ("In the plugin's zip, for the plots", [_of_wheel(path) for path in _bundled()]),
    ]
    return _HEAD + "".join(
        f"\n## {title}\n| package | version | licence |\n|---|---|---|\n"
        + "".join(f"| {name} | {version} | {licence} |\n" for name, version, licence in ones) for title, ones in parts)


def unknown(text: str) -> list[str]:
    """The packages on a page whose licence is not known. Pure."""
    return re.findall(rf"^\| (\S+) \| \S+ \| {UNKNOWN} \|$", text, re.MULTILINE)


def licence(expression: str, field: str, classifiers: list[str]) -> str:
    """One short licence from what a package says in three places, of which the first is the clearest. Pure."""
    if expression:
        return expression
    named = [one.rpartition(" :: ")[2] for one in classifiers if one.startswith("License :: ")]
    named = [one for one in named if one != "OSI Approved"]
    first = field.strip().splitlines()[0].strip() if field.strip() else ""
    if first and len(first) <= 60 and not first.lower().startswith("copyright"):
        return first
    return "; ".join(named) or UNKNOWN


def _installed(python: Path) -> list[tuple[str, str, str, list[str]]]:
    answer = output_of([python, "-c", _ASK])
    if answer is None:
        raise Stop(f"{python} does not say what is installed.")
    return [(name, version, licence(expression, field, classifiers), requires)
            for name, version, expression, field, classifiers, requires in json.loads(answer)]


def _training(locked: set[str]) -> list[Row]:
    """What training adds, as far as it is installed here: PyTorch, ONNX and what they ask for."""
    python = environment.engine_python(environments.HOME, environments.ENGINE_SOURCE, editable=True)
    found = {name.lower().replace("_", "-"): (name, version, said, requires)
             for name, version, said, requires in _installed(python)} if python else {}
    rows: dict[str, Row] = {}
    waiting = [name for name in _TRAINING if name in found]
    while waiting:
        name, version, said, requires = found[waiting.pop()]
        rows[name.lower()] = (name, version, said)
        for one in requires:
            wanted = re.split(r"[^A-Za-z0-9._-]", one, maxsplit=1)[0].lower().replace("_", "-")
            if "extra ==" not in one and wanted in found and wanted not in locked and wanted not in rows:
                waiting.append(wanted)
    return [rows[name] for name in sorted(rows)]


def _bundled() -> list[Path]:
    vendored.fetch()
    return [wheel for wheel in map(vendored.wheel, vendored.PACKAGES) if wheel]


def _of_index(name: str, version: str) -> Row:
    """What a package that this Python does not use says, from its wheel for another one."""
    with tempfile.TemporaryDirectory() as scratch:
        run_logged([environment.python_of(environments.BUILD / "lock-trial"), "-m", "pip", "download", "--no-deps",
                    "--only-binary", ":all:", "--python-version", "3.13", "--dest", scratch, f"{name}=={version}"],
                   "lock", what="pip download", env=environment.clean_environment())
        return _of_wheel(next(Path(scratch).glob("*.whl")))


def _of_wheel(path: Path) -> Row:
    with ZipFile(path) as archive:
        inside = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        said = HeaderParser().parsestr(archive.read(inside).decode("utf-8"))
    return said["Name"], said["Version"], licence(said.get("License-Expression") or "", said.get("License") or "",
                                                  said.get_all("Classifier") or [])
