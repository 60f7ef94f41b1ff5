"""Maps by soil columns that rest on readings: what changes, what may not, and what the files say."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from deepsoil.grid import pixel_to_lonlat
from deepsoil.jobs.kind import Context
from deepsoil.kinds.predict_columns import ColumnRequest
from labels_tools import HERE
from test_field_job import DAYS, context, job, run, store

__all__ = ["context", "store"]

DAY = DAYS[40]
NAME = f"soil_moisture_20cm_{DAY}.tif"


def value(theta: float, day: date = DAY, depth_cm: float = 10.0, pixel: tuple[float, float] = (255.5, 104.5),
          ) -> dict[str, Any]:
    lon, lat = pixel_to_lonlat(HERE.column + pixel[0], HERE.row + pixel[1])
    return {"longitude": float(lon), "latitude": float(lat), "depth_cm": depth_cm, "date": str(day), "theta": theta}


def made(context: Context, *values: dict[str, Any], **more: Any) -> tuple[np.ndarray, np.ndarray, dict[str, str]]:
    """θ and half-width of the first day's map at 20 cm, and its tags."""
    options = {"options": {"readings": {"values": list(values), **more}}} if values else {}
    with rasterio.open(run(context, job(context, **options))[NAME]) as raster:
        theta, half_width = (np.ma.filled(raster.read(band, masked=True).astype(float) * 1e-4, np.nan)
                             for band in (1, 2))
        return theta, half_width, dict(raster.tags())


def no_frost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deepsoil.stations.gathered._air", lambda own, store: np.full(len(own), 10.0))


def test_a_reading_moves_the_mean_and_narrows_the_interval(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    no_frost(monkeypatch)
    plain, before, _ = made(context)
    dry, after, tags = made(context, *[value(0.08, DAY - timedelta(days=n)) for n in (0, 4, 9)])
    assert np.nanmean(dry) < np.nanmean(plain) - 0.01
    assert np.nanmean(after) < np.nanmean(before)
    assert tags["DEEPSOIL_READINGS"] == f"3 readings of 1 sensors, last {DAY}"


def test_an_estimate_counts_what_the_readings_cost(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    no_frost(monkeypatch)

    def planned(*values: dict[str, Any]) -> ColumnRequest:
        options = {"options": {"readings": {"values": list(values)}}} if values else {}
        return ColumnRequest("", job(context, **options).specification(), context)

    plain, one = planned(), planned(value(0.2))
    # five runs of the column at the reading, for each one of the maps' columns
    assert one.seconds - plain.seconds == pytest.approx(5 * plain.seconds / plain.columns)


def test_no_reading_of_a_later_day_is_used(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    no_frost(monkeypatch)
    known, later = value(0.2, DAY - timedelta(days=2)), value(0.4, DAY + timedelta(days=1))
    alone, both = made(context, known), made(context, known, later)
    assert np.array_equal(alone[0], both[0], equal_nan=True)
    past = made(context, known, later, later_days=True)
    assert not np.array_equal(alone[0], past[0], equal_nan=True)
    assert past[2]["DEEPSOIL_RECONSTRUCTION"] == "yes"


def test_a_reading_where_the_region_has_no_soil_is_refused(context: Context, tmp_path: Path,
                                                           monkeypatch: pytest.MonkeyPatch) -> None:
    no_frost(monkeypatch)
    monkeypatch.setattr("deepsoil.kinds.column_readings.columns_at", lambda store, lon, lat, pixels: ([], None))
    with pytest.raises(Exception, match="No reading lies where the region has soil"):
        made(context, value(0.2))
