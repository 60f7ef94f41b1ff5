"""``deepsoil apsim write | run | read | compare``: APSIM as an independent check of the soil columns."""

from __future__ import annotations

import argparse
import csv
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.table_cells import guarded_row
from deepsoil.io import atomic

if TYPE_CHECKING:
    from deepsoil.soil.apsim.layers import NodeRule
    from deepsoil.soil.apsim.project import Project
    from deepsoil.soil.apsim.report import Reports

VERSION_FILE = "apsim-version.txt"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = "Write files for APSIM, run it where it is installed, read its reports, compare with ours."
    parts = parser.add_subparsers(dest="part", required=True, metavar="write|run|read|compare")
    write = parts.add_parser("write", help="write .apsimx and .met files for a table of points")
    write.add_argument("points", type=Path, metavar="POINTS.csv",
                       help="name, latitude, longitude, sand, silt, clay (per cent), weather (name of a weather file)")
    write.add_argument("--weather", type=Path, required=True, metavar="FOLDER",
                       help="daily weather, NAME.csv (date, rain_mm, tmax_c, tmin_c, radiation_mj_m2) or NAME.met")
    write.add_argument("--output", type=Path, required=True, metavar="FOLDER", help="new folder of the files")
    write.add_argument("--start", type=date.fromisoformat, required=True, metavar="DATE", help="first day of interest")
    write.add_argument("--end", type=date.fromisoformat, required=True, metavar="DATE", help="last day of interest")
    write.add_argument("--layers", default="default", help="default, paper, or thicknesses in mm as 10,40,50,50")
    write.add_argument("--spinup-days", type=int, default=365, help="days simulated before the first (default 365)")
    write.add_argument("--points-per-file", type=int, default=200, help="simulations in one file (default 200)")
    run_ = parts.add_parser("run", help="run APSIM on a folder of files; what is done is not run twice")
    run_.add_argument("folder", type=Path)
    run_.add_argument("--models", help="APSIM's program Models or its folder (else DEEPSOIL_APSIM, else PATH)")
    run_.add_argument("--threads", type=int, default=os.cpu_count() or 1, help="simulations at a time")
    run_.add_argument("--quiet", action="store_true", help="nothing of what APSIM prints")
    for name, text in (("read", "write θ at a depth from APSIM's reports to a table"),
                       ("compare", "the difference to our own column in its swim3 mode")):
        part = parts.add_parser(name, help=text)
        part.add_argument("folder", type=Path, help="folder of the files" + (", or one .db file" * (name == "read")))
        part.add_argument("--depth", type=float, default=20.0, metavar="CM", help="depth in cm (default 20)")
        part.add_argument("--nodes", metavar="RULE", help="where SWIM3's nodes lie: since-2022-10 or before-2022-10"
                          " (default: as the APSIM that ran; since-2022-10 where that is not known)")
        part.add_argument("--output", type=Path, metavar="FILE.csv", required=name == "read")
        if name == "read":
            part.add_argument("--layers", help="layers of a .db file of other origin, as in write")


def run(arguments: argparse.Namespace) -> int:
    """Dispatch; the caller prints a DeepSoilError."""
    part: Callable[[argparse.Namespace], int] = {"write": _write, "run": _run, "read": _read, "compare": _compare}[
        arguments.part
    ]
    return part(arguments)


def _show(what: str) -> Callable[[int, int], None]:
    return lambda done, total: print(f"[{done}/{total}] {what}", file=sys.stderr, flush=True)


def _write(arguments: argparse.Namespace) -> int:
    from deepsoil.soil.apsim.layers import parse_layers
    from deepsoil.soil.apsim.project import read_points, write_project

    for name in ("spinup_days", "points_per_file"):
        if getattr(arguments, name) < (name == "points_per_file"):
            raise DeepSoilError("bad_option", "{name} is {getattr}.", "Give a larger number.", name,
                                name=name, getattr=getattr(arguments, name))
    project = write_project(
        arguments.output, read_points(arguments.points), arguments.weather, parse_layers(arguments.layers),
        arguments.start, arguments.end, spinup_days=arguments.spinup_days, points_per_file=arguments.points_per_file,
        on_progress=_show("files written"),
    )
    print(f"{len(project.points)} points in {len(project.files)} files in {project.folder}")
    return 0


def _run(arguments: argparse.Namespace) -> int:
    from deepsoil.soil.apsim.project import read_project
    from deepsoil.soil.apsim.run import find_models, models_version, run_files

    project = read_project(arguments.folder)
    command = find_models(arguments.models)
    version = models_version(command)
    (project.folder / VERSION_FILE).write_text(version + "\n", encoding="utf-8")
    print(f"APSIM {version or 'of unknown version'}: {command[-1]}")
    waiting = [project.path(file) for file in project.files if not _is_done(project, file)]
    print(f"{len(project.files) - len(waiting)} of {len(project.files)} files are done already")
    outcomes = run_files(command, waiting, threads=max(arguments.threads, 1), on_progress=_show("files run"),
                         on_line=None if arguments.quiet else lambda line: print(f"    {line}", flush=True))
    for outcome in outcomes:
        if not outcome.good:
            print(f"{outcome.file.name} failed. APSIM said:\n{outcome.words}", file=sys.stderr)
    failed = sum(not outcome.good for outcome in outcomes)
    print(f"{len(outcomes) - failed} files run, {failed} failed")
    return 1 if failed else 0


