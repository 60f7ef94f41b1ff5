"""Days on the map: UTC days that do not overlap, the Temporal Controller prepared but never taken from the user."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from products import days_from, maps, summary
from qgis.core import Qgis, QgsInterval, QgsProject, QgsTemporalNavigationObject

from deepsoil_plugin.map import layer_tree, temporal
from deepsoil_plugin.map.result_layers import ResultLayers
from deepsoil_plugin.text import dates

DAYS = days_from("2023-07-30", 4)
OFF, ANIMATED = Qgis.TemporalNavigationMode.NavigationOff, Qgis.TemporalNavigationMode.Animated


@pytest.fixture(scope="module")
def canvas_controller(qgis_canvas: Any) -> QgsTemporalNavigationObject:
    """One for the canvas's whole life, as in QGIS: the canvas does not stand its end."""
    made = QgsTemporalNavigationObject(qgis_canvas)
    qgis_canvas.setTemporalController(made)
    return made


@pytest.fixture
def controller(canvas_controller: QgsTemporalNavigationObject) -> Iterator[QgsTemporalNavigationObject]:
    canvas_controller.setNavigationMode(OFF)
    canvas_controller.setCurrentFrameNumber(0)
    yield canvas_controller
    canvas_controller.setNavigationMode(OFF)


@pytest.fixture
def layers(controller: QgsTemporalNavigationObject, qgis_iface: Any, qgis_new_project: None) -> Iterator[ResultLayers]:
    made = ResultLayers(qgis_iface)
    yield made
    made.close()


def show_days(layers: ResultLayers, folder: Path, qtbot: Any) -> Any:
    group = layers.show(summary(maps(folder, DAYS), start=DAYS[0], end=DAYS[-1]))
    qtbot.waitUntil(lambda: not layers._queue, timeout=10_000)
    return group


def days_of(group: Any) -> list[str]:
    """The day that each layer shows, shallow and deep."""
    return [node.layer().customProperty(layer_tree.DATE) for node in group.findLayers()]


def test_a_layer_shows_its_utc_day_and_is_seen_in_no_other(layers: ResultLayers, tmp_path: Path, qtbot: Any,
                                                           controller: QgsTemporalNavigationObject) -> None:
    group = show_days(layers, tmp_path, qtbot)
    assert controller.totalFrameCount() >= len(DAYS) and len(group.findLayers()) == 2
    for shown in DAYS:
        layers.show_day(dt.date.fromisoformat(shown))
        for node in group.findLayers():
            seen = [day for frame, day in enumerate(DAYS) if node.layer().temporalProperties().isVisibleInTemporalRange(
                controller.dateTimeRangeForFrameNumber(frame))]
            assert seen == [shown]
    assert temporal.utc_midnight(dt.date(2023, 7, 30)).toUTC().toString("yyyy-MM-ddTHH:mm") == "2023-07-30T00:00"


def test_the_controller_gets_the_days_in_frames_of_one_day(layers: ResultLayers, tmp_path: Path, qtbot: Any,
                                                           controller: QgsTemporalNavigationObject) -> None:
    show_days(layers, tmp_path, qtbot)
    assert controller.frameDuration() == QgsInterval(1, Qgis.TemporalUnit.Days)
    assert controller.temporalExtents() == temporal.days_range(dt.date(2023, 7, 30), dt.date(2023, 8, 2))
    assert controller.navigationMode() == OFF, "the map is not put into an animation that nobody asked for"
    assert QgsProject.instance().timeSettings().temporalRange() == controller.temporalExtents()


def test_a_controller_in_use_is_left_alone(layers: ResultLayers, tmp_path: Path, qtbot: Any,
                                           controller: QgsTemporalNavigationObject) -> None:
    mine = temporal.days_range(dt.date(2001, 1, 1), dt.date(2001, 1, 31))
    controller.setTemporalExtents(mine)
    controller.setNavigationMode(ANIMATED)
    show_days(layers, tmp_path, qtbot)
    assert controller.temporalExtents() == mine


