"""A plan as the engine gives it, the dock over an engine that answers with it, and what tests look for there."""

from __future__ import annotations

import json
from typing import Any

import pytest
from qgis.core import QgsRectangle
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QDialog, QLabel, QPushButton, QToolButton

from deepsoil_plugin import preferences
from deepsoil_plugin.components import Components

TODAY_UNTIL = "2026-11-28"


def archive(name: str, needs: list[str], size: int, **more: Any) -> dict[str, Any]:
    return {"name": name, "title": name.title(), "needs": needs, "used_for": needs, "channels": [], "pieces": 3,
            "licence": "public domain", "attribution": f"Data of {name}.", "terms": None, "account": None, "off": False,
            "agreed": True, "has_account": True, "bytes": size, "seconds": 20, "hosts": [f"{name}.example"],
            "last_checked": None, "problem": None} | more


def refusal(code: str, message: str) -> dict[str, Any]:
    return {"code": code, "message": message, "hint": "", "field": None}


ARCHIVES = [
    archive("gridmet", ["weather"], 20_000_000),
    archive("survey", ["soil"], 12_000_000),
    archive("elevation", ["elevation"], 8_000_000),
    archive("polaris", ["soil"], 0, used_for=[], licence="CC BY-NC 4.0", terms="Not for commercial use.", agreed=False,
            problem=refusal("archive_terms", "Polaris is used only by those who agree.")),
    archive("smap_l3", ["smap"], 0, used_for=[], account="earthdata", has_account=False,
            problem=refusal("archive_account", "It needs an account.")),
]
PLAN = {"start": "2023-11-30", "end": "2026-11-30", "bytes": 40_000_000, "seconds": 121.0, "title": "Field at 46° N",
        "folder": "/home/user/regions-data/46-n", "covered_by": None, "near": ["West <b>field"], "archives": ARCHIVES,
        "without": [{"need": "stations", "title": "Stations", "problem": refusal("archive_outside", "None is near.")}],
        "problems": []}
FOOTPRINT = {"type": "Polygon", "coordinates": [[[-105.1, 40.3], [-104.7, 40.3], [-104.7, 40.6], [-105.1, 40.6],
                                                 [-105.1, 40.3]]]}
REGION = {"id": "gathered", "path": "/r/gathered/store", "name": "My field", "synthetic": False, "footprint": FOOTPRINT,
          "first_date": "2023-11-30", "last_date": TODAY_UNTIL, "channels": [], "stations": 0, "problem": None,
          "attribution": "gridMET (Abatzoglou 2013); 3DEP (USGS)", "gathered": "/r/gathered"}
MODELS = [{"id": f"m{depth}", "depth_cm": depth, "title": "Plains", "version": "1.2", "default": True, "channels": [],
           "card": "", "problem": None} for depth in (5, 20)]
ESTIMATE = {"area_ha": 64.2, "pixels": 714, "windows": 1, "seconds": 4.1, "bytes": 1000, "problems": [],
            "region": "gathered"}


class Dock:
    """The dock over an engine that a test scripts; what it was asked is in a log."""

    def __init__(self, window, client, log, regions_file):
        self.window, self.log, self.regions_file, self.closed = window, log, regions_file, False
        window.window.show()
        self.parts = Components(window)
        self.parts.open_dock()

    def close(self):
        if not self.closed:
            self.closed = True
            self.parts.close()

    def asked(self, method):
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [line["params"] for line in map(json.loads, lines) if line["method"] == method]

    def part(self, kind, name):
        found = self.parts.dock.findChild(kind, name)
        assert found is not None, name
        return found

    def text(self, name):
        return self.part(QLabel, name).text()

    def choose_view(self):
        self.window.canvas.setExtent(QgsRectangle(-11_690_000, 4_925_000, -11_688_000, 4_926_500))
        self.part(QToolButton, "deepsoilMapView").click()

    def has(self, regions):
        self.regions_file.write_text(json.dumps({"regions": regions}))

    def dialog(self, qtbot):
        found = []
        qtbot.waitUntil(lambda: found.extend(d for d in self.window.window.findChildren(QDialog)
                                             if d.objectName() == "deepsoilGatherDialog" and d.isVisible())
                        or bool(found), timeout=5_000)
        return found[0]


@pytest.fixture
def open_dock(window, fake_engine, qtbot, monkeypatch, tmp_path):
    made = []

    def make(regions=(), silent=(), first_time=False, errors=None, **results):
        preferences.set_first_steps_seen(not first_time)
        usual = {"list": [], "models": MODELS, "estimate": ESTIMATE, "hosts": [], "gather_plan": PLAN}
        file = tmp_path / "regions.json"
        file.write_text(json.dumps({"regions": list(regions)}))
        client = fake_engine(results=usual | results, files={"regions": str(file)}, log=str(tmp_path / "log"),
                             silent=list(silent), errors=errors or {})
        monkeypatch.setenv("DEEPSOIL_ENGINE_PYTHON", str(client._python))
        dock = Dock(window, client, tmp_path / "log", file)
        made.append(dock)
        qtbot.waitUntil(lambda: dock.parts.client.is_ready and dock.parts.dock.request.data.answered, timeout=20_000)
        return dock

    yield make
    for dock in made:
        dock.close()


def ready_dialog(dock, qtbot):
    dock.choose_view()
    get = dock.part(QPushButton, "deepsoilGetData")
    qtbot.waitUntil(lambda: "archives" in dock.text("deepsoilDataCost"), timeout=10_000)
    QTest.mouseClick(get, Qt.MouseButton.LeftButton)
    dialog = dock.dialog(qtbot)
    go = dialog.findChild(QPushButton, "deepsoilGatherGo")
    qtbot.waitUntil(go.isEnabled, timeout=10_000)
    return dialog, go
