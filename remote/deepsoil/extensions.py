"""What other installed packages add to the engine's tables of channels, depths and kinds of source.

A package names its entries in its ``pyproject.toml``; they are read once, when the table itself is imported:

    [project.entry-points."deepsoil.channels"]
    canopy_height = "my_package.channels:CANOPY_HEIGHT"
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from importlib.metadata import entry_points
from typing import Any


def load(group: str, register: Callable[[Any], object]) -> None:
    """Give ``register`` every entry of a group. One that cannot be added is left out with a warning."""
    for entry in entry_points(group=group):
        try:
            register(entry.load())
        except Exception as error:  # noqa: BLE001 a package of others must not keep the engine from starting
            warnings.warn(f"{entry.name!r} of {entry.value} could not be added to {group}: {error}", stacklevel=2)
