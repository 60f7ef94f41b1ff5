"""A depth that the engine adds is shown everywhere, and nothing else in the plugin names a depth."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from qgis.PyQt.QtGui import QPalette
from qgis.PyQt.QtWidgets import QCheckBox, QComboBox

import deepsoil_plugin
from deepsoil_plugin import contract, depths
from deepsoil_plugin.dock import depths_section
from deepsoil_plugin.jobs.map_request import MapRequest
from deepsoil_plugin.panels import station_plot
from deepsoil_plugin.widgets.plot_colours import plot_colours

ROOT = Path(deepsoil_plugin.__file__).parent
FORTY = {"depth_cm": 40, "title": "Subsoil", "description": "Below most roots", "model": "deepsoil-40cm",
         "tolerance_cm": 5, "colour": "#8a5a2b", "symbol": "triangle"}


@pytest.fixture
def restored() -> Iterator[None]:
    before = list(depths.DEPTHS)
    yield
    depths.DEPTHS[:] = before


def test_a_depth_of_the_engine_is_offered_sent_and_drawn(restored: None, qgis_app: object) -> None:
    section = depths_section.DepthsSection()
    assert section.depths_cm == (5, 20)
    assert depths.learn([FORTY, {"depth_cm": 20}, {"depth_cm": "x"}, {}])
    assert not depths.learn([FORTY]), "learnt twice"
    section.show_depths()
    section.show_depths()
    section.set_models([{"id": "deepsoil-40cm", "title": "Plains", "version": "1", "depth_cm": 40,
                         "default": True}])
    box = section.findChild(QCheckBox, "deepsoilDepth40")
    assert box is not None and box.toolTip() == "Below most roots"
    assert section.findChild(QComboBox, "deepsoilModel40").currentData() == "deepsoil-40cm"
    assert section.depths_cm == (5, 20), "a new depth is the user's choice"
    box.setChecked(True)
    assert section.depths_cm == (5, 20, 40)
    assert MapRequest().specification("x")["depths_cm"] == [5, 20, 40]
    assert MapRequest.from_dict({"depths_cm": [40], "models": {"40": "m", "41": "n"}}).models == {"40": "m"}
    assert depths.list_text() == "5, 20 or 40 cm"
    plot = station_plot.StationPlot(plot_colours(QPalette()))
    assert list(plot.depths) == [5, 20, 40] and "▲" in plot._key.toHtml()


def test_the_depths_of_the_contract_have_an_entry() -> None:
    assert depths.depths_cm() == contract.DEPTHS_CM


def test_no_other_file_names_a_depth() -> None:
    named = re.compile(r"\b(5|20) ?cm\b|depth(s)?(_cm)? *(==|in|=) *[\[(]?(5|20)\b")
    files = [path for path in ROOT.rglob("*.py") if path.name not in ("depths.py", "contract.py")]
    found = {path.name: hits for path in files if "extlibs" not in path.parts
             if (hits := [line for line in path.read_text(encoding="utf-8").splitlines()
                          if named.search(line.split("#")[0]) and '"""' not in line and "``" not in line])}
    assert found == {}
