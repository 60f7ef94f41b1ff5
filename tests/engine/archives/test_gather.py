"""A gathered folder: what it has, where that came from, who stands in for whom, and the region made of it."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely.geometry
from deepsoil.archives import registry
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.specification import parse_specification
from deepsoil.grid import Window
from deepsoil.kinds import gather_folder, gather_planning
from deepsoil.kinds.gather_refreshing import refreshing_of
from deepsoil.kinds.gather_request import gathering_of
from deepsoil.kinds.open_context import open_context
from deepsoil.service.gathering import gather_plan
from deepsoil.store.store import Store
from gather_tools import FIELD, SAND, elevation, environment, gather, job, made_server
from job_tools import until
from made_archives import TODAY, install
from servers.ranges import Fault, RangeServer, page

BOX = shapely.geometry.shape(FIELD)


@pytest.fixture
def server() -> Iterator[RangeServer]:
    with made_server() as server:
        yield server


@pytest.fixture
def planned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`gather_plan` of this process, which knows the made archives only."""
    before, needs = dict(registry.ARCHIVES), dict(registry.NEEDS)
    install(registry.ARCHIVES, registry.NEEDS)
    monkeypatch.setattr(gather_planning, "today", lambda: TODAY)
    context = open_context(tmp_path / "home")
    (tmp_path / "home").mkdir()

    def plan(area: dict[str, Any] = FIELD, start: str | None = None, end: str | None = None,
             **wishes: list[str]) -> dict[str, Any]:
        return gather_plan(context, area, start, end, wishes.get("off"), wishes.get("agreed"))

    yield plan
    for known, old in ((registry.ARCHIVES, before), (registry.NEEDS, needs)):
        known.clear()
        known.update(old)  # type: ignore[arg-type]


def recorded(folder: Path) -> str:
    path = folder / "gathered.json"
    return path.read_text() if path.is_file() else ""


def record(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "gathered.json").read_text())


def square(west: float, south: float, size: float = 0.02, wide: float | None = None) -> dict[str, Any]:
    east, north = west + (wide or size), south + size
    return {"type": "Polygon", "coordinates": [[[west, south], [east, south], [east, north], [west, north],
                                                [west, south]]]}


