"""``deepsoil tables CONFIG.yaml``: the paper's Tables 4, 5 and 6 on a region, what a neighbourhood is worth, or the
5 cm experiment on generated regions."""

from __future__ import annotations

import argparse
from pathlib import Path

from deepsoil.contract.errors import DeepSoilError

REGIONS_PARTS = ("tables", "water", "data_sets", "starts", "causes")
"""Those of `regions_plan.PARTS`; here so that the command's help reads no plan."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("configuration", type=Path,
                        help="training configuration with supervision, e.g. resources/training/tables-kings-creek.yaml "
                        "or a plan as tables-context.yaml and tables-regions.yaml there")
    parser.add_argument("--output", type=Path, help="folder for tables and run folders (default: build/tables/NAME); "
                        "trainings in it that are done are not repeated")
    parser.add_argument("--seeds", type=int, default=3, help="trainings of every kind, for the spread (default: 3)")
    parser.add_argument("--shares", type=float, nargs="+", metavar="SHARE",
                        help="shares of simulated batches, 0 to 1 (default: those of the paper)")
    parser.add_argument("--parts", nargs="+", choices=REGIONS_PARTS, metavar="PART",
                        help=f"of a plan as tables-regions.yaml, only these: {', '.join(REGIONS_PARTS)}")
    parser.add_argument("--costs", action="store_true",
                        help="of such a plan, only print what its trainings that are left will take")
    parser.add_argument("--ablations", action="store_true", help="also the terms of the loss, and every pixel labelled "
                        "against the paper's sample")


def run(arguments: argparse.Namespace) -> int:
    """Train what is missing and print the tables; 0 when done."""
    from deepsoil.experiments.context_plan import is_context_plan, read_plan

    if is_context_plan(arguments.configuration):
        from deepsoil.experiments.context_tables import ContextTables

        plan = read_plan(arguments.configuration)
        ContextTables(plan, arguments.output or Path("build") / "tables" / plan.name, arguments.seeds,
                      lambda line: print(line, flush=True)).run()
        return 0
    from deepsoil.experiments.regions_plan import is_regions_plan, read_regions_plan

    if is_regions_plan(arguments.configuration):
        from deepsoil.experiments.regions_experiment import RegionsExperiment

        chosen = read_regions_plan(arguments.configuration)
        RegionsExperiment(chosen, arguments.output or Path("build") / "tables" / chosen.name, arguments.seeds,
                          lambda line: print(line, flush=True), arguments.parts).run(arguments.costs)
        return 0
    from deepsoil.experiments.paper_tables import SHARES, PaperTables
    from deepsoil.training.configuration import read_configuration

    configuration = read_configuration(arguments.configuration)
    if configuration.supervision is None:
        raise DeepSoilError("configuration_invalid", "{configuration} names no region to learn from.",
                            "Add supervision.region, see resources/training/tables-kings-creek.yaml.", "supervision",
                            configuration=arguments.configuration)
    shares = arguments.shares or SHARES
    if not all(0 <= share <= 1 for share in shares):
        raise DeepSoilError("configuration_invalid", "A share of simulated batches is not between 0 and 1.",
                            "Give shares such as 0 0.5 1.", "shares")
    output = arguments.output or Path("build") / "tables" / configuration.name
    PaperTables(configuration, output, arguments.seeds, lambda line: print(line, flush=True),
           ablations=arguments.ablations).run(shares)
    return 0
