"""The kinds of source that a recipe may use. A new kind is a module with a class, and a line here or an entry point."""

from __future__ import annotations

import operator
from functools import reduce
from typing import Annotated, Any, get_args

from pydantic import Field

from deepsoil import extensions
from deepsoil.sources.computed import SoilHydraulicsSource, TerrainSource
from deepsoil.sources.constant import ConstantSource, TableSource
from deepsoil.sources.gnatsgo import GnatsgoSource
from deepsoil.sources.hydroblocks import HydroblocksSource
from deepsoil.sources.koppen_climate import KoppenClimateSource
from deepsoil.sources.lai import LaiSource
from deepsoil.sources.landsat import LandsatSource
from deepsoil.sources.netcdf import NetcdfSource
from deepsoil.sources.point_series import SeriesSource
from deepsoil.sources.polaris import PolarisSource
from deepsoil.sources.raster import RasterSource
from deepsoil.sources.reference_et import ReferenceEtSource
from deepsoil.sources.smap_l3 import SmapSource
from deepsoil.sources.source import Source

_KINDS: dict[str, type[Source]] = {}


def register_source(source: type[Source]) -> None:
    """Add a kind of source, before the first recipe is read. ValueError if its name is taken or missing."""
    named = source.model_fields.get("kind")
    names = get_args(named.annotation) if named is not None else ()
    if len(names) != 1 or not source.gives:
        raise ValueError(f"{source.__name__} needs a field kind: Literal[\"its_name\"], and channels that it gives")
    if _KINDS.get(names[0], source) is not source:
        raise ValueError(f"the kind {names[0]!r} is registered already")
    _KINDS[names[0]] = source


def known_kinds() -> list[str]:
    return list(_KINDS)


def any_source() -> Any:
    """The union type of all kinds of source, discriminated by ``kind``."""
    return Annotated[reduce(operator.or_, _KINDS.values()), Field(discriminator="kind")]


for _kind in (RasterSource, NetcdfSource, SeriesSource, ReferenceEtSource, ConstantSource, TableSource, TerrainSource,
              SoilHydraulicsSource, LandsatSource, LaiSource, SmapSource, PolarisSource, GnatsgoSource,
              HydroblocksSource, KoppenClimateSource):
    register_source(_kind)
extensions.load("deepsoil.sources", register_source)
