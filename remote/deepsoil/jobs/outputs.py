"""The outputs of a job as its folder records them, and those of them that are there. Bounded in memory and time."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from deepsoil.contract import migration
from deepsoil.contract.output_names import OUTPUT_KINDS, is_output_name
from deepsoil.io import json_files
from deepsoil.jobs.folder_errors import damaged

Record = dict[str, Any]

MOST = 50_000
"""Outputs of one job that are listed: two depths on each day of a year for 68 fields."""
MOST_BYTES = 24 << 20
"""Read of a list of outputs."""

_LARGEST = 1 << 53
_FIELDS = ("name", "kind", "depth_cm", "date", "field", "size", "sha256")


def is_record(record: Any) -> bool:
    """Whether a value describes an output, with a name that stays within the folder."""
    return (isinstance(record, dict) and is_output_name(record.get("name"))
            and _is_count(record.get("size")) and isinstance(record.get("sha256"), str)
            and record.get("kind") in OUTPUT_KINDS
            and (record.get("depth_cm") is None or _is_count(record["depth_cm"]))
            and all(record.get(name) is None or isinstance(record[name], str) for name in ("date", "field")))


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _LARGEST


def published(path: Path) -> tuple[list[Record], int]:
    """(records of ``outputs.jsonl`` in order, count of lines that are not records). OSError if it cannot be read.

    Of two records of one name the last counts.
    """
    records: dict[str, Record] = {}
    invalid = 0
    for record in json_files.read_lines(path, most_bytes=MOST_BYTES):
        if is_record(record):
            records[record["name"]] = record
        else:
            invalid += 1
    return list(records.values()), invalid


def read_manifest(path: Path) -> dict[str, Any]:
    """The manifest of an ended job. DeepSoilError ``job_damaged`` if it is missing or unreadable."""
    try:
        document = json_files.read(path, MOST_BYTES)
        files = document.get("files") if isinstance(document, dict) else None
        if not isinstance(files, list) or not all(map(is_record, files)):
            raise ValueError("it is not a manifest")
    except (OSError, ValueError) as error:
        raise damaged(path, error) from error
    return migration.manifest(document)


def divided(folder: Path, records: Iterable[Record]) -> tuple[list[Record], list[str]]:
    """(outputs that are there, names of those that are missing or changed).

    An output is a regular file in ``folder`` with its recorded size; a link is none, wherever it leads.
    """
    there: list[Record] = []
    lost: list[str] = []
    folders: dict[str, bool] = {}
    for record in records:
        if _is_there(folder, record["name"], record["size"], folders):
            there.append({"path": f"{folder}{os.sep}{record['name']}", **{name: record.get(name) for name in _FIELDS}})
        else:
            lost.append(record["name"])
    return there, lost


def _is_there(folder: Path, name: str, size: int, folders: dict[str, bool]) -> bool:
    parent, _, _ = name.rpartition("/")
    if not _is_folder(str(folder), parent, folders):
        return False
    about = _about(f"{folder}{os.sep}{name}")
    return about is not None and stat.S_ISREG(about.st_mode) and about.st_size == size


def _is_folder(root: str, inner: str, folders: dict[str, bool]) -> bool:
    """Whether ``root/inner`` and all folders between are folders, not links; ``folders``: what is known of others."""
    if inner not in folders:
        about = _about(f"{root}{os.sep}{inner}" if inner else root)
        here = about is not None and stat.S_ISDIR(about.st_mode)
        folders[inner] = here and (not inner or _is_folder(root, inner.rpartition("/")[0], folders))
    return folders[inner]


def _about(path: str) -> os.stat_result | None:
    try:
        return os.lstat(path)
    except (OSError, ValueError):
        return None
