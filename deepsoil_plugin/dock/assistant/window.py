"""The window of the region assistant. The engine looks at the files and decides; here it is shown and answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ...engine.client import EngineClient
from ...jobs.estimator import LatestAnswer
from ...jobs.map_request import new_id
from ...text.formatting import plain_error
from ...text.translate import engine_text
from ...widgets.basic import (
    GRID,
    ElidedLabel,
    PlainMessageBox,
    ProblemLine,
    line_edit,
    quiet_label,
    row,
    say,
)
from ...widgets.open_file import ask_for_folder
from .answers_form import AnswersForm
from .files_table import FilesTable
from .said import Answers, ingest_specification, summary_text


class RegionAssistant(QDialog):
    """Not modal. ``send(specification)``: what sends the job that builds the region."""

    def __init__(self, client: EngineClient, send: Callable[[dict[str, Any]], object],
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("deepsoilAssistant")
        self.setWindowTitle(self.tr("DeepSoil: Region from your files"))
        self._client, self._send = client, send
        self._folder = ""
        self._draft: dict[str, Any] = {}
        self._answers = Answers()
        self._asker = LatestAnswer(client, "region_draft", self)
        self._path = ElidedLabel("deepsoilAssistantFolder")
        browse = self._push("deepsoilAssistantBrowse", self.tr("Choose folder…"))
        self._title = line_edit("deepsoilAssistantTitle", self.tr("Name of the region"), 20)
        self._table = FilesTable()
        self._form = AnswersForm()
        self._unread = quiet_label("deepsoilAssistantUnread")
        self._problem = ProblemLine("deepsoilAssistantProblem")
        self._go = self._push("deepsoilAssistantGo", self.tr("Make the region"))
        self._again = self._push("deepsoilAssistantAgain", self.tr("Look again"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        head = QFormLayout()
        where = row(self._path, browse, spacing=2 * GRID)
        where.setStretch(0, 1)
        head.addRow(self.tr("Folder"), where)
        head.addRow(self.tr("Name"), self._title)
        line = row(self._go, self._again, spacing=2 * GRID)
        line.addStretch(1)
        line.addWidget(buttons)
        layout = QVBoxLayout(self)
        layout.addLayout(head)
        layout.addWidget(self._table, 1)
        layout.addWidget(self._form)
        layout.addWidget(self._unread)
        layout.addWidget(self._problem)
        layout.addLayout(line)
        self.resize(1000, 560)
        browse.clicked.connect(self._browse)
        self._title.editingFinished.connect(self._titled)
        self._table.said.connect(self._say)
        self._table.chosen.connect(self._show_answers)
        self._form.said.connect(self._answered)
        self._form.refused.connect(lambda text: self._problem.say(text, warning=True))
        self._asker.answered.connect(self._came)
        self._again.clicked.connect(self._ask)
        self._go.clicked.connect(lambda: self._write(replace=False))
        self._refresh()

    def _push(self, name: str, text: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAutoDefault(False)
        return button

    # --- folder and answers

    def _browse(self) -> None:
        ask_for_folder(self, self.tr("Choose the folder with your files"), "deepsoilAssistantChoose", self.look_at)

    def look_at(self, folder: str) -> None:
        """Show the files of a folder; what was said of another one is forgotten."""
        if folder != self._folder:
            self._answers, self._draft = Answers(self._title.text()), {}
        self._folder = folder
        self._path.setText(folder)
        self._ask()

    def _ask(self) -> None:
        if self._folder:
            self._problem.say(self.tr("Looking at the files …"))
            self._go.setEnabled(False)
            self._asker.want({"path": self._folder, "said": self._answers.document()})

    def _titled(self) -> None:
        if self._title.text() != self._answers.title:
            self._answers = Answers(self._title.text(), self._answers.files)
            self._ask()

    def _answered(self, what: str, value: Any) -> None:
        self._say(self._table.key_of(self._table.currentRow()), what, value)

    def _say(self, key: str, what: str, value: Any) -> None:
        if key:
            self._answers = self._answers.with_file(key, what, value)
            self._ask()

    # --- what the engine says

    def _came(self, draft: dict[str, Any]) -> None:
        if problems := draft.get("problems"):
            self._problem.say(plain_error(problems[0]), warning=True)
            return
        self._draft = draft
        self._table.fill(draft["files"], draft["channels"])
        say(self._unread, "\n".join(plain_error(one["error"]) for one in draft["unread"][:5]))
        self._refresh()

    def _show_answers(self, key: str) -> None:
        file = next((one for one in self._draft.get("files", ()) if one["key"] == key), None)
        self._form.show_file(file, self._answers.files.get(key, {}))

    def _refresh(self) -> None:
        titles = {one["name"]: engine_text(one["title"]) for one in self._draft.get("channels", ())}
        if not self._folder:
            text = self.tr("Choose a folder with maps (GeoTIFF), weather (NetCDF) and stations (ISMN archives).")
        else:
            text = summary_text(self._draft, titles) if self._draft else ""
        self._problem.say(text)
        self._go.setEnabled(bool(self._draft.get("recipe")))
        self._again.setEnabled(bool(self._folder))

    # --- making it

    def _write(self, replace: bool) -> None:
        self._go.setEnabled(False)
        self._client.call("region_recipe", {"path": self._folder, "said": self._answers.document(),
                                            "replace": replace}, self._written, self._not_written, owner=self)

    def _written(self, written: dict[str, Any]) -> None:
        self._send(ingest_specification(new_id(), written))
        self.close()

    def _not_written(self, error: dict[str, Any]) -> None:
        self._go.setEnabled(True)
        if error.get("code") != "recipe_exists":
            self._problem.say(plain_error(error), warning=True)
            return
        box = PlainMessageBox("deepsoilAssistantReplace", plain_error(error), self)
        box.setWindowModality(Qt.WindowModality.NonModal)
        yes = box.addButton(self.tr("Replace it"), QMessageBox.ButtonRole.AcceptRole)
        yes.setObjectName("deepsoilAssistantReplaceYes")
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        yes.clicked.connect(lambda: self._write(replace=True))
        box.show()
