"""The places that this computer knows, in ``HOME/places.json``. Several processes may read and change it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.host import Place, parse_place
from deepsoil.io import files

_SCHEMA = 1


class Registry:
    """``places.json`` of a HOME. A file that cannot be understood is never written over: ``places_damaged``."""

    def __init__(self, home: Path) -> None:
        self._file = home / "places.json"
        self._lock = home / ".places.lock"

    def list(self) -> list[Place]:
        """In the order in which they were made. DeepSoilError ``places_damaged``."""
        try:
            document = files.read_json(self._file)
        except FileNotFoundError:
            return []
        except (OSError, ValueError) as error:
            raise self._damaged(str(error)) from error
        schema = document.get("schema") if isinstance(document, dict) else None
        if isinstance(schema, int) and schema > _SCHEMA:
            raise DeepSoilError("places_damaged", f"The list of places {self._file} was written by a newer version.",
                                "Update the engine, or rename the file and add the places again.")
        entries = document.get("places") if schema == _SCHEMA else None
        if not isinstance(entries, list):
            raise self._damaged("no list of places")
        try:
            return [parse_place(entry) for entry in entries]
        except DeepSoilError as error:
            raise self._damaged(str(error)) from error

    def get(self, place: str) -> Place:
        """DeepSoilError ``place_unknown``, ``places_damaged``."""
        for known in self.list():
            if known.id == place:
                return known
        raise DeepSoilError("place_unknown", f"There is no place '{place}'.", "Add it in the options.", "place")

    def set(self, place: Place) -> None:
        """Add a place, or put it in the place of that with its id. DeepSoilError ``places_damaged``."""
        with files.locked(self._lock):
            known = self.list()
            if any(one.id == place.id for one in known):
                self._write([place if one.id == place.id else one for one in known])
            else:
                self._write([*known, place])

    def remove(self, place: str) -> None:
        """Forget a place. DeepSoilError ``place_unknown``, ``places_damaged``."""
        with files.locked(self._lock):
            self.get(place)
            self._write([one for one in self.list() if one.id != place])

    def _write(self, places: Any) -> None:
        files.write_json(self._file, {"schema": _SCHEMA, "places": [place.to_dict() for place in places]})

    def _damaged(self, detail: str) -> DeepSoilError:
        return DeepSoilError("places_damaged", f"The list of places {self._file} cannot be read ({detail}).",
                             "Correct the file, or rename it and add the places again; their jobs are untouched.")
