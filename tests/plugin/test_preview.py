"""The preview: the product's pixels on the map at once, one question under way, days around asked ahead."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsRectangle
from qgis.PyQt.QtCore import QObject, Qt
from qgis.PyQt.QtGui import QColor, QImage, QPainter
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QSlider

from deepsoil_plugin.dock.preview_section import PreviewSection
from deepsoil_plugin.jobs.map_request import MapRequest, new_id
from deepsoil_plugin.jobs.preview_frames import NO_VALUE, Frame
from deepsoil_plugin.jobs.previewer import Previewer
from deepsoil_plugin.jobs.readings import KnownReadings
from deepsoil_plugin.map.preview_colours import colour_table
from deepsoil_plugin.map.style import SOIL_MOISTURE

BOX = (-104.94, 40.42, -104.925, 40.43)
AREA = {"type": "Polygon", "coordinates": [[[BOX[0], BOX[1]], [BOX[2], BOX[1]], [BOX[2], BOX[3]], [BOX[0], BOX[3]],
                                            [BOX[0], BOX[1]]]]}
REQUEST = MapRequest(name="North", area=AREA, start="2023-07-15", region="sample")
LIMITS = dt.date(2023, 6, 1), dt.date(2023, 8, 31)


class Held(QObject):
    """An engine's client that answers when the test says so; the pixels tell the day of the month."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[dt.date] = []
        self.waiting: list[Callable[[], None]] = []
        self.without: set[dt.date] = set()

    def call(self, _method: str, params: dict[str, Any], on_result: Callable[[Any], None],
             on_error: Callable[[Any], None], owner: Any = None) -> None:
        day = dt.date.fromisoformat(params["specification"]["dates"]["start"])
        self.asked.append(day)
        if day in self.without:
            self.waiting.append(lambda: on_error({"code": "no_weather", "message": "There is no weather.", "hint": ""}))
        else:
            self.waiting.append(lambda: on_result(answer_of(day)))

    def one(self) -> None:
        self.waiting.pop(0)()


def answer_of(day: dt.date, value: int | None = None) -> dict[str, Any]:
    steps = np.full((3, 4), day.day * 100 if value is None else value, "<u2")
    return {"day": day.isoformat(), "forecast": False, "scale": 1e-4, "readings_used": False, "maps": [
        {"field": None, "epsg": 32613, "resolution_m": 30.0, "left_m": 505_000.0, "top_m": 4_476_000.0, "width": 4,
         "height": 3, "depths": {depth: base64.b64encode(steps.tobytes()).decode() for depth in ("5", "20")}}]}


def day(number: int) -> dt.date:
    return dt.date(2023, 7, number)


@pytest.fixture
def held(qgis_app: Any) -> Held:
    return Held()


@pytest.fixture
def previewer(held: Held) -> Iterator[tuple[Previewer, list[dt.date]]]:
    made, shown = Previewer(held), []
    made.framed.connect(lambda frame: shown.append(frame.day))
    yield made, shown
    made.stop()


@pytest.fixture
def section(window: Any) -> Iterator[Callable[[Any], PreviewSection]]:
    made: list[PreviewSection] = []

    def opened(client: Any) -> PreviewSection:
        window.mainWindow().show()
        made.append(PreviewSection(client, window.mapCanvas()))
        made[-1].show()
        made[-1]._on.setChecked(True)
        return made[-1]

    yield opened
    for one in made:
        one.close_tools()
        one.deleteLater()


def want(previewer: Previewer, number: int, request: MapRequest = REQUEST) -> None:
    previewer.want(request.specification(new_id()), {"host": "local"}, day(number), LIMITS)


def test_one_question_is_under_way_and_only_the_last_day_waits(
        previewer: tuple[Previewer, list[dt.date]], held: Held) -> None:
    asking, shown = previewer
    for number in (1, 2, 3, 9):
        want(asking, number)
    assert held.asked == [day(1)]
    held.one()
    assert held.asked == [day(1), day(9)] and shown == [day(1)], "what comes on the way is seen"
    held.one()
    assert shown == [day(1), day(9)]


