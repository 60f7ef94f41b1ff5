"""Texts and small decisions of the screens, at the limits where they change."""

from __future__ import annotations

import datetime as dt

import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
)
from summaries import OUTPUT, away, summary

from deepsoil_plugin import depths
from deepsoil_plugin.hosts import validation
from deepsoil_plugin.jobs import details_text, status_text
from deepsoil_plugin.map import area, looks, style, temporal
from deepsoil_plugin.text import dates, formatting

pytestmark = pytest.mark.usefixtures("english")


@pytest.mark.parametrize(("seconds", "text"), [
    (0, "about 1 second"), (1.4, "about 1 second"), (1.6, "about 2 seconds"), (7.1, "about 8 seconds"),
    (12, "about 10 seconds"), (13, "about 15 seconds"), (54.9, "about 50 seconds"), (55, "about 1 minute"),
    (89, "about 1 minute"), (91, "about 2 minutes"), (89.4 * 60, "about 89 minutes"), (89.6 * 60, "about 1 hour"),
    (7200, "about 2 hours"), (5.6 * 3600, "about 6 hours")])
def test_how_long_it_will_take(seconds: float, text: str) -> None:
    assert formatting.duration_text(seconds) == text


@pytest.mark.parametrize(("seconds", "text"), [
    (0, "1 s left"), (59.4, "59 s left"), (60, "1 min left"), (150, "2 min left"), (5399, "90 min left"),
    (5400, "2 h left"), (10 * 3600, "10 h left")])
def test_how_much_is_left(seconds: float, text: str) -> None:
    assert formatting.left_text(seconds) == text


