"""The dialog in which a host is described; what is wrong is said while one types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qgis.PyQt.QtCore import Qt, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QVBoxLayout, QWidget

from ..text.formatting import plain_error
from ..text.plain import tip_text
from ..widgets.basic import GRID, ProblemLine
from . import validation
from .access_fields import AccessFields
from .model import Host, HostsModel
from .resource_fields import RareFields, ResourceFields

_WIDTH_PX = 560


class HostDialog(QDialog):
    """A new host, or a change of one. ``testWanted(host)`` with what stands there; ``saved(host)``, then it closes.
    """

    testWanted = pyqtSignal(dict)
    saved = pyqtSignal(dict)

    def __init__(self, hosts: HostsModel, host: Mapping[str, Any] | None = None, parent: QWidget | None = None
                 ) -> None:
        super().__init__(parent)
        self.setObjectName("deepsoilHostDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("DeepSoil: Add Host") if host is None
                            else self.tr("DeepSoil: {0}").format(host["title"]))
        self._hosts = hosts
        self._base = {**validation.new_host(), **{key: value for key, value in (host or {}).items()
                                                   if key != "connection"}}
        self._others = [other for other in hosts.hosts() if other["id"] not in ("", self._base["id"])]
        self._saving = False
        self.access, self.resources, self.rare = AccessFields(), ResourceFields(), RareFields()
        self._problem = ProblemLine("deepsoilHostProblem")
        self._test = QPushButton(self.tr("Test connection"))
        self._test.setObjectName("deepsoilHostTest")
        self._test.setAutoDefault(False)
        self._test.clicked.connect(lambda: self.testWanted.emit(self.document()))
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        self._save = self._buttons.button(QDialogButtonBox.StandardButton.Save)
        self._save.setObjectName("deepsoilHostSave")
        self._buttons.addButton(self._test, QDialogButtonBox.ButtonRole.ActionRole)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(2 * GRID)
        for part in (self.access, self.resources, self.rare):
            layout.addWidget(part)
        layout.addStretch(1)
        layout.addWidget(self._problem)
        layout.addWidget(self._buttons)
        self._put(self._base)
        for part in (self.access, self.resources, self.rare):
            part.edited.connect(self._edited)
        for box in (self.resources, self.rare):
            box.setSaveCollapsedState(False)
            box.collapsedStateChanged.connect(self._fit)
        self.rare.setCollapsed(True)
        self._edited()
        self.setMinimumWidth(max(_WIDTH_PX, self.minimumSizeHint().width()))
        self.access.address.setFocus()
        hosts.ask_aliases(self.access.offer, self)

    def _put(self, host: Mapping[str, Any]) -> None:
        self.access.put(host)
        self.resources.put({**validation.RESOURCES, **(host["resources"] or {})})
        self.rare.put({**host, "resources": {**validation.RESOURCES, **(host["resources"] or {})}})

    def document(self) -> Host:
        """The host as it stands there."""
        fields, resources = self.rare.read()
        host = {**self._base, **self.access.read(), **fields,
                 "resources": {**(self._base["resources"] or {}), **self.resources.read(), **resources}}
        host["id"] = self._base["id"] or validation.host_id(host["title"], [other["id"] for other in self._others])
        return host

    def keep_id(self, host_id: str) -> None:
        """The host has been saved meanwhile: from now on it is changed."""
        self._base["id"] = host_id

    def accept(self) -> None:
        """Hand the host to the engine; the dialog closes when that has taken it."""
        if self._saving or validation.problem(self.document(), self._titles()) is not None:
            return
        self._saving = True
        self._enable(False)
        self._problem.say(self.tr("Saving …"))
        self._hosts.save(self.document(), self._was_saved, self._was_refused, owner=self)

    def _was_saved(self, host: Host) -> None:
        self.saved.emit(host)
        super().accept()

    def _was_refused(self, error: dict[str, Any]) -> None:
        self._saving = False
        self._enable(True)
        self._problem.say(plain_error(error), warning=True)

    def _edited(self) -> None:
        document = self.document()
        slurm = document["scheduler"] == "slurm"
        if slurm == self.resources.isHidden():
            self._fit()
        self.resources.setVisible(slurm)
        self.rare.show_slurm(slurm)
        wrong = validation.problem(document, self._titles())
        text = wrong.text if wrong else ""
        self._problem.say(text, warning=wrong is not None and not wrong.missing)
        for button in (self._save, self._test):
            button.setEnabled(wrong is None)
            button.setToolTip(tip_text(text))

    def _enable(self, on: bool) -> None:
        for widget in (self.access, self.resources, self.rare, self._save, self._test):
            widget.setEnabled(on)

    def _fit(self, *_: object) -> None:
        """As high as what is unfolded, once that has been laid out."""
        QTimer.singleShot(0, self._shrink)

    def _shrink(self) -> None:
        self.adjustSize()

    def _titles(self) -> list[str]:
        return [str(other["title"]) for other in self._others] + [self.tr("This computer")]
