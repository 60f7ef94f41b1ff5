"""What the maps of the chosen job show: their values, differences within the field, the water for the plants, or how
sure they are.
"""

from __future__ import annotations

from qgis.core import QgsProject
from qgis.PyQt.QtWidgets import QComboBox, QSizePolicy, QWidget

from ..map.result_layers import ResultLayers
from ..map.style_switch import StyleSwitch, title
from ..text.plain import tip_text
from ..widgets.basic import GRID, PlainLabel, row


class LookBar(QWidget):
    """For the chosen job, or where that has no maps in the project, for the uppermost in the layer tree; not there
    while there is none.
    """

    def __init__(self, results: ResultLayers, styles: StyleSwitch, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._results, self._styles = results, styles
        self._chosen = self._job = ""
        self._choice = QComboBox()
        self._choice.setObjectName("deepsoilMapLook")
        self._choice.setAccessibleName(self.tr("What the maps show"))
        self._choice.setToolTip(tip_text(self.tr("What the maps of the chosen job show")))
        self._choice.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        layout = row(PlainLabel(self.tr("Show")), self._choice, spacing=GRID)
        layout.setStretch(1, 1)
        layout.setContentsMargins(GRID, 0, GRID, 0)
        self.setLayout(layout)
        self._choice.activated.connect(self._pick)
        styles.changed.connect(self.look)
        results.layersAdded.connect(self.look)
        self._project = QgsProject.instance()
        self._project.layersRemoved.connect(self.look)
        self._project.layerTreeRoot().visibilityChanged.connect(self.look)
        self.hide()

    def close_down(self) -> None:
        """Let go of the project, before the dock is deleted."""
        self._project.layersRemoved.disconnect(self.look)
        self._project.layerTreeRoot().visibilityChanged.disconnect(self.look)

    def choose(self, job_id: str) -> None:
        """Offer the looks of this job's maps, where it has some."""
        self._chosen = job_id
        self.look()

    def look(self, *_: object) -> None:
        """Show which looks there are, and which one the maps have."""
        possible: tuple[str, ...] = ()
        for job in (self._chosen, *self._results.shown_jobs()):
            if possible := self._styles.possible(job):
                self._job = job
                break
        self.setVisible(bool(possible))
        if not possible:
            return
        if [self._choice.itemData(index) for index in range(self._choice.count())] != list(possible):
            self._choice.clear()
            for name in possible:
                self._choice.addItem(title(name), name)
        self._choice.setCurrentIndex(max(0, self._choice.findData(self._styles.style_of(self._job))))

    def _pick(self, index: int) -> None:
        self._styles.show_job(self._job, str(self._choice.itemData(index)))
