"""The fields that say which computer a host is and how to log in on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QFormLayout, QLineEdit, QSizePolicy, QWidget

from ..widgets.basic import readable_hint

_MOST_TITLE = 100


class AccessFields(QWidget):
    """``edited`` with every change. The title follows the host until it is written by hand."""

    edited = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._own_title = False
        self.address = QComboBox()
        self.address.setObjectName("deepsoilHostHost")
        self.address.setEditable(True)
        self.address.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.address.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.address.setCurrentIndex(-1)
        self.address.lineEdit().setPlaceholderText(self.tr("host name, address, or alias from ~/.ssh/config"))
        self.address.setToolTip(self.tr("An alias includes its user, port, key and jump host"))
        self.title = QLineEdit()
        self.title.setObjectName("deepsoilHostTitle")
        self.title.setMaxLength(_MOST_TITLE)
        self.title.setPlaceholderText(self.tr("Name shown in QGIS"))
        self.user = QLineEdit()
        self.user.setObjectName("deepsoilHostUser")
        self.user.setPlaceholderText(self.tr("from the SSH configuration"))
        for line in (self.address.lineEdit(), self.title, self.user):
            readable_hint(line)
        self.user.setToolTip(self.tr("If empty and not configured: your user name on this computer"))
        self.authentication = QComboBox()
        self.authentication.setObjectName("deepsoilHostAuthentication")
        for value, words in (("agent", self.tr("SSH agent and default keys")), ("key", self.tr("Key file")),
                             ("password", self.tr("Password")),
                             ("interactive", self.tr("Password and code (second factor)"))):
            self.authentication.addItem(words, value)
        self.key_file = QgsFileWidget()
        self.key_file.setObjectName("deepsoilHostKeyFile")
        self.key_file.setDefaultRoot(str(Path.home() / ".ssh"))
        self.key_file.setDialogTitle(self.tr("Choose the private key"))
        self.scheduler = QComboBox()
        self.scheduler.setObjectName("deepsoilHostScheduler")
        self.scheduler.addItem(self.tr("Slurm (cluster with a queue)"), "slurm")
        self.scheduler.addItem(self.tr("Directly (computer without a queue)"), "process")
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for words, field in ((self.tr("Host"), self.address), (self.tr("Name"), self.title),
                             (self.tr("User"), self.user), (self.tr("Log in with"), self.authentication),
                             (self.tr("Key file"), self.key_file), (self.tr("Run jobs with"), self.scheduler)):
            self._form.addRow(words, field)
            field.setAccessibleName(words)
        self.address.editTextChanged.connect(self._host_changed)
        self.title.textEdited.connect(self._title_edited)
        self.title.textChanged.connect(self.edited)
        self.user.textChanged.connect(self.edited)
        self.authentication.currentIndexChanged.connect(self._authentication_changed)
        self.key_file.fileChanged.connect(self.edited)
        self.scheduler.currentIndexChanged.connect(self.edited)
        self._authentication_changed()

    def offer(self, aliases: Sequence[str]) -> None:
        """Names to choose from for the host; what is written in the field stays."""
        written, cursor = self.address.currentText(), self.address.lineEdit().cursorPosition()
        self.address.blockSignals(True)
        self.address.clear()
        self.address.addItems(list(aliases))
        self.address.setEditText(written)
        self.address.lineEdit().setCursorPosition(cursor)
        self.address.blockSignals(False)

    def put(self, host: Mapping[str, Any]) -> None:
        """Fill in a host."""
        self._own_title = bool(host["title"])
        self.title.setText(str(host["title"]))
        self.address.setEditText(str(host["address"]))
        self.user.setText(str(host["user"] or ""))
        self.key_file.setFilePath(str(host["key_file"] or ""))
        self.authentication.setCurrentIndex(max(0, self.authentication.findData(host["authentication"])))
        if self.scheduler.findData(host["scheduler"]) < 0:  # Grid Engine, or of another package
            self.scheduler.addItem(str(host["scheduler"]), host["scheduler"])
        self.scheduler.setCurrentIndex(self.scheduler.findData(host["scheduler"]))

    def read(self) -> dict[str, Any]:
        """The part of the host that stands here."""
        authentication = self.authentication.currentData()
        return {"address": self.address.currentText().strip(), "title": self.title.text().strip(),
                "user": self.user.text().strip() or None, "authentication": authentication,
                "key_file": (self.key_file.filePath().strip() or None) if authentication == "key" else None,
                "scheduler": self.scheduler.currentData()}

    def _host_changed(self, host: str) -> None:
        if not self._own_title:
            self.title.setText(host.strip().split(".")[0][:_MOST_TITLE])
        self.edited.emit()

    def _title_edited(self, text: str) -> None:
        self._own_title = bool(text)

    def _authentication_changed(self, *_: Any) -> None:
        needed = self.authentication.currentData() == "key"
        self.key_file.setVisible(needed)
        self._form.labelForField(self.key_file).setVisible(needed)
        self.edited.emit()
