"""``deepsoil regions [--add STORE]``."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--add", metavar="STORE", type=Path, help="remember a store as a region")


def run(args: argparse.Namespace) -> int:
    from deepsoil.home import home
    from deepsoil.regions import Regions
    from deepsoil.terminal import print_table

    regions = Regions(home())
    shown = [regions.add(args.add)] if args.add else regions.list()
    if not shown:
        print("No regions yet; add a store with `deepsoil regions --add STORE`.")
        return 0
    print_table(("id", "dates", "stations", "name", "path"),
                [(region["id"], f"{region['first_date'] or '?'} to {region['last_date'] or '?'}",
                  str(region["stations"]), (region["problem"] or {}).get("message") or region["name"], region["path"])
                 for region in shown])
    return 0
