"""``deepsoil models``."""

from __future__ import annotations

import argparse
from typing import Any


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
    print_table(("id", "depth", "version", "MAE at stations", "n, period", "simple estimate", "MAE in simulation",
                 "title"),
                [(model["id"], f"{model['depth_cm']} cm" if model["depth_cm"] else "?", str(model["version"] or "?"),
                  *_scores(model["metrics"]), (model["problem"] or {}).get("message") or model["title"] or "")
                 for model in models])
    for model in models:
        for metric in model["metrics"]:
            if metric["group"] is not None:
                print(f"{model['id']}: {metric['name']} {metric['value']:.3f} for {metric['group']} "
                      f"({metric['reference']}, {metric['period']})")
    return 0


def _scores(metrics: list[dict[str, Any]]) -> tuple[str, str, str, str]:
    """At stations, with their number and period, and a simple estimate there; against simulated columns."""
    station = next((one for one in metrics if one["measured"] and one["group"] is None), None)
    simulated = next((one for one in metrics if not one["measured"] and one["group"] is None), None)
    told = ("not known", "", "") if station is None else (
        f"{station['value']:.3f}", f"{station['n']} stations, {station['days']} days, {station['period']}",
        f"{station['baseline_value']:.3f} ({station['baseline']})")
    return *told, "" if simulated is None else f"{simulated['value']:.3f} (synthetic)"
