"""Labels beside their simulation: plan, the paper's sample, weather with gaps, bad input, the command and the job."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from deepsoil.cli import main
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.specification import parse_specification
from deepsoil.inputs import coverage
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.kind import Context
from deepsoil.jobs.runner import run as run_job
from deepsoil.kinds.registry import find_kind
from deepsoil.labels.column_weather import read_weather
from deepsoil.labels.cost_estimate import estimate_cost
from deepsoil.labels.label_reader import Labels
from deepsoil.labels.sampled_pixels import choose
from deepsoil.labels.settings import LabelSettings
from deepsoil.labels.simulate import find, simulate
from deepsoil.regions import Regions
from deepsoil.store.store import Store
from deepsoil.store.writer import StoreWriter
from job_tools import document
from labels_tools import DATES, HERE, SPINUP_DAYS, WATER, labelled, make, maps, weather

SETTINGS = LabelSettings(spinup_days=SPINUP_DAYS)
NEW_YEARS_EVE, NEW_YEAR = np.datetime64("2022-12-31").item(), np.datetime64("2023-01-01").item()


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("blank") / "store").path


@pytest.fixture
def store(blank: Path, tmp_path: Path) -> Store:
    """A store of one's own, without labels."""
    return Store.open(shutil.copytree(blank, tmp_path / "store"))


def test_the_plan_counts_what_a_run_simulates_and_costs_grow_with_it(store: Store) -> None:
    planned = estimate_cost(store, SETTINGS)
    assert planned.here.columns == simulate(store, SETTINGS).columns
    assert planned.pixels.labelled == Labels.open(store).attributes["pixels"]["labelled"] and planned.elsewhere is None
    assert planned.here.seconds == pytest.approx(
        planned.us_per_column_day * 1e-6 * planned.here.columns * (DATES.size + SPINUP_DAYS))
    stored = sum(file.stat().st_size for file in (store.path / "labels" / "theta" / "c").rglob("*") if file.is_file())
    values = 2 * planned.here.columns * DATES.size
    assert planned.bytes_per_value * values == pytest.approx(stored, rel=0.35)  # the files have an index beside
    state = estimate_cost(store, SETTINGS, cells=1000, days=731).elsewhere
    assert state is not None and state.days == 731 and state.costs.columns == round(1000 * state.columns_per_cell)
    assert state.whole_cells == 9 and state.columns_per_cell == pytest.approx(planned.here.columns / 9)
    assert state.pixels == pytest.approx(1000 * 512**2 / 9, rel=0.01)
    again = estimate_cost(store, SETTINGS, pixels=state.pixels, days=731).elsewhere
    assert again is not None and again.cells == 1000


def test_a_store_with_a_single_weather_cell_is_labelled(tmp_path: Path) -> None:
    store = make(tmp_path / "store", cells=1)
    ground, _ = find(store, SETTINGS)
    assert len(ground.columns) == len(ground.units) == simulate(store, SETTINGS).columns
    theta = Labels.open(store).theta(20.0, NEW_YEAR, HERE)
    np.testing.assert_array_equal(np.isfinite(theta), labelled())
    for units in (theta[:256, :64][labelled()[:256, :64]], theta[256:400, 320:384]):
        assert np.ptp(units[units > 0]) < 1e-6, "one soil and one weather: one value"


def test_the_sample_is_a_mask_of_its_year_and_every_label_stays(store: Store) -> None:
    simulate(store, SETTINGS)
    labels = Labels.open(store)
    before = labels.theta(5.0, NEW_YEAR, HERE)
    with pytest.raises(DeepSoilError, match=r"No pixels .* sampled for 2023") as missing:
        labels.theta(5.0, NEW_YEAR, HERE, sampled=True)
    assert missing.value.code == "sample_missing"
    choose(labels, 70, 2022)
    choose(labels, 50, 2023)
    first = labels.sampled(2023, HERE)
    assert labels.sampled_years == (2022, 2023)
    assert first.sum() == 50 and labels.sampled(2022, HERE).sum() == 70 and not first[~labelled()].any()
    seen = labels.theta(5.0, NEW_YEAR, HERE, sampled=True)
    np.testing.assert_array_equal(np.isfinite(seen), first)
    np.testing.assert_array_equal(seen[first], before[first])
    assert np.isfinite(labels.theta(5.0, NEW_YEARS_EVE, HERE, sampled=True)).sum() == 70
    np.testing.assert_array_equal(labels.theta(5.0, NEW_YEAR, HERE), before)
    # the points come from all strata of land cover and climate
    assert all(first[part].any() for part in (np.s_[:200], np.s_[200:], np.s_[:, :64], np.s_[:, 64:128]))
    choose(labels, 50, 2023, seed=1)
    second = labels.sampled(2023, HERE)
    assert second.sum() == 50 and (second != first).any()
    choose(labels, 50, 2023)
    np.testing.assert_array_equal(labels.sampled(2023, HERE), first)
    for budget, year, code in ((10**6, 2023, "bad_budget"), (50, 2021, "date_outside")):
        with pytest.raises(DeepSoilError) as error:
            choose(labels, budget, year)
        assert error.value.code == code
    np.testing.assert_array_equal(labels.sampled(2023, HERE), first)


