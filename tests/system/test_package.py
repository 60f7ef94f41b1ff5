"""The zip for the plugin repository: it passes the repository's scan, and a QGIS with nothing else loads it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tools import command_package, vendored


def test_the_zip_passes_the_repository_s_rules_and_loads(capsys: pytest.CaptureFixture[str]) -> None:
    archive = command_package.pack()
    command_package.check(archive, Path(sys.executable))
    command_package.prove(archive)
    said = capsys.readouterr().out
    print(said)
    assert said.count(": 0 refused") == 3
    assert f"plots by pyqtgraph {vendored.PACKAGES[0].partition('==')[2]}" in said
