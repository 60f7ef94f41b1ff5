"""Arguments of a command that say what is known of the water, the crop and the soil of its fields."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any

from deepsoil.contract.errors import DeepSoilError

_HABIT = re.compile(r"^(\d+(?:\.\d+)?) ?mm ?@ ?(\d+(?:\.\d+)?) ?%$")


def add_water(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of irrigation, and ``--crop``, ``--planted`` and ``--soil``."""
    water = parser.add_mutually_exclusive_group()
    water.add_argument("--irrigation-log", type=Path, metavar="FILE",
                       help="CSV with the water given to the fields on each day, with the columns date and mm (or in)")
    water.add_argument("--irrigation-habit", type=_habit, metavar="MM@SHARE",
                       help="usual practice, such as 25mm@40%%: 25 mm when 40 %% of the available water is used")
    water.add_argument("--irrigated", action="store_true", help="the fields are irrigated, nothing more is known")
    water.add_argument("--rainfed", action="store_true", help="the fields are not irrigated, whatever a map says")
    parser.add_argument("--crop", help="what grows on the fields, e.g. corn")
    parser.add_argument("--planted", metavar="DAY", help="when the crop is planted; default: as is usual there")
    add_soil(parser)


def add_soil(parser: argparse.ArgumentParser) -> None:
    """Add ``--soil``."""
    parser.add_argument("--soil", type=Path, metavar="FILE", help="CSV with what was measured of the soil, a line for "
                        "each layer: top_cm, bottom_cm, field_capacity, wilting_point (m3/m3), or theta_r, theta_s, "
                        "vg_alpha_per_cm, vg_n; for soil columns only")


def soil_of(path: Path) -> list[dict[str, Any]]:
    """The layers of a file, for ``soil`` of an entry of ``options.management``. DeepSoilError as `read_soil`."""
    from deepsoil.soil.soil_table import read_soil

    return read_soil(_text_of(path))


def water_of(args: argparse.Namespace) -> dict[str, Any]:
    """An entry of ``options.management`` for all fields; empty where nothing is said. DeepSoilError as `read_log`."""
    entry: dict[str, Any] = {}
    if args.irrigation_log is not None:
        entry["irrigation"] = _log(args.irrigation_log)
    elif args.irrigation_habit is not None:
        entry["irrigation"] = args.irrigation_habit
    elif args.irrigated:
        entry["irrigation"] = {"type": "irrigated"}
    elif args.rainfed:
        entry["irrigation"] = {"type": "rainfed"}
    if args.crop:
        entry["crop"] = args.crop
    if args.planted:
        entry["planted"] = args.planted
    if args.soil is not None:
        entry["soil"] = soil_of(args.soil)
    return entry


def _log(path: Path) -> dict[str, Any]:
    from deepsoil.soil.irrigation_log import read_log

    return read_log(_text_of(path)).model_dump(mode="json")


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise DeepSoilError("file_missing", "The file {path} cannot be read: {strerror}.", "Check the path.",
                            path=path, strerror=error.strerror) from error
    except UnicodeDecodeError:
        return path.read_text(encoding="cp1252", errors="replace")


def _habit(text: str) -> dict[str, Any]:
    found = _HABIT.match(text.strip())
    share = float(found.group(2)) / 100 if found else 0.0
    if found is None or not 0.05 <= share <= 0.95 or float(found.group(1)) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a habit such as 25mm@40%, from 5 % to 95 %")
    return {"type": "habit", "mm": float(found.group(1)), "depletion": share}
