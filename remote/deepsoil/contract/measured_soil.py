"""What was measured of a field's soil, layer by layer: water contents, or the parameters of a curve. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Any

from pydantic import Field

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.strict import Strict

MOST_LAYERS = 20
DEEPEST_CM = 1000.0

Depth = Annotated[float, Field(ge=0, le=DEEPEST_CM)]
WATERS = ("wilting_point", "field_capacity", "theta_s")
CURVE = ("theta_r", "theta_s", "vg_alpha_per_cm", "vg_n")


class SoilLayer(Strict):
    """The soil from ``top_cm`` to ``bottom_cm``.

    Water contents in m³/m³: ``field_capacity`` at ``field_capacity_kpa`` (33 where it is left out), ``wilting_point``
    at 1500 kPa, ``theta_s`` at saturation. Or the curve of van Genuchten: ``theta_r``, ``theta_s``, ``vg_alpha_per_cm``
    and ``vg_n``, if wanted with ``ks_cm_per_day``. ``sand``, ``silt`` and ``clay`` in per cent; left out, those of the
    region's map.
    """

    top_cm: Depth
    bottom_cm: Depth
    field_capacity: float | None = None
    field_capacity_kpa: Annotated[float, Field(ge=3, le=100)] | None = None
    wilting_point: float | None = None
    theta_s: float | None = None
    theta_r: float | None = None
    vg_alpha_per_cm: float | None = None
    vg_n: float | None = None
    ks_cm_per_day: float | None = None
    sand: float | None = None
    silt: float | None = None
    clay: float | None = None

    @property
    def has_curve(self) -> bool:
        """Whether a curve of van Genuchten is given, and not points of it."""
        return self.vg_n is not None


def check_soil(layers: Sequence[SoilLayer], place: str) -> None:
    """Raise DeepSoilError ``specification_invalid`` for layers that overlap, are empty or cannot be a soil."""
    order = sorted(range(len(layers)), key=lambda number: layers[number].top_cm)
    for upper, lower in pairwise(order):
        if layers[lower].top_cm < layers[upper].bottom_cm:
            raise _wrong(f"{place}.{lower}.top_cm", "Two layers of the soil overlap: {first:g} to {end:g} cm and "
                         "{begin:g} to {last:g} cm.", "Give each depth once.", first=layers[upper].top_cm,
                         end=layers[upper].bottom_cm, begin=layers[lower].top_cm, last=layers[lower].bottom_cm)
    for number, layer in enumerate(layers):
        where = f"{place}.{number}"
        if layer.bottom_cm <= layer.top_cm:
            raise _wrong(f"{where}.bottom_cm", "A layer of the soil ends at {bottom:g} cm and begins at {top:g} cm.",
                         "Depths are in cm from the surface down.", bottom=layer.bottom_cm, top=layer.top_cm)
        _check_waters(layer, where)
        _check_curve(layer, where)
        _check_texture(layer, where)


def _check_waters(layer: SoilLayer, where: str) -> None:
    given = [(name, value) for name in WATERS if (value := getattr(layer, name)) is not None]
    for name, value in [*given, *([("theta_r", layer.theta_r)] if layer.theta_r else [])]:
        if 1.0 <= value <= 100.0:
            raise _wrong(f"{where}.{name}", "{name} of the layer from {top:g} cm is {value:g}: that is per cent.",
                         "Give m³/m³: {right:g} for {value:g} %.", name=name, top=layer.top_cm, value=value,
                         right=value / 100.0)
        if not 0.0 < value < 1.0:
            raise _wrong(f"{where}.{name}", "{name} of the layer from {top:g} cm is {value:g}.",
                         "Give the volume of water in that of the soil, between 0 and 1.", name=name, top=layer.top_cm,
                         value=value)
    for (drier, low), (wetter, high) in pairwise(given):
        if low >= high:
            raise _wrong(f"{where}.{drier}", "{drier} ({low:g}) of the layer from {top:g} cm is not below {wetter} "
                         "({high:g}).", "Look whether the two are exchanged.", drier=drier, low=low, wetter=wetter,
                         high=high, top=layer.top_cm)


def _check_curve(layer: SoilLayer, where: str) -> None:
    missing = [name for name in CURVE if getattr(layer, name) is None]
    begun = any(getattr(layer, name) is not None for name in ("theta_r", "vg_alpha_per_cm", "vg_n"))
    if not begun:
        if all(getattr(layer, name) is None for name in WATERS):
            raise _wrong(where, "Nothing was measured in the layer from {top:g} cm.", "Give field_capacity, "
                         "wilting_point, theta_s or a curve of van Genuchten, or leave the layer out.",
                         top=layer.top_cm)
        return
    if missing:
        raise _wrong(f"{where}.{missing[0]}", "The curve of the layer from {top:g} cm has no {missing}.",
                     "Give theta_r, theta_s, vg_alpha_per_cm and vg_n.", top=layer.top_cm, missing=", ".join(missing))
    both = [name for name in ("field_capacity", "wilting_point") if getattr(layer, name) is not None]
    if both:
        raise _wrong(f"{where}.{both[0]}", "The layer from {top:g} cm has both a curve and {both}.",
                     "Give the one that was measured.", top=layer.top_cm, both=" and ".join(both))
    possible = {"vg_alpha_per_cm": (1e-4, 1.0), "vg_n": (1.05, 10.0), "ks_cm_per_day": (1e-3, 1e5)}
    for name, (low, high) in possible.items():
        value = getattr(layer, name)
        if value is not None and not low <= value <= high:
            raise _wrong(f"{where}.{name}", "{name} of the layer from {top:g} cm is {value:g}.",
                         "It must lie between {low:g} and {high:g}; look at its unit.", name=name, top=layer.top_cm,
                         value=value, low=low, high=high)
    if not (layer.theta_r or 0.0) < (layer.theta_s or 0.0):
        raise _wrong(f"{where}.theta_r", "theta_r of the layer from {top:g} cm is not below theta_s.",
                     "Look whether the two are exchanged.", top=layer.top_cm)


def _check_texture(layer: SoilLayer, where: str) -> None:
    parts = [part for part in (layer.sand, layer.silt, layer.clay) if part is not None]
    if parts and (len(parts) < 3 or min(parts) < 0 or not 98.0 <= sum(parts) <= 102.0):
        raise _wrong(f"{where}.sand", "Sand, silt and clay of the layer from {top:g} cm do not sum to 100 %.",
                     "Give all three in per cent, or none.", top=layer.top_cm)


def _wrong(field: str, message: str, hint: str, /, **values: Any) -> DeepSoilError:
    return DeepSoilError("specification_invalid", message, hint, field, **values)
