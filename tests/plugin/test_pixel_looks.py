"""The pixel panel as wide as the map between two docks (590 pixels): nothing is cut, nothing is too faint."""

from __future__ import annotations

from typing import Any

import pytest
from qgis.PyQt.QtCore import QCoreApplication, Qt
from test_looks import look  # noqa: F401
from test_panel_looks import WIDTH_PX, cut_or_faint
from test_pixel import LATITUDE, LONGITUDE, REGION, Held, held  # noqa: F401

from deepsoil_plugin import paths
from deepsoil_plugin.panels.pixel_panel import PixelPanel
from deepsoil_plugin.panels.pixel_place import Place
from deepsoil_plugin.text import translator


@pytest.mark.parametrize("language", ["en", "es"])
def test_nothing_is_cut(look: str, language: str, window: Any, held: Held) -> None:  # noqa: F811
    translated = translator.load(paths.resources() / "i18n", language)
    QCoreApplication.installTranslator(translated)
    try:
        panel = PixelPanel(window, held, lambda longitude, latitude: Place(longitude, latitude, REGION))
        window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, panel)
        window.window.resize(WIDTH_PX, 700)
        window.mainWindow().show()
        panel.show_place(LONGITUDE, LATITUDE)
        held.release()
        wrong = cut_or_faint(panel, f"look_place_{language}_{look}")
        width = panel.width()
        panel.close()
        panel.leave()
    finally:
        QCoreApplication.removeTranslator(translated)
    assert width == WIDTH_PX and not wrong, "\n".join(wrong)

