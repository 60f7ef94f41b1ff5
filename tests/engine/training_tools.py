"""The smallest training configuration, and weather for it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd


def settings(root: Path, depth_cm: int) -> dict:
    return {
        "name": f"tiny-{depth_cm}cm", "title": "Tiny", "version": "0", "depth_cm": depth_cm,
        "weather": {"root": str(root), "series": [{
            "name": "plain", "file": "plain.csv", "date": "date", "precipitation": "p", "temperature": ["t"],
            "pet": "e", "vpd": "d"}]},
        "simulation": {"period": ["2001-01-01", "2003-12-31"], "years": 1, "runs_per_series": 2,
                       "unseen": {"plain": "2004-01-01"}, "lattice_step": 50, "unseen_textures": 2,
                       "spinup_days": 30},
        "network": {"kind": "light_unet" if depth_cm == 20 else "surface_unet", "width": 4, "dropout": 0.1},
        "warm_start": {"steps": 3, "pixels": 64} if depth_cm == 5 else None,
        "missing": {"smap": 0.5, "lai": 0.5, "land_cover": 0.1},
        "schedule": {"epochs": 4, "steps_per_epoch": 3, "learning_rate": 0.01,
                     "stages": [{"share": 0.5, "patch": 16, "batch": 4}, {"share": 0.5, "patch": 32, "batch": 2}]},
        "scoring": {"batches": 1, "pixel_network_steps": 5},
    }


def write_weather(folder: Path) -> Path:
    """``plain.csv`` in a folder, which is returned: four years of weather with seasons and showers."""
    rng = np.random.default_rng(4)
    dates = pd.date_range("2001-01-01", "2004-12-31")
    season = np.cos(2 * np.pi * (dates.dayofyear - 200) / 365.25)
    pd.DataFrame({"date": dates.strftime("%Y-%m-%d"), "p": rng.gamma(0.2, 12, len(dates)), "t": 10 + 12 * season,
                  "e": 3 + 2.5 * season, "d": 1 + 0.8 * season}).to_csv(folder / "plain.csv", index=False)
    return folder
