"""Is the mean of the simulated field's draws nearer to real stations than the one column of the best guess?

    python -m deepsoil.experiments.best_guess --region build/stores/kings_creek \
        --uscrn ../shared/data/kings_creek/uscrn_manhattan_6_ssw_daily.csv [--output FOLDER]

The best guess has all scores at 0. No reading. Of Kings Creek every third station, of USCRN the first 1,200 days; 32
draws, seed 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from deepsoil.evaluation.table_files import Cell, Tabular
from deepsoil.experiments.column_places import Place, region, uscrn
from deepsoil.experiments.place_arguments import at_two_places
from deepsoil.experiments.readings_worth import MEMBERS, SEED, STATIONS_APART, first_days, model_of
from deepsoil.field import interval
from deepsoil.field.uncertainty import PARAMETERS, SOIL, draw
from deepsoil.store.store import Store

Array = NDArray[np.float64]

FREE = -3.0
"""A score of the lower boundary that means free drainage."""


def draws() -> Mapping[str, Array]:
    """Scores (E, P) by title."""
    every = draw(MEMBERS, SEED)
    boundary, n = (PARAMETERS.index(name) for name in ("lower_boundary", "log10_vg_n"))
    free, no_n, half = every.copy(), every.copy(), every.copy()
    free[:, boundary], no_n[:, n] = FREE, 0.0
    half[:, :len(SOIL)] *= 0.5
    return {"best guess": np.zeros((1, len(PARAMETERS))), "draws": every, "draws, free drainage": free,
            "draws, one n": no_n, "draws, half the spread of soils": half}


def _mean(theta: Array) -> Array:
    return interval.mean(theta, np.full(len(theta), 1.0 / len(theta)))


def _median(theta: Array) -> Array:
    return np.asarray(np.nanmedian(theta, axis=0))


def table(place: Place, stations: Sequence[int]) -> Tabular:
    """Bias and MAE at 5 and 20 cm, mean of stations, and the share of their days inside the draws' 90 % interval."""
    models = [model_of(place, station) for station in stations]
    cells: list[tuple[Cell, ...]] = []
    for title, z in draws().items():
        found = [model.run(z).theta[:, 0].astype(np.float64) for model in models]
        ways: dict[str, Callable[[Array], Array]] = {"mean": _mean}
        if len(z) > 1:
            ways["median"] = _median
        for way, of in ways.items():
            errors = [of(theta) - place.observed[station] for theta, station in zip(found, stations, strict=True)]
            line: list[Cell] = [f"{title}: {way}" if len(z) > 1 else title]
            for level in range(2):
                line += [float(np.mean([np.nanmean(error[level]) for error in errors])),
                         float(np.mean([np.nanmean(np.abs(error[level])) for error in errors]))]
            shares = [_inside(theta, place.observed[station]) for theta, station in zip(found, stations, strict=True)]
            cells.append((*line, *(np.mean(shares, axis=0).tolist() if len(z) > 1 else ("", ""))))
    heads = tuple(f"{what}, {depth} cm" for depth in (5, 20) for what in ("bias", "MAE"))
    return Tabular(f"{place.title}: {len(stations)} stations, no reading, m3/m3",
                   ("columns", *heads, "inside, 5 cm", "inside, 20 cm"), cells)


def _inside(theta: Array, observed: Array) -> list[float]:
    lower, upper = interval.bounds(theta, np.full(len(theta), 1.0 / len(theta)))
    known = np.isfinite(observed)
    inside = (observed >= lower) & (observed <= upper)
    return [float(inside[level][known[level]].mean()) for level in range(2)]


def main() -> int:
    arguments = at_two_places(__doc__).parse_args()
    first = region(Store.open(arguments.region))
    second = first_days(uscrn(arguments.uscrn, first.texture[0]))
    for number, (place, stations) in enumerate(((first, range(0, len(first.names), STATIONS_APART)),
                                                (second, range(1)))):
        made = table(place, stations)
        print(f"\n{made.markdown()}", flush=True)
        if arguments.output:
            arguments.output.mkdir(parents=True, exist_ok=True)
            made.write(arguments.output, f"best_guess_{number + 1}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
