"""The jobs as Processing algorithms: same specification, progress, cancellation and errors in plain words."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from processing_interfaces import INTERFACES
from products import maps, water_maps
from qgis.core import (
    QgsApplication,
    QgsFeature,
    QgsGeometry,
    QgsLayerNotesUtils,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterDefinition,
    QgsProject,
    QgsVectorLayer,
)

from deepsoil_plugin.processing import engine_run
from deepsoil_plugin.processing.provider import DeepSoilProvider

ENGINE = Path(__file__).with_name("finishing_engine.py")
DAY = {"START": "2023-07-15"}


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Callable[[], list[dict[str, Any]]]]:
    """``engine(end=…, files=…)`` sets the stand-in up; what it returns tells the requests that it got."""
    python, log = tmp_path / "python", tmp_path / "requests.jsonl"
    python.write_text(f"#!/bin/sh\nexec '{sys.executable}' -I '{ENGINE}'\n")
    python.chmod(0o755)

    def make(end: str = "succeeded", files: dict[str, Any] | None = None) -> Callable[[], list[dict[str, Any]]]:
        monkeypatch.setenv("DEEPSOIL_ENGINE_PYTHON", str(python))
        monkeypatch.setenv("DEEPSOIL_FAKE_END", end)
        monkeypatch.setenv("DEEPSOIL_FAKE_LOG", str(log))
        monkeypatch.setenv("DEEPSOIL_FAKE_FILES", json.dumps(files or {}))
        return lambda: [json.loads(line) for line in log.read_text().splitlines()]

    return make


@pytest.fixture(scope="module")
def provider(qgis_app: Any) -> Iterator[DeepSoilProvider]:
    made = DeepSoilProvider()
    QgsApplication.processingRegistry().addProvider(made)
    yield made
    QgsApplication.processingRegistry().removeProvider(made)


def run(name: str, parameters: dict[str, Any], feedback: Any = None, context: Any = None) -> dict[str, Any]:
    algorithm = QgsApplication.processingRegistry().createAlgorithmById(name)
    context = context or QgsProcessingContext()
    context.setProject(QgsProject.instance())
    assert algorithm.checkParameterValues(parameters, context)[0]
    results, _ = algorithm.run(parameters, context, feedback or QgsProcessingFeedback(), {}, False)
    declared = {output.name() for output in algorithm.outputDefinitions()}
    assert set(results) <= declared, "a result that no model can use"
    return dict(results)


def fields() -> QgsVectorLayer:
    """Two touching fields in UTM zone 14 north."""
    layer = QgsVectorLayer("Polygon?crs=EPSG:32614", "fields", "memory")
    for left in (500_000, 500_300):
        feature = QgsFeature()
        feature.setGeometry(QgsGeometry.fromWkt(f"POLYGON(({left} 4300000, {left + 300} 4300000, {left + 300} 4300400, "
                                                f"{left} 4300400, {left} 4300000))"))
        layer.dataProvider().addFeature(feature)
    return layer


def test_ids_are_the_ones_in_peoples_models(provider: DeepSoilProvider) -> None:
    assert {algorithm.name() for algorithm in provider.algorithms()} == {*INTERFACES, "gather"}


def test_parameters_and_outputs_are_the_ones_in_peoples_models(provider: DeepSoilProvider) -> None:
    """Name, type, what stands where nothing is given, and whether it may be left out, is shown under "advanced"."""
    for name, words in INTERFACES.items():
        algorithm = provider.algorithm(name)
        optional, advanced = QgsProcessingParameterDefinition.Flag.FlagOptional, \
            QgsProcessingParameterDefinition.Flag.FlagAdvanced
        found = [f"{one.name()} {one.type()} {one.defaultValue()!r}" + " optional" * bool(one.flags() & optional)
                 + " advanced" * bool(one.flags() & advanced) for one in algorithm.parameterDefinitions()]
        outputs = [f"{one.name()} {one.type()}" for one in algorithm.outputDefinitions()]
        assert found + outputs == words.strip().splitlines()


def test_fields_become_maps_in_a_folder_and_in_the_project(provider: DeepSoilProvider, engine: Any,
                                                           qgis_new_project: None, tmp_path: Path) -> None:
    made = {output["name"]: [output["path"], output["depth_cm"], output["date"]]
            for output in maps(tmp_path, ["2023-07-15"])}
    requests = engine(files=made)
    context, folder = QgsProcessingContext(), tmp_path / "maps"
    results = run("deepsoil:mapsoilmoisture", {**DAY, "AREA": fields(), "NAME": "Two fields", "OUTPUT": str(folder)},
                  context=context)
    names = [f"Two_fields_{name}" for name in made]
    assert sorted(path.name for path in folder.iterdir()) == sorted(names)
    assert [Path(path).name for path in results["MAPS"]] == names
    specification = next(r for r in requests() if r["method"] == "submit")["params"]["specification"]
    assert specification["kind"] == "predict" and specification["name"] == "Two fields"
    assert specification["dates"] == {"start": "2023-07-15", "end": "2023-07-15"}
    assert specification["depths_cm"] == [5, 20] and "region" not in specification
    each = specification["area"]["features"]
    assert [feature["properties"]["name"] for feature in each] == ["Field 1", "Field 2"]
    longitudes = [corner[0] for feature in each for corner in feature["geometry"]["coordinates"][0]]
    assert -99.01 < min(longitudes) < max(longitudes) < -98.98
    assert results["JOB"] == specification["id"]
    names = sorted(details.name for details in context.layersToLoadOnCompletion().values())
    assert names == ["Soil moisture 20 cm · synthetic", "Soil moisture 5 cm · synthetic"]


def test_the_root_zones_water_is_mapped_by_a_simulated_field_and_loaded(
        provider: DeepSoilProvider, engine: Any, qgis_new_project: None, tmp_path: Path) -> None:
    made = [*maps(tmp_path, ["2023-07-15"], [20]), *water_maps(tmp_path, ["2023-07-15"], ["depletion_mm"])]
    requests = engine(files={one["name"]: [one["path"], one["depth_cm"], one["date"]] for one in made})
    context = QgsProcessingContext()
    wanted = {**DAY, "AREA": fields(), "PRODUCTS": [2], "OUTPUT": str(tmp_path / "out")}
    with pytest.raises(QgsProcessingException, match="networks make no maps of the water"):
        run("deepsoil:mapsoilmoisture", wanted)
    results = run("deepsoil:mapsoilmoisture", {**wanted, "METHOD": 1}, context=context)
    options = next(r for r in requests() if r["method"] == "submit")["params"]["specification"]["options"]
    assert options["method"] == "column" and options["products"] == ["depletion_mm"]
    assert [Path(path).name for path in results["MAPS"]] == [f"Processing_{one['name']}" for one in made]
    with pytest.raises(QgsProcessingException, match="Zones of need come with the map"):
        run("deepsoil:mapsoilmoisture", {**wanted, "METHOD": 1, "ZONES": True})
    run("deepsoil:mapsoilmoisture", {**wanted, "METHOD": 1, "PRODUCTS": [3], "REFILL_TARGET": 80, "ZONES": True,
                                     "ZONES_MINIMUM_HA": 2, "ALLOWED_DEPLETION": 45, "LOAD": False})
    options = [r for r in requests() if r["method"] == "submit"][-1]["params"]["specification"]["options"]
    assert options["products"] == ["available_percent", "refill_mm"] and options["zones"] == {"minimum_ha": 2.0}
    assert options["refill"] == {"target": 0.8, "rain_days": 0, "only_where_needed": False}
    assert options["management"] == [{"allowed_depletion": 0.45}]
    names = sorted(details.name for details in context.layersToLoadOnCompletion().values())
    assert names == ["Depletion · synthetic", "Soil moisture 20 cm · synthetic"]


def test_the_water_of_the_fields_goes_with_the_request(provider: DeepSoilProvider, engine: Any, tmp_path: Path,
                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    log = {"type": "log", "applications": [{"date": "2023-07-04", "mm": 25.4}]}
    made = {output["name"]: [output["path"], output["depth_cm"], output["date"]]
            for output in maps(tmp_path, ["2023-07-15"])}
    requests = engine(files=made)
    monkeypatch.setenv("DEEPSOIL_FAKE_IRRIGATION", json.dumps(log))
    asked = {**DAY, "AREA": fields(), "OUTPUT": str(tmp_path / "maps"), "LOAD": False}
    table = tmp_path / "log.csv"
    table.write_text("date;mm\n2023-07-04;25,4\n")
    run("deepsoil:mapsoilmoisture", {**asked, "IRRIGATION": 3, "IRRIGATION_LOG": str(table)})
    run("deepsoil:mapsoilmoisture", {**asked, "IRRIGATION": 2, "IRRIGATION_DEPLETION": 50, "CROP": "corn"})
    sent = [r["params"]["specification"]["options"]["management"] for r in requests() if r["method"] == "submit"]
    assert sent == [[{"irrigation": log}],
                    [{"irrigation": {"type": "habit", "mm": 25.0, "depletion": 0.5}, "crop": "corn"}]]
    with pytest.raises(QgsProcessingException, match="Choose the CSV"):
        run("deepsoil:mapsoilmoisture", {**asked, "IRRIGATION": 3})
    with pytest.raises(QgsProcessingException, match="another irrigation"):
        run("deepsoil:mapsoilmoisture", {**asked, "IRRIGATION": 1, "IRRIGATION_LOG": str(table)})


def test_no_file_is_replaced_unasked(provider: DeepSoilProvider, engine: Any, tmp_path: Path) -> None:
    made = maps(tmp_path, ["2023-07-15"])
    engine(files={output["name"]: [output["path"], output["depth_cm"], output["date"]] for output in made})
    folder = tmp_path / "maps"
    folder.mkdir()
    mine = folder / "North_soil_moisture_05cm_2023-07-15.tif"
    mine.write_bytes(b"mine")
    feedback = QgsProcessingFeedback()
    asked = {**DAY, "AREA": fields(), "NAME": "North", "OUTPUT": str(folder), "LOAD": False}
    results = run("deepsoil:mapsoilmoisture", asked, feedback)
    assert mine.read_bytes() == b"mine" and "were kept" in feedback.textLog()
    assert [Path(path).name for path in results["MAPS"]] == ["North_2_soil_moisture_05cm_2023-07-15.tif",
                                                             "North_2_soil_moisture_20cm_2023-07-15.tif"]
    results = run("deepsoil:mapsoilmoisture", {**asked, "REPLACE": True})
    assert mine.read_bytes() == Path(made[0]["path"]).read_bytes()
    assert results["MAPS"][0] == str(mine)


def test_warnings_stand_in_the_log_and_in_the_notes_of_the_layers(provider: DeepSoilProvider, engine: Any,
                                                                  tmp_path: Path, monkeypatch: Any) -> None:
    from deepsoil_plugin.map.result_layers import _open_layer
    from deepsoil_plugin.processing import loading

    warning = {"code": "area_partly_outside", "message": "97 % lies outside.", "hint": "Move it.", "field": "area"}
    monkeypatch.setenv("DEEPSOIL_FAKE_WARNINGS", json.dumps([warning]))
    made = maps(tmp_path, ["2023-07-15"], depths=(5,))[0]
    engine(files={made["name"]: [made["path"], 5, "2023-07-15"]})
    feedback, context = QgsProcessingFeedback(), QgsProcessingContext()
    results = run("deepsoil:mapsoilmoisture", {**DAY, "AREA": fields(), "OUTPUT": str(tmp_path / "out")}, feedback,
                  context)
    assert feedback.textLog().count("97 % lies outside. Move it.") == 1
    layer = _open_layer(results["MAPS"][0])
    dresser = next(one for one in loading._dressers if one._maps[-1][0] == results["MAPS"][0])
    dresser.postProcessLayer(layer, context, feedback)
    assert QgsLayerNotesUtils.layerNotes(layer) == "<p>97 % lies outside. Move it.</p>"


def test_files_that_cannot_all_be_copied_leave_none(provider: DeepSoilProvider, engine: Any, tmp_path: Path) -> None:
    made = maps(tmp_path, ["2023-07-15"])
    engine(files={output["name"]: [output["path"], output["depth_cm"], output["date"]] for output in made})
    Path(made[1]["path"]).unlink()
    folder = tmp_path / "maps"
    with pytest.raises(QgsProcessingException, match="could not be copied"):
        raise_from_run({**DAY, "AREA": fields(), "OUTPUT": str(folder)})
    assert not list(folder.iterdir())


def test_nobody_is_asked_for_a_password_by_an_algorithm(provider: DeepSoilProvider, engine: Any,
                                                        tmp_path: Path) -> None:
    made = {output["name"]: [output["path"], output["depth_cm"], output["date"]]
            for output in maps(tmp_path, ["2023-07-15"])}
    requests = engine(end="asks", files=made)
    feedback = QgsProcessingFeedback()
    guard = threading.Timer(60, feedback.cancel)  # a question that is left open would be waited for without end
    guard.start()
    run("deepsoil:mapsoilmoisture", {**DAY, "AREA": fields(), "OUTPUT": str(tmp_path / "maps")}, feedback)
    guard.cancel()
    assert [request["params"] for request in requests() if request["method"] == "answer"] == [
        {"question": "q1", "answers": None}]


def test_a_job_of_a_host_runs_there_and_its_maps_come_here(provider: DeepSoilProvider, engine: Any, tmp_path: Path,
                                                           monkeypatch: pytest.MonkeyPatch) -> None:
    hydra = {"id": "hydra", "title": "Hydra of Argos", "connection": {"state": "ready", "message": "", "hint": ""}}
    monkeypatch.setenv("DEEPSOIL_FAKE_HOSTS", json.dumps([hydra]))
    made = maps(tmp_path, ["2023-07-15"])
    requests = engine(files={output["name"]: [output["path"], output["depth_cm"], output["date"]] for output in made})
    wanted = {**DAY, "AREA": fields(), "OUTPUT": str(tmp_path / "maps"), "LOAD": False}
    for name in ("hydra", "hydra of argos"):
        results = run("deepsoil:mapsoilmoisture", {**wanted, "HOST": name})
        assert len(results["MAPS"]) == 2 and all(Path(path).is_file() for path in results["MAPS"])
    sent = [request["params"] for request in requests() if request["method"] == "submit"]
    assert [params["host"] for params in sent] == ["hydra", "hydra"]
    assert sum(request["method"] == "retrieve" for request in requests()) == 2
    with pytest.raises(QgsProcessingException, match=r"no host “lerna”.*Hydra of Argos"):
        run("deepsoil:mapsoilmoisture", {**wanted, "HOST": "lerna"})
    broken = {**hydra, "connection": {"state": "failed", "message": "The login was refused.", "hint": "Load the key."}}
    monkeypatch.setenv("DEEPSOIL_FAKE_HOSTS", json.dumps([broken]))
    with pytest.raises(QgsProcessingException, match=r"Hydra of Argos: The login was refused\. Load the key\."):
        run("deepsoil:mapsoilmoisture", {**wanted, "HOST": "hydra"})


def test_stations_are_compared(provider: DeepSoilProvider, engine: Any, tmp_path: Path) -> None:
    files = {}
    for name in ("station_comparison.csv", "station_metrics.json"):
        (tmp_path / name).write_text(name)
        files[name] = [str(tmp_path / name), None, None]
    requests = engine(files=files)
    results = run("deepsoil:comparestations", {**DAY, "END": "2023-07-20", "REGION": "sample", "STATIONS": "s1, s2",
                                               "DEPTHS": [1], "OUTPUT": str(tmp_path / "out")})
    assert Path(results["TABLE"]).read_text() == "station_comparison.csv"
    assert Path(results["METRICS"]).read_text() == "station_metrics.json"
    specification = next(r for r in requests() if r["method"] == "submit")["params"]["specification"]
    assert specification["kind"] == "evaluate" and specification["options"] == {"stations": ["s1", "s2"]}
    assert specification["depths_cm"] == [20] and specification["dates"]["end"] == "2023-07-20"
    assert "area" not in specification


@pytest.mark.parametrize(("end", "words"), [
    ("failed", "No weather for 2 May. Choose another day. Folder of the job: /jobs/x"),
    ("die", "Its last message: Fatal: out of memory")])
def test_a_failure_is_told_in_plain_words(provider: DeepSoilProvider, engine: Any, tmp_path: Path, end: str,
                                          words: str) -> None:
    engine(end=end)
    with pytest.raises(QgsProcessingException, match=words):
        raise_from_run({**DAY, "AREA": fields(), "OUTPUT": str(tmp_path)})


def test_a_refusal_is_told_in_the_engines_words(provider: DeepSoilProvider, engine: Any, tmp_path: Path) -> None:
    engine()
    with pytest.raises(QgsProcessingException, match=r"There is no region 'nowhere'\. Add it\."):
        raise_from_run({**DAY, "AREA": fields(), "REGION": "nowhere", "OUTPUT": str(tmp_path)})


def test_without_an_area_or_an_engine_the_user_hears_what_to_do(provider: DeepSoilProvider, engine: Any,
                                                                tmp_path: Path,
                                                                monkeypatch: pytest.MonkeyPatch) -> None:
    engine()
    with pytest.raises(QgsProcessingException, match="a polygon layer or an extent"):
        raise_from_run({**DAY, "OUTPUT": str(tmp_path)})
    monkeypatch.delenv("DEEPSOIL_ENGINE_PYTHON")
    with pytest.raises(QgsProcessingException, match="not installed yet"):
        raise_from_run({**DAY, "AREA": fields(), "OUTPUT": str(tmp_path)})


def test_cancelling_cancels_the_job_too(provider: DeepSoilProvider, engine: Any, tmp_path: Path) -> None:
    requests = engine(end="never")

    class Impatient(QgsProcessingFeedback):
        def setProgress(self, progress: float) -> None:
            self.cancel()

    with pytest.raises(QgsProcessingException, match="Cancelled"):
        raise_from_run({**DAY, "AREA": fields(), "OUTPUT": str(tmp_path)}, Impatient())
    said = [request["method"] for request in requests()]
    assert said == ["hello", "watch", "submit", "cancel"]
    submitted = next(r for r in requests() if r["method"] == "submit")
    assert requests()[-1]["params"] == {"id": submitted["params"]["specification"]["id"]}


def test_no_engine_is_left_behind(engine: Any, tmp_path: Path) -> None:
    from deepsoil_plugin import paths
    from deepsoil_plugin.engine import command

    engine()
    python = engine_run.find_python(paths.home(), paths.engine_source())
    start = command.serve_command(python, paths.home(), paths.resources())
    with engine_run.EngineRun(start, lambda: False) as running:
        process = running._process
        assert process.poll() is None
    assert process.poll() == 0


def raise_from_run(parameters: dict[str, Any], feedback: Any = None) -> None:
    """Like run, but an error comes as the exception that the user reads."""
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("deepsoil:mapsoilmoisture")
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    algorithm.processAlgorithm(parameters, context, feedback or QgsProcessingFeedback())
