"""The regions that this computer knows: their stores are listed in ``HOME/regions.json``, opened when needed."""

from __future__ import annotations

import builtins
import re
import sys
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.io import json_files, locks

if TYPE_CHECKING:
    from deepsoil.store.store import Store

MADE_IN = "regions-data"
"""In HOME: the regions that DeepSoil gathers or generates. Files of others are the user's, and are never deleted."""

_SCHEMA = 1

Documents = list[dict[str, Any]]


class Regions:
    """``regions.json`` of a HOME. Several processes may read and add at the same time."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._file = home / "regions.json"
        self._lock = home / ".regions.lock"

    def list(self) -> Documents:
        """Every region as the contract says; one that cannot be used says why in ``problem``."""
        return [self.describe(entry) for entry in self._entries()]

    def describe(self, entry: dict[str, Any]) -> dict[str, Any]:
        """The region of one entry of ``regions.json``."""
        unusable: dict[str, Any] = {"synthetic": False, "footprint": None, "first_date": None, "last_date": None,
                                    "forecast_from": None,
                                    "channels": [], "stations": 0, "attribution": "", "gathered": None}
        try:
            path = Path(entry["path"])
            described, problem = _describe(str(path), _stamp(path)), None
        except DeepSoilError as error:
            described, problem = {**unusable, "name": entry["name"]}, error.to_dict()
        except Exception as error:  # noqa: BLE001 - the boundary: one store must not hide the others
            described, problem = {**unusable, "name": entry["name"]}, DeepSoilError(
                "store_corrupt", "The store {path} cannot be used ({error}).",
                "Copy it again, or build it again with 'deepsoil ingest'.", "region",
                path=entry["path"], error=str(error)[:200] or type(error).__name__).to_dict()
        return {"id": entry["id"], "path": entry["path"], **described,
                "made_here": is_made_here(self._home, Path(entry["path"])), "problem": problem}

    def add(self, path: Path) -> dict[str, Any]:
        """Remember the store in ``path``; the same store again is the same region.

        Raises
        ------
        DeepSoilError
            ``store_missing``, ``store_corrupt`` as the store says; ``regions_damaged``.
        """
        path = Path(path).expanduser().absolute()
        store = _open(path)
        with locks.locked(self._lock):
            entries = self._entries()
            for entry in entries:
                if Path(entry["path"]) == path:
                    return self.describe(entry)
            entry = {"id": _free_id(store.name, {known["id"] for known in entries}), "path": str(path),
                     "name": store.title or store.name}
            json_files.write(self._file, {"schema": _SCHEMA, "regions": [*self._stored(), entry]})
        return self.describe(entry)

    def forget(self, region: str) -> None:
        """Take a region out of the list; its files stay. One that is not there is forgotten already."""
        with locks.locked(self._lock):
            left = [entry for entry in self._stored() if not (_is_entry(entry) and entry["id"] == region)]
            json_files.write(self._file, {"schema": _SCHEMA, "regions": left})

    def get(self, region: str) -> Store:
        """The store of a region; the same object as before, with what it has read, while its description is unchanged.

        DeepSoilError ``region_unknown`` or what the store says.
        """
        path = self.path(region)
        return _kept(path, _stamp(path))

    def path(self, region: str) -> Path:
        """Where the store of a region lies. DeepSoilError ``region_unknown``."""
        entries = self._entries()
        for entry in entries:
            if entry["id"] == region:
                return Path(entry["path"])
        known = ", ".join(entry["id"] for entry in entries) or "none yet"
        raise DeepSoilError("region_unknown", "There is no region '{region}' on this computer.",
                            "Known regions: {known}. Add a store first.", "region",
                            region=region, known=known)

    def covering(self, area: dict[str, Any]) -> str:
        """The id of the usable region that covers an area (GeoJSON); if none does, of the one that covers most of it.

        Raises
        ------
        DeepSoilError
            ``area_outside`` (wholly), ``region_ambiguous`` (several cover it all), ``no_regions``.
        """
        from shapely.geometry import shape

        from deepsoil.areas import outside, together

        usable = {region["id"]: region["footprint"] for region in self.list() if region["problem"] is None}
        if not usable:
            raise DeepSoilError("no_regions", "This computer has no usable region.",
                                "Add the store of a region, or the sample region.", "region")
        outline = together(area)
        footprints = {name: shape(footprint) for name, footprint in usable.items()}
        covering = [name for name, footprint in footprints.items() if footprint.covers(outline)]
        if len(covering) > 1:
            raise DeepSoilError("region_ambiguous", "Several regions cover the area: {covering}.",
                                "Choose one of them.", "region",
                                covering=', '.join(covering))
        shares = {name: footprint.intersection(outline).area for name, footprint in footprints.items()}
        best = covering[0] if covering else max(shares, key=lambda name: shares[name])
        if shares[best] <= 0:
            raise outside(area, usable)
        return best

    def _stored(self) -> builtins.list[Any]:
        """All entries of the file, also those that are no regions. DeepSoilError ``regions_damaged``."""
        try:
            document = json_files.read(self._file)
        except FileNotFoundError:
            return []
        except (OSError, ValueError) as error:
            raise _damaged(self._file, str(error)) from error
        entries = document.get("regions") if isinstance(document, dict) else None
        if not isinstance(entries, list):
            raise _damaged(self._file, "no list of regions")
        return entries

    def _entries(self) -> Documents:
        """The entries of the file that are regions; of another one stderr says that it is left out."""
        entries = self._stored()
        if wrong := [entry for entry in entries if not _is_entry(entry)]:
            print(f"regions: {len(wrong)} entries of {self._file} are no regions and are left out", file=sys.stderr)
        return [entry for entry in entries if _is_entry(entry)]


def is_made_here(home: Path, path: Path) -> bool:
    """Whether a store lies where DeepSoil makes regions, so that its files may be deleted."""
    return (home / MADE_IN).resolve() in path.resolve().parents


def _open(path: Path) -> Store:
    from deepsoil.store.store import Store

    return Store.open(path)


@lru_cache(maxsize=4)
def _kept(path: Path, stamp: float) -> Store:
    return _open(path)


@lru_cache(maxsize=64)
def _describe(path: str, stamp: float) -> dict[str, Any]:
    """What a store says about itself; cached while its description on disk is unchanged (``stamp``)."""
    from deepsoil.archives.folder import is_gathered

    store = _open(Path(path))
    dates, foreseen = store.map_dates(), store.forecast_from()
    return {"name": store.title or store.name, "synthetic": store.synthetic, "footprint": store.footprint(),
            "first_date": str(dates[0]) if dates else None, "last_date": str(dates[1]) if dates else None,
            "forecast_from": str(foreseen) if foreseen else None, "channels": store.channels(),
            "stations": len(store.stations().ids), "attribution": store.attribution,
            "gathered": str(store.path.parent) if is_gathered(store.path.parent) else None}


def _stamp(path: Path) -> float:
    try:
        return max((path / "zarr.json").stat().st_mtime, path.stat().st_mtime)
    except OSError:
        return 0.0


def _free_id(name: str, taken: set[str]) -> str:
    base = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "region"
    number = 1
    while (chosen := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    return chosen


def _is_entry(entry: Any) -> bool:
    return isinstance(entry, dict) and all(isinstance(entry.get(key), str) and "\0" not in entry[key]
                                           for key in ("id", "path", "name"))


def _damaged(file: Path, detail: str) -> DeepSoilError:
    return DeepSoilError("regions_damaged", "The list of regions {file} cannot be read ({detail}).",
                         "Rename the file and add the regions again; the stores themselves are untouched.",
                         file=file, detail=detail)
