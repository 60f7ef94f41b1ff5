"""The pixel panel: any place of a region, by clicks and by keyboard, from the real engine, and never a late answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from qgis.core import QgsPointXY, QgsRectangle
from qgis.PyQt.QtCore import QObject, QPoint, Qt
from qgis.PyQt.QtTest import QTest

from deepsoil_plugin.jobs.map_request import MapRequest
from deepsoil_plugin.jobs.one_question import OneQuestion
from deepsoil_plugin.panels.pixel_header import place_from, place_text
from deepsoil_plugin.panels.pixel_panel import PixelPanel
from deepsoil_plugin.panels.pixel_place import Place, management_at, region_at
from deepsoil_plugin.panels.pixel_series import PixelSeries, description
from deepsoil_plugin.text.ground import texture_class

LONGITUDE, LATITUDE = -104.929, 40.4255
REGION = {"id": "sample", "name": "Sample", "first_date": "2021-07-30", "last_date": "2023-12-31", "footprint": {
    "type": "Polygon", "coordinates": [[[-105.1, 40.3], [-104.8, 40.3], [-104.8, 40.6], [-105.1, 40.6],
                                        [-105.1, 40.3]]]}}
GROUND = {"sand": 70.8, "silt": 19.2, "clay": 10.0, "land_cover": 71, "crop": None, "irrigated": True,
          "weather": {"longitude": -105.0, "latitude": 40.4, "distance_km": 0.9}, "filled": ["NDVI"], "withheld": []}


class Held(QObject):
    """An engine's client whose answers come when the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.waiting: list[Callable[[], None]] = []

    def call(self, method: str, params: dict[str, Any], on_result: Callable[[Any], None],
             on_error: Callable[[Any], None], owner: Any = None) -> None:
        self.asked.append((method, params))
        answer = GROUND if method == "ground" else series_of(params)
        self.waiting.append(lambda: on_result(answer))

    def release(self) -> None:
        while self.waiting:
            self.waiting.pop(0)()

    def places(self, method: str) -> list[Any]:
        return [params["place"] for name, params in self.asked if name == method]


def series_of(params: dict[str, Any]) -> dict[str, Any]:
    days = np.arange(np.datetime64(params["start"]), np.datetime64(params["end"]) + 1)
    level = round(0.2 + 0.01 * (params["place"][0] + 105.0), 4)
    bands = {name: [level + more] * len(days) for name, more in (("mean", 0.0), ("lower", -0.05), ("upper", 0.05))}
    depths = ("5", "20", "40", "100") if params["method"] == "column" else ("5", "20")
    water = {f"{name}_mm": bands if params["method"] == "column" else None
             for name in ("available", "depletion", "drainage", "irrigation")}
    return {"method": params["method"], "members": 20, "dates": [str(day) for day in days],
            "forecast_from": str(days[-7]), "depths": dict.fromkeys(depths, bands),
            "precipitation_mm": [3.0, None] + [0.0] * (len(days) - 2), **water}


@pytest.fixture
def held(qgis_app: Any) -> Held:
    return Held()


@pytest.fixture
def open_panel(window: Any) -> Iterator[Callable[..., PixelPanel]]:
    made: list[PixelPanel] = []

    def opened(client: Any, region: Any = REGION) -> PixelPanel:
        def find(longitude: float, latitude: float) -> Place | None:
            found = region_at([region], None, longitude, latitude)
            return None if found is None else Place(longitude, latitude, found)

        made.append(PixelPanel(window, client, find))
        window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, made[-1])
        window.mainWindow().show()
        return made[-1]

    yield opened
    for panel in made:
        panel.close()
        panel.leave()


def test_every_depth_of_a_place_is_drawn_from_the_real_engine(open_panel: Any, real_engine: Any, sample_region: Path,
                                                              answer: Any, qtbot: Any) -> None:
    region = answer(real_engine, "add_region", {"path": str(sample_region)})
    panel = open_panel(real_engine, region)
    panel.show_day(dt.date(2023, 7, 15))
    panel.show_place(LONGITUDE, LATITUDE)
    for method, rows in (("column", [(5,), (20,), (40, 60, 100)]), ("network", [(5,), (20,)])):
        panel._header._method.setCurrentIndex(panel._header._method.findData(method))
        panel._header.changed.emit()
        qtbot.waitUntil(lambda rows=rows: panel._shown is not None and panel._shown.rows() == rows, timeout=60_000)
        plot = panel._pages.currentWidget()
        asked = answer(real_engine, "series", {"region": region["id"], "place": [LONGITUDE, LATITUDE],
                                               "start": "2023-05-31", "end": "2023-08-28", "method": method}, 120)
        for depth, band in asked["depths"].items():
            drawn = plot._settled[int(float(depth))][0].getData()[1]
            np.testing.assert_allclose(drawn, np.array(band["mean"], float))
    texts = panel._line.text(), panel._made_from.text()
    assert texts[0].startswith("15 Jul 2023") and "20 cm: 0." in texts[0] and " to 0." in texts[0]
    assert "loam" in texts[1] and "weather of a cell whose middle is" in texts[1]


