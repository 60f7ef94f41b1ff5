"""An archive of ISMN gives the user's own readings: every sensor of soil moisture, nothing asked, all refusals said."""

from __future__ import annotations

import argparse
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.readings import Reading, check_values
from deepsoil.sources import ismn_readings
from deepsoil.sources.ismn_readings import preview
from deepsoil.sources.probe_arguments import add_probes, probe_values
from test_ismn import HOURS, REAL, good, member, theta, write


def archive(folder: Path, ceop: bool = False) -> Path:
    """A station with three depths, two sensors at one of them; a cosmic-ray probe; temperature that freezes a day."""
    at_20 = (0.2, 0.2)
    second = member("one", "sm", at_20, theta(0.3), good, ceop=ceop)
    cold = np.where(np.arange(HOURS.size) < 24, -2.0, 10.0)
    return write(folder / "a.zip", member("one", "sm", (0.05, 0.05), theta(0.2), good, ceop=ceop),
                 member("one", "ts", (0.05, 0.05), cold, good, ceop=ceop),
                 member("one", "sm", at_20, theta(0.25), ["U"] * HOURS.size, ceop=ceop),
                 (second[0].replace("Probe-5", "Probe-6"), second[1]),
                 member("two", "sm", (0.0, 0.3), theta(0.2), good, ceop=ceop),
                 member("two", "sm", (0.5, 0.5), theta(0.2), ["D06"] * HOURS.size, ceop=ceop))


def by_sensor(answer: dict[str, Any]) -> dict[tuple[str, float], list[float]]:
    found: dict[tuple[str, float], list[float]] = {}
    for one in answer["readings"]:
        found.setdefault((one["sensor"], one["depth_cm"]), []).append(one["theta"])
    return found


@pytest.mark.parametrize("ceop", [False, True])
def test_every_sensor_is_read_and_what_is_not_used_is_said(tmp_path: Path, ceop: bool) -> None:
    answer = preview(archive(tmp_path, ceop), {})
    found = by_sensor(answer)
    assert {key: len(values) for key, values in found.items()} == {
        ("NET_one", 5.0): 5, ("NET_one", 20.0): 6, ("NET_one (2)", 20.0): 6}
    assert found["NET_one", 20.0][0] == pytest.approx(0.25 + 0.001 * 11.5 / 24, abs=1e-4)
    check_values([Reading.model_validate_json(json.dumps(one)) for one in answer["readings"]])
    assert (answer["asked"], answer["problem"]) == ([], None)
    flagged, thick = (one["error"] for one in answer["refused"])
    assert "D06 (144)" in flagged["message"] and "0 to 30 cm" in thick["message"]
    assert [one["days"] for one in answer["sensors"]] == [5, 6, 6, 0]


def test_a_folder_and_a_file_in_it_read_as_the_zip(tmp_path: Path) -> None:
    path = archive(tmp_path)
    with zipfile.ZipFile(path) as made:
        made.extractall(tmp_path / "folder")
    one = next((tmp_path / "folder").rglob("*one*_0.05*_0.05*.stm"))
    assert all(ismn_readings.is_archive(place) for place in (path, tmp_path / "folder", one))
    whole = preview(path, {})["readings"]
    assert preview(tmp_path / "folder", {})["readings"] == preview(one, {})["readings"] == whole


def test_sensors_and_days_can_be_chosen_and_too_many_are_refused(tmp_path: Path, monkeypatch: Any) -> None:
    path = archive(tmp_path)
    chosen = preview(path, {"sensors": [1], "first": "2023-01-02", "last": "2023-01-03"})
    assert by_sensor(chosen).keys() == {("NET_one", 20.0)}
    assert [one["date"] for one in chosen["readings"]] == ["2023-01-02", "2023-01-03"]
    assert preview(path, {"sensors": []})["readings"] == []
    monkeypatch.setattr(ismn_readings, "MOST_READINGS", 10)
    many = preview(path, {})
    assert many["readings"] == [] and "17 days" in many["problem"]["message"]
    with pytest.raises(DeepSoilError, match="said"):
        preview(path, {"sensors": [9]})
    with pytest.raises(DeepSoilError, match=r"said\.first"):
        preview(path, {"first": "yesterday"})


def test_bad_archives_are_refused_in_words(tmp_path: Path) -> None:
    path = archive(tmp_path)
    whole = path.read_bytes()
    cut, broken, other = tmp_path / "cut.zip", tmp_path / "broken.zip", tmp_path / "other.zip"
    cut.write_bytes(whole[:len(whole) // 2])
    with zipfile.ZipFile(broken, "w", zipfile.ZIP_DEFLATED) as made:
        name, text = member("one", "sm", (0.05, 0.05), theta(0.2), good)
        made.writestr(name, text)
    data = bytearray(broken.read_bytes())
    data[300:340] = b"\xff" * 40
    broken.write_bytes(bytes(data))
    with zipfile.ZipFile(other, "w") as made:
        made.writestr("table.csv", "a,b\n")
    for bad, words in ((cut, "cannot be read"), (broken, "cannot be read"), (other, "no soil moisture"),
                       (tmp_path / "none.zip", "cannot be read")):
        with pytest.raises(DeepSoilError, match=words) as raised:
            preview(bad, {})
        assert raised.value.code == "source_invalid"
    warm = write(tmp_path / "warm.zip", member("one", "ts", (0.05, 0.05), theta(9.0), good))
    assert "no soil moisture" in preview(warm, {})["problem"]["message"]


def test_names_that_point_outside_are_read_and_write_nothing(tmp_path: Path) -> None:
    name, text = member("one", "sm", (0.05, 0.05), theta(0.2), good)
    inside = tmp_path / "inside"
    inside.mkdir()
    path = write(inside / "slip.zip", ("../../" + name, text))
    assert len(preview(path, {})["readings"]) == 6
    assert sorted(one.name for one in tmp_path.rglob("*")) == ["inside", "slip.zip"]


@pytest.mark.skipif(not REAL.is_dir(), reason="the real archives are not here")
def test_a_real_archive_of_two_networks() -> None:
    answer = preview(REAL / "ismn" / "ismn_2024-25_SMOSMANIA-Condom_XMSCAT-CamidelsNerets_5_20cm.zip", {})
    assert {(one["sensor"], one["depth_cm"]) for one in answer["sensors"]} >= {
        ("SMOSMANIA_Condom", 30.0), ("XMS-CAT_Cami_dels_Nerets", 100.0)}
    assert len(answer["readings"]) > 1500 and answer["refused"] == []


def test_a_command_reads_an_archive_as_the_window_does(tmp_path: Path) -> None:
    parser = argparse.ArgumentParser()
    add_probes(parser.add_argument_group())
    path = archive(tmp_path)
    read = probe_values(parser.parse_args(["--readings", str(path)]))
    assert [one.model_dump(mode="json") for one in read] == preview(path, {})["readings"]
    thick = write(tmp_path / "thick.zip", member("two", "sm", (0.0, 0.3), theta(0.2), good))
    with pytest.raises(DeepSoilError, match="0 to 30 cm"):
        probe_values(parser.parse_args(["--readings", str(thick)]))
