"""The export itself: maps, tables and outlines into one folder, where they appear together. No window, any thread."""

from __future__ import annotations

import errno
import math
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from ..map.new_files import NewFiles, Wanted, existing
from ..text.formatting import size_text
from ..text.translate import tr
from . import tables
from .figures import DamagedError, Figures, figures_of
from .items import Item, by_field, names_of
from .outlines import PARTS, FieldDay, outline_of, write_outlines
from .raster import crs_of, write_map
from .wishes import CSV, XLSX, Wishes
from .zones import Zone, files_of, write_zones, zones_of

TABLE_STEM, OUTLINES_STEM = "soil_moisture_summary", "soil_moisture_fields"
ZONES_STEM = "soil_moisture_zones"
TABLE_NAME = f"{TABLE_STEM}.csv"
_PER_PIXEL_BYTES = 4  # of a map of two bands, without compression
_REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS)
_MARGIN = 1.3

Known = tuple[Item, Figures]
Step = Callable[[float], None]
"""Told the share that is done; what it raises ends the export."""


class Pages(Protocol):
    """Writes reports."""

    def write(self, path: Path, maps: Sequence[Known], wishes: Wishes, check: Callable[[], None]) -> None:
        """The page of a field on a day, of which ``maps`` are the maps. OSError where it cannot be written."""


class ExportError(Exception):
    """Nothing was written; the text says why and what to do."""


@dataclass
class Report:
    """files: what was written, names in the folder; problems: which maps were left out, and why."""

    folder: Path
    files: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def export(items: Sequence[Item], folder: Path, wishes: Wishes, step: Step, replace: bool = False,
           pages: Pages | None = None) -> Report:
    """Write what is wished for of these maps. A map that is damaged is left out, and told; the others go on.

    Without ``replace``, names that are taken get a number. ``pages`` writes the reports, where they are wished for.
    ExportError: nothing was written.
    """
    try:
        if wishes.crs:
            crs_of(wishes.crs)
    except ValueError:
        raise ExportError(tr("“{0}” is not a coordinate system. Choose another one.").format(wishes.crs)) from None
    report = Report(folder)
    known = _figures(items, wishes, step, report)
    if not known:
        raise ExportError(" ".join([*report.problems, tr("Nothing was written.")]))
    left = [item for item, _ in known]
    try:
        names, others = names_of(left, extra_files(left, wishes), [] if replace else existing(folder))
        with NewFiles(folder, replace) as new:
            _check_space(folder, known, wishes)
            for number, (item, name) in enumerate(zip(left, names, strict=True) if wishes.maps else ()):
                share = 0.4 + 0.5 * number / len(left)
                write_map(item.source, new.draft(name), wishes, item.what, lambda: step(share))  # noqa: B023  at once
                report.files.append(name)
            files = names if wishes.maps else [""] * len(left)
            rows = [tables.row_of(item, figures, file) for (item, figures), file in zip(known, files, strict=True)]
            waiting = list(others)
            _write_tables(new, rows, waiting, wishes, step)
            if wishes.outlines:
                _write_outlines(new, known, waiting, wishes, step)
                _write_zones(new, left, waiting, wishes, report)
            if pages is not None and wishes.reports:
                _write_reports(new, known, waiting, wishes, step, pages)
            step(0.99)
            report.files += new.names[len(report.files):]
    except OSError as error:
        raise ExportError(_reason(error, folder)) from error
    except ValueError as error:
        raise ExportError(tr("The coordinate system {0} cannot show these fields. Choose another one. Nothing was "
                             "written.").format(error)) from error
    return report


def extra_files(items: Sequence[Item], wishes: Wishes) -> list[list[Wanted]]:
    """The files beside the maps, by groups that stay together, in the order tables, outlines, zones, reports."""
    wanted = [[("", f"{TABLE_STEM}.{form}")] for form in wishes.tables]
    for stem in (OUTLINES_STEM, *([ZONES_STEM] if files_of(items) else [])):
        wanted += [[("", f"{stem}.{part}") for part in PARTS.get(form, (form,))] for form in wishes.outlines]
    if wishes.reports:
        wanted += [[(items[numbers[0]].field, f"report_{day}.pdf") for day in sorted({items[n].date for n in numbers})]
                   for numbers in by_field(items)]
    return wanted


