"""The widgets of the panel and where they stand; how it is told that something takes long or went wrong."""

from __future__ import annotations

from collections.abc import Callable

from qgis.PyQt.QtCore import QSize, Qt, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import QProgressBar, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from ...text.translate import tr
from ...widgets.basic import GRID, PlainLabel, ProblemLine, column, row, subdue
from ..colour_key import ColourKey
from ..words_line import WordsLine
from .amounts import Unit
from .crop_box import CropBox
from .event_table import EventTable
from .header import WaterHeader

_LEAST_PICTURE_PX, _PICTURE_PX = 190, 260
_LONG_MS = 700  # only a question that takes longer is told


class _Pages(QStackedWidget):
    """The picture, or a sentence in its place."""

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), _PICTURE_PX)


class WaterBody(QWidget):
    """``simulates``: whether what takes long is the field itself, up to the day ``up_to``. ``cancelAsked``."""

    cancelAsked = pyqtSignal()

    def __init__(self, unit: Unit, simulates: Callable[[], bool]) -> None:
        super().__init__()
        self.simulates = simulates
        self.header = WaterHeader(unit)
        self.sentence = WordsLine("waterSentence")
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        font = self.sentence.font()
        font.setBold(True)
        self.sentence.setFont(font)
        self.problem = ProblemLine("waterProblem")
        self.progress = QProgressBar()
        self.progress.setObjectName("waterProgress")
        self.progress.setTextVisible(False)
        self.progress.setFixedSize(90, 12)
        self.cancel = QPushButton(tr("Cancel"))
        self.cancel.setObjectName("waterCancel")
        self.cancel.clicked.connect(lambda _=False: self.cancelAsked.emit())
        self.state = PlainLabel(name="waterState")
        subdue(self.state)
        self.key = ColourKey()
        self.words = WordsLine("waterWords")
        self.crop, self.table = CropBox(), EventTable()
        self._message = PlainLabel(name="waterMessage")
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._message.setWordWrap(True)
        self._pages = _Pages()
        self._pages.addWidget(self._message)
        self._pages.setMinimumHeight(_LEAST_PICTURE_PX)
        self.side = QWidget()
        self.side.setLayout(column(self.crop, self.table, spacing=GRID))
        self.side.setFixedWidth(max(self.table.sizeHint().width(), self.crop.sizeHint().width()))
        self.up_to = ""
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(_LONG_MS)
        self._slow.timeout.connect(self._tell_slow)
        self._lay_out()
        self._idle()

    def _lay_out(self) -> None:
        doing = row(self.progress, self.cancel, self.state, self.key, spacing=GRID)
        doing.addStretch(1)
        lines = column(self.sentence, self.problem, self.words, spacing=0)
        lines.addLayout(doing)
        lines.setContentsMargins(2 * GRID, 0, 2 * GRID, 0)
        middle = row(self._pages, self.side, spacing=GRID)
        middle.setStretch(0, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, GRID, GRID)
        layout.setSpacing(GRID)
        layout.addWidget(self.header)
        layout.addLayout(lines)
        layout.addLayout(middle, 1)

    def show_plot(self, plot: QWidget) -> None:
        if self._pages.indexOf(plot) < 0:
            self._pages.addWidget(plot)
        self._pages.setCurrentWidget(plot)

    @property
    def shows_plot(self) -> bool:
        return self._pages.currentWidget() is not self._message

    def say_instead(self, text: str) -> None:
        """A sentence in the place of the picture."""
        for line in (self.sentence, self.words, self.key):
            line.clear()
        self.problem.say("")
        self._message.setText(text)
        self._pages.setCurrentWidget(self._message)

    def say(self, text: str, warning: bool) -> None:
        """One line; in the place of the picture while there is none."""
        if self.shows_plot:
            self.problem.say(text, warning)
        elif text:
            self.say_instead(text)

    def set_busy(self, busy: bool) -> None:
        """Whether the engine computes; told only where it takes long."""
        if not busy:
            self._idle()
        elif not self._slow.isActive() and self.progress.isHidden():
            self._slow.start()

    def show_progress(self, stage: str, fraction: float) -> None:
        """How far the engine is; shown where it takes long."""
        self._stage = stage
        self.progress.setRange(0, 100 if stage == "columns" and fraction else 0)
        self.progress.setValue(round(100 * fraction))
        if not self.progress.isHidden():
            self._say_stage()

    def _say_stage(self) -> None:
        words = {"readings": tr("Comparing the soil with the readings …"),
                 "columns": tr("Simulating the field up to {0} …").format(self.up_to)}
        self.state.setText(words.get(self._stage, tr("Reading soil and weather …")) if self.simulates() else
                           tr("Computing …"))

    def _tell_slow(self) -> None:
        self.progress.show()
        self.cancel.show()
        self._say_stage()
        self.key.hide()
        if not self.shows_plot:
            self.say_instead(tr("Simulating the field …"))

    def _idle(self) -> None:
        self._slow.stop()
        self._stage = ""
        self.progress.setRange(0, 0)
        self.progress.hide()
        self.cancel.hide()
        self.state.clear()
        self.key.show()
