"""The table of scores under the plot: how predictions compare with observations and with simple estimates."""

from __future__ import annotations

import math
from collections.abc import Mapping

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QFont
from qgis.PyQt.QtWidgets import QGridLayout, QLayout, QSizePolicy, QWidget

from ..text.formatting import number_text
from ..text.plain import tip_text
from ..text.translate import tr
from ..widgets.basic import PlainLabel, subdue
from .station_series import Scores

MINUS = "\N{MINUS SIGN}"


def headings() -> list[tuple[str, str]]:
    """Title and explanation of each column."""
    return [
        (tr("days"), tr("Days with both an observation and a prediction")),
        (tr("bias"), tr("Mean of predicted minus observed, m³/m³. Above zero: too wet")),
        (tr("MAE"), tr("Mean absolute error, m³/m³")),
        (tr("ubRMSD"), tr("Root mean square difference after removing the bias, m³/m³")),
        (tr("R"), tr("Pearson correlation of predicted and observed values")),
    ]


def baseline_titles() -> dict[str, str]:
    """Titles of the simple estimates, by their name in ``station_metrics.json``."""
    return {"persistence": tr("7 days earlier"), "climatology": tr("seasonal mean"),
            "network": tr("other stations")}


class ScoresTable(QWidget):
    """One line per depth; the MAE of simple estimates follows in grey."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("stationNumbers")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(8, 0, 8, 2)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(0)
        # In a narrow window the baselines at the right are cut off, rather than the window made wider.
        self._grid.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_scores(self, scores: Mapping[int, Scores], baselines: Mapping[int, Mapping[str, Scores]]) -> None:
        """The model's scores by depth in cm, and those of each simple estimate by depth and name."""
        self._empty()
        if not scores:
            return
        self._put(0, 0, "", faint=True)
        for column, (title, tip) in enumerate(headings(), start=1):
            self._put(0, column, title, tip=tip, faint=True)
        known = [name for name in baseline_titles() if any(name in named for named in baselines.values())]
        for column, name in enumerate(known, start=len(headings()) + 1):
            title = baseline_titles()[name]
            if name == known[0]:
                title = tr("MAE, {0}").format(title)
            self._put(0, column, title, faint=True,
                      tip=tr("Mean absolute error of this simple estimate on the same days, m³/m³. A useful model has "
                             "a smaller error."))
        for row, (depth, figures) in enumerate(scores.items(), start=1):
            self._put(row, 0, f"{depth} cm", bold=True)
            for column, text in enumerate(cells(figures), start=1):
                self._put(row, column, text)
            for column, name in enumerate(known, start=len(headings()) + 1):
                guess = baselines.get(depth, {}).get(name)
                self._put(row, column, theta(guess.mae) if guess else "–", faint=True)
        self._grid.setColumnStretch(len(headings()) + len(known) + 1, 1)

    def texts(self) -> list[list[str]]:
        """What stands in the table, row by row."""
        rows: list[list[str]] = []
        for row in range(self._grid.rowCount()):
            items = [self._grid.itemAtPosition(row, column) for column in range(self._grid.columnCount())]
            rows.append([item.widget().text() for item in items if item is not None])
        return [row for row in rows if row]

    def _put(self, row: int, column: int, text: str, *, tip: str = "", faint: bool = False, bold: bool = False) -> None:
        label = PlainLabel(text)
        label.setToolTip(tip_text(tip))
        label.setAlignment(Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if faint:
            subdue(label)
        if bold:
            font = QFont(label.font())
            font.setBold(True)
            label.setFont(font)
        self._grid.addWidget(label, row, column)

    def _empty(self) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()


def cells(figures: Scores) -> list[str]:
    """The numbers as they are read: three decimals, a true minus, a dash where there is none."""
    return [str(figures.n), theta(figures.bias, signed=True), theta(figures.mae), theta(figures.ubrmsd),
            "–" if math.isnan(figures.r) else number_text(figures.r, 2).replace("-", MINUS)]


def theta(value: float, signed: bool = False) -> str:
    if math.isnan(value):
        return "–"
    sign = "+" if signed and value >= 0 else ""
    return sign + number_text(value, 3).replace("-", MINUS)
