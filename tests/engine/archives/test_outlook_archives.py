"""The next seven days from local servers: by the hour, summed to the days of gridMET, marked; never made up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from deepsoil.archives import nws_forecast
from deepsoil.archives.archive import Archive
from deepsoil.archives.choice import Wishes
from deepsoil.archives.gridmet import GRIDMET
from deepsoil.archives.gridmet_grid import Cells
from deepsoil.archives.nws import NWS
from deepsoil.archives.open_meteo import OPEN_METEO
from deepsoil.archives.probing import probe
from deepsoil.archives.session import open_network
from deepsoil.contract.errors import DeepSoilError
from deepsoil.sources import outlook_hours
from servers.gridmet import gridmet
from servers.gridmet import made as made_weather
from servers.nws import MadeWeek, nws, week
from servers.open_meteo import made, open_meteo
from servers.serving import Server
from weather_tools import QUICK, TODAY, Addresses, addresses, ask, fetch, ingested

__all__ = ["addresses"]


@pytest.fixture
def forecast() -> MadeWeek:
    return week()


@pytest.fixture
def server(forecast: MadeWeek, addresses: Addresses) -> Iterator[Server]:
    with nws(forecast) as running:
        addresses(nws=running.base)
        yield running


def refused(archive: Archive, folder: Path) -> DeepSoilError:
    with pytest.raises(DeepSoilError) as caught:
        fetch(archive, archive.plan(ask()), folder)
    assert caught.value.hint and archive.title in caught.value.message and not list(folder.rglob("*.nc"))
    return caught.value


def test_the_weather_runs_on_to_day_seven_on_the_grid_of_the_history(forecast: MadeWeek, server: Server,
                                                                     addresses: Addresses, tmp_path: Path) -> None:
    history, wanted = made_weather(Cells.around((-97, 38.8, -96.2, 39.4)), date(2026, 7, 1), date(2026, 11, 28)), ask()
    with gridmet(history) as running:
        addresses(gridmet=f"{running.base}/thredds", gridmet_yearly=f"{running.base}/metdata")
        weather = GRIDMET.entries(fetch(GRIDMET, GRIDMET.plan(wanted), tmp_path), tmp_path)
    got = fetch(NWS, NWS.plan(wanted), tmp_path)
    assert [one.path for one in server.asked] == ["/points/39.09,-96.59", "/gridpoints/TOP/31,80"]
    assert all("DeepSoil" in one.headers["user-agent"] for one in server.asked)
    entries = NWS.entries(got, tmp_path)
    store = ingested([weather], wanted, tmp_path, outlook=dict(entries.outlook or {}))
    assert store.map_dates()[1] == date(2026, 12, 7) and store.forecast_from() == date(2026, 11, 29)
    rain, warm = store.coarse("precipitation"), store.coarse("temperature")
    assert rain.values.shape[1:] == warm.values.shape[1:] and rain.day_ends_utc == 7
    for day in (date(2026, 12, 1), date(2026, 12, 4)):
        first = (datetime(day.year, day.month, day.day, 7, tzinfo=UTC) - forecast.begin) // timedelta(hours=1)
        hours = slice(first, first + 24)
        # the sums of six hours are spread evenly, so a day is known to within one of them
        assert rain.values[rain.index(day), 1, 1] == pytest.approx(sum(forecast.rain[hours]), abs=3.1)
        assert warm.values[warm.index(day), 1, 1] == pytest.approx(np.mean(forecast.temperature[hours]), abs=1e-3)
    total = np.nansum(rain.values[rain.index(date(2026, 11, 30)):, 0, 0])
    assert total == pytest.approx(sum(forecast.rain[1:1 + 24 * 8]), abs=3.1)
    pet = store.coarse("pet")
    assert (pet.values[-5:] > 0.3).all() and (pet.values[-5:] < 3).all(), "by Hargreaves, in December"


def test_accumulations_are_spread_and_runs_are_repeated(forecast: MadeWeek, server: Server, tmp_path: Path) -> None:
    forecast.rain = [0.0] + [6.0, 0, 0, 0, 0, 0] + [0.0] * 209
    forecast.fahrenheit = True
    (got,) = fetch(NWS, NWS.plan(ask()), tmp_path)
    hours = outlook_hours.read(tmp_path / got.files[0], "x")
    assert hours.values["precipitation"][:8, 0, 0].tolist() == [0, 1, 1, 1, 1, 1, 1, 0]
    np.testing.assert_allclose(hours.values["temperature"][:, 0, 0], forecast.temperature[:hours.hours.size], atol=1e-4)
    np.testing.assert_allclose(hours.values["vpd"][0, 0, 0], 0.6108 * np.exp(17.27 * 2 / 239.3) * 0.4, atol=1e-4)
    assert str(hours.hours[0]) == "2026-11-30T06" and outlook_hours.issued_on(hours) == date(2026, 11, 30)


def test_a_clock_that_is_changed_in_the_night_moves_no_hour() -> None:
    """Times with an offset, across the end of daylight saving time: 1 November 2026, 2 o'clock at Manhattan, Kansas."""
    starts, lengths, values = nws_forecast.layer({"uom": "wmoUnit:degC", "values": [
        {"validTime": "2026-11-01T00:00:00-05:00/PT2H", "value": 8}, {"validTime": "2026-11-01T01:00:00-06:00/PT1H",
                                                                      "value": 7},
        {"validTime": "2026-11-01T02:00:00-06:00/PT6H", "value": None}]}, "degC")
    assert [str(one) for one in starts] == ["2026-11-01T05", "2026-11-01T07", "2026-11-01T08"]
    assert lengths.tolist() == [2, 1, 6] and values[:2].tolist() == [8, 7] and np.isnan(values[2])
    with pytest.raises(ValueError, match="overlap"):
        nws_forecast.layer({"uom": "unit:degC", "values": [
            {"validTime": "2026-11-01T00:00:00+00:00/PT3H", "value": 8},
            {"validTime": "2026-11-01T02:00:00+00:00/PT1H", "value": 7}]}, "degC")


