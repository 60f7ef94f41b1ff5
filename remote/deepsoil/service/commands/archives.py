"""``deepsoil archives``: the public archives, and whether they still are what DeepSoil takes them for."""

from __future__ import annotations

import argparse
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = ("Show the public archives: name, licence, when each was last compared with what DeepSoil "
                          "assumes of it. With `check`, compare them now: a small known place is fetched from each.")
    parser.add_argument("action", nargs="?", choices=("list", "check"), default="list")
    parser.add_argument("names", nargs="*", metavar="NAME", help="archives to check (default: all)")
    parser.add_argument("--agree", action="append", default=[], metavar="ARCHIVE",
                        help="check also an archive whose terms you have read and agree to")


def run(args: argparse.Namespace) -> int:
    """Print the list, or check; 1 where something differs."""
    from deepsoil.archives import checked
    from deepsoil.archives.registry import ARCHIVES, require_known
    from deepsoil.home import home, open_home

    require_known(*args.names, *args.agree)
    if args.action == "check":
        open_home(home())
        return _check(home(), args.names or list(ARCHIVES), set(args.agree))
    for name, archive in ARCHIVES.items():
        entry = checked.read(home()).get(name)
        last = "never" if entry is None else entry["on"] + (", differs" if entry["problems"] else "")
        wants = [text for text in ("terms" if archive.terms else "", f"account {archive.account}" if archive.account
                                   else "") if text]
        print(f"{name:16} {archive.title}\n{'':16} {archive.licence or 'computed here'}"
              f"{'; needs ' + ' and '.join(wants) if wants else ''}; last checked live: {last}")
    return 0


def _check(home: Path, names: list[str], agreed: set[str]) -> int:
    from deepsoil.archives import accounts, checked, probing
    from deepsoil.archives.registry import ARCHIVES
    from deepsoil.archives.session import open_network

    wrong = 0
    today = datetime.now(UTC).date()
    with open_network() as network:
        for name in names:
            archive = ARCHIVES[name]
            if archive.terms is not None and name not in agreed:
                print(f"{name}: not checked, its terms are not agreed to (--agree {name})", file=sys.stderr)
                continue
            if archive.account is not None and archive.account not in accounts.secrets():
                print(f"{name}: not checked, it needs an account of {archive.account}", file=sys.stderr)
                continue
            print(f"{name}: …", file=sys.stderr)
            with tempfile.TemporaryDirectory(prefix="deepsoil-check-") as folder:
                problems = probing.probe(archive, network, Path(folder), today)
            checked.write(home, {name: {"on": today.isoformat(), "problems": problems}})
            wrong += bool(problems)
            print(f"{name}: {'as assumed' if not problems else ' / '.join(problems)}")
    return 1 if wrong else 0
