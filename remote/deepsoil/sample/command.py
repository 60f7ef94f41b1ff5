"""`deepsoil sample DIR [--seed N]`: build the synthetic sample region."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from deepsoil.io.progress_line import progress_line


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = "Build a synthetic sample region with known soil moisture; not a real place."
    parser.add_argument("directory", metavar="DIR", type=Path, help="folder of the new store")
    parser.add_argument("--seed", type=int, default=0, help="another seed gives another region (default: 0)")
    parser.add_argument("--size", type=int, default=1024, help="width and height in pixels, a multiple of 512")


def run(args: argparse.Namespace) -> int:
    # Slow imports (the column solver) are deferred until the command runs.
    from deepsoil.sample.build import build_sample

    began = time.monotonic()
    show = progress_line()
    store = build_sample(args.directory, args.seed, lambda done, total, message: show(done / total, message),
                         size=args.size)
    first, last = store.map_dates()
    print(f"{store.title} in {store.path}: {store.window.width} x {store.window.height} pixels, maps from "
          f"{first.isoformat()} to {last.isoformat()}, {len(store.stations().ids)} stations, "
          f"built in {time.monotonic() - began:.0f} s.")
    return 0
