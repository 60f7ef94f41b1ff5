"""Regions are remembered for all processes; an area finds the one that covers it; stations are told as stored."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.specification import parse_specification
from deepsoil.contract.version import SCHEMA
from deepsoil.grid import Window
from deepsoil.inputs import coverage
from deepsoil.jobs.folder import JobFolder
from deepsoil.regions import Regions
from deepsoil.service.jobs import Jobs
from deepsoil.service.region_removal import remove_region
from deepsoil.service.stations import observations, station_features
from deepsoil.stations.screened import screened_stations
from deepsoil.store.store import Stations, Store
from deepsoil.store.writer import StoreWriter
from job_tools import Service

WINDOW = Window(241664, 399872, 512, 512)
DAYS = [date(2023, 1, 1) + timedelta(days=n) for n in range(40)]


def build(path: Path, window: Window = WINDOW, name: str = "field") -> Store:
    west, south, east, north = window.bounds_lonlat
    longitudes, latitudes = [west, (west + east) / 2, east], [north, south]
    store = StoreWriter.create(path, name=name, title=name.title(), window=window, synthetic=True)
    for channel in ("sand", "silt", "clay", "elevation"):
        store.write_static(channel, np.full(window.shape, 30.0, np.float32), "a test")
    fields = np.arange(40 * 2 * 3, dtype=np.float32).reshape(40, 2, 3)
    for channel in ("precipitation", "temperature", "vpd", "pet"):
        store.write_coarse(channel, DAYS, longitudes, latitudes, fields, "a test")
    theta = np.array([[[0.1, np.nan, 0.3], [np.nan] * 3], [[0.2] * 3, [0.25] * 3]], np.float32)
    store.write_stations(Stations(["a", "b"], ["A", "B"], ["N", "N"], np.array([east, west]), np.array([south, north]),
                                  np.array([5.0, 20.0]), np.array(DAYS[10:13], "datetime64[D]"), theta))
    return coverage.finish(store)


def box(window: Window) -> dict[str, Any]:
    west, south, east, north = window.bounds_lonlat
    return {"type": "Polygon", "coordinates": [[[west, south], [east, south], [east, north], [west, north],
                                                [west, south]]]}


INSIDE = box(WINDOW.pad(-50))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return build(tmp_path_factory.mktemp("stores") / "field")


def test_many_that_add_at_once_lose_nothing_and_double_nothing(tmp_path: Path, store: Store) -> None:
    copies = [shutil.copytree(store.path, tmp_path / f"copy{n}") for n in range(4)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda path: Regions(tmp_path / "home").add(path), copies * 4))
    listed = Regions(tmp_path / "home").list()
    assert {region["id"] for region in listed} == {"field", "field-2", "field-3", "field-4"}
    assert {Path(region["path"]) for region in listed} == set(copies)


def test_the_service_tells_a_region_and_the_one_that_is_gone(tmp_path: Path, store: Store) -> None:
    moved = shutil.copytree(store.path, tmp_path / "moved")
    with Service(tmp_path) as service:
        added = service.call("add_region", path=str(store.path))
        assert added["problem"] is None
        assert (added["id"], added["name"], added["synthetic"], added["stations"]) == ("field", "Field", True, 2)
        assert (added["first_date"], added["last_date"]) == ("2023-01-30", "2023-02-09")
        assert "precipitation" in added["channels"]
        service.call("add_region", path=str(moved))
        shutil.rmtree(moved)
        first, second = service.call("regions")
        assert first == added
        assert second["problem"]["code"] == "store_missing" and second["footprint"] is None
        assert service.error("add_region", path=str(moved))["code"] == "store_missing"
        (tmp_path / "regions.json").write_text("{")
        assert service.error("regions")["code"] == "regions_damaged"


def test_an_area_finds_its_region_or_is_told_why_not(tmp_path: Path, store: Store) -> None:
    regions = Regions(tmp_path)

    def code(area: dict[str, Any]) -> str:
        with pytest.raises(DeepSoilError) as caught:
            regions.covering(area)
        return caught.value.code

    assert code(INSIDE) == "no_regions"
    regions.add(store.path)
    assert regions.covering(INSIDE) == "field"
    assert regions.covering(box(WINDOW.pad(-3))) == "field"
    assert regions.covering(box(Window(WINDOW.right - 20, WINDOW.row, 40, 40))) == "field"
    assert code(box(Window(WINDOW.right + 20, WINDOW.row, 40, 40))) == "area_outside"
    regions.add(build(tmp_path / "other", name="Other one").path)
    assert code(INSIDE) == "region_ambiguous"
    regions.add(build(tmp_path / "east", Window(WINDOW.right, WINDOW.row, 512, 512), name="East").path)
    assert regions.covering(box(Window(WINDOW.right - 10, WINDOW.row, 40, 40))) == "east"
    with pytest.raises(DeepSoilError, match="field, other-one, east"):
        regions.get("nowhere")


def test_a_station_shows_the_days_that_the_scores_use_and_names_the_others(tmp_path: Path) -> None:
    """The panel compares predictions with these values, and its baselines come from the same ones."""
    store = build(tmp_path / "field")
    raw = store.stations()
    broken = raw.theta.copy()
    broken[1, 0, 1] = 0.9
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Store, "stations", lambda self: replace(raw, theta=broken))
        told = observations(store, "b", "2023-01-10", "2023-01-14")
        screened, _ = screened_stations(store)
    assert told["depths"]["5"] == [None, 0.2, None, 0.2, None] and np.isnan(screened.theta[1, 0, 1])
    assert told["rejected"] == {"5": [{"date": "2023-01-12", "value": 0.9, "reason": "unphysical"}], "20": []}


def test_stations_and_their_observations_are_told_as_stored(store: Store) -> None:
    features = station_features(store)["features"]
    assert [feature["properties"] for feature in features] == [
        {"id": "a", "name": "A", "network": "N", "depths_cm": [5], "first_date": "2023-01-11",
         "last_date": "2023-01-13"},
        {"id": "b", "name": "B", "network": "N", "depths_cm": [5, 20], "first_date": "2023-01-11",
         "last_date": "2023-01-13"}]
    told = observations(store, "a", "2023-01-10", "2023-01-14")
    assert told["dates"] == [f"2023-01-{day}" for day in range(10, 15)]
    assert told["depths"] == {"5": [None, 0.1, None, 0.3, None], "20": [None] * 5}
    # The south-eastern cell of the day of the year n holds 6 n + 5.
    assert told["precipitation"] == [6 * n + 5 for n in range(9, 14)]
    assert observations(store, "b", "2023-01-10", "2023-01-10")["precipitation"] == [6 * 9]
    assert observations(store, "b", "2024-01-10", "2024-01-10")["precipitation"] == [None]
    for arguments, field in ((("c", "2023-01-10", "2023-01-14"), "station"), (("a", "x", "2023-01-14"), "start"),
                             (("a", "2023-01-15", "2023-01-14"), "end")):
        with pytest.raises(DeepSoilError) as caught:
            observations(store, *arguments)
        assert caught.value.field == field


def test_a_region_is_forgotten_and_only_what_was_made_here_is_deleted(tmp_path: Path, store: Store) -> None:
    mine = shutil.copytree(store.path, tmp_path / "mine")
    made = shutil.copytree(store.path, tmp_path / "home" / "regions-data" / "46-n" / "store").parent
    (made / "recipe.yaml").write_text("sources: {}\n")
    with Service(tmp_path / "home") as service:
        own, gathered = (service.call("add_region", path=str(path))["id"] for path in (mine, made / "store"))
        assert service.error("remove_region", region=own, files=True)["code"] == "region_not_made_here"
        assert service.call("remove_region", region=own) == {"deleted": None}
        assert (mine / "zarr.json").is_file(), "a region that is only forgotten keeps its files"
        assert [one["id"] for one in service.call("regions")] == [gathered]
        assert service.call("remove_region", region=gathered, files=True) == {"deleted": str(made)}
        assert service.call("regions") == [] and list(made.parent.iterdir()) == []
        assert service.error("remove_region", region=gathered)["code"] == "region_unknown"


def test_a_region_of_a_job_that_runs_and_a_folder_with_two_regions_stay(tmp_path: Path, store: Store) -> None:
    home = tmp_path / "home"
    one, other = (shutil.copytree(store.path, home / "regions-data" / "46-n" / name) for name in ("store", "other"))
    regions, jobs = Regions(home), Jobs(home, lambda: None)  # type: ignore[arg-type, return-value]
    ids = [regions.add(path)["id"] for path in (one, other)]
    with pytest.raises(DeepSoilError) as caught:
        remove_region(home, regions, jobs, ids[0], files=True)
    assert caught.value.code == "region_in_use" and str(other) in str(caught.value)
    document = {"schema": SCHEMA, "id": "a" * 32, "kind": "simulate", "name": "Labels", "region": ids[0],
                "dates": {"start": "2023-01-05", "end": "2023-01-06"}}
    job, _ = JobFolder.create(jobs.path, parse_specification(document))
    with pytest.raises(DeepSoilError, match="Labels") as caught:
        remove_region(home, regions, jobs, ids[0], files=False)
    assert caught.value.code == "region_in_use" and len(regions.list()) == 2
    assert remove_region(home, regions, jobs, ids[1], files=False) == {"deleted": None}
    job.finish("cancelled", "")
    assert remove_region(home, regions, jobs, ids[0], files=True)["deleted"] == str(one.parent)
    assert not one.exists()
