"""A report as a page of a QGIS layout: the template is filled by the ids of its items, and written as PDF.

Works in any thread: project, layers and layout are made here and belong to nobody else. A template of the user's may
lack items, and have others; see the help.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from osgeo import ogr
from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsExpressionContextUtils,
    QgsFeature,
    QgsFillSymbol,
    QgsGeometry,
    QgsLayoutExporter,
    QgsLayoutFrame,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemManualTable,
    QgsLayoutItemMap,
    QgsLayoutItemPicture,
    QgsLayoutItemScaleBar,
    QgsLegendRenderer,
    QgsLegendStyle,
    QgsMapLayer,
    QgsPrintLayout,
    QgsProject,
    QgsRasterLayer,
    QgsReadWriteContext,
    QgsTableCell,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QColor, QFont
from qgis.PyQt.QtXml import QDomDocument

from .. import paths
from ..map import looks, metadata, style
from ..map.area import wgs84
from ..text.quantities import Shown
from ..text.translate import tr
from .report_facts import Facts
from .run import ExportError

LARGEST_TEMPLATE_BYTES = 20_000_000
_MARGIN = 1.08
_DPI = 300
_SCALE_PART_MM = 24
_END_BYTES = 1024
_FIRST_COLUMN = 0.25  # of the width of the table
_HEADER = QColor("#eef2f4")


class TemplateError(ExportError):
    """The template cannot be used; the text says which and why."""


@dataclass(frozen=True)
class Page:
    """What one page shows. ``product``: the map's file; ``series``: an SVG, None where there is none; ``outline``: of
    the field, in EPSG:4326; ``shown``: as `Wishes.shown_of` has it, for the legend.
    """

    product: Path
    outline: ogr.Geometry | None
    facts: Facts
    series: Path | None
    shown: Shown


def own_template() -> Path:
    """The one that comes with DeepSoil."""
    return paths.resources() / "layouts" / "report.qpt"


def document_of(template: Path) -> QDomDocument:
    """TemplateError where the file is no template."""
    document = QDomDocument()
    try:
        if template.stat().st_size > LARGEST_TEMPLATE_BYTES:
            raise TemplateError(tr("{0} is too large for a layout template.").format(template))
        text = template.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TemplateError(tr("The layout template {0} cannot be read: {1}. Choose another one in DeepSoil's options."
                               ).format(template, error)) from error
    if not document.setContent(text)[0] or document.documentElement().tagName() != "Layout":
        raise TemplateError(tr("{0} is not a layout template. Choose another one in DeepSoil's options.").format(
            template))
    return document


def write(path: Path, page: Page, document: QDomDocument) -> None:
    """Write the page as PDF. OSError where it cannot be written; TemplateError where the template has no item of ours.
    """
    project = QgsProject()
    project.setTitle(page.facts.title)
    layout = QgsPrintLayout(project)
    layout.initializeDefaults()
    if not layout.loadFromTemplate(document, QgsReadWriteContext())[1]:
        raise TemplateError(tr("QGIS cannot open the layout template. Choose another one in DeepSoil's options."))
    raster = _raster(page)
    layers = [layer for layer in (_outline(page.outline), raster) if layer is not None]
    project.addMapLayers(layers, False)
    filled = _fill_texts(layout, page.facts)
    filled |= _fill_map(layout, layers, raster, page)
    filled |= _fill_numbers(layout, page.facts.numbers)
    if (picture := _item(layout, "deepsoil_series", QgsLayoutItemPicture)) is not None:
        picture.setVisibility(page.series is not None)
        if page.series is not None:
            picture.setPicturePath(str(page.series))
        filled = True
    if not filled:
        raise TemplateError(tr("The layout template has none of the items that DeepSoil fills, such as deepsoil_map. "
                               "Start from the one that comes with DeepSoil."))
    settings = QgsLayoutExporter.PdfExportSettings()
    settings.dpi = _DPI
    result = QgsLayoutExporter(layout).exportToPdf(str(path), settings)
    if result != QgsLayoutExporter.ExportResult.Success or not _is_whole(path):
        raise OSError(0, tr("QGIS could not write the page"), str(path))


def _is_whole(path: Path) -> bool:
    """Whether a PDF is there to its end: on a full disk Qt may fail without an error."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _END_BYTES))
        return b"%%EOF" in file.read()


def _item(layout: QgsPrintLayout, name: str, kind: type) -> Any:
    """The item with this id, None where there is none of this kind."""
    item = layout.itemById(name)
    return item if isinstance(item, kind) else None


def _fill_texts(layout: QgsPrintLayout, facts: Facts) -> bool:
    """Labels by id; the same texts are variables of the layout, for labels of the user's own."""
    texts = {"title": facts.title, "subtitle": facts.subtitle, "facts": facts.facts, "notes": facts.notes,
             "footer": facts.footer, "heading_map": facts.map_title,
             "heading_series": tr("The last weeks at the middle of the field"), "heading_notes": tr("Please note")}
    filled = False
    for name, text in texts.items():
        QgsExpressionContextUtils.setLayoutVariable(layout, f"deepsoil_{name}", text)
        label = _item(layout, f"deepsoil_{name}", QgsLayoutItemLabel)
        if label is not None:
            label.setMode(QgsLayoutItemLabel.Mode.ModeFont)
            # What a name contains is not computed: [% … %] would be an expression.
            label.setText(text.replace("[%", "[ %"))
            filled = True
    return filled


