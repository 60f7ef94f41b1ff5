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


def with_intervals(mosaic: Mosaic, contract: ModelContract) -> Mosaic:
    """The mosaic with the half-width of the model's calibration wherever there is θ; itself where it has its own half-
    width, or the model no calibration."""
    intervals = contract.intervals
    if intervals is None or mosaic.half_width is not None:
        return mosaic
    return replace(mosaic, half_width=np.broadcast_to(np.float32(intervals.half_width), mosaic.theta.shape),
                   interval=intervals.text)


def warnings(contracts: Iterable[ModelContract], irrigations: Iterable[Irrigation | None]) -> list[DeepSoilError]:
    """Said where the user says that a field is irrigated: no irrigated station took part in the calibration."""
    if all(irrigation is None or isinstance(irrigation, Rainfed) for irrigation in irrigations):
        return []
    named = [contract.name for contract in contracts if contract.intervals is not None]
    return [DeepSoilError("intervals_irrigated", "The 90 % intervals of {models} do not hold on irrigated fields: no "
                          "irrigated station took part in their calibration.",
                          "Compare with readings of the field before decisions depend on them.", "options.management",
                          models=" and ".join(named))] if named else []
