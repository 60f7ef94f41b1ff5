"""The table of scores under the plot: how predictions compare with observations and with simple estimates."""

from __future__ import annotations

import math
from collections.abc import Mapping

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QFont, QResizeEvent
from qgis.PyQt.QtWidgets import QGridLayout, QLayout, QSizePolicy, QWidget

from ..text import units
from ..text.formatting import number_text
from ..text.plain import tip_text
from ..text.translate import tr
from ..widgets.basic import PlainLabel, subdue
from .station_series import Scores

MINUS = "\N{MINUS SIGN}"


def headings() -> list[tuple[str, str]]:
    """Title and explanation of each column."""
    return [
        (tr("days"), tr("Days with an observation, a prediction and all simple estimates")),
        (tr("bias"), tr("Mean of predicted minus observed, {0}. Above zero: too wet").format(units.theta_unit())),
        (tr("MAE"), tr("Mean absolute error, {0}").format(units.theta_unit())),
        (tr("ubRMSD"), tr("Root mean square difference after removing the bias, {0}").format(units.theta_unit())),
        (tr("R"), tr("Pearson correlation of predicted and observed values")),
    ]


def baseline_titles() -> dict[str, str]:
    """Titles of the simple estimates, by their name in ``station_metrics.json``."""
    return {"persistence": tr("7 days earlier"), "climatology": tr("seasonal mean"),
            "week_and_change": tr("7 days earlier and the change of others"), "nearest": tr("nearest station"),
            "network": tr("other stations"), "inverse_distance": tr("others by distance"),
            "kriging": tr("kriging of the others"), "regression_kriging": tr("kriging with soil and terrain"),
            "without_readings": tr("same method without readings"), "last_reading": tr("last reading here")}


def verdict_titles() -> dict[str, str]:
    """What the interval of the difference says of the prediction, by its name in ``station_metrics.json``."""
    return {"better": tr("prediction better"), "worse": tr("prediction worse"),
            "not distinguishable": tr("no clear difference"), "too few days": tr("too few days")}


class ScoresTable(QWidget):
    """One line per depth; the best simple estimate follows in grey, and in its tooltip all of them."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("stationNumbers")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(8, 0, 8, 2)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(0)
        # The table takes the width that it gets; where that is too little, the estimates stand below the scores.
        self._grid.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._scores: Mapping[int, Scores] = {}
        self._baselines: Mapping[int, Mapping[str, Scores]] = {}
        self._wide = True
        self._need_px = 0

    def show_scores(self, scores: Mapping[int, Scores], baselines: Mapping[int, Mapping[str, Scores]]) -> None:
        """The model's scores by depth in cm, and those of each simple estimate by depth and name."""
        self._scores, self._baselines, self._wide = scores, baselines, True
        self.fill()
        self._need_px = self._grid.sizeHint().width()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        wide = self.width() >= self._need_px
        if wide != self._wide:
            self._wide = wide
            self.fill()

    def fill(self) -> None:
        """Show the scores, in the units that the user has chosen."""
        scores, baselines = self._scores, self._baselines
        self._empty()
        if not scores:
            return
        self._put(0, 0, "", faint=True)
        for column, (title, tip) in enumerate(headings(), start=1):
            self._put(0, column, title, tip=tip, faint=True)
        last = len(headings()) + 1
        if self._wide and any(baselines.get(depth) for depth in scores):
            self._put(0, last, tr("MAE of the best simple estimate"), faint=True,
                      tip=tr("Mean absolute error, on the same days, of the estimate without a model that is best at "
                             "this station, {0}. A useful model has a smaller error.").format(units.theta_unit()))
        for number, (depth, figures) in enumerate(scores.items()):
            row = 1 + (number if self._wide else 2 * number)
            self._put(row, 0, f"{depth} cm", bold=True)
            for column, text in enumerate(cells(figures), start=1):
                self._put(row, column, text)
            ranked = by_error(baselines.get(depth, {}))
            if ranked:
                tip = "\n".join(estimate(name, guess) for name, guess in ranked)
                if self._wide:
                    self._put(row, last, estimate(*ranked[0]), faint=True, tip=tip)
                else:
                    words = tr("simple estimate: MAE {0}").format(estimate(*ranked[0]))
                    self._put(row + 1, 0, words, faint=True, tip=tip, columns=last + 2)
        self._grid.setColumnStretch(last + 1, 1)

    def texts(self) -> list[list[str]]:
        """What stands in the table, row by row."""
        rows: list[list[str]] = []
        for row in range(self._grid.rowCount()):
            items = [self._grid.itemAtPosition(row, column) for column in range(self._grid.columnCount())]
            widgets = dict.fromkeys(item.widget() for item in items if item is not None)  # one may take several columns
            rows.append([widget.text() for widget in widgets])
        return [row for row in rows if row]

    def _put(self, row: int, column: int, text: str, *, tip: str = "", faint: bool = False, bold: bool = False,
             columns: int = 1) -> None:
        label = PlainLabel(text)
        label.setWordWrap(columns > 1)
        label.setToolTip(tip_text(tip))
        label.setAlignment(Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if faint:
            subdue(label)
        if bold:
            font = QFont(label.font())
            font.setBold(True)
            label.setFont(font)
        self._grid.addWidget(label, row, column, 1, columns)
        label.show()  # else it has no size before the next turn

    def _empty(self) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()


def by_error(estimates: Mapping[str, Scores]) -> list[tuple[str, Scores]]:
    """The estimates that are known here and have a score, the best first."""
    known = [(name, guess) for name, guess in estimates.items()
             if name in baseline_titles() and not math.isnan(guess.mae)]
    return sorted(known, key=lambda one: one[1].mae)


def estimate(name: str, guess: Scores) -> str:
    """An estimate in words: its error, its name, and what the prediction is beside it."""
    words = [theta(guess.mae), baseline_titles()[name]]
    verdict = verdict_titles().get(guess.verdict)
    return " · ".join([*words, verdict] if verdict else words)


def cells(figures: Scores) -> list[str]:
    """The numbers as they are read: in the user's unit, a true minus, a dash where there is none."""
    return [str(figures.n), theta(figures.bias, signed=True), theta(figures.mae), theta(figures.ubrmsd),
            "–" if math.isnan(figures.r) else number_text(figures.r, 2).replace("-", MINUS)]


def theta(value: float, signed: bool = False) -> str:
    if math.isnan(value):
        return "–"
    sign = "+" if signed and value >= 0 else ""
    return sign + units.theta_text(value).replace("-", MINUS)
