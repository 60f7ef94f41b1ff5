"""The protocol of an archive: plan (pure) → fetch (the only step on the network) → entries of a recipe (pure).

An archive is one module with one class. ``registry`` lists them, and in which order they stand in for each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from shapely.geometry.base import BaseGeometry

from deepsoil.archives.network import Network

Bounds = tuple[float, float, float, float]
"""(west, south, east, north) in degrees, EPSG:4326."""


LASTING = "lasting"


@dataclass(frozen=True)
class Ask:
    """What is wanted of an archive.

    outline      the field in degrees (EPSG:4326)
    bounds       the field with the reach of the networks around it, as the store will have it
    start, end   first and last day, both included; the years before the first map that the networks and the soil
                 columns need are in it
    maps_from    first day of which there is to be a map: what only maps need begins then; None: ``start``
    today        the day on which it is asked: what an archive cannot have yet is not planned
    """

    outline: BaseGeometry
    bounds: Bounds
    start: date
    end: date
    today: date
    maps_from: date | None = None

    def from_maps(self, days: int) -> date:
        """The day some ``days`` before the first map, but none before ``start``."""
        return self.start if self.maps_from is None else max(self.start, self.maps_from - timedelta(days=days))


@dataclass(frozen=True)
class Piece:
    """One thing to be fetched: one file, or a few that belong together.

    archive   name of the archive
    name      file of the gathered folder, relative, with ``/``; its first part is the archive's name
    address   where it comes from, for people and for the provenance; never with a secret in it
    size      expected bytes, for the plan and the progress
    details   what ``fetch`` needs beyond that: JSON values only, so that a plan can be kept and taken up again; with
              ``LASTING`` true, the piece stays in the folder when a later plan no longer has it
    """

    archive: str
    name: str
    address: str
    size: int
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Got:
    """A piece that was fetched.

    files     the files of the gathered folder that it became, relative to it; the first is ``piece.name``
    address   where it really came from, which a fallback may have changed
    at        when, UTC
    size      bytes that went over the network; 0 where the cache had it
    notes     what a person should know: "2 scenes had no clear pixel"
    """

    piece: Piece
    files: tuple[str, ...]
    address: str
    at: datetime
    size: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entries:
    """What fetched pieces mean for a recipe.

    channels   channel → its entry, as ``sources.recipe`` reads it; files relative to the gathered folder
    stations   the recipe's ``stations`` entry; None: no stations
    outlook    the recipe's ``outlook`` entry; None: no weather of the next days
    notes      what the recipe cannot say and a person should know
    """

    channels: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    stations: Mapping[str, Any] | None = None
    outlook: Mapping[str, Any] | None = None
    notes: tuple[str, ...] = ()


class Archive(Protocol):
    """One public archive.

    name         short, unique, the name of its folder: "gridmet"
    title        for people: "gridMET daily weather"
    provides     channels that it can give; "stations" stands for stations, "forecast" for the next days
    licence      "public domain", "CC BY 4.0", …
    attribution  the sentence that its users must show
    terms        what the user must agree to first; None where it is free for every use
    account      the kind of account that it needs ("earthdata"); None: none
    """

    name: str
    title: str
    provides: frozenset[str]
    licence: str
    attribution: str
    terms: str | None
    account: str | None

    def plan(self, ask: Ask) -> list[Piece]:
        """What would be fetched. Pure: no network, no disk, no clock.

        Raises
        ------
        DeepSoilError
            ``archive_outside``: the archive has nothing at this place; ``archive_no_days``: nothing for these days.
        """
        ...

    def fetch(self, piece: Piece, network: Network, folder: Path) -> Got:
        """Fetch a piece into the gathered ``folder``; each file is whole or absent, whenever it is killed.

        Raises
        ------
        DeepSoilError
            ``archive_failed`` and the others of ``network``; ``archive_implausible`` for an answer with holes or
            values that cannot be.
        """
        ...

    def entries(self, got: Sequence[Got], folder: Path) -> Entries:
        """What pieces of this archive, all fetched, mean for the recipe of ``folder``."""
        ...
