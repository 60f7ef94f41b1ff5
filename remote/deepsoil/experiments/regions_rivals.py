"""What a network is compared with at the scored places: the sources, the stations, trees, and a simulated column.

All values are θ (P, D) m³/m³ of a place and a day. Of readings only those of `Scored.seen` stations are used.
Persistence and season are the exception: they know the scored station's own record, which no other row does.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.management import Management
from deepsoil.evaluation.background import Positions
from deepsoil.evaluation.baselines import climatology, persistence
from deepsoil.evaluation.baselines_kriging import ordinary_kriging, regression_kriging
from deepsoil.evaluation.baselines_neighbours import inverse_distance, nearest_station
from deepsoil.evaluation.columns import SoilColumns
from deepsoil.experiments.regions_data import Scored, Windows, product_at
from deepsoil.training.station_patches import PRODUCT, SURFACE_CM

Array = NDArray[np.float32]

COLUMN = "simulated column"
BY_STATIONS = "trees, stations"
OWN_RECORD = ("persistence, 7 days (own record)", "season (own record)")
MEMBERS = 8                 # draws of the simulated columns
PIXELS = 24                 # of a window at random that the trees see
_TREES = {"max_iter": 200, "learning_rate": 0.08, "min_samples_leaf": 20, "l2_regularization": 1.0}


def of_sources(scored: Scored, last: np.datetime64) -> dict[str, Array]:
    """SMAP, the product, and the product without the stations' mean difference from it until the day ``last``."""
    return {"SMAP, 36 km": scored.smap, "product": scored.product,
            "product, stations' bias removed": scored.product - _bias(scored, last)}


def _bias(scored: Scored, last: np.datetime64) -> Array:
    """Mean of product - reading of the stations that are learnt from, by inverse distance (P, 1)."""
    bias = np.full((len(scored.region), 1), np.nan)
    for number, region in enumerate(scored.regions):
        here = np.flatnonzero((scored.region == number) & scored.seen)
        days = region.store.dates_of(PRODUCT)
        days = days[(days < last) & (days >= scored.dates[0])]
        if here.size:
            place = region.place[here - int(np.flatnonzero(scored.region == number)[0])]
            readings = scored.theta[here][:, np.searchsorted(scored.dates, days)]
            bias[here, 0] = np.nanmean(product_at(region, place, days) - readings, axis=1)
    return inverse_distance(bias, scored.places.distance_km()).astype(np.float32)


def of_stations(scored: Scored) -> dict[str, Array]:
    """Interpolations of the day's readings, and what the station's own record says."""
    known = np.where(scored.seen[:, None], scored.theta, np.nan).astype(np.float64)
    # Only the scored days: an interpolation of a day knows no other.
    days = np.searchsorted(scored.dates, scored.days)
    known, apart = known[:, days], scored.places.distance_km()
    own = scored.theta.astype(np.float64)
    found = {"nearest station": nearest_station(known, apart), "inverse distance": inverse_distance(known, apart),
             "kriging": ordinary_kriging(known, apart),
             "kriging with soil and terrain": regression_kriging(known, apart, scored.places.covariates),
             OWN_RECORD[0]: persistence(own)[:, days], OWN_RECORD[1]: climatology(own, scored.dates)[:, days]}
    return {name: values.astype(np.float32) for name, values in found.items()}


def simulated_column(scored: Scored) -> Array:
    """The mean of an ensemble of soil columns of each place; nothing is said of irrigation."""
    found = np.full(scored.truth.shape, np.nan, np.float32)
    for number, region in enumerate(scored.regions):
        here = np.flatnonzero(scored.region == number)
        at = Positions(scored.places.longitudes[here], scored.places.latitudes[here], [Management()] * len(here))
        theta, _ = SoilColumns(region.store, [SURFACE_CM], MEMBERS).series(
            at, [day.item() for day in scored.days], (float(SURFACE_CM),), lambda share, text: None)
        found[here] = theta[:, 0]
    return found


def trees(windows: Windows, shown: Array, product: Array, weight: float, seed: int) -> dict[str, Array]:
    """Histogram gradient-boosted trees (scikit-learn) on the input of single pixels.

    ``shown`` (P, D, C): the input of the scored pixels. They learn from readings alone, from readings (with ``weight``)
    and the product, as the networks do, and from readings with the product as one more input.
    """
    middle = windows.x.shape[-1] // 2
    station = np.isfinite(windows.reading)
    x = windows.x[station][:, :, middle, middle].astype(np.float32)
    y = windows.reading[station]
    seen_product = windows.product[station][:, middle, middle]
    pixels, labels = drawn_pixels(windows, np.flatnonzero(~station), seed)
    flat = shown.reshape(-1, shown.shape[-1])

    def fitted(inputs: Array, target: Array, weights: Array | None) -> Callable[[Array], Array]:
        predict = fitted_trees(inputs, target, weights, seed)
        return lambda values: predict(values).reshape(shown.shape[:2])

    both = np.concatenate([np.full(len(y), weight), np.ones(len(labels))])
    return {BY_STATIONS: fitted(x, y, None)(flat),
            "trees, stations and product": fitted(np.concatenate([x, pixels]), np.concatenate([y, labels]), both)(flat),
            "trees, stations, product as input": fitted(np.column_stack([x, seen_product]), y, None)(
                np.column_stack([flat, product.ravel()]))}


def fitted_trees(inputs: Array, target: Array, weights: Array | None, seed: int) -> Callable[[Array], Array]:
    """Learns from input (N, C), targets (N,) and their weights; what it returns predicts (M,) from (M, C)."""
    from sklearn.ensemble import HistGradientBoostingRegressor
    from threadpoolctl import threadpool_limits

    model = HistGradientBoostingRegressor(random_state=seed, **_TREES)
    with threadpool_limits(1):  # with several threads sums are added in another order, and small trees are slower
        model.fit(inputs, target, weights)
    return lambda values: np.asarray(model.predict(values), np.float32)


def drawn_pixels(windows: Windows, which: NDArray[np.intp], seed: int) -> tuple[Array, Array]:
    """Input (N, C) and product (N,) of pixels of windows at random."""
    rng, side = np.random.default_rng([seed, 31]), windows.x.shape[-1]
    rows, columns = rng.integers(side, size=(2, len(which), PIXELS))
    of = np.repeat(which, PIXELS)
    x = windows.x[of, :, rows.ravel(), columns.ravel()].astype(np.float32)
    y = windows.product[of, rows.ravel(), columns.ravel()]
    return x[np.isfinite(y)], y[np.isfinite(y)]
