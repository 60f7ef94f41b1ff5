"""Networks as the method of an evaluation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.text import Text
from deepsoil.evaluation.background import MadeBy, Positions, Step
from deepsoil.grid import lonlat_to_pixel
from deepsoil.inference.known_days import known_days
from deepsoil.inference.machine import cores
from deepsoil.inference.place_water import water_at
from deepsoil.inference.point_series import point_series
from deepsoil.inputs.stack import Stack

if TYPE_CHECKING:
    from deepsoil.models.library import Model
    from deepsoil.store.store import Mode, Store

Values = NDArray[np.float32]


class Networks:
    """A `Background` of models by depth in cm."""

    def __init__(self, store: Store, models: Mapping[int, Model], vegetation: Mode = "carry",
                 threads: int | None = None) -> None:
        self._store, self._models, self._vegetation = store, dict(sorted(models.items())), vegetation
        self.depths_cm = list(self._models)
        self._threads = threads or cores()
        self._missing: dict[int, list[str]] = {}

    def levels_cm(self, reading_depths_cm: Sequence[float]) -> tuple[float, ...]:
        """Those of the models."""
        return tuple(float(depth_cm) for depth_cm in self._models)

    def made_by(self, depth_cm: int) -> MadeBy:
        """The model of a depth."""
        contract = self._models[depth_cm].contract
        return MadeBy(contract.name, contract.version)

    def missing(self, depth_cm: int) -> list[str]:
        """The network uses their training means instead."""
        return self._missing[depth_cm]

    def series(self, at: Positions, days: Sequence[date], levels_cm: Sequence[float], step: Step, *,
               before: Sequence[date] = ()) -> tuple[Values, Values]:
        """As `Background.series`. DeepSoilError as the stack and the models say."""
        theta, half_width = np.full((2, len(at), len(self._models), len(before) + len(days)), np.nan, np.float32)
        pixels = [(int(column), int(row)) for column, row in
                  zip(*lonlat_to_pixel(at.longitudes, at.latitudes), strict=True)]
        reach = max(model.contract.halo + model.contract.multiple for model in self._models.values())
        watering = water_at(self._store, pixels, at.managed, reach)
        for number, (depth_cm, model) in enumerate(self._models.items()):
            def within(share: float, number: int = number, depth_cm: int = depth_cm) -> None:
                step((number + share) / len(self._models),
                     Text("{depth_cm} cm: {share:.0%} of the days", depth_cm=depth_cm, share=share))

            stack = Stack(self._store, model.contract.channel_uses(), self._vegetation, watered=watering.areas)
            there = known_days(stack, *pixels[0], before)
            chosen = [*there, *range(len(before), len(before) + len(days))]
            theta[:, number, chosen] = point_series(model, stack, [*(before[one] for one in there), *days],
                                                    at.longitudes, at.latitudes, self._threads, within)
            if (intervals := model.contract.intervals) is not None:
                known = np.isfinite(theta[:, number])
                half_width[:, number] = np.where(known, np.float32(intervals.half_width), np.nan)
            self._missing[depth_cm] = stack.missing
        return theta, half_width
