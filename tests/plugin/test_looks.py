"""The readings and the water in QGIS's own looks, light and dark: no text is cut, none is too faint to be read.

With ``QT_SCALE_FACTOR=2`` the same at 200 %.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtGui import QColor, QImage, QPalette
from qgis.PyQt.QtWidgets import QAbstractButton, QCheckBox, QComboBox, QLabel, QLineEdit, QPushButton, QToolButton
from test_dock import FOOTPRINT, REGION, open_dock, part  # noqa: F401
from test_readings import DAILY, KNOWN, TYPED, UNKNOWN, choose, dialog_of

from deepsoil_plugin.dock.readings.list_window import ReadingsWindow
from deepsoil_plugin.dock.readings.probe_dialog import ProbeDialog
from deepsoil_plugin.dock.readings.value_dialog import ValueDialog
from deepsoil_plugin.jobs.readings import KnownReadings, ProbeReadings

SHOTS = Path(__file__).parents[2] / "build" / "screenshots"
LEAST_CONTRAST = 4.5  # WCAG 2 for text
OF_THE_THEME = (QComboBox, QPushButton)
"""Night Mapping draws these itself, for all of QGIS, with 3.4 to 4.1:1; DeepSoil does not paint over it."""
LATER = {"code": "readings_later", "message": "1 of 4 readings is of a day after those of the maps and is not used: "
         "reading, 20 cm, 2023-07-20.", "hint": "Ask for the best reconstruction of the past to use them.",
         "field": "options.readings"}
ESTIMATE = {"area_ha": 64.2, "pixels": 714, "windows": 1, "seconds": 4.1, "bytes": 1000, "problems": [],
            "warnings": [LATER], "region": "sample"}


def dark_palette():
    """Of a dark desktop, as Breeze Dark has it."""
    dark, roles = QPalette(), QPalette.ColorRole
    for role, colour in ((roles.Window, "#31363b"), (roles.WindowText, "#eff0f1"), (roles.Base, "#232629"),
                         (roles.Text, "#eff0f1"), (roles.Button, "#31363b"), (roles.ButtonText, "#eff0f1"),
                         (roles.Highlight, "#3daee9"), (roles.PlaceholderText, "#80eff0f1")):
        dark.setColor(role, QColor(colour))
    return dark


@pytest.fixture(params=["default", "dark", "Night Mapping"])
def look(request, qgis_app):
    before = QgsApplication.palette(), qgis_app.styleSheet()
    if request.param == "dark":
        QgsApplication.setPalette(dark_palette())
    elif request.param not in QgsApplication.uiThemes():
        pytest.skip("QGIS has no such theme here")
    else:
        QgsApplication.setUITheme(request.param)
    yield request.param.split()[0].lower()
    QgsApplication.setUITheme("default")
    qgis_app.setStyleSheet(before[1])
    QgsApplication.setPalette(before[0])


def pixels_of(widget):
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGBA8888)
    bits = image.constBits()
    bits.setsize(image.sizeInBytes())
    return np.frombuffer(bits, np.uint8).reshape(image.height(), image.width(), 4)[..., :3].copy()


def contrast_in(part):
    """WCAG 2's contrast of the most frequent colour with the one furthest from it: letters' stems have their colour."""
    colours, counts = np.unique(part.reshape(-1, 3), axis=0, return_counts=True)
    share = colours / 255.0
    linear = np.where(share <= 0.03928, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    luminance = linear @ np.array([0.2126, 0.7152, 0.0722]) + 0.05
    behind = luminance[np.argmax(counts)]
    return float(np.max(np.maximum(luminance / behind, behind / luminance)))


def texts_of(window):
    """(widget, text, width the text needs, width it has) of what can be read; wrapped labels need no width."""
    for widget in window.findChildren((QLabel, QAbstractButton, QLineEdit, QComboBox)):
        if not widget.isVisible() or not widget.isEnabled():
            continue
        text = widget.currentText() if isinstance(widget, QComboBox) else widget.text()
        if isinstance(widget, QLineEdit) and not text:
            text = widget.placeholderText()
        if not text.strip() or (isinstance(widget, QLabel) and widget.textFormat() == 1):
            continue
        need = 0 if isinstance(widget, QLabel) and widget.wordWrap() else \
            max(widget.fontMetrics().horizontalAdvance(line) for line in text.split("\n"))
        if isinstance(widget, (QCheckBox, QToolButton)):
            need = widget.sizeHint().width()
        yield widget, text, need, widget.width()


def looked_at(window, name):
    """A picture for people, and what is wrong with its texts."""
    for _ in range(5):
        QCoreApplication.processEvents()
    SHOTS.mkdir(parents=True, exist_ok=True)
    window.grab().save(str(SHOTS / f"{name}.png"))
    pixels, wrong = pixels_of(window), []
    for widget, text, need, room in texts_of(window):
        corner, ratio = widget.mapTo(window, widget.rect().topLeft()), round(window.devicePixelRatioF())
        left, top = ratio * max(0, corner.x()), ratio * max(0, corner.y())
        box = pixels[top:top + ratio * widget.height(), left:left + ratio * widget.width()]
        if widget.visibleRegion().boundingRect().size() != widget.size():
            continue  # scrolled out of sight, at least in part
        if need > room + 1:
            wrong.append(f"{widget.objectName()} {text!r} needs {need} of {room} pixels")
        if isinstance(widget, QLabel) and widget.wordWrap() and widget.heightForWidth(room) > widget.height() + 1:
            wrong.append(f"{widget.objectName()} {text!r} is cut below")
        if not isinstance(widget, OF_THE_THEME) and (found := contrast_in(box)) < LEAST_CONTRAST:
            wrong.append(f"{widget.objectName()} {text!r} has contrast {found:.1f}")
    return wrong


@pytest.fixture
def parts(look, open_dock, qtbot, tmp_path):  # noqa: F811
    answer = tmp_path / "answer.json"
    answer.write_text(json.dumps({"probe_table": UNKNOWN}))
    made = open_dock(files={"probe_table": str(answer)}, regions=[{**REGION, "stations": 3}], estimate=ESTIMATE,
                     crops=[{"crop": "corn", "title": "Corn (maize)"}])
    made.answer, made.look = answer, look
    made.dock.resize(380, 720)
    made.dock.request.area.set_area(FOOTPRINT, "North pivot")
    return made


def test_the_dock_with_its_readings_water_and_warnings(parts, qtbot):
    section = parts.dock.request.readings
    section.restore(KnownReadings(True, (ProbeReadings("kona.csv", tuple(DAILY)),), (TYPED,) * 3, True))
    parts.dock.request._changed()
    qtbot.waitUntil(lambda: "after those of the maps" in part(parts, QLabel, "deepsoilProblem").text(), timeout=10_000)
    wrong = looked_at(parts.dock, f"look_dock_{parts.look}")
    for kind in ("irrigated", "habit", "log"):
        choose(parts.dock, "deepsoilWater", kind)
        wrong += looked_at(parts.dock, f"look_water_{kind}_{parts.look}")
    assert not wrong, "\n".join(wrong)


def test_the_windows_of_the_readings(parts, qtbot):
    section = parts.dock.request.readings
    section.add_file("/data/kona.csv")
    dialog = dialog_of(parts, ProbeDialog)
    problem = dialog.findChild(QLabel, "deepsoilProbeProblem")
    qtbot.waitUntil(lambda: "order of day and month" in problem.text(), timeout=10_000)
    wrong = looked_at(dialog, f"look_probe_asked_{parts.look}")
    parts.answer.write_text(json.dumps({"probe_table": KNOWN}))
    choose(dialog, "deepsoilProbeRole1", "value")
    choose(dialog, "deepsoilProbeOrder", "mdy")
    dialog.set_place(-104.91, 40.42)
    qtbot.waitUntil(lambda: dialog.findChild(QLabel, "deepsoilProbeFound").isVisible(), timeout=10_000)
    wrong += looked_at(dialog, f"look_probe_ready_{parts.look}")
    dialog.close()
    section.ask_for_value(-104.91, 40.42)
    value = dialog_of(parts, ValueDialog)
    value.findChild(QAbstractButton, "deepsoilReadingAdd").click()
    wrong += looked_at(value, f"look_value_{parts.look}")
    value.close()
    section.restore(KnownReadings(True, (ProbeReadings("kona.csv", tuple(DAILY)),), (TYPED,) * 3, True))
    part(parts, QToolButton, "deepsoilReadingsShow").click()
    wrong += looked_at(dialog_of(parts, ReadingsWindow), f"look_list_{parts.look}")
    assert not wrong, "\n".join(wrong)
