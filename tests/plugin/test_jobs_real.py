"""A map is made at another host for real: the plugin, an engine here, an sshd, and an engine behind it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsPointXY,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
)
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QLabel, QPushButton, QToolButton
from test_hosts_real import WORD, pytestmark, sshd  # noqa: F401  # a fixture and its condition

from deepsoil_plugin.components import Components


@pytest.fixture
def there(sshd, real_python, sample_region, tmp_path):  # noqa: F811
    """A host document of a host with an engine, the sample region and untrained models."""
    port, _, key = sshd
    subprocess.run(["ssh-keygen", "-q", "-p", "-P", WORD, "-N", "", "-f", key], check=True)
    home = tmp_path / "there" / "deepsoil"
    (home / "engine").mkdir(parents=True)
    (home / "engine" / "current").symlink_to(Path(real_python).parents[1])
    variables = {**os.environ, "DEEPSOIL_HOME": str(home)}
    subprocess.run([str(real_python), "-m", "deepsoil", "regions", "--add", str(sample_region)], check=True,
                   capture_output=True, env=variables)
    code = ("import sys; from deepsoil.networks.export import export_random\n"
            "for depth in (5, 20): export_random(f'{sys.argv[1]}/random-{depth}cm.onnx', depth)")
    made = subprocess.run([str(real_python), "-c", code, str(home / "models")], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("no models could be made (is torch there?)")
    return {"id": "there", "title": "There", "address": "127.0.0.1", "port": port, "user": "root",
            "authentication": "key", "key_file": str(key), "home": str(home), "scheduler": "process"}


def test_maps_of_another_host_are_brought_here_and_loaded_by_themselves(
        window, real_python, there, qtbot, monkeypatch, tmp_path):
    person = tmp_path / "person"
    (person / ".ssh").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(person))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    monkeypatch.setenv("DEEPSOIL_ENGINE_PYTHON", str(real_python))
    window.window.show()
    parts = Components(window)
    parts.open_dock()
    qtbot.waitUntil(lambda: parts.client.is_ready, timeout=120_000)
    failures = []
    parts.hosts.save(there, lambda _: None, failures.append)
    qtbot.waitUntil(lambda: parts.questions._dialog is not None, timeout=120_000)
    parts.questions._dialog.findChild(QPushButton, "deepsoilQuestionYes").click()

    def state():
        return ((parts.hosts.host("there") or {}).get("connection") or {}).get("state")

    qtbot.waitUntil(lambda: state() == "ready" or bool(failures), timeout=120_000)
    assert failures == []
    request = parts.dock.request
    request.host.choose("there")
    qtbot.waitUntil(lambda: request.data.known and bool(request.depths.models), timeout=120_000)
    ring = request.data.region["footprint"]["coordinates"][0][:4]
    to_map = QgsCoordinateTransform(QgsCoordinateReferenceSystem("EPSG:4326"),
                                    window.canvas.mapSettings().destinationCrs(), QgsProject.instance())
    centre = to_map.transform(QgsPointXY(*(sum(host[axis] for host in ring) / 4 for axis in (0, 1))))
    window.canvas.setExtent(QgsRectangle.fromCenterAndSize(centre, 1500, 1000))
    parts.dock.findChild(QToolButton, "deepsoilMapView").click()
    go = parts.dock.findChild(QPushButton, "deepsoilMapIt")
    qtbot.waitUntil(lambda: "second" in parts.dock.findChild(QLabel, "deepsoilEstimate").text() and go.isEnabled(),
                    timeout=120_000)
    QTest.mouseClick(go, Qt.MouseButton.LeftButton)
    model = parts.session.model
    qtbot.waitUntil(lambda: any(job["state"] in ("succeeded", "failed") for job in model.jobs()), timeout=300_000)
    job = model.jobs()[0]
    assert job["state"] == "succeeded", job["reason"]
    assert job["host"] == "there" and job["away"]

    def layers():
        return [layer for layer in QgsProject.instance().mapLayers().values() if isinstance(layer, QgsRasterLayer)]

    qtbot.waitUntil(lambda: len(layers()) == 2, timeout=120_000)
    assert all(Path(layer.source()).is_relative_to(Path(os.environ["DEEPSOIL_HOME"])) for layer in layers())
    assert len(model.jobs()) == 1
    # The sample has no SMAP on its last day, which is the date that stands there: its soil is frozen.
    assert [item.text() for item in window.bar.items()] == [
        "Ready: Map view. 1 warning: see the list of jobs."], job["warnings"]
    shutil.rmtree(there["home"] + "/jobs", ignore_errors=True)
    assert all(layer.isValid() for layer in layers())
    parts.close()
