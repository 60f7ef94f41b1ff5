"""The archives of a plan, a row each: what it gives, how much, under which licence; each can be switched off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from ...jobs.gather_request import need_title
from ...text.formatting import plain_error, size_text
from ...text.plain import tip_text
from ...text.translate import engine_text, tr

Archive = Mapping[str, Any]
_ROWS = 7
_NAME = Qt.ItemDataRole.UserRole


def needs_text(plan: Mapping[str, Any], archive: Archive) -> str:
    """What an archive is asked for; what it stands by for; or why it cannot be asked."""
    if archive.get("off"):
        return tr("switched off")
    if archive.get("problem"):
        return plain_error(archive["problem"])
    if archive.get("used_for"):
        return ", ".join(need_title(need) for need in archive["used_for"])
    return tr("stands by for {0}").format(", ".join(need_title(need) for need in archive.get("needs") or ()))


def details_text(archive: Archive) -> str:
    """All that is known of an archive, for its tooltip."""
    checked = archive.get("last_checked")
    lines = [archive["title"],
             tr("Licence: {0}").format(engine_text(archive["licence"])) if archive["licence"] else "",
             archive["attribution"],
             tr("Servers: {0}").format(", ".join(archive.get("hosts") or ())) if archive.get("hosts") else "",
             tr("Last checked live: {0}").format(checked or tr("never"))]
    return "\n".join(line for line in lines if line)


def is_listed(archive: Archive) -> bool:
    """Whether it stands in the table; what needs the user's word or an account first stands apart."""
    return not archive.get("terms") and (not archive.get("account") or bool(archive.get("has_account")))


class ArchivesTable(QTreeWidget):
    """``switched(name, on)`` by the user."""

    switched = pyqtSignal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("deepsoilGatherArchives")
        self.setAccessibleName(self.tr("Archives"))
        self.setHeaderLabels([self.tr("Archive"), self.tr("Used for"), self.tr("Size"), self.tr("Licence")])
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAlternatingRowColors(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.header()
        header.setStretchLastSection(False)
        for column, mode in enumerate((QHeaderView.ResizeMode.Stretch, QHeaderView.ResizeMode.Stretch,
                                       QHeaderView.ResizeMode.ResizeToContents,
                                       QHeaderView.ResizeMode.ResizeToContents)):
            header.setSectionResizeMode(column, mode)
        self.setMinimumHeight(_ROWS * (self.fontMetrics().lineSpacing() + 6))
        self.itemChanged.connect(self._changed)

    def show_plan(self, plan: Mapping[str, Any], off: Iterable[str]) -> None:
        """What is asked first, then what stands by; the rows stay where the archives are the same."""
        off = set(off)
        listed = sorted((archive for archive in plan.get("archives") or () if is_listed(archive)),
                        key=lambda archive: not archive.get("used_for") and archive["name"] not in off)
        self.blockSignals(True)
        if [archive["name"] for archive in listed] != [self.topLevelItem(row).data(0, _NAME)
                                                        for row in range(self.topLevelItemCount())]:
            self.clear()
            self.addTopLevelItems([QTreeWidgetItem() for _ in listed])
            self.scrollToTop()
        for row, archive in enumerate(listed):
            self._fill(self.topLevelItem(row), plan, archive, archive["name"] not in off)
        self.blockSignals(False)
        self.viewport().update()

    @staticmethod
    def _fill(item: QTreeWidgetItem, plan: Mapping[str, Any], archive: Archive, on: bool) -> None:
        refused = bool(archive.get("problem")) and not archive.get("off")
        used = bool(archive.get("used_for"))
        texts = (archive["title"], needs_text(plan, archive), size_text(archive["bytes"]) if used else "–",
                 engine_text(archive["licence"]))
        about = "\n".join([details_text(archive), *([texts[1]] if refused else [])])
        for column, text in enumerate(texts):
            item.setText(column, text)
            item.setToolTip(column, tip_text(about))
        item.setData(0, _NAME, archive["name"])
        item.setTextAlignment(2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(0, Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)

    def _changed(self, item: QTreeWidgetItem, column: int) -> None:
        if column == 0:
            self.switched.emit(str(item.data(0, _NAME)), item.checkState(0) == Qt.CheckState.Checked)
