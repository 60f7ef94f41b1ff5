"""The options of a command that name readings of own probes: a CSV file, an archive of ISMN, or single values."""

from __future__ import annotations

import argparse
from pathlib import Path

from deepsoil.contract.readings import Reading


def add_probes(group: argparse._ArgumentGroup) -> None:
    """Add the options."""
    group.add_argument("--readings", type=Path, metavar="FILE",
                       help="CSV file of own probes, or an archive of ISMN (zip, folder)")
    group.add_argument("--unit", choices=("percent", "m3m3"), help="unit of the water contents in the file")
    group.add_argument("--readings-place", type=float, nargs=2, metavar=("LON", "LAT"),
                       help="place of all probes of the file, degrees")
    group.add_argument("--readings-depth", type=float, metavar="CM", help="depth of all probes of the file")
    group.add_argument("--reading", action="append", default=[], metavar="TEXT",
                       help="a single value, such as \"0.22 at 20 cm on 2023-07-12 at -96.6,39.1\"; may be repeated")


def probe_values(args: argparse.Namespace) -> list[Reading]:
    """What they name. DeepSoilError ``readings_invalid``."""
    from deepsoil.sources import ismn_readings
    from deepsoil.stations.probe_columns import ProbeFile
    from deepsoil.stations.probe_table import read_probes
    from deepsoil.stations.reading_text import parse_reading

    values = [parse_reading(text) for text in args.reading]
    if args.readings is not None and ismn_readings.is_archive(args.readings):
        values = [*ismn_readings.read_readings(args.readings), *values]
    elif args.readings is not None:
        place = None if args.readings_place is None else tuple(args.readings_place)
        given = ProbeFile(args.unit, place, args.readings_depth)
        values = [*read_probes(args.readings, given), *values]
    return values
