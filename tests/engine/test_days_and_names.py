"""Days of files and periods, short gaps and tables of text: each against the calendar, or done one by one."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from deepsoil.archives import lower48, periods
from deepsoil.contract.errors import DeepSoilError
from deepsoil.inputs.short_gaps import fill_short_gaps
from deepsoil.sources import granules
from deepsoil.sources.calendar_days import days_of
from deepsoil.stations import delimited

# ---- periods of some days

@pytest.mark.parametrize("length", [1, 8, 16, 31])
def test_periods_cover_every_day_once_and_begin_anew_with_the_year(length: int) -> None:
    start, end = date(2019, 12, 20), date(2021, 3, 3)
    found = list(periods.periods(start, end, length))
    days = [first + timedelta(number) for first, last in found for number in range((last - first).days + 1)]
    assert days == [days[0] + timedelta(number) for number in range(len(days))]
    assert days[0] <= start < days[0] + timedelta(length) and found[-1][0] <= end <= found[-1][1]
    assert {first for first, _ in found if (first.month, first.day) == (1, 1)} == {date(2020, 1, 1), date(2021, 1, 1)}
    for first, last in found:
        assert all(periods.first_day(day, length) == first for day in (first, last))
        assert (last - first).days + 1 == length or (last.month, last.day) == (12, 31)
    assert periods.label(date(2023, 5, 25)) == "2023-145" and periods.label(date(2024, 12, 31)) == "2024-366"


# ---- days of NetCDF

@pytest.mark.parametrize("unit", ["days", "hours"])
@pytest.mark.parametrize(("since", "start"), [("2011-01-01", date(2011, 1, 1)), ("2015-3-1", date(2015, 3, 1)),
                                              ("2019-12-31 00:00:00", date(2019, 12, 31))])
def test_a_calendar_of_365_days_has_no_29_february(unit: str, since: str, start: date) -> None:
    wanted, day = [], start
    while day < date(2024, 3, 3):
        if (day.month, day.day) != (2, 29):
            wanted.append(day)
        day += timedelta(1)
    at = np.arange(len(wanted)) * (24 if unit == "hours" else 1) + (7 if unit == "hours" else 0.4)
    for calendar in ("noleap", "365_day", "NoLeap"):
        axis = xr.DataArray(at, dims="day", attrs={"units": f"{unit} since {since}", "calendar": calendar})
        assert days_of(axis).tolist() == wanted
    plain = xr.DataArray([0, 59, 60], dims="day", attrs={"units": "days since 2024-01-01"})
    assert days_of(plain).tolist() == [date(2024, 1, 1), date(2024, 2, 29), date(2024, 3, 1)]


def test_times_that_are_since_nothing_are_refused() -> None:
    for units in ("minutes since 2000-01-01", "days", ""):
        with pytest.raises(ValueError, match="not in days or hours since a date"):
            days_of(xr.DataArray([1.0], dims="day", attrs={"units": units, "calendar": "noleap"}))


# ---- names of published files

DAY = re.compile(r"^(?P<tile>h\d\dv\d\d)?\.?(?P<day>\d{8})\.?(?P<version>v\d+)?")
NUMBER = re.compile(r"A(?P<doy>\d{7})")


def test_a_day_is_read_by_year_month_and_day_or_by_its_number() -> None:
    def parsed(name: str, pattern: re.Pattern[str]) -> granules.Granule:
        return granules.parsed([Path("x") / name], pattern, "MADE", "A2023001", "files")[0]

    found = parsed("h09v05.20230412.v2", DAY)
    assert (found.day, found.tile, found.version, found.path.name) == (date(2023, 4, 12), "h09v05", "v2",
                                                                       "h09v05.20230412.v2")
    assert (parsed("20231201", DAY).tile, parsed("20231201", DAY).version) == ("", "")
    for number, day in ((1, date(2024, 1, 1)), (60, date(2024, 2, 29)), (366, date(2024, 12, 31))):
        assert parsed(f"MOD.A2024{number:03}.hdf", NUMBER).day == day
    for name, pattern in (("20230431", DAY), ("20231301", DAY), ("A2023366", NUMBER), ("A2023000", NUMBER),
                          ("soil.tif", DAY)):
        with pytest.raises(DeepSoilError, match="its day is not known") as refused:
            parsed(name, pattern)
        assert refused.value.code == "source_invalid" and name in refused.value.message


def test_of_a_day_and_tile_the_newest_version_counts_whatever_the_order() -> None:
    made = [granules.Granule(Path(f"{day}{tile}{version}"), date(2023, 1, day), tile, version)
            for day in (2, 1) for tile in ("b", "a") for version in ("v3", "v1", "v2")]
    for order in (made, made[::-1]):
        found = granules.newest(order)
        assert [(one.day.day, one.tile, one.version) for one in found] == [(1, "a", "v3"), (1, "b", "v3"),
                                                                           (2, "a", "v3"), (2, "b", "v3")]
    later = granules.by_day(granules.newest(made), lambda day: day + timedelta(8))
    assert list(later) == [date(2023, 1, 9), date(2023, 1, 10)]
    assert [[one.tile for one in some] for some in later.values()] == [["a", "b"]] * 2


# ---- short gaps of weather

def own_filled(values: list[float], rain: bool, edges: bool) -> list[float]:
    found = list(values)
    runs = [match.span() for match in re.finditer("x+", "".join("x" if np.isnan(one) else "." for one in values))]
    if runs == [(0, len(values))]:
        return found
    for start, end in runs:
        before, after = (values[start - 1] if start else None), (values[end] if end < len(values) else None)
        if end - start > 3 or (not edges and (before is None or after is None)):
            continue
        for day in range(start, end):
            if rain:
                found[day] = 0.0
            elif before is None or after is None:
                found[day] = after if before is None else before  # type: ignore[assignment]
            else:
                found[day] = before + (after - before) * (day - start + 1) / (end - start + 1)
    return found


@pytest.mark.parametrize("edges", [False, True])
@pytest.mark.parametrize("channel", ["precipitation", "temperature"])
def test_gaps_of_three_days_are_filled_and_longer_ones_stay(channel: str, edges: bool) -> None:
    rng = np.random.default_rng(3)
    values = np.where(rng.random((40, 5, 6)) < 0.45, np.nan, rng.uniform(1, 9, (40, 5, 6)))
    values[:, 0, 0] = np.nan
    before = values.copy()
    found, where = fill_short_gaps(channel, values, edges=edges)
    np.testing.assert_array_equal(values, before)
    for row in range(5):
        for column in range(6):
            wanted = own_filled(values[:, row, column].tolist(), channel == "precipitation", edges)
            np.testing.assert_allclose(found[:, row, column], wanted)
    np.testing.assert_array_equal(where, np.isnan(values) & np.isfinite(found))


# ---- tables of text

@pytest.mark.parametrize(("text", "separator", "decimal"), [
    ("time;theta\n2023-01-01;0,25\n", ";", ","), ("time,theta\n2023-01-01,0.25\n", ",", "."),
    ("time\ttheta\n2023-01-01\t0,25\n", "\t", ","), ('time,theta\n2023-01-01,"0,25"\n', ",", ","),
    ("time;theta\n1.5.2023;12\n", ";", "."), ("a;b;c\n1,5;-2,5;1.25\n", ";", ","), ("a;b\n1,5;1.25\n", ";", "."),
    ("\n \ntime;theta\n;\n2023;−0,25\n", ";", ",")])
def test_a_table_is_read_by_its_own_separator_and_sign(tmp_path: Path, text: str, separator: str, decimal: str) -> None:
    file = tmp_path / "probe.csv"
    file.write_text(text, encoding="utf-8-sig")
    table = delimited.read_table(file)
    assert (table.name, table.separator, table.decimal) == ("probe.csv", separator, decimal)
    assert len(table.rows) == 1 and table.rows[0][0] == len(text.splitlines())
    assert all(name == name.strip() for name in table.head) and len(table.head) == len(table.rows[0][1])
    given = delimited.read_table(file, separator="|", decimal=".")
    assert (given.separator, given.decimal, len(given.head)) == ("|", ".", 1)


def test_what_is_no_table_is_refused_and_old_encodings_are_read(tmp_path: Path,
                                                                monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "probe.csv"
    file.write_bytes("Tiefe;Wärme °C\n5;7\n".encode("cp1252"))
    assert delimited.read_table(file).head == ["Tiefe", "Wärme °C"]
    for text in ("", "a;b\n", "a;b\n;\n"):
        file.write_text(text)
        with pytest.raises(DeepSoilError, match="no rows of readings"):
            delimited.read_table(file)
    with pytest.raises(DeepSoilError, match=r"cannot be read"):
        delimited.read_table(tmp_path / "none.csv")
    monkeypatch.setattr(delimited, "LARGEST_FILE_BYTES", 8)
    file.write_text("a;b\n1;2\n")
    assert delimited.read_table(file).rows == [(2, ["1", "2"])]
    file.write_text("a;b\n1;23\n")
    with pytest.raises(DeepSoilError, match="too large"):
        delimited.read_table(file)


@pytest.mark.parametrize(("bounds", "inside"), [
    ((-97.0, 39.0, -96.0, 40.0), True), ((-130.0, 30.0, -124.85, 31.0), True), ((-130.0, 30.0, -124.9, 31.0), False),
    ((-66.8, 45.0, -60.0, 46.0), True), ((-66.7, 45.0, -60.0, 46.0), False), ((-97.0, 20.0, -96.0, 24.4), True),
    ((-97.0, 20.0, -96.0, 24.3), False), ((-97.0, 49.45, -96.0, 52.0), True), ((-97.0, 49.5, -96.0, 52.0), False)])
def test_only_what_cannot_touch_the_lower_48_states_is_refused(bounds: tuple[float, ...], inside: bool) -> None:
    if inside:
        lower48.require(bounds, "Made")  # type: ignore[arg-type]
        return
    with pytest.raises(DeepSoilError, match="Made") as refused:
        lower48.require(bounds, "Made")  # type: ignore[arg-type]
    assert refused.value.code == "archive_outside"
