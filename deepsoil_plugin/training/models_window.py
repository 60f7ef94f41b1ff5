"""The models: those of this computer and of the hosts, each with its card; any can be brought to this computer."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QProgressBar,
    QPushButton,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from .. import paths
from ..hosts.model import THIS_COMPUTER, HostsModel
from ..text.formatting import plain_error
from ..text.plain import tip_text
from ..text.translate import tr
from ..widgets.basic import GRID, PlainMessageBox, ProblemLine, quiet_label, row, say
from ..widgets.page_view import PageView
from .models_list import ModelsList
from .score_text import score_lines, score_text

_KEY = int(Qt.ItemDataRole.UserRole)
_TITLE, _DEPTH, _VERSION, _HOST, _SCORE = range(5)


class ModelsWindow(QDialog):
    """A table above a card. Not modal."""

    def __init__(self, models: ModelsList, hosts: HostsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("deepsoilModelsWindow")
        self.setWindowTitle(self.tr("DeepSoil: Models"))
        self.setWindowIcon(paths.icon("models"))
        self._models, self._hosts = models, hosts
        self._wanted = ""
        self._list = QTreeWidget()
        self._list.setObjectName("deepsoilModels")
        self._list.setAccessibleName(self.tr("Models"))
        self._list.setRootIsDecorated(False)
        self._list.setUniformRowHeights(True)
        self._list.setSortingEnabled(True)
        self._list.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self._list.setHeaderLabels([self.tr("Model"), self.tr("Depth"), self.tr("Version"), self.tr("Where"),
                                    self.tr("Accuracy")])
        self._list.headerItem().setToolTip(_SCORE, self.tr("Mean absolute error in m³/m³; smaller is better"))
        header = self._list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_TITLE, QHeaderView.ResizeMode.Stretch)
        self._scores = quiet_label("deepsoilModelsScores")
        self._card = PageView("deepsoilModelsCard")
        self._card.setAccessibleName(self.tr("Model description"))
        self._bring = QPushButton(paths.icon("job-bring"), self.tr("Download to this computer"))
        self._bring.setObjectName("deepsoilModelsBring")
        self._prefer = QPushButton(self.tr("Use as default…"))
        self._prefer.setObjectName("deepsoilModelsDefault")
        self._prefer.setAutoDefault(False)
        self._again = QPushButton(self.tr("Refresh"))
        self._again.setObjectName("deepsoilModelsAgain")
        self._again.setAutoDefault(False)
        self._bar = QProgressBar()
        self._bar.setObjectName("deepsoilModelsProgress")
        self._bar.setAccessibleName(self.tr("How much has been downloaded"))
        self._bar.setRange(0, 100)
        self._bar.setMaximumWidth(120)
        self._bar.hide()
        self._stop = QPushButton(self.tr("Cancel the download"))
        self._stop.setObjectName("deepsoilModelsStop")
        self._stop.setAutoDefault(False)
        self._stop.hide()
        self._problem = ProblemLine("deepsoilModelsProblem")
        self._build()
        self._list.currentItemChanged.connect(self._show_card)
        self._bring.clicked.connect(self._fetch)
        self._prefer.clicked.connect(self._ask_about_default)
        self._again.clicked.connect(models.ask)
        self._stop.clicked.connect(self._cancel)
        models.progressed.connect(self._show_card)
        models.changed.connect(self._fill)
        models.failed.connect(lambda text: self._problem.say(text, warning=True))
        models.fetched.connect(self._fetched)
        models.defaultChanged.connect(self._default_changed)
        hosts.changed.connect(self._fill)
        self._fill()

    def look_at(self, host: str) -> None:
        """Look what models there are now, and go to those of a host."""
        self._wanted = host
        self._models.ask()

    def _build(self) -> None:
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self._list)
        split.addWidget(self._card)
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 3)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        line = row(self._bring, self._prefer, self._again, self._bar, self._stop, spacing=2 * GRID)
        line.addStretch(1)
        line.addWidget(buttons)
        layout = QVBoxLayout(self)
        layout.addWidget(split, 1)
        layout.addWidget(self._scores)
        layout.addWidget(self._problem)
        layout.addLayout(line)
        self.resize(800, 620)

    def _fill(self) -> None:
        """The table anew; the chosen line stays."""
        before = self._key()
        self._list.setSortingEnabled(False)
        self._list.blockSignals(True)
        self._list.clear()
        chosen = wanted = None
        for host, model in self._models.models():
            item = QTreeWidgetItem()
            item.setData(_TITLE, _KEY, (host, model))
            name = str(model.get("title") or model["id"])
            item.setText(_TITLE, self.tr("{0} · default").format(name) if model.get("default")
                         and host == THIS_COMPUTER else name)
            depth = model.get("depth_cm")
            item.setText(_DEPTH, f"{depth} cm" if depth else "")
            item.setTextAlignment(_DEPTH, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setText(_VERSION, str(model.get("version") or ""))
            item.setText(_HOST, self._hosts.title(host))
            item.setText(_SCORE, score_text(model))
            item.setToolTip(_SCORE, tip_text("\n".join(score_lines(model))))
            item.setToolTip(_TITLE, tip_text(str(model["id"])))
            if problem := model.get("problem"):
                item.setIcon(_TITLE, paths.icon("failed"))
                item.setToolTip(_TITLE, tip_text(plain_error(problem)))
            self._list.addTopLevelItem(item)
            if (host, model["id"]) == before:
                chosen = item
            if self._wanted and host == self._wanted and wanted is None:
                wanted = item
        self._list.blockSignals(False)
        self._list.setSortingEnabled(True)
        if wanted is not None:
            self._wanted = ""
        self._list.setCurrentItem(wanted or chosen or self._list.topLevelItem(0))
        self._show_card()

    def _current(self) -> tuple[str, dict[str, Any]] | None:
        item = self._list.currentItem()
        return item.data(_TITLE, _KEY) if item is not None else None

    def _key(self) -> tuple[str, str] | None:
        current = self._current()
        return (current[0], str(current[1]["id"])) if current else None

    def _show_card(self, *_: Any) -> None:
        current = self._current()
        host, model = current or ("", {})
        text = plain_error(model["problem"]) if model.get("problem") else str(
            model.get("card") or (self.tr("There is no description of this model.") if model else ""))
        if text != self._card.property("deepsoilText"):
            self._card.setProperty("deepsoilText", text)
            self._card.show_page(text)
        say(self._scores, "\n".join(score_lines(model)))
        fraction = self._models.coming(host, model["id"]) if model else None
        coming = fraction is not None
        here = not model or host == THIS_COMPUTER or self._models.is_here(model)
        self._bring.setEnabled(not here and not coming and not model.get("problem"))
        self._bring.setToolTip(self.tr("Already on this computer") if here and model else
                               self.tr("Downloading") if coming else "")
        self._bar.setVisible(coming)
        self._bar.setValue(round(100 * (fraction or 0.0)))
        self._stop.setVisible(coming)
        self._prefer.setEnabled(bool(model) and host == THIS_COMPUTER and not model.get("problem")
                                and not model.get("default") and bool(model.get("sha256")))

    def _fetch(self) -> None:
        if (key := self._key()) is not None:
            self._problem.say("")
            self._models.fetch(*key)

    def _cancel(self) -> None:
        if (key := self._key()) is not None:
            self._models.cancel(*key)

    def _ask_about_default(self) -> None:
        """Show what changes. The window is not modal."""
        current = self._current()
        if current is None:
            return
        new = current[1]
        box = PlainMessageBox("deepsoilConfirmDefault", default_text(self._models.default(new["depth_cm"]), new), self)
        box.setWindowModality(Qt.WindowModality.NonModal)
        use = box.addButton(self.tr("Use as default"), PlainMessageBox.ButtonRole.AcceptRole)
        use.setObjectName("deepsoilConfirmDefaultYes")
        box.setDefaultButton(box.addButton(PlainMessageBox.StandardButton.Cancel))
        use.clicked.connect(lambda: self._models.set_default(new))
        self._problem.say("")
        box.show()

    def _default_changed(self, depth_cm: int, model_id: str) -> None:
        self._problem.say(self.tr("Maps at {0} cm are made with {1} from now on.").format(depth_cm, model_id))

    def _fetched(self, model_id: str) -> None:
        self._problem.say(self.tr("{0} has been downloaded. You can now choose it for a map.").format(model_id))


def default_text(old: dict[str, Any] | None, new: dict[str, Any]) -> str:
    """What changes when a model becomes the default of its depth. Pure."""
    return "\n".join([
        tr("Make maps at {0} cm with another model from now on?").format(new["depth_cm"]), "",
        tr("Until now: {0}").format(_model_text(old) if old else tr("none")),
        tr("From now on: {0}").format(_model_text(new)), "",
        tr("Maps that exist stay as they are.")])


def _model_text(model: dict[str, Any]) -> str:
    """What a model is trusted by, and its score, in one line."""
    parts = [f"{model.get('title')} ({model['id']})", tr("version {0}").format(model.get("version")), score_text(model),
             f"SHA-256 {str(model.get('sha256') or '')[:16]}…"]
    return " · ".join(" ".join(part.split()) for part in parts if part)
