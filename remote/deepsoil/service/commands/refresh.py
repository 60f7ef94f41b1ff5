"""``deepsoil refresh REGION|DIR``: a gathered region up to today, here and now."""

from __future__ import annotations

import argparse
from pathlib import Path

from deepsoil.contract.version import SCHEMA


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = ("Bring a gathered region up to today: only days that are new or may have been revised are "
                          "fetched. Says which finished maps would be others now.")
    parser.add_argument("region", metavar="REGION|DIR", help="id of the region, or its gathered folder")
    parser.add_argument("--plan", action="store_true", help="only say what would be fetched")
    parser.add_argument("--offline", action="store_true", help="only what the cache has")
    parser.add_argument("--off", action="append", default=[], metavar="ARCHIVE", help="an archive that is not asked")
    parser.add_argument("--agree", action="append", default=[], metavar="ARCHIVE",
                        help="an archive whose terms you have read and agree to")


def run(args: argparse.Namespace) -> int:
    """Refresh, and print what changed."""
    from deepsoil.archives.registry import require_known
    from deepsoil.contract.specification import parse_specification
    from deepsoil.home import home, open_home
    from deepsoil.kinds import gather_work
    from deepsoil.kinds.gather_refreshing import refreshing_of
    from deepsoil.kinds.open_context import open_context
    from deepsoil.service.commands.gather import print_changed, surroundings

    require_known(*args.off, *args.agree)
    open_home(home())
    context, folder = open_context(home()), Path(args.region)
    options = {"update": True, "off": args.off or None, "offline": args.offline}
    request = {"schema": SCHEMA, "id": "0" * 32, "kind": "gather", "name": "Command line", "options": options}
    if folder.is_dir():
        options["folder"] = str(folder.absolute())
    else:
        request["region"] = args.region
    work = refreshing_of(parse_specification(request), context)
    if args.agree:
        options["agreed"] = [*dict.fromkeys((*work.record.agreed, *args.agree))]
        work = refreshing_of(parse_specification(request), context)
    if args.plan:
        for name, pieces in work.all_fresh.items():
            print(f"{name}: {len(pieces)} pieces, {sum(piece.size for piece in pieces) / 1e6:.2f} MB")
        print(f"{sum(piece.size for piece in work.pieces) / 1e6:.2f} MB until {work.plan.ask.end}")
        return 0
    for problem in work.problems():
        raise problem
    region, changed = gather_work.refresh(work, context, surroundings(home(), args.offline))
    print(f"region {region['id']}: maps until {region['last_date']}")
    print_changed(changed)
    return 0
