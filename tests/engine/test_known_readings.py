"""Predictions at stations from readings: never from what was not known then, and the same as a map's."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from deepsoil.bench.ground import make_store
from deepsoil.cli import main
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.readings import Reading, Readings
from deepsoil.contract.specification import parse_specification
from deepsoil.contract.station_readings import OwnReadings, StationReadings
from deepsoil.evaluation.background import MadeBy, Positions, Step
from deepsoil.evaluation.known_readings import last_reading, predict_with_readings
from deepsoil.evaluation.score_table import table
from deepsoil.evaluation.stations import evaluate
from deepsoil.field.analysis import Analysis, usable
from deepsoil.field.likeness import places_at
from deepsoil.grid import pixel_to_lonlat
from deepsoil.kinds.registry import find_kind
from deepsoil.stations.gathered import gather
from deepsoil.store.store import Stations, Store
from inference_tools import DAYS, HERE, built, document, make_context, new_job

PERIOD = DAYS[45:57]
BEFORE = 0.25  # of the background, everywhere


class Flat:
    """A background that is the same everywhere, so that all else is what the readings say."""

    depths_cm = [5, 20]

    def levels_cm(self, reading_depths_cm: Sequence[float]) -> tuple[float, ...]:
        return 5.0, 20.0

    def made_by(self, depth_cm: int) -> MadeBy:
        return MadeBy("flat", "1")

    def missing(self, depth_cm: int) -> list[str]:
        return []

    def series(self, at: Positions, days: Sequence[date], levels_cm: Sequence[float], step: Step, *,
               before: Sequence[date] = ()) -> tuple[np.ndarray, np.ndarray]:
        step(1.0, "")
        shape = len(at), len(levels_cm), len(before) + len(days)
        return np.full(shape, BEFORE, np.float32), np.full(shape, 0.05, np.float32)


def stations_of(store: Store, theta: np.ndarray) -> Stations:
    plain = store.stations()
    return Stations(plain.ids, plain.names, plain.networks, plain.longitudes, plain.latitudes, plain.depths_cm,
                    plain.dates, theta.astype(np.float32), irrigated=[True, False, False])


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory)


@pytest.fixture(scope="module")
def store(ground: Path) -> Store:
    return Store.open(ground / "store")


def record(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    theta = rng.uniform(0.1, 0.4, (3, 2, len(DAYS)))
    theta[rng.random(theta.shape) < 0.2] = np.nan
    return theta


def found(store: Store, theta: np.ndarray, wanted: StationReadings) -> Any:
    return predict_with_readings(store, Flat(), stations_of(store, theta), [0, 2], PERIOD, (), wanted,
                                 lambda share, message: None)


def probe_at(store: Store, day: date, theta: float, offset: float, sensor: str = "mine") -> Reading:
    at = store.stations()
    return Reading(longitude=float(at.longitudes[0]) + offset, latitude=float(at.latitudes[0]), depth_cm=10.0,
                   date=day, theta=theta, sensor=sensor)


CASES = [
    StationReadings(other_stations="all"), StationReadings(other_stations=1),
    StationReadings(own=OwnReadings(least_age_days=3)),
    StationReadings(other_stations="all", own=OwnReadings(every_days=7, most=2), after=[0, 1]),
]


@pytest.mark.parametrize("wanted", CASES)
def test_nothing_that_was_not_known_changes_a_prediction(store: Store, wanted: StationReadings) -> None:
    """Readings of later days, and own ones that are not allowed, may be anything; others matter."""
    for seed in range(3):
        theta, rng = record(seed), np.random.default_rng(seed)
        time = int(rng.integers(2, len(PERIOD)))
        number = DAYS.index(PERIOD[time])
        unknown = np.zeros(theta.shape, bool)
        unknown[:, :, number + 1:] = True
        own = wanted.own
        age = number - np.arange(len(DAYS))
        phase = (np.arange(len(DAYS)) - DAYS.index(PERIOD[0])) % (own.every_days if own else 1) == 0
        unknown[0] |= ~(phase & (age >= own.least_age_days)) if own else True
        if wanted.other_stations == 1:
            unknown[2] = True  # the station next to it is the second
        if wanted.other_stations == 0:
            unknown[1:] = True
        values = [probe_at(store, PERIOD[time] + timedelta(days=1), 0.5, 0.002),
                  *([] if own else [probe_at(store, PERIOD[time - 1], 0.5, 0.0, "in its pixel")])]
        before = found(store, theta, wanted)
        changed = np.where(unknown, rng.uniform(0.05, 0.6, theta.shape), theta)
        after = found(store, changed, wanted.model_copy(update={"values": values}))
        for name in ("at_sensor", "at_place"):
            np.testing.assert_array_equal(getattr(before, name)[0, :, time], getattr(after, name)[0, :, time])
        for count in wanted.after:
            np.testing.assert_array_equal(before.after[count][0, :, time], after.after[count][0, :, time])
        other = found(store, np.where(unknown, theta, theta + 0.1), wanted)
        assert np.abs(other.at_sensor - before.at_sensor)[0, :, time].max() > 1e-3


def test_a_probe_of_the_day_counts_and_one_in_the_pixel_of_the_station_is_its_own(store: Store) -> None:
    none = np.full((3, 2, len(DAYS)), np.nan)
    near = found(store, none, StationReadings(values=[probe_at(store, PERIOD[3], 0.4, 0.002)]))
    assert not (near.at_sensor[0, :, :3] - BEFORE).any() and (near.at_sensor[0, :, 3:] > BEFORE + 0.01).all()
    inside = [probe_at(store, PERIOD[3], 0.4, 0.0)]
    held = found(store, none, StationReadings(other_stations="all", values=inside))
    assert not (held.at_sensor[0] - BEFORE).any() and (held.at_sensor[1, :, 3:] > BEFORE).all()
    own = found(store, none, StationReadings(own=OwnReadings(), values=inside)).at_sensor
    seventh = found(store, none, StationReadings(own=OwnReadings(every_days=3), values=inside)).at_sensor
    assert not (own[0, :, :4] - BEFORE).any() and (own[0, :, 4:] > BEFORE).all()
    np.testing.assert_array_equal(own, seventh)


def test_it_is_what_a_map_has_there(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same readings through the correction of maps, the station left out."""
    monkeypatch.setattr("deepsoil.stations.gathered.screened_stations", lambda store: (store.stations(), None))
    theta = record(5)
    stations = stations_of(store, theta)
    held = found(store, theta, StationReadings(other_stations="all"))

    class Measured:
        def stations(self) -> Stations:
            return stations

        def __getattr__(self, name: str) -> object:
            return getattr(store, name)

    position = stations.longitudes[:1], stations.latitudes[:1]
    bounds = (float(position[0][0]), float(position[1][0]), float(position[0][0]), float(position[1][0]))
    origin = float(stations.longitudes[[0, 2]].mean()), float(stations.latitudes[[0, 2]].mean())
    gathered = gather(Measured(), Readings(stations=True, left_out=[stations.ids[0]]), bounds)  # type: ignore[arg-type]
    readings = usable(gathered, PERIOD, (5.0, 20.0), later=False)
    analysis = Analysis(store, readings, np.full(len(readings.gathered), BEFORE), origin)
    here = places_at(store, *position, origin)
    for time, day in enumerate(PERIOD):
        for depth in range(2):
            solved, number = analysis.of_day(day), int(np.datetime64(day, "D").astype(int))
            assert held.at_place[0, depth, time] == pytest.approx(BEFORE + solved.increments(here, depth, number)[0],
                                                                  abs=2e-6)
            share = solved.left_share(here, depth, number)[0]
            wider = solved.widening(0.05)
            assert held.half_width[0, depth, time] == pytest.approx(0.05 * share * wider, rel=1e-4) and wider > 1.1


