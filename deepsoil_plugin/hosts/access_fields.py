"""The fields that say which host a place is and how it is entered."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QFormLayout, QLineEdit, QSizePolicy, QWidget

from .ssh_hosts import aliases

_MOST_TITLE = 100


class AccessFields(QWidget):
    """``edited`` with every change. The title follows the host until it is written by hand."""

    edited = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._own_title = False
        self.host = QComboBox()
        self.host.setObjectName("deepsoilPlaceHost")
        self.host.setEditable(True)
        self.host.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.host.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.host.addItems(aliases())
        self.host.setCurrentIndex(-1)
        self.host.lineEdit().setPlaceholderText(self.tr("a host, or an alias of ~/.ssh/config"))
        self.host.setToolTip(self.tr("An alias brings its user, port, key and jump host along"))
        self.title = QLineEdit()
        self.title.setObjectName("deepsoilPlaceTitle")
        self.title.setMaxLength(_MOST_TITLE)
        self.title.setPlaceholderText(self.tr("How it is called in QGIS"))
        self.user = QLineEdit()
        self.user.setObjectName("deepsoilPlaceUser")
        self.user.setPlaceholderText(self.tr("as the SSH configuration says"))
        self.user.setToolTip(self.tr("Left empty and not configured, it is the user of this computer"))
        self.authentication = QComboBox()
        self.authentication.setObjectName("deepsoilPlaceAuthentication")
        for value, words in (("agent", self.tr("SSH agent and default keys")), ("key", self.tr("Key file")),
                             ("password", self.tr("Password")),
                             ("interactive", self.tr("Password and code (second factor)"))):
            self.authentication.addItem(words, value)
        self.key_file = QgsFileWidget()
        self.key_file.setObjectName("deepsoilPlaceKeyFile")
        self.key_file.setDefaultRoot(str(Path.home() / ".ssh"))
        self.key_file.setDialogTitle(self.tr("The private key"))
        self.scheduler = QComboBox()
        self.scheduler.setObjectName("deepsoilPlaceScheduler")
        self.scheduler.addItem(self.tr("Slurm (a cluster with a queue)"), "slurm")
        self.scheduler.addItem(self.tr("Directly (a computer without a queue)"), "process")
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for words, field in ((self.tr("Host"), self.host), (self.tr("Title"), self.title),
                             (self.tr("User"), self.user), (self.tr("Log in with"), self.authentication),
                             (self.tr("Key file"), self.key_file), (self.tr("Jobs run through"), self.scheduler)):
            self._form.addRow(words, field)
            field.setAccessibleName(words)
        self.host.editTextChanged.connect(self._host_changed)
        self.title.textEdited.connect(self._title_edited)
        self.title.textChanged.connect(self.edited)
        self.user.textChanged.connect(self.edited)
        self.authentication.currentIndexChanged.connect(self._authentication_changed)
        self.key_file.fileChanged.connect(self.edited)
        self.scheduler.currentIndexChanged.connect(self.edited)
        self._authentication_changed()

    def put(self, place: Mapping[str, Any]) -> None:
        """Fill in a place."""
        self._own_title = bool(place["title"])
        self.title.setText(str(place["title"]))
        self.host.setEditText(str(place["host"]))
        self.user.setText(str(place["user"] or ""))
        self.key_file.setFilePath(str(place["key_file"] or ""))
        self.authentication.setCurrentIndex(max(0, self.authentication.findData(place["authentication"])))
        self.scheduler.setCurrentIndex(max(0, self.scheduler.findData(place["scheduler"])))

    def read(self) -> dict[str, Any]:
        """The part of the place that stands here."""
        authentication = self.authentication.currentData()
        return {"host": self.host.currentText().strip(), "title": self.title.text().strip(),
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
