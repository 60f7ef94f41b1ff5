"""How a job is split into tasks. Made once, before the first submission, and the same for every attempt."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.io import disk, json_files
from deepsoil.io.exclusive import write_json_once
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.kind import Task
from deepsoil.jobs.tasks import layout

if TYPE_CHECKING:
    from deepsoil.contract.specification import Specification
    from deepsoil.jobs.kind import Context, JobPlan

SCHEMA = 1


@dataclass(frozen=True)
class TaskPlan:
    """All tasks of a job. ``merge``: their results become outputs by one further step after the last of them."""

    kind: str
    merge: bool
    tasks: list[Task]

    def to_dict(self) -> dict[str, Any]:
        return {"schema": SCHEMA, "kind": self.kind, "merge": self.merge,
                "tasks": [{"index": task.index, "title": task.title, "payload": task.payload} for task in self.tasks]}

    @classmethod
    def from_dict(cls, document: dict[str, Any]) -> TaskPlan:
        """ValueError, KeyError or TypeError if the document is not a plan."""
        if document["schema"] != SCHEMA:
            raise ValueError(f"schema {document['schema']}")
        tasks = [Task(int(task["index"]), str(task["title"]), dict(task["payload"])) for task in document["tasks"]]
        if [task.index for task in tasks] != list(range(len(tasks))):
            raise ValueError("the tasks are not numbered from 0")
        return cls(str(document["kind"]), bool(document["merge"]), tasks)


def make_plan(specification: Specification, folder: JobFolder, context: Context) -> TaskPlan:
    """The plan of a job: the existing one, else a new one, which is saved.

    Raises DeepSoilError as the kind of job says: the area, the models, the configurations.
    """
    existing = read_plan(folder)
    if existing is not None:
        return existing
    kind = context.find_kind(specification.kind)
    path = layout.plan_path(folder.path)
    disk.make_folder(path.parent)
    write_json_once(path, divided(kind.name, kind.plan(specification, context), tasks_wanted(specification)).to_dict())
    return require_plan(folder)  # if two processes planned at the same time, the first plan counts


def divided(kind: str, plan: JobPlan, most: int) -> TaskPlan:
    """Divide a planned job into tasks, at most ``most`` if its work can be divided freely."""
    return TaskPlan(kind, plan.merges, plan.tasks(most))


def tasks_wanted(specification: Specification) -> int:
    """Into how many tasks the user wants the work to be divided."""
    resources = specification.resources
    return (resources.tasks if resources is not None else None) or 1


def read_plan(folder: JobFolder) -> TaskPlan | None:
    """The plan of a job; None if it has none yet. DeepSoilError ``job_damaged`` if it cannot be read."""
    path = layout.plan_path(folder.path)
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _damaged(path) from error
    return _read(path, status.st_mtime_ns, status.st_size)


def require_plan(folder: JobFolder) -> TaskPlan:
    """`read_plan` for a job that must have a plan. DeepSoilError ``job_damaged`` if it has none."""
    plan = read_plan(folder)
    if plan is None:
        raise _damaged(layout.plan_path(folder.path))
    return plan


@lru_cache(maxsize=64)
def _read(path: Path, modified: int, size: int) -> TaskPlan:
    """Read a plan. Cached: the plan of a thousand trainings takes megabytes and is read every few seconds."""
    document = json_files.read_or_none(path)
    try:
        return TaskPlan.from_dict(document or {})
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> DeepSoilError:
    return DeepSoilError("job_damaged", "The plan {path} of the job's tasks is missing or cannot be read.",
                         "Send the job again; what it has finished is kept.",
                         path=path)
