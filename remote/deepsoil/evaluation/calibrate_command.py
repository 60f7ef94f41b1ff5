"""``deepsoil calibrate MODEL TABLE…``: 90 % intervals from errors at stations, judged and written into a model file."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", type=Path, help="the model file that gets the intervals")
    parser.add_argument("residuals", type=Path, nargs="+", metavar="TABLE",
                        help="held_out.csv of trainings that have not seen the stations, or station_comparison.csv")
    parser.add_argument("--reference", required=True, metavar="TEXT",
                        help='what was measured where, e.g. "the stations of Kings Creek, Kansas"')
    parser.add_argument("--source", required=True, metavar="TEXT",
                        help='what predicted it, e.g. "held-out-20cm: networks that saw neither station nor year"')
    parser.add_argument("--check", type=Path, action="append", default=[], metavar="TABLE",
                        help="also print what the intervals cover at the stations of this table")
    parser.add_argument("--only-print", action="store_true", help="leave the model file as it is")


def run(args: argparse.Namespace) -> int:
    """Print the tables and write the intervals; 0."""
    from deepsoil.evaluation.calibration import check_table, intervals_of, left_out_table, season_table
    from deepsoil.evaluation.residuals import read_residuals
    from deepsoil.networks.model_file import read_contract
    from deepsoil.networks.rewrite import rewrite_contract

    depth_cm = read_contract(args.model).depth_cm
    residuals = read_residuals(args.residuals, depth_cm)
    intervals = intervals_of(residuals, args.reference, args.source)
    print(left_out_table(residuals).markdown())
    print(season_table(residuals, intervals.half_width).markdown())
    for file in args.check:
        print(check_table(read_residuals([file], depth_cm), intervals.half_width).markdown())
    print(f"Half-width {intervals.half_width:.4f} m3/m3, guaranteed {intervals.guaranteed_half_width:.4f} m3/m3 "
          f"({intervals.text}, {intervals.days:,} days, {intervals.period}).")
    if not args.only_print:
        rewrite_contract(args.model, lambda contract: contract.model_copy(update={"intervals": intervals}))
        print(f"Written to {args.model}")
    return 0