def test_the_controller_steps_the_days_and_its_end_leaves_the_day_last_seen(
        layers: ResultLayers, tmp_path: Path, qtbot: Any, controller: QgsTemporalNavigationObject) -> None:
    group = show_days(layers, tmp_path, qtbot)
    assert days_of(group) == [DAYS[-1]] * 2
    controller.setNavigationMode(ANIMATED)
    for frame in (0, 2, 1):
        controller.setCurrentFrameNumber(frame)
        assert days_of(group) == [DAYS[frame]] * 2
        assert group.findLayers()[0].name() == f"5 cm · {dates.day_text(dt.date.fromisoformat(DAYS[frame]))}"
    controller.setNavigationMode(OFF)
    assert days_of(group) == [DAYS[1]] * 2


def test_a_frame_of_a_week_shows_its_newest_day(layers: ResultLayers, tmp_path: Path, qtbot: Any,
                                                controller: QgsTemporalNavigationObject) -> None:
    group = show_days(layers, tmp_path, qtbot)
    controller.setNavigationMode(ANIMATED)
    controller.setFrameDuration(QgsInterval(3, Qgis.TemporalUnit.Days))
    controller.setCurrentFrameNumber(1)
    controller.setCurrentFrameNumber(0)
    assert days_of(group) == [DAYS[2]] * 2


def test_a_controller_that_is_off_never_filters_the_map(layers: ResultLayers, tmp_path: Path, qtbot: Any,
                                                        qgis_canvas: Any, controller: QgsTemporalNavigationObject
                                                        ) -> None:
    show_days(layers, tmp_path, qtbot)
    controller.setCurrentFrameNumber(2)  # as QGIS's slider does when the days change or a project is opened
    assert not qgis_canvas.mapSettings().isTemporal()
    controller.setNavigationMode(ANIMATED)
    controller.setCurrentFrameNumber(1)
    assert qgis_canvas.temporalRange().begin() == temporal.utc_midnight(dt.date(2023, 7, 31)), "its own frames count"
    controller.setNavigationMode(OFF)
    assert not qgis_canvas.mapSettings().isTemporal()


def test_a_map_that_was_filtered_before_is_freed(controller: QgsTemporalNavigationObject, qgis_canvas: Any,
                                                 qgis_iface: Any, qgis_new_project: None) -> None:
    """The plugin is switched on, or installed, while a project is open."""
    controller.setCurrentFrameNumber(1)
    assert qgis_canvas.mapSettings().isTemporal(), "QGIS itself behaves otherwise now"
    ResultLayers(qgis_iface).close()
    assert not qgis_canvas.mapSettings().isTemporal()


def test_a_day_can_be_asked_for(layers: ResultLayers, tmp_path: Path, qtbot: Any,
                                controller: QgsTemporalNavigationObject) -> None:
    group = show_days(layers, tmp_path, qtbot)
    with qtbot.waitSignals([layers.days.shown] * 2):
        layers.show_day(dt.date(2023, 7, 31))
    assert days_of(group) == ["2023-07-31"] * 2
    layers.show_day(dt.date(1999, 1, 1))
    assert days_of(group) == ["2023-07-31"] * 2, "a day without a map changes nothing"
    controller.setNavigationMode(ANIMATED)
    layers.days.show_day(dt.date(2023, 8, 1))
    assert controller.currentFrameNumber() == 2


@pytest.mark.parametrize(("first", "last", "words"), [
    ("2023-07-15", "2023-07-15", "15 Jul 2023"), ("2023-08-01", "2023-08-31", "1 – 31 Aug 2023"),
    ("2023-07-15", "2023-08-31", "15 Jul – 31 Aug 2023"), ("2023-12-20", "2024-01-04", "20 Dec 2023 – 4 Jan 2024")])
def test_periods_in_words(first: str, last: str, words: str) -> None:
    assert dates.period_text(dt.date.fromisoformat(first), dt.date.fromisoformat(last)) == words
