"""``build.py package``: the plugin's zip, checked by the rules of the plugin repository, and loaded by a bare QGIS.

``--release`` refuses what only the owner can fill in (addresses, email) while it is still invented.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
import zipfile
from pathlib import Path

from . import environments, preflight, stage, system
from .console import BUILD, Stop, say, step
from .gate import archive as archive_rules
from .gate import metadata, scanners

# Runs in QGIS's Python with the folder of the unpacked zip as its argument.
_PROOF = """
import sys
sys.path.insert(0, sys.argv[1])
from qgis.testing import start_app
start_app()
import qgis.utils
from qgis.core import QgsApplication
from qgis.testing.mocked import get_iface
qgis.utils.iface = get_iface()
qgis.utils.plugin_paths = [sys.argv[1]]
qgis.utils.updateAvailablePlugins()
assert "deepsoil_plugin" in qgis.utils.available_plugins, "QGIS does not see the plugin"
assert qgis.utils.loadPlugin("deepsoil_plugin"), "the plugin does not load"
import deepsoil_plugin
print("loaded from", deepsoil_plugin.__file__)
plugin = deepsoil_plugin.classFactory(qgis.utils.iface)
plugin.initProcessing()
provider = QgsApplication.processingRegistry().providerById("deepsoil")
print("algorithms:", ", ".join(algorithm.id() for algorithm in provider.algorithms()))
from deepsoil_plugin.engine import environment
from deepsoil_plugin import paths
assert environment.version(paths.engine_source()) == paths.version(), "the engine's version differs"
from deepsoil_plugin.widgets.pyqtgraph_loader import load_pyqtgraph
plots = load_pyqtgraph()
assert plots.__file__.startswith(sys.argv[1]), "the plots do not come from the zip"
plot = plots.PlotWidget()
curve = plot.plot([1, 2, 3], [4, 6, 5], symbol="o")
plot.resize(300, 200)
assert not plot.grab().isNull() and len(curve.getData()[0]) == 3, "nothing is plotted"
print("plots by pyqtgraph", plots.__version__)
print("DeepSoil loads")
"""


def main(arguments: argparse.Namespace) -> int:
    preflight.check(arguments.yes, testing=True, qgis=True)
    python = environments.engine(testing=True)
    step("Packing")
    archive = pack()
    say(f"   {archive.relative_to(BUILD.parent)}: {archive.stat().st_size / 1e6:.1f} MB")
    step("The plugin repository's rules")
    check(archive, python)
    check_owner(archive, release=arguments.release)
    step("Loading the zip in an empty QGIS profile")
    prove(archive)
    return 0


def pack() -> Path:
    """``build/deepsoil_plugin.zip``, the same bytes for the same content."""
    BUILD.mkdir(exist_ok=True)
    target = BUILD / f"{stage.NAME}.zip"
    with tempfile.TemporaryDirectory() as scratch:
        folder = stage.stage(Path(scratch))
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for file in sorted(path for path in folder.rglob("*") if path.is_file()):
                entry = zipfile.ZipInfo(file.relative_to(scratch).as_posix(), (2020, 1, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, file.read_bytes())
    return target


def check(archive: Path, python: Path) -> None:
    """Stop where the plugin repository would refuse the zip. ``python``: one with the scanners."""
    problems = archive_rules.problems(archive)
    said = []
    with tempfile.TemporaryDirectory() as scratch:
        with zipfile.ZipFile(archive) as content:
            content.extractall(scratch)
        for name, scan in scanners.SCANNERS.items():
            refused, accepted = scanners.judged(scan(python, Path(scratch)))
            problems += [f"{name}: {one}" for one in refused]
            said += [f"{name} {one}" for one in accepted]
            say(f"   {name}: {len(refused)} refused")
    say("   warnings that stay:")
    for line in said:
        say(f"      {line}")
    if problems:
        raise Stop("The zip would be refused:\n  " + "\n  ".join(problems))


def check_owner(archive: Path, *, release: bool) -> None:
    """Say which of the owner's settings are invented ones; for a release, Stop, also where an address is dead."""
    with zipfile.ZipFile(archive) as content:
        text = content.read(f"{stage.NAME}/metadata.txt").decode("utf-8")
    if invented := metadata.placeholders(text):
        advice = ("Set repository and email in metadata.txt to the owner's; tracker and homepage follow from "
                  "repository unless they are given.")
        if release:
            raise Stop(f"Not for a release: {', '.join(invented)}. {advice}")
        say(f"   still invented, and refused by package --release: {', '.join(invented)}")
    elif release and (dead := metadata.unreachable(text)):
        raise Stop("The plugin repository asks each address, and these do not answer:\n  " + "\n  ".join(dead))


def prove(archive: Path) -> None:
    """Load the plugin from the zip alone, in a QGIS that knows nothing of this checkout."""
    with tempfile.TemporaryDirectory() as scratch:
        plugins = Path(scratch) / "plugins"
        with zipfile.ZipFile(archive) as content:
            content.extractall(plugins)
        env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QGIS_CUSTOM_CONFIG_PATH": f"{scratch}/config",
               "DEEPSOIL_HOME": f"{scratch}/home"}
        for name in ("PYTHONPATH", "DEEPSOIL_RESOURCES", "DEEPSOIL_ENGINE_PYTHON"):
            env.pop(name, None)
        done = subprocess.run([system.SYSTEM_PYTHON, "-c", _PROOF, str(plugins)], env=env, cwd=scratch,
                              capture_output=True, text=True, check=False)
    said = done.stdout.partition("loaded from")
    say("   " + "\n   ".join("".join(said[1:]).strip().splitlines()))
    if "DeepSoil loads" not in done.stdout:
        raise Stop(f"QGIS did not load the zip:\n{done.stdout}\n{done.stderr}")