def test_what_comes_late_never_takes_the_place_of_the_wanted_day(
        previewer: tuple[Previewer, list[dt.date]], held: Held) -> None:
    asking, shown = previewer
    want(asking, 5)
    held.one()
    want(asking, 6)
    want(asking, 5)  # back, before the answer of the 6th
    held.one()
    assert shown == [day(5), day(5)], "the 6th is only kept"
    want(asking, 6)
    assert shown[-1] == day(6) and held.asked == [day(5), day(6)]


def test_days_in_the_direction_of_the_hand_are_asked_ahead(
        previewer: tuple[Previewer, list[dt.date]], held: Held, qtbot: Any) -> None:
    asking, shown = previewer
    for number in (20, 19):
        want(asking, number)
        held.one()
    for _ in range(12):
        qtbot.waitUntil(lambda: bool(held.waiting) or not asking._idle.isActive(), timeout=3000)
        if held.waiting:
            held.one()
    assert held.asked[2:] == [day(number) for number in (18, 17, 16, 15, 14, 13, 12)] + [day(21), day(22)]
    assert shown == [day(20), day(19)]
    want(asking, 15)
    assert shown[-1] == day(15), "at once"


def test_another_request_knows_no_earlier_day(previewer: tuple[Previewer, list[dt.date]], held: Held) -> None:
    asking, shown = previewer
    want(asking, 5)
    want(asking, 5, MapRequest(name="North", area=AREA, start="2023-07-15", region="other"))
    held.one()
    assert shown == [], "the answer is of the request before"
    held.one()
    assert shown == [day(5)] and held.asked == [day(5), day(5)]


def test_a_day_without_data_is_said_and_nothing_is_shown(section: Any, held: Held) -> None:
    made = section(held)
    held.without = {day(16)}
    for number, words in ((15, ""), (16, "There is no weather."), (17, "")):
        made.look(replace(REQUEST, start=f"2023-07-{number}"), {}, LIMITS, "")
        held.one()
        assert made._words.text() == words and (made._item.frame is None) == bool(words)
        assert made._item.isVisible() != bool(words)
    made._framed(Frame.of(answer_of(day(18), NO_VALUE)))
    assert made._words.text() == "The region has no soil moisture here on 18 Jul 2023." and made._item.frame is None


def test_a_preview_says_that_it_does_not_know_the_readings(section: Any, held: Held) -> None:
    made = section(held)
    reading = {"longitude": BOX[0], "latitude": BOX[1], "depth_cm": 20.0, "date": "2023-07-10", "theta": 0.2}
    for readings, words in ((KnownReadings(typed=(reading,)), "Without the probes' readings; the map will use them."),
                            (KnownReadings(), "")):
        made.look(replace(REQUEST, readings=readings), {}, LIMITS, "")
        held.one()
        assert made._words.text() == words and made._item.isVisible()


def test_what_has_no_preview_is_said(section: Any, held: Held) -> None:
    made = section(held)
    made.look(MapRequest(area=AREA, start="2023-07-15", method="column"), {}, LIMITS, "")
    assert made._words.text().startswith("A simulated field has no preview") and held.asked == []
    made.look(REQUEST, {}, LIMITS, "Draw or select a field to map it.")
    assert made._words.text() == "Draw or select a field to map it." and held.asked == []
    made.look(replace(REQUEST, start="2024-01-01"), {}, LIMITS, "")
    assert made._words.text().startswith("Data is available up to 31 Aug 2023.") and held.asked == []
    made._on.setChecked(False)
    made.look(REQUEST, {}, LIMITS, "")
    assert held.asked == [] and made._words.isHidden() and made._slider.isHidden()


def test_the_slider_goes_over_the_days_of_the_region_by_keyboard(section: Any, held: Held) -> None:
    made = section(held)
    made.look(REQUEST, {}, LIMITS, "")
    chosen: list[dt.date] = []
    made.dayChosen.connect(chosen.append)
    slider = made.findChild(QSlider, "deepsoilPreviewDay")
    for key in (Qt.Key.Key_Right, Qt.Key.Key_PageUp, Qt.Key.Key_Left, Qt.Key.Key_Home, Qt.Key.Key_End):
        QTest.keyClick(slider, key)
    assert chosen == [day(16), day(23), day(22), *LIMITS]


