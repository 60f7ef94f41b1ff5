"""Daily weather for APSIM: tables in, `.met` files out and back. Units as in APSIM's files."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError

Array = NDArray[np.float64]

# column -> (lowest, highest, unit): possible daily values; anything else is a wrong unit or a fill value
LIMITS = {
    "rain_mm": (0.0, 2000.0, "mm"),
    "tmax_c": (-90.0, 60.0, "degC"),
    "tmin_c": (-90.0, 60.0, "degC"),
    "radiation_mj_m2": (0.0, 50.0, "MJ/m²"),
}
_MET = {"rain": "rain_mm", "maxt": "tmax_c", "mint": "tmin_c", "radn": "radiation_mj_m2"}  # APSIM's names
_WATTS = "radiation_w_m2"
_MJ_PER_WATT_DAY = 0.0864


@dataclass(frozen=True)
class DailyWeather:
    """Consecutive days from `start`, arrays (T,): rain mm, temperatures °C, solar radiation MJ/m² a day."""

    start: date
    rain_mm: Array
    tmax_c: Array
    tmin_c: Array
    radiation_mj_m2: Array

    def __post_init__(self) -> None:
        lengths = {len(getattr(self, name)) for name in LIMITS}
        if len(lengths) != 1 or lengths == {0}:
            raise DeepSoilError("bad_weather", "The columns of the weather are empty or of different lengths.", "")
        for name, (low, high, unit) in LIMITS.items():
            values = getattr(self, name)
            bad = np.flatnonzero(~((values >= low) & (values <= high)))
            if len(bad):
                day = self.start + timedelta(days=int(bad[0]))
                raise DeepSoilError(
                    "bad_weather",
                    "{name} is {found:g} on {day} (and bad on {count} of {days} days);"
                    " it must lie between {low:g} and {high:g} {unit}.",
                    "Fill the gaps of the weather first, and check its units and fill values.",
                    name,
                    name=name, found=values[bad[0]], day=day, count=len(bad), days=len(values),
                    low=low, high=high, unit=unit)
        cold = np.flatnonzero(self.tmax_c < self.tmin_c)
        if len(cold):
            raise DeepSoilError("bad_weather", "The highest temperature of {start} is"
                                " below the lowest.", "Check which column is which.", "tmax_c",
                                start=self.start + timedelta(int(cold[0])))

    @property
    def days(self) -> int:
        return len(self.rain_mm)

    @property
    def end(self) -> date:
        """The last day."""
        return self.start + timedelta(days=self.days - 1)

    def between(self, first: date, last: date) -> DailyWeather:
        """The days from first to last. Raises DeepSoilError ``bad_dates`` if some are missing."""
        if not self.start <= first <= last <= self.end:
            raise DeepSoilError("bad_dates", "The weather covers {start} to {end}, not {first} to {last}.",
                                "Choose days within it.", "dates",
                                start=self.start, end=self.end, first=first, last=last)
        days = slice((first - self.start).days, (last - self.start).days + 1)
        return DailyWeather(first, *(getattr(self, name)[days] for name in LIMITS))

    def with_spinup(self, first: date, last: date, spinup_days: int) -> DailyWeather:
        """first to last with spinup_days before them: the weather's own days, or else the first year repeated."""
        asked = self.between(first, last)
        before = first - timedelta(days=spinup_days)
        if spinup_days == 0 or before >= self.start:
            return self.between(before, last)
        again = np.arange(-spinup_days, 0) % min(asked.days, 365)
        return DailyWeather(before, *(np.concatenate([getattr(asked, name)[again], getattr(asked, name)])
                                      for name in LIMITS))

    def mean_and_amplitude(self) -> tuple[float, float]:
        """APSIM's tav and amp in °C: the mean of the monthly mean temperatures, and their range."""
        mean = 0.5 * (self.tmax_c + self.tmin_c)
        months = np.array([(self.start + timedelta(days=day)).month for day in range(self.days)])
        monthly = [float(mean[months == month].mean()) for month in np.unique(months)]
        return float(np.mean(monthly)), max(monthly) - min(monthly)