def _figures(items: Sequence[Item], wishes: Wishes, step: Step, report: Report) -> list[tuple[Item, Figures]]:
    """Every map is read to its last pixel first, so that a damaged one is known before anything is written."""
    known = []
    for number, item in enumerate(items):
        share = 0.4 * number / max(1, len(items))
        try:
            known.append((item, figures_of(item, wishes, lambda: step(share))))  # noqa: B023  at once
        except DamagedError as error:
            report.problems.append(tr("{0}: {1}. To make it again, choose “Try again” in the list of jobs.").format(
                item.field, error))
    return known


def _write_tables(new: NewFiles, rows: Sequence[Sequence[Any]], waiting: list[list[str]], wishes: Wishes, step: Step,
                  ) -> None:
    """``waiting``: the groups of names that are still to be written, from which each takes its own."""
    writers = {CSV: tables.write_csv, XLSX: tables.write_xlsx}
    for form in wishes.tables:
        step(0.9)
        writers[form](new.draft(waiting.pop(0)[0]), rows)


def _write_outlines(new: NewFiles, known: Sequence[Known], waiting: list[list[str]], wishes: Wishes, step: Step,
                    ) -> None:
    days = _field_days(known, step)
    for form in wishes.outlines:
        step(0.92)
        drafts = [new.draft(name) for name in waiting.pop(0)]
        write_outlines(drafts[0], form, days, wishes)


def _write_zones(new: NewFiles, items: Sequence[Item], waiting: list[list[str]], wishes: Wishes, report: Report,
                 ) -> None:
    files = files_of(items)
    if not files:
        return
    zones: list[Zone] = []
    for path in files:
        try:
            zones += zones_of(path, (item.field for item in items if item.source.parent == path.parent))
        except DamagedError as error:
            report.problems.append(tr("{0}: {1}. To make it again, choose “Try again” in the list of jobs.").format(
                tr("Zones"), error))
    for form in wishes.outlines:
        names = waiting.pop(0)
        if zones:
            drafts = [new.draft(name) for name in names]
            write_zones(drafts[0], form, zones)


def _write_reports(new: NewFiles, known: Sequence[Known], names: Sequence[Sequence[str]], wishes: Wishes,
                   step: Step, pages: Pages) -> None:
    items = [item for item, _ in known]
    for place, (numbers, group) in enumerate(zip(by_field(items), names, strict=True)):
        share = 0.9 + 0.09 * place / len(names)
        for day, name in zip(sorted({items[number].date for number in numbers}), group, strict=True):
            step(share)
            pages.write(new.draft(name), [known[number] for number in numbers if items[number].date == day], wishes,
                        lambda: step(share))  # noqa: B023  at once


def _field_days(known: Sequence[Known], step: Step) -> list[FieldDay]:
    found: dict[tuple[str, str], FieldDay] = {}
    shapes: dict[str, Any] = {}
    for number, (item, figures) in enumerate(known):
        group = item.group or str(number)
        if group not in shapes:
            shapes[group] = outline_of(item, lambda: step(0.93))
        day = found.setdefault((group, item.date), FieldDay(item.field, item.date, shapes[group]))
        day.figures[item.what] = figures
    return list(found.values())


def _check_space(folder: Path, known: Sequence[Known], wishes: Wishes) -> None:
    """OSError where the disk has less room than the maps may take."""
    needed = 1 << 20
    if wishes.maps:
        sizes = [item.source.stat().st_size for item, _ in known]
        needed += math.ceil(_MARGIN * sum(sizes)) + _PER_PIXEL_BYTES * max(figures.pixels for _, figures in known)
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise OSError(errno.ENOSPC, tr("{0} are free, and the files may take {1}").format(
            size_text(free), size_text(needed)), str(folder))


def _reason(error: OSError, folder: Path) -> str:
    """What happened and what to do, in the user's words."""
    nothing = tr("Nothing was written there.")
    if error.errno == errno.ENOSPC:
        return tr("The disk with {0} is full: {1}. Free some space, or choose another folder.").format(
            folder, error.strerror) + " " + nothing
    if error.errno == errno.EEXIST:
        return tr("Another program has just written {0}. Try again.").format(error.filename) + " " + nothing
    if isinstance(error, PermissionError) or error.errno in _REFUSED:
        return tr("{0} may not be written to, or a file in it is open in another program. Close it, or choose another "
                  "folder.").format(folder) + " " + nothing
    if not folder.is_dir():
        return tr("The folder {0} is not there or cannot be made. Choose another one.").format(folder) + " " + nothing
    return tr("The maps could not be exported to {0}: {1}. Nothing was written there.").format(
        folder, error.strerror or error)
