"""Above the list of jobs: what to look for, which of them, in which order."""

from __future__ import annotations

from collections.abc import Mapping

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QActionGroup,
    QButtonGroup,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from .. import preferences
from ..jobs.filter import HOST, NAME, NEWEST, ORDERS, STATE
from ..jobs.table_model import FAILED, RUNNING
from ..widgets.basic import GRID, caption, readable_hint, row, tool_button

_LEAST_SEARCH_PX = 60


class JobListHeader(QWidget):
    """``textChanged``: words to filter by. ``groupChosen``: a group of the model, None for all. ``orderChosen``: one of
    ``ORDERS``, which is remembered.
    """

    textChanged = pyqtSignal(str)
    groupChosen = pyqtSignal(object)
    orderChosen = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.order = preferences.jobs_order() if preferences.jobs_order() in ORDERS else NEWEST
        self._search = QLineEdit()
        self._search.setObjectName("deepsoilJobsFilter")
        self._search.setPlaceholderText(self.tr("Search"))
        readable_hint(self._search)
        self._search.setAccessibleName(self.tr("Search the list of jobs"))
        self._search.setToolTip(self.tr("Search by name, date, host or state"))
        self._search.setClearButtonEnabled(True)
        self._search.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._search.setMinimumWidth(_LEAST_SEARCH_PX)
        self._search.textChanged.connect(self.textChanged)
        self._groups = self._make_groups()
        layout = row(caption(self.tr("Maps and jobs")), spacing=GRID)
        layout.addSpacing(GRID)
        layout.addWidget(self._search, 1)
        layout.addLayout(self._group_buttons())
        layout.addWidget(self._sort_button())
        self.setLayout(layout)

    def clear(self) -> None:
        """Hide no job."""
        self._search.clear()
        if not self._groups[None].isChecked():
            self._groups[None].click()

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """How many jobs there are of the groups that have a button of their own."""
        for group, count in counts.items():
            if self._groups[group].text() != (text := str(count) if count else ""):
                self._groups[group].setText(text)

    def _make_groups(self) -> dict[str | None, QToolButton]:
        every = QToolButton()
        every.setObjectName("deepsoilJobsAll")
        every.setText(self.tr("All"))
        every.setToolTip(self.tr("Show all jobs"))
        every.setAutoRaise(True)
        made: dict[str | None, QToolButton] = {
            None: every,
            RUNNING: tool_button("deepsoilJobsRunning", "running", self.tr("Show only running and waiting jobs")),
            FAILED: tool_button("deepsoilJobsFailed", "failed", self.tr("Show only failed jobs"))}
        for group, button in made.items():
            button.setCheckable(True)
            button.setAccessibleName(button.toolTip())
            if group is not None:
                button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.clicked.connect(lambda _=False, group=group: self.groupChosen.emit(group))
        every.setChecked(True)
        return made

    def _group_buttons(self) -> QHBoxLayout:
        together = QButtonGroup(self)
        layout = row(spacing=0)
        for button in self._groups.values():
            together.addButton(button)
            layout.addWidget(button)
        return layout

    def _sort_button(self) -> QToolButton:
        texts = {NEWEST: self.tr("Newest first"), STATE: self.tr("By state"), NAME: self.tr("By name"),
                 HOST: self.tr("By host")}
        menu = QMenu(self)
        menu.setObjectName("deepsoilJobsSortMenu")
        together = QActionGroup(menu)
        for order in ORDERS:
            action = menu.addAction(texts[order])
            action.setObjectName(f"deepsoilJobsSort{order.capitalize()}Action")
            action.setCheckable(True)
            action.setChecked(order == self.order)
            action.triggered.connect(lambda _=False, order=order: self._sort_by(order))
            together.addAction(action)
        button = tool_button("deepsoilJobsSort", "sort", self.tr("Sort the list"))
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return button

    def _sort_by(self, order: str) -> None:
        self.order = order
        preferences.set_jobs_order(order)
        self.orderChosen.emit(order)