def _is_done(project: Project, file: str) -> bool:
    from deepsoil.soil.apsim.report import read_reports

    try:
        return not read_reports(_database(project, file), project.files[file], project.last).failed
    except DeepSoilError:
        return False


def _database(project: Project, file: str) -> Path:
    return project.path(file).with_suffix(".db")


def _rule(arguments: argparse.Namespace, folder: Path) -> NodeRule:
    """The rule for the positions of the nodes, and a line with the reason."""
    from deepsoil.soil.apsim.layers import check_rule, rule_of_version

    if arguments.nodes:
        return check_rule(arguments.nodes)
    file = folder / VERSION_FILE
    version = file.read_text(encoding="utf-8").strip() if file.is_file() else ""
    rule = rule_of_version(version)
    print(f"SWIM3's nodes as {rule or 'since-2022-10'} (APSIM {version or 'of unknown version'})", file=sys.stderr)
    return rule or "since-2022-10"


@contextmanager
def _table(path: Path, head: Sequence[str]) -> Iterator[Callable[[Sequence[object]], object]]:
    """A new table, which appears only when it is complete."""
    with atomic.replacing_path(path) as draft, draft.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(head)
        yield lambda row: writer.writerow(guarded_row(row))


def _read(arguments: argparse.Namespace) -> int:
    from datetime import timedelta

    from deepsoil.soil.apsim.layers import at_depth, node_depths_cm, parse_layers
    from deepsoil.soil.apsim.project import read_project
    from deepsoil.soil.apsim.report import read_reports

    if arguments.folder.is_dir():
        project = read_project(arguments.folder)
        layers = project.layers_mm
        reports: Iterator[Reports] = (
            read_reports(_database(project, file), names, project.last).from_day(project.first)
            for file, names in project.files.items()
        )
        rule = _rule(arguments, arguments.folder)
    elif arguments.layers is None:
        raise DeepSoilError("bad_option", "A report alone does not say how thick the layers are.",
                            "Give them with --layers, from the top, in mm.", "layers")
    else:
        layers = parse_layers(arguments.layers)
        reports = iter([read_reports(arguments.folder)])
        rule = _rule(arguments, arguments.folder.parent)
    nodes = node_depths_cm(layers, rule)
    good = bad = 0
    with _table(arguments.output, ("name", "date", f"theta_{arguments.depth:g}cm")) as write_row:
        for report in reports:
            if report.water.shape[2] != len(nodes):
                raise DeepSoilError("bad_report", "The report has {shape} nodes, not {count}.",
                                    "Give the layers of the soils that APSIM ran.", "layers",
                                    shape=report.water.shape[2], count=len(nodes))
            values = at_depth(report.water, nodes, arguments.depth)
            for name, series in zip(report.names, values, strict=True):
                for number, value in enumerate(series):
                    write_row((name, report.start + timedelta(days=number), f"{value:.5f}"))
            for name, why in report.failed.items():
                print(f"{name} failed: {why}", file=sys.stderr)
            good, bad = good + len(report.names), bad + len(report.failed)
    print(f"{good} points read, {bad} failed; θ at {arguments.depth:g} cm in {arguments.output}")
    return 1 if bad else 0


def _compare(arguments: argparse.Namespace) -> int:
    import numpy as np

    from deepsoil.soil.apsim.compare import WATER_BALANCE, Difference, compare
    from deepsoil.soil.apsim.project import read_project
    from deepsoil.soil.apsim.report import read_reports

    project = read_project(arguments.folder)
    rule = _rule(arguments, arguments.folder)
    differences: list[Difference] = []
    lost: list[str] = []
    failed: dict[str, str] = {}
    for file, names in project.files.items():
        reports = read_reports(_database(project, file), names, project.last)
        found, ours_lost = compare(project, reports, arguments.depth, rule, _show(f"columns of {file}"))
        differences += found
        lost += ours_lost
        failed |= reports.failed
    for name, why in failed.items():
        print(f"{name} failed in APSIM: {why}", file=sys.stderr)
    for name in lost:
        print(f"{name} failed in our column", file=sys.stderr)
    if arguments.output is not None:
        head = ("name", "bias", "mae", "rmse", "largest", *(f"{name}_mm_per_year" for name in WATER_BALANCE))
        with _table(arguments.output, head) as write_row:
            for d in differences:
                write_row((d.name, *(f"{v:.5f}" for v in (d.bias, d.mae, d.rmse, d.largest)),
                           *(f"{d.water_mm[name]:.2f}" if name in d.water_mm else "" for name in WATER_BALANCE)))
    print(f"{len(differences)} points compared; {len(failed)} failed in APSIM, {len(lost)} in our column")
    if differences:
        rmse = np.array([d.rmse for d in differences])
        bias = np.mean([d.bias for d in differences])
        print(f"θ at {arguments.depth:g} cm, ours less APSIM's, m³/m³: bias {bias:+.4f}"
              f" · MAE {np.mean([d.mae for d in differences]):.4f} · RMSE median {np.median(rmse):.4f},"
              f" largest {rmse.max():.4f} ({differences[int(rmse.argmax())].name})")
        for name in WATER_BALANCE:
            values = [d.water_mm[name] for d in differences if name in d.water_mm]
            if values:
                print(f"{name}: {np.mean(values):+.1f} mm a year")
    return 1 if failed or lost else 0
