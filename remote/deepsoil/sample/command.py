"""`deepsoil sample DIR [--seed N]`: build the synthetic sample region, or write the irrigation of its stations."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from deepsoil.io.progress_line import progress_line


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = "Build a synthetic sample region with known soil moisture; not a real place."
    parser.add_argument("directory", metavar="DIR", type=Path, help="folder of the new store")
    parser.add_argument("--seed", type=int, default=0, help="another seed gives another region (default: 0)")
    parser.add_argument("--twin", action="store_true",
                        help="a truth made with the models' own soil curves, soil map and weather, and good sensors: "
                             "for comparisons only")
    parser.add_argument("--size", type=int, default=1024, help="width and height in pixels, a multiple of 512")
    parser.add_argument("--irrigation-logs", type=Path, metavar="FILE",
                        help="of a region that is built: write the true irrigation at its stations, as "
                             "`deepsoil evaluate --management` reads it")


def run(args: argparse.Namespace) -> int:
    if args.irrigation_logs is not None:
        return _write_logs(args.directory, args.irrigation_logs)
    # Slow imports (the column solver) are deferred until the command runs.
    from deepsoil.sample.build import build_sample
    from deepsoil.sample.differences import NONE, USUAL

    began = time.monotonic()
    show = progress_line()
    store = build_sample(args.directory, args.seed, lambda done, total, message: show(done / total, message),
                         size=args.size, differences=NONE if args.twin else USUAL)
    first, last = store.map_dates()
    print(f"{store.title} in {store.path}: {store.window.width} x {store.window.height} pixels, maps from "
          f"{first.isoformat()} to {last.isoformat()}, {len(store.stations().ids)} stations, "
          f"built in {time.monotonic() - began:.0f} s.")
    return 0


def _write_logs(store: Path, target: Path) -> int:
    import yaml

    from deepsoil.io import atomic
    from deepsoil.sample.irrigation_logs import station_logs
    from deepsoil.store.store import Store

    logs = station_logs(Store.open(store))
    atomic.write_text(target, yaml.safe_dump(logs, sort_keys=False))
    for log in logs:
        given = [one["mm"] for one in log["irrigation"]["applications"]]
        print(f"{log['field']}: {len(given)} days with water, {sum(given):.0f} mm")
    return 0
