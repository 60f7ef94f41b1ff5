"""Reports: a page for each field and day, written in a thread; what it says, draws and does not know."""

from __future__ import annotations

import datetime as dt
import resource
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal
from products import maps, output, summary, water_maps, write_product
from qgis.core import QgsApplication, QgsLayerTreeLayer, QgsMapLayerLegendUtils, QgsTask

from deepsoil_plugin import preferences
from deepsoil_plugin.exports import items as parts
from deepsoil_plugin.exports import report_page, report_plot
from deepsoil_plugin.exports.figures import figures_of
from deepsoil_plugin.exports.report_facts import Facts, facts_of
from deepsoil_plugin.exports.report_page import Page, own_template
from deepsoil_plugin.exports.report_series import AskError, entry_of, from_answer
from deepsoil_plugin.exports.reports import Reports
from deepsoil_plugin.exports.run import ExportError, Report, export
from deepsoil_plugin.exports.wishes import Wishes
from deepsoil_plugin.map import style
from deepsoil_plugin.map.metadata import read_product

DAY = "2023-07-15"
AREA = {"type": "Polygon", "coordinates": [[[-99.0, 38.848], [-98.9897, 38.848], [-98.9897, 38.8428], [-99.0, 38.8428],
                                            [-99.0, 38.848]]]}


