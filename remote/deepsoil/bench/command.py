"""``deepsoil bench``: runs named benchmarks, prints a table, writes the figures as JSON."""

from __future__ import annotations

import argparse
import json
import pkgutil
import sys
from importlib import import_module
from pathlib import Path

from deepsoil import bench
from deepsoil.bench.measure import Row
from deepsoil.contract.errors import DeepSoilError

_SHARED = ("command", "farm", "ground", "ssh_server", "measure", "gather_ground", "preview_latency",
           "irrigated_causes")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"default: all of {', '.join(names())}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to FILE as well")


def run(args: argparse.Namespace) -> int:
    """0 if every target is met, 1 otherwise."""
    unknown = [name for name in args.names if name not in names()]
    if unknown:
        raise DeepSoilError("bench_unknown", "There is no benchmark '{unknown}'.", "Names: {names}.",
                            unknown=unknown[0], names=', '.join(names()))
    rows: list[Row] = []
    for name in args.names or names():
        print(f"{name} ...", file=sys.stderr, flush=True)
        rows += import_module(f"deepsoil.bench.{name.replace('-', '_')}").run()
    print(table(rows))
    if args.json:
        args.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    return 0 if all(row["holds"] is not False for row in rows) else 1


def names() -> list[str]:
    """The benchmarks of the engine: the modules of this package except the shared ones."""
    found = (module.name for module in pkgutil.iter_modules(bench.__path__))
    return sorted(name.replace("_", "-") for name in found if name not in _SHARED)


def table(rows: list[Row]) -> str:
    """Columns as wide as their widest cell."""
    lines = [("name", "value", "reference", "ratio", "aim", "")]
    for row in rows:
        reference = f"{row['reference_value']:.4g} {row['unit']}: " if row["reference_value"] is not None else ""
        ratio = f"{row['ratio']:.3f}" if row["ratio"] is not None else ""
        verdict = {True: "holds", False: "MISSED", None: ""}[row["holds"]]
        lines.append((row["name"], f"{row['value']:.4g} {row['unit']}", reference + row["reference"], ratio, row["aim"],
                      verdict))
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
                     for line in lines)
