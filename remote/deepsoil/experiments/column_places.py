"""Two real places on which assumptions of the soil columns are judged: weather, soil, sightings and readings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import Window, lonlat_to_pixel
from deepsoil.inputs.vapour_pressure import saturation_kpa
from deepsoil.labels.column_weather import read_weather
from deepsoil.labels.leaves import covers_of, find_leaves
from deepsoil.labels.settings import LabelSettings
from deepsoil.soil.forcing import Forcing
from deepsoil.soil.vegetation import GROUPS, Group, group_lookup
from deepsoil.stations.screened import screened_stations
from deepsoil.store.store import Store

Array = NDArray[np.float64]
Days = NDArray[np.datetime64]

USCRN_WIND_M_S = 3.0
USCRN_ELEVATION_M = 348.0
LONGEST_GAP_DAYS = 10


@dataclass(frozen=True)
class Place:
    """S stations under one weather.

    dates (T,); forcing (1, T); observed (S, depths, T) θ at 5 and 20 cm, NaN missing; texture (S, 3) per cent;
    groups: land cover of each station; sightings: (day numbers, NDVI) of each station, empty where none; class_lai
    (S, T): leaf area of the station's class of greenness, as the labels of the region have it.
    """

    title: str
    dates: Days
    forcing: Forcing
    latitude: float
    names: list[str]
    observed: Array
    texture: Array
    groups: list[Group]
    sightings: list[tuple[NDArray[np.int64], Array]]
    class_lai: Array | None = None


def region(store: Store) -> Place:
    """The stations of a store whose weather is one cell. Raises what `read_weather` raises, and ``bad_weather``."""
    weather = read_weather(store)
    if weather.forcing.places != 1:
        raise DeepSoilError("bad_weather", "The region {title!r} has {count} weather cells; this comparison takes one.",
                            "Use a region with one weather station, as Kings Creek.", "region", title=store.title,
                            count=weather.forcing.places)
    stations, _ = screened_stations(store)
    columns, rows = (np.floor(v).astype(int) for v in lonlat_to_pixel(stations.longitudes, stations.latitudes))
    pixels = [Window(int(c), int(r), 1, 1) for c, r in zip(columns, rows, strict=True)]

    def value(channel: str, pixel: Window) -> float:
        return float(store.read_static(channel, pixel)[0, 0])

    texture = np.array([[value(name, pixel) for name in ("sand", "silt", "clay")] for pixel in pixels])
    codes = [int(np.nan_to_num(value("land_cover", pixel), nan=71.0)) for pixel in pixels]
    days = (store.dates_of("ndvi") - weather.dates[0]).astype(np.int64)
    sightings = [(days, np.array([store.read_layer("ndvi", number, pixel)[0, 0] for number in range(days.size)]))
                 for pixel in pixels]
    settings = LabelSettings()
    leaves = find_leaves(store, settings, weather)
    cover = [int(covers_of(store, pixel, settings, leaves)[0][0, 0]) for pixel in pixels]
    observed = np.full((len(stations), 2, weather.dates.size), np.nan)
    _, ours, theirs = np.intersect1d(weather.dates, stations.dates, return_indices=True)
    for level, depth in enumerate((5.0, 20.0)):
        nearest = int(np.abs(stations.depths_cm - depth).argmin())
        observed[:, level, ours] = stations.theta[:, nearest][:, theirs]
    return Place(store.title, weather.dates, weather.forcing, float(weather.latitudes[0]), stations.names, observed,
                 texture, [GROUPS[max(int(group_lookup()[code]), 0)] for code in codes], sightings,
                 leaves.lai[cover].astype(np.float64))


def uscrn(path: Path, texture: Array, first: str = "2009-08-01", last: str = "2017-12-31") -> Place:
    """The one USCRN station of a table of its daily values; grass. Texture (3,) in per cent is given.

    There is no wind in it: 3 m/s is assumed. Days without a value are filled along the time axis, up to ten in a row,
    and no rain; longer gaps are refused.
    """
    from deepsoil.sources.reference_et import penman_monteith

    table = pd.read_csv(path)
    table.index = pd.to_datetime(table.LST_DATE.astype(str))
    table = table.mask(table.isin([-9999, -99])).loc[first:last]
    latitude = float(table.LATITUDE.dropna().iloc[0])
    share = table.RH_DAILY_AVG.clip(1, 100) / 100
    daily = pd.DataFrame({"tmin": table.T_DAILY_MIN, "tmax": table.T_DAILY_MAX,
                          "vapour_pressure": saturation_kpa(table.T_DAILY_AVG) * share,
                          "radiation": table.SOLARAD_DAILY, "wind": USCRN_WIND_M_S})
    pet = penman_monteith(daily, latitude, USCRN_ELEVATION_M)
    filled = pd.DataFrame({"temperature": table.T_DAILY_AVG, "pet": pet}).interpolate(limit=LONGEST_GAP_DAYS)
    if filled.isna().any().any():
        raise DeepSoilError("weather_gap", "The weather of {path} has gaps of more than {days} days.",
                            "Choose another period.", path=path, days=LONGEST_GAP_DAYS)
    forcing = Forcing(table.P_DAILY_CALC.fillna(0.0).to_numpy()[None], filled.pet.clip(lower=0).to_numpy()[None],
                      filled.temperature.to_numpy()[None])
    observed = table[["SOIL_MOISTURE_5_DAILY", "SOIL_MOISTURE_20_DAILY"]].to_numpy(np.float64).T[None]
    frozen = table[["SOIL_TEMP_5_DAILY", "SOIL_TEMP_20_DAILY"]].to_numpy(np.float64).T[None] < 1.0
    grass = next(group for group in GROUPS if group.name == "grass")
    nothing = (np.empty(0, np.int64), np.empty(0))
    return Place("USCRN Manhattan, Kansas", table.index.to_numpy().astype("datetime64[D]"), forcing, latitude,
                 ["Manhattan 6 SSW"], np.where(frozen, np.nan, observed), np.asarray(texture)[None], [grass], [nothing])


def rain_hours(path: Path, least_mm: float = 5.0) -> tuple[float, float]:
    """Hours of a day in which rain falls at an hourly gauge (columns TIMESTAMP in Central Standard Time, end of the
    hour, and PRECIP in mm), and hours of even rain of the same intensity, P² / Σp²; mean over UTC days of at least
    ``least_mm``, weighted by their rain."""
    table = pd.read_csv(path, usecols=["TIMESTAMP", "PRECIP"])
    stamps = pd.to_datetime(table.TIMESTAMP, errors="coerce") + pd.Timedelta(hours=5)
    hourly = pd.to_numeric(table.PRECIP, errors="coerce").clip(0, 100)[stamps.notna()]
    by_day = hourly.groupby(stamps[stamps.notna()].dt.date.to_numpy())
    total, squares = by_day.sum(), by_day.agg(lambda rain: float((rain**2).sum()))
    wet = by_day.agg(lambda rain: int((rain > 0.2).sum()))
    used = total >= least_mm
    weight = total[used] / total[used].sum()
    return float((wet[used] * weight).sum()), float((total[used] ** 2 / squares[used] * weight).sum())
