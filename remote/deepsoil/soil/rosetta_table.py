"""Builds the shipped table of Rosetta 3: `python -m deepsoil.soil.rosetta_table`. Needs the package rosetta-soil.

Estimates are means over the bootstrap networks of the logarithms of α, n and Ks, as the paper reports them
(§3.5). Rosetta's weights are in the public domain (CC0), so the table may be shipped.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.soil.rosetta import COLUMNS, TABLE_PATH, lattice

CHUNK = 500  # rosetta-soil holds 1,000 networks x chunk x outputs in memory


def build_table() -> NDArray[np.float64]:
    """Rows of COLUMNS for `lattice()`, shape (5151, 5)."""
    try:
        from rosetta import rosetta  # type: ignore[attr-defined]
    except ImportError as error:
        raise DeepSoilError(
            "package_missing", "The package rosetta-soil is not installed.",
            "Install the engine from DeepSoil's source folder: pip install './remote[build]'",
        ) from error
    textures = lattice()
    parts = [
        rosetta(3, textures[start : start + CHUNK].tolist(), estimate_type="log")[0][:, : len(COLUMNS)]
        for start in range(0, len(textures), CHUNK)
    ]
    return np.concatenate(parts)


def write_table(path: Path = TABLE_PATH) -> None:
    """Build the table and write it, with its origin, as a compressed npz of float32."""
    from importlib.metadata import version

    origin = f"rosetta-soil {version('rosetta-soil')}, Rosetta 3 (Zhang & Schaap 2017), SSC model, log means, CC0"
    np.savez_compressed(path, parameters=build_table().astype(np.float32), columns=COLUMNS, origin=origin)


if __name__ == "__main__":
    write_table()
    print(f"Wrote {TABLE_PATH.name}.")
