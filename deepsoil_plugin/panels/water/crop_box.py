"""The crop of the field and its stage; depth of the roots and share of water that may be used, which can be changed."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QGridLayout, QSpinBox, QWidget

from ...jobs.refill import LEAST_PERCENT
from ...text.plain import tip_text
from ...text.translate import engine_text, tr
from ...widgets.basic import GRID, PlainLabel, subdue, tool_button


class CropBox(QWidget):
    """``changed(roots_cm or None, allowed or None)``: the user's own figures; None is what the crop has.
    ``targetChanged(share)``: of the available water, up to which is refilled.
    """

    changed = pyqtSignal(object, object)
    targetChanged = pyqtSignal(float)

    def __init__(self) -> None:
        super().__init__()
        self._own: tuple[float | None, float | None] = (None, None)
        self._filling = False
        self.crop = PlainLabel(name="waterCrop")
        self.crop.setWordWrap(True)
        subdue(self.crop)
        self.roots = _spin("waterRoots", tr("Depth of the roots"),
                           tr("The water of the root zone is counted down to here, at most to 100 cm."), " cm",
                           (10, 300))
        self.roots.setSingleStep(5)
        self.allowed = _spin("waterAllowed", tr("Share of the available water that may be used"),
                             tr("Beyond this share the crop suffers: that is the limit in the plot."), " %", (5, 95))
        self.target = _spin("waterTarget", tr("Share of the available water up to which is refilled"),
                            tr("100 % is field capacity. Less leaves room for rain, and gives less water"), " %",
                            (LEAST_PERCENT, 100))
        self.target.setSingleStep(5)
        self.target.valueChanged.connect(lambda percent: self.targetChanged.emit(percent / 100))
        self.reset = tool_button("waterReset", "undo", tr("Take the usual figures of the crop again"))
        self.reset.clicked.connect(lambda: self.changed.emit(None, None))
        for spin in (self.roots, self.allowed):
            spin.valueChanged.connect(self._edited)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GRID)
        grid.setVerticalSpacing(GRID)
        grid.addWidget(self.crop, 0, 0, 1, 3)
        grid.addWidget(PlainLabel(tr("Roots")), 1, 0)
        grid.addWidget(self.roots, 1, 1)
        grid.addWidget(PlainLabel(tr("May be used")), 2, 0)
        grid.addWidget(self.allowed, 2, 1)
        grid.addWidget(self.reset, 2, 2)
        grid.addWidget(PlainLabel(tr("Refill up to")), 3, 0)
        grid.addWidget(self.target, 3, 1)

    def show_own(self, roots_cm: float | None, allowed: float | None) -> None:
        """The user's own figures."""
        self._own = (roots_cm, allowed)
        self._fill(roots_cm, allowed)
        self.reset.setEnabled(roots_cm is not None or allowed is not None)

    def show_target(self, target: float) -> None:
        """What another screen has changed, or the project keeps."""
        self.target.blockSignals(True)
        self.target.setValue(round(100 * target))
        self.target.blockSignals(False)

    def show_used(self, crop: dict[str, Any], name: str, title: str) -> None:
        """What the engine went by. ``name``: key of the crop, empty where it is not known."""
        stage = {"initial": tr("just sown or sprouting"), "development": tr("growing"), "middle": tr("fully grown"),
                 "late": tr("ripening"), "none": tr("not growing at this time")}.get(str(crop.get("stage")), "")
        words = engine_text(title) or name or tr("Crop not known: choose it in the line Water of the DeepSoil panel")
        self.crop.setText(f"{words}, {stage}" if stage else words)
        self._fill(float(crop["root_depth_cm"]), float(crop["allowed_depletion"]))

    def _fill(self, roots_cm: float | None, allowed: float | None) -> None:
        self._filling = True
        if roots_cm is not None:
            self.roots.setValue(round(roots_cm))
        if allowed is not None:
            self.allowed.setValue(round(100 * allowed))
        self._filling = False

    def _edited(self) -> None:
        if self._filling:
            return
        roots, allowed = self._own
        if self.sender() is self.roots:
            roots = float(self.roots.value())
        else:
            allowed = self.allowed.value() / 100
        self.changed.emit(roots, allowed)


def _spin(name: str, what: str, tip: str, suffix: str, limits: tuple[int, int]) -> QSpinBox:
    spin = QSpinBox()
    spin.setObjectName(name)
    spin.setAccessibleName(what)
    spin.setToolTip(tip_text(f"{what}. {tip}"))
    spin.setRange(*limits)
    spin.setSuffix(suffix)
    spin.setKeyboardTracking(False)
    return spin
