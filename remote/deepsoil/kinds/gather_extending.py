"""Which gathered region takes in a field near by, and why one does not. No network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from shapely import Geometry

from deepsoil.archives import folder as gathered
from deepsoil.archives import region_parts
from deepsoil.archives.archive import Ask
from deepsoil.archives.box import MOST_KM
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.text import Text
from deepsoil.grid import Window, distance_km, enclosing
from deepsoil.inference.target import utm_epsg
from deepsoil.store.store import read_attributes

if TYPE_CHECKING:
    from deepsoil.jobs.kind import Context


def region_near(context: Context, ask: Ask) -> Path | None:
    """The gathered folder of the region that takes in the field of an ask, or None.

    Of several it is the one that has this field already, else the one that has most of what is asked.
    """
    wanted, best = region_parts.window_of(ask.bounds), (0, -1)
    found: Path | None = None
    for region in context.regions.list():
        if region["problem"] is not None or not region["gathered"]:
            continue
        folder = Path(region["gathered"])
        try:
            if region_parts.same_field(folder, ask.outline) or _obstacle(folder, ask) is not None:
                continue
            shared = _grid(folder).intersect(wanted)
            pixels = 0 if shared is None else shared.width * shared.height
            rank = int(region_parts.has_field(folder, ask.outline)), pixels
        except DeepSoilError:
            continue  # a damaged region is told of where it is used
        if rank > best:
            best, found = rank, folder
    return found


def obstacle(folder: Path, ask: Ask) -> DeepSoilError | None:
    """``folder_taken`` where the region in a folder cannot take in the field of an ask, with the reason."""
    reason = _obstacle(folder, ask)
    if reason is None:
        return None
    return DeepSoilError("folder_taken", "{folder} has the data of another field, and this one cannot be added to it: "
                         "{reason}.", "Choose another folder.", "options.folder", folder=folder, reason=reason)


def _obstacle(folder: Path, ask: Ask) -> Text | None:
    """Why a region cannot take in a field; None: it can. DeepSoilError: its records cannot be read."""
    record, outline = gathered.read(folder), gathered.field_of(folder)
    if record is None or outline is None or read_attributes(folder / gathered.STORE) is None:
        return Text("no region was made of it yet")
    wanted, grid = region_parts.window_of(ask.bounds), _grid(folder)
    if grid.pad(1).intersect(wanted) is None:
        return Text("they do not touch")
    if _zone(outline) != _zone(ask.outline):
        return Text("they lie in different UTM zones")
    there = [region_parts.window_of(one.bounds) for one in
             (record, *(part.record for part in region_parts.parts_of(folder)))]
    west, south, east, north = enclosing([*there, wanted]).bounds_lonlat
    middle = (south + north) / 2
    wide, high = float(distance_km(west, middle, east, middle)), float(distance_km(west, south, west, north))
    if max(wide, high) > MOST_KM:
        return Text("together they would be {wide:,.0f} km by {high:,.0f} km, and a region has at most {most:,.0f} km",
                    wide=wide, high=high, most=MOST_KM)
    return None


def _grid(folder: Path) -> Window:
    """The pixels of the store of a gathered region; its parts that have none yet are not in it."""
    attributes = read_attributes(folder / gathered.STORE) or {}
    return Window(**attributes["window"])


def _zone(outline: Geometry) -> int:
    return utm_epsg(outline.centroid.x, outline.centroid.y)
