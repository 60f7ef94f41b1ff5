"""`deepsoil ingest RECIPE.yaml STORE`: build a region's store and print its content."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = "Build the covariate store of a region from a recipe, and print what is in it."
    parser.add_argument("recipe", type=Path, metavar="RECIPE.yaml", help="the recipe; see resources/recipes")
    parser.add_argument("store", type=Path, metavar="STORE", help="folder of the store; an old one is replaced")
    parser.add_argument("--root", type=Path, metavar="DIR",
                        help="folder that the paths of the recipe are relative to (default: the recipe says)")
    parser.add_argument("--quiet", action="store_true", help="no progress and no table")


def run(args: argparse.Namespace) -> int:
    """Ingest; the caller prints a DeepSoilError."""
    from deepsoil.sources.ingest import ingest  # reads files with pandas, xarray and rasterio: slow to import
    from deepsoil.sources.store_summary import describe

    def show(done: int, total: int, message: str) -> None:
        print(f"[{done}/{total}] {message}", file=sys.stderr, flush=True)

    store = ingest(args.recipe, args.store, args.root, on_progress=None if args.quiet else show)
    if not args.quiet:
        print(describe(store))
    return 0
