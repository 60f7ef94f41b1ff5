"""The log of a job as it grows, and its details. Neither is modal; both can be copied."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtGui import QFontDatabase, QGuiApplication
from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from ..contract import FINAL_STATES
from ..engine.client import EngineClient
from ..jobs.details_text import details_text
from ..jobs.table_model import JobModel
from ..text.formatting import plain_error
from ..text.translate import tr
from ..widgets.basic import quiet_label

_FOLLOW_MS = 1_000
_AGAIN_MS = 5_000
_MAY_PASS = ("host_", "engine_")
_PIECE_BYTES = 64 * 1024
_MOST_LINES = 20_000


def log_line(text: str) -> str:
    """A line of ``log.jsonl`` for people: local time, message, and the level where it is not the usual one. Pure."""
    try:
        record = json.loads(text)
        time = dt.datetime.fromisoformat(record["time"].replace("Z", "+00:00")).astimezone()
        level, message = str(record.get("level", "info")).lower(), str(record["message"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return text
    return f"{time:%H:%M:%S}  " + (message if level == "info" else f"{level.upper()}: {message}")


class _TextWindow(QDialog):
    """A read-only text with a Copy button."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.text = QPlainTextEdit()
        self.text.setObjectName(f"{name}Text")
        self.text.setReadOnly(True)
        self.text.setMaximumBlockCount(_MOST_LINES)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = QPushButton(tr("Copy"))
        copy.setObjectName(f"{name}Copy")
        buttons.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text.toPlainText()))
        buttons.rejected.connect(self.close)
        self.remark = quiet_label(f"{name}Remark")
        layout = QVBoxLayout(self)
        layout.addWidget(self.text)
        layout.addWidget(self.remark)
        layout.addWidget(buttons)
        self.resize(640, 420)


class DetailsWindow(_TextWindow):
    """Everything about a job, as it stands while the window is open."""

    def __init__(self, model: JobModel, job_id: str, parent: QWidget) -> None:
        super().__init__("deepsoilJobDetailsWindow", parent)
        self._model, self._job_id = model, job_id
        self.setWindowTitle(str((model.job(job_id) or {}).get("name")))
        # The reason of a failure is a long line; it is what one comes for.
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        for signal in (model.dataChanged, model.modelReset):
            signal.connect(self._fill)
        self._fill()

    def _fill(self, *_: Any) -> None:
        job = self._model.job(self._job_id)
        if job is None or (text := details_text(job)) == self.text.toPlainText():
            return
        where = self.text.verticalScrollBar().value()
        self.text.setPlainText(text)
        self.text.verticalScrollBar().setValue(where)


class LogWindow(_TextWindow):
    """A job's log; follows it until the job has ended and the last piece is there, also over a lost network."""

    def __init__(self, client: EngineClient, model: JobModel, job_id: str, parent: QWidget) -> None:
        super().__init__("deepsoilJobLogWindow", parent)
        self.setWindowTitle(self.tr("Log of {0}").format((model.job(job_id) or {}).get("name")))
        self._client, self._model, self._job_id = client, model, job_id
        self._offset = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._ask)
        self._ask()

    def _ask(self) -> None:
        self._client.call("logs", {"id": self._job_id, "offset": self._offset, "limit": _PIECE_BYTES},
                          self._came, self._refused, owner=self)

    def _came(self, piece: dict[str, Any]) -> None:
        self.remark.setVisible(False)
        bar = self.text.verticalScrollBar()
        at_end = bar.value() >= bar.maximum() - 2
        if lines := [log_line(line) for line in piece["text"].splitlines()]:
            self.text.appendPlainText("\n".join(lines))
        self._offset = piece["next_offset"]
        if at_end:
            bar.setValue(bar.maximum())
        ended = (self._model.job(self._job_id) or {}).get("state") in FINAL_STATES
        if piece["more"] or lines:
            self._timer.start(0 if piece["more"] else _FOLLOW_MS)
        elif not ended:
            self._timer.start(_FOLLOW_MS)

    def _refused(self, error: dict[str, Any]) -> None:
        """A host or an engine that does not answer now may do so later; what has come stays."""
        self.remark.setText(plain_error(error))
        self.remark.setVisible(True)
        if str(error.get("code")).startswith(_MAY_PASS):
            self._timer.start(_AGAIN_MS)
