"""Which maps are to be taken out, how, and where to. Not modal; says what is wanted and does none of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from qgis.core import QgsMapLayer, QgsSettings
from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QPushButton, QVBoxLayout, QWidget

from .. import paths
from ..text import quantities
from ..text.dates import day_text
from ..text.plain import tip_text
from ..widgets.basic import GRID, ContentScroll, PlainLabel, ProblemLine, row
from .catalogue import Choice, Entry, chosen_by, field_key, usual
from .check_list import CheckList
from .items import Item
from .wishes import Wishes
from .wishes_form import WishesForm

FOLDER_SETTING = "DeepSoil/exportFolder"
_SIZE = (640, 640)


class ExportDialog(QDialog):
    """``wanted(items, folder, wishes)``: the user wants these files."""

    wanted = pyqtSignal(object, object, object)

    def __init__(self, entries: Sequence[Entry], folder: str, parent: QWidget | None = None) -> None:
        """``folder``: where the files go, if none was chosen before."""
        super().__init__(parent)
        self.setObjectName("deepsoilExportDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("DeepSoil: Export Maps"))
        self.setWindowIcon(paths.icon("export"))
        self._entries: list[Entry] = []
        self._items: list[Item] = []
        self._running = False
        self._jobs = QComboBox()
        self._jobs.setObjectName("deepsoilExportJob")
        self._jobs.setAccessibleName(self.tr("Request"))
        self._jobs.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._jobs.setMinimumContentsLength(24)
        self._fields = CheckList("deepsoilExportFields", self.tr("Fields"))
        self._days = CheckList("deepsoilExportDays", self.tr("Days"))
        self._whats = CheckList("deepsoilExportWhats", self.tr("Maps of"))
        self._form = WishesForm()
        self._folder = QgsFileWidget()
        self._folder.setObjectName("deepsoilExportFolder")
        self._folder.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self._folder.setFilePath(QgsSettings().value(FOLDER_SETTING, folder, type=str) or folder)
        self._problem = ProblemLine("deepsoilExportProblem")
        self._lay_out()
        self._jobs.currentIndexChanged.connect(lambda _: self._show_entry())
        for part in (self._fields, self._days, self._whats, self._form):
            part.changed.connect(self._refresh)
        self._folder.fileChanged.connect(self._refresh)
        self.show_entries(entries)

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Offer these requests, where there are none yet."""
        if self._entries:
            return
        self._entries = list(entries)
        self._jobs.blockSignals(True)
        for entry in self._entries:
            self._jobs.addItem(entry.title)
        self._jobs.blockSignals(False)
        self._show_entry()

    def choose(self, job: str, layers: Sequence[QgsMapLayer] = ()) -> None:
        """Show the maps of a job, those of the layers ticked."""
        numbers = [number for number, entry in enumerate(self._entries) if entry.job == job]
        if numbers:
            self._jobs.setCurrentIndex(numbers[0])
            if layers:
                self._fill(chosen_by(layers, self._items))

    def items(self) -> list[Item]:
        """The maps that are wanted."""
        return Choice(self._fields.wanted(), self._days.wanted(), self._whats.wanted()).of(self._items)

    def wishes(self) -> Wishes:
        return self._form.wishes()

    def set_running(self, running: bool, error: str = "") -> None:
        """Whether an export is under way; ``error``: how the last one failed."""
        self._running = running
        self._refresh()
        if error:
            self._problem.say(error, warning=True)

    def _lay_out(self) -> None:
        lists = row(self._fields, self._days, self._whats, spacing=2 * GRID)
        self._go = QPushButton(paths.icon("export"), self.tr("Export"))
        self._go.setObjectName("deepsoilExportGo")
        self._go.setDefault(True)
        self._go.clicked.connect(self._want)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton(self._go, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)
        buttons.rejected.connect(self.close)
        below = row(spacing=2 * GRID)
        below.addWidget(self._problem, 1)
        below.addWidget(buttons)
        folder = row(PlainLabel(self.tr("Folder")), spacing=2 * GRID)
        folder.addWidget(self._folder, 1)
        layout = QVBoxLayout(self)
        layout.setSpacing(2 * GRID)
        layout.addWidget(self._jobs)
        layout.addLayout(lists, 1)
        layout.addWidget(ContentScroll(self._form))
        layout.addLayout(folder)
        layout.addLayout(below)
        self.resize(*_SIZE)

    def _show_entry(self) -> None:
        number = self._jobs.currentIndex()
        self._items = self._entries[number].items() if number >= 0 else []
        self._fill(usual(self._items))

    def _fill(self, choice: Choice) -> None:
        fields = {field_key(item): item.field for item in self._items}
        days = sorted({item.date for item in self._items}, reverse=True)
        whats = sorted({item.what for item in self._items}, key=quantities.order)
        self._fields.fill(list(fields.items()), choice.fields)
        self._days.fill([(day, day_text(dt.date.fromisoformat(day)) if day else "?") for day in days], choice.days)
        self._whats.fill([(what, quantities.title(what)) for what in whats], choice.whats)
        self._refresh()

    def _why_not(self) -> str:
        if self._running:
            return self.tr("Exporting … QGIS shows how far it is, and can cancel it.")
        if not self._entries:
            return self.tr("There are no maps yet. Make some in the DeepSoil panel first.")
        if not self.items():
            return self.tr("Tick at least one field, one day and one map.")
        wishes = self.wishes()
        if not (wishes.maps or wishes.tables or wishes.outlines or wishes.reports):
            return self.tr("Choose what to write: maps, a table, outlines or a report.")
        if not self._folder.filePath().strip():
            return self.tr("Choose the folder for the files.")
        return ""

    def _refresh(self, *_: object) -> None:
        problem = self._why_not()
        self._go.setEnabled(not problem)
        self._go.setToolTip(tip_text(problem))
        count = len(self.items())
        self._problem.say(problem or self.tr("%n map(s)", None, count), bool(problem) and not self._running)

    def _want(self) -> None:
        folder = self._folder.filePath().strip()
        QgsSettings().setValue(FOLDER_SETTING, folder)
        self.wanted.emit(self.items(), Path(folder), self.wishes())