def test_a_sensor_is_learnt_and_the_place_is_not_what_it_shows(store: Store) -> None:
    """A sensor that always reads 0.08 too much beside stations that do not."""
    theta = np.full((3, 2, len(DAYS)), BEFORE)
    theta[0] += 0.08
    told = found(store, theta, StationReadings(other_stations="all", own=OwnReadings(), after=[0, 1, 20]))
    errors = [np.abs(told.after[count][0] - theta[0, 0, 0]).mean() for count in (0, 1, 20)]
    assert errors[0] > errors[1] > errors[2] and errors[2] < 0.015
    assert (told.at_sensor[0] > told.at_place[0] + 0.01).all()


def test_the_last_reading_is_the_youngest_that_is_allowed() -> None:
    dates = np.array(DAYS, "datetime64[D]")
    values = np.arange(len(DAYS), dtype=np.float32)[None] / 100
    start = DAYS.index(PERIOD[0])
    for every in (1, 7):
        wanted = StationReadings(own=OwnReadings(least_age_days=2, every_days=every))
        last = last_reading(values, dates, PERIOD, wanted)
        assert last is not None
        expected = [max(n for n in range(start + t - 1) if (n - start) % every == 0) for t in range(len(PERIOD))]
        assert last[0] == pytest.approx(np.array(expected) / 100)
    assert last_reading(values, dates, PERIOD, StationReadings(other_stations="all")) is None


