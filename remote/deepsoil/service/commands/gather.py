"""``deepsoil gather FIELD.geojson DIR``: the data of a field from public archives, here and now."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.version import SCHEMA
from deepsoil.service.commands.area_files import area_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deepsoil.archives.archive import Piece
    from deepsoil.kinds.gather_changes import ChangedMap
    from deepsoil.kinds.gather_request import Gathering
    from deepsoil.kinds.gather_work import Surroundings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = ("Fetch the data of a field from public archives into a folder with a recipe, and make a "
                          "region of it. Stopped, the same command goes on where it was.")
    parser.add_argument("field", type=Path, metavar="FIELD.geojson", help="outline of the field, EPSG:4326")
    parser.add_argument("folder", type=Path, metavar="DIR", nargs="?",
                        help="folder for the data, made if it does not exist; that of a region near by takes the field "
                             "in. Without it: the gathered region that the field touches, else a new one")
    parser.add_argument("--plan", action="store_true", help="only say what would be fetched")
    parser.add_argument("--offline", action="store_true", help="only what the cache has")
    parser.add_argument("--start", metavar="DAY", help="first day for which maps are wanted; default: 3 years ago")
    parser.add_argument("--end", metavar="DAY", help="last day; default: today")
    parser.add_argument("--title", help="name of the region, for people")
    parser.add_argument("--off", action="append", default=[], metavar="ARCHIVE", help="an archive that is not asked")
    parser.add_argument("--agree", action="append", default=[], metavar="ARCHIVE",
                        help="an archive whose terms you have read and agree to")
    parser.add_argument("--no-ingest", action="store_true",
                        help="fetch only, for instance where the region is made on another computer")


def run(args: argparse.Namespace) -> int:
    """Gather, and print the id of the region or the path of the recipe."""
    from deepsoil.archives.registry import require_known
    from deepsoil.contract.specification import parse_specification
    from deepsoil.home import home, open_home
    from deepsoil.kinds import gather_work
    from deepsoil.kinds.gather_request import gathering_of, near
    from deepsoil.kinds.open_context import open_context

    require_known(*args.off, *args.agree)
    open_home(home())
    context = open_context(home())
    work = gathering_of(parse_specification(_document(args)), context)
    if args.plan:
        print_plan(work, near(context, work))
        return 0
    for problem in work.problems():
        raise problem
    around = surroundings(home(), args.offline)
    if work.region is None:
        recipe = gather_work.gather(work.plan, gather_work.record_of(work), work.folder, around)
        region = None if args.no_ingest else gather_work.ingest(recipe, work.plan.ask.outline, context, around)
    else:
        recipe, region, changed = gather_work.extend(work, context, around, only_fetch=args.no_ingest)
        print_changed(changed)
    print(recipe if region is None else f"region {region['id']}: {region['path']}")
    return 0


def print_changed(changed: Sequence[ChangedMap]) -> None:
    """A line for each finished map that would be another one now."""
    for one in changed:
        print(f"changed: {one.name} of {one.day} in the job '{one.job_name}' ({one.job})")


def surroundings(home: Path, offline: bool) -> Surroundings:
    """A gathering in this process, which shows its progress and what it notes on stderr."""
    from deepsoil.io.progress_line import progress_line
    from deepsoil.kinds.gather_work import Surroundings

    show = progress_line()

    def log(text: str, level: str) -> None:
        print(f"\n{level}: {text}" if level != "info" else f"\n{text}", file=sys.stderr, flush=True)

    return Surroundings(home, lambda done, total, message: show(done / total, message), log, lambda: False, offline)


def print_plan(work: Gathering, near: Sequence[str] = ()) -> None:
    """A line for each archive, and what will be lacking; ``near``: regions beside which this makes another."""
    from deepsoil.archives import registry
    from deepsoil.archives.choice import seconds
    from deepsoil.archives.needs import TITLES
    from deepsoil.terminal import print_table

    plan = work.plan
    rows = [(registry.ARCHIVES[name].title, ", ".join(TITLES.get(need, need) for need in needs),
             *_count_and_size(plan.pieces[name]), registry.ARCHIVES[name].licence)
            for name, needs in plan.used_for.items()]
    if work.beside:
        rows.append(("the same archives, for up to two stations near by", "to judge results",
                     *_count_and_size(work.beside), ""))
    print_table(("archive", "for", "pieces", "size", "licence"), rows)
    megabytes, minutes = sum(piece.size for piece in work.pieces) / 1e6, seconds(work.pieces) / 60
    print(f"{megabytes:.0f} MB, about {minutes:.1f} min; maps from {work.first} to {work.last}, "
          f"weather from {plan.ask.start}")
    if work.region is not None:
        print(f"extends the region {work.title} in {work.region_folder}, which lacks {_megabytes(work.region.pieces)} "
              "for the same days")
    if near:
        print(f"another region beside {', '.join(near)}, which stays as it is; what is the same is not fetched again")
    for choice in plan.choices:
        if choice.problem is not None:
            print(f"without {TITLES.get(choice.need, choice.need)}: {choice.problem}")
    for problem in work.problems():
        print(f"prevented: {problem}")


def _count_and_size(pieces: Sequence[Piece]) -> tuple[str, str]:
    return str(len(pieces)), _megabytes(pieces)


def _megabytes(pieces: Sequence[Piece]) -> str:
    return f"{sum(piece.size for piece in pieces) / 1e6:.1f} MB"


def _document(args: argparse.Namespace) -> dict[str, Any]:
    folder = {} if args.folder is None else {"folder": str(args.folder.absolute())}
    options = {**folder, "off": args.off, "agreed": args.agree, "offline": args.offline}
    document: dict[str, Any] = {"schema": SCHEMA, "id": "0" * 32, "kind": "gather", "name": "Command line",
                                "area": area_of(args.field),
                                "options": options if args.title is None else {**options, "title": args.title}}
    if (args.start is None) != (args.end is None):
        raise DeepSoilError("specification_invalid", "Only one of the two dates is given.",
                            "Give --start and --end, or neither of them.", "dates")
    return document if args.start is None else {**document, "dates": {"start": args.start, "end": args.end}}