def test_short_gaps_of_weather_are_filled_and_long_ones_named(tmp_path: Path) -> None:
    fields = weather()
    fields["temperature"][10:13, 0, 1] = np.nan
    fields["precipitation"][[20, 21, 40]] = np.nan
    fields["pet"][:, 2, 2] = np.nan  # a cell that never had any
    found = read_weather(make(tmp_path / "short", static={}, coarse=fields))
    assert found.filled == {"precipitation": 27, "pet": 0, "temperature": 3}
    np.testing.assert_array_equal(found.row_of_cell, [*range(8), -1])
    between = np.linspace(fields["temperature"][9, 0, 1], fields["temperature"][13, 0, 1], 5)
    np.testing.assert_allclose(found.forcing.temperature[1, 9:14], between, rtol=1e-5)
    assert (found.forcing.precipitation[:, [20, 21, 40]] == 0).all()
    fields["pet"][30:34, 1, 0] = np.nan
    with pytest.raises(DeepSoilError, match=r"Reference evapo.* 4 days long, from 2022-12-31 to 2023-01-03") as error:
        read_weather(make(tmp_path / "long", static={}, coarse=fields))
    assert error.value.code == "weather_gap"


def test_a_cell_without_weather_leaves_its_pixels_to_its_neighbours(tmp_path: Path) -> None:
    fields = weather()
    fields["pet"][:, 2, 2] = np.nan
    store = make(tmp_path / "store", coarse=fields)
    simulate(store, SETTINGS)
    labels = Labels.open(store)
    theta = labels.theta(20.0, NEW_YEAR, HERE)
    corner = np.zeros((512, 512), bool)
    corner[427:, 427:] = True  # beyond the centre of the last cell there is no other
    np.testing.assert_array_equal(np.isfinite(theta), labelled() & ~corner)
    assert labels.attributes["pixels"]["no_weather"] == corner.sum()
    assert theta[511, 300] == pytest.approx(theta[511, 257], rel=1e-6), "all weight is with the one cell that is left"


def test_channels_on_other_grids_and_other_days_are_brought_together(tmp_path: Path) -> None:
    store = StoreWriter.create(tmp_path / "store", name="grids", title="Grids", window=HERE)
    west, south, east, north = HERE.bounds_lonlat
    lon, lat = np.linspace(west, east, 3), np.linspace(north, south, 3)
    slope = np.broadcast_to(np.array([0.0, 1.0, 2.0]), (DATES.size, 3, 3))
    store.write_coarse("precipitation", DATES, lon, lat, slope, "made up")
    store.write_coarse("temperature", DATES[5:], lon[[0, 2]], lat[[0, 2]], 10 + slope[5:, :2, ::2], "made up")
    store.write_coarse("pet", DATES[:-3], lon[1:2], lat[1:2], slope[3:, 1:2, 1:2], "made up")
    found = read_weather(Store.open(coverage.finish(store).path))
    assert (found.dates[0], found.dates[-1]) == (DATES[5], DATES[-4])
    np.testing.assert_allclose(found.forcing.temperature[:3, 0], [10, 11, 12])
    assert (found.forcing.pet == 1).all()


@pytest.mark.parametrize(("change", "code", "words"), [
    ({"clay": None}, "channel_missing", "no clay"),
    ({"sand": 0.01 * maps()["sand"]}, "bad_texture", "sums to 100"),
    ({"land_cover": np.full((512, 512), 11.0)}, "no_soil", "water or ice"),
])
def test_ground_that_cannot_be_labelled_is_refused(tmp_path: Path, change: dict[str, np.ndarray | None], code: str,
                                                   words: str) -> None:
    static = {name: values for name, values in (maps() | change).items() if values is not None}
    with pytest.raises(DeepSoilError, match=words) as error:
        simulate(make(tmp_path / "store", static=static), SETTINGS)
    assert error.value.code == code


