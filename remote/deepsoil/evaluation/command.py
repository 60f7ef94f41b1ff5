"""``deepsoil evaluate STORE``: compares predictions with stations, on the terminal and in files."""

from __future__ import annotations

import argparse
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.options import EvaluateOptions, models_of_columns
from deepsoil.contract.specification import parse_options
from deepsoil.depths import DEPTHS
from deepsoil.sources.probe_arguments import add_probes, probe_values

if TYPE_CHECKING:
    from deepsoil.evaluation.background import Background
    from deepsoil.models.library import Library
    from deepsoil.store.store import Store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("store", type=Path, help="folder of a region's store with stations")
    parser.add_argument("--start", required=True, type=_day, metavar="DAY", help="YYYY-MM-DD")
    parser.add_argument("--end", required=True, type=_day, metavar="DAY", help="YYYY-MM-DD, included")
    parser.add_argument("--depth", type=int, action="append", choices=tuple(DEPTHS), help="cm; default: all")
    parser.add_argument("--reference", choices=("stations", "smap"), default="stations",
                        help="what the predictions are compared with: stations (default), or the cells of SMAP, over "
                             "which the 30 m map of 5 cm is averaged by area")
    parser.add_argument("--method", choices=("network", "column"), default="network",
                        help="by the networks (default), or by soil columns that are simulated at the stations")
    parser.add_argument("--models", type=Path, metavar="DIR", help="folder with model files; default: all known")
    parser.add_argument("--station", action="append", metavar="ID", help="only this station; may be repeated")
    parser.add_argument("--vegetation", choices=("carry", "nearest"), default="carry",
                        help="which NDVI and LAI maps stand for a day: the last before it, or the nearest")
    parser.add_argument("--management", type=Path, metavar="FILE",
                        help="YAML list of the water and crop at stations (options.management of docs/contract.md; "
                             "field: id or name of the station)")
    _add_readings(parser)
    parser.add_argument("--raw", action="store_true", help="keep observations that quality control rejects")
    parser.add_argument("--by-season", action="store_true",
                        help="print scores by season too (with --output: also as season_DEPTHcm.md and .csv)")
    parser.add_argument("--output", type=Path, metavar="DIR",
                        help="write station_comparison.csv and station_metrics.json there")


def _add_readings(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(
        "readings", "What has been measured when a station is predicted; never anything of a later day. The scores are "
        "then those of what the station's sensor would show. Without these options nothing is known.")
    group.add_argument("--other-stations", type=_stations, default=0, metavar="N|all",
                       help="readings of so many other stations, the nearest ones, or of all; default: 0")
    group.add_argument("--own-readings", type=int, metavar="DAYS",
                       help="also the station's own readings that are at least DAYS days old, 1 or more")
    group.add_argument("--one-in", type=int, metavar="DAYS",
                       help="of the own readings one in so many days; 7: a reading a week")
    group.add_argument("--most", type=int, metavar="K", help="no more than the K youngest own readings of each depth")
    group.add_argument("--after", type=int, nargs="+", default=[], metavar="K",
                       help="print the scores after K own readings of each depth too; may be several numbers")
    add_probes(group)


def options_of(args: argparse.Namespace) -> EvaluateOptions:
    """The same options as those of a job, with the same checks. DeepSoilError ``specification_invalid``."""
    own = {name: value for name, value in (("least_age_days", args.own_readings), ("every_days", args.one_in),
                                           ("most", args.most)) if value is not None}
    readings: dict[str, Any] = {"other_stations": args.other_stations, "after": args.after,
                                "values": [value.model_dump(mode="json") for value in probe_values(args)]}
    if own:
        readings["own"] = own
    document: dict[str, Any] = {"reference": args.reference, "method": args.method, "stations": args.station,
                                "vegetation": args.vegetation}
    if any(readings.values()):
        document["readings"] = readings
    options = parse_options("evaluate", document)
    assert isinstance(options, EvaluateOptions)
    return options


def run(args: argparse.Namespace) -> int:
    """Print the table; 0."""
    from deepsoil.evaluation.columns import SoilColumns
    from deepsoil.evaluation.networks import Networks
    from deepsoil.evaluation.score_table import by_season, table
    from deepsoil.evaluation.station_water import read_management
    from deepsoil.evaluation.stations import evaluate
    from deepsoil.home import home
    from deepsoil.io.progress_line import progress_line
    from deepsoil.models.library import Library
    from deepsoil.store.store import Store

    if args.end < args.start:
        raise DeepSoilError("specification_invalid", "The last day {end} is before the first day {start}.",
                            "Swap the two dates.", "end",
                            end=args.end, start=args.start)
    options = options_of(args)
    if args.models and options.method == "column":
        raise models_of_columns()
    store = Store.open(args.store)
    days = [args.start + timedelta(days=n) for n in range((args.end - args.start).days + 1)]
    if options.reference == "smap":
        return _smap(args, store, Library.in_folder(args.models) if args.models else Library(home()), days)
    depths_cm = sorted(set(args.depth or DEPTHS))
    management = read_management(args.management) if args.management else ()
    method: Background
    if options.method == "column":
        method = SoilColumns(store, depths_cm)
    else:
        library = Library.in_folder(args.models) if args.models else Library(home())
        method = Networks(store, {depth: library.find(depth) for depth in depths_cm}, options.vegetation)
    result = evaluate(store, method, days, only=options.stations, raw=args.raw, management=management,
                      readings=options.readings, step=progress_line())
    print(table(result))
    if args.by_season:
        print(f"\n{by_season(result)}")
    if args.output:
        args.output.mkdir(parents=True, exist_ok=True)
        result.write(args.output / "station_comparison.csv", args.output / "station_metrics.json")
        written = ["station_comparison.csv", "station_metrics.json"]
        for comparison in result.comparisons if args.by_season else ():
            written += [path.name for path in comparison.seasons(result.days).write(
                args.output, f"season_{comparison.depth_cm:02d}cm")]
        print(f"\nWritten to {args.output}: {', '.join(written)}")
    return 0


def _stations(text: str) -> int | str:
    if text == "all":
        return text
    try:
        return int(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is neither a number nor the word all") from error


def _smap(args: argparse.Namespace, store: Store, library: Library, days: list[date]) -> int:
    from deepsoil.evaluation.cell_comparison import DEPTH_CM
    from deepsoil.evaluation.smap import compare_with_smap
    from deepsoil.io.progress_line import progress_line

    if set(args.depth or [DEPTH_CM]) != {DEPTH_CM}:
        raise DeepSoilError("specification_invalid", "SMAP is compared with maps of {depth} cm.",
                            "Leave out the other depths.", "depths_cm", depth=DEPTH_CM)
    found = compare_with_smap(store, library.find(DEPTH_CM), days, step=progress_line())
    print(found.table().markdown(3))
    if args.output:
        args.output.mkdir(parents=True, exist_ok=True)
        found.write(args.output / "smap_comparison.csv", args.output / "smap_metrics.json")
        print(f"\nWritten to {args.output}: smap_comparison.csv, smap_metrics.json")
    return 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 2023-07-15") from error
