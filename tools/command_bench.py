"""``build.py bench``: the engine's benchmarks, and those of the desktop (``startup``, ``ui-block``), in one table."""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from . import bench_what_if, environments, preflight, sample_region, stage
from .console import BUILD, ROOT, say, step
from .desktop.driver import Desktop, virtual_screen
from .desktop.main_job import MainJob

DESKTOP = ("startup", "ui-block")
# These need a Slurm or an sshd of their own.
CLUSTER = {"retrieve", "poll", "submit", "handover"}
_ROUNDS = 5
_LONGEST_STAY_MS = 50.0
_START_AIM = 1.05
_YEAR = dt.date(2023, 1, 1), dt.date(2023, 12, 31)
_STEPS = 10

Row = dict[str, Any]


def main(arguments: argparse.Namespace) -> int:
    wanted: list[str] = arguments.names
    desktop = [name for name in DESKTOP if not wanted or name in wanted]
    screen = bool(desktop) or "whatif" in wanted
    preflight.check(arguments.yes, testing=True, qgis=screen, screen=screen,
                    cluster=not wanted or bool(CLUSTER & set(wanted)))
    engine = environments.engine(testing=True)
    rows: list[Row] = []
    of_engine = [name for name in wanted if name not in DESKTOP]
    if of_engine or not wanted:
        rows += _engine(engine, of_engine)
    for name in desktop:
        step(name)
        rows += {"startup": _startup, "ui-block": _ui_block}[name](engine)
    if not wanted or "whatif" in wanted:
        step("whatif on the screen")
        rows += bench_what_if.rows(engine)
    _print([row for row in rows if row["name"].split()[0] in (*DESKTOP, "whatif")])
    if arguments.json:
        arguments.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    return 0 if all(row["holds"] is not False for row in rows) else 1


def _engine(engine: Path, names: list[str]) -> list[Row]:
    with tempfile.TemporaryDirectory() as scratch, _slurm(not names or "submit" in names) as variables:
        figures = Path(scratch) / "figures.json"
        subprocess.run([engine, "-m", "deepsoil", "bench", *names, "--json", figures], check=False,
                       env={**environments.engine_variables(engine), **variables})
        return list(json.loads(figures.read_text(encoding="utf-8"))) if figures.exists() else []


@contextlib.contextmanager
def _slurm(wanted: bool) -> Iterator[dict[str, str]]:
    """The variables of the tests' Slurm while it runs; none where it is not wanted, cannot be had, or one is given."""
    sys.path.insert(0, str(ROOT / "tests" / "cluster"))
    from slurm_cluster import SlurmCluster, missing

    if not wanted or "SLURM_CONF" in os.environ or missing():
        yield {}
        return
    cluster = SlurmCluster(2)
    try:
        yield {"SLURM_CONF": cluster.start().env["SLURM_CONF"]}
    finally:
        cluster.close()


def _startup(engine: Path) -> list[Row]:
    """QGIS's start until its scripts run, with and without DeepSoil, in turns."""
    seconds: dict[bool, list[float]] = {True: [], False: []}
    variables = environments.engine_variables(engine, BUILD / "bench-home")
    with virtual_screen() as display, tempfile.TemporaryDirectory() as scratch:
        for enabled in seconds:
            plugins = stage.write_profile(Path(scratch) / str(enabled))
            if enabled:
                stage.stage(plugins)
        for number in range(_ROUNDS + 1):
            for enabled, measured in seconds.items():
                with Desktop(display, Path(scratch) / str(enabled), None, variables) as desktop:
                    # The first start of a profile makes its databases; it does not count.
                    if number:
                        measured.append(desktop.start_s)
    ratio = statistics.median(a / b for a, b in zip(seconds[True], seconds[False], strict=True))
    return [{"name": "startup", "value": statistics.median(seconds[True]), "unit": "s",
             "reference": "QGIS without DeepSoil", "reference_value": statistics.median(seconds[False]),
             "ratio": ratio, "aim": f"ratio <= {_START_AIM}", "holds": ratio <= _START_AIM}]


