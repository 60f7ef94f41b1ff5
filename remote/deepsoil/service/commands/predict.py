"""``deepsoil predict``: runs the same job as QGIS does, in this process."""

from __future__ import annotations

import argparse
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.options import WaterProduct
from deepsoil.contract.version import SCHEMA
from deepsoil.depths import DEPTHS
from deepsoil.io import atomic
from deepsoil.service.commands import reading_arguments, refill_arguments
from deepsoil.service.commands.water import add_water, water_of

if TYPE_CHECKING:
    from deepsoil.jobs.folder import JobFolder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--area", type=Path, metavar="FILE",
                       help="GeoJSON with the area, EPSG:4326; each of several polygons is a field with its own maps")
    where.add_argument("--bbox", type=float, nargs=4, metavar=("WEST", "SOUTH", "EAST", "NORTH"), help="degrees")
    parser.add_argument("--date", required=True, metavar="DAY", help="YYYY-MM-DD, or the first of several days")
    parser.add_argument("--until", metavar="DAY", help="the last day")
    parser.add_argument("--depth", type=int, action="append", choices=tuple(DEPTHS), help="cm; default: all")
    parser.add_argument("--region", help="id of a region; default: the one that covers the area")
    parser.add_argument("--method", choices=("network", "column"), default="network",
                        help="by the networks (default), or by soil columns that are simulated for the area")
    parser.add_argument("--product", action="append", choices=get_args(WaterProduct), metavar="NAME",
                        help="a map of the water of the root zone as well, by soil columns: "
                             f"{', '.join(get_args(WaterProduct))}")
    parser.add_argument("--field-table", action="store_true",
                        help="the figures of every field on the last day, as GeoJSON; those of water by soil columns")
    refill_arguments.add(parser)
    parser.add_argument("--model", action="append", default=[], metavar="DEPTH=ID",
                        help="a model other than the default")
    parser.add_argument("--crs", default="utm", help="utm or EPSG:n; default: utm")
    parser.add_argument("--resolution", type=float, default=30.0, metavar="M", help="pixel size in m; default: 30")
    add_water(parser)
    reading_arguments.add(parser)
    parser.add_argument("--name", default="Command line", help="name of the job")
    parser.add_argument("output", type=Path, help="folder for the maps; it is made if it does not exist")


def run(args: argparse.Namespace) -> int:
    """0 if every map was made; finished maps are copied to the output folder in any case."""
    from deepsoil.contract.specification import parse_specification
    from deepsoil.home import home, open_home
    from deepsoil.jobs import runner
    from deepsoil.jobs.folder import JobFolder
    from deepsoil.jobs.warnings import with_warnings
    from deepsoil.kinds.open_context import open_context
    from deepsoil.kinds.preparation import Requests

    open_home(home())
    context = open_context(home())
    accepted = Requests(lambda: context).accept(parse_specification(_document(args)))
    args.output.mkdir(parents=True, exist_ok=True)
    created, _ = JobFolder.create(home() / "jobs", accepted.specification, claimed=True,
                                  fill_draft=with_warnings(accepted.plan.warnings()))
    folder = _shown(created, accepted.plan.warnings())
    status = runner.run(folder, lambda: context)
    for record in folder.output_records():
        _deliver(folder.outputs_path / record["name"], args.output / record["name"])
        print(args.output / record["name"])
    if status.state == "failed":
        raise DeepSoilError.from_dict(status.reason or {"message": status.message})
    if status.state == "cancelled":
        raise KeyboardInterrupt
    return 0


def _document(args: argparse.Namespace) -> dict[str, Any]:
    document: dict[str, Any] = {
        "schema": SCHEMA, "id": secrets.token_hex(16), "kind": "predict", "name": args.name, "area": _area(args),
        "dates": {"start": args.date, "end": args.until or args.date},
        "depths_cm": sorted(set(args.depth or DEPTHS)),
        "output": {"crs": args.crs, "resolution_m": args.resolution},
    }
    options: dict[str, Any] = {}
    if management := water_of(args):
        options["management"] = [management]
    if (readings := reading_arguments.document(args)) is not None:
        options["readings"] = readings
    if args.method != "network":
        options["method"] = args.method
    if args.product:
        options["products"] = args.product
    if args.field_table:
        options["field_table"] = True
    options |= refill_arguments.document(args)
    if options:
        document["options"] = options
    if args.region:
        document["region"] = args.region
    for choice in args.model:
        depth, _, model = choice.partition("=")
        document.setdefault("models", {})[depth] = model
    return document


def _area(args: argparse.Namespace) -> Any:
    """The box, or the area of a GeoJSON file: a geometry, a feature, or several features, which are fields."""
    from deepsoil.service.commands.area_files import area_of

    if args.bbox:
        west, south, east, north = args.bbox
        return {"type": "Polygon",
                "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]]}
    return area_of(args.area)


def _shown(folder: JobFolder, warnings: Sequence[DeepSoilError]) -> JobFolder:
    """The same folder, with progress and every warning also shown on the terminal, each warning once."""
    from deepsoil.io.progress_line import progress_line
    from deepsoil.jobs.folder import JobFolder

    show, told = progress_line(), set[str]()

    def warn(message: str) -> None:
        if message not in told:
            told.add(message)
            print(f"Warning: {message}", file=sys.stderr, flush=True)

    class Shown(JobFolder):
        def progress(self, done: float, total: float, message: str) -> None:
            super().progress(done, total, message)
            show(done / total if total > 0 else 0.0, message)

        def log(self, message: str, level: str = "info") -> None:
            super().log(message, level)
            if level == "warning":
                warn(message)

    for warning in warnings:
        warn(f"{warning.message} {warning.hint}")
    return Shown(folder.path)


def _deliver(source: Path, target: Path) -> None:
    """Copy a map atomically; the job keeps its own file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    atomic.copy(source, target)
