"""gridMET from local servers: the store has what was served, by whichever server; what is wrong is healed or told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from deepsoil.archives import gridmet_files
from deepsoil.archives.gridmet import GRIDMET, spans
from deepsoil.archives.gridmet_grid import Cells
from deepsoil.archives.gridmet_parts import Part
from deepsoil.contract.errors import DeepSoilError
from servers.gridmet import Faults, MadeWeather, gridmet, made
from servers.serving import Server
from weather_tools import BOUNDS, TODAY, Addresses, addresses, ask, fetch, ingested

__all__ = ["addresses"]
CELLS = Cells.around((-97.3, 38.6, -96.0, 39.6))
LAST = date(2026, 11, 28)


@pytest.fixture
def weather() -> MadeWeather:
    return made(CELLS, date(2025, 1, 1), LAST)


@pytest.fixture
def server(weather: MadeWeather, addresses: Addresses) -> Iterator[Server]:
    with gridmet(weather) as running:
        addresses(gridmet=f"{running.base}/thredds", gridmet_yearly=f"{running.base}/metdata")
        yield running


def inside(weather: MadeWeather, variable: str, store_axis: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """The served values on the cells of a store."""
    lon, lat = store_axis
    columns = [int(np.abs(weather.cells.longitudes - one).argmin()) for one in lon]
    rows = [int(np.abs(weather.cells.latitudes - one).argmin()) for one in lat]
    return weather.values[variable][:, rows][:, :, columns]


def refused(pieces: list, folder: Path) -> DeepSoilError:
    with pytest.raises(DeepSoilError) as caught:
        fetch(GRIDMET, pieces, folder)
    assert caught.value.hint and "gridMET" in caught.value.message
    return caught.value


@pytest.mark.parametrize(("faults", "requests"), [
    (Faults(), 15), (Faults(no_subset=404), 60), (Faults(no_subset=404, no_opendap=True), None),
    (Faults(no_thredds=True), None)], ids=["subset", "opendap", "yearly", "port blocked"])
def test_the_store_has_what_was_served_whichever_server_it_was(weather: MadeWeather, server: Server, tmp_path: Path,
                                                               faults: Faults, requests: int | None) -> None:
    weather.faults, weather.permanent, weather.provisional = faults, date(2026, 9, 20), date(2026, 11, 25)
    wanted = ask(date(2026, 4, 20))
    pieces = GRIDMET.plan(wanted)
    assert [piece.name for piece in pieces if "pr_" in piece.name] == [
        f"gridmet/pr_{span}.nc" for span in ("2026q2", "20260701_20261129")]
    got = fetch(GRIDMET, pieces, tmp_path)
    if requests is not None:
        assert len(server.asked) == requests * len(pieces) // 15
    store = ingested([GRIDMET.entries(got, tmp_path)], wanted, tmp_path)
    for channel, variables, unit, step in (("precipitation", ("pr",), 0.0, 0.05), ("vpd", ("vpd",), 0.0, 0.005),
                                           ("temperature", ("tmmn", "tmmx"), -273.15, 0.05),
                                           ("pet", ("pet",), 0.0, 0.05)):
        series = store.coarse(channel)
        assert series.day_ends_utc == 7 and series.dates[0] == np.datetime64("2026-04-01") and str(LAST) == str(
            series.dates[-1])
        served = np.mean([inside(weather, one, (series.longitudes, series.latitudes)) for one in variables], axis=0)
        first = (date(2026, 4, 1) - weather.first).days
        np.testing.assert_allclose(series.values, served[first:] + unit, atol=step + 1e-3)
        words = {name: str(series.days_of(name)[-1]) for name in ("final", "provisional", "early")}
        assert words == {"final": "2026-09-20", "provisional": "2026-11-25", "early": "2026-11-28"}
    if faults.no_thredds:
        asked = [one.path for one in server.asked if "/thredds/" in one.path]
        assert len(asked) <= 6, "a server that cannot be reached is not waited for with every piece"
    if faults.no_subset or faults.no_thredds:
        assert all("another server stood in" in "".join(one.notes) for one in got)


def test_a_second_field_near_by_asks_for_the_same_and_old_years_are_asked_once() -> None:
    west, south, east, north = BOUNDS
    near = (west - 0.02, south + 0.01, east - 0.02, north + 0.01)
    first, second = (GRIDMET.plan(ask(date(2023, 3, 7), bounds=bounds)) for bounds in (BOUNDS, near))
    assert [(one.name, one.details) for one in first] == [(one.name, one.details) for one in second]
    later = GRIDMET.plan(ask(date(2023, 3, 7), date(2026, 12, 1), today=date(2026, 12, 1)))
    fresh = [one.name for one in later if one not in first]
    assert fresh == [f"gridmet/{name}_20260701_20261130.nc" for name in ("pr", "tmmn", "tmmx", "vpd", "pet")]
    assert sum(one.size for one in later if one not in first) < 1e6
    assert sum(one.size for one in first) < 2.5e6
    january = [(str(a), str(b), name) for a, b, name, _ in spans(date(2025, 2, 1), date(2026, 1, 9), date(2026, 1, 10))]
    assert january == [("2025-01-01", "2025-03-31", "2025q1"), ("2025-04-01", "2025-06-30", "2025q2"),
                       ("2025-07-01", "2025-12-31", "20250701_20251231"), ("2026-01-01", "2026-01-09",
                                                                          "20260101_20260109")]


def test_one_new_day_is_under_a_megabyte_and_revised_days_replace_older_ones(weather: MadeWeather, server: Server,
                                                                              tmp_path: Path) -> None:
    wanted = ask(date(2025, 6, 1))
    got = fetch(GRIDMET, GRIDMET.plan(wanted), tmp_path)
    before = ingested([GRIDMET.entries(got, tmp_path)], wanted, tmp_path)
    young = before.coarse("pet").days_of("provisional")
    assert str(young[0]) == "2026-10-01" and str(young[-1]) == "2026-11-28", "60 days but the one that is not there"

    weather.values = {name: np.concatenate([values, values[-1:] * 1.01]) for name, values in weather.values.items()}
    weather.values["pet"][-10:] += 1.0
    tomorrow = ask(date(2025, 6, 1), date(2026, 12, 1), today=date(2026, 12, 1))
    known = {(one.piece.name, str(one.piece.details)) for one in got}
    fresh = [piece for piece in GRIDMET.plan(tomorrow) if (piece.name, str(piece.details)) not in known]
    new = fetch(GRIDMET, fresh, tmp_path)
    assert len(new) == 5 and sum(one.size for one in new) < 1e6
    after = ingested([GRIDMET.entries([*got, *new], tmp_path)], tomorrow, tmp_path).coarse("pet")
    first = (np.datetime64(weather.first) - np.datetime64("1970-01-01")).astype(int)
    assert str(after.dates[-1]) == "2026-11-29" and after.dates[0] == before.coarse("pet").dates[0]
    served = inside(weather, "pet", (after.longitudes, after.latitudes))
    np.testing.assert_allclose(after.values, served[after.dates.astype(int) - first], atol=0.051)

    alone = GRIDMET.plan(replace(tomorrow, start=young[0].item()))
    assert [one.details["start"] for one in alone] == ["2026-10-01"] * 5


@pytest.mark.parametrize(("faults", "said"), [
    (Faults(holes=99), "missing where others are"), (Faults(no_date=99), "1 days are missing"),
    (Faults(scale={"pet": 10.0}), "its values go from"), (Faults(scale={"pet": 0.1}), "the mean of 365 days is"),
    (Faults(no_scale=True), "with which scale"), (Faults(shift=0.02), "another grid")],
    ids=["holes", "no date", "large", "small", "no scale", "shift"])
def test_what_cannot_be_right_is_asked_again_then_another_server_or_one_error(
        weather: MadeWeather, server: Server, tmp_path: Path, faults: Faults, said: str) -> None:
    pieces = [piece for piece in GRIDMET.plan(ask(date(2025, 6, 1))) if piece.name == "gridmet/pet_2025.nc"]
    weather.faults = replace(faults)
    got = fetch(GRIDMET, pieces, tmp_path)
    assert all(said in "".join(one.notes) and "dodsC" in one.address for one in got)
    assert sum("/ncss/" in one.path for one in server.asked) == 2 * len(pieces), "asked twice"
    weather.faults = replace(faults, no_opendap=True, no_yearly=True)
    error = refused(pieces, tmp_path / "other")
    assert error.code == "archive_implausible" and pieces[0].name in error.message and said in error.message
    assert not list((tmp_path / "other").rglob("*.nc"))


@pytest.mark.parametrize("change", [Faults(other=True), Faults(plain=True)], ids=["another scale", "floats"])
def test_what_is_published_anew_with_another_packing_has_the_same_values(weather: MadeWeather, server: Server,
                                                                         tmp_path: Path, change: Faults) -> None:
    weather.values["tmmx"][:, -1, -1] = np.nan  # outside of the box: its fill must not matter
    pieces = [piece for piece in GRIDMET.plan(ask(date(2026, 9, 1))) if "tmmx_" in piece.name]
    weather.faults = change
    (got,) = fetch(GRIDMET, pieces, tmp_path)
    part = Part.of(pieces[0].details)
    found = gridmet_files.read(tmp_path / got.files[0], part)
    served = inside(weather, "tmmx", (part.cells.longitudes, part.cells.latitudes))
    first = (date(2026, 9, 1) - weather.first).days
    np.testing.assert_allclose(found.values, served[first:], atol=0.061)
    assert "stood in" not in "".join(got.notes)


def test_a_hole_that_is_there_once_is_healed_by_asking_again(weather: MadeWeather, server: Server,
                                                             tmp_path: Path) -> None:
    weather.faults.holes = weather.faults.no_date = 1
    pieces = [piece for piece in GRIDMET.plan(ask(date(2026, 4, 1))) if "vpd_" in piece.name]
    assert not any(one.notes and "stood in" in "".join(one.notes) for one in fetch(GRIDMET, pieces[:1], tmp_path))
    assert len(server.asked) == 2


def test_a_cell_that_other_answers_have_is_a_hole_and_not_the_sea(weather: MadeWeather, server: Server,
                                                                  tmp_path: Path) -> None:
    pieces = GRIDMET.plan(ask(date(2026, 9, 1)))
    weather.faults.no_cell = 1
    (first,) = fetch(GRIDMET, pieces[:1], tmp_path)
    assert "stood in" not in "".join(first.notes), "asked again, it is whole"
    assert len(server.asked) == 3, "the second is another variable, which tells what is land"
    weather.faults.no_cell = 99
    (second,) = fetch(GRIDMET, pieces[1:2], tmp_path)
    assert "1 cells have no value" in "".join(second.notes) and "dodsC" in second.address

    others = [second, *fetch(GRIDMET, pieces[2:], tmp_path)]
    whole = gridmet_files.read(tmp_path / pieces[0].name, Part.of(pieces[0].details))
    whole.values[:, 0, 0] = np.nan
    gridmet_files.write(tmp_path / pieces[0].name, Part.of(pieces[0].details), whole, "")
    with pytest.raises(DeepSoilError) as caught:
        GRIDMET.entries([first, *others], tmp_path)
    assert caught.value.code == "archive_implausible" and pieces[0].name in caught.value.message


def test_a_variable_with_fewer_days_cuts_the_others_and_is_named(weather: MadeWeather, server: Server,
                                                                 tmp_path: Path) -> None:
    weather.until["vpd"] = date(2026, 11, 20)
    wanted = ask(date(2026, 9, 1))
    got = fetch(GRIDMET, GRIDMET.plan(wanted), tmp_path)
    entries = GRIDMET.entries(got, tmp_path)
    assert len(entries.notes) == 1 and "vapor_pressure_deficit ends on 2026-11-20" in entries.notes[0]
    store = ingested([entries], wanted, tmp_path)
    assert {str(store.coarse(name).dates[-1]) for name in entries.channels} == {"2026-11-20"}
    weather.until["vpd"] = date(2025, 6, 1)
    settled = [piece for piece in GRIDMET.plan(ask(date(2025, 2, 1))) if piece.name == "gridmet/vpd_2025.nc"]
    assert "ends on 2025-06-01" in refused(settled, tmp_path / "settled").message, "an old year is whole or refused"


def test_the_sea_the_coast_canada_and_days_to_come(weather: MadeWeather, server: Server, tmp_path: Path) -> None:
    west = weather.cells.longitudes < -96.60
    for values in weather.values.values():
        values[:, :, west] = np.nan
    wanted = ask(date(2026, 9, 1))
    coast = ingested([GRIDMET.entries(fetch(GRIDMET, GRIDMET.plan(wanted), tmp_path), tmp_path)], wanted, tmp_path)
    known = np.isfinite(coast.coarse("pet").values)
    assert known.any() and not known.all() and (known.all(axis=0) == known.any(axis=0)).all()

    for values in weather.values.values():
        values[:] = np.nan
    assert refused(GRIDMET.plan(wanted)[:1], tmp_path / "sea").code == "archive_outside"
    for bounds in ((-113.5, 53.0, -113.4, 53.1), (-155.5, 19.5, -155.4, 19.6)):
        with pytest.raises(DeepSoilError) as caught:
            GRIDMET.plan(ask(bounds=bounds))
        assert caught.value.code == "archive_outside" and "lower 48" in caught.value.message
    with pytest.raises(DeepSoilError) as caught:
        GRIDMET.plan(ask(TODAY, TODAY + timedelta(days=5)))
    assert caught.value.code == "archive_no_days"
