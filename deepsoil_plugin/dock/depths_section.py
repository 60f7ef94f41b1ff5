"""The request's depths, and the model for each with its description."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QGridLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ..depths import DEPTHS
from ..text.formatting import plain_error
from ..text.plain import tip_text
from ..text.translate import tr
from ..widgets.basic import GRID, tool_button
from ..widgets.page_view import PageView


class DepthsSection(QWidget):
    """``choiceChanged`` when other depths or models are chosen."""

    choiceChanged = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._models: list[dict[str, Any]] = []
        self._wanted: dict[str, str] = {}
        self._boxes: dict[int, QCheckBox] = {}
        self._combos: dict[int, QComboBox] = {}
        self._cards: dict[int, QWidget] = {}
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GRID)
        self._grid.setColumnStretch(1, 1)
        self.setLayout(self._grid)
        self.show_depths()

    def show_depths(self) -> None:
        """A line for each depth that has none yet; depths that the engine adds are not ticked by themselves."""
        first = not self._boxes
        for line, entry in enumerate(DEPTHS):
            depth = entry.depth_cm
            if depth in self._boxes:
                continue
            box = QCheckBox(self.tr("{0} cm").format(depth))
            box.setObjectName(f"deepsoilDepth{depth}")
            box.setToolTip(tip_text(tr(entry.use)))
            box.setChecked(first)
            combo = QComboBox()
            combo.setObjectName(f"deepsoilModel{depth}")
            combo.setAccessibleName(self.tr("Model for {0} cm").format(depth))
            combo.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            card = tool_button(f"deepsoilCard{depth}", "card",
                               self.tr("About this model: training data and accuracy"))
            card.clicked.connect(lambda _=False, depth=depth: self._open_card(depth))
            box.toggled.connect(self._changed)
            combo.activated.connect(self._changed)
            for position, widget in enumerate((box, combo, card)):
                self._grid.addWidget(widget, line, position)
            self._boxes[depth], self._combos[depth], self._cards[depth] = box, combo, card
        self.set_models(self._models)

    @property
    def depths_cm(self) -> tuple[int, ...]:
        return tuple(depth for depth, box in sorted(self._boxes.items()) if box.isChecked())

    @property
    def models(self) -> dict[str, str]:
        """Model ids by depth as the contract writes it; a depth without a choice is left to the engine."""
        chosen = {str(depth): combo.currentData() for depth, combo in self._combos.items()}
        return {depth: model for depth, model in chosen.items() if model}

    def restore(self, depths_cm: Sequence[int], models: Mapping[str, str]) -> None:
        """Show what a project keeps. A model that is not there (yet) is chosen when it comes."""
        self._wanted = dict(models)
        for depth, box in self._boxes.items():
            box.setChecked(depth in depths_cm)
        self.set_models(self._models)

    def choose(self, depth_cm: int, model: str) -> None:
        """Choose a model, now or when it comes."""
        self._wanted = {**self._wanted, str(depth_cm): model}
        self.set_models(self._models)
        self.choiceChanged.emit()

    def set_models(self, models: Sequence[dict[str, Any]]) -> None:
        """Models as the engine lists them; the choice stays where it can."""
        wanted = {**self.models, **self._wanted}
        self._models = list(models)
        for depth, combo in self._combos.items():
            combo.clear()
            fitting = [model for model in self._models if model["depth_cm"] == depth]
            for model in fitting:
                problem = model.get("problem")
                combo.addItem(_name(model), model["id"])
                row = combo.count() - 1
                tip = plain_error(problem) if problem else f"{model['title']} ({model['id']})"
                combo.setItemData(row, tip_text(tip), Qt.ItemDataRole.ToolTipRole)
                combo.model().item(row).setEnabled(not problem)
            ids = [model["id"] for model in fitting]
            # Without a default none is chosen: the engine says why there is none.
            default = next((model["id"] for model in fitting if model.get("default")), None)
            choice = wanted.get(str(depth))
            choice = choice if choice in ids else default
            combo.setCurrentIndex(ids.index(choice) if choice in ids else -1)
            combo.setEnabled(bool(fitting))
            self._cards[depth].setEnabled(bool(fitting))

    def _changed(self, *_: object) -> None:
        self._wanted = {**self._wanted, **self.models}
        self.choiceChanged.emit()

    def _open_card(self, depth: int) -> None:
        model = next((model for model in self._models if model["id"] == self._combos[depth].currentData()), None)
        if model is None:
            return
        dialog = QDialog(self.window())
        dialog.setObjectName("deepsoilModelCard")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(f"{model['title']} {model['version']}")
        text = PageView("deepsoilModelCardText")
        text.show_page(model.get("card") or self.tr("There is no description of this model."))
        layout = QVBoxLayout(dialog)
        layout.addWidget(text)
        dialog.resize(560, 520)
        dialog.show()


def _name(model: Mapping[str, Any]) -> str:
    """Title and version, short enough for the line, which says the depth already."""
    title = str(model["title"]).removesuffix(f", {model['depth_cm']} cm")
    return f"{title} {model['version']}"
