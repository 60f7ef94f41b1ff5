"""The dialog that exports maps, and the same as a Processing algorithm."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal
from products import maps, output, summary, water_maps, write_product
from qgis import processing
from qgis.core import QgsApplication, QgsCoordinateReferenceSystem, QgsProcessingException, QgsProject
from qgis.gui import QgsFileWidget, QgsProjectionSelectionWidget
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QLabel, QListWidget, QPushButton

from deepsoil_plugin.exports.action import ExportAction
from deepsoil_plugin.exports.dialog import ExportDialog
from deepsoil_plugin.map import day_layers, layer_tree
from deepsoil_plugin.map.result_layers import ResultLayers
from deepsoil_plugin.processing.provider import DeepSoilProvider

DAYS = ["2023-07-15", "2023-07-16"]


def part(dialog: ExportDialog, kind: Any, name: str) -> Any:
    found = dialog.findChild(kind, name)
    assert found is not None, name
    return found


def ticked(dialog: ExportDialog, name: str) -> list[tuple[str, bool]]:
    rows = part(dialog, QListWidget, name)
    return [(rows.item(row).text(), rows.item(row).checkState() == Qt.CheckState.Checked)
            for row in range(rows.count())]


def two_requests(tmp_path: Path) -> list[dict[str, Any]]:
    """One field with several days and quantities, and an older one of two fields with one name."""
    first = [*maps(tmp_path, DAYS), *water_maps(tmp_path, DAYS, ("depletion_mm",))]
    second = []
    for number in (1, 2):
        path = write_product(tmp_path / f"soil_moisture_05cm_2023-07-15_field{number:04d}.tif",
                             np.full((3, 3), number / 10))
        second.append({**output(path, 5, DAYS[0]), "field": "Home"})
    return [summary(second, job="b" * 32, name="Two homes", created="2026-01-01T00:00:00Z"),
            summary(first, end=DAYS[1], created="2026-02-01T00:00:00Z")]


@pytest.fixture
def opened(window: Any, tmp_path: Path) -> Any:
    """``opened(job, layers)`` gives the action and its dialog."""
    jobs, actions = two_requests(tmp_path), []

    def ask(*where: Any) -> tuple[ExportAction, ExportDialog]:
        actions.append(ExportAction(window, lambda: jobs))
        actions[-1].ask(*where)
        return actions[-1], window.window.findChildren(ExportDialog)[-1]

    yield ask
    for action in actions:
        action.close()


def test_the_newest_request_and_its_newest_day_are_chosen_first(opened: Any, tmp_path: Path) -> None:
    _, dialog = opened()
    titles = part(dialog, QComboBox, "deepsoilExportJob")
    assert [titles.itemText(row).split(" · ")[0] for row in range(titles.count())] == ["North quarter", "Two homes"]
    assert ticked(dialog, "deepsoilExportFields") == [("North quarter", True)]
    assert ticked(dialog, "deepsoilExportDays") == [("16 Jul 2023", True), ("15 Jul 2023", False)]
    assert ticked(dialog, "deepsoilExportWhats") == [
        ("Soil moisture 5 cm", True), ("Soil moisture 20 cm", True), ("Depletion", True)]
    assert len(dialog.items()) == 3
    titles.setCurrentIndex(1)
    assert ticked(dialog, "deepsoilExportFields") == [("Home", True), ("Home", True)]
    rows = part(dialog, QListWidget, "deepsoilExportFields")
    rows.item(0).setCheckState(Qt.CheckState.Unchecked)
    assert [item.source.name[-8:] for item in dialog.items()] == ["0002.tif"]
    part(dialog, QCheckBox, "deepsoilExportFieldsAll").click()
    assert len(dialog.items()) == 2
    part(dialog, QCheckBox, "deepsoilExportFieldsAll").click()
    assert dialog.items() == [] and not part(dialog, QPushButton, "deepsoilExportGo").isEnabled()


def test_a_layer_brings_the_dialog_to_its_map(opened: Any, window: Any, qtbot: Any, tmp_path: Path) -> None:
    results = ResultLayers(window)
    results.show(summary([*maps(tmp_path, DAYS)], end=DAYS[1]))
    qtbot.waitUntil(lambda: not results._queue, timeout=10_000)
    results.close()
    layer = next(layer for layer in QgsProject.instance().mapLayers().values()
                 if layer.customProperty(layer_tree.DEPTH) == 20)
    assert day_layers.show_day(layer, "2023-07-15")
    action, _ = opened()
    action.ask_for_layers([layer])
    dialog = window.window.findChildren(ExportDialog)[-1]
    assert [item.source.name for item in dialog.items()] == ["soil_moisture_20cm_2023-07-15.tif"]


def test_what_is_chosen_is_written_and_the_dialog_closes(opened: Any, window: Any, tmp_path: Path, qtbot: Any) -> None:
    action, dialog = opened()
    dialog.show()
    folder = tmp_path / "out"
    part(dialog, QgsFileWidget, "deepsoilExportFolder").setFilePath(str(folder))
    part(dialog, QgsProjectionSelectionWidget, "deepsoilExportCrs").setCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    part(dialog, QComboBox, "deepsoilExportSoilUnit").setCurrentIndex(1)
    part(dialog, QComboBox, "deepsoilExportWaterUnit").setCurrentIndex(1)
    remark = part(dialog, QLabel, "deepsoilExportPixels")
    assert "nearest" in remark.text()
    part(dialog, QDoubleSpinBox, "deepsoilExportResolution").setValue(90)
    assert "mean" in remark.text()
    for name in ("Interval", "Xlsx", "Gpkg", "Shp", "Drier"):
        part(dialog, QCheckBox, f"deepsoilExport{name}").click()
    part(dialog, QPushButton, "deepsoilExportGo").click()
    assert not part(dialog, QPushButton, "deepsoilExportGo").isEnabled(), "no second export of the same"
    qtbot.waitUntil(lambda: not action._tasks, timeout=20_000)
    qtbot.waitUntil(lambda: not window.window.findChildren(ExportDialog), timeout=10_000)
    files = {path.name for path in folder.iterdir()}
    assert {"soil_moisture_summary.csv", "soil_moisture_summary.xlsx", "soil_moisture_fields.gpkg",
            "soil_moisture_fields.shp"} <= files and len([name for name in files if name.endswith(".tif")]) == 3
    made = gdal.Open(str(folder / "North_quarter_depletion_mm_2023-07-16.tif"))
    assert (made.RasterCount, made.GetRasterBand(1).GetUnitType()) == (1, "in") and made.GetSpatialRef().IsGeographic()


def test_after_a_failure_the_dialog_is_still_there_and_says_why(opened: Any, tmp_path: Path, qtbot: Any) -> None:
    action, dialog = opened()
    dialog.show()
    (tmp_path / "file").write_text("in the way")
    part(dialog, QgsFileWidget, "deepsoilExportFolder").setFilePath(str(tmp_path / "file"))
    part(dialog, QPushButton, "deepsoilExportGo").click()
    qtbot.waitUntil(lambda: not action._tasks, timeout=20_000)
    assert dialog.isVisible() and str(tmp_path / "file") in part(dialog, QLabel, "deepsoilExportProblem").text()
    assert part(dialog, QPushButton, "deepsoilExportGo").isEnabled()


def test_without_maps_the_dialog_says_what_to_do_first(window: Any, tmp_path: Path) -> None:
    jobs: list[dict[str, Any]] = []
    action = ExportAction(window, lambda: jobs)
    action.ask()
    dialog = window.window.findChildren(ExportDialog)[-1]
    assert "Make some in the DeepSoil panel first" in part(dialog, QLabel, "deepsoilExportProblem").text()
    jobs += two_requests(tmp_path)
    action.jobs_came()
    assert len(dialog.items()) == 3, "they come a moment after the engine has started"
    action.close()


def test_processing_writes_the_same(qgis_processing: None, qgis_new_project: None, tmp_path: Path) -> None:
    provider = DeepSoilProvider()
    QgsApplication.processingRegistry().addProvider(provider)
    try:
        made = [one["path"] for one in [*maps(tmp_path, DAYS[:1]), *water_maps(tmp_path, DAYS[:1], ("depletion_mm",))]]
        Path(made[1]).write_bytes(Path(made[1]).read_bytes()[:-60])
        found = processing.run("deepsoil:exportmaps", {
            "MAPS": made, "CRS": "EPSG:3857", "SOIL_UNIT": 1, "WATER_UNIT": 1, "TABLES": [0, 1], "OUTLINES": [0],
            "DRIER_THAN": 0.2, "OUTPUT": str(tmp_path / "out")})
        assert (found["FILES"], found["LEFT_OUT"]) == (5, 1)
        *_, first, second = (tmp_path / "out" / "soil_moisture_summary.csv").read_text("utf-8").splitlines()
        assert ",%," in first and ",in," in second
        with pytest.raises(QgsProcessingException, match="MAPS"):
            processing.run("deepsoil:exportmaps", {"MAPS": [str(tmp_path / "none.tif")], "OUTPUT": str(tmp_path / "o")})
    finally:
        QgsApplication.processingRegistry().removeProvider(provider)
