"""APSIM's reports, its program and the comparison. The databases are made here in the documented form, and a script
stands in for APSIM where only the handling of its process is at stake: none of this runs APSIM."""

from __future__ import annotations

import csv
import os
import sqlite3
import sys
import threading
import time
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from deepsoil.cli import main
from deepsoil.contract.errors import DeepSoilError
from deepsoil.soil.apsim.apsimx import Point, hydraulics
from deepsoil.soil.apsim.compare import settings
from deepsoil.soil.apsim.layers import PAPER_LAYERS_MM, at_depth, node_depths_cm, rule_of_version
from deepsoil.soil.apsim.project import Project
from deepsoil.soil.apsim.report import read_reports
from deepsoil.soil.apsim.run import find_models, models_version, run_files
from deepsoil.soil.column import simulate_columns
from deepsoil.soil.forcing import Forcing
from numpy.typing import NDArray
from test_apsim_files import FIRST, LAST, project_at

NODES = 5
START = date(2022, 12, 30)


def database(
    path: Path,
    water: dict[str, NDArray[np.float64]],
    fluxes: dict[str, NDArray[np.float64]] | None = None,
    *,
    start: date = START,
    column: str = "Soil.SoilWater.SW({})",
    messages: tuple[tuple[int, str, int], ...] = (),
) -> None:
    """A report in the documented form; water: simulation → (days, nodes), fluxes: column → (simulations, days)."""
    nodes = next(iter(water.values())).shape[1]
    extra = fluxes or {}
    names = ["CheckpointID", "SimulationID", "Zone", "Clock.Today",
             # a wide table keeps its columns in no useful order
             *(column.format(n) for n in range(nodes, 0, -1)), *extra, "Soil.SoilWater.SWmm(1)"]
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE _Checkpoints (ID INTEGER, Name TEXT)")
        db.executemany("INSERT INTO _Checkpoints VALUES (?, ?)", [(1, "Current"), (2, "older")])
        db.execute("CREATE TABLE _Simulations (ID INTEGER PRIMARY KEY ASC, Name TEXT, FolderName TEXT)")
        db.execute("CREATE TABLE _Units (TableName TEXT, ColumnHeading TEXT, Units TEXT)")
        db.execute("CREATE TABLE _Messages (CheckpointID INTEGER, ComponentID INTEGER, SimulationID INTEGER,"
                   " ComponentName TEXT, Date TEXT, Message TEXT, MessageType INTEGER)")
        db.executemany("INSERT INTO _Messages VALUES (1, 1, ?, 'SoilWater', '2023-01-01', ?, ?)", messages)
        db.execute(f"CREATE TABLE Report ({', '.join(chr(34) + name + chr(34) for name in names)})")
        rows = []
        for number, (name, values) in enumerate(water.items()):
            db.execute("INSERT INTO _Simulations VALUES (?, ?, '')", (number + 7, name))
            for day, nodal in enumerate(values):
                flux = [float(series[number, day]) for series in extra.values()]
                stamp = f"{start + timedelta(days=day)} 00:00:00"
                rows.append((1, number + 7, "Field", stamp, *map(float, nodal[::-1]), *flux, 9.0))
        rows += [(2, 7, "Field", rows[0][3], *([0.99] * nodes), *([9.0] * len(extra)), 9.0)]
        order = np.random.default_rng(0).permutation(len(rows))
        db.executemany(f"INSERT INTO Report VALUES ({', '.join('?' * len(names))})", [rows[n] for n in order])


def contents(days: int, seed: int = 0) -> NDArray[np.float64]:
    return np.random.default_rng(seed).uniform(0.1, 0.4, (days, NODES)).round(4)


@pytest.mark.parametrize("column", ["Soil.SoilWater.SW({})", "Soil.Swim3.SW({})", "SW({})", "sw({})"])
def test_a_report_is_read_by_simulation_day_and_node_from_the_current_checkpoint(tmp_path: Path, column: str) -> None:
    water = {"b": contents(4), "a": contents(4, 1)}
    rain = np.array([[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0]])
    database(tmp_path / "x.db", water, {"Weather.Rain": rain, "Soil.SoilWater.Es": rain + 10.0}, column=column)
    reports = read_reports(tmp_path / "x.db")
    assert (reports.names, reports.start, reports.days, reports.failed) == (("b", "a"), START, 4, {})
    np.testing.assert_array_equal(reports.water, [water["b"], water["a"]])
    assert set(reports.fluxes) == {"rain", "evaporation"}
    np.testing.assert_array_equal(reports.fluxes["evaporation"], rain + 10.0)
    later = reports.from_day(date(2023, 1, 1))
    assert later.start == date(2023, 1, 1)
    np.testing.assert_array_equal(later.water, reports.water[:, 2:])
    np.testing.assert_array_equal(later.fluxes["rain"], rain[:, 2:])


