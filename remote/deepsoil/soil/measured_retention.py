"""Hydraulic parameters where water contents were measured: those nearest to Rosetta's that meet the measurements.

Rosetta's estimate is the prior, with the scatter of single soils about it (`rosetta_spread.soil_covariance`); the
measured points are data. The most probable parameters follow by Gauss-Newton (Rodgers 2000, Inverse Methods for
Atmospheric Sounding, Eq. 5.9). Conductivity moves as far as it is correlated with retention. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.soil import rosetta
from deepsoil.soil.profile import Profile
from deepsoil.soil.retention import DUL_SUCTION_CM, LL15_SUCTION_CM, MINIMUM_VG_N, VanGenuchten, theta
from deepsoil.soil.rosetta_spread import soil_covariance

Array = NDArray[np.float64]

MEASUREMENT_ERROR = 0.002  # m³/m³, of a water content measured in the laboratory, beside which the curve may pass
FIELD_CAPACITY_10_KPA_CM = 102.0
_ITERATIONS = 60
_DAMPING = 0.4  # of a Gauss-Newton step; whole ones swing about the answer where it is far from the estimate
_STEP = 1e-4
_UNKNOWN = 1e6
_LOGS = slice(2, 6)


@dataclass(frozen=True)
class MeasuredRetention:
    """Measured water contents in m³/m³ of soils of any one shape; NaN where not measured.

    field_capacity is at ``field_capacity_suction_cm`` (33 kPa; some sources mean 10 kPa, 102 cm), wilting_point at
    1.5 MPa, theta_s at saturation. Raises DeepSoilError ``bad_input`` where they are not between 0 and 1 and rising.
    """

    field_capacity: ArrayLike = np.nan
    wilting_point: ArrayLike = np.nan
    theta_s: ArrayLike = np.nan
    field_capacity_suction_cm: float = DUL_SUCTION_CM

    def __post_init__(self) -> None:
        values = self.points()
        with np.errstate(invalid="ignore"):
            outside = (values <= 0.0) | (values >= 1.0)
            dry, middle, wet = np.moveaxis(values, -1, 0)
            unordered = (dry >= middle) | (middle >= wet) | (dry >= wet)
        bad = outside.any(axis=-1) | unordered
        if bad.any():
            first = np.atleast_2d(values)[np.flatnonzero(np.atleast_1d(bad).ravel())[0]]
            raise DeepSoilError(
                "bad_input", "Measured water contents must rise from wilting point to field capacity to saturation, "
                "between 0 and 1 m³/m³; {count} soils have others, the first {found}.",
                "Check the unit (m³/m³, not per cent or mass) and the suction of field capacity.", "measured",
                count=int(bad.sum()), found=", ".join(f"{value:g}" for value in first))

    def points(self) -> Array:
        """(..., 3): wilting point, field capacity, saturation."""
        given = (self.wilting_point, self.field_capacity, self.theta_s)
        return np.stack(np.broadcast_arrays(*(np.asarray(one, np.float64) for one in given)), axis=-1)

    def suctions_cm(self) -> Array:
        """(3,) of `points`."""
        return np.array([LL15_SUCTION_CM, self.field_capacity_suction_cm, 0.0])


def parameters(sand: ArrayLike, silt: ArrayLike, clay: ArrayLike, measured: MeasuredRetention,
               drawn: VanGenuchten | None = None) -> VanGenuchten:
    """Parameters of soils with texture in per cent, through what was measured; Rosetta's where nothing was.

    drawn (E, ...): draws of these soils before the measurement, in place of Rosetta's estimate; the result has their
    shape. A draw from which the points cannot be met has the most probable parameters instead.

    Raises what `rosetta.normalise_texture` raises, and ``bad_input`` where no curve near Rosetta's meets the points.
    """
    points = measured.points()
    shape = np.broadcast_shapes(np.shape(sand), np.shape(silt), np.shape(clay), points.shape[:-1])
    textures = np.stack([np.broadcast_to(np.asarray(one, np.float64), shape).ravel() for one in (sand, silt, clay)])
    data = np.broadcast_to(points, (*shape, points.shape[-1])).reshape(-1, points.shape[-1])
    suctions = measured.suctions_cm()
    best, met = _through(rosetta.parameters(*textures), textures, data, suctions)
    if not met.all():
        first = int(np.flatnonzero(~met)[0])
        raise DeepSoilError(
            "bad_input", "No retention curve near that of its texture meets the water contents of {count} soils; the "
            "first has {found} at wilting point, field capacity and saturation.", "Check the values and their unit.",
            "measured", count=int((~met).sum()), found=", ".join(f"{value:g}" for value in data[first]))
    if drawn is None:
        return VanGenuchten(*(values.reshape(shape) for values in best.arrays()))
    times = int(np.prod(drawn.shape)) // max(textures.shape[1], 1)
    prior = VanGenuchten(*(values.ravel() for values in drawn.arrays()))
    found, met = _through(prior, np.tile(textures, times), np.tile(data, (times, 1)), suctions)
    return VanGenuchten(*(np.where(met, values, np.tile(most_probable, times)).reshape(drawn.shape)
                          for values, most_probable in zip(found.arrays(), best.arrays(), strict=True)))


def parameters_or_texture(sand: ArrayLike, silt: ArrayLike, clay: ArrayLike, measured: MeasuredRetention,
                          ) -> VanGenuchten:
    """As `parameters`, of soils (n,): one whose points no curve near that of its texture meets has Rosetta's."""
    textures = np.stack([np.asarray(one, np.float64) for one in (sand, silt, clay)])
    expected = rosetta.parameters(*textures)
    found, met = _through(expected, textures, measured.points(), measured.suctions_cm())
    return VanGenuchten(*(np.where(met, ours, usual) for ours, usual in zip(found.arrays(), expected.arrays(),
                                                                           strict=True)))