def test_scores_stand_beside_the_method_without_readings(ground: Path, tmp_path: Path) -> None:
    theta = np.nan_to_num(record(1), nan=0.2)
    made = make_store(tmp_path / "store", stations=stations_of(Store.open(ground / "store"), theta))
    wanted = StationReadings(other_stations=1, own=OwnReadings(), after=[1])
    told = evaluate(made if isinstance(made, Store) else Store.open(tmp_path / "store"), Flat(), PERIOD, raw=True,
                    readings=wanted)
    (first, _) = told.comparisons
    assert {"without_readings", "last_reading"} <= set(first.scores["a"])
    assert {group.title for group in first.groups} >= {"irrigated", "rainfed"}
    assert [row.title for row in first.known] == ["no reading", "the readings, at the place, as a map",
                                                  "the readings, at the sensor", "1 own readings, at the sensor"]
    assert 0.01 < first.mean_half_width < 0.15 and set(first.covered_by_water) == {"irrigated", "rainfed"}
    text = table(told)
    assert "interval of the map" in text and ", irrigated " in text
    assert "from the nearest other station and its own readings at least 1 day old; nothing is of a later day" in text
    document = json.loads(json.dumps(told.to_dict()))
    assert document["readings"]["own"]["least_age_days"] == 1 and document["depths"]["5"]["known"][0]["mae"]


@pytest.mark.parametrize(("options", "field"), [
    ({"readings": {}}, "options.readings"),
    ({"readings": {"other_stations": -1}}, "options.readings.other_stations"),
    ({"readings": {"other_stations": "some"}}, "options.readings.other_stations"),
    ({"readings": {"own": {"least_age_days": 0}}}, "options.readings.own.least_age_days"),
    ({"readings": {"other_stations": 1, "after": [3]}}, "options.readings.after"),
    ({"readings": {"own": {"most": 2}, "after": [1, 3]}}, "options.readings.after.1"),
    ({"readings": {"own": {}, "after": [3, 3]}}, "options.readings.after.1"),
    ({"readings": {"own": {}, "later_days": True}}, "options.readings.later_days"),
    ({"method": "guess"}, "options.method"),
    ({"method": "column", "vegetation": "nearest"}, "options.vegetation"),
])
def test_senseless_options_are_named(options: dict[str, Any], field: str) -> None:
    with pytest.raises(DeepSoilError) as caught:
        parse_specification(document(kind="evaluate", area=None, region="x", options=options))
    assert (caught.value.code, caught.value.field) == ("specification_invalid", field)