def test_nodes_moved_in_october_2022_and_20_cm_with_them() -> None:
    new, old = node_depths_cm(PAPER_LAYERS_MM), node_depths_cm(PAPER_LAYERS_MM, "before-2022-10")
    np.testing.assert_allclose(new[:5], [0.0, 7.5, 12.5, 17.5, 25.0])
    np.testing.assert_allclose(old[:6], [0.0, 2.5, 7.5, 12.5, 17.5, 25.0])
    assert new[-1] == old[-1] == 150.0 and len(new) == len(old) == len(PAPER_LAYERS_MM)
    water = np.linspace(0.1, 0.34, len(new))
    assert at_depth(water, new, 20.0) == pytest.approx(2 / 3 * water[3] + 1 / 3 * water[4])  # Eq. 13
    assert at_depth(water, old, 20.0) == pytest.approx(2 / 3 * water[4] + 1 / 3 * water[5])
    assert at_depth(water, new, 0.0) == water[0] and at_depth(water, new, 150.0) == water[-1]
    with pytest.raises(DeepSoilError, match="ends at 150 cm"):
        at_depth(water, new, 160.0)
    assert rule_of_version("2022.9.7133.0") == rule_of_version("2021.12.1") == "before-2022-10"
    assert rule_of_version("2022.11.7150.0") == rule_of_version("2024.1.7400.0") == "since-2022-10"
    assert rule_of_version("2022.10.7145.0") is rule_of_version("0.0.0.0") is rule_of_version("") is None


def test_simulations_that_are_missing_short_or_gappy_fail_in_apsims_own_words(tmp_path: Path) -> None:
    gap = contents(4)
    gap[2, 1] = np.nan
    water = {"good": contents(4), "short": contents(3), "gap": gap}
    said = ((8, "Swim can't find a solution", 0), (7, "Something harmless", 2))
    database(tmp_path / "x.db", water, messages=said)
    reports = read_reports(tmp_path / "x.db", ["good", "short", "gap", "lost"], START + timedelta(days=3))
    assert reports.names == ("good",) and reports.water.shape == (1, 4, NODES)
    assert list(reports.failed) == ["short", "gap", "lost"]
    assert reports.failed["short"] == "Swim can't find a solution"
    assert "missing water" in reports.failed["gap"] and "no day" in reports.failed["lost"]


def test_what_is_no_report_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(DeepSoilError, match="is not there"):
        read_reports(tmp_path / "x.db")
    (tmp_path / "x.db").write_bytes(b"not a database at all, but long enough to look at" * 20)
    with pytest.raises(DeepSoilError, match="not an APSIM report"):
        read_reports(tmp_path / "x.db")
    database(tmp_path / "y.db", {"a": contents(2)}, column="Soil.Water.PAW({})")
    with pytest.raises(DeepSoilError, match="no water contents"):
        read_reports(tmp_path / "y.db")
    database(tmp_path / "z.db", {"a": contents(2)}, messages=((7, "Bad soil", 0),))
    with sqlite3.connect(tmp_path / "z.db") as db:
        db.execute("DROP TABLE Report")
    with pytest.raises(DeepSoilError, match="no table Report") as caught:
        read_reports(tmp_path / "z.db")
    assert "a: Bad soil" in caught.value.hint


POINTS = [Point("loam", 39.1, -96.6, 40.0, 40.0, 20.0, "konza"), Point("clay", 39.0, -96.0, 20.0, 20.0, 60.0, "konza"),
          Point("sand", 39.0, -96.0, 90.0, 5.0, 5.0, "konza")]