def test_a_late_answer_is_passed_over_and_one_question_is_under_way(open_panel: Any, held: Held) -> None:
    panel = open_panel(held)
    for step in range(5):
        panel.show_place(LONGITUDE + step / 100, LATITUDE)
    assert held.places("series") == [[LONGITUDE, LATITUDE]], "the others wait"
    held.release()
    assert held.places("series")[1:] == [[LONGITUDE + 0.04, LATITUDE]], "and only the last one of them is asked"
    assert panel._shown is not None
    assert panel._shown.theta[5].mean[0] == pytest.approx(0.2 + 0.01 * (LONGITUDE + 105.04), abs=1e-4)
    panel.show_place(-100.0, 40.0)
    assert "No region has data at this place" in panel._pages._message.text() and panel._shown is None


def test_a_refused_question_lets_the_next_one_go(held: Held) -> None:
    question, seen = OneQuestion(held, "series"), []
    question.refused.connect(lambda params, error: seen.append(error["code"]))
    held.call = lambda *call, **_: held.waiting.append(lambda: call[3]({"code": call[1]["n"]}))  # type: ignore[method-assign]
    question.ask({"n": "1"})
    question.ask({"n": "2"})
    held.release()
    assert seen == ["2"] and not question.busy
    question.ask({"n": "3"})
    question.forget()
    held.release()
    assert seen == ["2"]


