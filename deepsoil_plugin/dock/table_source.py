"""A small table from a file or the clipboard, read by the engine: it has one reader for all ways in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qgis.PyQt.QtCore import QObject, pyqtSignal
from qgis.PyQt.QtGui import QGuiApplication
from qgis.PyQt.QtWidgets import QWidget

from ..engine.client import EngineClient
from ..text.formatting import plain_error
from ..widgets.open_file import ask_for_file

_LARGEST_FILE_BYTES = 1_000_000


class TableSource(QObject):
    """``read(answer, key)`` with what the engine made of a table, and what was given as ``key`` when it was asked;
    ``refused(text)`` where there is no table, or a wrong one.

    ``method``: of the engine, with the parameter ``text``. ``of_pasted``: further parameters for pasted text, which
    may have no line with names.
    """

    read = pyqtSignal(object, str)
    refused = pyqtSignal(str)

    def __init__(self, client: EngineClient, method: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._client, self._method = client, method
        self.of_pasted: Mapping[str, Any] = {}
        self.key = ""

    def ask_for_file(self, window: QWidget, title: str, name: str) -> None:
        """Let the user choose a file. ``name``: of the dialog, by which tests find it."""
        ask_for_file(window, title, self.tr("Tables (*.csv *.txt *.tsv)"), name, self.read_file)

    def read_file(self, path: str) -> None:
        try:
            with Path(path).open("rb") as file:
                data = file.read(_LARGEST_FILE_BYTES + 1)
        except OSError as error:
            self.refused.emit(self.tr("The file {0} cannot be read: {1}.").format(path, error.strerror))
            return
        if len(data) > _LARGEST_FILE_BYTES:
            self.refused.emit(self.tr("The file {0} is too large for such a table.").format(path))
            return
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", errors="replace")
        self._ask({"text": text.replace("\0", "")})

    def read_clipboard(self) -> None:
        self.read_text(QGuiApplication.clipboard().text())

    def read_text(self, text: str) -> None:
        if text.strip():
            self._ask({"text": text.replace("\0", ""), **self.of_pasted})
        else:
            self.refused.emit(self.tr("There is no text to paste. Copy the rows in the spreadsheet first."))

    def _ask(self, parameters: dict[str, Any]) -> None:
        key = self.key
        self._client.call(self._method, parameters, lambda answer: self.read.emit(answer, key),
                          lambda error: self.refused.emit(plain_error(error)), owner=self)
