"""The models of this computer and of the hosts, as they are told; asked for when they are wanted."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..engine.client import EngineClient
from ..hosts.model import THIS_COMPUTER, HostsModel
from ..text.formatting import plain_error

Model = dict[str, Any]


class ModelsList(QObject):
    """``changed``: other models than before. ``fetched(id)``: one has come to this computer. ``failed(text)``.
    ``progressed``: another fraction of a model has come. ``defaultChanged(depth_cm, id)``: maps of this computer are
    made with another model.
    """

    changed = pyqtSignal()
    progressed = pyqtSignal()
    fetched = pyqtSignal(str)
    failed = pyqtSignal(str)
    defaultChanged = pyqtSignal(int, str)

    def __init__(self, client: EngineClient, hosts: HostsModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client, self._hosts = client, hosts
        self._models: dict[str, list[Model]] = {}
        self._asked: set[str] = set()
        self._coming: dict[tuple[str, str], float] = {}
        client.modelFetched.connect(self._progressed)
        hosts.changed.connect(self._ask_new_ones)
        client.ready.connect(self.ask)

    def models(self) -> list[tuple[str, Model]]:
        """Host id and model, this computer first."""
        order = [str(host["id"]) for host in self._hosts.hosts()]
        return [(host, model) for host in order for model in self._models.get(host, [])]

    def is_here(self, model: Model) -> bool:
        """Whether this computer has the same file."""
        return any(mine["id"] == model["id"] and mine.get("sha256") == model.get("sha256")
                   for mine in self._models.get(THIS_COMPUTER, []))

    def coming(self, host: str, model_id: str) -> float | None:
        """The fraction of a model that has come; None where it is not on its way."""
        return self._coming.get((host, model_id))

    def cancel(self, host: str, model_id: str) -> None:
        """Stop bringing a model; what has come is continued the next time."""
        self._client.call("cancel_fetch_model", {"host": host, "model": model_id}, owner=self)

    def default(self, depth_cm: int) -> Model | None:
        """What maps of a depth are made with on this computer unless they name a model."""
        return next((model for model in self._models.get(THIS_COMPUTER, []) if model.get("default")
                     and model.get("depth_cm") == depth_cm), None)

    def set_default(self, model: Model) -> None:
        """Make a model of this computer the default of its depth, if it still is the file that was shown."""
        wanted = {"depth_cm": model["depth_cm"], "model": model["id"], "version": model["version"],
                  "sha256": model["sha256"]}
        self._client.call("set_default_model", wanted, lambda _: self._default_set(model),
                          lambda error: self.failed.emit(plain_error(error)), owner=self)

    def _default_set(self, model: Model) -> None:
        self._ask_one(THIS_COMPUTER)
        self.defaultChanged.emit(int(model["depth_cm"]), str(model["id"]))

    def ask(self, *_: Any) -> None:
        """Ask everywhere where there is an answer now."""
        self._asked.clear()
        self._ask_new_ones()

    def fetch(self, host: str, model_id: str) -> None:
        """Bring a model with its card to this computer."""
        if (host, model_id) in self._coming:
            return
        self._coming[host, model_id] = 0.0
        self.changed.emit()
        self._client.call("fetch_model", {"host": host, "model": model_id},
                          lambda _: self._fetched(host, model_id), lambda error: self._not_fetched(
                              host, model_id, error), owner=self)

    def _ask_new_ones(self) -> None:
        for host in self._hosts.hosts():
            state = (host.get("connection") or {}).get("state")
            if state == "ready" and host["id"] not in self._asked:
                self._asked.add(host["id"])
                self._ask_one(str(host["id"]))
            elif state != "ready":
                self._asked.discard(host["id"])  # when it is back it may have others

    def _ask_one(self, host: str) -> None:
        self._client.call("models", {"host": host}, lambda models: self._came(host, models),
                          lambda error: self.failed.emit(f"{self._hosts.title(host)}: {plain_error(error)}"),
                          owner=self)

    def _came(self, host: str, models: list[Model]) -> None:
        self._models[host] = models
        self.changed.emit()

    def _progressed(self, host: str, model_id: str, fraction: float) -> None:
        if (host, model_id) in self._coming:
            self._coming[host, model_id] = fraction
            self.progressed.emit()

    def _fetched(self, host: str, model_id: str) -> None:
        self._coming.pop((host, model_id), None)
        self._ask_one(THIS_COMPUTER)
        self.fetched.emit(model_id)
        self.changed.emit()

    def _not_fetched(self, host: str, model_id: str, error: dict[str, Any]) -> None:
        self._coming.pop((host, model_id), None)
        self.changed.emit()
        if error.get("code") != "fetch_cancelled":
            self.failed.emit(plain_error(error))