def test_columns_have_no_models() -> None:
    with pytest.raises(DeepSoilError) as caught:
        parse_specification(document(kind="evaluate", area=None, region="x", options={"method": "column"},
                                     models={"5": "m"}))
    assert caught.value.field == "models"


@pytest.fixture(scope="module")
def measured(ground: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("measured")
    rng = random.Random(3)
    theta = np.full((3, 2, len(DAYS)), 0.2) + np.array([rng.uniform(0, 0.05) for _ in DAYS])
    make_store(folder / "store", stations=stations_of(Store.open(ground / "store"), theta))
    (folder / "models").symlink_to(ground / "models")
    return folder


@pytest.mark.parametrize("method", ["network", "column"])
def test_the_job_takes_method_water_and_readings(measured: Path, tmp_path: Path, method: str,
                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    # The sand, silt and clay of made-up ground do not sum to 100.
    monkeypatch.setattr("deepsoil.field.ground.texture_is_valid", lambda sand, silt, clay: np.isfinite(sand))
    monkeypatch.setattr("deepsoil.field.ground._normalised", lambda texture: np.array([[40.0, 40.0, 20.0]]))
    context = make_context(measured, tmp_path / "home")
    options = {"method": method, "stations": ["a"], "management": [{"irrigation": {"type": "irrigated"}}],
               "readings": {"other_stations": 1, "own": {"every_days": 7}, "after": [1]}}
    job = new_job(context, kind="evaluate", area=None, depths_cm=[20], options=options,
                  dates={"start": str(PERIOD[0]), "end": str(PERIOD[-1])})
    find_kind("evaluate").run(job.specification(), job, context)
    assert set(job.specification().models) == (set() if method == "column" else {"20"})
    scores = json.loads((job.outputs_path / "station_metrics.json").read_text(encoding="utf-8"))
    depth = scores["depths"]["20"]
    assert depth["model"]["id"] == ("soil columns" if method == "column" else "random-20cm")
    with_readings, without = (depth["known"][row]["mae"]["all stations"] for row in (2, 0))
    assert with_readings < 0.5 * without, "a reading a week and a station next to it say nearly all"


def test_the_command_prints_what_readings_are_worth(measured: Path, tmp_path: Path,
                                                    capsys: pytest.CaptureFixture[str]) -> None:
    longitude, latitude = (float(value) for value in pixel_to_lonlat(HERE.column + 205.5, HERE.row + 300.5))
    probes = tmp_path / "probes.csv"
    probes.write_text(f"date;sensor;vwc [%];depth_cm\n{PERIOD[0]};P;21,5;20\n{PERIOD[4]};P;22,5;20\n")
    told = ["evaluate", str(measured / "store"), "--models", str(measured / "models"), "--depth", "20",
            "--start", str(PERIOD[0]), "--end", str(PERIOD[-1]), "--raw"]
    assert main([*told, "--other-stations", "all", "--own-readings", "2", "--one-in", "7", "--after", "0", "1",
                 "--readings", str(probes), "--readings-place", str(longitude), str(latitude),
                 "--output", str(tmp_path / "out")]) == 0
    printed = capsys.readouterr().out
    for words in ("from all other stations and its own readings at least 2 days old, one in 7 days and 2 readings of "
                  "own probes", "without_readings", "last_reading", "1 own readings, at the sensor", "worst first"):
        assert words in printed
    rows = list(csv.DictReader((tmp_path / "out" / "station_comparison.csv").read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 3 * len(PERIOD)
    assert main([*told, "--after", "3"]) == 2 and "own readings are not allowed" in capsys.readouterr().err
    assert main([*told, "--method", "column", "--other-stations", "1"]) == 2
    assert "Soil columns have no models" in capsys.readouterr().err
