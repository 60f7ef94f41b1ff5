"""The days of the map as pictures, one PNG a day, as the map is seen.

QGIS's own *Export Animation* draws all frames of a layer from the file that the layer shows at its beginning, and so
only the day of that file. Here each day is shown, drawn beside the window, and written before the next.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from qgis.core import QgsApplication, QgsMapRendererParallelJob, QgsProject, QgsTask
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, QRectF, Qt, QTimer, pyqtSignal
from qgis.PyQt.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter

from ..map import day_layers
from ..map.new_files import NewFiles, existing, names_for
from ..map.result_layers import ResultLayers
from ..text.dates import day_text, synthetic_text
from ..text.translate import tr

_PAPER, _INK = QColor(255, 255, 255, 220), QColor("#1f2a30")
_TEXT_SHARE = 0.035  # of the height of the picture
_GAP_SHARE = 0.4  # of the height of the text
_WAIT_MS = 20


class DayPictures(QObject):
    """``ended(files, error)``: how many there are in the folder, all or none, and why there are none; both empty where
    the user has stopped it.
    """

    ended = pyqtSignal(int, str)

    def __init__(self, canvas: QgsMapCanvas, results: ResultLayers, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._canvas, self._results = canvas, results
        self._files: NewFiles | None = None
        self._left: list[tuple[str, str]] = []  # days (ISO) and names, the next one last
        self._count, self._before = 0, ""
        self._job: QgsMapRendererParallelJob | None = None
        self._task: _Saving | None = None  # a task that nobody holds is collected before it starts
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._draw)

    @property
    def running(self) -> bool:
        return self._files is not None

    def start(self, folder: Path, name: str, days: Sequence[str], shown: str) -> None:
        """``name``: with which the files' names begin; ``days``: ISO; ``shown``: the one to come back to."""
        if self.running:
            return
        try:
            (names,) = names_for([[(name, f"{day}.png") for day in days]], existing(folder))
            files = NewFiles(folder)
            files.__enter__()
        except OSError as error:
            self.ended.emit(0, _refused(folder, error))
            return
        self._files, self._folder, self._before = files, folder, shown
        self._left = list(zip(days, names, strict=True))[::-1]
        self._count = len(names)
        self._next()

    def stop(self) -> None:
        """Leave no file behind."""
        if self.running:
            self._end(KeyboardInterrupt())

    def _next(self) -> None:
        if not self._left:
            self._end(None)
            return
        self._results.show_day(dt.date.fromisoformat(self._left[-1][0]))
        self._later.start(0)

    def _draw(self) -> None:
        if not self.running:
            return
        if self._results.days.busy:  # layers of many fields follow one another
            self._later.start(_WAIT_MS)
            return
        self._job = QgsMapRendererParallelJob(self._canvas.mapSettings())
        self._job.finished.connect(self._drawn)
        self._job.start()

    def _drawn(self) -> None:
        if self._files is None or self._job is None:
            return
        day, name = self._left.pop()
        image, self._job = self._job.renderedImage(), None
        label(image, _words(dt.date.fromisoformat(day)))
        self._task = _Saving(image, self._files.draft(name))
        self._task.ended.connect(self._saved)
        QgsApplication.taskManager().addTask(self._task)

    def _saved(self, well: bool) -> None:
        if self.running:
            if well:
                self._next()
            else:
                self._end(OSError(0, tr("the picture could not be written")))

    def _end(self, error: BaseException | None) -> None:
        files, self._files = self._files, None
        job, self._job = self._job, None
        if job is not None:
            job.cancelWithoutBlocking()
        assert files is not None
        text = _refused(self._folder, error) if isinstance(error, OSError) else ""
        try:
            files.__exit__(type(error) if error is not None else None)
        except OSError as wrong:
            error, text = wrong, _refused(self._folder, wrong)
        if self._before:
            self._results.show_day(dt.date.fromisoformat(self._before))
        self.ended.emit(0 if error is not None else self._count, text)


class _Saving(QgsTask):
    """``ended(well)``."""

    ended = pyqtSignal(bool)

    def __init__(self, image: QImage, path: Path) -> None:
        super().__init__(tr("Saving pictures of days"))
        self._image, self._path = image, path

    def run(self) -> bool:
        return bool(self._image.save(str(self._path), "PNG"))

    def finished(self, well: bool) -> None:
        self.ended.emit(well)


def label(image: QImage, text: str) -> None:
    """Write a line into the lower left corner of a picture."""
    painter = QPainter(image)
    font = QFont(painter.font())
    font.setPixelSize(max(10, round(_TEXT_SHARE * image.height())))
    painter.setFont(font)
    metrics = QFontMetricsF(font)
    gap = _GAP_SHARE * metrics.height()
    box = QRectF(gap, 0, metrics.horizontalAdvance(text) + 2 * gap, metrics.height() + gap)
    box.moveBottom(image.height() - gap)
    painter.fillRect(box, _PAPER)
    painter.setPen(_INK)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    painter.end()


def _words(day: dt.date) -> str:
    """The day, and what is to be known of its maps."""
    layers = [layer for layer in day_layers.of_project(QgsProject.instance())
              if day_layers.shown_day(layer) == day.isoformat()]
    words = [day_text(day)]
    if any("forecast" in layer.metadata().keywords("deepsoil") for layer in layers):
        words.append(tr("forecast"))
    if any(layer.customProperty("deepsoil/synthetic") == "yes" for layer in layers):
        words.append(synthetic_text())
    return " · ".join(words)


def _refused(folder: Path, error: OSError) -> str:
    return tr("The pictures could not be written into {0}: {1}. Choose another folder.").format(
        folder, error.strerror or error)