@pytest.mark.parametrize(("text", "hours"), [("PT1H", 1), ("PT6H", 6), ("P1D", 24), ("P1DT6H", 30), ("P7DT19H", 187),
                                             ("PT30M", 1), ("PT90M", 2), ("P1W", 168)])
def test_durations_are_those_of_iso_8601(text: str, hours: int) -> None:
    assert nws_forecast.length_hours(text) == hours
    for wrong in ("P", "P1M", "1H", "", "PT"):
        with pytest.raises(ValueError, match="duration"):
            nws_forecast.length_hours(wrong)


def test_an_expired_grid_is_asked_again_and_rain_that_ends_early_is_said(forecast: MadeWeek, server: Server,
                                                                         tmp_path: Path) -> None:
    forecast.expired, forecast.rain_until = 1, 24 * 3 + 10
    (got,) = fetch(NWS, NWS.plan(ask()), tmp_path)
    assert len(server.asked) == 3 and len(got.notes) == 1 and "maps end there" in got.notes[0]
    days, values = outlook_hours.read(tmp_path / got.files[0], "x").daily(7)
    assert str(days[np.isfinite(values["precipitation"][:, 0, 0])][-1]) == "2026-12-02", "nothing is made up beyond"
    forecast.expired = 99
    assert "503" in refused(NWS, tmp_path / "expired").message


@pytest.mark.parametrize(("change", "code", "said"), [
    ({"issued": datetime(2026, 11, 27, 15, tzinfo=UTC)}, "archive_implausible", "an old copy"),
    ({"damage": "unit"}, "archive_implausible", "km_h-1"), ({"damage": "duration"}, "archive_implausible", "P1M"),
    ({"damage": "no rain"}, "archive_implausible", "no values"), ({"damage": "no cell"}, "archive_implausible", "cell"),
    ({"outside": True}, "archive_outside", "nothing here"),
    ({"temperature": [283.15] * 216}, "archive_implausible", "temperature goes from"),
    ({"temperature": [5.0] * 40}, "archive_implausible", "temperature for")])
