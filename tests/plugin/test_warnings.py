"""What the engine warns of is seen before a map is made, and with the map afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from products import days_from, maps, summary
from qgis.core import QgsLayerNotesUtils, QgsProject
from qgis.PyQt.QtWidgets import QLabel
from test_dock import ESTIMATE, button, choose_view, open_dock, part, problem  # noqa: F401  a fixture among them

from deepsoil_plugin.dock import job_delegate
from deepsoil_plugin.jobs import details_text, status_text
from deepsoil_plugin.map.result_layers import ResultLayers

OUTSIDE = {"code": "area_partly_outside", "message": "97 % of the area lies outside the region 'A < B'.",
           "hint": "Move the area.", "field": "area"}
NEAR = {"code": "verified_near", "message": "At the station B, 12 km away, the method differs by 0.02.", "hint": "",
        "field": None}
FILLED = {"code": "channel_filled", "message": "The region has no data for: NDVI.", "hint": "Add them.", "field": None}


def test_the_dock_shows_every_warning_and_the_map_can_be_made(open_dock: Any, window: Any, qtbot: Any) -> None:  # noqa: F811
    parts = open_dock(estimate={**ESTIMATE, "warnings": [OUTSIDE, FILLED]})
    choose_view(parts, window)
    qtbot.waitUntil(lambda: part(parts, QLabel, "deepsoilEstimate").text() == "about 4 seconds", timeout=10_000)
    assert problem(parts) == ("97 % of the area lies outside the region 'A < B'. Move the area.\n"
                              "The region has no data for: NDVI. Add them.")
    assert part(parts, QLabel, "deepsoilProblem").isVisible() and button(parts).isEnabled()


def test_a_finished_job_says_it_again(qgis_app: Any) -> None:
    job = summary([], warnings=[OUTSIDE, FILLED], ended="2023-07-15T10:00:09Z")
    assert status_text.status_text(job).endswith(f"{OUTSIDE['message']} · {FILLED['message']}")
    assert all(f"{one['message']} {one['hint']}" in details_text.details_text(job) for one in (OUTSIDE, FILLED))
    assert status_text.end_text(job) == "Ready: North quarter. 2 warnings: see the list of jobs."
    assert status_text.end_text(summary([], warnings=[OUTSIDE])) == f"Ready: North quarter. {OUTSIDE['message']}"
    assert status_text.end_text(summary([])) == "Ready: North quarter."


def test_what_is_only_to_be_known_is_no_warning(qgis_app: Any) -> None:
    job = summary([], warnings=[NEAR], ended="2023-07-15T10:00:09Z")
    assert status_text.end_text(job) == "Ready: North quarter." and status_text.concerns(job) == []
    assert status_text.status_text(job).endswith(NEAR["message"])
    details = details_text.details_text(job)
    assert "To know:" in details and NEAR["message"] in details and "Warnings:" not in details
    both = summary([], warnings=[NEAR, FILLED])
    assert status_text.end_text(both) == f"Ready: North quarter. {FILLED['message']}"
    assert status_text.concerns(both) == [FILLED]


def test_the_row_of_the_list_has_room_for_it(qgis_app: Any) -> None:
    assert job_delegate._most_lines(summary([], warnings=[OUTSIDE])) > 1 == job_delegate._most_lines(summary([]))


@pytest.mark.parametrize("days", [1, 2])
def test_every_layer_has_it_in_its_notes(qgis_iface: Any, qgis_new_project: None, tmp_path: Path, qtbot: Any,
                                         days: int) -> None:
    layers = ResultLayers(qgis_iface)
    made = maps(tmp_path, days_from("2023-07-15", days))
    layers.show(summary(made, end=made[-1]["date"], warnings=[OUTSIDE, FILLED]))
    qtbot.waitUntil(lambda: not layers._queue, timeout=10_000)
    layers.close()
    notes = [QgsLayerNotesUtils.layerNotes(layer) for layer in QgsProject.instance().mapLayers().values()]
    assert notes == ["<p>97 % of the area lies outside the region &#x27;A &lt; B&#x27;. Move the area.</p>"
                     "<p>The region has no data for: NDVI. Add them.</p>"] * 2, "one layer for each depth"


def test_what_a_job_says_at_its_end_comes_below_what_its_maps_say_already(
        qgis_iface: Any, qgis_new_project: None, tmp_path: Path, qtbot: Any) -> None:
    layers = ResultLayers(qgis_iface)
    made = maps(tmp_path, ["2023-07-15"])
    layers.show(summary(made, warnings=[FILLED]))
    qtbot.waitUntil(lambda: not layers._queue, timeout=10_000)
    first, *others = QgsProject.instance().mapLayers().values()
    QgsLayerNotesUtils.setLayerNotes(first, QgsLayerNotesUtils.layerNotes(first) + "<p>Mine.</p>")
    for _ in range(2):
        layers.note(summary(made, warnings=[FILLED, OUTSIDE]))
    layers.close()
    filled, outside = "<p>The region has no data for: NDVI. Add them.</p>", "<p>97 % of the area"
    notes = QgsLayerNotesUtils.layerNotes(first)
    assert notes.startswith(f"{filled}<p>Mine.</p>{outside}") and notes.count(outside) == 1
    assert all(QgsLayerNotesUtils.layerNotes(layer).startswith(filled + outside) for layer in others)


def test_a_job_without_warnings_has_no_notes(qgis_iface: Any, qgis_new_project: None, tmp_path: Path,
                                             qtbot: Any) -> None:
    layers = ResultLayers(qgis_iface)
    layers.show(summary(maps(tmp_path, ["2023-07-15"])))
    qtbot.waitUntil(lambda: not layers._queue, timeout=10_000)
    layers.close()
    assert not any(map(QgsLayerNotesUtils.layerHasNotes, QgsProject.instance().mapLayers().values()))
