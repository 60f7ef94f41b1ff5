"""Where a training starts from: a configuration that the engine lists, or a YAML file on this computer."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QFileDialog, QSizePolicy, QWidget

from ..depths import DEPTHS
from ..engine.client import EngineClient
from ..jobs.training_request import Document, description
from ..text.formatting import plain_error
from ..text.plain import tip_text
from ..widgets.basic import GRID, ProblemLine, column, quiet_label, row, say, tool_button

_LINES = 3  # that the sentences about a configuration take


class ConfigurationField(QWidget):
    """``changed`` when another configuration is chosen, or none."""

    changed = pyqtSignal()

    def __init__(self, client: EngineClient, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._depth_cm = DEPTHS[-1].depth_cm
        self._host: dict[str, str] = {}
        self._listed: list[dict[str, Any]] = []
        self._files: list[dict[str, Any]] = []
        self._told: Document | None = None
        self._paths: list[str] = []  # of the files in the field, in its order
        self._combo = QComboBox()
        self._combo.setObjectName("deepsoilTrainStart")
        self._combo.setAccessibleName(self.tr("Configuration to start from"))
        self._combo.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._combo.activated.connect(lambda _: self._chosen())
        file = tool_button("deepsoilTrainFile", "job-folder", self.tr("Start from a YAML file on this computer"))
        file.clicked.connect(self._ask_for_file)
        self._words = quiet_label("deepsoilTrainWords")
        self._words.setMinimumHeight(_LINES * self._words.fontMetrics().lineSpacing())
        self._message = ProblemLine("deepsoilTrainStartProblem")
        line = row(spacing=GRID)
        line.addWidget(self._combo, 1)
        line.addWidget(file)
        layout = column()
        layout.addLayout(line)
        layout.addWidget(self._words)
        layout.addWidget(self._message)
        self.setLayout(layout)

    @property
    def document(self) -> Document | None:
        """The chosen configuration."""
        return self._combo.currentData()

    def ask(self, host: dict[str, str], reachable: bool) -> None:
        """List what the host has (``{"host": id}``, empty for this computer); while it cannot be asked, or has none,
        what this computer has.
        """
        self._host = dict(host)
        self._call(self._host if reachable else {})

    def show_depth(self, depth_cm: int) -> None:
        self._depth_cm = depth_cm
        self._fill()

    def _call(self, host: dict[str, str]) -> None:
        wanted = self._host
        self._client.call("configurations", host, lambda found: self._came(wanted, host, found), self._refused,
                          owner=self)

    def _came(self, wanted: dict[str, str], host: dict[str, str], found: list[dict[str, Any]]) -> None:
        if wanted != self._host:
            return
        if not found and host:
            self._call({})
            return
        self._listed = found
        broken = next((one for one in found if one.get("problem")), None)
        self._message.say(plain_error(broken["problem"]) if broken else "", warning=True)
        self._fill()

    def _refused(self, error: dict[str, Any]) -> None:
        self._message.say(plain_error(error), warning=True)

    def _fill(self, choose: str = "") -> None:
        before = choose or self._combo.currentText()
        self._combo.clear()
        self._paths.clear()
        for one in [*self._listed, *self._files]:
            document = one.get("document")
            if document and document["depth_cm"] == self._depth_cm:
                self._paths.append(one["path"])
                self._combo.addItem(f"{document['title']} ({one['id']})", document)
                self._combo.setItemData(self._combo.count() - 1, tip_text(one["path"]), Qt.ItemDataRole.ToolTipRole)
        # The shipped one, which the models of the maps were trained with, unless another was chosen.
        shipped = next((depth.configuration for depth in DEPTHS if depth.depth_cm == self._depth_cm), "")
        usual = self._combo.findText(f"({shipped})", Qt.MatchFlag.MatchContains)
        chosen = self._combo.findText(before) if before else -1
        self._combo.setCurrentIndex(chosen if chosen >= 0 else max(usual, 0 if self._combo.count() else -1))
        self._chosen()

    def _chosen(self) -> None:
        document = self.document
        say(self._words, description(document) if document else "")
        index = self._combo.currentIndex()
        self._combo.setToolTip(tip_text(self._paths[index] if index >= 0 else ""))
        if document != self._told:  # what the user wrote over the same configuration stays
            self._told = document
            self.changed.emit()

    def _ask_for_file(self) -> None:
        dialog = QFileDialog(self.window(), self.tr("Choose a training configuration"))
        dialog.setObjectName("deepsoilTrainFileDialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(self.tr("Configurations (*.yaml *.yml)"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.add_file)
        dialog.open()

    def add_file(self, path: str) -> None:
        """Let the engine of this computer read a file, and choose it."""
        self._client.call("read_configuration", {"path": path}, self._file_came, self._refused, owner=self)

    def _file_came(self, one: dict[str, Any]) -> None:
        if one.get("problem"):
            self._message.say(plain_error(one["problem"]), warning=True)
            return
        self._message.say("")
        self._files = [*(other for other in self._files if other["path"] != one["path"]), one]
        document = one["document"]
        self._depth_cm = document["depth_cm"]
        self._fill(choose=f"{document['title']} ({one['id']})")
