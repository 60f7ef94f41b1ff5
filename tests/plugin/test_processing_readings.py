"""The readings of the Processing algorithm: what is said of a file, and what the engine reads, go with the request."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from products import maps
from qgis.core import QgsProcessingException
from test_processing import DAY, engine, fields, provider, run  # noqa: F401

from deepsoil_plugin.processing.provider import DeepSoilProvider


def test_readings_go_with_the_request_once_nothing_is_left_to_guess(
        provider: DeepSoilProvider, engine: Any,  # noqa: F811
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = {output["name"]: [output["path"], output["depth_cm"], output["date"]]
            for output in maps(tmp_path, ["2023-07-15"])}
    requests = engine(files=made)
    daily = {"longitude": -96.6, "latitude": 39.1, "depth_cm": 5.0, "date": "2023-07-12", "theta": 0.2, "sensor": "a"}
    answer = {"file": "probe.csv", "asked": [], "problem": None, "refused": [], "readings": [daily]}
    monkeypatch.setenv("DEEPSOIL_FAKE_READING", json.dumps({**daily, "sensor": "reading"}))
    monkeypatch.setenv("DEEPSOIL_FAKE_PROBES", json.dumps(answer))
    asked = {**DAY, "AREA": fields(), "OUTPUT": str(tmp_path / "maps"), "LOAD": False}
    whole = {**asked, "READINGS": str(tmp_path / "probe.csv"), "READINGS_UNIT": 1, "READINGS_DEPTH": 0.0,
             "READINGS_PLACE": "-96.6,39.1 [EPSG:4326]", "READINGS_UTC_OFFSET": -5.5, "READINGS_DATES": 3,
             "READINGS_TYPED": "0.22 at 20 cm on 2023-07-12 at -96.6,39.1", "READINGS_LATER_DAYS": True}
    run("deepsoil:mapsoilmoisture", whole)
    said = [r["params"]["said"] for r in requests() if r["method"] == "probe_table"]
    assert said == [{"unit": "percent", "order": "mdy", "depth_cm": 0.0, "zone_min": -330, "place": [-96.6, 39.1]}]
    sent = [r["params"]["specification"]["options"]["readings"] for r in requests() if r["method"] == "submit"]
    assert sent == [{"stations": False, "left_out": [], "values": [daily, {**daily, "sensor": "reading"}],
                     "later_days": True}]
    for change, words in (({"asked": ["unit", "zone"], "readings": []}, "unit of the water content, by which clock"),
                          ({"refused": [{"row": 3, "error": {"code": "readings_invalid", "message": "Row 3 is bad.",
                                                             "hint": "Mend it.", "field": None}}]}, "Row 3 is bad"),
                          ({"readings": []}, "has no reading")):
        monkeypatch.setenv("DEEPSOIL_FAKE_PROBES", json.dumps({**answer, **change}))
        with pytest.raises(QgsProcessingException, match=words):
            run("deepsoil:mapsoilmoisture", whole)
    with pytest.raises(QgsProcessingException, match="no readings are given"):
        run("deepsoil:mapsoilmoisture", {**asked, "READINGS_LATER_DAYS": True})
    archive = {**answer, "sensors": [], "refused": [{"row": 0, "error": {
        "code": "readings_invalid", "message": "A cosmic-ray probe.", "hint": "None.", "field": None}}]}
    monkeypatch.setenv("DEEPSOIL_FAKE_PROBES", json.dumps(archive))
    run("deepsoil:mapsoilmoisture", {**asked, "READINGS": str(tmp_path / "net.zip")})
    sent = [r["params"]["specification"]["options"]["readings"] for r in requests() if r["method"] == "submit"]
    assert sent[-1]["values"] == [daily], "an archive is used though some of its sensors cannot be"
