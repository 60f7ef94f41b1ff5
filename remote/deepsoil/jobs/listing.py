"""Lists the jobs of a HOME, and does something with each, so that one damaged job never hides or stops the others."""

from __future__ import annotations

import os
import re
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from deepsoil.contract.errors import DeepSoilError
from deepsoil.jobs.folder import JobFolder

_Result = TypeVar("_Result")

_ID = re.compile(r"[0-9a-f]{32}")
_MOST_REMEMBERED = 1000

# What was said of a job, so that a check several times a second says it once.
_said: dict[Path, str] = {}


def is_job_id(name: str) -> bool:
    """Whether a name is the id of a job."""
    return _ID.fullmatch(name) is not None


def job_folders(jobs: Path) -> Iterator[JobFolder]:
    """Every job in ``HOME/jobs``; a name that is no id of a job, and whatever is no folder, is left out."""
    try:
        with os.scandir(jobs) as entries:  # distinguishes folders from files without a call for each
            names = [entry.name for entry in entries if is_job_id(entry.name) and _is_folder(entry)]
    except (FileNotFoundError, NotADirectoryError):
        return
    for name in names:
        yield JobFolder(jobs / name)


def with_each(folders: Iterator[JobFolder], act: Callable[[JobFolder], _Result]) -> Iterator[tuple[JobFolder, _Result]]:
    """(job, ``act(job)``) of every job for which that works.

    A damaged job (DeepSoilError) is left out: its summary says what is wrong. Any other error is written to stderr.
    """
    for folder in folders:
        try:
            result = act(folder)
        except DeepSoilError:
            continue
        except Exception as error:  # noqa: BLE001 - the boundary: one job must not hold up the others
            _say(folder, error)
            continue
        yield folder, result


def _say(folder: JobFolder, error: Exception) -> None:
    text = f"{type(error).__name__}: {error}"
    if _said.get(folder.path) == text:
        return
    if len(_said) >= _MOST_REMEMBERED:
        _said.clear()
    _said[folder.path] = text
    print(f"job {folder.id}: {text}", file=sys.stderr)
    traceback.print_exception(error, file=sys.stderr)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself
        return False
