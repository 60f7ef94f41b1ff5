"""The kinds ``terrain`` and ``soil_hydraulics``: maps computed from other maps of the same recipe."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar, Literal

from deepsoil.channels import Kind
from deepsoil.inputs.features import terrain_features
from deepsoil.sources import soil_hydraulics
from deepsoil.sources.source import Ingestion, Map, Source

TERRAIN = ("slope", "aspect", "northness")


class TerrainSource(Source):
    """Slope, aspect or northness from the elevation of this recipe."""

    gives: ClassVar[tuple[Kind, ...]] = ("static",)
    needs: ClassVar[tuple[str, ...]] = ("elevation",)

    kind: Literal["terrain"]

    def problem(self, name: str, channels: Collection[str]) -> str | None:
        if name in TERRAIN and "elevation" in channels:
            return None
        return f"a terrain source gives {', '.join(TERRAIN)}, and needs the channel elevation"

    def description(self) -> str:
        return "from the region's elevation, by Horn's method"

    def read(self, ingestion: Ingestion, name: str) -> Map:
        if "terrain" not in ingestion.shared:
            ingestion.shared["terrain"] = terrain_features(ingestion.ready("elevation"), ingestion.window.ground_m())
        found: Map = ingestion.shared["terrain"][name]
        return found


class SoilHydraulicsSource(Source):
    """A hydraulic parameter from the texture of this recipe, by Rosetta."""

    gives: ClassVar[tuple[Kind, ...]] = ("static",)
    needs: ClassVar[tuple[str, ...]] = ("sand", "silt", "clay")

    kind: Literal["soil_hydraulics"]

    def problem(self, name: str, channels: Collection[str]) -> str | None:
        if name in soil_hydraulics.CHANNELS and set(self.needs) <= set(channels):
            return None
        return (f"a soil_hydraulics source gives {', '.join(soil_hydraulics.CHANNELS)}, and needs the channels "
                "sand, silt and clay")

    def description(self) -> str:
        return "from the region's texture, by Rosetta 3"

    def read(self, ingestion: Ingestion, name: str) -> Map:
        if "soil_hydraulics" not in ingestion.shared:
            ingestion.shared["soil_hydraulics"] = soil_hydraulics.from_texture(*map(ingestion.ready, self.needs))
        found: Map = ingestion.shared["soil_hydraulics"][name]
        return found
