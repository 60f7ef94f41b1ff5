"""Irrigation of the sample region: a water balance (checkbook) per column, as farmers keep it. No I/O."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deepsoil.sample.landcover import Cover
from deepsoil.sample.noise import Field
from deepsoil.soil.retention import DUL_SUCTION_CM, LL15_SUCTION_CM, VanGenuchten, theta


@dataclass(frozen=True)
class Practice:
    """Season (days of the year), depletion (share of root-zone storage), water per application, days between."""

    first: int
    last: int
    allowed: float
    amount_mm: float
    turn_days: int


PRACTICES: dict[Cover, Practice] = {
    Cover.CORN: Practice(138, 250, 0.35, 24, 3),            # centre pivot
    Cover.ALFALFA: Practice(108, 275, 0.45, 30, 5),
    Cover.BEETS: Practice(125, 268, 0.40, 60, 9),           # furrows: rare and heavy
    Cover.TOWN: Practice(125, 270, 0.20, 10, 3),             # lawns
}
_SEEPAGE_SHARE = 1.05       # riparian woods use river water: the share of the roots' demand that seeps in
_SEEPAGE_FLOOR_MM = 1.2


def irrigation_mm(cover: NDArray[np.integer], group: NDArray[np.integer], soil: VanGenuchten, root_depth_cm: Field,
                  transpiration_fraction: Field, precipitation: Field, pet: Field, day_of_year: NDArray[np.int64],
                  ) -> Field:
    """Water given to each column, mm/day (N, T).

    The soil's deficit grows by evapotranspiration and falls with rain; when it exceeds the allowed share of the water
    that the roots can reach, water is applied. The second ``group`` irrigates later and less often.
    """
    water = np.zeros(precipitation.shape)
    reach_mm = (theta(DUL_SUCTION_CM, soil) - theta(LL15_SUCTION_CM, soil)) * np.minimum(root_depth_cm, 80) * 10
    use = pet * (transpiration_fraction + 0.25 * (1 - transpiration_fraction))
    for kind, practice in PRACTICES.items():
        rows = np.flatnonzero(cover == kind)
        second = group[rows]
        limit = np.maximum(practice.allowed * (1 + 0.25 * second) * reach_mm[rows], 0.8 * practice.amount_mm)
        turn = practice.turn_days + second
        deficit, waited = 0.5 * limit, np.full(rows.size, 99)
        for day, doy in enumerate(day_of_year):
            deficit = np.maximum(deficit + use[rows, day] - precipitation[rows, day], 0)
            season = (doy >= practice.first + 4 * second) & (doy <= practice.last)
            give = season & (deficit > limit) & (waited >= turn) & (precipitation[rows, day] < 5)
            water[rows, day] = np.where(give, practice.amount_mm, 0)
            deficit = np.minimum(np.where(give, deficit - 0.88 * practice.amount_mm, deficit), 1.5 * limit)
            waited = np.where(give, 1, waited + 1)
    bank = cover == Cover.RIPARIAN
    warm = ((day_of_year > 75) & (day_of_year < 315))[None, :]
    water[bank] = warm * (_SEEPAGE_SHARE * transpiration_fraction[bank] * pet[bank] + _SEEPAGE_FLOOR_MM)
    return water