def test_what_is_gathered_is_a_region_with_what_was_served_and_says_where_it_is_from(server: RangeServer,
                                                                                    tmp_path: Path) -> None:
    done = gather(tmp_path / "home", server, str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    store = Store.open(tmp_path / "out" / "store")
    middle = Window.around(*BOX.bounds)
    longitudes, _ = middle.lonlat_centres()
    expected = np.interp(longitudes, np.linspace(-96.75, -96.45, 300, endpoint=False) + 0.0005, elevation()[0])
    assert np.allclose(store.read_static("elevation", middle), expected, atol=0.4)
    assert np.allclose(store.read_static("sand", middle), SAND)
    rain = store.coarse("precipitation")
    wet = rain.dates.astype(int) % 5 == 0
    assert np.allclose(rain.values[wet], 8) and np.allclose(rain.values[~wet], 0)
    assert [str(day) for day in rain.dates[[0, -1]]] == ["2019-09-11", "2023-09-09"]
    assert rain.days_of("provisional").size == 5
    for name in ("ground", "survey", "sky", "leaves"):
        assert f"Made {name} of nowhere (CC BY 4.0)" in store.attribution
    known = record(tmp_path / "out")
    assert known["served"] == {"elevation": ["ground"], "soil": ["survey"], "weather": ["sky"], "ndvi": ["leaves"]}
    for piece in known["pieces"]:
        for file in piece["files"]:
            content = (tmp_path / "out" / file["name"]).read_bytes()
            assert file["size"] == len(content) and file["sha256"] == hashlib.sha256(content).hexdigest()
        assert piece["address"] == f"{server.address}/{piece['name']}" and piece["licence"] == "CC BY 4.0"
    region = json.loads((tmp_path / "home" / "regions.json").read_text())["regions"][0]
    assert region["id"] in done.stdout
    listed = open_context(tmp_path / "home").regions.list()[0]
    assert listed["gathered"] == str(tmp_path / "out") and listed["attribution"] == store.attribution
    assert listed["last_date"] == "2023-09-09" and shapely.geometry.shape(listed["footprint"]).covers(BOX)


@pytest.mark.parametrize("fault", [Fault(status=404), page()], ids=["404", "a login page"])
def test_another_archive_stands_in_and_the_record_says_why(fault: Fault, server: RangeServer, tmp_path: Path) -> None:
    server.fail("/survey/soil.csv", *[fault] * 40)
    done = gather(tmp_path / "home", server, str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    known = record(tmp_path / "out")
    assert known["served"]["soil"] == ["atlas"]
    failed = known["failed"]
    assert [(one["need"], one["archive"], one["problem"]["code"]) for one in failed] == [
        ("soil", "survey", "archive_failed")]
    assert "The made survey" in failed[0]["problem"]["message"] and "The made survey" in done.stderr
    store = Store.open(tmp_path / "out" / "store")
    assert np.allclose(store.read_static("sand", Window.around(*BOX.bounds)), SAND + 5)
    assert "Made atlas" in store.attribution and "Made survey" not in store.attribution


def test_without_what_maps_do_without_the_region_is_made_and_says_so(server: RangeServer, tmp_path: Path) -> None:
    server.fail("/leaves/2023-07-01.tif", *[Fault(status=404)] * 40)
    done = gather(tmp_path / "home", server, str(tmp_path / "out"))
    assert done.returncode == 0 and "The made leaves" in done.stderr
    assert "ndvi" not in Store.open(tmp_path / "out" / "store").channels()
    assert [one["archive"] for one in record(tmp_path / "out")["failed"]] == ["leaves"]
    assert all(piece["archive"] != "leaves" for piece in record(tmp_path / "out")["pieces"])
    assert not list((tmp_path / "out" / "leaves").glob("*")), "half of an archive is no data"


def test_without_what_maps_need_there_is_one_error_and_what_came_is_kept(server: RangeServer, tmp_path: Path) -> None:
    late = Fault(status=404, first=lambda: until(lambda: "soil.csv" in recorded(tmp_path / "out")))
    server.fail("/ground/elevation.tif", late, *[Fault(status=404)] * 40)
    done = gather(tmp_path / "home", server, str(tmp_path / "out"))
    assert done.returncode == 2 and "Error: The made ground did not give" in done.stderr
    assert "elevation.tif" in done.stderr and "What to do:" in done.stderr
    assert not (tmp_path / "home" / "regions.json").exists()
    server.heal("/ground/elevation.tif")
    sent = {name: server.sent(name) for name in ("/survey/soil.csv",)}
    assert gather(tmp_path / "home", server, str(tmp_path / "out")).returncode == 0
    assert sent == {name: server.sent(name) for name in sent}, "nothing is fetched twice"


def test_the_same_command_again_and_a_second_field_fetch_nothing(server: RangeServer, tmp_path: Path) -> None:
    assert gather(tmp_path / "home", server, str(tmp_path / "out")).returncode == 0
    sent = sum(one.sent for one in server.asked)
    assert gather(tmp_path / "home", server, str(tmp_path / "out")).returncode == 0
    assert sum(one.sent for one in server.asked) == sent
    other = gather(tmp_path / "home", server, str(tmp_path / "other"), "--offline", "--no-ingest")
    assert other.returncode == 0, f"the cache has everything: {other.stderr}"
    assert sum(one.sent for one in server.asked) == sent


def test_offline_without_a_cache_is_one_error(server: RangeServer, tmp_path: Path) -> None:
    done = gather(tmp_path / "home", server, str(tmp_path / "out"), "--offline")
    assert done.returncode == 2 and "offline" in done.stderr and not server.asked


def test_a_plan_asks_nobody_and_names_size_time_and_who(server: RangeServer, planned: Any) -> None:
    plan = planned()
    assert not server.asked and plan["problems"] == [] and plan["covered_by"] is None
    by_name = {one["name"]: one for one in plan["archives"]}
    used = {name: one["used_for"] for name, one in by_name.items()}
    assert used == {"ground": ["elevation"], "survey": ["soil"], "sky": ["weather"], "leaves": ["ndvi"], "owned": [],
                    "atlas": [], "closed": []}
    assert plan["bytes"] == sum(one["bytes"] for one in plan["archives"] if one["used_for"]) > 0
    assert by_name["owned"]["problem"]["code"] == "archive_terms" and not by_name["owned"]["agreed"]
    assert by_name["closed"]["problem"]["code"] == "archive_account" and not by_name["closed"]["has_account"]
    assert [one["need"] for one in plan["without"]] == ["lai"] and by_name["sky"]["last_checked"] is None
    assert (plan["start"], plan["end"]) == ("2020-09-10", "2023-09-10")


def test_agreement_switches_and_accounts_choose_the_archives(planned: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def used(**wishes: list[str]) -> dict[str, list[str]]:
        return {one["name"]: one["used_for"] for one in planned(**wishes)["archives"]}

    assert used(agreed=["owned"])["owned"] == ["soil"]
    assert used(off=["survey"])["atlas"] == ["soil"]
    nothing = planned(off=["survey", "atlas"])
    assert [one["code"] for one in nothing["problems"]] == ["archive_off"]
    monkeypatch.setenv("DEEPSOIL_ACCOUNTS", '{"made": "secret"}')
    assert used()["closed"] == ["lai"]


@pytest.mark.parametrize(("area", "code"), [
    (square(-96.6, 39.08, wide=5.8), "area_too_large"), (square(-99.0, 31.0, size=5.0), "area_too_large")],
    ids=["500 km long", "5 degrees"])
def test_a_huge_area_is_refused_with_its_size(area: dict[str, Any], code: str, planned: Any) -> None:
    with pytest.raises(DeepSoilError) as caught:
        planned(area)
    assert caught.value.code == code and "km by" in caught.value.message and "100 km" in caught.value.message


@pytest.mark.parametrize(("start", "end", "field"), [("2023-08-01", "2023-09-18", "dates.end"),
                                                     ("2023-09-11", "2023-09-12", "dates.start")])
def test_days_beyond_the_outlook_are_refused(start: str, end: str, field: str, planned: Any) -> None:
    problem = planned(FIELD, start, end)["problems"][0]
    assert (problem["code"], problem["field"]) == ("date_outside", field) and "2023-09-17" in problem["message"]
    assert planned(FIELD, "2023-08-01", "2023-09-17")["problems"] == []


def test_a_place_that_an_archive_does_not_have_is_a_problem_that_names_it(planned: Any) -> None:
    plan = planned(square(-130.0, 40.0))
    assert {one["code"] for one in plan["problems"]} == {"archive_outside"}
    assert "The made ground" in plan["problems"][0]["message"]


def test_the_box_is_the_field_with_the_reach_of_the_networks_in_whole_tiles(planned: Any) -> None:
    from deepsoil.grid import TILE

    seen: list[Window] = []
    real = registry.ARCHIVES["ground"].plan

    def plan(ask: Any) -> Any:
        west, south, east, north = ask.bounds
        seen.append(Window.around(west + 1e-9, south + 1e-9, east - 1e-9, north - 1e-9))
        return real(ask)

    registry.ARCHIVES["ground"].plan = plan  # type: ignore[method-assign]
    planned()
    field, window = Window.around(*BOX.bounds), seen[0]
    assert window == window.align(TILE)
    halo, multiple = 64, 16  # of the shipped network for 5 cm
    assert window.contains(field.pad(halo))
    assert not window.pad(-TILE).contains(field.pad(halo + multiple)), "nothing more than that, but for whole tiles"


def test_a_folder_of_another_field_or_with_other_files_is_not_touched(server: RangeServer, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.txt").write_text("mine")
    done = gather(tmp_path / "home", server, str(out))
    assert done.returncode == 2 and "other files" in done.stderr and [one.name for one in out.iterdir()
                                                                      if not one.name.startswith(".")] == ["thesis.txt"]
    assert not server.asked


def test_a_disk_that_is_too_small_is_a_problem_before_anything_is_fetched(planned: Any,
                                                                         monkeypatch: pytest.MonkeyPatch) -> None:
    real = shutil.disk_usage
    monkeypatch.setattr(gather_folder.shutil, "disk_usage", lambda path: real(path)._replace(free=10_000_000))
    problem = planned()["problems"][0]
    assert problem["code"] == "disk_full" and "10 MB left" in problem["message"] and problem["hint"]


def test_what_a_folder_has_already_needs_no_space_and_what_prevents_it_is_in_the_plan(
        server: RangeServer, planned: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out, context = tmp_path / "out", open_context(tmp_path / "home")
    assert gather(tmp_path / "home", server, str(out), "--no-ingest").returncode == 0

    def problems(folder: Path, update: bool = False, **changes: Any) -> list[str]:
        request = parse_specification(job(folder, options={"update": update}, **changes))
        return [one.code for one in (refreshing_of if update else gathering_of)(request, context).problems()]

    work = gathering_of(parse_specification(job(out)), context)
    real, none = shutil.disk_usage, gather_folder.shutil.disk_usage(tmp_path)._replace(free=0)
    monkeypatch.setattr(gather_folder.shutil, "disk_usage", lambda path: none)
    full = gather_folder.disk_problem(out, work.plan.ask, [])
    assert full is not None and problems(out) == problems(out, update=True) == ["disk_full"]
    enough = none._replace(free=round(full.values["needed"] * 1e6))  # for the store alone
    monkeypatch.setattr(gather_folder.shutil, "disk_usage", lambda path: enough)
    assert problems(out) == problems(out, update=True) == [] and problems(tmp_path / "new") == ["disk_full"]
    monkeypatch.setattr(gather_folder.shutil, "disk_usage", real)
    assert problems(out, area=square(-96.6, 39.05)) == ["folder_taken"] and problems(tmp_path) == ["folder_taken"]
    assert problems(tmp_path / ("field" * 60)) == ["name_too_long"]
    (out / "gathered.json").write_text("{")
    assert problems(out) == ["gathered_damaged"]


def test_an_agreement_can_be_taken_back_and_is_kept_where_nothing_is_said(server: RangeServer, planned: Any,
                                                                          tmp_path: Path) -> None:
    """Of the region, its update asks whom it was gathered with, unless other wishes are given."""
    out, context = tmp_path / "out", open_context(tmp_path / "home")
    server.serve("/owned/soil.csv", b"sand,silt,clay,bulk_density\n30,40,30,1.0\n")
    done = gather(tmp_path / "home", server, str(out), "--no-ingest", "--agree", "owned", "--off", "leaves")
    assert done.returncode == 0 and record(out)["served"]["soil"] == ["owned"], done.stderr

    def updated(**wishes: list[str]) -> tuple[tuple[str, ...], tuple[str, ...], list[str]]:
        work = refreshing_of(parse_specification(job(out, options={"update": True, **wishes})), context)
        return work.renewed.off, work.renewed.agreed, sorted(work.plan.used_for)

    assert updated() == (("leaves",), ("owned",), ["ground", "owned", "sky"])
    assert updated(agreed=[]) == (("leaves",), (), ["ground", "sky", "survey"])
    assert updated(off=[]) == ((), ("owned",), ["ground", "leaves", "owned", "sky"])


def test_a_gathering_never_runs_on_the_nodes_of_a_cluster(tmp_path: Path) -> None:
    from deepsoil.contract.resources import Resources
    from deepsoil.contract.specification import parse_specification
    from deepsoil.kinds.gather import KIND

    specification = parse_specification(job(tmp_path / "out")).model_copy(
        update={"resources": Resources.model_validate({"scheduler": "slurm"})})
    assert specification.scheduler == "slurm"
    assert KIND.prepare(specification, open_context(tmp_path)).scheduler == "process"


@pytest.mark.parametrize(("corners", "tiles"), [
    ((-97.02, 38.98, 0.04), "a tile corner"), ((-96.01, 42.0, 0.03), "across UTM zones 14 and 15")])
def test_a_field_on_a_corner_or_across_zones_is_planned_as_any_other(corners: tuple[float, float, float], tiles: str,
                                                                     planned: Any) -> None:
    plan = planned(square(*corners))
    assert plan["problems"] == [] and plan["bytes"] > 0, tiles


def test_a_plan_is_made_without_a_network(server: RangeServer, tmp_path: Path) -> None:
    done = gather(tmp_path / "home", server, str(tmp_path / "out"), "--plan")
    assert done.returncode == 0 and "The made survey" in done.stdout and "without Leaf area" in done.stdout
    assert not server.asked and not (tmp_path / "out").exists()
    assert environment(tmp_path / "home", server)["DEEPSOIL_HOME"]
