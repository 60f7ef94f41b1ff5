"""Runs inside QGIS (``qgis --code``): tells the driver where things are. It reads and never acts, but for the
map's view, which it brings back between two tests, and for projects that it opens.

A request is one JSON line ``{"ask": name, …}``; the answer one JSON line. The probe also measures how long
QGIS's main thread is held: ``gap`` is the longest time between two turns of the event loop, whatever held it;
``slots`` are the longest stays inside DeepSoil's own Python, without the functions in ``QGIS_WORK``, in which
QGIS itself opens and draws a new layer.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Any

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsLayerNotesUtils,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QObject, QPoint, QRect, Qt, QTimer
from qgis.PyQt.QtNetwork import QHostAddress, QTcpServer, QTcpSocket
from qgis.PyQt.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAction,
    QApplication,
    QComboBox,
    QDateEdit,
    QLabel,
    QLineEdit,
    QMenu,
    QToolBar,
    QWidget,
)
from qgis.utils import iface

QGIS_WORK = {"_open_layer", "_add_to_project", "_set_source"}
_TICK_MS = 5
_PLUGIN = "deepsoil_plugin"


class Stopwatch(QObject):
    """Longest gap of the event loop, and the longest stays in the plugin's Python."""

    def __init__(self) -> None:
        super().__init__()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(_TICK_MS)
        self.reset()
        self._depth = 0
        self._entry = ""
        self._started = self._excluded = self._work_started = 0.0
        self._work_depth: int | None = None
        sys.setprofile(self._profile)

    def reset(self) -> None:
        self.gap_s = 0.0
        self.slots: dict[str, float] = {}
        self._last = time.perf_counter()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.gap_s = max(self.gap_s, now - self._last - _TICK_MS / 1000)
        self._last = now

    def _profile(self, frame: FrameType, event: str, _argument: object) -> None:
        if event not in ("call", "return") or _PLUGIN not in frame.f_code.co_filename:
            return
        if event == "call":
            if self._depth == 0:
                self._started, self._excluded, self._entry = time.perf_counter(), 0.0, frame.f_code.co_qualname
            self._depth += 1
            if self._work_depth is None and frame.f_code.co_name in QGIS_WORK:
                self._work_depth, self._work_started = self._depth, time.perf_counter()
        elif self._depth:
            if self._work_depth == self._depth:
                self._excluded += time.perf_counter() - self._work_started
                self._work_depth = None
            self._depth -= 1
            if self._depth == 0:
                held = time.perf_counter() - self._started - self._excluded
                self.slots[self._entry] = max(self.slots.get(self._entry, 0.0), held)


