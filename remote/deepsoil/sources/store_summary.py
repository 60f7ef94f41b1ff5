"""The content of a store, as a table that a person can check against local knowledge."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from deepsoil.channels import CHANNELS
from deepsoil.contract.errors import DeepSoilError
from deepsoil.store.series import STATUSES, CoarseSeries
from deepsoil.store.store import Store

_HEAD = f"{'channel':<24}{'unit':<16}{'min':>10}{'mean':>10}{'max':>10}{'missing':>9}  what"


def describe(store: Store) -> str:
    """Per channel minimum, mean, maximum and share missing (of the footprint's pixels for maps, of days × cells for
    weather), the yearly totals of rain and evapotranspiration, the period, and the stations."""
    inside = np.ones(store.window.shape, bool)
    if "elevation" in store.channels():
        inside = np.isfinite(store.read_static("elevation", store.window))
    lines = [f"{store.title} ({store.name}): {store.window.width} x {store.window.height} pixels, "
             f"{inside.mean():.1%} of them with elevation", _HEAD]
    for name in store.channels():
        kind = CHANNELS[name].kind
        if kind == "static":
            values, what = store.read_static(name, store.window)[inside], store.source(name)
        elif kind == "dated":
            dates = store.dates_of(name)
            values = np.concatenate([store.read_layer(name, i, store.window)[inside] for i in range(dates.size)])
            what = f"{dates.size} dates, {dates[0]} to {dates[-1]}; {store.source(name)}"
        else:
            series = store.coarse(name)
            values = series.values
            what = (f"{series.latitudes.size} x {series.longitudes.size} cells, {series.dates[0]} to "
                    f"{series.dates[-1]}{_day_end(series.day_ends_utc)}{_status(series)}; {store.source(name)}")
        lines.append(_row(name, values, what))
    lines += _yearly(store)
    try:
        first, last = store.map_dates()
        lines.append(f"maps can be made from {first} to {last}")
    except DeepSoilError as error:
        lines.append(str(error))
    stations = store.stations()
    for d, depth in enumerate(stations.depths_cm):
        theta = stations.theta[:, d]
        days = np.isfinite(theta).sum(axis=1)
        lines.append(f"stations at {depth:g} cm: {int((days > 0).sum())}, days each {days.min()} to {days.max()}, "
                     f"theta {np.nanmin(theta):.3f} / {np.nanmean(theta):.3f} / {np.nanmax(theta):.3f} m3/m3")
    return "\n".join(lines)


def _day_end(hours: int) -> str:
    return f", days end at {hours % 24:02} UTC" if hours else ""


def _status(series: CoarseSeries) -> str:
    """The last day of each status, as in ", final until 2023-05-01, provisional until 2023-06-30"."""
    days = {status: series.days_of(status) for status in STATUSES}
    return "".join(f", {status} until {found[-1]}" for status, found in days.items() if found.size)


def _row(name: str, values: NDArray[np.float32], what: str) -> str:
    known = values[np.isfinite(values)]
    missing = 1.0 - known.size / max(1, values.size)
    numbers = "".join(f"{number:>10.4g}" for number in (known.min(), known.mean(dtype=np.float64), known.max())) \
        if known.size else f"{'-':>10}" * 3
    if CHANNELS[name].classes and known.size:
        codes, counts = np.unique(known.astype(int), return_counts=True)
        shares = ", ".join(f"{code}: {count / known.size:.0%}" for code, count in zip(codes, counts, strict=True))
        what = f"{what} [{shares}]"
    return f"{name:<24}{CHANNELS[name].unit:<16}{numbers}{missing:>9.1%}  {what}"


def _yearly(store: Store) -> list[str]:
    lines = []
    for name in ("precipitation", "pet"):
        if name not in store.channels():
            continue
        series = store.coarse(name)
        cells = series.values.reshape(series.dates.size, -1)
        mean = np.nansum(cells, axis=1) / np.maximum(1, np.isfinite(cells).sum(axis=1))
        years = series.dates.astype("datetime64[Y]").astype(int) + 1970
        totals = ", ".join(f"{year}: {mean[years == year].sum():.0f} mm in {int((years == year).sum())} days"
                           for year in np.unique(years))
        lines.append(f"{name} by year: {totals}")
    return lines
