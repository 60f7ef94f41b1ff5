"""Irrigated fields in whole predictions: alone, in parts, and what a product says of its field's water."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.specification import parse_specification
from deepsoil.inference import windows
from deepsoil.jobs import runner
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.kind import Context
from deepsoil.jobs.tasks import merge, run
from deepsoil.jobs.tasks.identity import Identity
from deepsoil.kinds.registry import find_kind
from inference_tools import DAY, built, document, make_context, new_job, ring
from tasks_tools import planned


def field(name: str, *corners: tuple[float, float]) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"name": name}, "geometry": ring(*corners)}


AREA = {"type": "FeatureCollection", "features": [
    field("Pivot", (100, 120), (150, 120), (150, 170), (100, 170)),
    field("Dry", (150, 120), (200, 120), (200, 170), (150, 170)),
    field("Habit", (100, 180), (140, 180), (140, 220), (100, 220))]}
MANAGEMENT = [
    {"field": "Pivot", "irrigation": {"type": "log", "applications": [{"date": str(DAY), "mm": 30.0}]}},
    {"irrigation": {"type": "rainfed"}},
    {"field": "Habit", "irrigation": {"type": "habit", "mm": 20.0, "depletion": 0.3, "first_day": "05-02",
                                      "last_day": "09-01"}}]


@pytest.fixture
def context(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Context:
    """Small windows, so that a field is several of them."""
    monkeypatch.setattr(windows, "side_for_memory", lambda *_: 32)
    return make_context(built(tmp_path_factory), tmp_path / "home")


def maps(job: JobFolder) -> dict[str, tuple[np.ndarray, dict[str, str]]]:
    found = {}
    for record in job.output_records():
        with rasterio.open(job.outputs_path / record["name"]) as raster:
            tags = {name: value for name, value in raster.tags().items() if name != "DEEPSOIL_JOB"}
            found[record["name"]] = (raster.read(1), tags)
    return found


def made(context: Context, **changes: Any) -> dict[str, tuple[np.ndarray, dict[str, str]]]:
    job = new_job(context, area=AREA, depths_cm=[20], **changes)
    assert runner.run(job, lambda: context).state == "succeeded"
    return maps(job)


def test_a_job_in_parts_makes_the_maps_of_one_process(context: Context) -> None:
    alone = made(context, options={"management": MANAGEMENT})
    job = planned(context, document(region="made-up", area=AREA, depths_cm=[20], options={"management": MANAGEMENT},
                                    resources={"scheduler": "slurm", "tasks": 3}))[0]
    for index in range(3):
        me = Identity(index, "71", 0, False)
        folder = run.prepare(job, 1, me)
        assert folder is not None
        run.run(folder, me, lambda: context)
    together = merge.prepare(job, 1, 0)
    assert together is not None
    merge.run(together, lambda: context, lambda _: None)
    parts = maps(job)
    assert parts.keys() == alone.keys() and len(alone) == 3
    for name, (theta, tags) in alone.items():
        assert np.array_equal(theta, parts[name][0]) and tags == parts[name][1]


def test_only_fields_with_water_change_and_products_say_what_they_got(context: Context) -> None:
    wet = made(context, options={"management": MANAGEMENT})
    plain = made(context)
    pivot, dry, habit = (name for name in sorted(wet))
    change = {name: np.median(np.abs(wet[name][0].astype(float) - plain[name][0])) for name in wet}
    # The inputs of the dry field are untouched; a network may still see its neighbour.
    assert change[dry] < 0.2 * change[pivot]
    said = wet[pivot][1]
    assert (said["DEEPSOIL_IRRIGATION"], said["DEEPSOIL_IRRIGATION_DAYS"], said["DEEPSOIL_IRRIGATION_MM"]) == (
        "log", "1", "30")
    assert wet[dry][1]["DEEPSOIL_IRRIGATION"] == "rainfed" and plain[dry][1]["DEEPSOIL_IRRIGATION"] == "none"
    assert wet[habit][1]["DEEPSOIL_IRRIGATION_HABIT"] == "20 mm at 30%"


def test_an_estimate_tells_what_a_job_would(context: Context) -> None:
    def plan(irrigation: dict[str, Any], **more: Any) -> Any:
        request = document(region="made-up", area=AREA, models={"5": "random-5cm", "20": "random-20cm"},
                           options={"management": [{"field": "Dry", "irrigation": irrigation, **more}]})
        return find_kind("predict").plan(parse_specification(request), context)

    early = plan({"type": "log", "applications": [{"date": "2020-01-01", "mm": 9.0},
                                                 {"date": str(DAY), "mm": 120.0}]}, crop="corn")
    told = {warning.code for warning in early.warnings()}
    assert {"irrigation_too_early", "irrigation_beyond_range", "crop_unused"} <= told
    with pytest.raises(DeepSoilError) as caught:
        plan({"type": "log", "applications": [{"date": "2032-01-01", "mm": 9.0}]})
    assert caught.value.code == "irrigation_no_weather" and "2032-01-01" in caught.value.message