def answer(params: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """As the engine answers ``series``."""
    first, last = (dt.date.fromisoformat(params[name]) for name in ("start", "end"))
    days = [(first + dt.timedelta(days=n)).isoformat() for n in range((last - first).days + 1)]
    theta = np.linspace(0.3, 0.2, len(days))
    bands = {depth: {"mean": (theta * share).tolist(), "lower": (theta * share - 0.03).tolist(),
                     "upper": (theta * share + 0.03).tolist()} for depth, share in (("5", 0.8), ("20", 1.0))}
    return {"dates": days, "depths": bands, "forecast_from": "2023-07-17", "irrigation_mm": None,
            "precipitation_mm": [12.0 if n % 9 == 4 else 0.0 for n in range(len(days))], **changes}


def written(tmp_path: Path, job: dict[str, Any], ask: Callable[..., Any] | None = None, template: Path | None = None,
            **wishes: Any) -> Report:
    asked: Callable[..., Any] = ask or (lambda _method, params, _check: answer(params))
    pages = Reports(asked, lambda _: job, template)
    return export(parts.of_job(job), tmp_path / "out", Wishes(reports=True, **wishes), lambda _: None, pages=pages)


def picture(path: Path) -> np.ndarray:
    """(H, W, 3) of the only page, 100 dots an inch."""
    gdal.SetConfigOption("GDAL_PDF_DPI", "100")
    try:
        dataset = gdal.Open(str(path))
        assert dataset is not None and dataset.GetSubDatasets() == [], "one page"
        return np.moveaxis(dataset.ReadAsArray()[:3], 0, -1).astype(int)
    finally:
        gdal.SetConfigOption("GDAL_PDF_DPI", None)


def part_of(page: np.ndarray, left: float, top: float, width: float, height: float) -> np.ndarray:
    """By the template's millimetres."""
    scale = page.shape[1] / 210
    return page[round(top * scale):round((top + height) * scale), round(left * scale):round((left + width) * scale)]


def share_of(page: np.ndarray, colour: tuple[int, int, int], tolerance: int = 12) -> float:
    return float((np.abs(page - np.array(colour)).max(axis=-1) <= tolerance).mean())


def one_field(tmp_path: Path, **tags: Any) -> dict[str, Any]:
    job = summary([*maps(tmp_path, [DAY], half_width=0.04, synthetic=False, **tags),
                   *water_maps(tmp_path, [DAY], ("available_percent", "depletion_mm"), synthetic=False)])
    job["specification"]["area"] = AREA
    return job


def test_a_page_has_its_map_its_numbers_and_its_plot(tmp_path: Path, qgis_app: Any) -> None:
    report = written(tmp_path, one_field(tmp_path), threshold=0.2)
    assert report.files[-1] == "North_quarter_report_2023-07-15.pdf"
    page = picture(tmp_path / "out" / report.files[-1])
    assert abs(page.shape[0] / page.shape[1] - 297 / 210) < 0.01, "A4"
    field = part_of(page, 30, 45, 85, 60)
    assert share_of(field, (221, 188, 122), 30) > 0.5, "0.19 m³/m³ is light brown"
    assert share_of(part_of(page, 15, 32, 118, 96), (31, 42, 48)) > 0.003, "outline, arrow and bar"
    plot = part_of(page, 15, 183, 180, 62)
    assert share_of(plot, (10, 85, 112), 40) > 0.001 and share_of(plot, (127, 179, 221), 20) > 0.001
    assert (part_of(page, 15, 133, 180, 25) < 128).any(axis=-1).mean() > 0.01, "numbers"
    assert (part_of(page, 15, 253, 180, 25) < 128).any(axis=-1).mean() > 0.01, "notes"


def test_the_legend_has_the_unit_of_the_numbers(tmp_path: Path, qgis_app: Any) -> None:
    def labels(name: str, **wishes: Any) -> list[str]:
        item = next(item for item in parts.of_job(one_field(tmp_path)) if item.what == name)
        page = Page(item.source, None, Facts("", "", "", "", [], "", ""), None, Wishes(**wishes).shown_of(name))
        layer = report_page._raster(page)
        node = QgsLayerTreeLayer(layer)
        style.shorten_legend(node, False, report_page._look(layer, page))
        ramp = layer.renderer().shader().rasterShaderFunction().colorRampItemList()
        return [QgsMapLayerLegendUtils.legendNodeUserLabel(node, 0), ramp[0].label, ramp[1].label, ramp[-1].label]

    preferences.set_soil_unit("in")  # what the screens show is another thing
    assert labels("20") == ["m³/m³", "below 0.05 · very dry", "0.05", "above 0.45 · saturated"]
    assert labels("20", soil_unit="%") == ["%", "below 5 · very dry", "5", "above 45 · saturated"]
    assert labels("20", soil_unit="in") == ["in/ft", "below 0.6 · very dry", "0.6", "above 5.4 · saturated"]
    assert labels("depletion_mm", water_unit="in") == ["in", "0.0", "1.0", "above 7.9"]


def test_a_page_that_a_full_disk_cuts_off_is_told(tmp_path: Path, qgis_app: Any) -> None:
    job, before = one_field(tmp_path), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, before[1]))
    try:
        with pytest.raises(ExportError, match=r"[Nn]othing was written"):
            written(tmp_path, job, maps=False, tables=())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("problem", ["refused", "no region"])
def test_without_an_answer_there_is_a_page_that_says_so(tmp_path: Path, qgis_app: Any, problem: str) -> None:
    asked = []

    def refuse(_method: str, params: dict[str, Any], _check: Any) -> Any:
        asked.append((params["start"], params["end"]))
        raise AskError("There is no weather. Get it first.")

    job = one_field(tmp_path)
    if problem == "no region":
        job["specification"]["region"] = None
    report = written(tmp_path, job, refuse)
    assert asked == ([("2023-06-18", "2023-07-22"), ("2023-06-18", DAY)] if problem == "refused" else [])
    plot = part_of(picture(tmp_path / "out" / report.files[-1]), 15, 184, 180, 60)
    assert share_of(plot, (255, 255, 255), 1) > 0.999


def test_two_fields_of_one_name_and_two_days_are_four_pages(tmp_path: Path, qgis_app: Any) -> None:
    made = []
    for number in (1, 2):
        for day in (DAY, "2023-07-16"):
            path = write_product(tmp_path / f"soil_moisture_05cm_{day}_field{number:04d}.tif",
                                 np.full((9, 9), number / 10), day=day)
            made.append({**output(path, 5, day), "field": "[% 1 + 1 %] <b>"})
    report = written(tmp_path, summary(made, end="2023-07-16"))
    pages = [name for name in report.files if name.endswith(".pdf")]
    assert len(set(pages)) == 4 and all((tmp_path / "out" / name).stat().st_size > 10_000 for name in pages)


