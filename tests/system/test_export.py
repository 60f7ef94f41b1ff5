"""Maps out of QGIS by mouse and keyboard: the field's name in the file's name, and nothing replaced unasked."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from tests.system.conftest import SHOTS, Start
from tools import sample_region
from tools.desktop.main_job import MainJob

DAY = dt.date(2023, 7, 15)


def map_field(job: MainJob, name: str, field: str) -> None:
    job.draw_polygon(sample_region.field(field)["coordinates"][0][:-1])
    job.name_field(name)
    job.choose_date(DAY)
    job.choose_until(None)
    job.map_it()
    job.wait_for_layers(name, 2)


def export(job: MainJob, group: str, folder: Path) -> None:
    """By the layer panel's menu, for the uppermost map of a group."""
    desktop = job.desktop
    desktop.click_on(desktop.wait(lambda: desktop.ask("row", view="theLayerTreeView", text=group), group))
    desktop.key("Down", "Down")  # the first row below may be the stations'
    selected = desktop.wait(lambda: desktop.ask("current_row", view="theLayerTreeView"), "the row")
    if "cm" not in selected["text"]:
        desktop.key("Up")
        selected = desktop.ask("current_row", view="theLayerTreeView")
    desktop.click_on(selected, button=3)
    desktop.click_on(desktop.wait(lambda: desktop.ask("menu", text="Export DeepSoil maps"), "the menu"))
    desktop.widget("deepsoilExportFolder")
    desktop.type(folder.name)

    def gone() -> bool:
        """A click may first close the list of suggestions."""
        if desktop.ask("widget", name="deepsoilExportFolder") is None:
            return True
        desktop.click_on(desktop.ask("button", text="Choose"))
        return False

    desktop.wait(gone, "the end of the dialog", 20)


def test_fields_go_into_one_folder_and_nothing_is_lost(start: Start, home: Path) -> None:
    job = start()
    folder = home.parent / "project" / "exported"  # beside the project's file, where the dialog begins
    folder.mkdir()
    desktop = job.desktop
    job.widen_layers_panel(150)
    map_field(job, "Upper field", "North quarter")
    map_field(job, "Lower field", "West quarter")

    def files() -> dict[str, bytes]:
        return {file.name: file.read_bytes() for file in folder.iterdir() if not file.name.startswith(".")}

    export(job, "Lower field", folder)
    desktop.wait(lambda: len(files()) == 2, "the exported map and table")
    assert "Lower_field_soil_moisture_05cm_2023-07-15.tif" in files()
    first = files()
    export(job, "Lower field", folder)
    desktop.widget("deepsoilExportReplace")
    assert files() == first, "nothing is written before the answer"
    desktop.screenshot(SHOTS / "export_question.png")
    desktop.click("deepsoilExportKeep")
    desktop.wait(lambda: len(files()) == 4, "the second map and table")
    assert {name: content for name, content in files().items() if name in first} == first
    desktop.screenshot(SHOTS / "exported.png")
    # Out of the way, so that the other field is in sight.
    job.collapse_layer("Lower field")
    export(job, "Upper field", folder)
    desktop.widget("deepsoilExportReplace")  # of the table, which has the same name
    desktop.click("deepsoilExportKeep")
    desktop.wait(lambda: len(files()) == 6, "the other field's map and table")
    assert {"Upper_field_soil_moisture_05cm_2023-07-15.tif", "Lower_field_2_soil_moisture_05cm_2023-07-15.tif",
            "soil_moisture_summary_3.csv"} <= set(files())
    assert {name: content for name, content in files().items() if name in first} == first
