"""The paper's sample of pixels for a year (§4.4), stored with the labels as a mask; all labels remain available."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import zarr
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.text import Text
from deepsoil.inputs.cell_weights import CellWeights
from deepsoil.io import atomic
from deepsoil.labels import layout
from deepsoil.labels.distinct_columns import NO_LABEL, strips
from deepsoil.labels.label_reader import Labels
from deepsoil.labels.sampling import sample_points, tag_strata
from deepsoil.store import arrays

STRATA = ("land_cover", "koppen")
GROUND = ("sand", "silt", "clay", "elevation")

Progress = Callable[[int, int, str], None]


def choose(labels: Labels, budget: int, year: int, seed: int = 0, *, on_progress: Progress | None = None,
           cancelled: Callable[[], bool] | None = None) -> int:
    """Choose ``budget`` labelled pixels for a year and store them; returns the number of candidates.

    Another choice for the same year is replaced. Raises ``channel_missing``, ``date_outside``, ``bad_budget``,
    ``cancelled``, ``disk_full`` and ``store_not_writable``.
    """
    store = labels.store
    lacking = [name for name in (*STRATA, *GROUND) if name not in store.channels()]
    if lacking:
        raise DeepSoilError("channel_missing", "The region {title!r} has no {lacking}, which "
                            "the paper's sampling needs.", "Add it to the recipe and ingest again.", "region",
                            title=store.title, lacking=' and no '.join(lacking))
    years = labels.dates.astype("datetime64[Y]").astype(int) + 1970
    if year not in years:
        raise DeepSoilError("date_outside", "There are no labels for {year}.",
                            "They run from {first} to {last}.", "year",
                            year=year, first=labels.dates[0], last=labels.dates[-1])
    pixels, strata, features = _candidates(labels)

    def report(done: int, total: int) -> None:
        if cancelled is not None and cancelled():
            raise DeepSoilError("cancelled", "The choice of pixels was stopped; nothing was changed.",
                                "Run it again.")
        if on_progress is not None:
            on_progress(done, total, Text("Chose {done:,} of {total:,} pixels for {year}",
                                           done=done, total=total, year=year))

    found = sample_points(strata, features, budget, seed, year, on_progress=report)
    mask = np.zeros(store.window.shape, np.uint8)
    mask.reshape(-1)[pixels[found]] = 1
    with layout.writing(store):
        _write(labels, mask, year, {"budget": budget, "seed": seed, "year": year, "candidates": len(pixels)})
    return len(pixels)


def _candidates(labels: Labels) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]:
    """Labelled pixels with all data for the choice: position in the store (N,), stratum (N,), features (N, 6)."""
    store, parts = labels.store, []
    longitudes, latitudes = labels.cell_centres
    for window in strips(store):
        cells = CellWeights.of(window, longitudes, latitudes)
        nearest = cells.corner + np.asarray(cells.offsets)[np.argmax(cells.weights, axis=0)]
        places = np.divmod(nearest, longitudes.size)
        labelled = labels.units(window) != NO_LABEL
        features = np.stack([*(store.read_static(name, window)[labelled] for name in GROUND),
                             *(place[labelled].astype(np.float32) for place in places)], axis=1)
        cover, climate = (np.nan_to_num(store.read_static(name, window)[labelled], nan=0.0) for name in STRATA)
        strata = tag_strata(cover, climate, features)
        usable = strata >= 0
        first = (window.row - store.window.row) * store.window.width
        parts.append((first + np.flatnonzero(labelled)[usable], strata[usable], features[usable]))
    pixels, strata, features = (np.concatenate(column) for column in zip(*parts, strict=True))
    return pixels, strata, features


def _write(labels: Labels, mask: NDArray[np.uint8], year: int, attributes: dict[str, int]) -> None:
    folder = layout.labels_path(labels.store)
    draft = folder / f".sampled-{secrets.token_hex(4)}"
    try:
        group = zarr.create_group(draft, zarr_format=3)
        arrays.write_map(group, str(year), mask.shape, "uint8", attributes, iter([mask]))
        _replace(draft / str(year), folder / "sampled" / str(year))
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _replace(fresh: Path, target: Path) -> None:
    if target.exists():
        target.rename(fresh.parent / "old")
    atomic.move(fresh, target)
