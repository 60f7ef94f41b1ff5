"""``deepsoil store split STORE OUT``: disperse a store over folders, by quadkeys or by clusters of extents."""

from __future__ import annotations

import argparse
from pathlib import Path

from deepsoil.contract.errors import DeepSoilError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = ("Split a store into parts, folders that hold some of its tiles each, so that every node "
                          "keeps what it works on. Parts are whole stores to whoever reads their tiles.")
    parser.add_argument("action", choices=("split",), help="what to do")
    parser.add_argument("store", type=Path, metavar="STORE", help="folder of the store")
    parser.add_argument("output", type=Path, metavar="OUT", help="folder in which each part becomes a folder")
    by = parser.add_mutually_exclusive_group(required=True)
    by.add_argument("--parts", type=int, metavar="N", help="so many parts of about equal size: part-1, part-2, ...")
    by.add_argument("--clusters", type=Path, metavar="FILE", help="a part for each cluster of `deepsoil clusters`, "
                    "with the tiles of its extents: cluster-1, cluster-2, ...")
    parser.add_argument("--quadkey", type=int, choices=(12, 14), default=14, help="with --parts: tiles with the same "
                        "first so many characters of their quadkey stay together (default: 14, a tile)")
    parser.add_argument("--margin", type=int, default=1, metavar="TILES", help="with --parts: tiles round a part that "
                        "it has as well (default: 1)")


def run(args: argparse.Namespace) -> int:
    """Print each part as it is finished."""
    from deepsoil.store.parts import Tile, partition, split, with_neighbours
    from deepsoil.store.store import Store

    store = Store.open(args.store)
    wanted: dict[str, set[Tile]]
    if args.clusters is not None:
        wanted = _of_clusters(args.clusters)
    else:
        if args.parts < 1 or args.margin < 0:
            raise DeepSoilError("bad_option", "A store is split into one or more parts with a margin of 0 or more "
                                "tiles.", "Correct --parts or --margin.", "parts")
        groups = partition(store.window.tiles(), args.parts, args.quadkey)
        wanted = {f"part-{number}": with_neighbours(group, args.margin) for number, group in enumerate(groups, 1)}
    split(store, args.output, wanted, lambda name, tiles: print(f"{args.output / name}: {tiles:,} tiles", flush=True))
    return 0


def _of_clusters(file: Path) -> dict[str, set[tuple[int, int]]]:
    from deepsoil.inputs.clusters_file import read_clusters
    from deepsoil.inputs.extents import extent_tiles, tile_of

    clusters = read_clusters(file)
    return {f"cluster-{number}": {tile for extent in clusters.of(number)
                                  for tile in extent_tiles(tile_of(extent.quadkey))}
            for number in range(1, clusters.count + 1)}
