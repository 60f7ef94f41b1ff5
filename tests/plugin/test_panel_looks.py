"""The station panel as wide as the map between two docks (590 pixels): nothing is cut, nothing is too faint.

With ``QT_SCALE_FACTOR=2`` the same at 200 %.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from qgis.PyQt.QtCore import QCoreApplication, Qt
from qgis.PyQt.QtGui import QFontMetricsF
from qgis.PyQt.QtWidgets import QLabel
from test_looks import look, looked_at  # noqa: F401
from test_panel_station import REGIONS, STATION, Engine, compared, engine  # noqa: F401

from deepsoil_plugin import paths
from deepsoil_plugin.text import translator

WIDTH_PX = 590


@pytest.fixture
def panel(look: str, window: Any, engine: Engine) -> Any:  # noqa: F811
    from deepsoil_plugin.panels.station_panel import StationPanel

    made = StationPanel(window, engine)
    window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, made)
    window.window.resize(WIDTH_PX, 700)
    window.mainWindow().show()
    made.look = look
    return made


def test_nothing_is_cut(panel: Any, engine: Engine, qtbot: Any) -> None:  # noqa: F811
    panel.show_station("sample", {**STATION, "name": "Kings Creek Konza Prairie"})
    wrong = cut_or_faint(panel, f"look_station_waiting_{panel.look}")
    engine.finish(engine.jobs[0])
    qtbot.waitUntil(lambda: bool(panel._scores.texts()), timeout=5000)
    wrong += cut_or_faint(panel, f"look_station_{panel.look}")
    assert panel.width() == WIDTH_PX and not wrong, "\n".join(wrong)
    assert panel._line.text().endswith("(m³/m³)")
    header = panel._header
    assert header.title.text() == "Kings Creek Konza Prairie", "where there is little room, the network is cut first"
    assert header.network.text().startswith("Synth")
    assert panel._scores.texts()[2] == ["simple estimate: MAE 0.032 · other stations · prediction better"]


def test_nothing_is_cut_in_spanish_either(look: str, window: Any, engine: Engine, qtbot: Any,  # noqa: F811
                                          monkeypatch: pytest.MonkeyPatch) -> None:
    from deepsoil_plugin.panels.station_panel import StationPanel

    monkeypatch.setitem(REGIONS[0], "forecast_from", "2023-12-24")
    spanish = translator.load(paths.resources() / "i18n", "es")
    QCoreApplication.installTranslator(spanish)
    try:
        panel = StationPanel(window, engine)
        window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, panel)
        window.window.resize(WIDTH_PX, 700)
        window.mainWindow().show()
        compared(panel, engine, qtbot)
        wrong = cut_or_faint(panel, f"look_station_spanish_{look}")
    finally:
        QCoreApplication.removeTranslator(spanish)
    assert panel.width() == WIDTH_PX and not wrong, "\n".join(wrong)
    assert "pronóstico" in panel._line.text()


def cut_or_faint(panel: Any, name: str) -> list[str]:
    """What is wrong with the texts of the panel; signs of colours need 3:1."""
    wrong = [one for one in looked_at(panel, name) if not any(sign in one for sign in "━▮")]
    for label in panel.findChildren(QLabel):
        need = max(label.fontMetrics().horizontalAdvance(line) for line in label.text().split("\n"))
        if label.isVisible() and not label.wordWrap() and need > label.contentsRect().width() + 1:
            wrong.append(f"{label.text()!r} is cut at its end")
    plot = panel._plot
    axis = plot.time_plots[-1].getAxis("bottom")
    labels = axis.tickStrings(axis.tickValues(*axis.range, axis.width())[0][1], 1.0, 1.0)
    assert labels[0].split("\n")[1] == "2023", "the year stands below the first day"
    assert axis.height() >= 2 * QFontMetricsF(axis.style["tickFont"]).lineSpacing(), "and is not cut"
    return wrong


def test_in_a_wide_window_the_header_is_one_line(panel: Any, engine: Engine, qtbot: Any,  # noqa: F811
                                                 window: Any) -> None:
    compared(panel, engine, qtbot)
    narrow = panel._header.height()
    window.window.resize(1366, 768)
    looked_at(panel, f"look_station_wide_{panel.look}")
    assert panel._header.height() < narrow
    assert panel._scores.texts()[1][-1] == "0.032 · other stations · prediction better"
    window.window.resize(WIDTH_PX, 768)
    looked_at(panel, f"look_station_narrow_{panel.look}")
    assert panel._header.height() == narrow and panel.width() == WIDTH_PX


def test_days_to_come_are_dashed_and_called_forecast(panel: Any, engine: Engine, qtbot: Any,  # noqa: F811
                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(REGIONS[0], "forecast_from", "2023-12-24")
    compared(panel, engine, qtbot)
    wrong = cut_or_faint(panel, f"look_station_forecast_{panel.look}")
    assert not wrong, "\n".join(wrong)
    plot = panel._plot
    for depth in (5, 20):
        solid, dashed = plot._predicted[depth][0], plot._coming[depth][0]
        days = [np.flatnonzero(np.isfinite(line.getData()[1])).tolist() for line in (solid, dashed)]
        assert days == [list(range(83)), list(range(82, 90))]
        assert dashed.opts["pen"].style() == Qt.PenStyle.DashLine != solid.opts["pen"].style()
    assert [note.toPlainText() for note in plot._forecast.notes] == ["forecast", "forecast"]
    assert len(plot._rain_to_come.opts["x"]) == 7
    assert panel._line.text().startswith("30 Dec 2023 · forecast")
    monkeypatch.setitem(REGIONS[0], "forecast_from", None)
    panel._header.periods.button(30).click()
    engine.finish(engine.jobs[0])
    qtbot.waitUntil(lambda: len(panel._shown.days) == 30 and bool(panel._scores.texts()), timeout=5000)
    assert {note.toPlainText() for note in plot._forecast.notes} == {""}
    assert not any(line.isVisible() for line in plot._forecast.lines)
