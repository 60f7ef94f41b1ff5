"""Irrigated training runs: the water reaches the labels as in the simulated field, and what networks are shown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from deepsoil.channels import BUCKETS_MM, CHANNELS, MEMORY
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.management import Application, IrrigationHabit, IrrigationLog
from deepsoil.depths import simulated_depths_cm
from deepsoil.field import uncertainty
from deepsoil.field.ground import Columns
from deepsoil.field.land import land_of, water_given
from deepsoil.field.member_batch import Driving, MemberBatch
from deepsoil.inputs.water_memory import memory
from deepsoil.soil.column_settings import LAND_SETTINGS
from deepsoil.soil.irrigation import irrigation_mm, usual_season
from deepsoil.soil.vegetation import GROUPS
from deepsoil.training import weather_runs
from deepsoil.training.column_tables import ColumnTable, simulate
from deepsoil.training.configuration import Configuration, parse_configuration
from deepsoil.training.patches import PatchMaker
from deepsoil.training.weather_runs import WeatherRun, make_runs
from training_tools import settings, write_weather

TEXTURES = np.array([[70, 20, 10], [20, 60, 20]], np.float32)
EXACT = {"share": 0.5, "mm": [25, 25], "depletion": [0.4, 0.4], "available_mm": [120, 120]}


def configuration(root: Path, irrigation: dict | None, depth_cm: int = 20) -> Configuration:
    plain = settings(root, depth_cm)
    return parse_configuration(plain | {"simulation": plain["simulation"] | {"irrigation": irrigation}}, "test")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_weather(tmp_path_factory.mktemp("irrigated"))


@pytest.fixture(scope="module")
def runs(root: Path) -> list[WeatherRun]:
    chosen = configuration(root, EXACT)
    return make_runs(chosen.weather, chosen.simulation)[0]


@pytest.fixture(scope="module")
def table(runs: list[WeatherRun]) -> ColumnTable:
    return simulate(runs, TEXTURES, 0)


def test_a_share_of_the_runs_comes_again_with_the_water_of_a_habit(
        root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weather_runs, "variants", lambda practice, scores: practice)
    chosen = configuration(root, EXACT)
    training, unseen = make_runs(chosen.weather, chosen.simulation)
    assert [run.water is not None for run in training] == [False, False, True]
    assert [run.rainfed for run in unseen] == [None, 0]
    for run, twin in ((training[2], training[training[2].rainfed or 0]), (unseen[1], unseen[0])):
        assert run.water is not None
        expected = irrigation_mm(IrrigationHabit(type="habit", mm=25, depletion=0.4), run.dates, twin.precipitation,
                                 twin.pet, 120.0, usual_season(run.latitude))
        np.testing.assert_allclose(run.water, expected)
        assert run.water.sum() > 100 and run.precipitation is twin.precipitation
    rainfed, _ = make_runs(chosen.weather, configuration(root, None).simulation)
    assert [run.name for run in rainfed] == [run.name for run in training[:2]]


def test_labels_are_those_of_the_simulated_field(runs: list[WeatherRun], table: ColumnTable) -> None:
    kinds = np.repeat(np.arange(len(GROUPS)), len(TEXTURES))
    columns = Columns(np.tile(TEXTURES, (len(GROUPS), 1)).astype(float), kinds, np.zeros(len(kinds), bool),
                      np.zeros(len(kinds), np.int64), np.array([-96.0]), np.array([runs[0].latitude]))
    best = np.zeros((1, len(uncertainty.PARAMETERS)))
    best[0, uncertainty.PARAMETERS.index("rain")] = 0.5 * uncertainty.SPREAD_RAIN  # a factor of 1
    for number, run in enumerate(runs):
        given = [] if run.water is None else [
            Application(date=day.item(), mm=float(mm)) for day, mm in zip(run.dates, run.water, strict=True) if mm > 0]
        land = land_of(columns, run.dates, run.forcing())
        soils = uncertainty.soils(columns.textures, best)
        water, watered = water_given(IrrigationLog(type="log", applications=given), columns, land, best, soils[0])
        of_member = land.of_members(best)
        batch = MemberBatch(np.zeros(1, np.int64), "free", soils[0], of_member.roots_cm[land.unit], land.unit, watered,
                            LAND_SETTINGS)
        field = batch.simulate(Driving.of(of_member, water), simulated_depths_cm())
        np.testing.assert_allclose(table.theta[number].reshape(field.theta.shape), field.theta, atol=2e-5)


def test_the_water_reaches_inputs_and_labels_alike(runs: list[WeatherRun], table: ColumnTable) -> None:
    number, run = len(runs) - 1, runs[-1]
    twin = run.rainfed
    assert twin is not None and run.water is not None
    day = int(np.flatnonzero(run.water)[-1])
    wetter = table.theta[number] - table.theta[twin]
    first = int(np.flatnonzero(run.water)[0])
    assert np.abs(wetter[..., :first]).max() < 1e-6
    assert wetter[:5, :, :, day].mean() > 0.02  # a wetland is wet without it
    maker = PatchMaker(table, 20, configuration_channels(), 50, np.ones(table.dates.shape, bool), {})
    together = runs[twin].precipitation + run.water
    stores = memory(together[:, None], run.pet[:, None], run.temperature[:, None])
    np.testing.assert_allclose(maker.features["precipitation"][number], together)
    np.testing.assert_allclose(maker.features["precipitation_7d"][number, day], together[day - 6:day + 1].sum(),
                               rtol=1e-5)
    for name in BUCKETS_MM:
        np.testing.assert_allclose(maker.features[name][number], stores[name][:, 0])
    assert (maker.lai[number] == maker.lai[twin]).all()  # leaves follow the climate of the land around


def configuration_channels() -> tuple[str, ...]:
    return (*(name for name in CHANNELS if name in ("sand", "precipitation", "precipitation_7d")), *MEMORY)


def test_a_smap_cell_over_a_watered_field_is_mostly_the_land_around(
        root: Path, runs: list[WeatherRun], table: ColumnTable) -> None:
    full = simulate(runs, np.array([[0, 0, 100], [0, 100, 0], [100, 0, 0], [50, 50, 0], [50, 0, 50], [0, 50, 50]],
                                   np.float32), 0)
    day = int(np.flatnonzero(runs[-1].water)[-1])  # type: ignore[arg-type]
    only = np.zeros(full.dates.shape, bool)
    only[-1, day] = True
    channels = configuration(root, EXACT, 5).channels
    smap = channels.index("smap")

    def shown(table: ColumnTable) -> float:
        maker = PatchMaker(table, 5, channels, 50, only, {})
        return float(maker.draw((0, 1), 64, 16).x[:, smap].mean())

    dry = replace(full, runs=[*runs[:-1], replace(runs[-1], rainfed=None)])
    assert shown(full) < shown(dry) - 0.02  # of 0.6 m3/m3


@pytest.mark.parametrize(("wrong", "words"), [
    ({"share": 0.5, "amount": 3}, "amount: is not a setting"), ({"share": 0}, "greater than 0"),
    ({"share": 0.5, "mm": [60, 10]}, "smallest and the largest"), ({"share": 0.5, "mm": [10, 900]}, "300"),
    ({"share": 0.5, "depletion": [0.2, 1.5]}, "0.95"),
])
def test_a_wrong_habit_names_the_field(root: Path, wrong: dict, words: str) -> None:
    with pytest.raises(DeepSoilError, match=words) as caught:
        configuration(root, wrong)
    assert str(caught.value.field).startswith("simulation.irrigation")
