"""Maps out of QGIS by mouse and keyboard: chosen in a dialog, written as wanted, and nothing replaced unasked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import rasterio

from tests.system.conftest import SHOTS, Window, variables_of
from tools import sample_region
from tools.desktop.driver import virtual_screen
from tools.desktop.main_job import MainJob

DAY = dt.date(2023, 7, 15)
SMALL = (1366, 768)
LOOKS = {"light": ("", 1), "dark_200": ("Night Mapping", 2)}


@pytest.fixture(params=list(LOOKS))
def seen(request: pytest.FixtureRequest, display: str, sample: Path, tmp_path: Path) -> Iterator[tuple[str, MainJob]]:
    """A look's name, and QGIS with the dock open in it."""
    theme, scale = LOOKS[request.param]
    with virtual_screen((SMALL[0] * scale, SMALL[1] * scale)) as screen:
        window = Window(screen, tmp_path, sample, variables_of(tmp_path / "home"), theme, SMALL, scale)
        yield request.param, window()
        window.close(SHOTS / f"export_{request.param}_end.png")


def map_field(job: MainJob, name: str, field: str) -> None:
    job.draw_polygon(sample_region.field(field)["coordinates"][0][:-1])
    job.name_field(name)
    job.choose_date(DAY)
    job.choose_until(None)
    job.map_it()
    job.wait_for_layers(name, 2)


def files_in(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}


def test_maps_are_chosen_and_written_and_nothing_is_lost(seen: tuple[str, MainJob], tmp_path: Path) -> None:
    look, job = seen
    desktop = job.desktop
    folder = tmp_path / "exported"
    folder.mkdir()
    map_field(job, "Upper field", "North quarter")
    # From the list of jobs; the maps are copied as they are, and a table is written beside them.
    desktop.click("deepsoilJobExport")
    desktop.widget("deepsoilExportDialog")
    desktop.click("deepsoilExportFolder")
    desktop.key("ctrl+a")
    desktop.type(str(folder))
    desktop.key("Tab")
    desktop.screenshot(SHOTS / f"export_{look}_dialog.png")
    desktop.click("deepsoilExportGo")
    desktop.wait(lambda: len(files_in(folder)) == 3, "two maps and a table")
    desktop.wait(lambda: desktop.ask("widget", name="deepsoilExportDialog") is None, "the end of the dialog")
    first = files_in(folder)
    assert set(first) == {"Upper_field_soil_moisture_05cm_2023-07-15.tif",
                          "Upper_field_soil_moisture_20cm_2023-07-15.tif", "soil_moisture_summary.csv"}
    # Another pixel size and unit, with a spreadsheet and outlines; the folder is remembered.
    desktop.click("deepsoilJobExport")
    desktop.widget("deepsoilExportDialog")
    desktop.replace_text("deepsoilExportResolution", "90")
    desktop.click("deepsoilExportSoilUnit")
    desktop.key("Down", "Return")
    for name in ("deepsoilExportXlsx", "deepsoilExportGpkg", "deepsoilExportReports", "deepsoilExportDrier"):
        desktop.click_left_edge(name)
    desktop.screenshot(SHOTS / f"export_{look}_wishes.png")
    desktop.click("deepsoilExportGo")
    desktop.widget("deepsoilExportReplace")
    assert files_in(folder) == first, "nothing is written before the answer"
    desktop.screenshot(SHOTS / f"export_{look}_question.png")
    desktop.click("deepsoilExportKeep")
    desktop.wait(lambda: len(files_in(folder)) == 9, "two maps, two tables, the outlines, the report")
    assert {name: content for name, content in files_in(folder).items() if name in first} == first
    with rasterio.open(folder / "Upper_field_2_soil_moisture_20cm_2023-07-15.tif") as made:
        assert made.units[0] == "%" and made.res == (90, 90)
        assert 5 < made.read(1, masked=True).mean() * made.scales[0] < 60
    desktop.screenshot(SHOTS / f"export_{look}_end.png")
    report = SHOTS / f"report_{look}.pdf"
    report.write_bytes((folder / "Upper_field_report_2023-07-15.pdf").read_bytes())
    assert report.stat().st_size > 50_000, "with its map and its plot"
