"""The options of a command that name readings: own probes, single values, the region's stations."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from deepsoil.contract.errors import DeepSoilError


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    group = parser.add_argument_group("readings", "Soil moisture that was measured, and that the maps shall rest on.")
    group.add_argument("--readings", type=Path, metavar="FILE", help="CSV file of own probes")
    group.add_argument("--unit", choices=("percent", "m3m3"), help="unit of the water contents in the file")
    group.add_argument("--readings-place", type=float, nargs=2, metavar=("LON", "LAT"),
                       help="place of all probes of the file, degrees")
    group.add_argument("--readings-depth", type=float, metavar="CM", help="depth of all probes of the file")
    group.add_argument("--reading", action="append", default=[], metavar="TEXT",
                       help="a single value, such as \"0.22 at 20 cm on 2023-07-12 at -96.6,39.1\"; may be repeated")
    group.add_argument("--use-stations", action="store_true", help="use the readings of the region's stations")
    group.add_argument("--leave-out", nargs="+", default=[], metavar="ID", help="stations that are not used")
    group.add_argument("--later-days", action="store_true",
                       help="also use readings of later days: the best reconstruction of the past")


def document(args: argparse.Namespace) -> dict[str, Any] | None:
    """``options.readings`` of a specification; None if no reading was named. DeepSoilError ``readings_invalid``."""
    from deepsoil.stations.probe_columns import ProbeFile
    from deepsoil.stations.probe_table import read_probes
    from deepsoil.stations.reading_text import parse_reading

    values = [parse_reading(text) for text in args.reading]
    if args.readings is not None:
        place = None if args.readings_place is None else tuple(args.readings_place)
        given = ProbeFile(args.unit, place, args.readings_depth)
        values = [*read_probes(args.readings, given), *values]
    if not values and not args.use_stations:
        if args.leave_out or args.later_days:
            raise DeepSoilError("readings_invalid", "Options for readings are given, and no readings.",
                                "Add --readings FILE, --reading TEXT or --use-stations.", "options.readings")
        return None
    return {"stations": args.use_stations, "left_out": args.leave_out, "later_days": args.later_days,
            "values": [value.model_dump(mode="json") for value in values]}
