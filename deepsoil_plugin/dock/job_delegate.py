"""Paints a job in two lines: state, name and dates; below, how far it is or what went wrong."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

from qgis.PyQt.QtCore import QModelIndex, QPoint, QRect, QRectF, QSize, Qt
from qgis.PyQt.QtGui import QColor, QFont, QFontMetrics, QIcon, QPainter, QPalette, QPen, QTextLayout, QTextOption
from qgis.PyQt.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from .. import paths
from ..jobs.status_text import about_text, is_certain, is_foreseen, status_text
from ..map.area import ACCENT
from ..widgets.basic import GRID, ICON_PX
from ..widgets.hatching import hatch

_BAR_PX = 3
_FAILED_LINES, _UNCERTAIN_LINES = 3, 2
_MARGIN_PX = 2 * GRID


@cache
def state_icon(state: str) -> QIcon:
    return paths.icon(state if state in ("queued", "running", "succeeded", "failed", "cancelled") else "queued")


def wrapped(text: str, font: QFont, width_px: int, most: int) -> list[str]:
    """The text in lines of ``width_px``, at most so many; the last one ends in … where there would be more."""
    layout = QTextLayout(text, font)
    layout.beginLayout()
    lines: list[str] = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width_px)
        start = line.textStart()
        if len(lines) == most - 1:
            lines.append(QFontMetrics(font).elidedText(text[start:], Qt.TextElideMode.ElideRight, width_px))
            break
        lines.append(text[start:start + line.textLength()].rstrip())
    layout.endLayout()
    return lines


@lru_cache(maxsize=4096)
def _line_count(text: str, font_key: str, width_px: int, most: int) -> int:
    """Asked again for every row whenever the list is laid out anew; breaking a text into lines is slow."""
    font = QFont()
    font.fromString(font_key)
    return len(wrapped(text, font, width_px, most))


def _most_lines(job: dict[str, Any]) -> int:
    """How many lines the status may take: whole sentences where something is not as it should be."""
    if job.get("state") == "failed" or (job.get("state") == "succeeded" and job.get("warnings")):
        return _FAILED_LINES
    return 1 if is_certain(job) else _UNCERTAIN_LINES


class JobDelegate(QStyledItemDelegate):
    """Two lines a job, more for one that failed, that has warnings, or of which nothing new is known."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        line = QFontMetrics(option.font).height()
        job = index.model().job_at(index.row())
        lines = 2
        if (most := _most_lines(job)) > 1:
            view = option.widget
            width = view.viewport().width() if isinstance(view, QAbstractItemView) else option.rect.width()
            text_px = width - 2 * _MARGIN_PX - ICON_PX - 2 * GRID
            lines = 1 + max(1, _line_count(status_text(job), option.font.toString(), text_px, most))
        return QSize(10 * line, lines * line + 3 * GRID)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        self.initStyleOption(option, index)
        job = index.model().job_at(index.row())
        painter.save()
        self._paint_job(painter, option, job)
        painter.restore()

    def _paint_job(self, painter: QPainter, option: QStyleOptionViewItem, job: dict[str, Any]) -> None:
        # A wash instead of the full highlight: the signs keep their colours, in light and dark themes.
        for flag, opacity in ((QStyle.StateFlag.State_Selected, 70), (QStyle.StateFlag.State_MouseOver, 25)):
            if option.state & flag:
                wash = QColor(option.palette.color(QPalette.ColorRole.Highlight))
                wash.setAlpha(opacity)
                painter.fillRect(option.rect, wash)
                break
        strong = option.palette.color(QPalette.ColorRole.Text)
        faint = option.palette.color(QPalette.ColorRole.PlaceholderText)
        box = option.rect.adjusted(_MARGIN_PX, GRID, -_MARGIN_PX, -GRID)
        line = QFontMetrics(option.font).height()
        sign = QRect(box.topLeft() + QPoint(0, (line - ICON_PX) // 2), QSize(ICON_PX, ICON_PX))
        certain = is_certain(job)
        # Paler where the state is only the last one known.
        state_icon(str(job.get("state"))).paint(painter, sign, mode=QIcon.Mode.Normal if certain
                                                else QIcon.Mode.Disabled)
        text = box.adjusted(ICON_PX + 2 * GRID, 0, 0, 0)
        right = about_text(job)
        metrics = QFontMetrics(option.font)
        bold = QFont(option.font)
        bold.setBold(True)
        # A long name gives way to the dates, up to a point; a short one leaves them its room.
        left_over = text.width() - QFontMetrics(bold).horizontalAdvance(str(job.get("name") or "")) - 3 * GRID
        right_width = min(metrics.horizontalAdvance(right), max(round(text.width() * 0.62), left_over))
        dates = QRect(text.right() - right_width, text.top(), right_width + 1, line)
        if is_foreseen(job):
            hatch(painter, dates, faint)
        self._write(painter, dates, metrics.elidedText(right, Qt.TextElideMode.ElideRight, right_width + 1), faint,
                    option.font)
        name_width = text.width() - right_width - 2 * GRID
        self._write(painter, QRect(text.left(), text.top(), name_width, line),
                    QFontMetrics(bold).elidedText(str(job.get("name") or ""), Qt.TextElideMode.ElideRight, name_width),
                    strong, bold)
        below = QRect(text.left(), text.top() + line + 2, text.width(), box.bottom() - text.top() - line - 1)
        status = status_text(job)
        if job.get("state") == "running":
            self._bar(painter, QRect(below.left(), option.rect.bottom() - _BAR_PX, below.width(), _BAR_PX),
                      float(job.get("progress") or 0), option.palette, ACCENT if certain else faint)
        most = _most_lines(job)
        lines = wrapped(status, option.font, below.width(), most) if most > 1 else [
            metrics.elidedText(status, Qt.TextElideMode.ElideRight, below.width())]
        for number, words in enumerate(lines):
            self._write(painter, QRect(below.left(), below.top() + number * line, below.width(), line), words,
                        strong if job.get("state") == "failed" else faint, option.font)

    @staticmethod
    def _write(painter: QPainter, box: QRect, text: str, colour: QColor, font: QFont) -> None:
        how = QTextOption(Qt.AlignmentFlag.AlignVCenter)
        how.setWrapMode(QTextOption.WrapMode.NoWrap)
        painter.setPen(QPen(colour))
        painter.setFont(font)
        painter.drawText(QRectF(box), text, how)

    @staticmethod
    def _bar(painter: QPainter, box: QRect, fraction: float, palette: QPalette, colour: QColor) -> None:
        painter.fillRect(box, palette.color(QPalette.ColorRole.Mid))
        done = QRect(box)
        done.setWidth(round(box.width() * min(1.0, max(0.0, fraction))))
        painter.fillRect(done, colour)
