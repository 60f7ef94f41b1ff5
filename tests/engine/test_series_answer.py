"""The answer to `series`: which days, which place, how many digits, and what is refused before anything is read."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.service.series import LONGEST_DAYS, series
from deepsoil.service.values import rounded

STORE: Any = SimpleNamespace(forecast_from=lambda: dt.date(2023, 8, 1))
LIBRARY: Any = SimpleNamespace(find=lambda depth_cm: f"model {depth_cm}")


def band(first: float) -> Any:
    return SimpleNamespace(mean=np.array([first, np.nan]), lower=np.array([first - 0.1, np.nan]),
                           upper=np.array([first + 0.1, np.nan]))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    found: list[Any] = []

    def by_columns(*what: Any) -> Any:
        found.append(("columns", *what))
        return SimpleNamespace(members=7, dates=what[3], theta={5.0: band(0.123456), 12.5: band(0.3)},
                               available=band(80.0), depletion=band(20.26), drainage=band(1.234),
                               irrigation=band(5.678), precipitation=np.array([7.777, np.nan]))

    def by_networks(*what: Any) -> Any:
        found.append(("networks", *what))
        return {5: SimpleNamespace(theta=np.array([0.02, 0.30004]), half_width=0.05),
                20: SimpleNamespace(theta=np.array([0.4, np.nan]), half_width=None)}

    monkeypatch.setattr("deepsoil.field.series.series_at", by_columns)
    monkeypatch.setattr("deepsoil.inference.place_series.place_series", by_networks)
    monkeypatch.setattr("deepsoil.inference.place_series.precipitation_at", lambda *what: (
        found.append(("rain", *what)), np.array([1.239, 0.0]))[1])
    return found


def test_columns_answer_with_every_day_and_as_many_digits_as_mean_something(asked: list[Any]) -> None:
    answer = series(STORE, LIBRARY, [96.5, 39], "2023-07-31", "2023-08-01", management={"crop": "corn"})
    ((_, store, longitude, latitude, days, management),) = asked
    assert (store, longitude, latitude, management.crop) == (STORE, 96.5, 39.0, "corn")
    assert days == [dt.date(2023, 7, 31), dt.date(2023, 8, 1)]
    assert (answer["method"], answer["members"], answer["dates"]) == ("column", 7, ["2023-07-31", "2023-08-01"])
    assert answer["depths"]["5"] == {"mean": [0.1235, None], "lower": [0.0235, None], "upper": [0.2235, None]}
    assert answer["forecast_from"] == "2023-08-01"
    assert list(answer["depths"]) == ["5", "12.5"] and answer["precipitation_mm"] == [7.78, None]
    assert (answer["available_mm"]["mean"][0], answer["depletion_mm"]["mean"][0]) == (80.0, 20.3)
    assert (answer["drainage_mm"]["mean"][0], answer["irrigation_mm"]["mean"][0]) == (1.23, 5.68)


def test_networks_answer_with_the_interval_of_their_calibration_where_there_is_one(asked: list[Any]) -> None:
    answer = series(STORE, LIBRARY, [96.5, 39], "2023-07-31", "2023-08-01", "network")
    (_, store, models, longitude, latitude, days, management), rain = asked
    assert (store, models, longitude, latitude, management) == (STORE, ["model 5", "model 20"], 96.5, 39.0, None)
    assert rain == ("rain", STORE, 96.5, 39.0, days) and answer["precipitation_mm"] == [1.24, 0.0]
    assert answer["depths"]["5"] == {"mean": [0.02, 0.3], "lower": [0.0, 0.25], "upper": [0.07, 0.35]}
    assert answer["depths"]["20"] == {"mean": [0.4, None], "lower": [None, None], "upper": [None, None]}
    assert answer["forecast_from"] == "2023-08-01"
    assert series(STORE, LIBRARY, [96.5, 39], "2023-07-30", "2023-07-31", "network")["forecast_from"] is None
    assert answer["members"] is None and answer["available_mm"] is None and answer["irrigation_mm"] is None


@pytest.mark.parametrize(("start", "days", "fits"), [("2020-01-01", 1, True), ("2020-01-01", LONGEST_DAYS, True),
                                                     ("2020-01-01", LONGEST_DAYS + 1, False), ("2020-01-01", 0, False)])
def test_a_series_has_a_day_at_least_and_three_years_at_most(start: str, days: int, fits: bool,
                                                            asked: list[Any]) -> None:
    end = (dt.date.fromisoformat(start) + dt.timedelta(days - 1)).isoformat()
    if fits:
        assert len(series(STORE, LIBRARY, [0, 0], start, end)["dates"]) == days
        return
    with pytest.raises(DeepSoilError) as error:
        series(STORE, LIBRARY, [0, 0], start, end)
    assert (error.value.code, error.value.field) == ("params_invalid", "end") and asked == []


def test_an_end_before_the_beginning_is_called_that_and_no_number_has_a_sign_without_a_value(asked: list[Any]) -> None:
    with pytest.raises(DeepSoilError, match="ends on 2023-07-30, before it begins on 2023-07-31"):
        series(STORE, LIBRARY, [0, 0], "2023-07-31", "2023-07-30")
    assert [str(value) for value in rounded(np.array([-0.001, 0.0, -0.01]), 2)] == ["0.0", "0.0", "-0.01"]


@pytest.mark.parametrize("place", [[], [1], [1, 2, 3], ["1", 2], [True, 2], [180.1, 0], [0, 85.1], [0, -85.1],
                                   [-180.1, 0]])
def test_what_is_no_place_is_refused(place: list[Any], asked: list[Any]) -> None:
    with pytest.raises(DeepSoilError) as error:
        series(STORE, LIBRARY, place, "2020-01-01", "2020-01-01")
    assert (error.value.code, error.value.field) == ("params_invalid", "place") and asked == []


@pytest.mark.parametrize("place", [[180, 85], [-180, -85]])
def test_the_ends_of_the_world_are_places(place: list[Any], asked: list[Any]) -> None:
    assert series(STORE, LIBRARY, place, "2020-01-01", "2020-01-01")["method"] == "column"


@pytest.mark.parametrize(("more", "field"), [
    ({"method": "guess"}, "method"), ({"management": {"crop": 7}}, "management.crop"),
    ({"management": {"colour": "red"}}, "management.colour"), ({"management": {"irrigation": {"type": "habit",
                                                                                           "mm": -1}}}, "management.")])
def test_what_is_said_wrongly_is_named(more: dict[str, Any], field: str, asked: list[Any]) -> None:
    with pytest.raises(DeepSoilError) as error:
        series(STORE, LIBRARY, [0, 0], "2020-01-01", "2020-01-01", **more)
    assert error.value.code == "params_invalid" and (error.value.field or "").startswith(field)
