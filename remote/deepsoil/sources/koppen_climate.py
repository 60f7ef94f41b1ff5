"""The kind ``koppen_climate``: the Köppen-Geiger class from the recipe's own weather, where there is no map of it."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar, Literal

import numpy as np

from deepsoil.channels import Kind
from deepsoil.contract.errors import DeepSoilError
from deepsoil.sources import koppen_rules
from deepsoil.sources.source import Ingestion, Map, Source


class KoppenClimateSource(Source):
    """The class of each weather cell by Beck's rules; a pixel has that of the nearest cell."""

    gives: ClassVar[tuple[Kind, ...]] = ("static",)
    needs: ClassVar[tuple[str, ...]] = ("temperature", "precipitation")

    kind: Literal["koppen_climate"]

    def problem(self, name: str, channels: Collection[str]) -> str | None:
        if name == "koppen" and set(self.needs) <= set(channels):
            return None
        return "a koppen_climate source gives koppen, and needs the channels temperature and precipitation"

    def description(self) -> str:
        return "from the region's own weather, by the rules of Beck et al. (2018)"

    def read(self, ingestion: Ingestion, name: str) -> Map:
        warm, wet = (ingestion.daily(channel) for channel in self.needs)
        columns, rows = (_nearest(ours, theirs) for ours, theirs in
                         ((warm.longitudes, wet.longitudes), (warm.latitudes, wet.latitudes)))
        rain = koppen_rules.monthly(wet.dates, wet.values, True)[:, rows][:, :, columns]
        found = koppen_rules.classes(koppen_rules.monthly(warm.dates, warm.values, False), rain)
        if not np.isfinite(found).any():
            raise DeepSoilError("source_invalid", "The weather of the recipe has not every month of the year, so the "
                                "climate cannot be told.", "Give weather of at least a whole year, or a map of the "
                                "climate.", f"channels.{name}")
        ingestion.on_note(f"from {_years(warm.dates)} of the region's weather, not from 30 years as maps of the "
                          "climate are")
        lon, lat = ingestion.window.lonlat_centres()
        result: Map = found[_nearest(lat, warm.latitudes)][:, _nearest(lon, warm.longitudes)].astype(np.float32)
        return result


def _nearest(wanted: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Positions of the nearest of ``there`` for each of ``wanted``."""
    return np.abs(np.asarray(wanted)[:, None] - np.asarray(there)[None, :]).argmin(axis=1)


def _years(days: np.ndarray) -> str:
    count = max(round(len(days) / 365.25), 1)
    return "1 year" if count == 1 else f"{count} years"
