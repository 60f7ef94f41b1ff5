"""What is recorded of a run whose process was killed, by the script that had started it."""

from __future__ import annotations

from deepsoil.contract.errors import DeepSoilError
from deepsoil.io import json_files
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.tasks import layout, memory
from deepsoil.jobs.tasks.folder import TaskFolder


def record(job: JobFolder, index: int | str, attempt: int) -> str | None:
    """Write the end of the latest run of a task in an attempt if the system ended it for want of memory.

    Returns the code of the reason; None where the run has an end, or was killed for another reason.
    """
    runs = [run for run in layout.runs(layout.task_path(job.path, index))
            if (layout.run_number(run.name) or (0, 0))[0] == attempt]
    if not runs or (runs[-1] / layout.END).exists():
        return None
    if not memory.killed_since(json_files.read_or_none(runs[-1] / memory.FILE) or {}):
        return None
    reason = DeepSoilError("out_of_memory", "The system ended the task because its memory was not enough.",
                           "Ask for more memory.")
    folder = TaskFolder(runs[-1], job)
    folder.log(str(reason), "error")
    folder.write_end("failed", reason.message, reason.to_dict())
    return reason.code