def test_absurd_and_absent_weather_is_refused(tmp_path: Path) -> None:
    fields = weather()
    fields["precipitation"][7, 1, 1] = -9999
    with pytest.raises(DeepSoilError, match=r"series 4 on day 8 .*Day 1 is 2022-12-01"):
        read_weather(make(tmp_path / "absurd", static={}, coarse=fields))
    del fields["pet"]
    with pytest.raises(DeepSoilError, match="no pet") as error:
        read_weather(make(tmp_path / "absent", static={}, coarse=fields))
    assert error.value.code == "channel_missing"


@pytest.mark.parametrize("step", [0, 3, 100])
def test_a_step_that_does_not_divide_a_hundred_is_refused(step: int) -> None:
    with pytest.raises(DeepSoilError, match="divides 100"):
        LabelSettings(step)


def test_the_command_plans_simulates_and_samples(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["simulate", str(store.path), "--fallow", "--texture-step", "20"]
    assert main([*given, "--plan", "--cells", "16000", "--days", "731"]) == 0
    planned = capsys.readouterr().out
    assert "Extrapolated" in planned and "nothing of it was simulated" in planned and "16,000 weather cells" in planned
    assert not (store.path / "labels").exists()
    assert main([*given, "--sample", "300", "--year", "2022"]) == 0
    said = capsys.readouterr().out
    count = re.search(r"([\d,]+) distinct soil columns", planned)
    assert count is not None and f"{count[1]} distinct soil columns, {count[1]} simulated now" in said
    assert "260,344 labelled; not 600 of water or ice, 600 without texture, 600 whose texture does not sum" in said
    assert "0 columns did not converge" in said and "Sample for 2022: 300 of 260,344 candidates" not in said
    assert "Sample for 2022: 300 of 259,744 candidates" in said  # land cover is needed for a stratum
    for wrong in (["--sample", "9"], ["--cells", "3"], ["--shard", "one/two"]):
        assert main([*given, *wrong]) == 2
    assert main(["simulate", str(store.path)]) == 2
    assert "--restart" in capsys.readouterr().err


def test_the_job_labels_a_region_and_stops_when_asked(store: Store, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    regions = Regions(home)
    context = Context(home, regions, None, find_kind)  # type: ignore[arg-type]
    region = regions.add(store.path)["id"]

    def job(**options: object) -> JobFolder:
        wanted = document(kind="simulate", region=region, options={"fallow": True, "threads": 1, **options})
        return JobFolder.create(home / "jobs", parse_specification(wanted), claimed=True)[0]

    stopped = job()
    stopped.request_cancel()
    assert run_job(stopped, lambda: context).state == "cancelled"
    done = job(sample={"pixels": 200, "year": 2023})
    assert run_job(done, lambda: context).state == "succeeded"
    assert "distinct soil columns" in (done.path / "log.jsonl").read_text()
    assert "soil columns" in (done.path / "progress.jsonl").read_text()
    assert Labels.open(store).sampled(2023, HERE).sum() == 200
    assert not Labels.open(store).sampled(2023, HERE)[WATER].any()
    failed = run_job(job(texture_step=10), lambda: context)
    assert failed.state == "failed" and failed.reason is not None and failed.reason["code"] == "labels_differ"


@pytest.mark.parametrize(("change", "field"), [
    ({"options": {}}, "region"),
    ({"region": "a", "options": {"store": "/s"}}, "region"),
    ({"region": "a", "options": {"configuration": "/c"}}, "options.configuration"),
    ({"region": "a", "options": {"shard": "3"}}, "options.shard"),
    ({"region": "a", "options": {"shard": "1/2", "sample": {"pixels": 5, "year": 2023}}}, "options.sample"),
    ({"region": "a", "options": {"sample": {"pixels": 5}}}, "options.sample.year"),
])
def test_a_specification_of_a_simulation_is_checked(change: dict[str, object], field: str) -> None:
    with pytest.raises(DeepSoilError) as error:
        parse_specification(document(kind="simulate", **change))
    assert error.value.field == field
