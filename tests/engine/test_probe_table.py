"""Files and words with readings of own probes: what is understood, and what is refused with advice."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.stations.probe_columns import ProbeFile
from deepsoil.stations.probe_preview import preview
from deepsoil.stations.probe_table import read_probes
from deepsoil.stations.reading_text import parse_reading

HERE = (-96.6, 39.1)


def read(folder: Path, text: str, **given: Any) -> list[tuple[Any, ...]]:
    path = folder / "probe.csv"
    path.write_text(text, encoding="utf-8")
    return [(one.sensor, one.depth_cm, str(one.date), round(one.theta, 4), one.longitude, one.latitude)
            for one in read_probes(path, ProbeFile(**given))]


def refused(folder: Path, text: str, **given: Any) -> DeepSoilError:
    with pytest.raises(DeepSoilError) as caught:
        read(folder, text, **given)
    assert caught.value.code == "readings_invalid" and caught.value.hint
    return caught.value


def test_a_plain_file(tmp_path: Path) -> None:
    found = read(tmp_path, "date,sensor,longitude,latitude,depth_cm,theta\n2023-07-12,A,-96.6,39.1,20,0.22\n",
                 unit="m3m3")
    assert found == [("A", 20.0, "2023-07-12", 0.22, -96.6, 39.1)]


def test_decimal_commas_per_cent_and_one_column_a_depth(tmp_path: Path) -> None:
    found = read(tmp_path, "\ufeffDate;5 cm [%];VWC_20cm (%)\n2023-07-12;22,5;30\n\n2023-07-13;;31,25\n", place=HERE)
    assert found == [("probe", 5.0, "2023-07-12", 0.225, *HERE), ("probe", 20.0, "2023-07-12", 0.3, *HERE),
                     ("probe", 20.0, "2023-07-13", 0.3125, *HERE)]


def test_times_become_means_of_utc_days(tmp_path: Path) -> None:
    found = read(tmp_path, "time,vwc\n2023-07-12T23:30-05:00,20\n2023-07-13T12:00Z,22\n2023-07-13 13:00,24\n",
                 unit="percent", place=HERE, depth_cm=10.0)
    assert found == [("probe", 10.0, "2023-07-13", 0.22, *HERE)]


def test_what_marks_a_missing_value_is_no_reading(tmp_path: Path) -> None:
    found = read(tmp_path, "date,theta\n2023-07-12,-9999\n2023-07-13,NaN\n2023-07-14,0.2\n", unit="m3m3", place=HERE,
                 depth_cm=5.0)
    assert [one[2] for one in found] == ["2023-07-14"]


HEAD, ROW = "date,sensor,longitude,latitude,depth_cm,theta\n", "2023-07-12,A,-96.6,39.1,20,0.22\n"


@pytest.mark.parametrize(("text", "given", "message", "hint"), [
    (HEAD + ROW, {}, "does not say the unit", "percent"),
    (HEAD + ROW.replace("0.22", "22"), {"unit": "m3m3"}, "22 in row 2", "per cent"),
    (HEAD + ROW.replace("0.22", "wet"), {"unit": "m3m3"}, "'wet' in row 2", "Correct"),
    (HEAD + ROW.replace("2023-07-12", "12/07/2023"), {"unit": "m3m3"}, "'12/07/2023' in row 2", "2023-07-12"),
    (HEAD + ROW + ROW.replace("0.22", "0.3"), {"unit": "m3m3"}, "two unlike values of A at 20 cm on 2023-07-12: rows 2 "
     "and 3", "right one"),
    (HEAD.replace("theta", "theta [%]") + ROW, {"unit": "m3m3"}, "another unit", "unit of the file"),
    ("date,theta\n2023-07-12,0.2\n", {"unit": "m3m3", "place": HERE}, "does not say the depth", "depth_cm"),
    ("date,theta\n2023-07-12,0.2\n", {"unit": "m3m3", "depth_cm": 5.0}, "no longitude in row 2", "one place"),
    ("theta\n0.2\n", {"unit": "m3m3"}, "no column with the date", "time"),
    ("date,temperature\n2023-07-12,20\n", {"unit": "m3m3"}, "no column with the water content", "vwc"),
    ("date,theta\n", {"unit": "m3m3"}, "no rows", "first row"),
    (HEAD + ROW.replace("-96.6", "-960"), {"unit": "m3m3"}, "cannot be used", "degrees"),
])
def test_what_is_refused(tmp_path: Path, text: str, given: dict[str, Any], message: str, hint: str) -> None:
    error = refused(tmp_path, text, **given)
    assert message in error.message and hint in error.hint, (error.message, error.hint)


def test_a_reading_in_words() -> None:
    one = parse_reading("0,22 at 20 cm on 2023-07-12 at -96.6,39.1")
    assert (one.theta, one.depth_cm, one.date, one.longitude, one.latitude) == (
        0.22, 20.0, dt.date(2023, 7, 12), -96.6, 39.1)
    assert parse_reading("22 % at 7,5 cm on 2023-07-12 at -96.6 39.1").theta == pytest.approx(0.22)
    for wrong in ("22 at 20 cm on 2023-07-12 at -96.6,39.1", "0.22 at 20 on 2023-07-12 at -96.6,39.1",
                  "0.22 at 20 cm on 2023-13-12 at -96.6,39.1", "0.22 at 20 cm on 2023-07-12 at -960.6,39.1",
                  "0.22 at 400 cm on 2023-07-12 at -96.6,39.1"):
        with pytest.raises(DeepSoilError) as caught:
            parse_reading(wrong)
        assert caught.value.code == "readings_invalid"


KONA = "Sample Date;Moisture 1 (%);Moisture 2 (%)\n07/12/2023 23:00;22,5;9999999\n07/13/2023 01:00;;31,25\n"


def write(folder: Path, text: str) -> str:
    (folder / "probe.csv").write_text(text, encoding="utf-8")
    return str(folder / "probe.csv")


def test_a_preview_asks_until_nothing_is_left_to_guess(tmp_path: Path) -> None:
    """US dates, local times, decimal commas, columns that say no depth: each has to be said before there is a value."""
    path = write(tmp_path, KONA)
    first = preview(path, None)
    assert (first["separator"], first["decimal"]) == (";", ",")
    assert first["asked"] == ["time", "value", "place"] and first["readings"] == []
    said: dict[str, Any] = {"columns": {"time": 0}, "values": {1: None, 2: None}}
    assert preview(path, said)["asked"] == ["depth", "place", "order"]
    said |= {"place": HERE, "order": "mdy", "values": {1: 5, 2: 20}}
    assert preview(path, said)["asked"] == ["zone"]
    whole = preview(path, {**said, "zone_min": -300, "sensor": "Kona"})
    assert whole["asked"] == [] and whole["problem"] is None and whole["missing"] == 2
    assert [(one["sensor"], one["depth_cm"], one["date"], one["theta"]) for one in whole["readings"]] == [
        ("Kona", 5.0, "2023-07-13", 0.225), ("Kona", 20.0, "2023-07-13", 0.3125)]
    assert preview(path, {**said, "zone_min": 0})["readings"][0]["date"] == "2023-07-12"


def test_a_preview_says_what_is_refused_and_keeps_the_rest(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + ROW + ROW.replace("-12", "-13").replace("0.22", "22") + ROW.replace("-12", "-14")
                 .replace("0.22", "wet") + ROW.replace("-12", "-15").replace("0.22", "0.3")
                 + ROW.replace("-12", "-15"))
    found = preview(path, {"unit": "m3m3"})
    assert [one["date"] for one in found["readings"]] == ["2023-07-12"]
    assert [one["row"] for one in found["refused"]] == [3, 4, 5] and found["refused_count"] == 3
    assert "per cent" in found["refused"][0]["error"]["hint"]
    assert preview(path, {"unit": "percent"})["refused_count"] == 2, "0.22 % is little, but it may be"
    for wrong in ({"unit": "inch"}, {"columns": {"time": 99}}, {"values": {"a": 5}}, {"nothing": 1}):
        with pytest.raises(DeepSoilError) as caught:
            preview(path, wrong)
        assert caught.value.code == "params_invalid"