def _fill_map(layout: QgsPrintLayout, layers: Sequence[QgsMapLayer], raster: QgsRasterLayer, page: Page,
              ) -> bool:
    the_map = _item(layout, "deepsoil_map", QgsLayoutItemMap)
    if the_map is not None:
        the_map.setCrs(raster.crs())
        the_map.setKeepLayerSet(True)
        the_map.setLayers(list(layers))
        extent = raster.extent()
        if len(layers) > 1:
            carry = QgsCoordinateTransform(wgs84(), raster.crs(), layout.project())
            extent.combineExtentWith(carry.transformBoundingBox(layers[0].extent()))
        extent.scale(_MARGIN)
        the_map.zoomToExtent(extent)
        _fill_scale(layout, the_map.scale())
    legend = _item(layout, "deepsoil_legend", QgsLayoutItemLegend)
    if legend is not None:
        node = layout.project().layerTreeRoot().addLayer(raster)
        style.shorten_legend(node, False, _look(raster, page))
        legend.setAutoUpdateModel(True)  # what the project's tree has, and no more of what the template had
        QgsLegendRenderer.setNodeLegendStyle(node, QgsLegendStyle.Style.Hidden)
        legend.adjustBoxSize()
    return the_map is not None


def _fill_scale(layout: QgsPrintLayout, scale: float) -> None:
    """Parts of a round length, about as long as the template's are to be."""
    bar = _item(layout, "deepsoil_scale", QgsLayoutItemScaleBar)
    if bar is not None and math.isfinite(scale):
        longest = _SCALE_PART_MM / 1000 * scale
        power = 10.0 ** math.floor(math.log10(longest))
        bar.setSegmentSizeMode(Qgis.ScaleBarSegmentSizeMode.Fixed)
        bar.setUnitsPerSegment(max(step for step in (1, 2, 5) if step * power <= longest) * power)
        bar.update()


def _fill_numbers(layout: QgsPrintLayout, rows: list[list[str]]) -> bool:
    frame = _item(layout, "deepsoil_numbers", QgsLayoutFrame)
    table = frame.multiFrame() if frame is not None else None
    if not isinstance(table, QgsLayoutItemManualTable):
        return False
    # An empty table has no width: it is as wide as the page between margins that are alike.
    width = layout.pageCollection().page(0).pageSize().width() - 2 * frame.pagePos().x()
    others = len(rows[0]) - 1
    room = width - (others + 1) * (2 * table.cellMargin() + table.gridStrokeWidth())
    table.setTableContents([[_cell(text, number == 0) for text in row] for number, row in enumerate(rows)])
    table.setColumnWidths([_FIRST_COLUMN * room, *[(1 - _FIRST_COLUMN) * room / others] * others])
    table.refresh()
    return True


def _cell(text: str, heading: bool) -> QgsTableCell:
    cell = QgsTableCell(text)
    if heading:
        cell.setBackgroundColor(_HEADER)
        form = cell.textFormat()
        font = QFont(form.font())
        font.setBold(True)
        form.setFont(font)
        form.setSize(8)
        form.setSizeUnit(Qgis.RenderUnit.Points)
        cell.setTextFormat(form)
    return cell


def _raster(page: Page) -> QgsRasterLayer:
    options = QgsRasterLayer.LayerOptions()
    options.loadDefaultStyle = False
    layer = QgsRasterLayer(str(page.product), page.facts.map_title, "gdal", options)
    if not layer.isValid():
        raise OSError(0, tr("the map cannot be opened"), str(page.product))
    product = metadata.read_product(str(page.product))
    metadata.describe(layer, product, {"path": str(page.product), "name": page.product.name}, page.facts.title)
    style.apply(layer, _look(layer, page))
    return layer


def _look(layer: QgsRasterLayer, page: Page) -> looks.Look:
    return replace(style.look_of(layer), shown=page.shown)


def _outline(shape: ogr.Geometry | None) -> QgsVectorLayer | None:
    if shape is None:
        return None
    layer = QgsVectorLayer("MultiPolygon?crs=EPSG:4326", tr("Outline"), "memory")
    layer.setCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    geometry = QgsGeometry()
    geometry.fromWkb(bytes(shape.ExportToWkb()))
    feature = QgsFeature()
    feature.setGeometry(geometry)
    layer.dataProvider().addFeatures([feature])
    layer.updateExtents()
    symbol = QgsFillSymbol.createSimple({"style": "no", "outline_color": "#1f2a30", "outline_width": "0.5"})
    layer.renderer().setSymbol(symbol)
    return layer