class Probe(QObject):
    """Answers the driver on a loopback port whose number it writes to ``DEEPSOIL_PROBE``."""

    def __init__(self) -> None:
        super().__init__()
        self.stopwatch = Stopwatch()
        self._server = QTcpServer(self)
        self._server.listen(QHostAddress(QHostAddress.SpecialAddress.LocalHost), 0)
        self._sockets: list[QTcpSocket] = []
        self._server.newConnection.connect(self._connected)
        file = Path(os.environ["DEEPSOIL_PROBE"])
        file.with_suffix(".tmp").write_text(str(self._server.serverPort()))
        file.with_suffix(".tmp").replace(file)

    def _connected(self) -> None:
        socket = self._server.nextPendingConnection()
        # The slot below and the socket's Python half hold only each other: without this they would be collected.
        self._sockets.append(socket)
        socket.readyRead.connect(lambda: self._read(socket))

    def _read(self, socket: QTcpSocket) -> None:
        while socket.canReadLine():
            question = json.loads(bytes(socket.readLine()))
            try:
                answer = getattr(self, f"ask_{question.pop('ask')}")(**question)
            except Exception as error:  # noqa: BLE001  whatever it is, the driver must hear of it
                answer = {"error": repr(error)}
            socket.write((json.dumps(answer) + "\n").encode())

    def ask_main_window(self) -> dict[str, Any]:
        window = iface.mainWindow()
        return {"visible": window.isVisible(), "width": window.width(), "height": window.height()}

    def ask_widget(self, name: str) -> dict[str, Any] | None:
        found = [widget for widget in QApplication.allWidgets() if widget.objectName() == name and widget.isVisible()]
        return described(found[0]) if found else None

    def ask_row(self, view: str, text: str) -> dict[str, Any] | None:
        """The row of an item view (or tree) whose text contains ``text``, in any column."""
        for widget in QApplication.allWidgets():
            if widget.objectName() == view and isinstance(widget, QAbstractItemView):
                return row_of(widget, text)
        return None

    def ask_current_row(self, view: str) -> dict[str, Any] | None:
        """The current row of an item view (or tree)."""
        for widget in QApplication.allWidgets():
            if widget.objectName() == view and isinstance(widget, QAbstractItemView):
                index = widget.currentIndex()
                return {**box_of(widget.viewport(), widget.visualRect(index)), "text": str(index.data() or "")}
        return None

    def ask_menu(self, text: str) -> dict[str, Any] | None:
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, QMenu) and widget.isVisible():
                for action in widget.actions():
                    if text in action.text().replace("&", ""):
                        return {**box_of(widget, widget.actionGeometry(action)), "enabled": action.isEnabled()}
        return None

    def ask_action(self, name: str) -> dict[str, Any] | None:
        """The toolbar button of an action."""
        for action in iface.mainWindow().findChildren(QAction, name):
            for widget in action.associatedWidgets():
                if isinstance(widget, QToolBar) and widget.widgetForAction(action).isVisible():
                    return described(widget.widgetForAction(action))
        return None

    def ask_button(self, text: str) -> dict[str, Any] | None:
        """A visible button by its text, wherever it is (dialogs, message bar)."""
        for widget in QApplication.allWidgets():
            if isinstance(widget, QAbstractButton) and widget.isVisible() and text in widget.text().replace("&", ""):
                return described(widget)
        return None

    def ask_canvas(self, longitude: float, latitude: float) -> dict[str, Any]:
        canvas = iface.mapCanvas()
        transform = QgsCoordinateTransform(QgsCoordinateReferenceSystem("EPSG:4326"),
                                           canvas.mapSettings().destinationCrs(), QgsProject.instance())
        point = canvas.getCoordinateTransform().transform(transform.transform(QgsPointXY(longitude, latitude)))
        there = canvas.viewport().mapToGlobal(QPoint(round(point.x()), round(point.y())))
        return {"x": there.x(), "y": there.y(), "drawing": canvas.isDrawing()}

    def ask_view(self) -> list[float]:
        extent = iface.mapCanvas().extent()
        return [extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()]

    def ask_show(self, view: list[float]) -> bool:
        """Bring the map back to a view that ``ask_view`` gave."""
        iface.mapCanvas().setExtent(QgsRectangle(*view))
        iface.mapCanvas().refresh()
        return True

    def ask_colour(self, longitude: float, latitude: float) -> str:
        """The canvas's colour at a place, as it is drawn: ``#rrggbb``."""
        there, canvas = self.ask_canvas(longitude, latitude), iface.mapCanvas()
        point = canvas.viewport().mapFromGlobal(QPoint(there["x"], there["y"]))
        image = canvas.viewport().grab().toImage()
        return str(image.pixelColor(point * image.devicePixelRatio()).name())

    def ask_temporal(self) -> dict[str, Any]:
        """Whether the Temporal Controller is off, and whether the canvas shows one stretch of time only."""
        canvas = iface.mapCanvas()
        off = canvas.temporalController().navigationMode() == Qgis.TemporalNavigationMode.NavigationOff
        return {"off": off, "filtered": canvas.mapSettings().isTemporal()}

    def ask_layers(self) -> list[dict[str, Any]]:
        rows = []
        for node in QgsProject.instance().layerTreeRoot().findLayers():
            parents: list[str] = []
            parent = node.parent()
            while parent is not None and parent.name():
                parents.insert(0, parent.name())
                parent = parent.parent()
            rows.append({"path": [*parents, node.name()], "valid": node.layer().isValid(),
                         "visible": node.isVisible(), "source": node.layer().source(), "id": node.layerId(),
                         "days": len(json.loads(node.layer().customProperty("deepsoil/day_maps") or "[1]"))})
        return rows

    def ask_open(self, project: str) -> bool:
        """Open a project, as the list of recent ones does."""
        QTimer.singleShot(0, lambda: iface.addProject(project))
        return True

    def ask_metadata(self, layer: str) -> dict[str, Any]:
        """What a layer says of itself, by its id."""
        found = QgsProject.instance().mapLayer(layer)
        data = found.metadata()
        return {"title": data.title(), "abstract": data.abstract(), "rights": data.rights(),
                "licences": data.licenses(), "notes": QgsLayerNotesUtils.layerNotes(found)}

    def ask_select(self, layer: str) -> list[int]:
        """How many features of a layer are selected."""
        return [found.selectedFeatureCount() for found in QgsProject.instance().mapLayersByName(layer)]

    def ask_messages(self) -> list[str]:
        return [label.text() for item in iface.messageBar().items() for label in item.findChildren(QLabel)]

    def ask_windows(self) -> list[dict[str, Any]]:
        return [{"title": window.windowTitle(), "modal": window.isModal(), "class": type(window).__name__}
                for window in QApplication.topLevelWidgets() if window.isVisible()]

    def ask_screenshot(self, path: str) -> bool:
        return QApplication.primaryScreen().grabWindow(0).save(path)

    def ask_what_if(self, day: str) -> list[float]:
        """Seconds from each movement in the panel of water to its picture; none while it looks ahead from another day.
        """
        panel = next((one for one in QApplication.allWidgets() if one.objectName() == "DeepSoilWaterPanel"), None)
        return list(panel.latencies_s) if panel is not None and str(panel.desk.day) == day else []

    def ask_held(self, reset: bool = False) -> dict[str, Any]:
        watch = self.stopwatch
        longest = sorted(watch.slots.items(), key=lambda item: -item[1])[:8]
        answer = {"gap_ms": 1000 * watch.gap_s, "slots_ms": {name: 1000 * held for name, held in longest}}
        if reset:
            watch.reset()
        return answer


