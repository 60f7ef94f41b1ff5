"""The water to refill and the zones of need on the command line, and what they are in a specification."""

from __future__ import annotations

import argparse
from typing import Any


def add(parser: argparse.ArgumentParser) -> None:
    """Their arguments; all of them are about maps by soil columns."""
    parser.add_argument("--refill-to", type=float, metavar="SHARE",
                        help="of the water to refill: up to this share of the available water; default: 1, all of it")
    parser.add_argument("--rain-days", type=int, metavar="N",
                        help="of the water to refill: leave the rain of the next N days to the sky; default: 0")
    parser.add_argument("--only-where-needed", action="store_true",
                        help="of the water to refill: 0 where plants have not yet used what they may")
    parser.add_argument("--zones", type=float, metavar="HECTARES",
                        help="zones of need of at least this size, from the products available_percent and refill_mm")


def document(args: argparse.Namespace) -> dict[str, Any]:
    """The options that are given."""
    refill = {name: value for name, value in (("target", args.refill_to), ("rain_days", args.rain_days),
                                              ("only_where_needed", args.only_where_needed or None))
              if value is not None}
    zones = {} if args.zones is None else {"zones": {"minimum_ha": args.zones}}
    return zones | ({"refill": refill} if refill else {})
