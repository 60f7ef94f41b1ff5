"""Small parts that look the same everywhere in the dock. One spacing grid of 4 pixels."""

from __future__ import annotations

from html import escape

from qgis.PyQt.QtCore import QEvent, QObject, QSize, Qt
from qgis.PyQt.QtGui import QFont, QPainter, QPaintEvent, QPalette, QResizeEvent
from qgis.PyQt.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from .. import paths
from ..text.plain import tip_text
from .plot_colours import faint_text

GRID = 4
ICON_PX = 16


class PlainLabel(QLabel):
    """Shows a text as it is typed; what looks like HTML is no HTML. Every label of DeepSoil is one."""

    def __init__(self, text: str = "", name: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        if name:
            self.setObjectName(name)


class LinkLabel(QLabel):
    """A text with at most one link after it, which does something here; it leads nowhere else."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)

    def put(self, text: str, link: str = "") -> None:
        self.setText(escape(text, quote=False) + (f' <a href="use">{escape(link, quote=False)}</a>' if link else ""))


class PlainMessageBox(QMessageBox):
    """A question whose text is shown as it is typed."""

    def __init__(self, name: str, text: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setIcon(QMessageBox.Icon.Question)
        self.setWindowTitle("DeepSoil")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)


def tool_button(name: str, icon: str, tip: str, text: str = "") -> QToolButton:
    """A flat button; ``name`` is its stable object name. Without text the tip is what a screen reader says."""
    button = QToolButton()
    button.setObjectName(name)
    button.setIcon(paths.icon(icon))
    button.setIconSize(QSize(ICON_PX, ICON_PX))
    button.setAutoRaise(True)
    button.setToolTip(tip_text(tip))
    button.setAccessibleName(text or tip)
    if text:
        button.setText(text)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    return button


def quiet_label(name: str, text: str = "") -> QLabel:
    """A line in the theme's subdued colour; it wraps, and is not there while empty."""
    label = PlainLabel(text, name)
    subdue(label)
    label.setWordWrap(True)
    label.setVisible(bool(text))
    return label


def subdue(label: PlainLabel) -> None:
    """Write between the theme's text and its ground, as faint as can be read: the theme's own is fainter.

    By a style sheet, as a theme's own is stronger than a palette; only of the label, not of its tooltip.
    """
    palette = QApplication.palette(label)
    faint = faint_text(palette.color(QPalette.ColorRole.WindowText), palette.color(QPalette.ColorRole.Window))
    label.setStyleSheet(f"PlainLabel {{ color: {faint.name()}; }}")


def line_edit(name: str, what: str, characters: int = 0) -> QLineEdit:
    """A line to type into, at least as wide as so many digits; its hint can be read."""
    line = QLineEdit()
    line.setObjectName(name)
    line.setAccessibleName(what)
    line.setToolTip(tip_text(what))
    line.setMinimumWidth(line.fontMetrics().horizontalAdvance("0" * characters) + 6 * GRID)
    readable_hint(line)
    return line


def readable_hint(line: QLineEdit) -> None:
    """Show the placeholder of a line as faint as can be read: the theme's own is fainter."""
    palette = line.palette()
    palette.setColor(QPalette.ColorRole.PlaceholderText, faint_text(palette.color(QPalette.ColorRole.Text),
                                                                    palette.color(QPalette.ColorRole.Base)))
    line.setPalette(palette)


def caption(text: str) -> QLabel:
    """The word at the left of a row."""
    label = PlainLabel(text)
    font = QFont(label.font())
    font.setBold(True)
    label.setFont(font)
    label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return label


def say(label: QLabel, text: str) -> None:
    """Put a text into a line and hide the line while there is none."""
    label.setText(text)
    label.setVisible(bool(text))


class NameLabel(PlainLabel):
    """A name with a remark after it; where it is too long, the name is cut, never the remark."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._parts = ("", "")

    def put(self, name: str, remark: str = "") -> None:
        self._parts = (name, f" · {remark}" if remark else "")
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        name, remark = self._parts
        metrics = self.fontMetrics()
        room = self.width() - metrics.horizontalAdvance(remark)
        self.setText(metrics.elidedText(name, Qt.TextElideMode.ElideRight, max(0, room)) + remark)


class ElidedLabel(PlainLabel):
    """One line that ends in … where it does not fit. The whole text is its tooltip."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setToolTip(tip_text(text))

    def shown(self) -> str:
        """What is seen of the text."""
        width = self.contentsRect().width()
        return str(self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, width))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.contentsRect(), int(self.alignment()), self.shown())
        painter.end()


class ContentScroll(QScrollArea):
    """As high as its content wants to be while there is room; only then a scroll bar.

    ``most_lines`` of text: with more of it there is a scroll bar; with less the area is never lower than its content.
    """

    def __init__(self, content: QWidget, most_lines: int = 0) -> None:
        super().__init__()
        self._most_px = most_lines * self.fontMetrics().lineSpacing()
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Tab goes to what is in it, and the area follows
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setWidget(content)
        content.installEventFilter(self)

    def eventFilter(self, content: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return bool(super().eventFilter(content, event))

    def sizeHint(self) -> QSize:
        content = self.widget()
        width = max(self.viewport().width(), content.minimumSizeHint().width())
        height = content.heightForWidth(width) if content.hasHeightForWidth() else content.sizeHint().height()
        if self._most_px:
            height = 0 if content.isHidden() else min(height, self._most_px)
        return QSize(width, height + GRID)  # a theme may draw a border inside the area

    def minimumSizeHint(self) -> QSize:
        width = self.widget().minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()
        return QSize(width, self.sizeHint().height() if self._most_px else super().minimumSizeHint().height())


class ProblemLine(QWidget):
    """One message with a sign in front: a warning, or only a remark."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._sign = PlainLabel()
        self._sign.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._sign.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._text = PlainLabel(name=name)
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout = row(self._sign)
        layout.addWidget(self._text, 1)
        self.setLayout(layout)
        self.hide()

    def text(self) -> str:
        return str(self._text.text())

    def say(self, text: str, warning: bool = False) -> None:
        self._text.setText(text)
        if warning:
            self._text.setStyleSheet("")
        else:
            subdue(self._text)
        self._sign.setVisible(warning)
        if warning:
            self._sign.setPixmap(paths.icon("failed").pixmap(ICON_PX, ICON_PX))
        self.setVisible(bool(text))


def separator() -> QFrame:
    line = QFrame()
    line.setFrameShape(QFrame.Shape.HLine)
    line.setFrameShadow(QFrame.Shadow.Sunken)
    return line


def row(*widgets: QWidget, spacing: int = GRID) -> QHBoxLayout:
    layout = QHBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)
    for widget in widgets:
        layout.addWidget(widget)
    return layout


def column(*widgets: QWidget, spacing: int = GRID) -> QVBoxLayout:
    layout = QVBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)
    for widget in widgets:
        layout.addWidget(widget)
    return layout
