"""From the wish for data to the region: opens the plan, sends the job, updates regions, and sees to what follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ... import preferences
from ...contract import FINAL_STATES
from ...engine.client import EngineClient
from ...engine.network import NetworkSettings
from ...jobs.gather_request import GatherRequest, update_specification
from ...jobs.map_request import MapRequest, new_id
from ...jobs.maps_when_there import MapsWhenThere
from ...jobs.session import Session
from ..request_panel import RequestPanel
from .dialog import GatherDialog

_MAKE_REGIONS = ("gather", "ingest")  # kinds of jobs


class GatherDesk(QObject):
    """``refused(text)`` for what cannot be said in a window that is open."""

    refused = pyqtSignal(str)

    def __init__(self, client: EngineClient, session: Session, panel: RequestPanel, network: NetworkSettings,
                 unlock: Callable[[], object]) -> None:
        """``unlock`` makes secrets of accounts readable, where there are any; it may ask the user."""
        super().__init__(panel)
        self._client, self._session, self._panel = client, session, panel
        self._network, self._unlock = network, unlock
        self._dialog: GatherDialog | None = None
        self._sending = ""
        self._updating: set[str] = set()
        self._coming: dict[str, Any] = {}
        self._open_when_drawn = False
        self._after = MapsWhenThere(client, session, self)
        self._after.refused.connect(self.refused)
        panel.data.gatherWanted.connect(self.gather)
        panel.data.updateWanted.connect(self.update)
        panel.area.areaChanged.connect(self._area_changed)
        session.sent.connect(self._was_sent)
        client.jobChanged.connect(self._job_changed)
        client.jobRemoved.connect(self._job_gone)
        session.model.modelReset.connect(self._listed)

    def forget(self) -> None:
        """Another project is open."""
        self._open_when_drawn = False
        self.close()

    def gather(self) -> None:
        """Show the plan for the area; where there is none yet, let the user draw it first."""
        request = self._panel.request()
        if request.area is None:
            self._panel.area.draw()
            self._open_when_drawn = True  # afterwards: with the tool QGIS may begin a new project
            return
        self.close()
        self._unlock()
        self._network.tell()
        dialog = self._dialog = GatherDialog(self._client, request, bool(request.depths_cm), self._network.need,
                                             self._panel.window())
        dialog.wanted.connect(lambda wish, maps: self._send(wish, request if maps else None))
        dialog.show()

    def update(self, region: Mapping[str, Any]) -> None:
        """Fetch what is new or was revised."""
        self._unlock()
        self._network.tell()
        specification = update_specification(new_id(), region, preferences.archives_off(),
                                             preferences.archives_agreed(), preferences.archives_offline())
        self._updating.add(specification["id"])
        self._session.send(specification, self._panel.host.host_id)

    def close(self) -> None:
        """Close the plan, if it is open."""
        if self._dialog is not None and not sip.isdeleted(self._dialog):
            self._dialog.close()
        self._dialog = None

    def _area_changed(self) -> None:
        if self._open_when_drawn and self._panel.area.area is not None:
            self._open_when_drawn = False
            self.gather()

    # --- sending

    def _send(self, wish: GatherRequest, maps: MapRequest | None) -> None:
        preferences.set_archives_agreed({*preferences.archives_agreed(), *wish.agreed})
        specification = wish.specification(new_id())
        self._sending = str(specification["id"])
        if maps is not None:
            self._after.expect(self._sending, replace(maps, region=None))
        self._panel.area.settle_name()
        self._session.send(specification, wish.host)

    def _was_sent(self, problem: str, job_id: str) -> None:
        if job_id in self._updating:
            self._updating.discard(job_id)
            if problem:
                self.refused.emit(problem)
        elif job_id == self._sending and self._dialog is not None and not sip.isdeleted(self._dialog):
            refused = bool(problem) and self._session.model.job(job_id) is None
            self._dialog.was_sent(problem if refused else "")

    # --- what becomes of it

    def _job_changed(self, job: Mapping[str, Any]) -> None:
        if job.get("kind") not in _MAKE_REGIONS:
            return
        self._note(job)
        self._panel.data.set_coming(list(self._coming.values()))
        if job["state"] == "succeeded":
            self._panel.data.ask()

    def _job_gone(self, job_id: str) -> None:
        if self._coming.pop(job_id, None) is not None:
            self._panel.data.set_coming(list(self._coming.values()))

    def _listed(self) -> None:
        self._coming.clear()
        for job in self._session.model.jobs():
            self._note(job)
        self._panel.data.set_coming(list(self._coming.values()))

    def _note(self, job: Mapping[str, Any]) -> None:
        area = (job.get("specification") or {}).get("area")
        if job.get("kind") == "gather" and area is not None and job["state"] not in FINAL_STATES:
            self._coming[job["id"]] = area
        else:
            self._coming.pop(job["id"], None)
