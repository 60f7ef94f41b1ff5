"""The row of numbers under the plot: how predicted compares with observed, and what the trivial guesses would reach."""

from __future__ import annotations

import math
from collections.abc import Mapping

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QFont
from qgis.PyQt.QtWidgets import QGridLayout, QLabel, QLayout, QSizePolicy, QWidget

from ..text.formatting import tr
from ..widgets.basic import subdue
from .station_series import Numbers

MINUS = "\N{MINUS SIGN}"


def headings() -> list[tuple[str, str]]:
    """Title and explanation of each column."""
    return [
        (tr("days"), tr("Days with both an observed and a predicted value")),
        (tr("bias"), tr("Mean of predicted minus observed, m³/m³: above zero is too wet")),
        (tr("MAE"), tr("Mean absolute error, m³/m³")),
        (tr("ubRMSD"), tr("Root mean square difference without the bias, m³/m³")),
        (tr("R"), tr("Correlation of predicted with observed (Pearson)")),
    ]


def baseline_titles() -> dict[str, str]:
    """What the trivial guesses are called, by their name in ``station_metrics.json``."""
    return {"persistence": tr("7 days before"), "climatology": tr("season's mean"),
            "network": tr("other stations")}


class ScoresTable(QWidget):
    """One line per depth; the baselines' MAE stand behind in grey."""

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

    def show_numbers(self, numbers: Mapping[int, Numbers], baselines: Mapping[int, Mapping[str, Numbers]]) -> None:
        """Numbers by depth in cm, and of each baseline by depth and name."""
        self._empty()
        if not numbers:
            return
        self._put(0, 0, "", faint=True)
        for column, (title, tip) in enumerate(headings(), start=1):
            self._put(0, column, title, tip=tip, faint=True)
        known = [name for name in baseline_titles() if any(name in named for named in baselines.values())]
        for column, name in enumerate(known, start=len(headings()) + 1):
            title = baseline_titles()[name]
            self._put(0, column, tr("MAE if guessed: {0}").format(title) if name == known[0] else title, faint=True,
                      tip=tr("The error that this trivial guess makes on the same days, m³/m³. "
                             "A model is worth something where it is better."))
        for row, (depth, figures) in enumerate(numbers.items(), start=1):
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
        label = QLabel(text)
        label.setToolTip(tip)
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


def cells(figures: Numbers) -> list[str]:
    """The numbers as they are read: three decimals, a true minus, a dash where there is none."""
    return [str(figures.n), theta(figures.bias, signed=True), theta(figures.mae), theta(figures.ubrmsd),
            "–" if math.isnan(figures.r) else f"{figures.r:.2f}".replace("-", MINUS)]


def theta(value: float, signed: bool = False) -> str:
    if math.isnan(value):
        return "–"
    return (f"{value:+.3f}" if signed else f"{value:.3f}").replace("-", MINUS)
