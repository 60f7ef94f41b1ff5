"""What the networks and the products see beyond a field: how far a region must reach around it."""

from __future__ import annotations

from collections.abc import Iterable

from deepsoil.grid import Window, enclosing
from deepsoil.inference.predict import haloed
from deepsoil.inference.product import REACH_PIXELS
from deepsoil.models.library import Model


def seen(models: Iterable[Model], window: Window) -> Window:
    """The pixels that must be known to map ``window`` with any of the models, without an edge that they notice."""
    reached = window.pad(REACH_PIXELS)
    return enclosing([reached, *(haloed(model, reached) for model in models)])
