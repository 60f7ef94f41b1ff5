"""A depth is one entry: adding 40 cm shows it everywhere, and nothing else in the plugin names a depth."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from qgis.PyQt.QtGui import QPalette
from qgis.PyQt.QtWidgets import QCheckBox, QComboBox

import deepsoil_plugin
from deepsoil_plugin import depths
from deepsoil_plugin.dock import depths_section
from deepsoil_plugin.jobs.map_request import MapRequest
from deepsoil_plugin.panels import station_plot
from deepsoil_plugin.widgets.plot_colours import plot_colours

FORTY = depths.Depth(40, "subsoil", "Below most roots", "t", "▲", 0.8, "deepsoil-40cm")
ROOT = Path(deepsoil_plugin.__file__).parent


@pytest.fixture
def with_forty(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = (*depths.DEPTHS, FORTY)
    for module in (depths, depths_section, station_plot):
        monkeypatch.setattr(module, "DEPTHS", entries)


def test_another_depth_is_offered_sent_and_drawn(with_forty: None, qgis_app: object) -> None:
    section = depths_section.DepthsSection()
    section.set_models([{"id": "deepsoil-40cm", "title": "Plains", "version": "1", "depth_cm": 40}])
    box = section.findChild(QCheckBox, "deepsoilDepth40")
    assert box is not None and box.toolTip() == "Below most roots"
    assert section.findChild(QComboBox, "deepsoilModel40").currentData() == "deepsoil-40cm"
    assert section.depths_cm == (5, 20, 40)
    assert MapRequest().specification("x")["depths_cm"] == [5, 20, 40]
    assert MapRequest.from_dict({"depths_cm": [40], "models": {"40": "m", "41": "n"}}).models == {"40": "m"}
    assert depths.list_text() == "5, 20 or 40 cm"
    plot = station_plot.StationPlot(plot_colours(QPalette()))
    assert list(plot.depths) == [5, 20, 40] and "▲" in plot._key.toHtml()


def test_no_other_file_names_a_depth() -> None:
    named = re.compile(r"\b(5|20) ?cm\b|depth(s)?(_cm)? *(==|in|=) *[\[(]?(5|20)\b")
    found = {path.name: hits for path in ROOT.rglob("*.py") if path.name != "depths.py" and "extlibs" not in path.parts
             if (hits := [line for line in path.read_text(encoding="utf-8").splitlines()
                          if named.search(line.split("#")[0]) and '"""' not in line and "``" not in line])}
    assert found == {}
