"""Maps and jobs: the list, its filter, and the actions on the chosen job. Says what is wanted; does none of it."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import QEvent, QModelIndex, QObject, QPoint, QRectF, Qt, pyqtSignal
from qgis.PyQt.QtGui import QKeySequence, QPainter, QPalette, QTextOption
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QAction,
    QLineEdit,
    QMenu,
    QSizePolicy,
    QToolButton,
    QTreeView,
    QWidget,
)

from .. import paths
from .job_delegate import JobDelegate
from .job_model import FINAL, SUMMARY_ROLE, JobFilter, JobModel
from .look import GRID, ICON_PX, caption, column, row

_ACTIONS = ("show", "cancel", "retry", "log", "details", "remove")


def possible(job: dict[str, Any] | None) -> set[str]:
    """The actions that make sense for a job. Pure."""
    if job is None:
        return set()
    if job.get("unsent"):
        return {"details", "retry", "remove"}
    state = job.get("state")
    found = {"details", "log"}
    if job.get("outputs"):
        found.add("show")
    if state in FINAL:
        found.add("remove")
        if job.get("specification"):
            found.add("retry")
    else:
        found.add("cancel")
    return found


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
                         self.tr("The maps you make are listed here."), how)
        painter.end()


class JobList(QWidget):
    """``wanted(action, id)``: one of show, cancel, retry, log, details, remove."""

    wanted = pyqtSignal(str, str)

    def __init__(self, model: JobModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._filter = JobFilter(model, self)
        self._search = QLineEdit()
        self._search.setObjectName("deepsoilJobsFilter")
        self._search.setPlaceholderText(self.tr("Filter"))
        self._search.setAccessibleName(self.tr("Filter the list of jobs"))
        self._search.setClearButtonEnabled(True)
        self._search.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._search.textChanged.connect(self._filter.set_text)
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
        self._view.selectionModel().currentChanged.connect(self._refresh)
        self._actions = self._make_actions()
        for signal in (model.dataChanged, model.modelReset, model.rowsInserted, model.rowsRemoved):
            signal.connect(self._refresh)
        head = row(caption(self.tr("Maps and jobs")), spacing=2 * GRID)
        head.addWidget(self._search, 1)
        buttons = row(spacing=0)
        for name in _ACTIONS:
            buttons.addWidget(self._button(self._actions[name]))
        buttons.addStretch(1)
        layout = column()
        layout.setContentsMargins(GRID, GRID, GRID, GRID)
        layout.addLayout(head)
        layout.addWidget(self._view, 1)
        layout.addLayout(buttons)
        self.setLayout(layout)
        self._refresh()

    @property
    def current(self) -> str | None:
        """Id of the chosen job."""
        job = self._view.currentIndex().data(SUMMARY_ROLE) if self._view.currentIndex().isValid() else None
        return job["id"] if job else None

    def choose(self, job_id: str) -> None:
        """Select a job and bring it into view."""
        for line in range(self._filter.rowCount()):
            index = self._filter.index(line, 0)
            if index.data(SUMMARY_ROLE)["id"] == job_id:
                self._view.setCurrentIndex(index)
                self._view.scrollTo(index)
                self._view.setFocus()
                return

    def _make_actions(self) -> dict[str, QAction]:
        texts = {"show": self.tr("Show on map"), "cancel": self.tr("Cancel"), "retry": self.tr("Try again"),
                 "log": self.tr("Log"), "details": self.tr("Details"), "remove": self.tr("Remove…")}
        made = {}
        for name in _ACTIONS:
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

    def _want(self, name: str) -> None:
        if self.current is not None:
            self.wanted.emit(name, self.current)

    def _double_clicked(self, _index: QModelIndex) -> None:
        job = self._model.job(self.current or "")
        self._want("show" if "show" in possible(job) else "details")

    def _open_menu(self, place: QPoint) -> None:
        index = self._view.indexAt(place)
        if not index.isValid():
            return
        self._view.setCurrentIndex(index)
        menu = QMenu(self)
        menu.setObjectName("deepsoilJobMenu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in _ACTIONS:
            if self._actions[name].isEnabled():
                menu.addAction(self._actions[name])
        menu.popup(self._view.viewport().mapToGlobal(place))

    def _refresh(self, *_: QObject) -> None:
        can = possible(self._model.job(self.current or ""))
        for name, action in self._actions.items():
            action.setEnabled(name in can)