def test_every_step_has_the_colour_of_the_layers() -> None:
    table = colour_table(1e-4)
    for value, colour in SOIL_MOISTURE.stops:
        assert QColor.fromRgb(int(table[round(value * 1e4)])) == QColor(colour)
    assert SOIL_MOISTURE.below is not None
    assert QColor.fromRgb(int(table[499])) == QColor(SOIL_MOISTURE.below[0])
    assert QColor.fromRgb(int(table[4501])) == QColor(SOIL_MOISTURE.above[0])
    assert table[NO_VALUE] == 0 and (table[:NO_VALUE] >> 24 == 255).all()


def test_the_preview_is_the_product_in_its_place_on_the_map(section: Any, real_engine: Any, sample_region: Path,
                                                            answer: Any, window: Any, qtbot: Any) -> None:
    region = answer(real_engine, "add_region", {"path": str(sample_region)})
    canvas = window.mapCanvas()
    canvas.resize(500, 400)
    made = section(real_engine)
    request = MapRequest(name="North", area=AREA, start="2023-07-16", region=region["id"])
    for number in (15, 16):  # the first day also finds how much must be computed round the field
        made.look(replace(request, start=f"2023-07-{number}"), {"host": "local"}, LIMITS, "")
        qtbot.waitUntil(lambda number=number: made._item is not None and made._item.frame is not None
                        and made._item.frame.day == day(number), timeout=120_000)
    frame = made._item.frame
    job = answer(real_engine, "submit", {"specification": request.specification(new_id())})
    ended: list[Any] = []
    real_engine.jobChanged.connect(lambda one: ended.append(one) if one["state"] in ("succeeded", "failed") else None)
    qtbot.waitUntil(lambda: any(one["id"] == job["id"] for one in ended), timeout=180_000)
    products = {output["depth_cm"]: gdal.Open(output["path"]) for output in ended[-1]["outputs"]
                if output["kind"] == "map"}
    (field,) = frame.fields
    for depth, product in products.items():
        theirs = product.GetRasterBand(1).ReadAsArray().astype(int)
        ours = field.steps[depth].astype(int)
        assert product.GetGeoTransform()[:2] == (field.left_m, field.resolution_m)
        assert product.GetGeoTransform()[3] == field.top_m and theirs.shape == ours.shape
        assert ((ours == NO_VALUE) == (theirs == 65535)).all() and np.abs(ours - theirs).max() <= 1
    assert set(products) == {5, 20}
    canvas.setExtent(QgsRectangle(made._item._corners[0][3], made._item._corners[0][1]).buffered(300))
    picture = QImage(canvas.width(), canvas.height(), QImage.Format.Format_ARGB32)
    picture.fill(Qt.GlobalColor.magenta)
    painter = QPainter(picture)
    made._item.paint(painter)
    painter.end()
    rows, columns = np.nonzero(field.steps[5] != NO_VALUE)
    for row, column in list(zip(rows, columns, strict=True))[::97]:
        corners = made._item._corners[0]
        share = (column + 0.5) / field.steps[5].shape[1], (row + 0.5) / field.steps[5].shape[0]
        top, bottom = (_between(corners[a], corners[b], share[0]) for a, b in ((0, 1), (3, 2)))
        point = made._item.toCanvasCoordinates(_between(top, bottom, share[1]))
        seen = QColor(picture.pixel(int(point.x()), int(point.y())))
        assert seen == QColor.fromRgb(int(colour_table(frame.scale)[field.steps[5][row, column]]))
    assert made._item.title() == "Preview · 5 cm · 16 Jul 2023"


def _between(a: Any, b: Any, share: float) -> Any:
    return type(a)(a.x() + share * (b.x() - a.x()), a.y() + share * (b.y() - a.y()))
