"""Where: draw, box, the selected features, the map's view. Keeps the area, its name and its history."""

from __future__ import annotations

from itertools import count
from typing import Any

from qgis.core import QgsGeometry, QgsProject, QgsVectorLayer
from qgis.gui import QgsMapTool
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QLineEdit, QMenu, QSizePolicy, QToolButton, QWidget

from ..contract import LONGEST_NAME
from ..map.area import (
    AreaBand,
    AreaError,
    GeoJson,
    extent_on,
    geojson_from,
    hectares,
    is_several,
    to_wgs84,
    view_area,
)
from ..map.draw_tools import DrawBox, DrawPolygon, DrawTool
from ..map.selection import Selection, SelectionPicker, polygon_layers_with_selection
from ..text.formatting import area_text, fields_text
from ..text.plain import tip_text
from ..widgets.basic import PlainLabel, ProblemLine, column, readable_hint, row, tool_button
from .given_names import GivenNames
from .selected_fields import SelectedFields

_NAMES_IN_TIP = 30
_Step = tuple["GeoJson | None", str]


class AreaSection(QWidget):
    """``areaChanged`` when another area or name stands there; ``pickWanted(on)`` when a field is to be picked from
    public outlines, or no longer.
    """

    areaChanged = pyqtSignal()
    pickWanted = pyqtSignal(bool)

    def __init__(self, iface: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._iface = iface
        self._canvas = iface.mapCanvas()
        self._area: GeoJson | None = None
        self._undo: list[_Step] = []
        self._redo: list[_Step] = []
        self._names = GivenNames()
        self._numbers = count(1)
        self._tool_before: QgsMapTool | None = None
        self._band = AreaBand(self._canvas, self)
        self._band.follow_canvas()
        self._picker = SelectionPicker(self)
        self._picker.picked.connect(self._selection_picked)
        self._picker.refused.connect(lambda text: self._message.say(text, True))
        self._picked_layer = ""
        self._build()
        self._tools: dict[DrawTool, QToolButton] = {
            DrawPolygon(self._canvas): self._draw, DrawBox(self._canvas): self._box}
        for tool, button in self._tools.items():
            tool.finished.connect(self._drawn)
            tool.abandoned.connect(self._leave_tool)
            tool.said.connect(self._tool_said)
            button.clicked.connect(lambda checked, tool=tool: self._use_tool(tool, checked))
        self._canvas.mapToolSet.connect(self._tool_set)
        self._refresh()

    def _build(self) -> None:
        self._draw = tool_button("deepsoilDrawPolygon", "draw", self.tr("Draw the field's outline, corner by corner"),
                                 self.tr("Draw"))
        self._box = tool_button("deepsoilDrawBox", "box", self.tr("Drag a box over the field"), self.tr("Box"))
        self._selected = tool_button("deepsoilSelectedFeatures", "selection",
                                     self.tr("Use the selected polygons of a layer; each is a field with its own map"),
                                     self.tr("Selected"))
        view = tool_button("deepsoilMapView", "view", self.tr("Use the current map view as the area"), self.tr("View"))
        self._pick = tool_button("deepsoilPickField", "pick", self.tr("Pick a field at a click, from public "
                                                                      "outlines of fields"))
        self._pick.clicked.connect(self.pickWanted)
        for button in (self._draw, self._box, self._pick):
            button.setCheckable(True)
        self._selection_menu = QMenu(self)
        self._selection_menu.setObjectName("deepsoilSelectedMenu")
        self._selection_menu.aboutToShow.connect(self._fill_selection_menu)
        self._selected.setMenu(self._selection_menu)
        self._selected.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        self._selected.clicked.connect(self._pick_selection)
        view.clicked.connect(self._pick_view)

        self._name = QLineEdit()
        self._name.setObjectName("deepsoilFieldName")
        self._name.setMaxLength(LONGEST_NAME)
        self._name.setPlaceholderText(self.tr("Name of the field"))
        readable_hint(self._name)
        self._name.setAccessibleName(self.tr("Name of the field"))
        self._name.textEdited.connect(self._names.typed)
        self._name.editingFinished.connect(self.areaChanged)
        self._zoom = tool_button("deepsoilZoomArea", "zoom", self.tr("Zoom to the area"))
        self._back = tool_button("deepsoilAreaUndo", "undo", self.tr("Undo: previous area"))
        self._again = tool_button("deepsoilAreaRedo", "redo", self.tr("Redo: next area"))
        self._zoom.clicked.connect(self.zoom_to_area)
        self._back.clicked.connect(self.undo)
        self._again.clicked.connect(self.redo)
        self._size = PlainLabel(name="deepsoilArea")
        self._size.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._size.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._message = ProblemLine("deepsoilWhereMessage")
        buttons = row(self._draw, self._box, self._selected, view, spacing=0)
        buttons.addStretch(1)
        layout = column()
        layout.addLayout(buttons)
        layout.addLayout(row(self._pick, self._name, self._zoom, self._back, self._again, spacing=0))
        layout.addWidget(self._size)
        layout.addWidget(self._message)
        self._fields = SelectedFields()
        self._fields.changed.connect(self._fields_changed)
        self._fields.repairWanted.connect(self._repair_fields)
        layout.addWidget(self._fields)
        self.setLayout(layout)

    # --- what others ask

    @property
    def area(self) -> GeoJson | None:
        """GeoJSON in EPSG:4326."""
        return self._area

    @property
    def name(self) -> str:
        return str(self._name.text()).strip()

    def restore(self, area: GeoJson | None, name: str) -> None:
        """Show what a project keeps; nothing to undo."""
        self._undo, self._redo = [], []
        self._fields.show_selection(None)
        self._names.settle(area, name)
        self._put(area, name)

    def set_area(self, area: GeoJson, suggested_name: str) -> None:
        """A new area from outside, as if drawn."""
        self._undo.append((self._area, self._name.text()))
        self._redo = []
        name = self._names.for_area(area, self._name.text(), suggested_name)
        self._message.say("")
        self._fields.show_selection(None)
        self._put(area, name)

    def settle_name(self) -> None:
        """A request goes with this area and name: the next area gets a name of its own."""
        self._names.settle(self._area, self._name.text())

    def let_go_of_selection(self) -> None:
        """Deselect the features that were picked, if they still are what is selected in their layer.

        QGIS paints what is selected yellow, which would shine through wherever the maps of the fields have no data. The
        outlines of the area stay, and "Reselect features" of QGIS brings the selection back.
        """
        layer, selection = QgsProject.instance().mapLayer(self._picked_layer), self._fields.selection
        if (isinstance(layer, QgsVectorLayer) and selection is not None
                and set(selection.numbers) == set(layer.selectedFeatureIds())):
            layer.removeSelection()

    def picked(self, outline: GeoJson) -> None:
        """The outline that the user has picked."""
        self.set_area(outline, self.tr("Field {0}").format(next(self._numbers)))

    def picking(self, on: bool) -> None:
        """Whether the tool that picks a field is in hand."""
        self._pick.setChecked(on)

    def say(self, text: str, warning: bool) -> None:
        self._message.say(text, warning)

    def draw(self) -> None:
        """Take up the tool that draws an outline, unless it is in hand."""
        if not self._draw.isChecked():
            self._draw.click()

    def undo(self) -> None:
        if self._undo:
            self._fields.show_selection(None)
            self._redo.append((self._area, self._name.text()))
            self._put(*self._undo.pop())

    def redo(self) -> None:
        if self._redo:
            self._fields.show_selection(None)
            self._undo.append((self._area, self._name.text()))
            self._put(*self._redo.pop())

    def close_tools(self) -> None:
        """Leave nothing of the plugin on the map."""
        self._canvas.mapToolSet.disconnect(self._tool_set)
        for tool in self._tools:
            self._canvas.unsetMapTool(tool)
            tool.deleteLater()
        self._band.remove()

    # --- tools

    def _use_tool(self, tool: DrawTool, on: bool) -> None:
        if not on:
            self._leave_tool()
            return
        self._leave_welcome_page()
        current = self._canvas.mapTool()
        if current not in self._tools:
            self._tool_before = current
        self._canvas.setMapTool(tool)

    def _leave_welcome_page(self) -> None:
        """At its start QGIS shows recent projects in the place of the map, on which nothing can be drawn."""
        project = QgsProject.instance()
        if not self._canvas.isVisible() and self._canvas.window().isVisible() and not project.fileName() \
                and not project.mapLayers():
            self._iface.newProject()

    def _leave_tool(self) -> None:
        if self._canvas.mapTool() in self._tools:
            self._canvas.unsetMapTool(self._canvas.mapTool())
            if self._tool_before is not None:
                self._canvas.setMapTool(self._tool_before)
        self._message.say("")
        self._refresh()

    def _tool_set(self, new: QgsMapTool | None, old: QgsMapTool | None = None) -> None:
        if old in self._tools and new not in self._tools:
            self._message.say("")
        for tool, button in self._tools.items():
            button.setChecked(new is tool)

    def _tool_said(self, text: str) -> None:
        tool = self.sender()
        self._message.say(text, warning=isinstance(tool, DrawTool) and text != tool.guide())

    def _drawn(self, geometry: QgsGeometry) -> None:
        try:
            area = geojson_from(geometry, to_wgs84(self._canvas.mapSettings().destinationCrs()))
        except AreaError as error:
            self._message.say(str(error), True)
            return
        self._leave_tool()
        self.set_area(area, self.tr("Field {0}").format(next(self._numbers)))

    def _pick_view(self) -> None:
        self._leave_tool()
        try:
            self.set_area(view_area(self._canvas), self.tr("Map view"))
        except AreaError as error:
            self._message.say(str(error), True)

    # --- selected features

    def _fill_selection_menu(self) -> None:
        self._selection_menu.clear()
        layers = polygon_layers_with_selection()
        for layer in layers:
            text = self.tr("{0} ({1} selected)").format(layer.name(), layer.selectedFeatureCount())
            self._selection_menu.addAction(text, lambda layer=layer: self._pick_layer(layer))
        if not layers:
            self._selection_menu.addAction(self.tr("No layer has selected polygons")).setEnabled(False)

    def _pick_selection(self) -> None:
        """The active layer's selection; else the only layer with one; else the menu asks."""
        layers = polygon_layers_with_selection()
        active = self._iface.activeLayer()
        if active in layers:
            self._pick_layer(active)
        elif len(layers) == 1:
            self._pick_layer(layers[0])
        elif layers:
            self._selected.showMenu()
        else:
            self._message.say(self.tr("No polygon is selected. Select one or more polygons with QGIS's selection tool, "
                                      "then click here again."), True)

    def _pick_layer(self, layer: QgsVectorLayer) -> None:
        self._leave_tool()
        self._picked_layer = layer.id()
        self._picker.pick(layer)

    def _selection_picked(self, selection: Selection) -> None:
        if selection.outlines:
            self.set_area(selection.area, selection.title)
        self._fields.show_selection(selection)
        self._message.say(selection.remark, bool(selection.remark))

    def _fields_changed(self) -> None:
        """Other names, or one area."""
        selection = self._fields.selection
        if selection is None:
            return
        try:
            self._put(selection.as_one if self._fields.as_one else selection.area, self._name.text())
        except AreaError as error:
            self._message.say(str(error), True)

    def _repair_fields(self) -> None:
        layer = QgsProject.instance().mapLayer(self._picked_layer)
        if isinstance(layer, QgsVectorLayer):
            self._picker.pick(layer, repair=True)

    # --- what is shown

    def _put(self, area: GeoJson | None, name: str) -> None:
        self._area = area
        self._name.setText(name)
        self._refresh()
        self.areaChanged.emit()

    def zoom_to_area(self) -> None:
        """Move the map to the area."""
        if self._area is None:
            return
        try:
            self._canvas.setExtent(extent_on(self._canvas, self._area))
        except AreaError as error:
            self._message.say(str(error), True)
            return
        self._canvas.refresh()

    def _refresh(self) -> None:
        self._band.show_area(self._area)
        self._size.setText(self._size_text())
        names = [feature["properties"]["name"] for feature in self._area["features"]] if is_several(self._area) else []
        self._size.setToolTip(tip_text("\n".join([*names[:_NAMES_IN_TIP], *["…"] * (len(names) > _NAMES_IN_TIP)])))
        self._zoom.setEnabled(self._area is not None)
        self._back.setEnabled(bool(self._undo))
        self._again.setEnabled(bool(self._redo))

    def _size_text(self) -> str:
        if self._area is None:
            return self.tr("No area chosen")
        if is_several(self._area):
            return fields_text(len(self._area["features"]), hectares(self._area))
        return area_text(hectares(self._area))