def _through(prior: VanGenuchten, textures: Array, data: Array, suctions_cm: Array,
             ) -> tuple[VanGenuchten, NDArray[np.bool_]]:
    """Soils (n,) nearest to ``prior`` through data (n, points) in soils of textures (3, n), and which meet them."""
    scores = _scores(prior)
    known = np.asarray(np.isfinite(scores).all(axis=1) & np.isfinite(data).any(axis=1), np.bool_)
    if known.any():
        covariance = soil_covariance(*textures[:, known])
        scores[known] = _most_probable(scores[known], covariance, data[known], suctions_cm)
    soils = _soils(scores)
    met = np.ones(known.shape, np.bool_)
    met[known] = _meets(soils[known], data[known], suctions_cm)
    return soils, met


def layered(soils: VanGenuchten, bottoms_cm: ArrayLike, profile: Profile) -> VanGenuchten:
    """Soils (N, layers) as soils of every node of a profile (N, nodes), for `column.simulate_columns`.

    bottoms_cm (layers,): depth of the lower edge of each layer, increasing; the last goes on to the base.
    Raises ``bad_input`` for edges that do not increase or do not fit the layers.
    """
    bottoms = np.asarray(bottoms_cm, np.float64)
    if bottoms.ndim != 1 or soils.shape[-1:] != bottoms.shape or not (np.diff(bottoms, prepend=0.0) > 0.0).all():
        raise DeepSoilError("bad_input", "{count} lower edges were given for {layers} layers; each must be deeper than "
                            "the one before.", "Give one depth in cm for each layer.", "bottoms_cm",
                            count=bottoms.size, layers=soils.shape[-1] if soils.shape else 0)
    layer = np.minimum(np.searchsorted(bottoms, profile.nodes_cm, side="right"), bottoms.size - 1)
    return soils[..., layer]


def _scores(soils: VanGenuchten) -> Array:
    """(n, 7) as `rosetta.COLUMNS`, with logarithms."""
    values = soils.stacked()
    values[:, _LOGS] = np.log10(values[:, _LOGS])
    return values


def _soils(scores: Array) -> VanGenuchten:
    theta_r, theta_s, *logs, mualem_l = np.moveaxis(scores, -1, 0)
    alpha, n, ks, k0 = (10.0**value for value in logs)
    return VanGenuchten(np.maximum(theta_r, 0.0), theta_s, alpha, np.maximum(n, MINIMUM_VG_N), ks, np.minimum(k0, ks),
                        mualem_l).bounded()


def _waters(scores: Array, suctions_cm: Array) -> Array:
    return theta(suctions_cm, _soils(scores)[..., None])


def _most_probable(prior: Array, covariance: Array, data: Array, suctions_cm: Array) -> Array:
    """Scores (n, 7) for data (n, points)."""
    measured = np.isfinite(data)
    noise = np.where(measured, MEASUREMENT_ERROR**2, _UNKNOWN)
    scale = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2))
    x = prior.copy()
    for _ in range(_ITERATIONS):
        waters = _waters(x, suctions_cm)
        slopes = np.empty((*waters.shape, x.shape[1]))
        for number in range(x.shape[1]):
            moved = x.copy()
            moved[:, number] += _STEP * scale[:, number]
            slopes[..., number] = (_waters(moved, suctions_cm) - waters) / (_STEP * scale[:, number, None])
        left = np.where(measured, data - waters, 0.0) + np.einsum("npk,nk->np", slopes, x - prior)
        gain = covariance @ slopes.transpose(0, 2, 1)
        normal = slopes @ gain + noise[:, :, None] * np.eye(data.shape[1])
        wanted = prior + (gain @ np.linalg.solve(normal, left[..., None]))[..., 0]
        x = x + _DAMPING * np.clip(wanted - x, -scale, scale)
    return x


def _meets(soils: VanGenuchten, data: Array, suctions_cm: Array) -> NDArray[np.bool_]:
    error = np.abs(theta(suctions_cm, soils[..., None]) - data)
    return np.asarray((np.where(np.isfinite(data), error, 0.0) <= 0.01).all(axis=-1))
