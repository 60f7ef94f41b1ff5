"""On: where a job is to run. This computer, or one of the places with how it stands; the choice is remembered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QSizePolicy, QWidget

from .. import paths, preferences
from .model import THIS_COMPUTER, PlacesModel

_SETTINGS = object()
_LEAST_LETTERS = 12


def resources_of(place: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What a job's specification asks for at a place; None where jobs are processes of the host. Pure."""
    if place is None or place.get("scheduler") != "slurm":
        return None
    told = {key: value for key, value in (place.get("resources") or {}).items() if value is not None}
    return {**told, "scheduler": "slurm"}


class PlaceField(QComboBox):
    """``chosen(place id)`` when the user has chosen another place; ``standsOtherwise`` when the chosen one is reached,
    or no longer; ``settingsWanted`` when places are to be added or changed.
    """

    chosen = pyqtSignal(str)
    standsOtherwise = pyqtSignal()
    settingsWanted = pyqtSignal()

    def __init__(self, places: PlacesModel, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(self.tr("Where to run"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(_LEAST_LETTERS)
        self._places = places
        self._place_id = preferences.chosen_place()
        self._stood = ""
        self._stale = False
        self.activated.connect(self._activated)
        places.changed.connect(self._fill)
        self._fill()

    @property
    def place_id(self) -> str:
        """``THIS_COMPUTER`` or the id of a place; also one that is not known (yet)."""
        return self._place_id

    @property
    def is_away(self) -> bool:
        return self._place_id != THIS_COMPUTER

    @property
    def title(self) -> str:
        return self._places.title(self._place_id)

    @property
    def is_ready(self) -> bool:
        """Whether the place answers now; this computer is the engine's own matter."""
        return not self.is_away or self._state() == "ready"

    @property
    def takes_jobs(self) -> bool:
        """Whether what is sent there is at least kept, and handed over when the place answers."""
        return not self.is_away or self._places.takes_jobs(self._place_id)

    @property
    def advice(self) -> str:
        return self._places.advice(self._place_id) or self._places.state_text(self._place_id)

    def hindrance(self, engine_state: str) -> tuple[str, bool]:
        """Why nothing can be sent there now, and whether that is a problem rather than a step still to come.

        ``engine_state``: of this computer's engine, which speaks with all places. An empty text: nothing stands in
        the way.
        """
        if engine_state == "stopped":
            return self.tr("The engine has stopped."), True
        if engine_state != "ready":
            return self.tr("The engine is starting …"), False
        return ("", False) if self.takes_jobs else (f"{self.title}: {self.advice}", True)

    @property
    def parameters(self) -> dict[str, str]:
        """What a call to the engine has to say so that this place answers it."""
        return {"place": self._place_id} if self.is_away else {}

    @property
    def resources(self) -> dict[str, Any] | None:
        """What a task gets there, for the specification; None where jobs are processes of the host."""
        return resources_of(self._places.place(self._place_id))

    def choose(self, place_id: str) -> None:
        """Choose a place, as the user would."""
        if place_id != self._place_id:
            self._place_id = place_id
            preferences.set_chosen_place(place_id)
            self._fill()
            self.chosen.emit(place_id)

    def _state(self) -> str:
        return str(((self._places.place(self._place_id) or {}).get("connection") or {}).get("state") or "")

    def hidePopup(self) -> None:
        super().hidePopup()
        if self._stale:
            self._fill()

    def _fill(self) -> None:
        self._stale = self.view().isVisible()
        if self._stale:
            return  # not under the user's hand
        self.clear()
        places = self._places.places()
        if self.is_away and all(place["id"] != self._place_id for place in places):
            # Remembered, and not listed yet; or it was removed, which the line below then says.
            places = [*places, {"id": self._place_id, "title": self._place_id}]
        for place in places:
            place_id = place["id"]
            state = self._places.state_text(place_id)
            quiet = place_id == THIS_COMPUTER or (place.get("connection") or {}).get("state") == "ready"
            self.addItem(place["title"] if quiet else f"{place['title']} · {state}", place_id)
            tip = " ".join(word for word in (f"{place['title']}: {state}.", self._places.advice(place_id)) if word)
            self.setItemData(self.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
            if place_id == self._place_id:
                self.setCurrentIndex(self.count() - 1)
                self.setToolTip(tip)
        self.insertSeparator(self.count())
        self.addItem(paths.icon("deepsoil"), self.tr("Add or change…"), _SETTINGS)
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
