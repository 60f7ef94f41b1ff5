"""The preview in the dock: a slider over the days of the region, and what is seen of them on the map at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QButtonGroup, QCheckBox, QSlider, QToolButton, QWidget

from ..depths import depths_cm
from ..engine.client import EngineClient
from ..jobs.map_request import MapRequest, new_id
from ..jobs.methods import NETWORK
from ..jobs.preview_frames import Frame
from ..jobs.previewer import Previewer
from ..map.preview_item import PreviewItem
from ..text.dates import day_text
from ..text.formatting import plain_error
from ..text.plain import tip_text
from ..widgets.basic import GRID, column, quiet_label, row, say
from .dates_section import date_problem

Limits = tuple[dt.date, dt.date]
_PAGE_DAYS = 7


class PreviewSection(QWidget):
    """``dayChosen(date)``: the slider was moved to another day. ``switched``: the preview was switched on or off.
    ``dayShown(date)``: the map shows the preview of this day.
    """

    dayChosen = pyqtSignal(object)
    switched = pyqtSignal()
    dayShown = pyqtSignal(object)

    def __init__(self, client: EngineClient, canvas: QgsMapCanvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._item: PreviewItem | None = None
        self._frame: Frame | None = None
        self._first: dt.date | None = None
        self._without = ""  # what the preview does not know
        self._previewer = Previewer(client, self)
        self._previewer.framed.connect(self._framed)
        self._previewer.refused.connect(self._refused)
        self._on = QCheckBox(self.tr("On the map at once"))
        self._on.setObjectName("deepsoilPreview")
        self._on.setToolTip(tip_text(self.tr("Shows each day on the map as soon as it is chosen. Nothing is kept: "
                                             "“Map it” makes the map")))
        self._on.toggled.connect(self._toggled)
        self._depth_buttons = QButtonGroup(self)
        self._depths = row(spacing=0)
        for depth in depths_cm():
            self._depths.addWidget(self._depth_button(depth))
        self._depth_buttons.buttonClicked.connect(lambda _button: self._draw())
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setObjectName("deepsoilPreviewDay")
        self._slider.setAccessibleName(self.tr("Day of the map"))
        self._slider.setPageStep(_PAGE_DAYS)
        self._slider.valueChanged.connect(self._slid)
        self._words = quiet_label("deepsoilPreviewWords")
        first = row(self._on, spacing=2 * GRID)
        first.addStretch(1)
        first.addLayout(self._depths)
        self.setLayout(column(spacing=GRID))
        self.layout().addLayout(first)
        self.layout().addWidget(self._slider)
        self.layout().addWidget(self._words)
        self._toggled(False)

    @property
    def is_on(self) -> bool:
        return bool(self._on.isChecked())

    def look(self, request: MapRequest, host: dict[str, str], limits: Limits | None, obstacle: str) -> None:
        """Show the first day of a request while the preview is on. ``limits``: the days that there are; ``obstacle``:
        why it cannot be asked for, if anything.
        """
        day = dt.date.fromisoformat(request.start)
        self._show_limits(day, limits)
        if not self.is_on:
            return
        if not obstacle and limits:
            obstacle = date_problem(day, day, *limits)[0]
        if not obstacle and request.method != NETWORK:
            obstacle = self.tr("A simulated field has no preview: a day of it takes seconds. Choose networks under "
                               "How, or map it.")
        if obstacle:
            self._previewer.stop()
            self._clear(obstacle)
            return
        self._without = self.tr("Without the probes' readings; the map will use them.") if request.readings.document() \
            else ""
        self._previewer.want(request.specification(new_id()), host, day, limits)

    def close_tools(self) -> None:
        """Leave nothing on the map."""
        self._on.setChecked(False)
        if self._item is not None:
            self._item.remove()
            self._item = None

    # --- what is shown

    def _framed(self, frame: Frame) -> None:
        if frame.is_empty:
            self._clear(self.tr("The region has no soil moisture here on {0}.").format(day_text(frame.day)))
            return
        self._frame = frame
        say(self._words, self._without)
        self._draw()
        self.dayShown.emit(frame.day)

    def _refused(self, _day: dt.date, error: dict[str, Any]) -> None:
        self._clear(plain_error(error))

    def _clear(self, words: str) -> None:
        self._frame = None
        self._draw()
        say(self._words, words)

    def _draw(self) -> None:
        if self._item is None:
            if self._frame is None:
                return
            self._item = PreviewItem(self._canvas)
        self._item.put(self._frame, self._depth_buttons.checkedId())

    def _toggled(self, on: bool) -> None:
        self._slider.setVisible(on)
        for button in self._depth_buttons.buttons():
            button.setVisible(on)
        if not on:
            self._previewer.stop()
            self._clear("")
        self.switched.emit()

    # --- the slider

    def _show_limits(self, day: dt.date, limits: Limits | None) -> None:
        first, last = limits or (day, day)
        self._first = first
        before = self._slider.blockSignals(True)
        self._slider.setRange(0, (last - first).days)
        self._slider.setValue((day - first).days)
        self._slider.blockSignals(before)
        self._slider.setEnabled(last > first)
        self._slider.setToolTip(tip_text(self.tr("{0} to {1}; one day with the arrow keys, a week with Page Up and "
                                                 "Page Down").format(day_text(first), day_text(last))))

    def _slid(self, value: int) -> None:
        if self._first is not None:
            self.dayChosen.emit(self._first + dt.timedelta(days=value))

    def _depth_button(self, depth_cm: int) -> QToolButton:
        button = QToolButton()
        button.setObjectName(f"deepsoilPreviewDepth{depth_cm}")
        button.setText(self.tr("{0} cm").format(depth_cm))
        button.setToolTip(tip_text(self.tr("{0} cm in its place on the map, the other depth beside").format(depth_cm)))
        button.setCheckable(True)
        button.setChecked(not self._depth_buttons.buttons())
        self._depth_buttons.addButton(button, depth_cm)
        return button
