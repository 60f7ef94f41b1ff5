"""What the tests of published files share: the window as an ingestion, its centres, and a plane of leaf area."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from deepsoil.sources.recipe_files import RecipeFiles
from deepsoil.sources.recipe_parts import Period
from deepsoil.sources.source import Ingestion
from deepsoil.sources.yaml_lines import Lines
from sources_tools import WINDOW

BOUNDS = (-96.62, 39.06, -96.55, 39.11)


def ingestion(root: Path, period: Period | None = None) -> Ingestion:
    return Ingestion(RecipeFiles(root / "recipe.yaml", root, Lines({})), WINDOW, BOUNDS, period, lambda name: None,
                     lambda day: None)


def centres() -> tuple[np.ndarray, np.ndarray]:
    lon, lat = WINDOW.lonlat_centres()
    return lon[None, :], lat[:, None]


def leaves(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    return 3.0 + 8 * (lon + 96.6) - 10 * (lat - 39.1)
