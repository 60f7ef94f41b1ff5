"""How a job is split into tasks. Worked out once, before the first submission, and the same for every attempt."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.io.exclusive import write_json_once
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.tasks import layout
from deepsoil.jobs.tasks.folder import read_json_or_none

if TYPE_CHECKING:
    from deepsoil.contract.specification import Specification
    from deepsoil.kinds.context import Context

SCHEMA = 1
_TITLES = {"predict": "Prediction", "evaluate": "Evaluation", "train": "Training", "ingest": "Ingestion",
           "simulate": "Simulation"}


@dataclass(frozen=True)
class Task:
    """One task: its number from 0, its name for people, and what it does as its kind of job understands it."""

    index: int
    title: str
    payload: dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """All tasks of a job. ``merge``: their results become outputs by one further step after the last of them."""

    kind: str
    merge: bool
    tasks: list[Task]

    def to_dict(self) -> dict[str, Any]:
        return {"schema": SCHEMA, "kind": self.kind, "merge": self.merge,
                "tasks": [{"index": task.index, "title": task.title, "payload": task.payload} for task in self.tasks]}

    @classmethod
    def from_dict(cls, document: dict[str, Any]) -> Plan:
        """ValueError, KeyError or TypeError where the document is none."""
        if document["schema"] != SCHEMA:
            raise ValueError(f"schema {document['schema']}")
        tasks = [Task(int(task["index"]), str(task["title"]), dict(task["payload"])) for task in document["tasks"]]
        if [task.index for task in tasks] != list(range(len(tasks))):
            raise ValueError("the tasks are not numbered from 0")
        return cls(str(document["kind"]), bool(document["merge"]), tasks)


def make_plan(specification: Specification, folder: JobFolder, context: Context) -> Plan:
    """The plan of a job: the one that is there, else a new one, which is then written down.

    Raises DeepSoilError as what is planned says: the area, the models, the configurations.
    """
    there = read_plan(folder)
    if there is not None:
        return there
    path = layout.plan_path(folder.path)
    path.parent.mkdir(exist_ok=True)
    write_json_once(path, planned(specification, context).to_dict())
    return require_plan(folder)  # of two who planned at once, the first counts


def planned(specification: Specification, context: Context) -> Plan:
    """The plan for a specification; nothing is written."""
    kind = specification.kind
    resources = specification.resources
    most = (resources.tasks if resources is not None else None) or 1
    if kind == "predict":
        from deepsoil.kinds.predict_tasks import plan_shards

        memory_mb = resources.memory_mb if resources is not None else None
        payloads = plan_shards(specification, context, most, memory_mb)
        return Plan(kind, True, _parts(payloads, _TITLES[kind]))
    if kind == "train":
        from deepsoil.training.requested_configurations import requested

        return Plan(kind, False, [Task(index, configuration.name, {"configuration": configuration.resolved()})
                                  for index, configuration in enumerate(requested(specification.options))])
    options = specification.options
    if kind == "simulate" and options.shard is None and options.sample is None and not options.restart:
        # The sample is chosen from all labels, and only one process alone may begin them anew.
        return Plan(kind, False, _parts([{"shard": f"{part}/{most}"} for part in range(1, most + 1)], _TITLES[kind]))
    return Plan(kind, False, _parts([{}], _TITLES[kind]))


def _parts(payloads: list[dict[str, Any]], title: str) -> list[Task]:
    if len(payloads) == 1:
        return [Task(0, title, payloads[0])]
    return [Task(index, f"Part {index + 1} of {len(payloads)}", payload) for index, payload in enumerate(payloads)]


def read_plan(folder: JobFolder) -> Plan | None:
    """The plan of a job; None where it has none yet. DeepSoilError ``job_damaged`` where it cannot be read."""
    path = layout.plan_path(folder.path)
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return _read(path, status.st_mtime_ns, status.st_size)


def require_plan(folder: JobFolder) -> Plan:
    """`read_plan` where there must be one. DeepSoilError ``job_damaged`` where there is none."""
    plan = read_plan(folder)
    if plan is None:
        raise _damaged(layout.plan_path(folder.path))
    return plan


@lru_cache(maxsize=64)
def _read(path: Path, modified: int, size: int) -> Plan:
    """Kept: a job of a thousand trainings has a plan of megabytes, and who serves it looks every few seconds."""
    document = read_json_or_none(path)
    try:
        return Plan.from_dict(document or {})
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> DeepSoilError:
    return DeepSoilError("job_damaged", "The plan {path} of the job's tasks is missing or cannot be read.",
                         "Send the job again; what it has finished is kept.",
                         path=path)
