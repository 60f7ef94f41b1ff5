"""The line above the table of fields: which job, the filter, and what can be done with it."""

from __future__ import annotations

from qgis.PyQt.QtCore import QSize, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QMenu, QSizePolicy, QToolButton, QWidget, QWidgetAction

from .. import paths
from ..dock.refill_form import RefillForm
from ..text.translate import tr
from ..widgets.basic import GRID, ICON_PX, ElidedLabel, column, line_edit, row, tool_button


class FieldsHeader(QWidget):
    """``filtered(text)``; ``refillAsked``, as ``refill`` has it; ``copyAsked``; ``saveAsked``."""

    filtered = pyqtSignal(str)
    refillAsked = pyqtSignal()
    copyAsked = pyqtSignal()
    saveAsked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = ElidedLabel("fieldsTitle")
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._filter = line_edit("fieldsFilter", tr("Filter by name"))
        self._filter.setPlaceholderText(tr("Filter by name"))
        self._filter.setClearButtonEnabled(True)
        self._filter.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._filter.textChanged.connect(self.filtered)
        self.refill = RefillForm("fields")
        self._refill = self._refill_button()
        self._copy = tool_button("fieldsCopy", "copy", tr("Copy the selected fields, or all of them"))
        self._copy.clicked.connect(self.copyAsked)
        self._save = tool_button("fieldsSave", "export", tr("Save the table as CSV…"))
        self._save.clicked.connect(self.saveAsked)
        line = row(self.title, self._filter, self._refill, self._copy, self._save, spacing=GRID)
        line.setStretch(0, 2)
        line.setStretch(1, 1)
        line.setContentsMargins(GRID, GRID, GRID, 0)
        self.setLayout(line)
        self.enable(table=False, refill=False)

    def enable(self, *, table: bool, refill: bool) -> None:
        """Whether there is a table, and whether what is to be refilled can be asked for."""
        for widget in (self._filter, self._copy, self._save):
            widget.setEnabled(table)
        self._refill.setEnabled(refill)

    def _refill_button(self) -> QToolButton:
        button = QToolButton()
        button.setObjectName("fieldsRefill")
        button.setText(tr("Work out refill"))
        button.setToolTip(tr("Simulate these fields for the last day: water to refill, and days until the limit"))
        button.setIcon(paths.icon("refill"))
        button.setIconSize(QSize(ICON_PX, ICON_PX))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        button.clicked.connect(self.refillAsked)
        menu = QMenu(button)
        menu.setObjectName("fieldsRefillMenu")
        frame = QWidget()
        inside = column(self.refill)
        inside.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        frame.setLayout(inside)
        form = QWidgetAction(menu)
        form.setDefaultWidget(frame)
        menu.addAction(form)
        button.setMenu(menu)
        return button