def test_what_cannot_be_a_forecast_is_one_error(forecast: MadeWeek, server: Server, tmp_path: Path,
                                                change: dict[str, Any], code: str, said: str) -> None:
    for name, value in change.items():
        setattr(forecast, name, value)
    error = refused(NWS, tmp_path / "data")
    assert error.code == code and said in error.message


def test_open_meteo_is_off_until_agreed_and_its_sums_are_of_the_hour_before(addresses: Addresses,
                                                                            tmp_path: Path) -> None:
    assert (problem := Wishes().problem(OPEN_METEO)) is not None and problem.code == "archive_terms"
    assert Wishes(agreed=frozenset({"open_meteo"})).problem(OPEN_METEO) is None and "non-commercial" in (
        OPEN_METEO.terms or "")
    hours = made(datetime(2026, 11, 23))
    hours.values["precipitation"][8 * 24 + 7] = 5.0  # at 07 UTC on 1 December: still the day of 30 November
    with open_meteo(hours) as running:
        addresses(open_meteo=running.base)
        (got,) = fetch(OPEN_METEO, OPEN_METEO.plan(ask()), tmp_path)
        assert running.asked[0].get("past_days") == "7" and running.asked[0].get("timezone") == "GMT"
        days, values = outlook_hours.read(tmp_path / got.files[0], "x").daily(7)
        found = {str(day): values["precipitation"][n, 0, 0] for n, day in enumerate(days)}
        assert found["2026-11-30"] == pytest.approx(7.3) and found["2026-12-01"] == pytest.approx(2.4)
        assert values["pet"][4, 0, 0] == pytest.approx(2.7) and str(days[-1]) == "2026-12-07"
        entries = OPEN_METEO.entries([got], tmp_path)
        assert entries.outlook is not None and entries.outlook["files"] == ["open_meteo/outlook_2026-11-30.nc"]
        for change, said in ({"utc_offset_seconds": -21600}, "not in UTC"), ({"hourly": {"time": []}}, "one after"), (
                {"hourly_units": {"precipitation": "inch"}}, "is in inch"):
            hours.change = change
            assert said in refused(OPEN_METEO, tmp_path / "data").message
        hours.change, hours.reason = {}, "Minutely API request limit exceeded"
        assert "limit exceeded" in refused(OPEN_METEO, tmp_path / "data").message


def test_the_live_comparison_asks_for_the_next_days(forecast: MadeWeek, server: Server, tmp_path: Path) -> None:
    with open_network(limits=QUICK, proxies={}) as network:
        assert probe(NWS, network, tmp_path, TODAY) == []
        forecast.damage = "unit"
        (problem,) = probe(NWS, network, tmp_path, TODAY)
    assert "km_h-1" in problem


def test_issues_of_earlier_days_stay_and_the_past_needs_no_outlook(forecast: MadeWeek, server: Server,
                                                                   tmp_path: Path) -> None:
    fetch(NWS, NWS.plan(ask()), tmp_path)
    forecast.issued += timedelta(days=1)
    forecast.begin += timedelta(days=1)
    got = fetch(NWS, NWS.plan(ask(today=date(2026, 12, 1), end=date(2026, 12, 1))), tmp_path)
    entries = NWS.entries(got, tmp_path)
    assert entries.outlook is not None and entries.outlook["files"] == [
        "nws/outlook_2026-11-30.nc", "nws/outlook_2026-12-01.nc"]
    with pytest.raises(DeepSoilError) as caught:
        NWS.plan(replace(ask(), end=date(2026, 11, 20)))
    assert caught.value.code == "archive_no_days"
