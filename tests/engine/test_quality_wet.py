"""What is wetter than a pedotransfer expects of a soil is kept: only what was measured limits a value."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from deepsoil.grid import Window
from deepsoil.inputs import coverage
from deepsoil.soil import rosetta
from deepsoil.stations.quality_control import screen
from deepsoil.stations.quality_report import REASONS
from deepsoil.stations.screened import screened_stations
from deepsoil.store.series import Stations
from deepsoil.store.writer import StoreWriter

REAL = Path(os.environ.get("DEEPSOIL_REAL_DATA", Path(__file__).parents[3] / "shared" / "data"))
UNPHYSICAL = REASONS.index("unphysical")


def stations(theta: np.ndarray, first: str = "2023-01-01") -> Stations:
    """One station with sensors at 5 and 20 cm from theta (2, T)."""
    days = np.arange(np.datetime64(first), np.datetime64(first) + theta.shape[1])
    return Stations(["a"], ["A"], ["N"], np.array([-96.6]), np.array([39.1]), np.array([5.0, 20.0]), days,
                    theta[None].astype(np.float32))


def test_the_saturation_of_a_map_rejects_no_wet_day(tmp_path: Path) -> None:
    window = Window.around(-96.62, 39.06, -96.55, 39.11)
    store = StoreWriter.create(tmp_path / "store", name="field", title="A field", window=window)
    store.write_static("theta_s", np.full(store.window.shape, 0.42, np.float32), "a pedotransfer")
    wet = 0.45 + 0.08 * np.sin(np.arange(200) / 30.0)
    store.write_stations(stations(np.stack([wet, wet + 0.03])))
    theta, report = screened_stations(coverage.finish(store))
    assert np.isfinite(theta.theta).all() and not (report.reasons == UNPHYSICAL).any()
    assert wet.max() + 0.03 > 1.1 * 0.42


@pytest.mark.skipif(not REAL.is_dir(), reason="the real data is not there (set DEEPSOIL_REAL_DATA)")
def test_wet_days_at_a_real_place_are_kept() -> None:
    """USCRN near Manhattan, Kansas: the wet days of its heavy clay lie above what Rosetta expects."""
    table = pd.read_csv(REAL / "kings_creek" / "uscrn_manhattan_6_ssw_daily.csv")
    table = table[(table.LST_DATE >= 20100101) & (table.LST_DATE < 20170101)]
    theta = np.stack([table[f"SOIL_MOISTURE_{depth}_DAILY"].to_numpy(np.float64) for depth in (5, 20)])
    theta[theta < -1] = np.nan
    one = stations(theta, "2010-01-01")
    assert len(table) == one.dates.size
    expected = rosetta.parameters(23, 41, 36).theta_s
    known = np.isfinite(one.theta[0, 1])
    beyond = one.theta[0, 1, known] > 1.1 * expected
    print(f"{beyond.mean():.0%} of {known.sum()} days at 20 cm are wetter than 1.1 x Rosetta's saturation")
    assert beyond.mean() > 0.1
    assert not (screen(one)[1].reasons == UNPHYSICAL).any()
