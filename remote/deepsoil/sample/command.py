"""`deepsoil sample DIR [--seed N]`: build the synthetic sample region, or write the irrigation of its stations."""

from __future__ import annotations

import argparse
import time
from datetime import date
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
    parser.add_argument("--regions", action="store_true",
                        help="build seven small regions of different climates in DIR, with a dense product, SMAP of "
                             "36 km and 60 stations, for `deepsoil tables resources/training/tables-regions.yaml`")
    parser.add_argument("--irrigation-logs", type=Path, metavar="FILE",
                        help="of a region that is built: write the true irrigation at its stations, as "
                             "`deepsoil evaluate --management` reads it")
    parser.add_argument("--windows", type=Path, metavar="FILE",
                        help="of a region that is built: write windows of 64 x 64 pixels with input, a dense product "
                             "with errors and the truth, as `deepsoil tables` reads them")
    parser.add_argument("--count", type=int, default=128, help="how many windows (default: 128)")
    parser.add_argument("--depth", type=int, default=20, metavar="CM", help="of the windows (default: 20)")
    parser.add_argument("--start", type=date.fromisoformat, default=date(2022, 1, 1), help="first day of the windows")
    parser.add_argument("--end", type=date.fromisoformat, default=date(2022, 12, 31), help="last day of the windows")


def run(args: argparse.Namespace) -> int:
    if args.irrigation_logs is not None:
        return _write_logs(args.directory, args.irrigation_logs)
    if args.windows is not None:
        return _write_windows(args)
    if args.regions:
        return _build_regions(args.directory, args.seed)
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


def _build_regions(folder: Path, seed: int) -> int:
    from deepsoil.sample.experiment import build_regions

    began = time.monotonic()
    stores = build_regions(folder, lambda line: print(line, flush=True), seed=seed)
    print(f"{len(stores)} regions in {time.monotonic() - began:.0f} s.")
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


def _write_windows(args: argparse.Namespace) -> int:
    import numpy as np

    from deepsoil.sample.windows import write_windows
    from deepsoil.store.store import Store

    error = write_windows(Store.open(args.directory), args.windows, args.depth, args.count, args.start, args.end,
                          args.seed)
    print(f"{args.windows}: {len(error)} windows; the product is off by {np.nanmean(error):.3f} m3/m3 (MAE).")
    return 0
