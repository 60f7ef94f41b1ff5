"""What a person may give to ``deepsoil gather`` by mistake: each is one error that names it, and nobody is asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from deepsoil.cli import main
from gather_tools import FIELD

POINT = {"type": "Point", "coordinates": [-96.6, 39.1]}
CROSSED = {"type": "Polygon", "coordinates": [[[-96.6, 39.08], [-96.58, 39.10], [-96.58, 39.08], [-96.6, 39.10],
                                               [-96.6, 39.08]]]}
METRES = {"type": "Polygon", "coordinates": [[[7e5, 4.3e6], [7.01e5, 4.3e6], [7.01e5, 4.301e6], [7e5, 4.3e6]]]}


@pytest.fixture(autouse=True)
def nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No archive can be asked."""
    monkeypatch.setenv("DEEPSOIL_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("somebody was asked"))


def written(folder: Path, content: Any) -> Path:
    path = folder / "field.geojson"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one error of a command."""
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert said.startswith("Error: ") and "What to do: " in said and said.count("Error: ") == 1
    for internal in ("NoneType", "KeyError", "Errno", "Traceback", "'coordinates'", "object has no"):
        assert internal not in said, said
    return said


@pytest.mark.parametrize(("content", "words"), [
    (b"", "is not JSON"), (b'{"type": "Poly', "is not JSON"), (b"\xff\xfe\x00", "is not JSON"),
    (None, "has no polygons"), ([], "has no polygons"), (POINT, "has no polygons"),
    ({"type": "Feature", "geometry": None, "properties": {}}, "has no polygons"),
    ({"type": "FeatureCollection", "features": []}, "has no polygons"),
    ({"type": "FeatureCollection", "features": [None, {"geometry": POINT}]}, "has no polygons"),
    ({"type": "Polygon"}, "needs the field 'area.coordinates'"), (CROSSED, "crosses itself at"),
    (METRES, "not a longitude and latitude"),
], ids=["empty", "cut off", "binary", "null", "list", "point", "no geometry", "no features", "odd features",
        "no corners", "crossed", "metres"])
def test_a_file_that_has_no_good_field_is_told(content: Any, words: str, tmp_path: Path,
                                               capsys: pytest.CaptureFixture[str]) -> None:
    said = refusal(capsys, "gather", str(written(tmp_path, content)), str(tmp_path / "out"))
    assert words in said, said
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path in (tmp_path / "missing.geojson", tmp_path):
        assert f"The file {path} cannot be read" in refusal(capsys, "gather", str(path), str(tmp_path / "out"))


def test_a_shapefile_is_told_how_to_become_geojson(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "fields.SHP"
    path.write_bytes(b"\0\0\x27\x0a" + bytes(96))
    said = refusal(capsys, "gather", str(path), str(tmp_path / "out"))
    assert f"{path} is not GeoJSON" in said and "Save Features As" in said


@pytest.mark.parametrize(("start", "end", "words"), [
    ("0001-01-01", "0001-01-02", "before 1979-01-01"), ("1900-01-01", "2024-12-31", "before 1979-01-01"),
    ("9999-12-31", "9999-12-31", "gridMET daily weather has days from 1979-01-01")])
def test_days_beyond_any_archive_are_told(start: str, end: str, words: str, tmp_path: Path,
                                          capsys: pytest.CaptureFixture[str]) -> None:
    said = refusal(capsys, "gather", str(written(tmp_path, FIELD)), str(tmp_path / "out"), "--start", start,
                   "--end", end)
    assert words in said


def test_several_kinds_of_files_have_the_same_field(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    feature = {"type": "Feature", "properties": None, "geometry": FIELD}
    plans = []
    for content in (FIELD, feature, {"type": "FeatureCollection", "features": [feature, {"geometry": POINT}]},
                    {"type": "GeometryCollection", "geometries": [POINT, FIELD]},
                    b"\xef\xbb\xbf" + json.dumps(FIELD).encode()):
        assert main(["gather", str(written(tmp_path, content)), str(tmp_path / "out"), "--plan"]) == 0
        plans.append(capsys.readouterr().out)
    assert len(set(plans)) == 1 and "gridMET" in plans[0]


@pytest.mark.parametrize("option", ["--off", "--agree"])
def test_a_name_that_no_archive_has_asks_nobody(option: str, tmp_path: Path,
                                                capsys: pytest.CaptureFixture[str]) -> None:
    """Were it passed over, an archive that is to be off would be asked."""
    for command in (["gather", str(written(tmp_path, FIELD)), str(tmp_path / "out")], ["refresh", str(tmp_path)]):
        said = refusal(capsys, *command, option, "open-meteo")
        assert "no archive open-meteo" in said and "open_meteo" in said
