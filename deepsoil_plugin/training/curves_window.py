"""The curves of a job's trainings, as they grow; any number of them together. Not modal."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import QEvent, QSize, Qt, QTimer
from qgis.PyQt.QtGui import QColor, QIcon, QPainter, QPen, QPixmap
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QPushButton,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..contract import FINAL_STATES
from ..engine.client import EngineClient
from ..jobs.status_text import status_text
from ..jobs.table_model import JobModel
from ..text.formatting import plain_error
from ..text.plain import tip_text
from ..widgets.basic import GRID, ProblemLine, quiet_label, row, say
from ..widgets.plot_colours import PlotColours, plot_colours
from .curves import TRAINING_LOSS, VALIDATION_MAE, Run, runs_from
from .line_styles import pen_of

_TASK = int(Qt.ItemDataRole.UserRole)
_FOLLOW_MS = 3_000
_SHOWN_AT_FIRST = 19  # the regions of the paper; of a larger set the first ones are ticked


class CurvesWindow(QDialog):
    """Asks the engine for the curves every few seconds until the job has ended and its last epoch is there."""

    def __init__(self, client: EngineClient, model: JobModel, job_id: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("deepsoilCurvesWindow")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Training of {0}").format((model.job(job_id) or {}).get("name")))
        self._client, self._model, self._job_id = client, model, job_id
        self._runs: list[Run] = []
        self._lines: dict[int, QTreeWidgetItem] = {}
        self._plot: Any = None
        self._list = QTreeWidget()
        self._list.setObjectName("deepsoilCurvesRuns")
        self._list.setAccessibleName(self.tr("Trainings"))
        self._list.setRootIsDecorated(False)
        self._list.setUniformRowHeights(True)
        self._list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._list.setHeaderLabels([self.tr("Training"), self.tr("Epoch"), self.tr("Loss"), self.tr("Best MAE")])
        self._list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._list.header().setStretchLastSection(False)
        for column_number in (1, 2, 3):
            self._list.header().setSectionResizeMode(column_number, QHeaderView.ResizeMode.ResizeToContents)
        self._list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._list.itemChanged.connect(self._ticked)
        self._list.itemSelectionChanged.connect(self._draw)
        self._words = quiet_label("deepsoilCurvesWords")
        self._problem = ProblemLine("deepsoilCurvesProblem")
        self._build()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._ask)
        model.dataChanged.connect(self._say_status)
        self._say_status()
        self._ask()

    def _build(self) -> None:
        every = QPushButton(self.tr("Tick all"))
        every.setObjectName("deepsoilCurvesAll")
        every.clicked.connect(lambda: self._tick(lambda _: True))
        chosen = QPushButton(self.tr("Tick selected only"))
        chosen.setObjectName("deepsoilCurvesSelected")
        chosen.clicked.connect(lambda: self._tick(lambda item: item.isSelected()))
        for button in (every, chosen):
            button.setAutoDefault(False)
        left = QWidget()
        lines = QVBoxLayout(left)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(GRID)
        lines.addWidget(self._list, 1)
        buttons = row(every, chosen)
        buttons.addStretch(1)
        lines.addLayout(buttons)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.addWidget(left)
        layout = QVBoxLayout(self)
        layout.addWidget(self._split, 1)
        layout.addWidget(self._words)
        layout.addWidget(self._problem)
        self.resize(900, 520)

    # --- what the engine says

    def _ask(self) -> None:
        self._client.call("curves", {"id": self._job_id}, self._came, self._refused, owner=self)

    def _came(self, answer: list[dict[str, Any]]) -> None:
        self._problem.say("")
        self._runs = runs_from(answer, (self._model.job(self._job_id) or {}).get("specification"))
        self._fill()
        self._draw()
        if (self._model.job(self._job_id) or {}).get("state") not in FINAL_STATES:
            self._timer.start(_FOLLOW_MS)

    def _refused(self, error: dict[str, Any]) -> None:
        """A host that does not answer now may do so later."""
        self._problem.say(plain_error(error), warning=True)
        self._timer.start(_FOLLOW_MS)

    def _say_status(self, *_: Any) -> None:
        job = self._model.job(self._job_id)
        say(self._words, status_text(job) if job else "")

    # --- the list

    def _fill(self) -> None:
        """One line a run; ticks and selection stay, also when another run has begun."""
        self._list.blockSignals(True)
        colours = plot_colours(self.palette())
        for run in self._runs:
            item = self._lines.get(run.task)
            if item is None:
                item = self._lines[run.task] = QTreeWidgetItem([run.name])
                item.setData(0, _TASK, run.task)
                item.setIcon(0, _sign(run.task, colours))
                few = len(self._lines) <= _SHOWN_AT_FIRST
                item.setCheckState(0, Qt.CheckState.Checked if few else Qt.CheckState.Unchecked)
                for column in (1, 2, 3):
                    item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self._list.addTopLevelItem(item)
            loss, best = run.last(TRAINING_LOSS), run.best(VALIDATION_MAE)
            item.setText(1, f"{run.done}/{run.epochs}" if run.epochs else str(run.done))
            item.setText(2, "" if loss is None else f"{loss:.3g}")
            item.setText(3, "" if best is None else f"{best[1]:.4f}")
            item.setToolTip(3, tip_text("" if best is None else self.tr("m³/m³, after epoch {0}").format(best[0])))
        self._list.blockSignals(False)

    def _ticked(self, _item: QTreeWidgetItem, column: int) -> None:
        if column == 0 and self._plot is not None:
            self._draw()

    def _tick(self, wanted: Any) -> None:
        self._list.blockSignals(True)
        for item in self._lines.values():
            item.setCheckState(0, Qt.CheckState.Checked if wanted(item) else Qt.CheckState.Unchecked)
        self._list.blockSignals(False)
        self._draw()

    def shown(self) -> list[Run]:
        """The runs that are ticked."""
        return [run for run in self._runs if self._lines[run.task].checkState(0) == Qt.CheckState.Checked]

    # --- the picture

    def _draw(self) -> None:
        if self._plot is None and not self._make_plot():
            return
        self._plot.show_runs(self.shown(), {item.data(0, _TASK) for item in self._list.selectedItems()})

    def _make_plot(self) -> bool:
        try:
            from .curves_plot import CurvesPlot  # loads pyqtgraph, which nobody needs before
        except ImportError as error:
            self._problem.say(str(error), warning=True)
            return False
        self._plot = CurvesPlot(plot_colours(self.palette()))
        self._split.addWidget(self._plot)
        self._split.setStretchFactor(1, 1)
        self._split.setSizes([340, 540])
        return True

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange) and self._plot is not None:
            QTimer.singleShot(0, lambda: self._plot.set_colours(plot_colours(self.palette())))


def _sign(number: int, colours: PlotColours) -> QIcon:
    """A piece of the line of a run."""
    colour, style = pen_of(number, colours)
    size = QSize(18, 12)
    picture = QPixmap(size)
    picture.fill(QColor(0, 0, 0, 0))
    painter = QPainter(picture)
    painter.setPen(QPen(colour, 2.0, style))
    painter.drawLine(0, size.height() // 2, size.width(), size.height() // 2)
    painter.end()
    return QIcon(picture)
