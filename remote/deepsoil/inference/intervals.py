"""What a model's calibrated intervals put into its maps, and where they do not hold. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.management import Irrigation, Rainfed

if TYPE_CHECKING:
    from deepsoil.contract.model import ModelContract
    from deepsoil.inference.product import Mosaic

LIMIT_TAG = "DEEPSOIL_INTERVAL_LIMIT"
COLUMNS_COVERED = (0.54, 0.78)
"""With a log of the water, and with a habit or nothing but that the field is irrigated."""


def with_intervals(mosaic: Mosaic, contract: ModelContract) -> Mosaic:
    """The mosaic with the half-width of the model's calibration wherever there is θ; itself where it has its own half-
    width, or the model no calibration."""
    intervals = contract.intervals
    if intervals is None or mosaic.half_width is not None:
        return mosaic
    return replace(mosaic, half_width=np.broadcast_to(np.float32(intervals.half_width), mosaic.theta.shape),
                   interval=intervals.text)


def tags(irrigation: Irrigation | None) -> dict[str, str]:
    """What a product with intervals says of where they do not hold: on a field that the user says is irrigated."""
    return {LIMIT_TAG: "irrigated"} if _is_watered(irrigation) else {}


def _is_watered(irrigation: Irrigation | None) -> bool:
    """Whether the user says that a field is irrigated."""
    return irrigation is not None and not isinstance(irrigation, Rainfed)


def warnings(contracts: Iterable[ModelContract], irrigations: Iterable[Irrigation | None]) -> list[DeepSoilError]:
    """Said where the user says that a field is irrigated: no irrigated station took part in the calibration."""
    if not any(_is_watered(irrigation) for irrigation in irrigations):
        return []
    named = [contract.name for contract in contracts if contract.intervals is not None]
    return [DeepSoilError("intervals_irrigated", "The 90 % intervals of {models} do not hold on irrigated fields: no "
                          "irrigated station took part in their calibration.",
                          "Compare with readings of the field before decisions depend on them.", "options.management",
                          models=" and ".join(named))] if named else []


def warnings_of_columns(irrigations: Iterable[Irrigation | None]) -> list[DeepSoilError]:
    """Said where the user says that a field is irrigated: what the simulated field covered at irrigated stations of the
    sample region (SYNTHETIC; July 2023, their water known; resources/training/RESULTS.md)."""
    if not any(_is_watered(irrigation) for irrigation in irrigations):
        return []
    return [DeepSoilError("intervals_irrigated", "The 90 % intervals of soil columns do not hold near the surface of "
                          "irrigated fields: with synthetic data {low:.0%} to {high:.0%} of the days lay inside there, "
                          "and the map was too wet.", "Give readings of the field, or the water content of its soil at "
                          "saturation.", "options.management", low=COLUMNS_COVERED[0], high=COLUMNS_COVERED[1])]
