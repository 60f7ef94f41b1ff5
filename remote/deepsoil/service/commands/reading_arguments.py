"""The options of a command that name readings: own probes, single values, the region's stations."""

from __future__ import annotations

import argparse
from typing import Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.sources.probe_arguments import add_probes, probe_values


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    group = parser.add_argument_group("readings", "Soil moisture that was measured, and that the maps shall rest on.")
    add_probes(group)
    group.add_argument("--use-stations", action="store_true", help="use the readings of the region's stations")
    group.add_argument("--leave-out", nargs="+", default=[], metavar="ID", help="stations that are not used")
    group.add_argument("--later-days", action="store_true",
                       help="also use readings of later days: the best reconstruction of the past")


def document(args: argparse.Namespace) -> dict[str, Any] | None:
    """``options.readings`` of a specification; None if no reading was named. DeepSoilError ``readings_invalid``."""
    values = probe_values(args)
    if not values and not args.use_stations:
        if args.leave_out or args.later_days:
            raise DeepSoilError("readings_invalid", "Options for readings are given, and no readings.",
                                "Add --readings FILE, --reading TEXT or --use-stations.", "options.readings")
        return None
    return {"stations": args.use_stations, "left_out": args.leave_out, "later_days": args.later_days,
            "values": [value.model_dump(mode="json") for value in values]}