def described(widget: QWidget) -> dict[str, Any]:
    answer = box_of(widget, widget.rect())
    answer.update(enabled=widget.isEnabled(), tooltip=widget.toolTip(), name=widget.objectName())
    if isinstance(widget, (QAbstractButton, QLabel, QLineEdit)):
        answer["text"] = widget.text()
    if isinstance(widget, QComboBox):
        answer["text"] = widget.currentText()
    if isinstance(widget, QDateEdit):
        answer["date"] = widget.date().toString(Qt.DateFormat.ISODate)
    if isinstance(widget, QAbstractButton):
        answer["checked"] = widget.isChecked()
    if isinstance(widget, QAbstractItemView) and widget.model():
        model = widget.model()
        answer["rows"] = [str(model.index(row, 0).data()) for row in range(model.rowCount())]
    return answer


def box_of(widget: QWidget, rectangle: QRect) -> dict[str, Any]:
    corner = widget.mapToGlobal(rectangle.topLeft())
    return {"x": corner.x(), "y": corner.y(), "width": rectangle.width(), "height": rectangle.height()}


def row_of(view: QAbstractItemView, text: str) -> dict[str, Any] | None:
    model = view.model()
    stack = [model.index(row, 0) for row in range(model.rowCount())]
    while stack:
        index = stack.pop(0)
        words = [str(index.siblingAtColumn(column).data()) for column in range(model.columnCount())]
        if text in " ".join(words):
            return {**box_of(view.viewport(), view.visualRect(index)), "words": words}
        stack += [model.index(row, 0, index) for row in range(model.rowCount(index))]
    return None


# The probe lives as long as QGIS; a module-level name keeps it from being collected.
deepsoil_probe = Probe()
