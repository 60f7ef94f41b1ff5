"""θ of a network at positions over many days: what the pixels of its maps have, at a fraction of the cost.

A map is computed with a halo as wide as half of the network's receptive field. Most of that field hardly counts: the
halo that is really needed is found by computing ``_CHECKS`` days of the period both ways, smallest halo first. A
smaller halo is taken where it changes no pixel by more than ``PROBED_TOLERANCE``; at the end, other days are computed
with the whole halo, and if one differs by more than ``TOLERANCE``, all days are computed with it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from deepsoil.grid import Window, lonlat_to_pixel
from deepsoil.inference.blended import blended
from deepsoil.inference.pixels import group_pixels
from deepsoil.inference.predict import compute, predict_days

if TYPE_CHECKING:
    from deepsoil.inputs.stack import Stack
    from deepsoil.models.library import Model

Values = NDArray[np.float32]

TOLERANCE = 1e-5
PROBED_TOLERANCE = 5e-6
_CHECKS = 4
_BATCH_PIXELS = 1 << 16
_WITHOUT_CHECKS = 4 * _CHECKS
"""Fewer days than this are computed with the whole halo at once."""


def point_series(model: Model, stack: Stack, days: Sequence[date], longitudes: NDArray[np.float64],
                 latitudes: NDArray[np.float64], threads: int = 0, report: Callable[[float], None] | None = None,
                 ) -> Values:
    """θ (S, T) m³/m³ at the pixels of positions in degrees, within ``TOLERANCE`` of the map's; NaN where required input
    is missing. ``report(share done)``: its exceptions end the work.

    Raises DeepSoilError ``area_outside`` or ``no_weather``, as the stack does.
    """
    model = blended(model, stack.store)
    columns, rows = (np.floor(values).astype(int) for values in lonlat_to_pixel(longitudes, latitudes))
    pixels = list(zip(columns.tolist(), rows.tolist(), strict=True))
    say = report or (lambda share: None)
    predicted = np.full((len(pixels), len(days)), np.nan, np.float32)
    groups = group_pixels(pixels, model.contract.multiple, model.contract.halo)
    for number, (window, members) in enumerate(groups):
        def within(share: float, number: int = number) -> None:
            say((number + share) / len(groups))

        places = _Places(model, stack, window, rows[members], columns[members], threads)
        predicted[members] = places.series(days, within)
    say(1.0)
    return predicted


class _Places:
    """Pixels (rows, columns) inside one window."""

    def __init__(self, model: Model, stack: Stack, window: Window, rows: NDArray[np.int64],
                 columns: NDArray[np.int64], threads: int) -> None:
        self.model, self.stack, self.window, self.threads = model, stack, window, threads
        self.rows, self.columns = rows, columns

    def series(self, days: Sequence[date], report: Callable[[float], None]) -> Values:
        """θ (pixels, T)."""
        if len(days) < _WITHOUT_CHECKS:
            return self._as_maps(days, report)
        probes = np.linspace(0, len(days) - 1, _CHECKS).round().astype(int)
        halo = self._needed_halo([days[day] for day in probes])
        report(0.05)
        if halo < self.model.contract.halo:
            theta = self._with_halo(days, halo, report)
            others = (probes[:-1] + probes[1:]) // 2
            if _differ(theta[:, others], self._as_maps([days[day] for day in others])) <= TOLERANCE:
                return theta
        return self._as_maps(days, report)

    def _needed_halo(self, probes: Sequence[date]) -> int:
        """The smallest multiple of the network's that gives the same values on some days."""
        whole = self._as_maps(probes)
        step = self.model.contract.multiple
        return next((halo for halo in range(0, self.model.contract.halo, step)
                     if _differ(self._with_halo(probes, halo), whole) <= PROBED_TOLERANCE), self.model.contract.halo)

    def _as_maps(self, days: Sequence[date], report: Callable[[float], None] | None = None) -> Values:
        """With the whole halo."""
        theta = np.empty((self.rows.size, len(days)), np.float32)
        maps = predict_days(self.model, self.stack, days, self.window, self.threads)
        for number, one in enumerate(maps):
            theta[:, number] = one[self.rows - self.window.row, self.columns - self.window.column]
            if report:
                report(number / len(days))
        return theta

    def _with_halo(self, days: Sequence[date], halo: int, report: Callable[[float], None] | None = None) -> Values:
        outer = self.window.align(self.model.contract.multiple).pad(halo)
        at_once = max(1, _BATCH_PIXELS // (outer.width * outer.height))
        rows, columns = self.rows - outer.row, self.columns - outer.column
        inner_rows, inner_columns = rows - halo, columns - halo
        theta = np.empty((self.rows.size, len(days)), np.float32)
        for first in range(0, len(days), at_once):
            inputs, valid = zip(*(self.stack.read(day, outer) for day in days[first:first + at_once]), strict=True)
            found = compute(self.model, outer.pad(-halo), np.stack(inputs), self.threads, halo)[
                :, inner_rows, inner_columns]
            known = np.stack(valid)[:, rows, columns]
            theta[:, first:first + at_once] = np.where(known, found, np.float32(np.nan)).T
            if report:
                report(first / len(days))
        return theta


def _differ(a: Values, b: Values) -> float:
    """The largest difference; infinite where only one has a value."""
    if not np.array_equal(np.isnan(a), np.isnan(b)):
        return float("inf")
    return float(np.nanmax(np.abs(a - b), initial=0.0)) if np.isfinite(a).any() else 0.0
