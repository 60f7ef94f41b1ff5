"""``deepsoil series``: soil moisture and the water of the root zone at a place, day by day, as CSV."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from deepsoil.contract.table_cells import guarded_row
from deepsoil.service.commands.water import add_soil, soil_of

_WATER = ("available_mm", "depletion_mm", "drainage_mm", "irrigation_mm")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("region", help="id of a region, or the folder of its store")
    parser.add_argument("longitude", type=float, help="degrees")
    parser.add_argument("latitude", type=float, help="degrees")
    parser.add_argument("--start", required=True, metavar="DAY", help="YYYY-MM-DD")
    parser.add_argument("--end", required=True, metavar="DAY", help="YYYY-MM-DD, included")
    parser.add_argument("--method", choices=("column", "network"), default="column",
                        help="soil columns (default), or the networks, at the depths of their maps")
    parser.add_argument("--management", type=Path, metavar="FILE",
                        help="JSON with what is known of the water and the crop there")
    add_soil(parser)
    parser.add_argument("--output", type=Path, metavar="FILE", help="write the table there instead of printing it")


def run(args: argparse.Namespace) -> int:
    """Print or write the table; 0."""
    from deepsoil.home import home
    from deepsoil.models.library import Library
    from deepsoil.regions import Regions
    from deepsoil.service.series import series
    from deepsoil.store.store import Store
    from deepsoil.terminal import read_document

    folder = Path(args.region)
    store = Store.open(folder) if folder.is_dir() else Regions(home()).get(args.region)
    known = read_document(args.management) if args.management else None
    if args.soil is not None:
        known = {**(known or {}), "soil": soil_of(args.soil)}
    found = series(store, Library(home()), [args.longitude, args.latitude], args.start, args.end, args.method, known)
    if args.output:
        with args.output.open("w", encoding="utf-8", newline="") as file:
            _write(file, found)
        print(f"Written to {args.output}")
    else:
        _write(sys.stdout, found)
    return 0


def _write(file: TextIO, found: dict[str, Any]) -> None:
    writer = csv.writer(file, lineterminator="\n")
    names = [*(f"theta_{depth}cm" for depth in found["depths"]), *(name for name in _WATER if found[name])]
    first = found.get("forecast_from")
    foreseen = first is not None and any(day >= first for day in found["dates"])
    writer.writerow(["date", "precipitation_mm", *(f"{name}{end}" for name in names
                                                   for end in ("", "_lower", "_upper")), *["forecast"] * foreseen])
    for row in _rows(found):
        writer.writerow(guarded_row([*row, "yes" if row[0] >= first else "no"] if foreseen else row))


def _rows(found: dict[str, Any]) -> Iterator[list[Any]]:
    bands = [*found["depths"].values(), *(found[name] for name in _WATER if found[name])]
    columns = [band[part] for band in bands for part in ("mean", "lower", "upper")]
    for values in zip(found["dates"], found["precipitation_mm"], *columns, strict=True):
        yield ["" if value is None else value for value in values]
