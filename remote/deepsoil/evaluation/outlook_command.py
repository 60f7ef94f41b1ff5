"""``deepsoil outlook REGION``: what is foreseen, and how wrong past forecasts of the region's weather were."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = ("Print how far past forecasts of a region's weather were from what was observed later, by "
                          "the number of days that they looked ahead. All forecasts that were fetched are kept.")
    parser.add_argument("region", help="id of a region, or the folder of its store")


def run(args: argparse.Namespace) -> int:
    """Print the table; 0."""
    from deepsoil.channels import CHANNELS
    from deepsoil.evaluation.outlook import forecast_errors
    from deepsoil.home import home
    from deepsoil.regions import Regions
    from deepsoil.store.store import Store

    folder = Path(args.region)
    store = Store.open(folder) if folder.is_dir() else Regions(home()).get(args.region)
    first = store.forecast_from()
    print(f"{store.title}: " + (f"the weather from {first} to {store.map_dates()[1]} is a forecast" if first else
                                "all weather is observed"))
    errors = forecast_errors(store)
    if not errors:
        print("No day that was foreseen has been observed yet.")
        return 0
    print(f"{'channel':<15}{'unit':<9}{'days ahead':>10}{'days':>6}{'bias':>9}{'MAE':>9}{'wet or dry right':>18}")
    for one in errors:
        hits = "" if one.hits is None else f"{one.hits:.0%}"
        print(f"{one.channel:<15}{CHANNELS[one.channel].unit:<9}{one.lead_days:>10}{one.count:>6}{one.bias:>+9.2f}"
              f"{one.mae:>9.2f}{hits:>18}")
    return 0
