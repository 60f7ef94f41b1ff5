"""The first steps: shown once on a computer without data, they follow what the user does and can be closed and begun
again."""

from __future__ import annotations

from pathlib import Path

from gather_parts import REGION, open_dock  # noqa: F401
from qgis.PyQt.QtCore import QCoreApplication, QEvent, Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QLabel, QPushButton, QToolButton, QWidget

from deepsoil_plugin import preferences
from deepsoil_plugin.dock.first_steps import Frame


def strip(dock):
    return dock.part(QWidget, "deepsoilFirstSteps")


def framed(dock):
    """The object names of what is framed, or their classes'."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return [type(frame.parent()).__name__ for frame in dock.parts.dock.findChildren(Frame)]


def title(dock):
    return dock.text("deepsoilStepTitle")


def test_without_any_data_the_steps_are_shown_once_and_go_on_with_what_is_done(open_dock, qtbot):  # noqa: F811
    dock = open_dock(first_time=True)
    qtbot.waitUntil(strip(dock).isVisible, timeout=10_000)
    assert title(dock).startswith("Step 1 of 5") and framed(dock) == ["AreaSection"]
    frame = dock.parts.dock.findChild(Frame)
    assert frame.size() == frame.parent().size()
    assert frame.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    dock.choose_view()
    assert title(dock).startswith("Step 2 of 5") and framed(dock) == ["DataSection"]
    assert not dock.parts.dock.request.data.visibleRegion().isEmpty(), "the dock has scrolled to it"
    QTest.keyClick(dock.part(QPushButton, "deepsoilStepNext"), Qt.Key.Key_Space)
    assert framed(dock) == ["DatesSection", "DepthsSection", "WaterSection"]
    dock.part(QPushButton, "deepsoilStepBack").click()
    assert title(dock).startswith("Step 2 of 5")
    dock.parts.dock.request.submitted.emit(dock.parts.dock.request.request())
    assert title(dock).startswith("Step 5 of 5"), "whoever sends a map has done what comes before"
    assert dock.part(QPushButton, "deepsoilStepNext").text() == "Finish"
    dock.part(QPushButton, "deepsoilStepNext").click()
    assert strip(dock).isHidden() and framed(dock) == [] and preferences.first_steps_seen()
    dock.parts.dock.request.ask_host()
    qtbot.wait(300)
    assert strip(dock).isHidden(), "they do not come back by themselves"
    dock.parts.dock.guide.begin()
    assert title(dock).startswith("Step 1 of 5")


def test_closing_them_leaves_nothing_and_they_do_not_show_where_there_is_data(open_dock, qtbot):  # noqa: F811
    dock = open_dock(first_time=True)
    qtbot.waitUntil(strip(dock).isVisible, timeout=10_000)
    assert len(dock.part(QLabel, "deepsoilStepText").text()) < 260, "a step is read at a glance"
    dock.part(QToolButton, "deepsoilStepsClose").click()
    assert strip(dock).isHidden() and framed(dock) == []
    dock.close()
    other = open_dock(regions=[REGION], first_time=True)
    qtbot.wait(300)
    assert strip(other).isHidden()


def test_the_strip_is_looked_at(open_dock, qtbot):  # noqa: F811
    dock = open_dock(first_time=True)
    qtbot.waitUntil(strip(dock).isVisible, timeout=10_000)
    dock.parts.dock.resize(360, 768)
    qtbot.wait(200)
    folder = Path(__file__).parents[2] / "build" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    dock.parts.dock.grab().save(str(folder / "first_steps.png"))
