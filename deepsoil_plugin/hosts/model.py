"""The hosts where jobs can run, with how they stand: one list for the whole plugin, kept current by the engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..contract import LOCAL
from ..engine.client import EngineClient, OnError
from ..text.formatting import plain_error
from ..text.translate import tr

THIS_COMPUTER = LOCAL  # the host that is always there

Host = dict[str, Any]


class HostsModel(QObject):
    """``changed`` when a host came, went, or stands otherwise than before; ``removed`` by the user."""

    changed = pyqtSignal()
    removed = pyqtSignal(str)

    def __init__(self, client: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._clusters: dict[str, Host] = {}
        self._tested: dict[str, Host] = {}
        client.ready.connect(self.refresh)
        client.hostChanged.connect(self._put)
        client.stateChanged.connect(self._client_changed)
        if client.is_ready:
            self.refresh()

    def hosts(self) -> list[Host]:
        """This computer first (id ``THIS_COMPUTER``), then the others by title; as in the contract, with their
        ``connection``.
        """
        here = {"id": THIS_COMPUTER, "title": self.tr("This computer"), "scheduler": "process",
                "connection": {"state": self._client.state, "message": self._client.reason, "hint": "", "code": None}}
        return [here, *sorted(self._clusters.values(), key=lambda host: str(host["title"]).casefold())]

    def host(self, host_id: str) -> Host | None:
        """One host; None where it is not known."""
        return next((host for host in self.hosts() if host["id"] == host_id), None)

    def title(self, host_id: str | None) -> str:
        """Its title; also of a host that was removed."""
        if not host_id or host_id == THIS_COMPUTER:
            return self.tr("This computer")
        host = self.described(host_id)
        return str(host["title"]) if host else host_id

    def state_text(self, host_id: str) -> str:
        """How it stands, in a few plain words."""
        host = self.host(host_id)
        if host is None:
            return self.tr("removed")
        return engine_state_text(self._client.state) if host_id == THIS_COMPUTER else connection_text(host)

    def advice(self, host_id: str) -> str:
        """What the engine says of its connection and what to do; empty where all is well."""
        connection = (self.host(host_id) or {}).get("connection") or {}
        return plain_error(connection)

    def takes_jobs(self, host_id: str) -> bool:
        """Whether a job sent there now is at least kept and handed over when the host answers."""
        state = ((self.host(host_id) or {}).get("connection") or {}).get("state")
        return state is not None and state not in ("refused", "no_engine", "other_engine", "missing", "stopped")

    def refresh(self, *_: Any) -> None:
        """Ask the engine for the whole list."""
        self._client.call("hosts", {}, self._listed, owner=self)

    def ask_aliases(self, received: Callable[[list[str]], None], owner: QObject) -> None:
        """Ask the engine for the host aliases of the user's SSH configuration; without an engine, none are offered."""
        if self._client.is_ready:
            self._client.call("ssh_aliases", {}, lambda names: received([str(name) for name in names]), owner=owner)

    def save(self, host: Mapping[str, Any], saved: Callable[[Host], None], failed: OnError,
             owner: QObject | None = None) -> None:
        """Make or change a host."""
        def done(answer: Host) -> None:
            self._put(answer)
            saved(answer)

        self._client.call("set_host", {"host": dict(host)}, done, failed, owner=owner or self)

    def test(self, host: Mapping[str, Any], done: Callable[[Any], None], failed: OnError, owner: QObject) -> None:
        """Test the connection to a host, saved or not; its steps come as ``hostStepped`` of the client."""
        host_id = str(host["id"])
        self._tested[host_id] = dict(host)

        def ended(then: Callable[[Any], None], answer: Any) -> None:
            self._tested.pop(host_id, None)
            if not sip.isdeleted(owner):
                then(answer)

        self._client.call("test_host", {"host": dict(host)}, partial(ended, done), partial(ended, failed),
                          owner=self)

    def described(self, host_id: str) -> Host | None:
        """The document of a cluster: as it is being tested, else as it is saved."""
        return self._tested.get(host_id) or self._clusters.get(host_id)

    def remove(self, host_id: str, failed: OnError) -> None:
        """Forget a host; its jobs there go on."""
        def gone(_: Any) -> None:
            self._clusters.pop(host_id, None)
            self.removed.emit(host_id)
            self.changed.emit()

        self._client.call("remove_host", {"host": host_id}, gone, failed, owner=self)

    def connect_now(self, host_id: str) -> None:
        """Try to reach it at once, whatever the waiting time says."""
        self._client.call("connect", {"host": host_id}, owner=self)

    def _listed(self, hosts: Any) -> None:
        found = {str(host["id"]): host for host in hosts} if isinstance(hosts, list) else {}
        if found != self._clusters:
            self._clusters = found
            self.changed.emit()

    def _put(self, host: Host) -> None:
        if self._clusters.get(str(host["id"])) != host:
            self._clusters[str(host["id"])] = host
            self.changed.emit()

    def _client_changed(self, _state: str) -> None:
        self.changed.emit()


def connection_text(host: Mapping[str, Any]) -> str:
    """How a cluster's connection stands. Pure apart from the translator."""
    connection = host.get("connection") or {}
    state = connection.get("state")
    if state == "other_engine":
        return tr("has engine version {0}").format(connection.get("engine") or "?")
    words = {"off": tr("not connected"), "connecting": tr("connecting …"), "asking": tr("waiting for your answer"),
             "ready": tr("ready"), "waiting": tr("not reachable"),
             "refused": _refusal_text(str(connection.get("code") or "")), "no_engine": tr("engine not installed")}
    return words.get(str(state), tr("not connected"))


def _refusal_text(code: str) -> str:
    if code.startswith("host_key"):
        return tr("host key not accepted")
    return {"login_refused": tr("login refused"), "login_unanswered": tr("login not answered")}.get(
        code, tr("login not possible"))


def engine_state_text(state: str) -> str:
    """How the engine of this computer stands. Pure apart from the translator."""
    return {"off": tr("not started"), "starting": tr("starting"), "ready": tr("ready"),
            "missing": tr("not set up yet"), "stopped": tr("stopped")}.get(state, state)
