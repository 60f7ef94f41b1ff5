"""Builds the shipped tables of Rosetta 3: `python -m deepsoil.soil.rosetta_table`. Needs the package rosetta-soil.

Estimates are means over the bootstrap networks of the logarithms of α, n and Ks, as the paper reports them
(§3.5); the covariance is that of the same networks. Rosetta's weights are in the public domain (CC0), so the tables
may be shipped.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.soil.retention import MINIMUM_RANGE
from deepsoil.soil.rosetta import COLUMNS, TABLE_PATH, lattice
from deepsoil.soil.rosetta_spread import SPREAD_PATH, STEP_PERCENT, TRIANGLE

CHUNK = 500  # rosetta-soil holds 1,000 networks x chunk x outputs in memory


def build_table() -> NDArray[np.float64]:
    """Rows of COLUMNS for `lattice()`, shape (5151, 7)."""
    rosetta = _package().rosetta
    textures = lattice()
    parts = [
        rosetta(3, textures[start : start + CHUNK].tolist(), estimate_type="log")[0][:, : len(COLUMNS)]
        for start in range(0, len(textures), CHUNK)
    ]
    return np.concatenate(parts)


def build_spread() -> NDArray[np.float64]:
    """Covariance of COLUMNS over the networks for `lattice(STEP_PERCENT)`: rows of TRIANGLE, shape (231, 28).

    Each of the 1,000 draws of the retention parameters goes to one of the 100 networks for K0 and L, in turn, so that
    both sources of doubt are in the covariance. A draw that is no soil (θr < 0, n ≤ 1) gets K0 and L of the nearest.
    """
    package = _package()
    retention, conductivity = package.Rosetta(3, 2), package.UnsaturatedK()
    rows = []
    for texture in lattice(STEP_PERCENT):
        curve, ks = retention.predict(texture[None].astype(np.float64))
        draws = np.concatenate([curve[:, 0], ks[:, 0]], axis=1)
        theta_s = np.clip(draws[:, 1], 0.1, 0.9)
        theta_r = np.clip(draws[:, 0], 0.0, theta_s - MINIMUM_RANGE)
        linear = np.column_stack([theta_r, theta_s, 10.0 ** draws[:, 2], np.maximum(10.0 ** draws[:, 3], 1.01)])
        both = conductivity.predict(linear)
        members = np.arange(len(draws))
        covariance = np.cov(np.column_stack([draws, both[members % len(both), members]]), rowvar=False)
        rows.append(covariance[TRIANGLE])
    return np.array(rows)


def write_tables(path: Path = TABLE_PATH, spread_path: Path = SPREAD_PATH) -> None:
    """Build both tables and write them, with their origin, as compressed npz of float32."""
    from importlib.metadata import version

    origin = f"rosetta-soil {version('rosetta-soil')}, Rosetta 3 (Zhang & Schaap 2017), SSC model, log means, CC0"
    np.savez_compressed(path, parameters=build_table().astype(np.float32), columns=COLUMNS, origin=origin)
    origin = f"rosetta-soil {version('rosetta-soil')}, Rosetta 3 (Zhang & Schaap 2017), SSC model, 1,000 networks, CC0"
    np.savez_compressed(spread_path, covariance=build_spread().astype(np.float32), columns=COLUMNS, origin=origin)


def _package() -> Any:
    try:
        import rosetta
    except ImportError as error:
        raise DeepSoilError(
            "package_missing", "The package rosetta-soil is not installed.",
            "Install the engine from DeepSoil's source folder: pip install './remote[build]'",
        ) from error
    return rosetta


if __name__ == "__main__":
    write_tables()
    print(f"Wrote {TABLE_PATH.name} and {SPREAD_PATH.name}.")
