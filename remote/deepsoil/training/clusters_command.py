"""``deepsoil clusters REGION OUT``: cluster a region's extents, or draw its tiles in clusters that are there."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from deepsoil import extras
from deepsoil.contract.errors import DeepSoilError

if TYPE_CHECKING:
    from deepsoil.contract.clusters import Clusters
    from deepsoil.store.store import Store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = ("Cluster the extents of a region (3 x 3 tiles) by climate, cover, relief and soil, and draw "
                          "every tile in its cluster.")
    parser.add_argument("store", type=Path, metavar="REGION", help="folder of the region's store")
    parser.add_argument("output", type=Path, metavar="OUT", help="the clusters (.json), or a map of them (.geojson, "
                        "with a style for QGIS beside it, or .tif)")
    parser.add_argument("--of", type=Path, metavar="FILE", help="use the clusters of this .json or model file (.onnx) "
                        "instead of making new ones")
    parser.add_argument("--count", type=_count, default="silhouette", metavar="K",
                        help="how many clusters, or 'silhouette' (default)")
    parser.add_argument("--most", type=int, default=4, help="with 'silhouette': at most so many (default: 4)")
    parser.add_argument("--minimum-extents", type=int, default=3, metavar="N",
                        help="a cluster has at least so many extents (default: 3)")
    parser.add_argument("--extents", choices=("stations", "grid"), default="stations",
                        help="round the stations (default), or side by side over the region")
    parser.add_argument("--seed", type=int, default=0, help="of k-means (default: 0)")


def _count(text: str) -> int | Literal["silhouette"]:
    return "silhouette" if text == "silhouette" else int(text)


def run(args: argparse.Namespace) -> int:
    """Print what was found, and write it."""
    from deepsoil.inference.cluster_map import ENDINGS, ClusterMap, write_map
    from deepsoil.inputs.clusters_file import read_clusters
    from deepsoil.store.store import Store
    from deepsoil.training.clusters import told

    if args.output.suffix not in (".json", *ENDINGS):
        raise DeepSoilError("bad_option", "A map of clusters cannot be written as {name}.",
                            "Let the name end with .json, .geojson or .tif.", "output", name=args.output.name)
    store = Store.open(args.store)
    clusters = read_clusters(args.of) if args.of is not None else _made(store, args)
    print(told(clusters))
    if args.output.suffix == ".json":
        from deepsoil.io import json_files

        json_files.write(args.output, clusters.to_document())
        print(f"Written: {args.output}")
        return 0
    drawn = ClusterMap.of(store, clusters)
    print(drawn.text())
    print("Written: " + ", ".join(str(path) for path in write_map(args.output, drawn)))
    return 0


def _made(store: Store, args: argparse.Namespace) -> Clusters:
    extras.require("train")
    from deepsoil.training.clusters import fit_clusters
    from deepsoil.training.extents import extents_of

    return fit_clusters(extents_of(store, args.extents), args.count, most=args.most,
                        least_extents=args.minimum_extents, seed=args.seed)
