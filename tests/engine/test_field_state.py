"""A simulated field that goes on from a kept state is the field that was simulated in one."""

from __future__ import annotations

import dataclasses
import datetime as dt
import multiprocessing
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.management import Application, Irrigated, IrrigationLog
from deepsoil.field import member_batch, uncertainty
from deepsoil.field.continuation import continue_from
from deepsoil.field.ground import Columns
from deepsoil.field.land import Crop
from deepsoil.field.look_ahead import look_ahead
from deepsoil.field.simulation import FieldModel
from deepsoil.field.state_cache import StateCache
from deepsoil.soil.column_state import ColumnState
from deepsoil.soil.forcing import Forcing

START = np.datetime64("2021-01-01")
TEXTURES = np.array([[42.0, 40.0, 18.0], [20.0, 20.0, 60.0], [85.0, 10.0, 5.0]])
Z = uncertainty.draw(16)[:8]
PAST = 1100


def weather(seed: int = 3, days: int = PAST) -> Forcing:
    """With snow in winter."""
    rng = np.random.default_rng(seed)
    rain = np.where(rng.random((2, days)) < 0.25, rng.exponential(8.0, (2, days)), 0.0)
    season = -np.cos(2 * np.pi * np.arange(days) / 365.25)
    return Forcing(rain, np.tile(3.0 + 2.5 * season, (2, 1)), np.tile(9.0 + 15.0 * season, (2, 1)))


WEATHER = weather()


def model(first: str, last: str, states: StateCache | None = None, forcing: Forcing = WEATHER, **more: Any,
          ) -> FieldModel:
    """Of three soils at two places, with NDVI every 16 days."""
    seen = np.arange(START - 40, START + PAST, 16)
    ndvi = 0.45 - 0.25 * np.cos(2 * np.pi * (seen - START).astype(int) / 365.25)
    columns = Columns(TEXTURES, np.array([0, 1, 1]), np.array([False, True, True]), np.array([0, 0, 1]),
                      np.array([-98.0, -98.1]), np.array([36.5, 36.5]), np.array([0, 0, 1]),
                      ndvi + np.array([[0.0], [0.1], [-0.1]]), seen)
    days = int((np.datetime64(last) - START).astype(int)) + 1
    given = {"columns": columns, "dates": np.arange(START, START + days),
             "forcing": forcing.on_days(np.arange(days)), "depths_cm": (5.0, 20.0), "first": np.datetime64(first),
             "usual_days": 365, **({"states": states} if states else {}), **more}
    return FieldModel(**given)


def log(*given: tuple[str, float]) -> IrrigationLog:
    return IrrigationLog(type="log", applications=[
        Application(date=dt.date.fromisoformat(day), mm=mm) for day, mm in given])


