"""``python -m deepsoil.soil.compile_now``: compiles the solver, so that the first simulation need not wait for it.

What is compiled lies beside the source, or in the user's cache folder where that cannot be written (numba).
"""

from __future__ import annotations

import numpy as np

from deepsoil.soil.column import simulate_columns
from deepsoil.soil.column_settings import LAND_SETTINGS
from deepsoil.soil.forcing import Forcing
from deepsoil.soil.rosetta import parameters


def compile_now() -> None:
    """Simulate one column for two days, from nothing and from its own state."""
    weather = Forcing(*(np.full((1, 2), value) for value in (1.0, 3.0, 15.0)))
    soil = parameters(np.array([40.0]), np.array([40.0]), np.array([20.0]))
    first = simulate_columns(soil, weather, np.zeros(1, np.int64), spinup_days=0, settings=LAND_SETTINGS, keep_days=[1])
    simulate_columns(soil, weather, np.zeros(1, np.int64), spinup_days=0, settings=LAND_SETTINGS, state=first.states[0])


if __name__ == "__main__":
    compile_now()
