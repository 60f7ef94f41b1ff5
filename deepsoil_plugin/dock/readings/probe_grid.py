"""The first rows of a table of probes, under what each column is: its role, and the depth of water contents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QAbstractItemView, QComboBox, QLineEdit, QTableWidget, QTableWidgetItem, QWidget

from ...text.formatting import number_from
from ...text.plain import tip_text
from ...text.translate import tr
from ...widgets.basic import line_edit

VALUE, UNUSED = "value", ""
_ROLE_ROW, _DEPTH_ROW, _FIRST_ROW = 0, 1, 2
_SHOWN_ROWS = 5
_WIDEST_PX = 200


def role_titles() -> dict[str, str]:
    """What a column can be, in the order in which it is offered."""
    return {UNUSED: tr("not used"), "time": tr("date or time"), VALUE: tr("water content"), "sensor": tr("sensor"),
            "depth": tr("depth (cm)"), "longitude": tr("longitude"), "latitude": tr("latitude")}


class ProbeGrid(QTableWidget):
    """``changed`` when a column is something else, or at another depth."""

    changed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 0, parent)
        self.setObjectName("deepsoilProbeGrid")
        self.setAccessibleName(self.tr("The first rows of the file, under what each column is"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setTabKeyNavigation(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Tab goes from choice to choice
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._roles: list[QComboBox] = []
        self._depths: list[QLineEdit] = []

    # --- what others ask

    @property
    def columns(self) -> dict[str, int | None]:
        """By role the column that has it; None where none has."""
        said = [role.currentData() for role in self._roles]
        return {role: said.index(role) if role in said else None
                for role in role_titles() if role not in (UNUSED, VALUE)}

    @property
    def values(self) -> dict[str, float | None]:
        """By number of each column of water contents its depth in cm, None where none is typed."""
        return {str(number): number_from(self._depths[number].text())
                for number, role in enumerate(self._roles) if role.currentData() == VALUE}

    @property
    def cells(self) -> list[QWidget]:
        """What can be changed, column by column."""
        return [cell for pair in zip(self._roles, self._depths, strict=True) for cell in pair]

    def show_table(self, answer: Mapping[str, Any]) -> None:
        """Show the file as the engine reads it, with what it takes the columns for; ``answer`` of ``probe_table``."""
        head, rows = answer["head"], answer["first"][:_SHOWN_ROWS]
        self.clear()
        self.setColumnCount(len(head))
        self.setRowCount(_FIRST_ROW + len(rows))
        self.setHorizontalHeaderLabels([tip_text(name) for name in head])
        self.setVerticalHeaderLabels([self.tr("is"), self.tr("depth (cm)"), *(str(row[0]) for row in rows)])
        self._roles = [self._role(number, name) for number, name in enumerate(head)]
        self._depths = [self._depth(number, name) for number, name in enumerate(head)]
        for line, cells in enumerate(rows):
            for number, cell in enumerate(cells[1:len(head) + 1]):
                self.setItem(_FIRST_ROW + line, number, QTableWidgetItem(cell))
        for role, column in answer["columns"].items():
            if column is not None:
                self._put(column, role)
        for one in answer["values"]:
            self._put(one["column"], VALUE)
            self._depths[one["column"]].setText("" if one["depth_cm"] is None else f"{one['depth_cm']:g}")
        self._refresh()
        self._fit()

    # --- inside

    def _role(self, number: int, name: str) -> QComboBox:
        combo = QComboBox()
        combo.setObjectName(f"deepsoilProbeRole{number}")
        combo.setAccessibleName(self.tr("What the column {0} is").format(name))
        for role, title in role_titles().items():
            combo.addItem(title, role)
        combo.activated.connect(lambda _, number=number: self._chosen(number))
        self.setCellWidget(_ROLE_ROW, number, combo)
        return combo

    def _depth(self, number: int, name: str) -> QLineEdit:
        line = line_edit(f"deepsoilProbeDepth{number}",
                         self.tr("Depth in cm of the water contents in the column {0}").format(name))
        line.textEdited.connect(lambda _: self.changed.emit())
        self.setCellWidget(_DEPTH_ROW, number, line)
        return line

    def _put(self, number: int, role: str) -> None:
        self._roles[number].setCurrentIndex(max(0, self._roles[number].findData(role)))

    def _chosen(self, number: int) -> None:
        role = self._roles[number].currentData()
        if role not in (UNUSED, VALUE):
            for other, combo in enumerate(self._roles):  # only water contents may be several
                if other != number and combo.currentData() == role:
                    combo.setCurrentIndex(0)
        self._refresh()
        self.changed.emit()

    def _refresh(self) -> None:
        for role, depth in zip(self._roles, self._depths, strict=True):
            is_value = role.currentData() == VALUE
            depth.setEnabled(is_value)
            said = self.tr("by column") if self.columns["depth"] is not None else self.tr("depth")
            depth.setPlaceholderText(said if is_value else "")

    def _fit(self) -> None:
        """Columns as wide as what stands in them, the whole as high as its rows."""
        self.resizeColumnsToContents()
        for number, role in enumerate(self._roles):
            self.setColumnWidth(number, max(role.sizeHint().width() + 4, min(_WIDEST_PX, self.columnWidth(number))))
        for line, cells in ((_ROLE_ROW, self._roles), (_DEPTH_ROW, self._depths)):
            self.setRowHeight(line, max((cell.sizeHint().height() for cell in cells), default=0) + 2)
        rows = sum(self.rowHeight(line) for line in range(self.rowCount()))
        self.setMinimumHeight(rows + self.horizontalHeader().sizeHint().height()
                              + self.horizontalScrollBar().sizeHint().height() + 2 * self.frameWidth())


def said_columns(grid: ProbeGrid) -> dict[str, Any]:
    """What the grid says of the columns, as ``said`` of the method ``probe_table`` has it."""
    return {"columns": grid.columns, "values": grid.values}
