"""What was measured of a field's soil in the draws of its columns: each draw passes through the measurements. Pure.

A draw of the soil before the measurement is its prior, so that what was not measured keeps its spread (randomised
maximum likelihood; Oliver, He and Reynolds 1996, ECMOR V). A sample stands for the whole field: how soils differ inside
it is not known.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.measured_soil import SoilLayer
from deepsoil.field import uncertainty
from deepsoil.soil.measured_retention import MeasuredRetention, parameters
from deepsoil.soil.profile import Profile
from deepsoil.soil.retention import DUL_SUCTION_CM, VanGenuchten
from deepsoil.soil.rosetta import normalise_texture

Array = NDArray[np.float64]

_CM_PER_KPA = DUL_SUCTION_CM / 33.0


def measured_soils(layers: Sequence[SoilLayer], textures: Array, z: Array, profile: Profile) -> VanGenuchten:
    """Hydraulic parameters (E, N, nodes) of textures (N, 3) in per cent for draws (E, P); a node that is in none of the
    layers has the soil of its texture. Raises what `measured_retention.parameters` raises."""
    nodes = profile.nodes_cm
    mapped = uncertainty.soils(textures, z)
    values = [np.repeat(one[..., None], len(nodes), axis=-1) for one in mapped.arrays()]
    for layer in layers:
        inside = (nodes >= layer.top_cm) & (nodes < layer.bottom_cm)
        if inside.any():
            found = _layer_soils(layer, textures, z)
            for all_nodes, of_layer in zip(values, found.arrays(), strict=True):
                all_nodes[..., inside] = of_layer[..., None]
    return VanGenuchten(*values)


def _layer_soils(layer: SoilLayer, textures: Array, z: Array) -> VanGenuchten:
    """(E, N) of one layer."""
    if layer.sand is not None and layer.silt is not None and layer.clay is not None:
        own = np.array([float(part) for part in normalise_texture(layer.sand, layer.silt, layer.clay)])
        textures = np.broadcast_to(own, textures.shape)
    drawn = uncertainty.soils(textures, z)
    if layer.has_curve:
        ks = drawn.ks_cm_per_day if layer.ks_cm_per_day is None else np.full(drawn.shape, layer.ks_cm_per_day)
        theta_r, theta_s, alpha, n = (np.full(drawn.shape, value) for value in (
            layer.theta_r, layer.theta_s, layer.vg_alpha_per_cm, layer.vg_n))
        return VanGenuchten(theta_r, theta_s, alpha, n, ks, np.minimum(drawn.k0_cm_per_day, ks), drawn.mualem_l)
    suction = DUL_SUCTION_CM if layer.field_capacity_kpa is None else layer.field_capacity_kpa * _CM_PER_KPA
    capacity, wilting, full = (np.nan if value is None else value for value in (
        layer.field_capacity, layer.wilting_point, layer.theta_s))
    sand, silt, clay = textures.T
    return parameters(sand, silt, clay, MeasuredRetention(capacity, wilting, full, suction), drawn)
