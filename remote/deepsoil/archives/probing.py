"""A live comparison of an archive with what is assumed of it: a small known place is fetched, ingested and looked at.

Grid, legend and columns are compared by the checks of the archive itself and of the kinds of source; CRS, data type
and nodata of rasters with ``raster_forms``. Here the place decides whether the numbers are right: the Konza prairie
near Manhattan, Kansas, tall grass on silty clay at 320 to 447 m, of which the ranges below are known from measurements
and maps.
"""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from shapely.geometry import box

from deepsoil.archives import probing_region, probing_stations, raster_forms
from deepsoil.archives.archive import Archive, Ask, Bounds, Entries
from deepsoil.archives.network import Network
from deepsoil.channels import CHANNELS
from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import Window
from deepsoil.sources.kinds import any_source
from deepsoil.store.store import Store

FIELD: Bounds = (-96.600, 39.085, -96.590, 39.095)
AROUND: Bounds = (-96.610, 39.075, -96.580, 39.105)
_DAYS, _BEFORE_TODAY = 40, 100
"""A short time, long enough ago that every archive has it."""
_LEAST_KNOWN = 0.5
"""Share of the field's pixels, or of a series' days, that must have a value."""

KNOWN: dict[str, tuple[float, float]] = {
    "elevation": (315, 450), "sand": (2, 45), "silt": (25, 80), "clay": (12, 60), "bulk_density": (0.9, 1.8),
    "organic_matter": (0.3, 12), "precipitation": (0, 200), "temperature": (-35, 42),
    "vpd": (0, 8), "pet": (0, 15), "ndvi": (0.1, 0.95), "lai": (0.1, 7), "smap_1km": (0.03, 0.55),
    "smap": (0.03, 0.55), "smap_flagged": (0.0, 0.6),
}
"""Channel → the range of its mean there, narrower than what the channel may have."""
KNOWN_CLASSES: dict[str, frozenset[int]] = {
    "land_cover": frozenset({71, 81}), "crop": frozenset({152, 176}), "koppen": frozenset({14, 25})}
"""Channel → classes of which one must cover most of the prairie."""
FULL_OF_HOLES: dict[str, float] = {"smap_1km": 0.02, "smap": 0.02, "smap_flagged": 0.0}
"""Channel → share of its values that must be there, where fewer than elsewhere are right."""


def probe(archive: Archive, network: Network, folder: Path, today: date) -> list[str]:
    """What differs from what is assumed, in sentences; empty where nothing does. ``folder``: empty, for the files."""
    end = today if "forecast" in archive.provides else today - timedelta(days=_BEFORE_TODAY)
    of_stations = archive.name in probing_stations.KNOWN
    field, bounds = probing_stations.around(probing_stations.KNOWN[archive.name][0]) if of_stations else (FIELD, AROUND)
    ask = Ask(box(*field), bounds, end - timedelta(days=_DAYS - 1), end, today)
    try:
        got = [archive.fetch(piece, network, folder) for piece in archive.plan(ask)]
        if not got:
            return ["it plans nothing for the place"]
        entries = archive.entries(got, folder)
        if "forecast" in archive.provides:
            return []
        if of_stations:
            return probing_stations.problems(archive.name, entries, folder)
        return [*raster_forms.differences(archive.name, got, folder), *_problems(entries, folder)]
    except DeepSoilError as error:
        if error.code in ("cancelled", "disk_full", "archive_offline"):
            raise
        return [str(error)]
    except Exception as error:  # noqa: BLE001 an answer that nobody has foreseen is what is looked for
        return [f"{type(error).__name__}: {error}", traceback.format_exc(limit=-1).strip().splitlines()[-1]]


def _problems(entries: Entries, folder: Path) -> list[str]:
    channels = _alone(entries.channels)
    if not channels:
        return ["none of its channels can be made from it alone"] if entries.channels else []
    store = probing_region.ingested(folder, AROUND, channels)
    return [problem for name in channels if (problem := _problem(store, name))]


def _alone(channels: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The channels that need no other archive's."""
    from pydantic import TypeAdapter

    adapter = TypeAdapter(any_source())
    needs = {name: adapter.validate_python(dict(entry)).needs for name, entry in channels.items()}
    return {name: dict(entry) for name, entry in channels.items() if set(needs[name]) <= set(channels)}


def _problem(store: Store, name: str) -> str | None:
    """What is wrong with a channel over the field."""
    kind, window = CHANNELS[name].kind, Window.around(*FIELD)
    if kind == "coarse":
        values = store.coarse(name).values
    elif kind == "dated":
        layers = [store.read_layer(name, number, window) for number in range(len(store.dates_of(name)))]
        values = max(layers, key=lambda layer: int(np.isfinite(layer).sum()), default=np.empty(0, np.float32))
    else:
        values = store.read_static(name, window)
    known = values[np.isfinite(values)]
    if known.size < FULL_OF_HOLES.get(name, _LEAST_KNOWN) * values.size or not known.size:
        return f"{name}: only {known.size} of {values.size} values are there"
    if name in KNOWN_CLASSES:
        codes, counts = np.unique(known, return_counts=True)
        commonest = int(codes[counts.argmax()])
        return None if commonest in KNOWN_CLASSES[name] else f"{name}: most of the prairie is {commonest}"
    low, high = KNOWN.get(name, (CHANNELS[name].minimum, CHANNELS[name].maximum))
    mean = float(known.mean())
    return None if low <= mean <= high else f"{name}: {mean:.3g} on average, where it is {low:g} to {high:g}"
