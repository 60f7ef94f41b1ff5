"""``deepsoil evaluate STORE``: compares predictions with stations, on the terminal and in files."""

from __future__ import annotations

import argparse
from datetime import date, timedelta
from pathlib import Path

from deepsoil.contract.errors import DeepSoilError
from deepsoil.depths import DEPTHS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("store", type=Path, help="folder of a region's store with stations")
    parser.add_argument("--start", required=True, type=_day, metavar="DAY", help="YYYY-MM-DD")
    parser.add_argument("--end", required=True, type=_day, metavar="DAY", help="YYYY-MM-DD, included")
    parser.add_argument("--depth", type=int, action="append", choices=tuple(DEPTHS), help="cm; default: all")
    parser.add_argument("--method", choices=("network", "column"), default="network",
                        help="by the networks (default), or by soil columns that are simulated at the stations")
    parser.add_argument("--models", type=Path, metavar="DIR", help="folder with model files; default: all known")
    parser.add_argument("--station", action="append", metavar="ID", help="only this station; may be repeated")
    parser.add_argument("--vegetation", choices=("carry", "nearest"), default="carry",
                        help="which NDVI and LAI maps stand for a day: the last before it, or the nearest")
    parser.add_argument("--management", type=Path, metavar="FILE",
                        help="YAML list of the water and crop at stations (options.management of docs/contract.md; "
                             "field: id or name of the station)")
    parser.add_argument("--raw", action="store_true", help="keep observations that quality control rejects")
    parser.add_argument("--by-season", action="store_true",
                        help="print scores by season too (with --output: also as season_DEPTHcm.md and .csv)")
    parser.add_argument("--output", type=Path, metavar="DIR",
                        help="write station_comparison.csv and station_metrics.json there")


def run(args: argparse.Namespace) -> int:
    """Print the table; 0."""
    from deepsoil.evaluation.columns import evaluate_columns
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
    store = Store.open(args.store)
    library = Library.in_folder(args.models) if args.models else Library(home())
    days = [args.start + timedelta(days=n) for n in range((args.end - args.start).days + 1)]
    depths_cm = sorted(set(args.depth or DEPTHS))
    management = read_management(args.management) if args.management else ()
    if args.method == "column":
        result = evaluate_columns(store, depths_cm, days, only=args.station, raw=args.raw, management=management,
                                  step=progress_line())
    else:
        models = {depth: library.find(depth) for depth in depths_cm}
        result = evaluate(store, models, days, only=args.station, vegetation=args.vegetation, raw=args.raw,
                          management=management, step=progress_line())
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


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 2023-07-15") from error
