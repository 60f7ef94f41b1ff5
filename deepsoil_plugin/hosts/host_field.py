"""On: where a job is to run. This computer, or one of the hosts with how it stands; the choice is remembered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QSizePolicy, QWidget

from .. import paths, preferences
from ..text.plain import tip_text
from .model import THIS_COMPUTER, HostsModel

_SETTINGS = object()
_LEAST_LETTERS = 12


def resources_of(host: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What a job's specification asks for at a host; None where jobs are processes of the host. Pure."""
    if host is None or host.get("scheduler") != "slurm":
        return None
    told = {key: value for key, value in (host.get("resources") or {}).items() if value is not None}
    return {**told, "scheduler": "slurm"}


class HostField(QComboBox):
    """``chosen(host id)`` when the user has chosen another host; ``standsOtherwise`` when the chosen one is reached,
    or no longer; ``settingsWanted`` when hosts are to be added or changed.
    """

    chosen = pyqtSignal(str)
    standsOtherwise = pyqtSignal()
    settingsWanted = pyqtSignal()

    def __init__(self, hosts: HostsModel, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(self.tr("Host to run on"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(_LEAST_LETTERS)
        self._hosts = hosts
        self._host_id = preferences.chosen_host()
        self._stood = ""
        self._stale = False
        self.activated.connect(self._activated)
        hosts.changed.connect(self._fill)
        self._fill()

    @property
    def host_id(self) -> str:
        """``THIS_COMPUTER`` or the id of a host; also one that is not known (yet)."""
        return self._host_id

    @property
    def is_away(self) -> bool:
        return self._host_id != THIS_COMPUTER

    @property
    def title(self) -> str:
        return self._hosts.title(self._host_id)

    @property
    def is_ready(self) -> bool:
        """Whether the host answers now; this computer is the engine's own matter."""
        return not self.is_away or self._state() == "ready"

    @property
    def takes_jobs(self) -> bool:
        """Whether what is sent there is at least kept, and handed over when the host answers."""
        return not self.is_away or self._hosts.takes_jobs(self._host_id)

    @property
    def advice(self) -> str:
        return self._hosts.advice(self._host_id) or self._hosts.state_text(self._host_id)

    def obstacle(self, engine_state: str) -> tuple[str, bool]:
        """Why nothing can be sent there now, and whether that is a problem rather than a step still to come.

        ``engine_state``: of this computer's engine, which speaks with all hosts. An empty text: nothing stands in
        the way.
        """
        if engine_state == "stopped":
            return self.tr("The engine has stopped."), True
        if engine_state != "ready":
            return self.tr("The engine is starting …"), False
        return ("", False) if self.takes_jobs else (f"{self.title}: {self.advice}", True)

    @property
    def parameters(self) -> dict[str, str]:
        """What a call to the engine has to say so that this host answers it."""
        return {"host": self._host_id} if self.is_away else {}

    @property
    def resources(self) -> dict[str, Any] | None:
        """What a task gets there, for the specification; None where jobs are processes of the host."""
        return resources_of(self._hosts.host(self._host_id))

    def choose(self, host_id: str) -> None:
        """Choose a host, as the user would."""
        if host_id != self._host_id:
            self._host_id = host_id
            preferences.set_chosen_host(host_id)
            self._fill()
            self.chosen.emit(host_id)

    def _state(self) -> str:
        return str(((self._hosts.host(self._host_id) or {}).get("connection") or {}).get("state") or "")

    def hidePopup(self) -> None:
        super().hidePopup()
        if self._stale:
            self._fill()

    def _fill(self) -> None:
        self._stale = self.view().isVisible()
        if self._stale:
            return  # not under the user's hand
        self.clear()
        hosts = self._hosts.hosts()
        if self.is_away and all(host["id"] != self._host_id for host in hosts):
            # Remembered, and not listed yet; or it was removed, which the line below then says.
            hosts = [*hosts, {"id": self._host_id, "title": self._host_id}]
        for host in hosts:
            host_id = host["id"]
            state = self._hosts.state_text(host_id)
            quiet = host_id == THIS_COMPUTER or (host.get("connection") or {}).get("state") == "ready"
            self.addItem(host["title"] if quiet else f"{host['title']} · {state}", host_id)
            tip = " ".join(word for word in (f"{host['title']}: {state}.", self._hosts.advice(host_id)) if word)
            self.setItemData(self.count() - 1, tip_text(tip), Qt.ItemDataRole.ToolTipRole)
            if host_id == self._host_id:
                self.setCurrentIndex(self.count() - 1)
                self.setToolTip(tip_text(tip))
        self.insertSeparator(self.count())
        self.addItem(paths.icon("deepsoil"), self.tr("Manage hosts…"), _SETTINGS)
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + 2 * self.view().frameWidth())
        if (stands := f"{self._state()} {self.takes_jobs}") != self._stood:
            self._stood = stands
            self.standsOtherwise.emit()

    def _activated(self, row: int) -> None:
        data = self.itemData(row)
        if data is _SETTINGS:
            self._fill()  # the choice stays
            self.settingsWanted.emit()
        elif data is not None:
            self.choose(data)