def days_simulated(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by the days of every call of the solver."""
    days: list[int] = []
    real = member_batch.simulate_columns

    def noted(soils: Any, forcing: Forcing, *given: Any, **named: Any) -> Any:
        days.append(forcing.days)
        return real(soils, forcing, *given, **named)

    monkeypatch.setattr(member_batch, "simulate_columns", noted)
    return days


def same(one: np.ndarray, other: np.ndarray) -> bool:
    """Bit for bit."""
    return np.array_equal(one, other, equal_nan=True)


def assert_same(one: FieldModel, other: FieldModel) -> None:
    (theta, water), (theta_2, water_2) = one.run_with_water(Z), other.run_with_water(Z)
    assert np.isfinite(theta.theta).mean() > 0.7  # over an impeding layer some columns do not converge
    assert same(theta.theta, theta_2.theta) and np.array_equal(theta.dates, theta_2.dates)
    for name in vars(water):
        assert same(getattr(water, name), getattr(water_2, name)), name


@pytest.mark.parametrize("more", [
    {}, {"crop": Crop("winter_wheat")}, {"irrigation": Irrigated(type="irrigated"), "crop": Crop("corn")},
    {"irrigation": log(("2022-07-01", 30), ("2022-12-30", 12), ("2023-01-02", 15))}],
    ids=["seen leaves", "a winter crop", "a habit", "a log"])
def test_day_after_day_across_the_years_end_is_as_in_one_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                             more: dict[str, Any]) -> None:
    states = StateCache(tmp_path / "states")
    model("2022-12-27", "2022-12-27", states, **more).run(Z)
    days = days_simulated(monkeypatch)
    for day in np.arange("2022-12-28", "2023-01-04", dtype="datetime64[D]").astype(str):
        days.clear()
        kept = model(day, day, states, **more)
        assert_same(kept, model(day, day, **more))
        assert max(days[:len(days) // 2]) <= 96 < 900 < min(days[len(days) // 2:])
    assert_same(model("2022-11-20", "2023-01-03", states, **more), model("2022-11-20", "2023-01-03", **more))


def test_other_scores_as_of_readings_never_meet_the_states_of_these(tmp_path: Path) -> None:
    states = StateCache(tmp_path / "states")
    model("2023-03-01", "2023-03-01", states).run(Z)
    moved = 0.5 * Z + 0.3
    assert same(model("2023-03-02", "2023-03-02", states).run(moved).theta,
                model("2023-03-02", "2023-03-02").run(moved).theta)


def test_a_past_that_has_changed_begins_from_the_last_state_before_it(tmp_path: Path,
                                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    states = StateCache(tmp_path / "states")
    model("2023-06-30", "2023-06-30", states).run(Z)
    model("2023-06-30", "2023-06-30", states, irrigation=log(("2022-07-10", 20))).run(Z)
    rain = WEATHER.precipitation.copy()
    rain[:, int((np.datetime64("2023-05-20") - START).astype(int))] += 20.0
    revised = Forcing(rain, WEATHER.pet, WEATHER.temperature)
    earlier = WEATHER.precipitation.copy()
    earlier[:, 40] += 20.0
    long_ago = Forcing(earlier, WEATHER.pet, WEATHER.temperature)
    days = days_simulated(monkeypatch)
    more_water = log(("2022-07-10", 20), ("2023-06-10", 25))
    for changed, least, most in (({"forcing": revised}, 42, 96), ({"irrigation": more_water}, 21, 96),
                                 ({"forcing": long_ago}, 900, 2000)):
        days.clear()
        assert_same(model("2023-07-01", "2023-07-01", states, **changed), model("2023-07-01", "2023-07-01", **changed))
        assert least <= min(days) and max(days[:len(days) // 2]) <= most


@pytest.mark.parametrize("harm", [lambda content: content[:-100], lambda content: content[:200] + b"?" + content[201:],
                                  lambda content: b"", lambda content: content + b"0"],
                         ids=["half", "one byte", "empty", "longer"])
def test_a_damaged_state_is_told_of_and_not_used(tmp_path: Path, harm: Callable[[bytes], bytes]) -> None:
    said: list[str] = []
    states = StateCache(tmp_path / "states", said.append)
    model("2023-03-01", "2023-03-01", states).run(Z)
    files = list((tmp_path / "states").iterdir())
    for file in files:
        file.write_bytes(harm(file.read_bytes()))
    assert files and not said
    assert_same(model("2023-03-02", "2023-03-02", states), model("2023-03-02", "2023-03-02"))
    assert said and all("is not used" in line for line in said)


def test_where_nothing_can_be_written_the_field_is_simulated_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "states").write_text("a file where the folder would be")
    assert_same(model("2023-03-02", "2023-03-02", StateCache(tmp_path / "states")), model("2023-03-02", "2023-03-02"))


def _both(folder: Path) -> bytes:
    return model("2023-03-02", "2023-03-02", StateCache(folder)).run(Z).theta.tobytes()


def test_two_processes_at_once_get_the_same(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        found = pool.map(_both, [tmp_path / "states"] * 4)
    assert set(found) == {model("2023-03-02", "2023-03-02").run(Z).theta.tobytes()}
    assert all(file.suffix == ".state" for file in (tmp_path / "states").iterdir())


def test_the_cache_is_bounded_and_the_oldest_go_first(tmp_path: Path) -> None:
    one = ColumnState(np.zeros((10, 99)), np.zeros(10))  # 8,000 bytes
    for number in range(20):
        StateCache(tmp_path, most_bytes=100_000).save({f"s{number:02d}": one})
        os.utime(tmp_path / f"s{number:02d}.state", (1e9 + number, 1e9 + number))
    left = sorted(path.stem for path in tmp_path.iterdir())
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 110_000
    assert left == [f"s{number:02d}" for number in range(20 - len(left), 20)]


# ---- what is ahead


def test_what_if_is_what_the_field_does_when_it_is_so(tmp_path: Path) -> None:
    # without sightings of leaves: the state's last weeks do not know what is seen of them in the days after
    bare = {"columns": dataclasses.replace(model("2023-06-30", "2023-06-30").columns, ndvi=None, ndvi_days=None,
                                           irrigated=np.zeros(3, bool))}
    water = log(("2023-07-02", 30), ("2023-07-05", 10))
    whole, whole_water = model("2023-06-30", "2023-07-07", irrigation=water, **bare).run_with_water(Z)
    past = model("2023-06-30", "2023-06-30", StateCache(tmp_path), **bare)
    _, _, state = past.run_to_end(Z)
    begin = past.dates.size
    ahead = look_ahead(past, Z, WEATHER.on_days(np.arange(begin, begin + 7)))
    given = np.array([0, 30, 0, 0, 10.0, 0, 0])
    for _ in range(2):  # a question changes nothing
        theta, of_roots = continue_from(state, ahead.given(Z, given))
        assert same(theta.theta, whole.theta[..., 1:]) and np.array_equal(theta.dates, whole.dates[1:])
        for name in vars(of_roots):
            of_whole = getattr(whole_water, name)
            assert same(getattr(of_roots, name), of_whole if of_whole.ndim == 2 else of_whole[..., 1:]), name
    dry = continue_from(state, ahead)[1]
    assert np.nanmin((of_roots.available_mm - dry.available_mm)[..., 2:]) > 0
    later = dataclasses.replace(ahead, dates=ahead.dates + 1)
    with pytest.raises(DeepSoilError, match="begins on 2023-07-02"):
        continue_from(state, later)
