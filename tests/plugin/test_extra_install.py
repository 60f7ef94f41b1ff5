"""Packages that a job needs are said before it is sent, and installed by a button into the engine's environment."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from qgis.PyQt.QtWidgets import QProgressBar, QPushButton

from deepsoil_plugin.engine import environment
from deepsoil_plugin.engine.installer import Installer
from deepsoil_plugin.training import extra_row
from deepsoil_plugin.training.extra_row import ExtraRow, extra_missing

MISSING = {"code": "extra_missing", "message": "The package 'torch' is not installed.", "hint": "", "field": None,
           "templates": ["", ""], "values": {"package": "torch", "extra": "train"}}


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    """An environment as the plugin makes it, without packages, and a source with a small extra."""
    home = tmp_path_factory.mktemp("home")
    folder, source = home / "engine" / "0.1.0-abc", home / "source"
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    (folder / "complete.json").write_text(json.dumps({"wanted": ["sources"]}))
    source.mkdir()
    (source / "pyproject.toml").write_text("[project]\nname = 'x'\nversion = '0'\n[project.optional-dependencies]\n"
                                           "small = ['iniconfig>=2,<3']\nnone = ['no-such-package-of-deepsoil==9']\n")
    return environment.python_of(folder), source


def has(python, package):
    return subprocess.run([str(python), "-c", f"import {package}"], check=False, capture_output=True).returncode == 0


def run(qtbot, engine, extra, cancel=False):
    installer, seen, said = Installer(), [], []
    installer.progressed.connect(lambda message, fraction: said.append((message, fraction)))
    installer.succeeded.connect(lambda python: seen.append("succeeded"))
    installer.failed.connect(lambda *words: seen.append(("failed", *words)))
    installer.cancelled.connect(lambda: seen.append("cancelled"))
    installer.start_extra(*engine, extra)
    if cancel:
        installer.cancel()
    qtbot.waitUntil(lambda: bool(seen), timeout=180_000)
    return seen[0], said


def test_an_extra_is_installed_or_stopped_and_the_engine_stays_whole(qtbot, engine):
    python = engine[0]
    marker = python.parents[1] / "complete.json"
    assert run(qtbot, engine, "small", cancel=True)[0] == "cancelled"
    assert json.loads(marker.read_text()) == {"wanted": ["sources"]} and has(python, "pip")
    word, message, hint, _ = run(qtbot, engine, "unknown")[0]
    assert word == "failed" and "“unknown”" in message and hint
    assert run(qtbot, engine, "none")[0][0] == "failed" and environment.is_ours(marker.parent)
    assert not has(python, "iniconfig")
    outcome, said = run(qtbot, engine, "small")
    assert outcome == "succeeded" and has(python, "iniconfig")
    assert said[-1][1] == 1.0 and [fraction for _, fraction in said] == sorted(fraction for _, fraction in said)
    assert json.loads(marker.read_text()) == {"wanted": ["small", "sources"]}


def test_the_button_installs_what_the_estimate_says_is_missing(qtbot, engine, monkeypatch):
    assert extra_missing({"problems": [{"code": "x"}, MISSING]}) == "train" and extra_missing(None) == ""
    python, source = engine
    monkeypatch.setattr(extra_row.command, "chosen_python", lambda: python)
    monkeypatch.setattr(extra_row.paths, "engine_source", lambda: source)
    row, ended = ExtraRow(), []
    qtbot.addWidget(row)
    row.installed.connect(lambda: ended.append(True))
    row.offer("")
    assert not row.isVisibleTo(row.parentWidget())
    row.offer("small")
    row.show()
    button = row.findChild(QPushButton, "deepsoilInstallExtra")
    assert button.isVisible()
    button.click()
    assert row.findChild(QProgressBar).isVisible() and not button.isVisible()
    qtbot.waitUntil(lambda: bool(ended), timeout=180_000)
    assert not row.isVisible()
