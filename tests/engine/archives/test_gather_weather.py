"""Weather and outlook through a whole gathering: a region runs to day seven, a refresh fetches what may change."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from deepsoil.archives import registry
from deepsoil.archives.gridmet import GRIDMET
from deepsoil.archives.gridmet_grid import Cells
from deepsoil.archives.nws import NWS
from deepsoil.cli import main
from deepsoil.evaluation.outlook import forecast_errors
from deepsoil.kinds import gather_planning
from deepsoil.regions import Regions
from deepsoil.store.store import Store
from gather_tools import field_file, made_server
from made_archives import install
from servers.gridmet import MadeWeather, gridmet, made
from servers.nws import MadeWeek, nws, week
from servers.serving import Server

DAY = date(2026, 11, 30)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[MadeWeather, MadeWeek, Server, Any]]:
    """An engine that knows gridMET, the National Weather Service, and made elevation and soil; and the day."""
    before, needs = dict(registry.ARCHIVES), dict(registry.NEEDS)
    install(registry.ARCHIVES, registry.NEEDS)
    registry.ARCHIVES.update({"gridmet": GRIDMET, "nws": NWS})
    registry.NEEDS.clear()
    registry.NEEDS.update({"elevation": ("ground",), "soil": ("survey",), "weather": ("gridmet",), "outlook": ("nws",)})
    weather = made(Cells.around((-97.2, 38.8, -96.2, 39.5)), date(2025, 1, 1), DAY - timedelta(days=2))
    forecast = week()
    monkeypatch.setenv("DEEPSOIL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DEEPSOIL_PROXIES", "{}")
    monkeypatch.setenv("DEEPSOIL_ARCHIVES", str(tmp_path / "archives.json"))
    (tmp_path / "home").mkdir()
    with made_server() as ground, gridmet(weather) as thredds, nws(forecast) as service:
        (tmp_path / "archives.json").write_text(json.dumps({
            "made": ground.address, "gridmet": f"{thredds.base}/thredds", "gridmet_yearly": f"{thredds.base}/metdata",
            "nws": service.base}))

        def on(day: date) -> None:
            monkeypatch.setattr(gather_planning, "today", lambda: day)

        yield weather, forecast, thredds, on
    for known, old in ((registry.ARCHIVES, before), (registry.NEEDS, needs)):
        known.clear()
        known.update(old)  # type: ignore[arg-type]


def test_a_region_runs_to_day_seven_and_a_refresh_fetches_what_may_change(
        place: tuple[MadeWeather, MadeWeek, Server, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    weather, forecast, thredds, on = place
    on(DAY)
    out = tmp_path / "out"
    assert main(["gather", str(field_file(tmp_path)), str(out), "--start", "2026-10-01", "--end", str(DAY)]) == 0
    store = Store.open(out / "store")
    assert store.map_dates()[1] == date(2026, 12, 7) and store.forecast_from() == date(2026, 11, 29)
    assert "gridMET" in store.attribution and "National Weather Service" in store.attribution
    pet = store.coarse("pet")
    assert str(pet.days_of("final")[-1]) == "2026-09-30" and str(pet.days_of("provisional")[-1]) == "2026-11-28"

    weather.values = {name: np.concatenate([one, one[-3:]]) for name, one in weather.values.items()}
    weather.values["pet"][-8:] += 0.5
    forecast.issued += timedelta(days=3)
    forecast.begin += timedelta(days=3)
    on(DAY + timedelta(days=3))
    asked = len(thredds.asked)
    (region,) = Regions(tmp_path / "home").list()
    assert main(["refresh", region["id"]]) == 0
    fresh = [one.get("time_start")[:10] for one in thredds.asked[asked:]]
    assert fresh == ["2026-07-01"] * 5, "five variables, from the first day that is not settled"
    sizes = [one["bytes"] for one in json.loads((out / "gathered.json").read_text())["pieces"]
             if one["name"].endswith("_20260701_20261202.nc") or one["archive"] == "nws"]
    assert 0 < sum(sizes) < 1e6
    after = Store.open(out / "store")
    assert after.map_dates()[1] == date(2026, 12, 10) and after.forecast_from() == date(2026, 12, 2)
    change = after.coarse("pet").values[after.coarse("pet").index(date(2026, 11, 28))] - pet.values[
        pet.index(date(2026, 11, 28))]
    assert np.allclose(change, 0.5, atol=0.051)
    known = {(one.channel, one.lead_days) for one in forecast_errors(after)}
    assert {("temperature", 0), ("temperature", 1), ("precipitation", 1), ("pet", 1), ("vpd", 1)} <= known
    capsys.readouterr()
    assert main(["outlook", region["id"]]) == 0
    assert "from 2026-12-02 to 2026-12-10 is a forecast" in capsys.readouterr().out