def test_a_place_is_clicked_on_the_map_and_marked_until_the_panel_closes(open_panel: Any, held: Held, window: Any,
                                                                         qtbot: Any) -> None:
    panel = open_panel(held)
    canvas = window.mapCanvas()
    canvas.setExtent(QgsRectangle(-11_700_000, 4_920_000, -11_660_000, 4_950_000))
    panel._header.pick.setChecked(True)
    assert canvas.mapTool() is panel._tool
    QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
                     QPoint(canvas.width() // 2, canvas.height() // 2))
    held.release()
    (longitude, latitude), *_ = held.places("series")
    assert place_from(panel._header._place.text()) == pytest.approx((longitude, latitude), abs=1e-5)
    assert canvas.mapTool() is panel._tool, "the next place can be clicked at once"
    assert isinstance(panel._mark.on_map, QgsPointXY)
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.mapTool() is not panel._tool and not panel._header.pick.isChecked()
    panel.close()
    qtbot.waitUntil(lambda: panel._mark.on_map is None, timeout=2000)


def test_a_place_is_typed(open_panel: Any, held: Held) -> None:
    panel = open_panel(held)
    field = panel._header._place
    field.setText("40.4255, -104.929")
    QTest.keyClick(field, Qt.Key.Key_Return)
    held.release()
    assert held.places("series") == [[-104.929, 40.4255]] and panel._shown is not None
    field.setText("home")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert "“home” is not a place" in panel._pages._message.text()


@pytest.mark.parametrize(("text", "place"), [
    ("40.4255, -104.929", (-104.929, 40.4255)), ("40.4255 −104.929", (-104.929, 40.4255)), ("40;-104", (-104, 40)),
    ("40,4255; -104,929", (-104.929, 40.4255)), ("40,4255 -104,929", (-104.929, 40.4255)), ("40,-104", (-104, 40)),
    ("", None), ("40", None), ("91, 4", None), ("1, 2, 3", None), ("85, 180", (180, 85)),
    ("40,4255, -104,929", (-104.929, 40.4255)),
    ("-85; -180", (-180, -85)), ("85.1, 0", None), ("-85.1, 0", None), ("0, 180.1", None), ("0, -180.1", None),
    ("a, b", None), ("40,5,1", None)])
def test_coordinates_are_read_as_people_write_them(text: str, place: tuple[float, float] | None) -> None:
    assert place_from(text) == place
    if place is not None:
        assert place_from(place_text(*place)) == pytest.approx(place)


def test_the_line_of_the_day_is_dragged(open_panel: Any, held: Held) -> None:
    panel = open_panel(held)
    panel.show_day(dt.date(2023, 7, 15))
    panel.show_place(LONGITUDE, LATITUDE)
    held.release()
    moving, picked = [], []
    panel.dayMoving.connect(moving.append)
    panel.dayPicked.connect(picked.append)
    line = panel._plot._date_lines[1]
    for day in (16, 16, 18):
        line.setValue((dt.datetime(2023, 7, day, tzinfo=dt.UTC)).timestamp())
        line.sigDragged.emit(line)
        line.moving = True
        panel.show_day(dt.date(2023, 7, 1))  # a preview that comes late
    line.moving = False
    line.sigPositionChangeFinished.emit(line)
    assert [day.day for day in moving] == [16, 18] and [day.day for day in picked] == [18]
    assert panel._line.text().startswith("18 Jul 2023")
    panel.show_day(dt.date(2023, 7, 20))
    assert line.value() == dt.datetime(2023, 7, 20, tzinfo=dt.UTC).timestamp() and len(held.places("series")) == 1
    panel.show_day(dt.date(2022, 1, 1))
    assert len(held.places("series")) == 2, "another period is asked for"


def test_the_outlook_is_dashed_and_irrigation_lies_on_the_rain(open_panel: Any, held: Held) -> None:
    panel = open_panel(held)
    panel.show_place(LONGITUDE, LATITUDE)
    held.release()
    plot, series = panel._plot, panel._shown
    assert series is not None and series.foreseen.sum() == 7 and series.irrigated
    line = plot._coming[5][0]
    assert np.isfinite(line.getData()[1]).sum() == 8, "it begins where the settled line ends"
    assert line.opts["pen"].style() == Qt.PenStyle.DashLine
    assert plot._irrigation.opts["y0"][0] == 3.0 and plot.rain.getViewBox().viewRange()[1][1] >= 10.0
    words = description(series, len(series.days) - 1)
    assert "forecast" in words and "irrigation" in words and "available to plants" in words
    assert panel._header.key.words().count("irrigation") == 1


def test_the_panel_fits_a_narrow_window(open_panel: Any, held: Held) -> None:
    panel = open_panel(held)
    panel.show_place(LONGITUDE, LATITUDE)
    held.release()
    assert panel.minimumSizeHint().width() <= 590


def test_the_water_of_the_field_that_holds_the_place_is_used() -> None:
    field = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]}
    request = MapRequest(name="North", area=field, water={"North": {"crop": "corn"}, "South": {"crop": "wheat"}})
    assert management_at(request, 0.5, 0.5) == {"crop": "corn"} and management_at(request, 2.0, 0.5) is None
    several = {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"name": "South"}, "geometry": field}]}
    assert management_at(MapRequest(name="x", area=several, water=request.water), 0.5, 0.5) == {"crop": "wheat"}


def test_the_chosen_region_comes_first_where_several_have_a_place() -> None:
    other = {**REGION, "id": "other"}
    found = [region_at([REGION, other], chosen, LONGITUDE, LATITUDE) for chosen in (None, "other", "gone")]
    assert [region and region["id"] for region in found] == ["sample", "other", "sample"]
    assert region_at([{**REGION, "problem": {}}, other], None, 0.0, 0.0) is None


def test_each_texture_has_its_class() -> None:
    known = {(92, 5, 3): "sand", (82, 12, 6): "loamy sand", (65, 25, 10): "sandy loam", (40, 40, 20): "loam",
             (20, 65, 15): "silt loam", (5, 88, 7): "silt", (60, 13, 27): "sandy clay loam",
             (33, 33, 34): "clay loam", (10, 56, 34): "silty clay loam", (52, 6, 42): "sandy clay",
             (6, 47, 47): "silty clay", (22, 20, 58): "clay"}
    assert {shares: texture_class(*shares) for shares in known} == known
    every = {texture_class(sand, 100 - sand - clay, clay) for sand in range(101) for clay in range(101 - sand)}
    assert every == set(known.values())


def test_a_series_keeps_gaps() -> None:
    series = PixelSeries.of({"dates": ["2023-07-01", "2023-07-02"], "precipitation_mm": [None, 0.0],
                             "depths": {"5": {"mean": [None, 0.2], "lower": [None, None], "upper": [None, None]}}})
    assert np.isnan(series.theta[5].mean[0]) and not series.has_interval and not series.irrigated
    assert description(series, 0) == "1 Jul 2023 · 5 cm: no data m³/m³"
    assert series.index_of(dt.date(2023, 7, 3)) == -1 == series.index_of(None)
