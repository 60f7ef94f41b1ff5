"""Soil survey tables (SSURGO, STATSGO, gNATSGO): one value for each map unit from its components and horizons. Pure.

A map unit is a list of components with shares (``comppct_r``), a component a list of horizons (``hzdept_r`` to
``hzdepb_r`` cm). Values are averaged over depth by thickness, then over components by share; what has no value (water,
rock, urban land) takes no part, and a map unit without any value has none. NRCS does the same in its Valu1 table.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

KEY, COMPONENT, SHARE, TOP, BOTTOM = "mukey", "cokey", "comppct_r", "hzdept_r", "hzdepb_r"
TEXTURE = ("sandtotal_r", "silttotal_r", "claytotal_r")
AVAILABLE_WATER = "awc_r"
TEXTURE_TOLERANCE_PERCENT = 5.0
PARTICLE_DENSITY = 2.65
"""g/cm³, of mineral soil; porosity = 1 − bulk density / particle density where saturation was not measured."""


def by_map_unit(components: pd.DataFrame, horizons: pd.DataFrame, column: str, top_cm: float,
                bottom_cm: float) -> pd.Series[float]:
    """Mean of a horizon's column between two depths, by map unit key (int); map units without a value are left out.

    components (mukey, cokey, comppct_r), horizons (cokey, hzdept_r, hzdepb_r, ``column``); text and numbers alike.
    """
    sums = _sums(horizons, column, top_cm, bottom_cm)
    return _by_share(components, sums["product"] / sums["weight"])


def storage_mm(components: pd.DataFrame, horizons: pd.DataFrame, top_cm: float, bottom_cm: float) -> pd.Series[float]:
    """Available water in mm that the soil between two depths can store, by map unit key: NRCS's ``aws``."""
    return _by_share(components, _sums(horizons, AVAILABLE_WATER, top_cm, bottom_cm)["product"] * 10.0)


def thickness_cm(components: pd.DataFrame, horizons: pd.DataFrame, top_cm: float,
                 bottom_cm: float) -> pd.Series[float]:
    """Thickness in cm of the soil between two depths that stores available water: NRCS's ``tk…a``."""
    return _by_share(components, _sums(horizons, AVAILABLE_WATER, top_cm, bottom_cm)["weight"])


def complete_texture(horizons: pd.DataFrame) -> pd.DataFrame:
    """The horizons with sand, silt and clay only where all three are known and add to 100 ± 5 %.

    Without it a mean of sand and a mean of clay could be those of different horizons.
    """
    parts = horizons[list(TEXTURE)].apply(pd.to_numeric, errors="coerce")
    total = parts.sum(axis=1, skipna=False)
    whole = ((total - 100.0).abs() <= TEXTURE_TOLERANCE_PERCENT) & (parts >= 0).all(axis=1)
    return horizons.assign(**{name: parts[name].where(whole) for name in TEXTURE})


def _sums(horizons: pd.DataFrame, column: str, top_cm: float, bottom_cm: float) -> pd.DataFrame:
    """By component: ``weight``, cm between the depths with a value; ``product``, the sum of value times cm."""
    layers = pd.DataFrame({name: pd.to_numeric(horizons[name], errors="coerce")
                           for name in (COMPONENT, TOP, BOTTOM, column)}).dropna()
    overlap = np.minimum(layers[BOTTOM], bottom_cm) - np.maximum(layers[TOP], top_cm)
    layers = layers.assign(weight=overlap.clip(lower=0.0))
    layers = layers[layers["weight"] > 0]
    layers = layers.assign(product=layers[column] * layers["weight"])
    return layers.groupby(COMPONENT)[["product", "weight"]].sum()


def _by_share(components: pd.DataFrame, values: pd.Series[float]) -> pd.Series[float]:
    """Values by component → their mean by map unit key, weighted by the components' shares."""
    parts = pd.DataFrame({name: pd.to_numeric(components[name], errors="coerce")
                          for name in (KEY, COMPONENT, SHARE)}).dropna()
    parts = parts[parts[SHARE] > 0].set_index(COMPONENT)
    parts = parts.assign(value=values).dropna()
    parts = parts.assign(product=parts["value"] * parts[SHARE])
    units = parts.groupby(KEY)[["product", SHARE]].sum()
    found: pd.Series[float] = units["product"] / units[SHARE]
    found.index = found.index.astype(np.int64)
    return found


def porosity(components: pd.DataFrame, horizons: pd.DataFrame, top_cm: float, bottom_cm: float) -> pd.Series[float]:
    """Porosity in m³/m³ by map unit: water content at saturation (``wsatiated_r``), else from bulk density."""
    found = pd.Series(dtype=float)
    if "wsatiated_r" in horizons:
        found = by_map_unit(components, horizons, "wsatiated_r", top_cm, bottom_cm) / 100.0
    if "dbthirdbar_r" in horizons:
        density = by_map_unit(components, horizons, "dbthirdbar_r", top_cm, bottom_cm)
        found = (1.0 - density / PARTICLE_DENSITY).clip(lower=0.0) if found.empty else \
            found.combine_first((1.0 - density / PARTICLE_DENSITY).clip(lower=0.0))
    return found
