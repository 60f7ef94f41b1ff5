"""The pixel panel's first lines: where, by which method, over how many days, and what the colours mean."""

from __future__ import annotations

import re

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QSizePolicy, QVBoxLayout, QWidget

from ..jobs.methods import COLUMN, METHODS, method_tip
from ..text.formatting import number_from, number_text
from ..text.plain import tip_text
from ..text.translate import tr
from ..widgets.basic import GRID, PlainLabel, line_edit, row, say, subdue, tool_button
from ..widgets.plot_colours import PlotColours
from .colour_key import ColourKey
from .period_buttons import PeriodButtons

_DIGITS = 5  # of a degree: about 1 m
_NUMBER = re.compile(r"[-+−]?\d+(?:[.,]\d+)?")


def place_from(text: str) -> tuple[float, float] | None:
    """Longitude and latitude from ``latitude, longitude`` as people and maps on the web write it; None: neither.

    With decimal commas the numbers are apart by a space or a semicolon. Pure.
    """
    decimal_commas = re.search(r"\d,\d", text) and "." not in text and (";" in text or len(text.split()) > 1)
    parts = re.split(r"\s*;\s*|,?\s+" if decimal_commas else r"[;,\s]+", text.strip())
    if len(parts) != 2 or not all(_NUMBER.fullmatch(part) for part in parts):
        return None
    latitude, longitude = (number_from(part) for part in parts)
    if latitude is None or longitude is None or abs(latitude) > 85 or abs(longitude) > 180:
        return None
    return longitude, latitude


def place_text(longitude: float, latitude: float) -> str:
    """As `place_from` reads it, whatever the language."""
    separator = "; " if "," in number_text(0.5, 1) else ", "
    return number_text(latitude, _DIGITS) + separator + number_text(longitude, _DIGITS)


class PixelHeader(QWidget):
    """``placed(longitude, latitude)``: typed. ``pickWanted(on)``: the button. ``changed``: another method or period.
    ``misread(text)``: what was typed is no place.
    """

    placed = pyqtSignal(float, float)
    pickWanted = pyqtSignal(bool)
    changed = pyqtSignal()
    misread = pyqtSignal(str)

    def __init__(self) -> None:
        super().__init__()
        self.pick = tool_button("pixelPick", "point", tr("Pick a place on the map"))
        self.pick.setCheckable(True)
        self.pick.toggled.connect(self.pickWanted)
        self._place = line_edit("pixelPlace", tr("Latitude and longitude in degrees"), 17)
        self._place.setPlaceholderText(tr("latitude, longitude"))
        self._place.returnPressed.connect(self._typed)
        self._method = QComboBox()
        self._method.setObjectName("pixelMethod")
        self._method.setAccessibleName(tr("How the series is made"))
        for line, method in enumerate((COLUMN, *(other for other in METHODS if other != COLUMN))):
            self._method.addItem(tr("Simulated field") if method == COLUMN else tr("Networks"), method)
            self._method.setItemData(line, tip_text(method_tip(method)), Qt.ItemDataRole.ToolTipRole)
        self._method.activated.connect(lambda _index: self.changed.emit())
        self.periods = PeriodButtons("pixelPeriod", self)
        self.periods.buttonClicked.connect(lambda _button: self.changed.emit())
        self.key = ColourKey()
        self.key.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.state = PlainLabel(name="pixelState")
        self.state.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        subdue(self.state)
        where = row(self.pick, self._place, spacing=GRID)
        where.setStretch(1, 1)
        where.addWidget(self._method)
        meaning = row(self.key, spacing=2 * GRID)
        meaning.addWidget(self.state, 1)
        meaning.addStretch()
        for button in self.periods.buttons():
            meaning.addWidget(button)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(2 * GRID, GRID, 2 * GRID, 0)
        lines.setSpacing(GRID)
        lines.addLayout(where)
        lines.addLayout(meaning)

    @property
    def method(self) -> str:
        return str(self._method.currentData())

    @property
    def period_days(self) -> int:
        return self.periods.days

    def show_place(self, longitude: float, latitude: float) -> None:
        self._place.setText(place_text(longitude, latitude))

    def wait(self, words: str) -> None:
        """What is being done; empty: nothing. The key gives room for it."""
        self.key.setVisible(not words)
        say(self.state, words)

    def explain(self, colours: PlotColours, interval: bool, irrigated: bool) -> None:
        """What the colours of the picture mean; the axes say the rest."""
        self.key.put([*([(colours.band, "▮", tr("90 % interval"))] if interval else []),
                      *([(colours.given, "▮", tr("irrigation"))] if irrigated else [])])

    def _typed(self) -> None:
        place = place_from(self._place.text())
        if place is None:
            self.misread.emit(self._place.text())
        else:
            self.placed.emit(*place)