@pytest.mark.parametrize(("count", "text"), [
    (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (1_250_000, "1.2 MB"), (999_999_999, "1000.0 MB"), (2.5e9, "2.5 GB")])
def test_sizes(count: float, text: str) -> None:
    assert formatting.size_text(count).replace(",", "") in (text, text.replace("1.2", "1.3"))


@pytest.mark.parametrize(("hectares", "text"), [
    (0.5, "0.50 ha · 1.24 ac"), (1, "1.0 ha · 2.5 ac"), (64.2, "64.2 ha · 158.6 ac"),
    (10_000, "10000 ha · 24711 ac")])
def test_areas(hectares: float, text: str) -> None:
    assert formatting.area_text(hectares).replace(",", "") == text


@pytest.mark.parametrize(("first", "last", "text"), [
    ("2023-07-15", "2023-07-15", "15 Jul 2023"), ("2023-08-01", "2023-08-31", "1 – 31 Aug 2023"),
    ("2023-07-15", "2023-08-31", "15 Jul – 31 Aug 2023"), ("2023-12-20", "2024-01-04", "20 Dec 2023 – 4 Jan 2024"),
    ("2022-08-01", "2023-08-31", "1 Aug 2022 – 31 Aug 2023")])
def test_periods(first: str, last: str, text: str) -> None:
    assert dates.period_text(dt.date.fromisoformat(first), dt.date.fromisoformat(last)) == text


def test_the_days_of_a_job_are_those_asked_for_else_those_of_its_outputs() -> None:
    asked = summary(1)
    assert dates.dates_of(asked) == (dt.date(2023, 7, 15), dt.date(2023, 7, 15))
    made = {"outputs": [{"date": "2023-07-03"}, {"date": "2023-07-01"}, {"date": None}, {"date": "2023-07-02"}]}
    assert dates.dates_of(made) == (dt.date(2023, 7, 1), dt.date(2023, 7, 3))
    assert dates.dates_of({}) is None
    assert dates.group_name(asked, True) == "Field 1 · 15 Jul 2023 · synthetic"
    assert dates.group_name({}, False) == "Soil moisture"
    assert dates.layer_name("5", dt.date(2023, 7, 1), True) == "5 cm · 1 Jul 2023"
    assert dates.layer_name("5", dt.date(2023, 7, 1), False) == "Soil moisture 5 cm"
    assert formatting.time_text("no time") == "" and formatting.time_text(None) == ""
    assert formatting.time_text("2023-07-15T10:05:00Z").startswith("15 Jul 2023 ")


# ---- a job's second line

@pytest.mark.parametrize(("job", "text"), [
    (summary(state="running", progress=0.404, seconds_left=90), "40 % · 2 min left"),
    (summary(state="running", progress=None, message="5 cm"), "0 % · 5 cm"),
    (summary(state="queued"), "waiting"),
    (summary(state="queued", message="Slurm is busy"), "Slurm is busy"),
    (summary(state="queued", message="GPU is busy"), "GPU is busy"),
    (away(progress=0.5, tasks={"total": 19, "succeeded": 7}), "Hydra: running, 7 of 19 done · 50 %"),
    (away(progress=0.5, tasks={"total": 1, "succeeded": 0}), "Hydra: running · 50 %"),
    (away(progress=0.5, tasks={"total": 2, "succeeded": 1, "failed": 1}),
     "Hydra: running, 1 of 2 done, 1 failed · 50 %"),
    (away(progress=0.5, message="Merging", tasks={"total": 9}), "Hydra: merging · 50 %"),
    (away(knowledge="unreachable", progress=0.2), "Hydra: host not reachable; last known state: running · 20 %"),
    (away(knowledge="unknown"), "Hydra: the scheduler no longer lists this job"),
    (away(knowledge="sending", state="queued"), "Hydra: not sent yet; will be sent as soon as the host answers"),
    (summary(state="cancelled", outputs=[OUTPUT, OUTPUT]), "Cancelled. 2 finished results kept"),
    (summary(state="cancelled"), "Cancelled"),
    (away(state="succeeded", outputs=[{"name": "a", "size": 1500}, {"name": "b", "size": 500}, {**OUTPUT}]),
     "Hydra: done; results not downloaded yet (2.0 kB)"),
    (away(state="succeeded", retrieval={"state": "running", "bytes": 250, "total": 1000}),
     "Hydra: downloading 1.0 kB: 25 %"),
    (away(state="succeeded", retrieval={"state": "running", "bytes": 0, "total": 0}), "Hydra: downloading 0 B: 0 %")])
def test_the_status_of_a_job(job: dict, text: str) -> None:
    assert status_text.status_text(job).partition(" · 15 Jul")[0] == text


def test_what_a_job_is_and_where_its_results_lie() -> None:
    words = {"queued": "waiting", "running": "running", "succeeded": "done", "failed": "failed",
             "cancelled": "cancelled", "x": "x"}
    assert {word: status_text.state_word(word) for word in words} == words
    assert status_text.depths_text({"specification": {"depths_cm": [20, 5]}}) == "5 · 20 cm"
    assert status_text.depths_text({}) == "" and status_text.about_text({"kind": "train"}) == "training"
    assert status_text.about_text(summary()) == "15 Jul 2023\u20035 · 20 cm"
    there = {"name": "sub/b.tif", "size": 7}
    here = {"path": "/jobs/x/outputs/sub/a.tif", "name": "sub/a.tif", "kind": "table", "size": 3}
    assert status_text.outputs_folder({"outputs": [there, here]}) == "/jobs/x/outputs"
    assert status_text.outputs_folder({"outputs": [there]}) == ""
    assert status_text.not_here({"outputs": [there, here]}) == [there]
    assert status_text.maps_here({"outputs": [here, OUTPUT, {**OUTPUT, "path": ""}]}) == [OUTPUT]
    assert status_text.missing_bytes({"outputs": [there, here, there]}) == 14
    assert status_text.is_certain(summary()) and status_text.is_certain(away())
    assert not status_text.is_certain(away(knowledge="unknown"))
    assert status_text.is_certain(away(state="failed", knowledge="unknown"))


def test_the_end_of_a_job_in_one_line() -> None:
    assert status_text.end_text(summary(1)) == "Ready: Field 1."
    assert status_text.end_text(away(1, "succeeded", outputs=[{"name": "a"}])) == "Ready on Hydra: Field 1."
    assert status_text.end_text(away(1, "succeeded", outputs=[OUTPUT])) == "Ready: Field 1."
    assert status_text.end_text(away(1, "succeeded", kind="train")) == "Training of Field 1 on Hydra is finished."
    failed = summary(1, "failed", reason={"code": "x", "message": "No weather.", "hint": "Choose another day."})
    assert status_text.end_text(failed) == "Field 1 failed. No weather. Choose another day."
    for length, short in ((100 - len("Field 1 failed. "), False), (101 - len("Field 1 failed. "), True)):
        failed["reason"] = {"code": "x", "message": "w" * length}
        assert ("See the reason" in status_text.end_text(failed)) == short


def test_everything_about_a_job() -> None:
    job = away(1, "failed", reason={"code": "no_weather", "message": "No weather."}, machine="n7", folder="/jobs/1",
               tasks={"total": 3, "waiting": 0, "running": 1, "succeeded": 1, "failed": 1},
               scheduler={"name": "Slurm", "ids": [5, 6]}, outputs=[{"name": "a.tif", "size": 10}, OUTPUT],
               knowledge="unknown", since="2023-07-15T10:00:00Z")
    job["specification"] |= {"region": "sample", "models": {"20": "b", "5": "a"},
                             "resources": {"scheduler": "slurm", "cpus": 4, "gpus": None}}
    lines = details_text.details_text(job).splitlines()
    for line in ("Where: Hydra", "Region: sample", "Model for 5 cm: a", "Model for 20 cm: b", "(no_weather)",
                 "Tasks: 3 (0 waiting, 1 running, 1 done, 1 failed)", "Scheduler: Slurm, jobs 5, 6",
                 "Resources requested: cpus 4", "  a.tif  (10 B)  not downloaded yet", "  /nowhere/a.tif  (10 B)",
                 "Computer: n7", "Folder: /jobs/1"):
        assert line in lines, line
    assert lines.index("Model for 5 cm: a") < lines.index("Model for 20 cm: b")
    assert any(line.startswith("Last contact: 15 Jul") for line in lines)
    assert not any(line.startswith("Last contact") for line in details_text.details_text(away()).splitlines())


# ---- hosts

def test_an_id_is_short_plain_and_not_taken() -> None:
    assert validation.host_id("Très grande #2", ()) == "tres-grande-2"
    assert validation.host_id("Hydra", ()) == "hydra" and validation.host_id("Hydra", ("hydra",)) == "hydra-2"
    assert validation.host_id("Hydra", ("hydra", "hydra-2")) == "hydra-3" and validation.host_id("水", ()) == "host"
    assert validation.host_id("local", ()) == "local-2" and len(validation.host_id("x" * 90, ())) == 40


@pytest.mark.parametrize(("change", "field", "missing"), [
    ({}, None, False), ({"address": ""}, "address", True), ({"address": "a@b"}, "address", False),
    ({"address": "a b"}, "address", False), ({"title": ""}, "title", True), ({"title": "TITAN"}, "title", False),
    ({"authentication": "key", "key_file": ""}, "key_file", True),
    ({"authentication": "key", "key_file": "/k"}, None, False), ({"home": "relative"}, "home", False)])
def test_the_first_thing_that_is_wrong_with_a_host(change: dict, field: str | None, missing: bool) -> None:
    host = {**validation.new_host(), "title": "Hydra", "address": "hydra.example.org", **change}
    found = validation.problem(host, ["Titan"])
    assert (found and (found.field, found.missing)) == (field and (field, missing))


# ---- the map

def square(west: float, south: float, size: float) -> QgsGeometry:
    return QgsGeometry.fromRect(QgsRectangle(west, south, west + size, south + size))


def same() -> QgsCoordinateTransform:
    return QgsCoordinateTransform(area.wgs84(), area.wgs84(), QgsProject.instance())


def test_an_area_has_its_true_size_and_seven_digits(qgis_app: object) -> None:
    found = area.geojson_from(square(0, 0, 1), same())
    assert area.hectares(found) == pytest.approx(1_230_877.8, rel=1e-4)
    assert found["type"] == "Polygon" and max(map(max, found["coordinates"][0])) == 1.0
    digits = area.geojson_from(square(1 / 3, 1 / 3, 0.1), same())["coordinates"][0][0][0]
    assert digits == 0.3333333
    metres = QgsCoordinateTransform(QgsCoordinateReferenceSystem("EPSG:3857"), area.wgs84(), QgsProject.instance())
    moved = area.geojson_from(square(0, 0, 111_319.490793), metres)
    assert max(p[0] for p in moved["coordinates"][0]) == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize(("geometry", "words"), [
    (QgsGeometry(), "empty"), (square(-100, 0, 181), "180°"),
    (QgsGeometry.fromPolygonXY([[QgsPointXY(0, 0), QgsPointXY(1, 1), QgsPointXY(2, 2)]]), "no size"),
    (QgsGeometry.fromPolygonXY([[QgsPointXY(0, 0), QgsPointXY(1, 1), QgsPointXY(1, 0), QgsPointXY(0, 1)]]), "crosses")])
def test_what_is_no_area_is_refused(qgis_app: object, geometry: QgsGeometry, words: str) -> None:
    with pytest.raises(area.AreaError, match=words):
        area.geojson_from(geometry, same())


def test_an_outline_crosses_itself_where_it_does(qgis_app: object) -> None:
    bow = QgsGeometry.fromPolygonXY([[QgsPointXY(0, 0), QgsPointXY(1, 1), QgsPointXY(1, 0), QgsPointXY(0, 1)]])
    found = area.crossing_of(bow)
    assert found is not None and found.asPoint() == QgsPointXY(0.5, 0.5) and not area.is_flat(bow)
    assert area.crossing_of(square(0, 0, 1)) is None


def test_the_scale_of_colours_is_fixed() -> None:
    assert (style.SOIL_MOISTURE.stops[0][0], style.SOIL_MOISTURE.stops[-1][0]) == (0.05, 0.45)
    values = [value for value, _ in style.SOIL_MOISTURE.stops]
    assert values == pytest.approx([0.05 * number for number in range(1, 10)])
    assert len({colour for _, colour in style.SOIL_MOISTURE.stops} | {looks.DRIER, looks.WETTER}) == 11


def test_a_day_is_a_utc_day_from_midnight_to_the_next_which_is_not_in_it(qgis_app: object) -> None:
    found = temporal.days_range(dt.date(2023, 7, 15), dt.date(2023, 7, 16))
    assert found.begin().toString("yyyy-MM-ddTHH:mm") == "2023-07-15T00:00"
    assert found.end().toString("yyyy-MM-ddTHH:mm") == "2023-07-17T00:00"
    assert found.includeBeginning() and not found.includeEnd()
    assert found.contains(temporal.utc_midnight(dt.date(2023, 7, 15)))
    assert not found.contains(temporal.utc_midnight(dt.date(2023, 7, 17)))


def test_depths_are_told_apart() -> None:
    assert depths.depths_cm() == (5, 20) and depths.list_text() == "5 or 20 cm"
    assert depths.shade(5) == 0.0 and depths.shade(20) == pytest.approx(0.55)
    assert depths.known_models({"5": "a", "20": "b", "40": "c", "5 ": "d"}) == {"5": "a", "20": "b"}
    assert depths.known_models({"20": 7}) == {}
    assert [depth.marker for depth in depths.DEPTHS] == ["o", "s"]
    assert depths.depth_title(depths.DEPTHS[1]) == "20 cm, root zone"
