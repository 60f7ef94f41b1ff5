"""The rules of the climate classes, on climates of known class and on the borders between classes."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from deepsoil.sources.koppen_rules import NAMES, classes, monthly

KNOWN = {  # usual months of 1991–2020 at NOAA stations in °F and inches, rounded; their classes are those of Beck's map
    "Phoenix AZ BWh": ([56.8, 59.9, 66.3, 73.2, 82.0, 91.4, 95.5, 94.4, 89.2, 76.7, 64.6, 55.9],
                       [0.87, 0.87, 0.83, 0.22, 0.13, 0.02, 0.91, 0.93, 0.57, 0.56, 0.57, 0.74]),
    "Denver CO BSk": ([31.7, 32.7, 41.6, 47.6, 57.3, 68.2, 75.1, 72.9, 64.8, 51.1, 39.4, 31.2],
                      [0.38, 0.41, 0.86, 1.68, 2.16, 1.94, 2.14, 1.58, 1.35, 0.99, 0.64, 0.35]),
    "Seattle WA Csb": ([42.0, 43.3, 46.4, 51.1, 57.4, 62.0, 67.1, 67.4, 62.4, 53.7, 46.2, 41.4],
                       [5.78, 3.76, 4.17, 3.18, 1.88, 1.45, 0.60, 0.97, 1.61, 3.91, 6.31, 5.72]),
    "Miami FL Am": ([68.6, 70.7, 73.1, 76.7, 80.1, 82.8, 84.1, 84.2, 83.0, 80.1, 74.8, 71.2],
                    [1.83, 2.15, 2.46, 3.36, 6.32, 10.51, 7.36, 9.58, 10.22, 7.65, 3.53, 2.44]),
    "Duluth MN Dfb": ([11.2, 15.3, 27.2, 39.5, 51.6, 60.3, 66.6, 65.0, 57.0, 43.8, 29.9, 17.3],
                      [0.96, 0.92, 1.51, 2.66, 3.30, 4.33, 3.97, 3.77, 3.55, 2.85, 1.99, 1.44]),
    "Sacramento CA Csa": ([47.6, 51.6, 55.6, 59.5, 66.0, 72.3, 76.1, 75.3, 72.6, 64.6, 54.0, 47.2],
                          [3.66, 3.50, 2.80, 1.35, 0.67, 0.21, 0.00, 0.04, 0.09, 0.83, 1.70, 3.29]),
    "Atlanta GA Cfa": ([44.8, 48.5, 55.6, 63.2, 71.2, 77.9, 80.9, 80.2, 74.9, 64.7, 54.2, 47.3],
                       [4.58, 4.53, 4.72, 3.82, 3.56, 4.53, 4.74, 4.30, 3.82, 3.25, 3.98, 4.56]),
    "Des Moines IA Dfa": ([22.3, 26.7, 39.4, 51.3, 62.4, 72.4, 76.0, 73.9, 66.2, 53.3, 39.1, 27.9],
                          [1.06, 1.31, 2.19, 4.04, 5.23, 5.34, 3.88, 4.08, 3.25, 2.78, 2.18, 1.51]),
}


@pytest.mark.parametrize("place", KNOWN)
def test_known_places_have_their_known_class(place: str) -> None:
    fahrenheit, inches = (np.array(values) for values in KNOWN[place])
    found = classes((fahrenheit - 32) / 1.8, inches * 25.4)
    assert NAMES[int(found) - 1] == place.rpartition(" ")[2]


def climate(coldest: float, hottest: float, rain: list[float]) -> str:
    """A climate of the north with its coldest month in January and its hottest in July."""
    course = -np.cos(2 * np.pi * np.arange(12) / 12)
    return NAMES[int(classes((hottest + coldest) / 2 + (hottest - coldest) / 2 * course, np.array(rain))) - 1]


EVEN = [80.0] * 12


@pytest.mark.parametrize(("coldest", "hottest", "rain", "name"), [
    (0.1, 22.0, EVEN, "Cfa"), (0.0, 22.0, EVEN, "Dfa"),          # temperate is above 0 degC, not above -3
    (1.0, 21.9, EVEN, "Cfb"), (-38.1, 12.0, [40.0] * 12, "Dfd"), (-37.0, 12.0, [40.0] * 12, "Dfc"),
    (18.0, 30.0, [50.0] * 12, "BSh"), (18.0, 30.0, [60.0] * 12, "Af"),
    (18.0, 24.0, [100.0] * 12, "Af"), (-5.0, 10.0, EVEN, "ET"),
    (-30.0, 0.0, [20.0] * 12, "EF"),
    (2.0, 24.0, [130, 130, 130, 45, 39, 39, 39, 39, 45, 130, 130, 130], "Csa"),
    (2.0, 24.0, [130, 130, 130, 45, 41, 41, 41, 41, 45, 130, 130, 130], "Cfa"),   # summer's driest month has 40 mm
    (-8.0, 24.0, [9, 9, 30, 60, 91, 120, 120, 91, 60, 30, 9, 9], "Dwa"),
    (-8.0, 24.0, [13, 13, 30, 60, 91, 120, 120, 91, 60, 30, 13, 13], "Dfa"),
])
def test_the_borders_between_classes(coldest: float, hottest: float, rain: list[float], name: str) -> None:
    assert climate(coldest, hottest, rain) == name


def test_when_it_rains_decides_what_is_dry() -> None:
    """Mean 13 degC: the border of dry is 260 mm with rain in winter, 400 through the year, 540 with rain in summer."""
    winter, summer = [60.0] * 3 + [0.0] * 6 + [60.0] * 3, [0.0] * 3 + [60.0] * 6 + [0.0] * 3
    assert climate(2.0, 24.0, winter) == "Csa" and climate(2.0, 24.0, [30.0] * 12) == "BSk"
    assert climate(2.0, 24.0, summer) == "BSk" and climate(2.0, 24.0, [value * 1.6 for value in summer]) == "Cwa"
    assert climate(2.0, 24.0, [10.0] * 12) == "BWk"


def test_months_are_those_of_the_calendar_and_a_missing_month_has_no_class() -> None:
    days = np.arange(np.datetime64("2020-01-01"), np.datetime64("2023-01-01"))
    values = (days.astype("datetime64[M]").astype(int) % 12 + 1.0)[:, None]
    assert monthly(days, values, False)[:, 0].tolist() == list(range(1, 13))
    assert monthly(days, values, True)[1, 0] == pytest.approx(2 * 28.25)
    short = monthly(days[:200], values[:200], False)
    assert np.isnan(short[8:]).all() and np.isnan(classes(short, short)).all()


REAL = Path(os.environ.get("DEEPSOIL_REAL_DATA", Path(__file__).resolve().parents[3] / "shared" / "data")) / "weather"


@pytest.mark.skipif(not REAL.is_dir(), reason=f"no real data at {REAL}")
def test_thirty_years_of_gridmet_give_the_class_of_the_map() -> None:
    """Fort Peck, Montana, and Johnson County, Kansas, 1991 to 2020."""
    peck = pd.read_parquet(REAL / "gridmet_fort_peck_daily_1987_2024.parquet")
    johnson = pd.read_csv(REAL / "gridmet_johnson_county_ks_daily.csv.gz")
    for days, mean, rain, name in (
            (peck["date"], (peck["tmin"] + peck["tmax"]) / 2, peck["prcp"], "BSk"),
            (johnson["timestamp"], (johnson["tmmn"] + johnson["tmmx"]) / 2, johnson["pr"], "Dfa")):
        time = pd.to_datetime(days).to_numpy().astype("datetime64[D]")
        kept = (time >= np.datetime64("1991-01-01")) & (time < np.datetime64("2021-01-01"))
        found = classes(monthly(time[kept], mean[kept].to_numpy(), False),
                        monthly(time[kept], rain[kept].to_numpy(), True))
        assert NAMES[int(found) - 1] == name
