"""The hour-by-hour columns and the snow of the experiment are the engine's own where nothing else is asked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from deepsoil.experiments.column_places import Place
from deepsoil.experiments.rain_and_snow import HOURS, Snow, like_hours, own_hours, simulate, table
from deepsoil.soil.forcing import Forcing, snow_store
from deepsoil.soil.vegetation import GROUPS

DAYS = 200


@pytest.fixture(scope="module")
def place() -> Place:
    rng = np.random.default_rng(0)
    dates = np.datetime64("2021-11-01") + np.arange(DAYS)
    rain = rng.gamma(0.5, 12.0, DAYS) * (rng.random(DAYS) < 0.3)
    temperature = 6.0 - 12.0 * np.cos(2 * np.pi * (np.arange(DAYS) - 75) / 365) + rng.normal(0, 3, DAYS)
    forcing = Forcing(rain[None], np.clip(temperature, 0.2, None)[None] / 5, temperature[None])
    nothing = (np.empty(0, np.int64), np.empty(0))
    return Place("made up", dates, forcing, 39.0, ["a", "b"], rng.uniform(0.1, 0.4, (2, 2, DAYS)),
                 np.array([[40.0, 40.0, 20.0], [15.0, 50.0, 35.0]]), [GROUPS[0], GROUPS[1]], [nothing, nothing])


def test_even_rain_by_the_hour_is_rain_over_the_day(place: Place) -> None:
    even = np.full((DAYS, HOURS), 1 / HOURS)
    by_day, by_hour = simulate(place, Snow(), 24.0)[0], simulate(place, Snow(), None, even)[0]
    assert np.abs(by_hour - by_day).max() < 0.003
    burst = np.zeros((DAYS, HOURS))
    burst[:, 15] = 1.0
    assert np.abs(simulate(place, Snow(), None, burst)[0] - by_day).max() > 0.01, "an hour's storm runs off"


def test_snow_is_the_engines_and_sublimation_takes_from_it(place: Place) -> None:
    usual = snow_store(place.forcing)
    ground, lying = Snow().on_ground(place.forcing)
    np.testing.assert_allclose(ground.precipitation, usual.liquid)
    np.testing.assert_allclose(lying, usual.store[0])
    assert (ground.pet[0][lying > 0] == 0).all() and (lying > 0).sum() > 20
    less, _ = Snow(sublimated=0.5).on_ground(place.forcing)
    lost = usual.liquid.sum() - less.precipitation.sum()
    assert 0 < lost <= 0.5 * place.forcing.pet[0].sum()


def test_hours_are_those_of_the_gauge_or_of_a_day_like_it(place: Place) -> None:
    gauge = pd.DataFrame(np.zeros((DAYS, HOURS)), index=pd.DatetimeIndex(place.dates), columns=range(HOURS))
    gauge.iloc[:, 3], gauge.iloc[:, 20] = np.linspace(1, 50, DAYS), np.linspace(50, 1, DAYS)[::-1]
    own = own_hours(place, gauge)
    np.testing.assert_allclose(own[7, [3, 20]], gauge.iloc[7, [3, 20]] / gauge.iloc[7].sum())
    assert own_hours(place, gauge.iloc[1:])[0] == pytest.approx(1 / HOURS), "a day without the gauge is even"
    np.testing.assert_allclose(like_hours(place, gauge).sum(axis=1), 1.0)
    later = replace(place, dates=place.dates + 5000)
    np.testing.assert_allclose(like_hours(later, gauge), like_hours(place, gauge))


def test_the_table_has_the_usual_columns_without_change(place: Place) -> None:
    made = table(place, np.full((DAYS, HOURS), 1 / HOURS))
    assert [row[5] for row in made.rows if "usual" in str(row[0])] == [0.0]
    assert all(float(row[5]) > 0 for row in made.rows if "usual" not in str(row[0]))
