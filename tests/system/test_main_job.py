"""The main job as a user does it, with mouse and keyboard in the real QGIS desktop."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from rasterio.features import geometry_mask
from rasterio.warp import transform_geom

from tests.system.conftest import SHOTS, Start
from tools import sample_region
from tools.desktop.driver import Desktop
from tools.desktop.main_job import LonLat, MainJob

DAY = dt.date(2023, 7, 15)


def the_job(home: Path, name: str) -> Path:
    """The folder of the one job of this name; asking too early gives a folder that is not there yet."""
    files = [file for file in (home / "jobs").glob("*/job.json") if not file.parent.name.startswith(".")]
    folders = [file.parent for file in files if json.loads(file.read_text(encoding="utf-8")).get("name") == name]
    assert len(folders) <= 1, f"one request must be one job: {folders}"
    return folders[0] if folders else home / "jobs" / "none yet"


def state_of(folder: Path) -> dict[str, Any]:
    file = folder / "state.json"
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else {"state": "not there"}


def finished_maps(folder: Path) -> list[Path]:
    """The maps that the job has handed over; what it is still writing does not count."""
    handed = folder / "outputs.jsonl"
    lines = handed.read_text(encoding="utf-8").splitlines() if handed.exists() else []
    maps = [folder / "outputs" / json.loads(line)["name"] for line in lines]
    return [file for file in maps if file.is_file()]


TEN_SQUARE_KILOMETRES = ((-104.950, 40.4375), (-104.907, 40.4135))
ONE_SQUARE_KILOMETRE = ((-104.935, 40.430), (-104.923, 40.421))


FIRST = dt.date(2023, 6, 1)
SUMMER_DAYS, NIGHT_DAYS = 92, 12


def request_days(job: MainJob, name: str, box: tuple[LonLat, LonLat] = TEN_SQUARE_KILOMETRES,
                 days: int = SUMMER_DAYS) -> None:
    """Daily maps from June on; those of the large box and of a summer take long enough to be interrupted."""
    job.draw_box(*box)
    job.name_field(name)
    job.choose_date(FIRST)
    job.choose_until(FIRST + dt.timedelta(days=days - 1))
    job.map_it()


@pytest.mark.parametrize(("corners", "word"), [
    ([(-104.933, 40.426), (-104.924, 40.432), (-104.924, 40.426), (-104.933, 40.432)], "cross"),
], ids=["crosses itself"])
def test_a_bad_field_is_explained_and_kept(start: Start, corners: list[tuple[float, float]], word: str) -> None:
    job = start()
    job.draw_polygon(corners)
    message = job.desktop.wait(lambda: word in (found := job.desktop.widget("deepsoilWhereMessage")["text"]) and found,
                               "the explanation")
    assert message
    assert not job.desktop.widget("deepsoilMapIt")["enabled"]


def test_draw_a_field_pick_a_date_get_both_maps(start: Start, home: Path) -> None:
    job = start()
    desktop = job.desktop
    field = sample_region.field("North quarter")
    desktop.ask("held", reset=True)
    job.draw_polygon(field["coordinates"][0][:-1])
    job.name_field("Drawn by hand")
    job.choose_date(DAY)
    job.choose_until(None)
    estimate = desktop.wait(lambda: "second" in desktop.widget("deepsoilEstimate")["text"] and
                            desktop.widget("deepsoilEstimate")["text"], "the estimate")
    area = desktop.widget("deepsoilArea")["text"]
    assert "ha" in area and "ac" in area, area
    job.map_it()
    layers = job.wait_for_layers("Drawn by hand", 2)
    names = [" / ".join(layer["path"]) for layer in layers]
    assert any("5 cm" in name for name in names) and any("20 cm" in name for name in names), names
    assert all("synthetic" in name for name in names), "the maps of a synthetic region must say so"
    desktop.drawn()
    print(f"\nestimate: {estimate}; {held_in_words(desktop)}")
    desktop.screenshot(SHOTS / "main_job.png")

    for layer in layers:
        check_product(Path(layer["source"]), drawn=field)
    assert state_of(the_job(home, "Drawn by hand"))["state"] == "succeeded"

    job.click_station(*sample_region.STATION)
    desktop.widget("DeepSoilStationPanel")
    desktop.wait(lambda: "South Pivot" in desktop.widget("stationTitle")["text"], "the station's name")
    desktop.wait(lambda: list((home / "jobs").glob("*/outputs/station_metrics.json")), "the comparison", 240)
    desktop.wait(lambda: desktop.ask("widget", name="stationProgress") is None, "the station's figures")
    desktop.screenshot(SHOTS / "station.png")


def held_in_words(desktop: Desktop) -> str:
    """How long QGIS's main thread was held since the probe was reset."""
    held = desktop.ask("held")
    return (f"the event loop was held {held['gap_ms']:.0f} ms at most, of which DeepSoil's own code "
            f"{max(held['slots_ms'].values(), default=0):.0f} ms: {held['slots_ms']}")


