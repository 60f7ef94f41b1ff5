"""The interface of a kind of source: the part of a recipe that gives one channel, and its data on the grid.

A kind is one class with the fields that a recipe may set. The kinds that come with DeepSoil are listed in ``kinds``;
another package adds one with ``kinds.register_source``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from deepsoil.channels import Kind
from deepsoil.grid import Window
from deepsoil.sources.recipe_files import RecipeFiles
from deepsoil.sources.recipe_parts import Period, Strict
from deepsoil.store.series import CoarseSeries

Map = NDArray[np.float32]
Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class DatedMaps:
    """Maps (H, W) of ascending days, read one after another."""

    days: list[date]
    layers: Iterator[Map]


def _none_yet(name: str) -> CoarseSeries:
    raise KeyError(name)


@dataclass(frozen=True)
class Ingestion:
    """Data that a source may use while it is read.

    window    pixels of the store; maps cover it
    bounds    (west, south, east, north) of the area in degrees, with its buffer
    period    the dates of the recipe; None = all days of the source
    ready     a static channel of the recipe that is written already (H, W)
    on_day    to be called before each day of a long read
    daily     a coarse channel of the recipe that is written already
    on_note   to be called with what was done to the values and a person should know; kept with the channel
    shared    kept for the whole recipe, for sources that compute several channels at once
    """

    files: RecipeFiles
    window: Window
    bounds: Bounds
    period: Period | None
    ready: Callable[[str], Map]
    on_day: Callable[[date], None]
    on_note: Callable[[str], None] = lambda note: None
    daily: Callable[[str], CoarseSeries] = _none_yet
    shared: dict[str, Any] = field(default_factory=dict)


class Source(Strict):
    """One source; a subclass has ``kind: Literal["its_name"]``. ``note`` is kept with the channel and shown to people.

    gives   kinds of channel that it can provide
    needs   channels of the same recipe that it is computed from; they are written first
    """

    note: str = ""
    gives: ClassVar[tuple[Kind, ...]] = ()
    needs: ClassVar[tuple[str, ...]] = ()

    def named_files(self, field: str) -> Iterator[tuple[str, str]]:
        """(path or pattern, field) of the files it names; ``field`` is the location of the source in the recipe."""
        yield from ()

    def problem(self, name: str, channels: Collection[str]) -> str | None:
        """Why it cannot provide the channel ``name`` of a recipe with these ``channels``, as a message."""
        return None

    def check(self, files: RecipeFiles, name: str, field: str) -> None:
        """Raise a DeepSoilError for other faults, such as a wrong unit, before any file is read."""

    def description(self) -> str:
        """The description of the channel in the store if the recipe has no note."""
        return ", ".join(pattern for pattern, _ in self.named_files(""))

    def read(self, ingestion: Ingestion, name: str) -> Map | DatedMaps | CoarseSeries:
        """The channel ``name`` in its unit. Raises ``source_missing``, ``source_invalid``, ``source_outside``."""
        raise NotImplementedError