def read_weather(path: Path) -> DailyWeather:
    """Weather from a table (CSV) or a `.met` file. Raises DeepSoilError ``bad_weather``, which names the fault.

    A table has ``date`` (ISO), ``rain_mm``, ``tmax_c``, ``tmin_c`` and ``radiation_mj_m2`` or ``radiation_w_m2``; a
    `.met` file ``year``, ``day``, ``rain``, ``maxt``, ``mint`` and ``radn``. Days must be consecutive.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise DeepSoilError("file_missing", "The weather {path} cannot be read: {strerror}.", "",
                            path=path, strerror=error.strerror) from error
    dates, columns = _met_columns(text, path) if path.suffix.lower() == ".met" else _table_columns(text, path)
    for number, (day, following) in enumerate(pairwise(dates)):
        if following != day + timedelta(days=1):
            raise DeepSoilError("bad_weather", "{name}: after {day} comes {following} (day {number}).",
                                "Give every day once, in order.", "date",
                                name=path.name, day=day, following=following, number=number + 2)
    return DailyWeather(dates[0], *(columns[name] for name in LIMITS))


def _table_columns(text: str, path: Path) -> tuple[list[date], dict[str, Array]]:
    reader = csv.DictReader(text.splitlines())
    names, rows = set(reader.fieldnames or ()), list(reader)
    wanted = {"date", *LIMITS}
    if _WATTS in names:
        wanted = (wanted - {"radiation_mj_m2"}) | {_WATTS}
    _need(wanted, names, path)
    if not rows:
        raise DeepSoilError("bad_weather", "{name} has no days.", "",
                            name=path.name)
    dates = [_date(row["date"], path) for row in rows]
    columns = {name: _numbers([row[name] for row in rows], name, path) for name in wanted - {"date"}}
    if _WATTS in columns:
        columns["radiation_mj_m2"] = columns.pop(_WATTS) * _MJ_PER_WATT_DAY
    return dates, columns


def _met_columns(text: str, path: Path) -> tuple[list[date], dict[str, Array]]:
    lines = [line.split("!")[0].strip() for line in text.splitlines()]
    # the table begins below the constants; the line after its header gives units
    head = next((n for n, line in enumerate(lines) if {"year", "day"} <= set(line.lower().split())), None)
    if head is None:
        _need({"year", "day", *_MET}, set(), path)
    assert head is not None
    names = lines[head].lower().split()
    _need({"year", "day", *_MET}, set(names), path)
    rows = [line.split() for line in lines[head + 2 :] if line]
    if any(len(row) != len(names) for row in rows) or not rows:
        raise DeepSoilError("bad_weather", "{name}: a line has not {count} values.", "",
                            name=path.name, count=len(names))
    table = {name: _numbers([row[n] for row in rows], name, path) for n, name in enumerate(names)
             if name in {"year", "day", *_MET}}
    dates = [date(int(year), 1, 1) + timedelta(days=int(day) - 1)
             for year, day in zip(table["year"], table["day"], strict=True)]
    return dates, {ours: table[theirs] for theirs, ours in _MET.items()}


def _need(wanted: set[str], names: set[str], path: Path) -> None:
    if wanted - names:
        raise DeepSoilError("bad_weather", "{name} has no column {wanted}.",
                            "A table needs date, {limits} (or {watts}).", "weather",
                            name=path.name, wanted=', '.join(sorted(wanted - names)), limits=', '.join(LIMITS),
                            watts=_WATTS)


def _date(text: str, path: Path) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise DeepSoilError("bad_weather", "{name}: {text!r} is not a date.", "Write it as 2023-07-31.",
                            "date",
                            name=path.name, text=text) from None


def _numbers(texts: list[str], name: str, path: Path) -> Array:
    try:
        return np.array([float(text) if text.strip() else np.nan for text in texts])
    except (ValueError, AttributeError):
        raise DeepSoilError("bad_weather", "{name}: a value of {name_2} is not a number.", "", name,
                            name=path.name, name_2=name) from None


def write_met(path: Path, weather: DailyWeather, *, site: str, latitude: float, longitude: float) -> None:
    """Write a `.met` file for APSIM (one line a day: year, day of the year, radn, maxt, mint, rain)."""
    mean, amplitude = weather.mean_and_amplitude()
    lines = [
        "[weather.met.weather]",
        f"site = {site}",
        f"latitude = {latitude:.5f} (DECIMAL DEGREES)",
        f"longitude = {longitude:.5f} (DECIMAL DEGREES)",
        f"tav = {mean:.3f} (oC)",
        f"amp = {amplitude:.3f} (oC)",
        "year day radn maxt mint rain",
        "() () (MJ/m^2) (oC) (oC) (mm)",
    ]
    columns = [weather.radiation_mj_m2, weather.tmax_c, weather.tmin_c, weather.rain_mm]
    for number, values in enumerate(zip(*columns, strict=True)):
        day = weather.start + timedelta(days=number)
        lines.append(f"{day.year} {day.timetuple().tm_yday} " + " ".join(f"{value:.3f}" for value in values))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


