"""The first five steps, for who opens DeepSoil for the first time: a strip above the request, and a frame round what
the step is about. It goes on by itself when a step is done, and can be closed at any time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qgis.PyQt.QtCore import QEvent, QObject, Qt, QTimer, pyqtSignal
from qgis.PyQt.QtGui import QPainter, QPaintEvent, QPalette, QPen
from qgis.PyQt.QtWidgets import QPushButton, QScrollArea, QWidget

from ..widgets.basic import GRID, PlainLabel, caption, column, row, tool_button

_LINE_PX = 2


@dataclass(frozen=True)
class Step:
    """``parts``: what it is about, framed while it is shown."""

    title: str
    text: str
    parts: Sequence[QWidget]


class FirstSteps(QWidget):
    """``closed`` when the user closes it, or after the last step."""

    closed = pyqtSignal()

    def __init__(self, steps: Sequence[Step], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("deepsoilFirstSteps")
        self._steps, self._step = steps, 0
        self._frames: list[Frame] = []
        self._title = caption("")
        self._title.setObjectName("deepsoilStepTitle")
        self._text = PlainLabel(name="deepsoilStepText")
        self._text.setWordWrap(True)
        close = tool_button("deepsoilStepsClose", "job-cancel", self.tr("Close the first steps"))
        self._back = QPushButton(self.tr("Back"))
        self._back.setObjectName("deepsoilStepBack")
        self._next = QPushButton()
        self._next.setObjectName("deepsoilStepNext")
        head = row(self._title)
        head.addStretch(1)
        head.addWidget(close)
        buttons = row()
        buttons.addStretch(1)
        buttons.addWidget(self._back)
        buttons.addWidget(self._next)
        layout = column(spacing=GRID)
        layout.setContentsMargins(2 * GRID, GRID, GRID, GRID)
        layout.addLayout(head)
        layout.addWidget(self._text)
        layout.addLayout(buttons)
        self.setLayout(layout)
        self._back.clicked.connect(lambda: self._go_to(self._step - 1))
        self._next.clicked.connect(lambda: self._go_to(self._step + 1))
        close.clicked.connect(self._close)
        self.hide()

    @property
    def step(self) -> int:
        """Which is shown, from 0."""
        return self._step

    def begin(self) -> None:
        """Show the first step."""
        self.show()
        self._go_to(0)

    def done(self, step: int) -> None:
        """The user has done a step, from 0: the next one is shown, unless a later one is already."""
        if not self.isHidden() and self._step <= step < len(self._steps) - 1:
            self._go_to(step + 1)

    def _go_to(self, step: int) -> None:
        if step >= len(self._steps):
            self._close()
            return
        self._step = step
        shown = self._steps[step]
        self._title.setText(self.tr("Step {0} of {1}: {2}").format(step + 1, len(self._steps), shown.title))
        self._text.setText(shown.text)
        self._back.setEnabled(step > 0)
        self._next.setText(self.tr("Finish") if step == len(self._steps) - 1 else self.tr("Next"))
        self._frame(shown.parts)

    def _frame(self, parts: Sequence[QWidget]) -> None:
        for frame in self._frames:
            frame.end()
        self._frames = [Frame(part) for part in parts]
        for part in reversed(parts):  # the first of them stays in sight where there is no room for all
            _bring_into_sight(part)

    def _close(self) -> None:
        self._frame(())
        self.hide()
        self.closed.emit()


def _bring_into_sight(part: QWidget) -> None:
    above = part.parentWidget()
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parentWidget()
    if above is not None:
        above.ensureWidgetVisible(part, 0, GRID)


class Frame(QWidget):
    """A line round a widget, drawn over it; mouse and keyboard do not notice it."""

    def __init__(self, target: QWidget) -> None:
        super().__init__(target)
        self.setObjectName("deepsoilStepFrame")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        target.installEventFilter(self)
        self.resize(target.size())
        self.show()
        QTimer.singleShot(0, self.raise_)

    def end(self) -> None:
        self.hide()
        self.deleteLater()

    def eventFilter(self, target: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and isinstance(target, QWidget):
            self.resize(target.size())
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), _LINE_PX))
        inset = _LINE_PX // 2
        painter.drawRect(self.rect().adjusted(inset, inset, -inset - 1, -inset - 1))
        painter.end()