def answered(project: Project, offset: float) -> None:
    """Reports that say of every point what our column says, and of clay `offset` m³/m³ less."""
    days = (LAST - FIRST).days + 1 + project.spinup_days
    rng = np.random.default_rng(3)
    rain = np.where(rng.random((3, days)) < 0.3, rng.exponential(8.0, (3, days)), 0.0).round(3)
    demand = rng.uniform(0.5, 5.0, (3, days)).round(3)
    nodes = node_depths_cm(project.layers_mm)
    ours = simulate_columns(hydraulics(POINTS), Forcing(rain, demand, np.zeros_like(rain)), np.arange(3),
                            depths_cm=tuple(nodes), spinup_days=0, settings=settings(project))
    assert not ours.failed.any()
    water = {point.name: ours.theta[n].T.astype(np.float64) for n, point in enumerate(POINTS)}
    water["clay"] -= offset
    fluxes = {"Weather.Rain": rain, "Soil.SoilWater.Eos": demand, "Soil.SoilWater.Drainage": ours.drainage - 0.5}
    database(project.folder / "points-00001.db", water, fluxes, start=FIRST - timedelta(days=project.spinup_days))


def test_our_column_is_set_up_as_apsim_is(tmp_path: Path) -> None:
    project = project_at(tmp_path / "a", POINTS[:1])
    ours = settings(project)
    np.testing.assert_allclose(ours.profile.nodes_cm, node_depths_cm(project.layers_mm))
    assert (ours.hydraulics, ours.swim3, ours.bottom, ours.rain_hours) == ("swim3", project.options, "free", 24.0)
    # APSIM reports at the end of the day, knows no snow, and begins at DUL
    assert (ours.theta, ours.snow, ours.initial_suction_cm) == ("end", False, project.options.dul_suction_cm)


def test_the_comparison_finds_no_difference_where_there_is_none_and_the_one_that_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = project_at(tmp_path / "a", POINTS, spinup_days=10)
    answered(project, 0.03)
    assert main(["apsim", "compare", str(project.folder), "--output", str(tmp_path / "d.csv")]) == 0
    rows = {row["name"]: row for row in csv.DictReader((tmp_path / "d.csv").read_text().splitlines())}
    assert float(rows["loam"]["largest"]) == float(rows["sand"]["rmse"]) == 0.0
    assert rows["clay"]["bias"] == rows["clay"]["mae"] == "0.03000"
    assert float(rows["loam"]["drainage_mm_per_year"]) == pytest.approx(0.5 * 365.25, abs=0.01)
    assert rows["loam"]["evaporation_mm_per_year"] == ""
    printed = capsys.readouterr().out
    assert "3 points compared; 0 failed in APSIM, 0 in our column" in printed
    assert "bias +0.0100" in printed and "largest 0.0300 (clay)" in printed


def test_theta_at_20_cm_is_written_for_the_days_of_interest_by_the_right_nodes(tmp_path: Path) -> None:
    project = project_at(tmp_path / "a", POINTS, spinup_days=10)
    answered(project, 0.0)
    assert main(["apsim", "read", str(project.folder), "--output", str(tmp_path / "t.csv")]) == 0
    rows = list(csv.DictReader((tmp_path / "t.csv").read_text().splitlines()))
    assert len(rows) == 3 * 90 and rows[0]["date"] == "2023-01-01" and rows[-1]["date"] == "2023-03-31"
    water = read_reports(project.folder / "points-00001.db").water[0, 10]
    assert float(rows[0]["theta_20cm"]) == pytest.approx(2 / 3 * water[4] + 1 / 3 * water[5], abs=1e-5)
    # a report of other origin, of a build of before October 2022
    database(tmp_path / "o.db", {"x": contents(2)})
    assert main(["apsim", "read", str(tmp_path / "o.db"), "--layers", "50,50,50,50,100", "--depth", "10", "--nodes",
                 "before-2022-10", "--output", str(tmp_path / "o.csv")]) == 0
    other = list(csv.DictReader((tmp_path / "o.csv").read_text().splitlines()))
    assert len(other) == 2
    # nodes at 7.5 and 12.5 cm
    assert float(other[0]["theta_10cm"]) == pytest.approx(contents(2)[0, 2:4].mean(), abs=1e-5)


STAND_IN = '''#!{python}
"""Stands in for APSIM's program Models in tests of process handling; it simulates nothing."""
import os, subprocess, sys, time
from pathlib import Path
if sys.argv[1:] == ["--version"]:
    print("APSIM 2023.2.7164.0")
    raise SystemExit
file, option, threads = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
print("running", file.name, option, threads, "in", Path.cwd().name, flush=True)
if os.environ.get("STAND_IN") == "fail" and "00001" in file.name:
    print("ERROR in file: " + file.name)
    print("System.Exception: SWIM can't find a solution in 50 iterations")
    raise SystemExit(1)
if os.environ.get("STAND_IN") == "hang":
    worker = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    Path("worker.pid").write_text(str(worker.pid))
    time.sleep(600)
'''


