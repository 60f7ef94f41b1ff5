"""What a job says of readings that all else contradicts, once each: in its log, and as a warning of its summary."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from deepsoil.field.analysis import Analysis
from deepsoil.jobs.warnings import add_warning

if TYPE_CHECKING:
    from deepsoil.jobs.folder import JobFolder


def tell_doubts(analysis: Analysis, day: date, folder: JobFolder, told: set[str]) -> None:
    """Tell the doubts of a day that are not in ``told`` yet, and add them to it."""
    for doubt in analysis.doubts(day):
        if doubt.message not in told:
            told.add(doubt.message)
            folder.log(f"{doubt.message} {doubt.hint}", "warning")
            add_warning(folder.path, doubt)