def test_pages_are_written_in_threads_at_once(tmp_path: Path, qgis_app: Any, qtbot: Any) -> None:
    class Task(QgsTask):
        def __init__(self, number: int) -> None:
            super().__init__(f"page {number}")
            self.folder = tmp_path / str(number)
            self.folder.mkdir()
            self.job = one_field(self.folder)
            self.files: list[str] = []

        def run(self) -> bool:
            for turn in range(3):
                self.files += written(self.folder / str(turn), self.job, maps=False, tables=()).files
            return True

    tasks = [Task(number) for number in range(4)]
    for task in tasks:
        QgsApplication.taskManager().addTask(task)
    qtbot.waitUntil(lambda: all(len(task.files) == 3 for task in tasks), timeout=120_000)


@pytest.mark.parametrize(("content", "words"), [
    (None, "cannot be read"), ("not xml", "not a layout template"), ("<qgis/>", "not a layout template"),
    ('<Layout name="a" units="mm"><PageCollection/></Layout>', "none of the items")])
def test_a_template_that_cannot_be_used_is_told_and_nothing_is_written(tmp_path: Path, qgis_app: Any,
                                                                       content: str | None, words: str) -> None:
    template = tmp_path / "own.qpt"
    if content is not None:
        template.write_text(content)
    with pytest.raises(ExportError, match=words):
        written(tmp_path, one_field(tmp_path), template=template)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_template_of_ones_own_may_lack_items(tmp_path: Path, qgis_app: Any) -> None:
    template = tmp_path / "own.qpt"
    text = own_template().read_text(encoding="utf-8")
    for name in ("deepsoil_map", "deepsoil_series", "deepsoil_numbers", "deepsoil_notes"):
        text = text.replace(f'id="{name}"', f'id="my {name}"')
    template.write_text(text, encoding="utf-8")
    report = written(tmp_path, one_field(tmp_path), template=template)
    page = picture(tmp_path / "out" / report.files[-1])
    assert share_of(part_of(page, 30, 45, 85, 60), (221, 188, 122), 30) < 0.01


def facts(tmp_path: Path, whats: tuple[str, ...] = ("5", "20"), no_series: str = "", water_unit: str = "mm",
          **tags: Any) -> Any:
    job = one_field(tmp_path, **tags)
    job["warnings"] = [{"code": "x", "message": "Half of the field is water.", "hint": "Draw it anew."}]
    found = {item.what: (read_product(str(item.source)), figures_of(item, Wishes(threshold=0.18), lambda: None))
             for item in parts.of_job(job) if item.what in whats}
    return facts_of("North", dt.date(2023, 7, 15), whats[-1], found, 64.0, job,
                    Wishes(water_unit=water_unit).shown_of("depletion_mm"), no_series)


def test_the_numbers_are_those_of_the_table(tmp_path: Path) -> None:
    told = facts(tmp_path, ("5", "20", "depletion_mm"))
    heading, surface, deep, depletion = told.numbers
    assert len({len(row) for row in told.numbers}) == 1 and heading[1] == "Mean"
    assert surface == ["Soil moisture 5 cm", "0.160 m³/m³", "± 0.040", "0.160", "0.160", "100 % below 0.180"]
    assert deep[5] == "0 % below 0.180" and depletion[0] == "Depletion" and depletion[1].endswith(" mm")
    assert float(depletion[3]) > float(depletion[4]), "the drier tenth lacks more"
    assert "Field: 64.0 ha" in told.facts and "Mapped: 83 % of the field" in told.facts