@pytest.fixture
def stand_in(tmp_path: Path) -> Path:
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "Models"
    program.write_text(STAND_IN.format(python=sys.executable))
    program.chmod(0o755)
    return program


def test_without_apsim_the_command_says_what_to_install_and_what_can_be_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("DEEPSOIL_APSIM", raising=False)
    project = project_at(tmp_path / "a", POINTS)
    assert main(["apsim", "run", str(project.folder)]) == 2
    said = capsys.readouterr().err
    assert "APSIM is not installed here" in said and "Install APSIM Next Generation" in said and "swim3" in said
    monkeypatch.setenv("DEEPSOIL_APSIM", str(tmp_path / "nowhere"))
    with pytest.raises(DeepSoilError, match="no APSIM program Models at"):
        find_models()


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a script with a #! line")
def test_the_program_is_found_and_run_and_a_file_that_fails_keeps_no_other_from_running(
    tmp_path: Path, stand_in: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", f"{stand_in.parent}{os.pathsep}{os.environ['PATH']}")
    assert find_models() == [str(stand_in)] == find_models(str(tmp_path)) == find_models(str(stand_in))
    assert models_version([str(stand_in)]) == "2023.2.7164.0"
    project = project_at(tmp_path / "a", POINTS, points_per_file=1)
    monkeypatch.setenv("STAND_IN", "fail")
    assert main(["apsim", "run", str(project.folder), "--threads", "3"]) == 1
    out, err = capsys.readouterr()
    assert "running points-00003.apsimx --cpu-count 3 in files" in out and "2 files run, 1 failed" in out
    words = err[err.index("points-00001.apsimx failed. APSIM said:") :]
    assert "SWIM can't find a solution in 50 iterations" in words and "running" not in words
    assert "[3/3] files run" in err
    assert (project.folder / "apsim-version.txt").read_text() == "2023.2.7164.0\n"


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a script with a #! line")
def test_cancelling_ends_the_program_and_the_workers_it_started(
    tmp_path: Path, stand_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STAND_IN", "hang")
    mark = tmp_path / "worker.pid"
    file = tmp_path / "x.apsimx"
    with pytest.raises(DeepSoilError) as caught:
        run_files([str(stand_in)], [file], threads=1, cancelled=lambda: mark.is_file() and bool(mark.read_text()))
    assert caught.value.code == "cancelled" and threading.active_count() < 20
    worker = int(mark.read_text())
    for _ in range(100):
        state = Path(f"/proc/{worker}/stat")
        if not state.exists() or state.read_text().rpartition(")")[2].split()[0] in "ZX":
            break
        time.sleep(0.05)
    else:
        pytest.fail("the worker still runs")


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a script with a #! line")
def test_files_that_are_done_are_not_run_again(
    tmp_path: Path, stand_in: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = project_at(tmp_path / "a", POINTS, spinup_days=0)
    days = (LAST - FIRST).days + 1
    done = {point.name: np.full((days, len(project.layers_mm)), 0.2) for point in POINTS}
    database(project.folder / "points-00001.db", done, start=FIRST)
    assert main(["apsim", "run", str(project.folder), "--models", str(stand_in)]) == 0
    assert "1 of 1 files are done already" in capsys.readouterr().out


def test_the_command_writes_a_project_from_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project_at(tmp_path / "weather", POINTS[:1])  # its weather table serves here
    rows = ["name,latitude,longitude,sand,silt,clay,weather", "p1,39.1,-96.6,40,40,20,konza"]
    (tmp_path / "points.csv").write_text("\n".join(rows))
    command = ["apsim", "write", str(tmp_path / "points.csv"), "--weather", str(tmp_path / "weather"), "--output",
               str(tmp_path / "out"), "--start", str(FIRST), "--end", str(LAST), "--layers", "paper"]
    assert main(command) == 0
    assert "1 points in 1 files" in capsys.readouterr().out
    assert {file.name for file in (tmp_path / "out").iterdir()} == {"konza.met", "points-00001.apsimx", "project.json"}
    assert main(command) == 2
