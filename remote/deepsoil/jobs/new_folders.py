"""The folders of many new jobs: written one after another, flushed to the disk together, named under one lock."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from deepsoil.contract.errors import DeepSoilError
from deepsoil.io import disk
from deepsoil.jobs import new_folder
from deepsoil.jobs.folder import JobFolder, now

if TYPE_CHECKING:
    from deepsoil.contract.specification import Specification


@dataclass(frozen=True)
class NewJob:
    """A job that was accepted. ``fill_draft``: see `JobFolder.create`."""

    specification: Specification
    fill_draft: Callable[[Path], None]


def create_many(jobs: Path, wanted: Sequence[NewJob], admission: Callable[[], AbstractContextManager[object]],
                check: Callable[[str], None]) -> list[JobFolder | DeepSoilError]:
    """For each job its folder, new or not, or why there is none; as `JobFolder.create` does for one.

    A folder appears complete, by a rename, when all are flushed; a process that is killed before has made none of the
    jobs, and later some of them, whole. ``admission()`` is held for the renames; ``check(id)`` raises the DeepSoilError
    that forbids a job. OSError: they could not be flushed, and none was made.
    """
    drafts: dict[int, Path] = {}
    found: dict[int, JobFolder | DeepSoilError] = {}
    try:
        disk.make_folder(jobs)
        with disk.syncing_together():
            for number, job in enumerate(wanted):
                draft = drafts[number] = new_folder.draft_of(jobs, job.specification.id)
                try:
                    new_folder.write(draft, job.specification, new_folder.waiting(now()), job.fill_draft)
                except (OSError, DeepSoilError) as error:
                    found[number] = error if isinstance(error, DeepSoilError) else new_folder.problem(error, jobs)
        with admission():
            for number, job in enumerate(wanted):
                if number not in found:
                    found[number] = _named(drafts[number], jobs / job.specification.id, check)
        disk.sync_folder(jobs)
    finally:
        for draft in drafts.values():
            if draft.exists():
                shutil.rmtree(draft, ignore_errors=True)
    return [found[number] for number in range(len(wanted))]


def _named(draft: Path, target: Path, check: Callable[[str], None]) -> JobFolder | DeepSoilError:
    try:
        check(target.name)
        disk.retry_while_busy(lambda: draft.replace(target))
    except DeepSoilError as error:
        return error
    except OSError as error:
        if not target.is_dir():  # else another process has made it
            return new_folder.problem(error, target.parent)
    return JobFolder(target)