def _ui_block(engine: Path) -> list[Row]:
    """The longest that QGIS's main thread is held over the main job, while a year of days comes in and is stepped
    through, and when the project with that year is opened.
    """
    variables = environments.engine_variables(engine, BUILD / "bench-home")
    sample_region.build_region(engine)
    subprocess.run([engine, "-m", "deepsoil", "regions", "--add", sample_region.REGION], env=variables, check=True,
                   capture_output=True)
    project = sample_region.write_project(sample_region.FOLDER / "bench", picture_of=sample_region.FOLDER)
    corners = sample_region.field(sample_region.FIELD)["coordinates"][0][:-1]
    with virtual_screen() as display, tempfile.TemporaryDirectory() as scratch:
        profiles = Path(scratch)
        stage.stage(stage.write_profile(profiles))
        with Desktop(display, profiles, project, variables) as desktop:
            job = MainJob(desktop)
            desktop.ask("held", reset=True)
            job.open_dock()
            job.draw_polygon(corners)
            job.name_field("Bench")
            job.map_it()
            job.wait_for_layers("Bench", 2)
            desktop.drawn()
            rows = _held("ui-block", desktop.ask("held"))
            bare = _opened(desktop, sample_region.write_project(profiles / "bare", picture_of=sample_region.FOLDER))
            desktop.quit()
        project = sample_region.write_project(sample_region.FOLDER / "bench", picture_of=sample_region.FOLDER)
        with Desktop(display, profiles, project, variables) as desktop:
            job = MainJob(desktop)
            job.open_dock()
            job.draw_polygon(corners)
            job.name_field("A year")
            job.choose_date(_YEAR[0])
            job.choose_until(_YEAR[1])
            desktop.ask("held", reset=True)
            job.map_it()
            job.wait_for_layers("A year", 2, 1200, days=365)
            rows += _held("ui-block year", desktop.ask("held"))
            desktop.click("deepsoilMapDayBefore")
            desktop.drawn()
            desktop.ask("held", reset=True)
            for _ in range(_STEPS):
                desktop.click("deepsoilMapDayBefore")
            desktop.drawn()
            rows += _held("ui-block step", desktop.ask("held"))
            held = _opened(desktop, project)
            job.wait_for_layers("A year", 2, days=365)
            desktop.quit()
    rows += _held("ui-block open", held)
    rows[-1] |= {"reference": "the same project without maps", "reference_value": bare["gap_ms"],
                 "ratio": held["gap_ms"] / bare["gap_ms"]}
    return rows


def _opened(desktop: Desktop, project: Path) -> dict[str, Any]:
    """How long the main thread is held while a project is opened; the one that stands open is saved first."""
    desktop.key("ctrl+s")
    desktop.wait(lambda: not desktop.ask("windows")[0]["title"].startswith("*"), "the project to be saved")
    desktop.ask("held", reset=True)
    desktop.ask("open", project=str(project))
    desktop.drawn()
    return dict(desktop.ask("held"))


def _held(name: str, held: dict[str, Any]) -> list[Row]:
    """The longest stay in the plugin's own code, and the longest gap of the event loop, whatever held it."""
    slots: dict[str, float] = held["slots_ms"] or {"nothing": 0.0}
    longest = max(slots, key=lambda one: slots[one])
    return [_against_limit(name, slots[longest], f"limit; longest in {longest}", aim=True),
            _against_limit(f"{name} event loop", held["gap_ms"], "limit; QGIS's own work counted in", aim=False)]


def _against_limit(name: str, held_ms: float, reference: str, *, aim: bool) -> Row:
    ratio = held_ms / _LONGEST_STAY_MS
    return {"name": name, "value": held_ms, "unit": "ms", "reference": reference, "reference_value": _LONGEST_STAY_MS,
            "ratio": ratio, "aim": "ratio <= 1" if aim else "", "holds": ratio <= 1 if aim else None}


def _print(rows: list[Row]) -> None:
    for row in rows:
        verdict = {True: "holds", False: "MISSED", None: ""}[row["holds"]]
        say(f"{row['name']:<24}{row['value']:.4g} {row['unit']}  ({row['reference_value']:.4g} {row['unit']}: "
            f"{row['reference']})  ratio {row['ratio']:.3f}  {row['aim']}  {verdict}")
