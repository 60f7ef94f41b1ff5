"""Maps and jobs: the list, its filter, and the actions on the chosen job. Says what is wanted; does none of it."""

from __future__ import annotations

from qgis.PyQt.QtCore import QEvent, QModelIndex, QObject, QPoint, QRectF, Qt, pyqtSignal
from qgis.PyQt.QtGui import QKeySequence, QPainter, QPalette, QTextOption
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QAction,
    QMenu,
    QToolButton,
    QTreeView,
    QWidget,
)

from .. import paths
from ..jobs.actions import (
    ACTIONS,
    BRING,
    BRING_AND_SHOW,
    FOLDER,
    again_text,
    again_tip,
    first_action,
    first_action_text,
    possible,
)
from ..jobs.filter import JobFilter
from ..jobs.table_model import FAILED, RUNNING, JobModel
from ..text.plain import tip_text
from ..widgets.basic import GRID, ICON_PX, column, row
from .job_delegate import JobDelegate
from .job_list_header import JobListHeader


class _List(QTreeView):
    """Says what will stand here while nothing does. A tree view without a tree: unlike a list view, it lays out anew
    only the row that has changed.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setItemsExpandable(False)
        self.setIndentation(0)

    def show_first_column_only(self) -> None:
        """The delegate writes all there is to say about a job into the first."""
        for column_number in range(1, self.model().columnCount()):
            self.setColumnHidden(column_number, True)
        self.header().setStretchLastSection(True)

    def paintEvent(self, event: QEvent) -> None:
        super().paintEvent(event)
        if self.model() is None or self.model().rowCount():
            return
        painter = QPainter(self.viewport())
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        how = QTextOption(Qt.AlignmentFlag.AlignCenter)
        how.setWrapMode(QTextOption.WrapMode.WordWrap)
        painter.drawText(QRectF(self.viewport().rect()).adjusted(16, 8, -16, -8),
                         self.tr("Your maps and jobs will appear here."), how)
        painter.end()


class JobList(QWidget):
    """``wanted(action, id)``: one of ``ACTIONS``. ``jobChosen(id)``: another job is the current one."""

    wanted = pyqtSignal(str, str)
    jobChosen = pyqtSignal(str)

    def __init__(self, model: JobModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._filter = JobFilter(model, self)
        self._current: str | None = None
        self._header = JobListHeader()
        self._header.textChanged.connect(self._filter.set_text)
        self._header.groupChosen.connect(self._filter.set_group)
        self._header.orderChosen.connect(self._filter.set_order)
        self._filter.set_order(self._header.order)
        self._view = _List()
        self._view.setObjectName("deepsoilJobs")
        self._view.setAccessibleName(self.tr("Maps and jobs"))
        self._view.setModel(self._filter)
        self._view.show_first_column_only()
        self._view.setItemDelegate(JobDelegate(self._view))
        self._view.setMouseTracking(True)
        self._view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._view.customContextMenuRequested.connect(self._open_menu)
        self._view.doubleClicked.connect(self._double_clicked)
        self._actions = self._make_actions()
        self._view.selectionModel().currentChanged.connect(self._current_changed)
        self._filter.modelReset.connect(self._choose_again)
        for signal in (model.dataChanged, model.modelReset, model.rowsInserted, model.rowsRemoved):
            signal.connect(self._refresh)
        buttons = row(spacing=0)
        for name in ACTIONS:
            buttons.addWidget(self._button(self._actions[name]))
        buttons.addStretch(1)
        layout = column()
        layout.setContentsMargins(GRID, GRID, GRID, GRID)
        layout.addWidget(self._header)
        layout.addWidget(self._view, 1)
        layout.addLayout(buttons)
        self.setLayout(layout)
        self._refresh()

    @property
    def current(self) -> str | None:
        """Id of the chosen job."""
        index = self._view.currentIndex()
        return self._filter.id_at(index.row()) if index.isValid() else None

    def choose(self, job_id: str) -> None:
        """Select a job and bring it into view, also where the filters hide it."""
        if self._filter.row_of(job_id) < 0 and self._model.job(job_id) is not None:
            self._header.clear()
        if (line := self._filter.row_of(job_id)) >= 0:
            index = self._filter.index(line, 0)
            self._view.setCurrentIndex(index)
            self._view.scrollTo(index)
            self._view.setFocus()

    # --- parts

    def _make_actions(self) -> dict[str, QAction]:
        texts = {"show": self.tr("Show on map"), "cancel": self.tr("Cancel"), "retry": again_text(None),
                 "curves": self.tr("Training curves"), "fields": self.tr("Table of fields"),
                 "export": self.tr("Export…"), "log": self.tr("Log"), "details": self.tr("Details"),
                 "remove": self.tr("Remove…")}
        made = {}
        for name in ACTIONS:
            action = QAction(paths.icon(f"job-{name}"), texts[name], self)
            action.setObjectName(f"deepsoilJob{name.capitalize()}Action")
            action.triggered.connect(lambda _=False, name=name: self._want(name))
            made[name] = action
        made["remove"].setShortcut(QKeySequence(Qt.Key.Key_Delete))
        made["remove"].setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self._view.addAction(made["remove"])
        return made

    @staticmethod
    def _button(action: QAction) -> QToolButton:
        button = QToolButton()
        button.setObjectName(action.objectName().removesuffix("Action"))
        button.setDefaultAction(action)
        button.setAutoRaise(True)
        button.setIconSize(button.iconSize().scaled(ICON_PX, ICON_PX, Qt.AspectRatioMode.KeepAspectRatio))
        button.setAccessibleName(action.text())
        return button

    # --- what happens

    def _want(self, name: str) -> None:
        if self.current is not None:
            self.wanted.emit(name, self.current)

    def _double_clicked(self, _index: QModelIndex) -> None:
        can = possible(self._model.job(self.current or ""))
        self._want("curves" if "curves" in can else "show" if "show" in can else "details")

    def _open_menu(self, position: QPoint) -> None:
        index = self._view.indexAt(position)
        if not index.isValid():
            return
        self._view.setCurrentIndex(index)
        menu = QMenu(self)
        menu.setObjectName("deepsoilJobMenu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in ACTIONS:
            if self._actions[name].isEnabled():
                menu.addAction(self._actions[name])
        menu.popup(self._view.viewport().mapToGlobal(position))

    def _current_changed(self, *_: QObject) -> None:
        if self.current is not None:
            self._current = self.current
            self.jobChosen.emit(self._current)
        self._refresh()

    def _choose_again(self) -> None:
        """After another filter or order the chosen job is still the chosen one."""
        line = self._filter.row_of(self._current or "")
        if line >= 0:
            self._view.setCurrentIndex(self._filter.index(line, 0))

    def _refresh(self, *_: QObject) -> None:
        job = self._model.job(self.current or "")
        can = possible(job)
        for name, action in self._actions.items():
            action.setEnabled(name in can)
        show, icon = self._actions["show"], {BRING_AND_SHOW: "job-bring", BRING: "job-bring", FOLDER: "job-folder"}
        if show.text() != (words := first_action_text(job)):
            show.setText(words)
            show.setIcon(paths.icon(icon.get(first_action(job), "job-show")))
        again = self._actions["retry"]
        if again.toolTip() != tip_text(again_tip(job)):
            again.setText(again_text(job))
            again.setToolTip(tip_text(again_tip(job)))
        self._header.show_counts({group: self._model.count(group) for group in (RUNNING, FAILED)})
