"""The days of the map as pictures: each shows its own day, all of them are there or none, and nothing is replaced."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import products
import pytest
from products import days_from, maps, summary
from qgis.core import QgsRasterLayer
from qgis.PyQt.QtGui import QImage
from qgis.PyQt.QtWidgets import QToolButton

from deepsoil_plugin.dock.day_bar import DayBar
from deepsoil_plugin.map import day_layers
from deepsoil_plugin.map.result_layers import ResultLayers

DAYS = days_from("2023-07-14", 3)
NAMES = [f"North_quarter_{day}.png" for day in DAYS]


@pytest.fixture
def bar(window: Any, tmp_path: Path, qtbot: Any) -> Iterator[DayBar]:
    """Of a job of three days with 5 cm alone, on a map of 300 by 200 pixels."""
    results = ResultLayers(window)
    outputs = []
    for number, day in enumerate(DAYS):  # far enough apart for three colours
        (made,) = maps(tmp_path, [day], (5,))
        products.write_product(Path(made["path"]), products.np.full((20, 30), 0.1 + 0.12 * number), day=day)
        outputs.append(made)
    group = results.show(summary(outputs, start=DAYS[0], end=DAYS[-1]))
    qtbot.waitUntil(lambda: not results._queue, timeout=10_000)
    layer = group.findLayers()[0].layer()
    window.canvas.resize(300, 200)
    window.canvas.setDestinationCrs(layer.crs())
    window.canvas.setLayers([layer])
    window.canvas.setExtent(layer.extent())
    made = DayBar(results, window)
    qtbot.addWidget(made)
    made.choose(products.JOB)
    yield made
    made.close_down()
    results.close()


def layer_of(window: Any) -> QgsRasterLayer:
    return window.canvas.layers()[0]


def colour(path: Path) -> str:
    image = QImage(str(path))
    return image.pixelColor(image.width() // 2, image.height() // 2).name()


def test_each_picture_shows_its_day_and_the_map_comes_back(bar: DayBar, window: Any, tmp_path: Path, qtbot: Any,
                                                           ) -> None:
    folder = tmp_path / "pictures"
    for number in (1, 2):
        with qtbot.waitSignal(bar._pictures.ended, timeout=30_000) as told:
            bar.export_pictures(folder)
        assert told.args == [3, ""] and len(list(folder.iterdir())) == 3 * number, "nothing is replaced"
    assert len({colour(folder / name) for name in NAMES}) == 3
    first = QImage(str(folder / NAMES[0]))
    corner = [first.pixelColor(x, first.height() - up).lightness() for x in range(4, 60) for up in range(4, 20)]
    assert min(corner) < 90, "its day is written into the corner"
    assert day_layers.shown_day(layer_of(window)) == DAYS[-1]
    assert "3 files are in" in window.bar.currentItem().text()


def test_stopped_or_refused_there_is_no_file(bar: DayBar, window: Any, tmp_path: Path, qtbot: Any) -> None:
    folder = tmp_path / "pictures"
    button = bar.findChild(QToolButton, "deepsoilMapDayPictures")
    with qtbot.waitSignal(bar._pictures.ended, timeout=30_000) as told:
        bar.export_pictures(folder)
        assert button.isChecked()
        button.click()
    assert told.args == [0, ""] and not button.isChecked() and list(folder.iterdir()) == []
    (tmp_path / "file").write_text("")
    bar.export_pictures(tmp_path / "file")
    assert "Choose another folder" in window.bar.currentItem().text()