@pytest.mark.parametrize(("tags", "words"), [
    ({}, "Irrigation: not given. If the field was irrigated, it is wetter than shown. Crop: not given."),
    ({"DEEPSOIL_IRRIGATION": "log", "DEEPSOIL_IRRIGATION_MM": "50", "DEEPSOIL_IRRIGATION_DAYS": "2",
      "DEEPSOIL_CROP": "corn"}, "Irrigation: 50 mm on 2 days of the year before. Crop: corn."),
    ({"DEEPSOIL_IRRIGATION": "rainfed"}, "Not irrigated."),
    ({"DEEPSOIL_IRRIGATION": "map"}, "how much water was given is not known"),
    ({"DEEPSOIL_READINGS": "2 probes"}, "Corrected by readings: 2 probes."),
    ({"DEEPSOIL_FORECAST": "yes", "DEEPSOIL_FORECAST_FROM": "2023-07-14"}, "Weather from 2023-07-14 on is a forecast."),
    ({"DEEPSOIL_WITHHELD": "smap"}, "has met no measured values of it: smap"),
    ({}, "filled with usual values: lai, smap"), ({}, "Half of the field is water. Draw it anew.")])
def test_the_notes_say_what_is_not_known(tmp_path: Path, tags: dict[str, str], words: str) -> None:
    told = facts(tmp_path, **tags)
    assert words in told.notes and ("FORECAST" in told.subtitle) == ("DEEPSOIL_FORECAST" in tags)
    assert "Soil: USDA" in told.footer


@pytest.mark.parametrize(("tags", "reliable"), [({}, True), ({"DEEPSOIL_INTERVAL_LIMIT": "irrigated"}, False)])
def test_no_interval_is_promised_on_irrigated_fields(tmp_path: Path, tags: dict[str, str], reliable: bool) -> None:
    told = facts(tmp_path, **tags)
    assert ("nine readings of ten lie inside" in told.notes) is reliable
    assert ("The interval is not reliable: the field is irrigated." in told.notes) is not reliable


def test_the_water_that_was_given_is_told_in_inches_where_these_are_wanted(tmp_path: Path) -> None:
    told = facts(tmp_path, water_unit="in", DEEPSOIL_IRRIGATION="log", DEEPSOIL_IRRIGATION_MM="50.8",
                 DEEPSOIL_IRRIGATION_DAYS="2")
    assert "Irrigation: 2.0 in on 2 days of the year before." in told.notes


def test_the_water_of_a_log_is_drawn_where_the_engine_computes_none() -> None:
    management = [{"crop": "corn", "irrigation": {"type": "habit"}},
                  {"field": "North", "irrigation": {"type": "log", "applications": [{"date": DAY, "mm": 20}]}}]
    entry = entry_of(management, "North")
    assert entry["crop"] == "corn" and entry["irrigation"]["type"] == "log"
    series = from_answer(answer({"start": "2023-07-14", "end": "2023-07-18"}), entry)
    assert series.irrigation_mm.tolist() == [0, 20, 0, 0, 0]
    assert from_answer(answer({"start": DAY, "end": DAY}), {}).irrigation_mm is None


def test_the_plot_is_dashed_from_the_forecast_on_and_bears_gaps(tmp_path: Path, qgis_app: Any) -> None:
    params = {"start": "2023-06-18", "end": "2023-07-22"}
    gaps = answer(params)
    gaps["depths"]["5"]["mean"][3] = None
    gaps["depths"]["5"]["lower"] = [None] * len(gaps["dates"])
    for name, document in {"dashed": gaps, "known": answer(params, forecast_from=None),
                           "dry": answer(params, precipitation_mm=[None] * 35)}.items():
        path = tmp_path / f"{name}.svg"
        report_plot.draw(path, from_answer(document, {}), dt.date(2023, 7, 15), [5, 20], Wishes(soil_unit="%"))
        assert ("stroke-dasharray" in path.read_text(encoding="utf-8")) == (name != "known")
