"""``deepsoil record MODEL TABLE…``: writes a measured score at stations into a model file."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", type=Path, help="the model file that gets the score")
    parser.add_argument("tables", type=Path, nargs="+", metavar="TABLE",
                        help="station_comparison.csv of an evaluation, or held_out.csv of trainings")
    parser.add_argument("--reference", required=True, metavar="TEXT",
                        help='what was measured where, e.g. "readings of the stations of Kings Creek, Kansas"')
    parser.add_argument("--split", required=True, metavar="TEXT", help="what the model had not seen of it")
    parser.add_argument("--station", action="append", metavar="ID", help="only this station; may be repeated")
    parser.add_argument("--group", metavar="TEXT", help='what the stations have in common, e.g. "irrigated fields"')
    parser.add_argument("--synthetic", action="store_true", help="the readings are made up, not measured")


def run(args: argparse.Namespace) -> int:
    """Print the score and write it; 0."""
    from deepsoil.evaluation.measured import measured_score, with_score
    from deepsoil.evaluation.residuals import read_residuals
    from deepsoil.networks.model_file import read_contract
    from deepsoil.networks.rewrite import rewrite_contract

    found = read_residuals(args.tables, read_contract(args.model).depth_cm)
    score = measured_score(found, args.reference, args.split, stations=args.station, group=args.group,
                           measured=not args.synthetic)
    rewrite_contract(args.model, lambda contract: with_score(contract, score))
    of_group = f" ({score.group})" if score.group else ""
    print(f"{args.model.name}{of_group}: MAE {score.value:.4f} m3/m3, the station a week before "
          f"{score.baseline_value:.4f}; {score.n} stations, {score.days} days (medians), {score.period}")
    return 0
