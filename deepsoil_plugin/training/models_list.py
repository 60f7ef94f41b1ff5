"""The models of this computer and of the places, as they are told; asked for when they are wanted."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..engine.client import EngineClient
from ..hosts.model import THIS_COMPUTER, PlacesModel
from ..text.formatting import plain_error

_TIMEOUT_S = 120.0
_FETCH_TIMEOUT_S = 3_600.0  # however long a line takes; an engine that ends answers at once

Model = dict[str, Any]


class ModelsList(QObject):
    """``changed``: other models than before. ``fetched(id)``: one has come to this computer. ``failed(text)``."""

    changed = pyqtSignal()
    fetched = pyqtSignal(str)
    failed = pyqtSignal(str)

    def __init__(self, client: EngineClient, places: PlacesModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client, self._places = client, places
        self._models: dict[str, list[Model]] = {}
        self._asked: set[str] = set()
        self._coming: set[tuple[str, str]] = set()
        places.changed.connect(self._ask_new_ones)
        client.ready.connect(self.ask)

    def models(self) -> list[tuple[str, Model]]:
        """Place id and model, this computer first."""
        order = [str(place["id"]) for place in self._places.places()]
        return [(place, model) for place in order for model in self._models.get(place, [])]

    def is_here(self, model: Model) -> bool:
        """Whether this computer has the same file."""
        return any(mine["id"] == model["id"] and mine.get("sha256") == model.get("sha256")
                   for mine in self._models.get(THIS_COMPUTER, []))

    def is_coming(self, place: str, model_id: str) -> bool:
        return (place, model_id) in self._coming

    def ask(self, *_: Any) -> None:
        """Ask everywhere where there is an answer now."""
        self._asked.clear()
        self._ask_new_ones()

    def fetch(self, place: str, model_id: str) -> None:
        """Bring a model with its card to this computer."""
        if (place, model_id) in self._coming:
            return
        self._coming.add((place, model_id))
        self.changed.emit()
        self._client.call("fetch_model", {"place": place, "model": model_id},
                          lambda _: self._fetched(place, model_id), lambda error: self._not_fetched(
                              place, model_id, error), owner=self, timeout_s=_FETCH_TIMEOUT_S)

    def _ask_new_ones(self) -> None:
        for place in self._places.places():
            state = (place.get("connection") or {}).get("state")
            if state == "ready" and place["id"] not in self._asked:
                self._asked.add(place["id"])
                self._ask_one(str(place["id"]))
            elif state != "ready":
                self._asked.discard(place["id"])  # when it is back it may have others

    def _ask_one(self, place: str) -> None:
        self._client.call("models", {"place": place} if place else {}, lambda models: self._came(place, models),
                          lambda error: self.failed.emit(f"{self._places.title(place)}: {plain_error(error)}"),
                          owner=self, timeout_s=_TIMEOUT_S)

    def _came(self, place: str, models: list[Model]) -> None:
        self._models[place] = models
        self.changed.emit()

    def _fetched(self, place: str, model_id: str) -> None:
        self._coming.discard((place, model_id))
        self._ask_one(THIS_COMPUTER)
        self.fetched.emit(model_id)
        self.changed.emit()

    def _not_fetched(self, place: str, model_id: str, error: dict[str, Any]) -> None:
        self._coming.discard((place, model_id))
        self.changed.emit()
        self.failed.emit(plain_error(error))
