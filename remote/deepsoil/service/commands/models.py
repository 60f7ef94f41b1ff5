"""``deepsoil models``."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--card", metavar="MODEL", help="print the card of one model")


def run(args: argparse.Namespace) -> int:
    from deepsoil.contract.errors import DeepSoilError
    from deepsoil.home import home
    from deepsoil.models.library import Library
    from deepsoil.terminal import print_table

    models = Library(home()).list()
    if args.card:
        for model in models:
            if model["id"] == args.card:
                print(model["card"])
                return 0
        raise DeepSoilError("model_missing", "There is no model '{card}'.",
                            "There are: {known}.",
                            card=args.card, known=", ".join(model["id"] for model in models) or "none")
    print_table(("id", "depth", "version", "title"),
                [(model["id"], f"{model['depth_cm']} cm" if model["depth_cm"] else "?", str(model["version"] or "?"),
                  (model["problem"] or {}).get("message") or model["title"] or "") for model in models])
    return 0
