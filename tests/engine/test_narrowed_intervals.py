"""The table of intervals that readings have narrowed counts what lies inside, at stations that are held out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from deepsoil.bench.ground import make_store
from deepsoil.evaluation.background import MadeBy, Positions, Step
from deepsoil.experiments import narrowed_intervals
from deepsoil.store.store import Stations, Store
from inference_tools import DAYS, built

PERIOD, HALF, TOO_DRY = DAYS[40:52], 0.06, 0.05


class Flat:
    """Too dry by 0.05 everywhere, with an interval of ± 0.06."""

    depths_cm = [5, 20]

    def levels_cm(self, reading_depths_cm: Sequence[float]) -> tuple[float, ...]:
        return 5.0, 20.0

    def made_by(self, depth_cm: int) -> MadeBy:
        return MadeBy("flat", "1")

    def missing(self, depth_cm: int) -> list[str]:
        return []

    def series(self, at: Positions, days: Sequence[date], levels_cm: Sequence[float], step: Step, *,
               before: Sequence[date] = ()) -> tuple[np.ndarray, np.ndarray]:
        shape = len(at), len(levels_cm), len(before) + len(days)
        return np.full(shape, 0.25, np.float32), np.full(shape, HALF, np.float32)


def rows(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, odd: float) -> dict[str, list[float]]:
    """What is known → the row. Station c, which is irrigated, reads ``odd`` more than the others."""
    plain = Store.open(folder / "store").stations()
    theta = np.full((3, 2, len(DAYS)), 0.25 + TOO_DRY, np.float32)
    theta[2] += odd
    stations = Stations(plain.ids, plain.names, plain.networks, plain.longitudes, plain.latitudes, plain.depths_cm,
                        plain.dates, theta, irrigated=[False, False, True])
    make_store(tmp_path / "store", stations=stations)
    monkeypatch.setattr(narrowed_intervals, "screened_stations", lambda store: (stations, None))
    made = narrowed_intervals.table(Store.open(tmp_path / "store"), Flat(), PERIOD, 4)
    assert "one day in 4: 3 stations, of them 1 irrigated" in made.title
    return {str(row[0]): [float(cell) for cell in row[1:]] for row in made.rows}


def test_readings_narrow_the_interval_and_move_the_map(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path,
                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    found = rows(built(tmp_path_factory), tmp_path, monkeypatch, 0.0)
    assert found["no reading"] == pytest.approx([TOO_DRY, TOO_DRY, *[1.0] * 6, HALF, HALF])
    weekly = found["all others, own reading a week"]
    assert max(weekly[:2]) < 0.025 and weekly[2:8] == [1.0] * 6 and max(weekly[8:]) < 0.8 * HALF


def test_a_station_outside_of_its_interval_is_seen_in_its_group_and_as_the_worst(
        tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    row = rows(built(tmp_path_factory), tmp_path, monkeypatch, 0.05)["no reading"]
    assert row[2:8] == pytest.approx([2 / 3, 2 / 3, 0.0, 0.0, 0.0, 0.0])
