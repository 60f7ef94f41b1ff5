"""Archives of the International Soil Moisture Network are read with their flags and depths, whatever their form."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from deepsoil.contract.errors import DeepSoilError
from deepsoil.sources.ingest import ingest
from deepsoil.sources.ismn import Choice, list_sensors, read_archive, read_sensor
from deepsoil.sources.recipe import load
from deepsoil.stations.daily_means import StationQuality
from deepsoil.stations.quality_control import screen
from deepsoil.stations.quality_report import REASONS
from deepsoil.store.series import Stations

REAL = Path(os.environ.get("DEEPSOIL_REAL_DATA", Path(__file__).parents[2].parent / "shared" / "data")) / "formats"
WORLD = (-180.0, -85.0, 180.0, 85.0)
DAYS = 6
HOURS = pd.date_range("2023-01-01", periods=24 * DAYS, freq="h")


def member(station: str, variable: str, depth: tuple[float, float], values: np.ndarray, flags: list[str], *,
           ceop: bool = False, end: str = "\n", longitude: float = -96.6) -> tuple[str, str]:
    """Name and text of one file of an archive."""
    top, bottom = depth
    name = f"NET/{station}/NET_NET_{station}_{variable}_{top:.6f}_{bottom:.6f}_Probe-5_20230101_20230106.stm"
    about = f"NET     NET       {station}     39.10000   {longitude:.5f}  350.00   {top:.2f}   {bottom:.2f}"
    stamps = HOURS.strftime("%Y/%m/%d %H:%M")
    if ceop:
        lines = [f"{stamp} {stamp} {about} {value:.4f} {flag} M"
                 for stamp, value, flag in zip(stamps, values, flags, strict=True)]
    else:
        lines = [f"{about} Probe 5"] + [f"{stamp}   {value:.4f} {flag} M"
                                        for stamp, value, flag in zip(stamps, values, flags, strict=True)]
    return name, end.join(lines) + end


def write(path: Path, *members: tuple[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Readme.txt", "nothing of interest")
        for name, text in members:
            archive.writestr(name, text)
    return path


def read(path: Path, **choice: Any) -> Stations:
    return read_archive(path, Choice((5.0, 20.0), **choice), WORLD, StationQuality(), "stations.ismn")


good = ["G"] * HOURS.size


def theta(level: float) -> np.ndarray:
    return level + 0.001 * np.arange(HOURS.size) / 24


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
@pytest.mark.parametrize("ceop", [False, True])
def test_both_forms_and_any_end_of_line_give_the_same(tmp_path: Path, ceop: bool, end: str) -> None:
    path = write(tmp_path / "a.zip", member("one", "sm", (0.05, 0.05), theta(0.2), good, ceop=ceop, end=end),
                 member("one", "sm", (0.2, 0.2), theta(0.3), good, ceop=ceop, end=end))
    made = read(path)
    assert (made.ids, made.names, made.networks) == (["NET_one"], ["one"], ["NET"])
    assert (made.longitudes[0], made.latitudes[0]) == (-96.6, 39.1)
    np.testing.assert_allclose(made.theta[0, :, 0], [0.2 + 0.001 * 11.5 / 24, 0.3 + 0.001 * 11.5 / 24], atol=5e-5)
    assert made.theta.shape == (1, 2, DAYS) and np.isfinite(made.theta).all()


def test_flags_decide_which_readings_count_and_a_day_that_lacks_them_says_so(tmp_path: Path) -> None:
    values, flags = theta(0.2), list(good)
    values[48:50], flags[48:50] = 0.6, ["D06", "D06"]  # day 2: two dubious hours of 24 leave the day
    flags[72:84] = ["C03,D05"] * 12  # day 3: half of them takes it away
    values[96:110], flags[96:112] = -9999, ["M"] * 14 + ["D06"] * 2  # day 4: missing, whatever the flags of the rest
    path = write(tmp_path / "a.zip", member("one", "sm", (0.05, 0.05), values, flags))
    made = read(path)
    assert np.isfinite(made.theta[0, 0]).tolist() == [True, True, True, False, False, True]
    assert made.theta[0, 0, 2] == pytest.approx(0.203, abs=1e-3)
    _, report = screen(made)
    assert [REASONS[code] for code in report.reasons[0, 0]] == ["kept", "kept", "kept", "flagged", "missing", "kept"]
    assert np.isfinite(read(path, flags=frozenset(("G", "C03,D05"))).theta[0, 0, 3])


def test_frozen_hours_are_out_where_soil_temperature_is_measured(tmp_path: Path) -> None:
    warm = np.full(HOURS.size, 5.0)
    warm[24:48] = 0.5
    path = write(tmp_path / "a.zip", member("one", "sm", (0.05, 0.05), theta(0.2), good),
                 member("one", "ts", (0.05, 0.05), warm, good), member("one", "sm", (0.2, 0.2), theta(0.3), good),
                 member("one", "ts", (1.0, 1.0), warm, good))
    made = read(path)
    assert np.isnan(made.theta[0, 0]).tolist() == [False, True, False, False, False, False]
    assert np.isfinite(made.theta[0, 1]).all(), "the only other thermometer is at 100 cm"
    assert made.soil_temperature is not None and np.isnan(made.soil_temperature[0, 1]).all()


def test_a_sensor_stands_for_the_depth_it_sees(tmp_path: Path) -> None:
    path = write(tmp_path / "a.zip", member("one", "sm", (0.0508, 0.0508), theta(0.1), good),
                 member("one", "sm", (0.07, 0.07), theta(0.2), good),
                 member("one", "sm", (0.10, 0.30), theta(0.3), good),
                 member("two", "sm", (0.0, 0.05), theta(0.15), good),
                 member("two", "sm", (0.24, 0.24), theta(0.4), good))
    made = read(path)
    np.testing.assert_allclose(made.theta[:, 0, 0], [0.1, 0.15], atol=1e-3)
    assert np.isnan(made.theta[:, 1]).all(), "one sees 20 cm at once, one sits 4 cm off"
    np.testing.assert_allclose(read(path, thickest_cm=20.0, tolerance_cm=4.0).theta[:, 1, 0], [0.3, 0.4], atol=1e-3)
    assert read(path, only=("two",)).ids == ["NET_two"]


@pytest.mark.parametrize(("make", "words"), [
    (lambda path: path.write_bytes(b"PK no zip"), ["cannot be read"]),
    (lambda path: write(path), ["no soil moisture of ISMN"]),
    (lambda path: write(path, member("one", "sm", (0.5, 0.5), theta(0.2), good)), ["no station", "NET_one (50-50 cm)"]),
    (lambda path: write(path, member("one", "sm", (0.05, 0.05), theta(0.2), ["U"] * HOURS.size)),
     ["U (144)", "[G, U]"]),
    (lambda path: write(path, (member("one", "sm", (0.05, 0.05), theta(0.2), good)[0], "something else\n")),
     ["does not begin", "something else"]),
    (lambda path: write(path, tuple(part.replace("0.2010", "0.2o10") for part in  # type: ignore[arg-type]
                                    member("one", "sm", (0.05, 0.05), theta(0.2), good))), ["0.2o10"])])
def test_what_is_wrong_with_an_archive_is_said(tmp_path: Path, make: Any, words: list[str]) -> None:
    make(tmp_path / "a.zip")
    with pytest.raises(DeepSoilError) as caught:
        read(tmp_path / "a.zip")
    assert caught.value.code == "source_invalid" and caught.value.field == "stations.ismn"
    for word in ("a.zip", *words):
        assert word in f"{caught.value.message} {caught.value.hint}"


# ---- the recipe


def recipe(folder: Path, **stations: Any) -> Path:
    document = {"schema": 1, "name": "field", "title": "A field", "area": {"box": [-96.65, 39.05, -96.55, 39.15]},
                "channels": {"sand": {"kind": "constant", "value": 40, "unit": "%"}},
                "stations": {"ismn": "a.zip", **stations}}
    (folder / "recipe.yaml").write_text(yaml.safe_dump(document))
    return folder / "recipe.yaml"


def test_a_recipe_takes_the_stations_of_an_archive_inside_its_area(tmp_path: Path) -> None:
    flags = list(good)
    flags[:24] = ["D01"] * 24
    write(tmp_path / "a.zip", member("near", "sm", (0.05, 0.05), theta(0.2), flags),
          member("far", "sm", (0.05, 0.05), theta(0.3), good, longitude=-95.0))
    stations = ingest(recipe(tmp_path), tmp_path / "store").stations()
    assert stations.ids == ["NET_near"] and stations.depths_cm.tolist() == [5, 20]
    assert stations.dates[0] == np.datetime64("2023-01-02") and np.isfinite(stations.theta[0, 0]).all()
    assert stations.rejected is not None, "the store keeps the reasons"
    depths = ingest(recipe(tmp_path, depths_cm=[5]), tmp_path / "store").stations().depths_cm
    assert depths.tolist() == [5]


def test_errors_of_the_recipe_name_the_key(tmp_path: Path) -> None:
    for stations, field, words in (({"flag": ["G"]}, "stations.flag", ["flags", "tolerance_cm"]),
                                   ({"depths_cm": []}, "stations.depths_cm", ["line"]),
                                   ({"unit": "%"}, "stations.unit", ["flags"])):
        with pytest.raises(DeepSoilError) as caught:
            load(recipe(tmp_path, **stations))
        assert caught.value.code == "recipe_invalid" and caught.value.field == field
        assert all(word in f"{caught.value.message} {caught.value.hint}" for word in words)
        assert "longitude" not in (caught.value.hint or ""), "that is a key of the other form"
    with pytest.raises(DeepSoilError, match=r"a\.zip") as caught:
        ingest(recipe(tmp_path), tmp_path / "store")
    assert caught.value.code == "source_missing" and caught.value.field == "stations.ismn"


# ---- real archives


real = pytest.mark.skipif(not (REAL / "ismn").is_dir(), reason=f"no real data at {REAL}")


def archive(part: str) -> Path:
    return next(path for path in (REAL / "ismn").glob("*.zip") if part in path.name)


@real
def test_a_real_archive_gives_both_depths_and_its_missing_row_is_missing() -> None:
    path = archive("SMOSMANIA")
    made = read(path)
    assert made.ids == ["SMOSMANIA_Condom", "XMS-CAT_Cami_dels_Nerets"]
    assert np.isfinite(made.theta).sum(axis=2).tolist() == [[128, 129], [325, 326]]
    assert np.nanmin(made.theta) > 0.02 and np.nanmax(made.theta) < 0.45
    _, report = screen(made)
    assert report.counts()["flagged"].tolist() == [[1, 0], [40, 39]]
    assert sum(int(report.counts()[name].sum()) for name in ("unphysical", "stuck", "spike", "break")) == 0
    with zipfile.ZipFile(path) as opened:
        sensor = next(one for one in list_sensors(opened, path, "x")
                      if one.theta and one.top_cm == 5 and one.place.title == "Condom")
        table = read_sensor(opened, sensor, path, "x")
    missing = table[table.value.isna()]
    assert missing.index.tolist() == [pd.Timestamp("2024-10-25 05:00")] and missing.flag.tolist() == ["M"]


@real
def test_an_old_real_archive_with_lines_that_end_in_cr_is_read_when_unjudged_readings_are_asked_for() -> None:
    path = archive("SCAN_MAQU")
    with pytest.raises(DeepSoilError, match="U \\("):
        read(path)
    made = read(path, flags=frozenset(("G", "U")))
    assert len(made) == 8 and "SCAN_Adams_Ranch_#1" in made.ids
    assert np.isfinite(made.theta[:, 0]).sum(axis=1).min() > 130 and np.isnan(made.theta[:, 1]).all()
    _, report = screen(made)
    assert sum(int(report.counts()[name].sum()) for name in ("unphysical", "stuck", "spike", "break")) == 0


@real
def test_a_cosmic_ray_probe_stands_for_no_depth_unless_asked() -> None:
    with pytest.raises(DeepSoilError, match="no station") as caught:
        read(archive("COSMOS"))
    assert "COSMOS_ARM-1 (0-19 cm)" in (caught.value.hint or "")
    made = read_archive(archive("COSMOS"), Choice((10.0,), thickest_cm=25.0), WORLD, StationQuality(), "x")
    assert made.ids == ["COSMOS_ARM-1", "COSMOS_Barrow-ARM"]
