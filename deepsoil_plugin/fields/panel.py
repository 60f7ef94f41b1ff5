"""The panel "Fields": what every field of a job needs, sorted by need, on the map and in a table."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qgis.core import QgsApplication, QgsProject, QgsVectorLayer
from qgis.gui import QgsDockWidget
from qgis.PyQt.QtCore import QModelIndex, Qt, QTimer
from qgis.PyQt.QtGui import QGuiApplication, QKeySequence
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHeaderView,
    QShortcut,
    QTableView,
)

from ..contract import FINAL_STATES
from ..dock.method_section import MethodSection
from ..jobs.map_request import new_id
from ..text.dates import dates_of, day_text
from ..text.translate import tr
from ..widgets.basic import quiet_label, say
from ..widgets.message_pages import MessagePages, panel_body
from . import need_layer, zooming
from .header import FieldsHeader
from .loading import LoadTask, SaveTask
from .model import NEED, FieldsModel, FilteredFields
from .request import refill_request, table_of, zones_of
from .rows import FieldRow
from .words import state_words, summary_words

_LEAST_PX = 150
_MEASURED_ROWS = 20  # for the widths of columns: of hundreds it would hold the window


class FieldsPanel(QgsDockWidget):
    """Follows one job: while it runs it says so, and once its table is there it shows it."""

    def __init__(self, iface: Any, session: Any, method: MethodSection) -> None:
        """``method``: the dock's, which keeps with the project how the water to refill is counted."""
        super().__init__(tr("DeepSoil Fields"), iface.mainWindow())
        self.setObjectName("DeepSoilFieldsPanel")
        self._iface, self._session, self._method = iface, session, method
        self._job_id, self._shown_path = "", ""
        self._task: LoadTask | None = None
        self._saves: list[SaveTask] = []  # a task that nobody holds is collected before it starts
        self._model = FieldsModel(self)
        self._filtered = FilteredFields(self._model, self)
        self._build()
        for signal in (session.model.dataChanged, session.model.modelReset, session.model.rowsInserted):
            signal.connect(self._job_changed)
        session.sent.connect(self._sent)
        self._job_changed()

    def show_job(self, job_id: str) -> None:
        """The fields of a job."""
        if job_id != self._job_id:
            self._job_id, self._shown_path = job_id, ""
            self._model.put([])
        self.setUserVisible(True)
        self._job_changed()

    # --- the widgets

    def _build(self) -> None:
        self._header = FieldsHeader()
        self._header.filtered.connect(self._filtered.setFilterFixedString)
        self._header.refillAsked.connect(self._work_out)
        self._header.refill.show_wish(self._method.refill)
        self._header.refill.changed.connect(lambda: self._method.set_refill(self._header.refill.wish))
        self._method.refillChanged.connect(lambda: self._header.refill.show_wish(self._method.refill))
        self._header.copyAsked.connect(self._copy)
        self._header.saveAsked.connect(self._ask_where)
        self._words = quiet_label("fieldsWords")
        self._view = self._table()
        self._pages = MessagePages("fieldsMessage", _LEAST_PX)
        self._pages.addWidget(self._view)
        self.setWidget(panel_body(self._header, self._words, self._pages))

    def _table(self) -> QTableView:
        view = QTableView()
        view.setObjectName("fieldsTable")
        view.setAccessibleName(tr("Fields and their need for water"))
        view.setModel(self._filtered)
        view.setSortingEnabled(True)
        view.sortByColumn(NEED, Qt.SortOrder.DescendingOrder)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setTabKeyNavigation(False)
        view.setWordWrap(False)
        view.verticalHeader().setVisible(False)
        view.verticalHeader().setDefaultSectionSize(view.fontMetrics().height() + 8)
        view.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        view.horizontalHeader().setHighlightSections(False)
        view.horizontalHeader().setResizeContentsPrecision(_MEASURED_ROWS)
        view.clicked.connect(self._go_to)
        view.activated.connect(self._go_to)
        copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), view, self._copy)
        copy.setContext(Qt.ShortcutContext.WidgetShortcut)
        return view

    # --- the job

    def _job(self) -> Mapping[str, Any] | None:
        model = self._session.model
        if not self._job_id:
            jobs = (model.job(model.id_at(line)) for line in range(model.rowCount()))
            with_table = [job for job in jobs if job and table_of(job)]
            newest = max(with_table, key=lambda job: str(job.get("created")), default=None)
            self._job_id = str(newest["id"]) if newest else ""
        return model.job(self._job_id) if self._job_id else None

    def _job_changed(self, *_: Any) -> None:
        job = self._job()
        if job is None:
            if not self._model.rows:
                self._tell("", tr("Choose a job with maps in the list, and then “Table of fields”."))
            return
        ready = bool(job.get("specification")) and job.get("kind") == "predict" and not job.get("unsent")
        self._header.enable(table=bool(self._model.rows), refill=ready and job.get("state") in FINAL_STATES)
        dates = dates_of(job)
        title = " · ".join(word for word in (str(job.get("name") or ""), day_text(dates[1]) if dates else "") if word)
        output = table_of(job)
        if output is None or not output.get("path"):
            self._tell(title, state_words(job, there=output is not None))
        elif output["path"] != self._shown_path:
            self._header.title.setText(title)
            self._load(str(output["path"]), str((zones_of(job) or {}).get("path") or ""), str(output.get("date") or ""))

    def _tell(self, title: str, words: str) -> None:
        """A sentence in the place of the table."""
        self._header.title.setText(title)
        say(self._words, "")
        self._pages.say(words)

    def _load(self, path: str, zones: str, day: str) -> None:
        self._shown_path = path
        job_id, task = self._job_id, LoadTask(path, zones)
        task.loaded.connect(lambda rows, layers: self._loaded(job_id, day, rows, layers))
        task.failed.connect(lambda words: self._tell(self._header.title.text(), words))
        self._task = task
        QgsApplication.taskManager().addTask(task)

    def _loaded(self, job_id: str, day: str, rows: list[FieldRow], layers: list[QgsVectorLayer]) -> None:
        if job_id != self._job_id:
            return
        self._view.sortByColumn(NEED, Qt.SortOrder.DescendingOrder)
        self._model.put(rows)
        QTimer.singleShot(0, self._view.resizeColumnsToContents)
        say(self._words, summary_words(rows))
        self._pages.setCurrentWidget(self._view)
        self._job_changed()
        project = QgsProject.instance()
        if need_layer.of_job(project, job_id) is None:
            for layer in layers:  # none of fields without figures of water: it would only hide the maps below it
                need_layer.show(project, layer, job_id, day)

    def units_changed(self) -> None:
        """The same rows in the units that the user has chosen."""
        self._model.put(self._model.rows)

    # --- what the user does

    def _go_to(self, index: QModelIndex) -> None:
        row = self._model.rows[self._filtered.mapToSource(index).row()]
        layer = need_layer.of_job(QgsProject.instance(), self._job_id)
        if layer is not None:
            layer.selectByExpression(f'"number" = {row.number}')
        zooming.zoom_to(self._iface.mapCanvas(), row.box)

    def _chosen(self) -> list[int]:
        """The selected rows as they are sorted, else all that the filter leaves."""
        lines = sorted({index.row() for index in self._view.selectionModel().selectedRows()})
        lines = lines or list(range(self._filtered.rowCount()))
        return [self._filtered.mapToSource(self._filtered.index(line, 0)).row() for line in lines]

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._model.text_of(self._chosen()))

    def _ask_where(self) -> None:
        dialog = QFileDialog(self.window(), tr("Save the table of fields"))
        dialog.setObjectName("fieldsSaveDialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(tr("CSV table (*.csv)"))
        dialog.setDefaultSuffix("csv")
        dialog.selectFile("fields.csv")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.save)
        dialog.open()

    def save(self, path: str) -> SaveTask:
        """Write all fields, in the order of the table, as CSV."""
        shown = (self._filtered.index(line, 0) for line in range(self._filtered.rowCount()))
        lines = [self._filtered.mapToSource(index).row() for index in shown]
        task = SaveTask([self._model.rows[line] for line in lines], Path(path))
        task.ended.connect(lambda error: self._saved(task, error, path))
        self._saves.append(task)
        QgsApplication.taskManager().addTask(task)
        return task

    def _saved(self, task: SaveTask, error: str, path: str) -> None:
        self._saves.remove(task)
        say(self._words, error or tr("Saved as {0}.").format(path))

    def _work_out(self) -> None:
        job = self._job()
        if job is None or not job.get("specification"):
            return
        again = new_id()
        self._session.send(refill_request(job["specification"], again, self._method.refill), str(job["host"]))
        self.show_job(again)

    def _sent(self, problem: str, job_id: str) -> None:
        if job_id == self._job_id and problem:
            self._tell(self._header.title.text(), problem)


def make(components: Any) -> FieldsPanel:
    """The panel, as ``registry`` makes it."""
    return FieldsPanel(components.iface, components.session, components.dock.request.method)
