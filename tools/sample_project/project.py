"""Writes the sample project: aerial picture, fields, stations' region in view, and the first request already sent.

Runs in QGIS's Python: python project.py FOLDER [SPECIFICATION.json]
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFillSymbol,
    QgsPalLayerSettings,
    QgsProject,
    QgsRasterLayer,
    QgsReferencedRectangle,
    QgsTextBufferSettings,
    QgsTextFormat,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)
from qgis.PyQt.QtGui import QColor

MAP_CRS = QgsCoordinateReferenceSystem("EPSG:32613")


def fields_layer(file: Path) -> QgsVectorLayer:
    """The fields: a white outline that reads on the aerial picture, and their names."""
    layer = QgsVectorLayer(str(file), "Fields", "ogr")
    layer.renderer().setSymbol(QgsFillSymbol.createSimple(
        {"style": "no", "outline_color": "255,255,255,255", "outline_width": "0.5"}))
    labels = QgsPalLayerSettings()
    labels.fieldName = "name"
    text = QgsTextFormat()
    text.setFamilies(["Open Sans", "Noto Sans", "DejaVu Sans"])
    text.setSize(9)
    halo = QgsTextBufferSettings()
    halo.setEnabled(True)
    halo.setSize(0.8)
    halo.setColor(QColor(255, 255, 255, 220))
    text.setBuffer(halo)
    labels.setFormat(text)
    layer.setLabeling(QgsVectorLayerSimpleLabeling(labels))
    layer.setLabelsEnabled(True)
    return layer


def write_project(folder: Path, specification: dict[str, object] | None) -> Path:
    project = QgsProject.instance()
    project.clear()
    project.setTitle("DeepSoil sample (synthetic)")
    project.setCrs(MAP_CRS)
    aerial = QgsRasterLayer(str(folder / "aerial.tif"), "View from above (synthetic)")
    fields = fields_layer(folder / "fields.geojson")
    for layer in (aerial, fields):
        if not layer.isValid():
            raise SystemExit(f"The sample project's layer {layer.source()} cannot be read.")
        project.addMapLayer(layer)
    around = QgsCoordinateTransform(fields.crs(), MAP_CRS, project).transformBoundingBox(fields.extent())
    around.scale(1.9)
    project.viewSettings().setDefaultViewExtent(QgsReferencedRectangle(around, MAP_CRS))
    if specification is not None:
        # As the plugin keeps them: it finds the job again and shows its maps.
        kept = {str(specification["id"]): {"specification": specification, "accepted": True, "loaded": False}}
        project.writeEntry("DeepSoil", "jobs", json.dumps(kept))
    target = folder / "sample.qgz"
    if not project.write(str(target)):
        raise SystemExit(f"The sample project could not be written to {target}.")
    return target


if __name__ == "__main__":
    application = QgsApplication([], False)
    application.initQgis()
    request = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8")) if len(sys.argv) > 2 else None
    write_project(Path(sys.argv[1]), request)
    QgsProject.instance().clear()
    application.exitQgis()
