"""What a user is told of a region's data, before a job runs and after it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from deepsoil.channels import ChannelUse
from deepsoil.inputs import data_age
from deepsoil.inputs.stack import Stack
from deepsoil.jobs.summary import summary
from deepsoil.kinds.preparation import Requests
from deepsoil.service.jobs import Jobs
from deepsoil.store.store import MAX_AGE_DAYS
from inference_tools import DAYS, built, document, make_context, new_job, open_model, stack_for

FIRST = dt.date(2023, 7, 1)


def stack_of(missing: tuple[str, ...] = (), **observed: set[int]) -> Stack:
    """A stack whose dated channels were observed so many days after the first."""
    names = [*observed, *missing]

    def age_days(channel: str, day: dt.date) -> int | None:
        ages = [(day - FIRST).days - n for n in observed[channel] if 0 <= (day - FIRST).days - n <= MAX_AGE_DAYS]
        return min(ages, default=None)

    return cast(Stack, SimpleNamespace(channels=[ChannelUse(name, 0.5, False) for name in names], missing=list(missing),
                                       withheld=[], age_days=age_days))


def days(*numbers: int) -> list[dt.date]:
    return [FIRST + dt.timedelta(days=n) for n in numbers]


def said(stacks: list[Stack], *numbers: int) -> list[tuple[str, str]]:
    return [(one.code, one.message) for one in data_age.warnings(stacks, days(*numbers))]


def test_fresh_data_needs_no_word() -> None:
    assert said([stack_of(ndvi={0, 16}, lai={0})], 16, 20, data_age.OLD_DAYS) == []


def test_old_data_is_told_with_its_age_on_the_worst_day() -> None:
    assert said([stack_of(ndvi={0, 60})], 33, 40, 61) == [
        ("channel_old", "The newest NDVI is 40 days older than 2023-08-10.")]


def test_a_gap_of_the_weather_that_was_filled_is_told() -> None:
    asked: list[str] = []

    def filled(channel: str, of: list[dt.date]) -> np.ndarray:
        asked.append(channel)
        return np.array(of[:2] if channel == "precipitation" else [], "datetime64[D]")

    stack = stack_of()
    stack.channels.extend(ChannelUse(name, 0.5, True) for name in ("precipitation_7d", "water_balance_7d", "sand"))
    stack.filled_days = filled  # type: ignore[method-assign, assignment]
    assert said([stack], 3) == [
        ("weather_filled", "There is no Precipitation of the day for 2023-07-04; the gap was filled.")]
    assert "2 days, the first of them 2023-07-04" in said([stack], 3, 4)[0][1]
    assert set(asked) == {"precipitation", "pet"}


def test_a_day_without_data_is_told() -> None:
    assert said([stack_of(lai={0})], 60) == [
        ("channel_gap", "There is no Leaf area index for 2023-08-30. The model uses the mean of its training data "
                        "instead.")]
    (code, message), = said([stack_of(lai={0, 50})], 1, 46, 47, 51)
    assert code == "channel_gap" and "for 2 of 4 days, the first of them 2023-08-16." in message


def test_what_both_depths_lack_is_told_once_and_by_its_title() -> None:
    both = [stack_of(("smap", "bucket_30mm"), ndvi={0}), stack_of(("smap", "lai"), ndvi={0})]
    assert said(both, 40) == [
        ("channel_filled", "The region has no data for: SMAP surface soil moisture, Leaf area index, year of weather. "
                           "The model uses the mean of its training data instead."),
        ("channel_old", "The newest NDVI is 40 days older than 2023-08-10.")]


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory)


def test_ages_are_those_of_the_store(ground: Path) -> None:
    """Made-up ground: maps every 16 days, SMAP every day."""
    stack = stack_for(ground, open_model(ground, 5))
    assert [stack.age_days("ndvi", DAYS[n]) for n in (0, 15, 16, 40)] == [0, 15, 0, 8]
    assert stack.age_days("ndvi", DAYS[0] - dt.timedelta(days=1)) is None
    assert stack.age_days("smap", DAYS[-1] + dt.timedelta(days=3)) == 3
    assert stack.age_days("smap", DAYS[-1] + dt.timedelta(days=4)) is None
    series = stack.store.coarse("smap")
    series.values[10] = np.nan
    assert stack.age_days("smap", DAYS[10]) == 1


def test_the_warnings_of_the_estimate_stay_with_the_job(ground: Path, tmp_path: Path) -> None:
    context = make_context(ground, tmp_path / "home")
    asked = document(region="made-up")
    told = Requests(lambda: context).estimate(asked)["warnings"]
    jobs = Jobs(context.home, lambda: context)
    jobs.wake = lambda _: None
    sent = jobs.submit(asked)
    assert told and sent["warnings"] == told == jobs.everything()[0]["warnings"]


@pytest.mark.parametrize("content", ["", "[1]", '{"warnings": 5}', '{"warnings": [5]}', '{"warnings": [{}]}',
                                     "[" * 99999])
def test_damaged_warnings_are_no_obstacle(ground: Path, tmp_path: Path, content: str) -> None:
    folder = new_job(make_context(ground, tmp_path / "home"))
    (folder.path / "warnings.json").write_text(content)
    found: dict[str, Any] = summary(folder, "here")
    assert found["warnings"] == [] and found["reason"] is None


