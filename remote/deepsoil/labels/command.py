"""`deepsoil simulate STORE`: simulate the soil columns of a region, label every pixel; `--plan`: estimate the cost."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deepsoil.channels import CHANNELS
from deepsoil.contract.errors import DeepSoilError
from deepsoil.io.progress_line import progress_line

if TYPE_CHECKING:
    from deepsoil.labels.cost_estimate import CostEstimate, Costs
    from deepsoil.labels.simulate import SimulationResult
    from deepsoil.store.store import Store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = ("Simulate the distinct soil columns of a region (weather cell, texture, cover) and label "
                          "every pixel, inside the store. An interrupted run continues when it is started again.")
    parser.add_argument("store", type=Path, metavar="STORE", help="folder of the region's store")
    parser.add_argument("--texture-step", type=int, default=1, metavar="PERCENT",
                        help="snap texture to steps of this many per cent (default: 1)")
    parser.add_argument("--fallow", action="store_true", help="bare soil everywhere, as in the paper")
    parser.add_argument("--shard", metavar="K/N", help="do the K-th of N parts, for N processes at the same time")
    parser.add_argument("--restart", action="store_true", help="remove existing labels and start again")
    parser.add_argument("--threads", type=int, metavar="N", help="processor threads to use (default: all)")
    sampling = parser.add_argument_group("the paper's sample, a mask beside the labels")
    sampling.add_argument("--sample", type=int, metavar="PIXELS", help="choose so many pixels (the paper: 500000)")
    sampling.add_argument("--year", type=int, help="the year they are for")
    sampling.add_argument("--seed", type=int, default=0, help="another seed chooses others (default: 0)")
    planning = parser.add_argument_group("what it would take, without doing it")
    planning.add_argument("--plan", action="store_true", help="count columns, measure time and disk on a few of them")
    planning.add_argument("--pixels", type=int, metavar="N", help="also for a region of so many pixels")
    planning.add_argument("--cells", type=int, metavar="N", help="also for a region of so many weather cells")
    planning.add_argument("--days", type=int, metavar="N", help="days of labels there (default: as here)")


def run(args: argparse.Namespace) -> int:
    """Plan or simulate; the caller prints a DeepSoilError."""
    from deepsoil.labels.settings import LabelSettings  # compiled kernels and zarr: slow to import
    from deepsoil.store.store import Store

    _check(args)
    store, settings = Store.open(args.store), LabelSettings(args.texture_step, args.fallow)
    if args.plan:
        from deepsoil.labels.cost_estimate import estimate_cost

        print(describe_plan(store, estimate_cost(store, settings, pixels=args.pixels, cells=args.cells, days=args.days,
                                        threads=args.threads)))
        return 0
    from deepsoil.labels.simulate import parse_share, simulate

    began, show = time.monotonic(), _progress()
    share = parse_share(args.shard) if args.shard else (1, 1)
    outcome = simulate(store, settings, share=share, restart=args.restart, threads=args.threads, on_progress=show)
    print(describe_outcome(store, outcome, time.monotonic() - began))
    if args.sample is not None:
        from deepsoil.labels.label_reader import Labels
        from deepsoil.labels.sampled_pixels import choose

        candidates = choose(Labels.open(store), args.sample, args.year, args.seed, on_progress=show)
        print(f"Sample for {args.year}: {args.sample:,} of {candidates:,} candidates.")
    return 0


def _check(args: argparse.Namespace) -> None:
    if (args.sample is None) != (args.year is None):
        raise DeepSoilError("bad_option", "--sample and --year belong together.", "Give both, e.g. --sample 500000 "
                            "--year 2023.", "year")
    if args.sample is not None and args.shard:
        raise DeepSoilError("bad_option", "The sample is chosen when all labels are there.",
                            "Choose it in a run without --shard, after the last part.", "sample")
    if not args.plan and (args.pixels or args.cells or args.days):
        raise DeepSoilError("bad_option", "--pixels, --cells and --days only say something with --plan.", "Add --plan.",
                            "plan")


def describe_outcome(store: Store, outcome: SimulationResult, seconds: float) -> str:
    """Sentences about the results of a run."""
    lines = [f"{store.title}: {outcome.columns:,} distinct soil columns, {outcome.simulated:,} simulated now in "
             f"{_duration(seconds)}.", *pixel_lines(outcome.attributes), leaf_line(outcome.attributes["leaves"])]
    weather = outcome.attributes["weather"]
    lines.append(f"Days: {weather['first_day']} to {weather['last_day']}; spin-up: {weather['spinup']}.")
    filled = {name: days for name, days in weather["filled_cell_days"].items() if days}
    if filled:
        days = ", ".join(f"{count:,} of {name}" for name, count in filled.items())
        lines.append(f"Weather filled, in days of a cell: {days} ({weather['fill_rule']}).")
    if outcome.finished:
        failed = outcome.attributes["failed"]
        lines.append(f"Labels are complete; {failed:,} columns did not converge"
                     + (" and are missing." if failed else "."))
    else:
        lines.append("Other parts are still to be simulated; the last one finishes the labels.")
    return "\n".join(lines)


def pixel_lines(attributes: dict[str, Any]) -> list[str]:
    """Lines about the pixels with and without labels, and assumptions."""
    pixels = attributes["pixels"]
    reasons = [f"{pixels[name]:,} {text}" for name, text in (
        ("no_soil", "of water or ice"), ("no_texture", "without texture"),
        ("bad_texture", "whose texture does not sum to 100 %"), ("no_weather", "without weather")) if pixels[name]]
    lines = [f"Pixels: {pixels['labelled']:,} labelled" + (f"; not {', '.join(reasons)}." if reasons else ".")]
    if pixels["assumed_cover"]:
        lines.append(f"No land cover is known for {pixels['assumed_cover']:,} of them; they are taken as grass.")
    if pixels.get("bad_retention"):
        lines.append(f"WARNING bad_retention: the measured water contents of {pixels['bad_retention']:,} of them "
                     "cannot be (not between 0 and 1 m³/m³, or the wilting point not below field capacity); their "
                     "texture stands for them. Check units and nodata of field_capacity and wilting_point.")
    return lines


def leaf_line(leaves: dict[str, Any]) -> str:
    """A line about where leaf area comes from; a warning where maps of it exist and none could be used."""
    if not leaves["channel"]:
        return "Leaves: from cover and climate; the region has neither NDVI nor leaf area."
    name = CHANNELS[leaves["channel"]].title
    if not leaves["seen"]:
        return (f"WARNING leaves_not_seen: none of the {leaves['maps']} maps of {name} could be used (cloud or fill); "
                "leaves are from cover and climate. Check the source and its scale.")
    return (f"Leaves: from {leaves['maps']} maps of {name} for {', '.join(leaves['seen'])}; where nothing was seen, "
            "from crop or cover and climate.")


def describe_plan(store: Store, plan: CostEstimate) -> str:
    """Sentences about the plan, which state what was measured and what was extrapolated."""
    lines = [f"{store.title}: {plan.here.columns:,} distinct soil columns ({plan.units:,} soils in "
             f"{_cells(plan.cells)}) label {plan.pixels.labelled:,} pixels on {plan.days:,} days.",
             f"Here: {_costs(plan.here)} (measured on {plan.trial} of the columns: {plan.us_per_column_day:.1f} µs per "
             f"column and day on {plan.threads} threads, {plan.bytes_per_value:.2f} bytes a value)."]
    if plan.elsewhere is not None:
        there = plan.elsewhere
        basis = (f"what lies wholly in this region, {_cells(there.whole_cells)}" if there.whole_cells else
                 "the fullest weather cell of this region (none lies wholly in it, so there may be more columns)")
        lines.append(f"Extrapolated to {there.pixels:,} pixels in {_cells(there.cells)} on {there.days:,} "
                     f"days: {there.costs.columns:,} columns, {_costs(there.costs)}. This supposes a land as varied as "
                     f"{basis} ({there.columns_per_cell:,.0f} columns a cell); nothing of it was simulated.")
    return "\n".join(lines)


def _cells(count: int) -> str:
    return f"{count:,} weather cell{'' if count == 1 else 's'}"


def _costs(costs: Costs) -> str:
    return f"about {_duration(costs.seconds)} and {_size(costs.bytes)}"


def _duration(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def _size(size: float) -> str:
    return f"{size / 1e6:.1f} MB" if size < 1e9 else f"{size / 1e9:.1f} GB"


def _progress() -> Callable[[int, int, str], None]:
    """Shows progress on stderr."""
    show = progress_line()
    return lambda done, total, message: show(done / total, message)