def check_product(file: Path, drawn: dict[str, Any]) -> None:
    """A 30 m map in UTM with sensible values inside the drawn field and nothing outside."""
    with rasterio.open(file) as product:
        assert product.crs.to_epsg() == 32613
        assert product.res == (30.0, 30.0)
        assert product.tags()["DEEPSOIL_DATE"] == DAY.isoformat()
        values = product.read(1, masked=True) * product.scales[0]
        inside = geometry_mask([transform_geom("EPSG:4326", product.crs, drawn)], product.shape, product.transform,
                               invert=True)
    assert values.min() > 0 and values.max() < 0.6
    assert values.std() > 0.002, "the map must not be constant"
    # The polygon was drawn by hand on a screen: one pixel of slack along its edge.
    wrong = (~np.ma.getmaskarray(values)) != inside
    assert wrong.sum() <= 2 * sum(values.shape), f"{wrong.sum()} pixels differ from the drawn field"


def test_cancel_keeps_what_is_done(start: Start, home: Path) -> None:
    job = start()
    request_days(job, "Summer")
    desktop = job.desktop
    desktop.wait(lambda: finished_maps(the_job(home, "Summer")), "the first finished map", 120)
    desktop.click_on(job.job_row("Summer") or {})
    desktop.click("deepsoilJobCancel")
    desktop.wait(lambda: state_of(the_job(home, "Summer"))["state"] == "cancelled", "the job to be cancelled", 60)
    desktop.wait(lambda: "ancelled" in job.words_of("Summer"), "the list to say so")
    assert finished_maps(the_job(home, "Summer")), "finished maps must stay"


def test_the_loss_of_a_killed_worker_is_shown_and_qgis_lives(start: Start, home: Path) -> None:
    job = start()
    request_days(job, "Unlucky")
    desktop = job.desktop
    desktop.wait(lambda: finished_maps(the_job(home, "Unlucky")), "the first finished map", 120)
    os.kill(state_of(the_job(home, "Unlucky"))["pid"], signal.SIGKILL)
    desktop.wait(lambda: state_of(the_job(home, "Unlucky"))["state"] == "failed", "the loss to be noticed", 60)
    reason = state_of(the_job(home, "Unlucky"))["reason"]
    assert reason["code"] == "worker_lost" and reason["hint"]
    desktop.wait(lambda: reason["message"][:20] in job.words_of("Unlucky"), "the reason in the list")
    assert finished_maps(the_job(home, "Unlucky")), "finished maps must stay"
    assert desktop.process.poll() is None


def test_a_job_survives_the_end_of_qgis_and_is_found_again(start: Start, home: Path) -> None:
    job = start()
    request_days(job, "Over night", ONE_SQUARE_KILOMETRE, NIGHT_DAYS)
    desktop = job.desktop
    desktop.wait(lambda: state_of(the_job(home, "Over night"))["state"] == "running", "the job to run")
    worker = state_of(the_job(home, "Over night"))["pid"]
    # Held until QGIS has been left and opened again: however fast the machine is, the job is then in its middle.
    os.kill(worker, signal.SIGSTOP)
    try:
        desktop.key("ctrl+s")
        desktop.wait(lambda: not desktop.ask("windows")[0]["title"].startswith("*"), "the project to be saved")
        desktop.quit()
        assert desktop.process.poll() is not None
        assert state_of(the_job(home, "Over night"))["state"] == "running", "the job must go on without QGIS"
        again = start()
        again.desktop.wait(lambda: again.job_row("Over night"), "the job in the list again")
        assert state_of(the_job(home, "Over night"))["state"] == "running", "QGIS must find it as it is"
    finally:
        os.kill(worker, signal.SIGCONT)
    again.desktop.wait(lambda: state_of(the_job(home, "Over night"))["state"] == "succeeded", "the job's end", 420)
    layers = again.wait_for_layers("Over night", 2, 120, days=NIGHT_DAYS)
    assert len(layers) == 2
    again.desktop.screenshot(SHOTS / "restart.png")
    again.desktop.quit()
