"""The water of fields that are known by one pixel only: the square round it stands for the field."""

from __future__ import annotations

from collections.abc import Sequence

import shapely

from deepsoil.contract.management import Management
from deepsoil.grid import Window
from deepsoil.inference.field_water import ManagedField, Watering, plan_water
from deepsoil.store.store import Store

_REACH_PIXELS = 1
"""Of the square round a pixel that is taken for its field."""


def water_at(store: Store, pixels: Sequence[tuple[int, int]], managed: Sequence[Management], halo: int,
             ) -> Watering:
    """What the fields of ``pixels`` (column, row) and their surroundings get. ``managed``: what is known of each.

    ``halo``: the widest of the models', with their multiple. Raises what `plan_water` raises.
    """
    windows = [Window(column, row, 1, 1).pad(_REACH_PIXELS) for column, row in pixels]
    fields = [ManagedField(shapely.box(*window.bounds_lonlat), known)
              for window, known in zip(windows, managed, strict=True)]
    return plan_water(store, fields, [window.pad(halo) for window in windows])
