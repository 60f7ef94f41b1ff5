"""``deepsoil recognise FOLDER``: what the files of a folder seem to be, and the recipe that they make."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from deepsoil.contract.errors import DeepSoilError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = ("Tell which channels the files of a folder hold (GeoTIFF, NetCDF, ISMN archives) and what "
                          "has yet to be said of them; write the recipe when all is said.")
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--said", type=Path, metavar="FILE.json", help="what the files do not say: {\"title\", "
                        "\"box\", \"files\": {NAME: {\"channel\", \"unit\", \"nodata\", \"day\", \"crs\"}}}")
    parser.add_argument("--write", action="store_true", help="write the recipe into the folder")
    parser.add_argument("--replace", action="store_true", help="replace a recipe that is there")


def run(args: argparse.Namespace) -> int:
    """Exit code 1 where something has yet to be said. The caller prints a DeepSoilError."""
    from deepsoil.sources.recognise.answer import Folders

    folders, said = Folders(), _said(args.said)
    draft = folders.draft(str(args.folder), said)
    for line in lines_of(draft):
        print(line)
    if draft["recipe"] is None:
        return 1
    if args.write:
        print(f"Written: {folders.write(str(args.folder), said, args.replace)['recipe']}")
    else:
        print()
        sys.stdout.write(draft["recipe"])
    return 0


def lines_of(draft: dict[str, Any]) -> list[str]:
    """The table that is printed."""
    lines = []
    for row in draft["files"]:
        what = "stations (ISMN)" if row["form"] == "ismn" else "not used" if row["channel"] == "" else \
            row["channel"] or "?"
        values = "" if row["least"] is None else f"{row['least']:g} to {row['most']:g}"
        asked = f"still to be said: {', '.join(row['asked'])}" if row["asked"] else ""
        lines.append("  ".join(part for part in (f"{row['key']}:", what, row["unit"] or "", values, row["day"] or "",
                                                 asked) if part))
    lines += [f"{one['path']}: {one['error']['message']}" for one in draft["unread"]]
    if draft["others"]:
        lines.append(f"Files of other kinds, not looked at: {draft['others']}")
    if draft["lacking"]:
        lines.append(f"No map can be made without: {', '.join(draft['lacking'])}")
    if draft["asked"]:
        lines.append("Still to be said: box (the maps have no area in common)")
    return lines


def _said(path: Path | None) -> Any:
    if path is None:
        return {}
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DeepSoilError("file_missing", "The file {path} cannot be read: {strerror}.", "Check the path.",
                            path=path, strerror=error) from error
