"""Files for APSIM: weather, simulation trees and the folder of a project, parsed back as APSIM would."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.soil import retention, rosetta
from deepsoil.soil.apsim.apsimx import Point, simulations
from deepsoil.soil.apsim.layers import DEFAULT_LAYERS_MM, PAPER_LAYERS_MM, parse_layers
from deepsoil.soil.apsim.met import DailyWeather, read_weather, write_met
from deepsoil.soil.apsim.project import read_points, read_project, write_project

FIRST, LAST = date(2023, 1, 1), date(2023, 3, 31)
LOAM = Point("loam", 39.1, -96.6, 40.0, 40.0, 20.0, "konza")
SAND = Point("sand-2", 39.2, -96.5, 99.0, 0.5, 0.5, "konza")


def weather(start: date = FIRST, days: int = 90) -> DailyWeather:
    rng = np.random.default_rng(0)
    rain = np.where(rng.random(days) < 0.3, rng.exponential(8.0, days), 0.0).round(3)
    low = (rng.normal(5.0, 6.0, days)).round(3)
    return DailyWeather(start, rain, low + 11.0, low, rng.uniform(5.0, 25.0, days).round(3))


def below(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Children", []):
        yield from below(child)


def named(node: dict[str, Any], name: str) -> dict[str, Any]:
    return next(found for found in below(node) if found["Name"] == name)


def test_a_tree_has_a_bare_fallow_simulation_for_each_point_with_the_types_that_apsim_knows() -> None:
    tree = json.loads(json.dumps(simulations([LOAM, SAND], DEFAULT_LAYERS_MM, FIRST, LAST)))
    assert tree["$type"] == "Models.Core.Simulations, Models" and tree["Version"] == 159
    assert [child["Name"] for child in tree["Children"]] == ["loam", "sand-2", "DataStore"]
    loam = tree["Children"][0]
    types = [node["$type"].removesuffix(", Models").removeprefix("Models.") for node in below(loam)]
    assert types == [
        "Core.Simulation", "Clock", "Summary", "Climate.Weather", "MicroClimate", "Soils.Arbitrator.SoilArbitrator",
        "Core.Zone", "Report", "Surface.SurfaceOrganicMatter", "Soils.Soil", "Soils.Physical", "Soils.Swim3",
        "Soils.Organic", "Soils.Chemical", "Soils.Water", "Soils.Solute", "Soils.Solute", "Soils.Solute",
        "Soils.Nutrients.Nutrient", "Soils.CERESSoilTemperature",
    ]
    clock = named(loam, "Clock")
    assert (clock["Start"], clock["End"]) == ("2023-01-01T00:00:00", "2023-03-31T00:00:00")
    assert named(loam, "Weather")["FileName"] == "konza.met"
    assert "[Soil].SoilWater.SW" in named(loam, "Report")["VariableNames"]
    assert named(loam, "SurfaceOrganicMatter")["InitialResidueMass"] == 0.0


@pytest.mark.parametrize("point", [LOAM, SAND])
def test_the_soil_of_a_point_is_that_of_its_texture_in_apsims_units(point: Point) -> None:
    tree = simulations([point], DEFAULT_LAYERS_MM, FIRST, LAST)
    physical, swim3, water = (named(tree, name) for name in ("Physical", "SoilWater", "Water"))
    params = rosetta.parameters(point.sand, point.silt, point.clay)
    limits = retention.water_limits(params)
    for name, value in (("SAT", limits.saturated), ("DUL", limits.drained_upper_limit), ("AirDry", limits.air_dry),
                        ("LL15", limits.lower_limit_15bar), ("KS", 10.0 * params.ks_cm_per_day)):
        np.testing.assert_allclose(physical[name], np.full(len(DEFAULT_LAYERS_MM), value), atol=1e-6)
    assert physical["Thickness"] == list(DEFAULT_LAYERS_MM) and water["InitialValues"] == physical["DUL"]
    # what APSIM checks of a soil before it runs
    for air_dry, ll15, dul, sat, density in zip(*(physical[n] for n in ("AirDry", "LL15", "DUL", "SAT", "BD")),
                                                strict=True):
        assert 0.0 <= air_dry < ll15 < dul < sat <= 1.0 - density / 2.65
    assert swim3["PSIDul"] == -336.5 and 1e-4 <= swim3["KDul"] <= 10.0
    suction = retention.suction(limits.drained_upper_limit, params)
    assert swim3["KDul"] == pytest.approx(np.clip(10.0 * retention.conductivity(suction, params), 1e-4, 10.0), abs=1e-6)
    assert swim3["CN2Bare"] == 0.0 and swim3["VC"] is True


def test_the_top_layer_is_at_most_10_mm_and_the_deepest_200_as_swim3_advises() -> None:
    assert DEFAULT_LAYERS_MM[0] <= 10.0 and max(DEFAULT_LAYERS_MM) <= 200.0
    assert sum(DEFAULT_LAYERS_MM) == sum(PAPER_LAYERS_MM) == 1500.0
    assert parse_layers("10,40,50,50") == (10.0, 40.0, 50.0, 50.0) and parse_layers("paper") == PAPER_LAYERS_MM
    for wrong in ("10,40", "10,a,50,50", "10,-4,50,50"):
        with pytest.raises(DeepSoilError, match="list of layers"):
            parse_layers(wrong)


def test_a_met_file_is_read_back_as_it_was_written_over_the_end_of_a_leap_year(tmp_path: Path) -> None:
    written = weather(date(2024, 12, 20), 30)
    write_met(tmp_path / "a.met", written, site="a", latitude=39.1, longitude=-96.6)
    lines = (tmp_path / "a.met").read_text().splitlines()
    head = lines.index("year day radn maxt mint rain")
    assert lines[0] == "[weather.met.weather]" and "latitude = 39.10000 (DECIMAL DEGREES)" in lines
    assert lines[head + 1] == "() () (MJ/m^2) (oC) (oC) (mm)"
    assert [line.split()[:2] for line in lines[head + 13 : head + 15]] == [["2024", "366"], ["2025", "1"]]
    mean, amplitude = written.mean_and_amplitude()
    assert f"tav = {mean:.3f} (oC)" in lines and f"amp = {amplitude:.3f} (oC)" in lines
    again = read_weather(tmp_path / "a.met")
    assert (again.start, again.end) == (date(2024, 12, 20), date(2025, 1, 18))
    for name in ("rain_mm", "tmax_c", "tmin_c", "radiation_mj_m2"):
        np.testing.assert_allclose(getattr(again, name), getattr(written, name), atol=5e-4)


def table(path: Path, days: DailyWeather, radiation: str = "radiation_mj_m2", factor: float = 1.0) -> None:
    rows = [f"{days.start + timedelta(days=n)},{days.rain_mm[n]},{days.tmax_c[n]},{days.tmin_c[n]},"
            f"{days.radiation_mj_m2[n] / factor}" for n in range(days.days)]
    path.write_text("\n".join([f"date,rain_mm,tmax_c,tmin_c,{radiation}", *rows]) + "\n")


def test_a_table_may_give_radiation_in_watts(tmp_path: Path) -> None:
    table(tmp_path / "a.csv", weather(), "radiation_w_m2", 0.0864)
    np.testing.assert_allclose(read_weather(tmp_path / "a.csv").radiation_mj_m2, weather().radiation_mj_m2, rtol=1e-9)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("2023-01-02,", "2023-01-04,", "after 2023-01-01 comes 2023-01-04"),
        ("2023-01-02,", "2.1.2023,", "is not a date"),
        ("rain_mm", "rain", "no column rain_mm"),
        ("2023-01-02,0.0", "2023-01-02,-9999", "rain_mm is -9999 on 2023-01-02"),
        ("2023-01-02,0.0", "2023-01-02,", "rain_mm is nan on 2023-01-02"),
    ],
)
def test_weather_that_apsim_would_stumble_over_is_refused_with_its_day(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    days = weather()
    days.rain_mm[1] = 0.0
    table(tmp_path / "a.csv", days)
    text = (tmp_path / "a.csv").read_text()
    assert old in text
    (tmp_path / "a.csv").write_text(text.replace(old, new))
    with pytest.raises(DeepSoilError, match=message):
        read_weather(tmp_path / "a.csv")


def test_a_table_without_days_is_not_one_without_columns(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("date,rain_mm,tmax_c,tmin_c,radiation_mj_m2\n")
    with pytest.raises(DeepSoilError, match="has no days"):
        read_weather(tmp_path / "a.csv")


def test_spinup_takes_the_days_before_or_else_the_first_year_again() -> None:
    days = weather()
    known = days.with_spinup(date(2023, 2, 1), date(2023, 2, 28), 31)
    assert known.start == FIRST and known.days == 59
    np.testing.assert_array_equal(known.rain_mm, days.rain_mm[:59])
    repeated = days.with_spinup(FIRST, LAST, 10)
    assert repeated.start == date(2022, 12, 22) and repeated.end == LAST
    np.testing.assert_array_equal(repeated.rain_mm, [*days.rain_mm[-10:], *days.rain_mm])
    with pytest.raises(DeepSoilError, match="covers 2023-01-01 to 2023-03-31"):
        days.with_spinup(FIRST, date(2023, 4, 1), 0)


def project_at(folder: Path, points: list[Point], **options: Any) -> Any:
    folder.mkdir()
    for name in {point.weather for point in points}:
        table(folder / f"{name}.csv", weather())
    return write_project(folder / "files", points, folder, DEFAULT_LAYERS_MM, FIRST, LAST, **options)


def test_a_project_writes_several_simulations_to_a_file_and_is_read_back_the_same(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    points = [LOAM, SAND, Point("clay", 39.0, -96.0, 20.0, 20.0, 60.0, "other")]
    project = project_at(tmp_path / "a", points, spinup_days=20, points_per_file=2,
                         on_progress=lambda done, total: seen.append((done, total)))
    assert project.files == {"points-00001.apsimx": ("loam", "sand-2"), "points-00002.apsimx": ("clay",)}
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert read_project(project.folder) == project
    met = read_weather(project.folder / "other.met")
    assert (met.start, met.end) == (date(2022, 12, 12), LAST)
    tree = json.loads((project.folder / "points-00002.apsimx").read_text())
    assert named(tree, "Clock")["Start"] == "2022-12-12T00:00:00"
    with pytest.raises(DeepSoilError, match="holds a project"):
        write_project(project.folder, points, tmp_path / "a", DEFAULT_LAYERS_MM, FIRST, LAST)
    with pytest.raises(DeepSoilError, match=r"was not written by"):
        read_project(tmp_path)


def test_points_with_unsafe_or_equal_names_or_bad_texture_are_refused(tmp_path: Path) -> None:
    head = "name,latitude,longitude,sand,silt,clay,weather\n"
    for number, (rows, message) in enumerate([
        ("a,39,-96,40,40,20,w\nA,39,-96,40,40,20,w\n", "Two points are called A"),
        ("a.b,39,-96,40,40,20,w\n", "cannot be a name"),
        ("a,39,-96,40,40,20,../w\n", "cannot be a name"),
        ("a,39,-96,40,40,,w\n", "Line 2 of"),
        ("a,39,-96,40,40,60,w\n", "sum to 100"),
        ("a,139,-96,40,40,20,w\n", "lies at 139"),
        ("", "no column"),
        ("\n", "no points"),
    ]):
        file = tmp_path / "points.csv"
        file.write_text(head + rows if rows else "x\n1\n")
        table(tmp_path / "w.csv", weather())
        with pytest.raises(DeepSoilError, match=message):
            write_project(tmp_path / f"out{number}", read_points(file), tmp_path, DEFAULT_LAYERS_MM, FIRST, LAST)
