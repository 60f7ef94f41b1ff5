"""The default model of a depth in the models window."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QLabel, QMessageBox, QPushButton, QTreeWidget
from test_training import MODEL, open_parts, requests_of

__all__ = ["open_parts"]


def test_a_default_changes_only_when_the_user_has_seen_what_changes(open_parts, qtbot, tmp_path):
    other = {**MODEL, "id": "south", "title": "South <b>x</b>", "version": "2.0", "default": False, "sha256": "c" * 64}
    parts = open_parts(models=[MODEL, other], set_default_model=other)
    parts.show_models()
    window = parts._windows["models"]
    names, prefer = window.findChild(QTreeWidget), window.findChild(QPushButton, "deepsoilModelsDefault")
    qtbot.waitUntil(lambda: names.topLevelItemCount() == 4, timeout=10_000)
    rows = {(names.topLevelItem(n).text(0), names.topLevelItem(n).text(3)): names.topLevelItem(n) for n in range(4)}
    enabled = {}
    for key, item in rows.items():
        names.setCurrentItem(item)
        enabled[key] = prefer.isEnabled()
    assert enabled == {("North · default", "This computer"): False, ("South <b>x</b>", "This computer"): True,
                       ("North", "Hydra"): False, ("South <b>x</b>", "Hydra"): False}
    names.setCurrentItem(rows["South <b>x</b>", "This computer"])
    prefer.click()
    box = window.findChild(QMessageBox, "deepsoilConfirmDefault")
    lines = box.text().splitlines()
    assert box.textFormat() == Qt.TextFormat.PlainText and "20 cm" in lines[0]
    assert any(line.startswith("Until now: North (north) · version 1.0 · 0.008 in simulation") for line in lines), lines
    assert any(line.startswith("From now on: South <b>x</b> (south) · version 2.0 · ") and line.endswith(
        "SHA-256 cccccccccccccccc…") for line in lines), lines
    assert requests_of(tmp_path / "log", "set_default_model") == []
    box.findChild(QPushButton, "deepsoilConfirmDefaultYes").click()
    said = window.findChild(QLabel, "deepsoilModelsProblem")
    qtbot.waitUntil(lambda: "made with south from now on" in said.text(), timeout=10_000)
    assert requests_of(tmp_path / "log", "set_default_model") == [
        {"depth_cm": 20, "model": "south", "version": "2.0", "sha256": "c" * 64}]
