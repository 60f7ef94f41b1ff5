"""What was measured of a field's soil: one line that says it, and the ways to put it in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QSizePolicy, QWidget

from ..engine.client import EngineClient
from ..jobs.water import soil_text
from ..text.plain import tip_text
from ..widgets.basic import PlainLabel, column, row, tool_button
from .table_source import TableSource

_COLUMNS = "top_cm, bottom_cm, field_capacity, wilting_point, theta_s, theta_r, vg_alpha_per_cm, vg_n"


class SoilLine(QWidget):
    """``changed`` when other layers are put in or taken away; ``said(text)`` why a table was refused."""

    changed = pyqtSignal()
    said = pyqtSignal(str)

    def __init__(self, client: EngineClient, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("deepsoilSoil")
        self._layers: list[dict[str, Any]] = []
        self._before: list[dict[str, Any]] = []
        self.source = TableSource(client, "soil_table", self)
        self._label = PlainLabel(name="deepsoilSoilText")
        self._label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        opened = tool_button("deepsoilSoilOpen", "job-folder", self.tr(
            "Open a CSV file of measured soil layers, with columns such as {0}; water contents in m³/m³").format(
                _COLUMNS), self.tr("CSV"))
        pasted = tool_button("deepsoilSoilPaste", "job-log", self.tr(
            "Paste soil layers from a spreadsheet, with their line of names: {0}").format(_COLUMNS), self.tr("Paste"))
        self._remove = tool_button("deepsoilSoilRemove", "job-remove", self.tr("Take the soil of the region again"))
        self._undo = tool_button("deepsoilSoilUndo", "undo", self.tr("Undo the last change of the soil"))
        buttons = row(opened, pasted, self._remove, self._undo, spacing=0)
        buttons.addStretch(1)
        lines = column(self._label, spacing=0)
        lines.addLayout(buttons)
        self.setLayout(lines)
        opened.clicked.connect(lambda: self.source.ask_for_file(
            self.window(), self.tr("Open a table of soil layers"), "deepsoilSoilFile"))
        pasted.clicked.connect(self.source.read_clipboard)
        self._remove.clicked.connect(lambda: self._change([]))
        self._undo.clicked.connect(lambda: self._change(self._before))
        self.source.refused.connect(self.said)
        self.source.read.connect(self._came)
        self._refresh()

    @property
    def layers(self) -> list[dict[str, Any]]:
        """As ``soil`` of an entry of ``options.management``; empty where nothing was measured."""
        return self._layers

    def show_layers(self, layers: Sequence[Mapping[str, Any]], key: str) -> None:
        """Show those of another field, known by ``key``; nothing to undo."""
        if key != self.source.key:
            self._before = []
        self.source.key = key
        self._layers = [dict(layer) for layer in layers]
        self._refresh()

    def _came(self, layers: list[dict[str, Any]], key: str) -> None:
        if key == self.source.key:  # else another field is shown by now
            self._change(layers)

    def _change(self, layers: list[dict[str, Any]]) -> None:
        self._layers, self._before = layers, self._layers
        self._refresh()
        self.changed.emit()

    def _refresh(self) -> None:
        self._label.setText(soil_text(self._layers) or self.tr("Soil of the region's map"))
        self._label.setToolTip(tip_text("\n".join(map(_layer_text, self._layers)) or self.tr(
            "Measured soil layers can be given in its place. Soil columns then take their curves from them.")))
        self._remove.setVisible(bool(self._layers))
        self._undo.setVisible(self._before != self._layers)


def _layer_text(layer: Mapping[str, Any]) -> str:
    values = (f"{name} {value:g}" for name, value in layer.items() if name not in ("top_cm", "bottom_cm"))
    return f"{layer['top_cm']:g}–{layer['bottom_cm']:g} cm: {', '.join(values)}"
