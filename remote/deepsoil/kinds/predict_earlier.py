"""A prediction that is continued: the maps that an earlier job of the same request has finished are not made again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deepsoil.io.atomic import move
from deepsoil.jobs.tasks.takeover import earlier_outputs

if TYPE_CHECKING:
    from deepsoil.jobs.folder import JobFolder


def publish(folder: JobFolder) -> set[str]:
    """Make the finished maps of the earlier job outputs of ``folder``; their names. None where it continues nothing.

    They keep their tags, the id of the job that made them among these.
    """
    done = {record["name"] for record in folder.output_records()}
    names = set()
    for path, record in earlier_outputs(folder.path):
        folder.stop_if_cancelled()
        if record["kind"] != "map":
            continue
        if record["name"] not in done:
            move(path, folder.outputs_path / record["name"])
            folder.record_output(record)
        names.add(record["name"])
    if names:
        folder.log(f"Continued: {len(names)} finished maps of the earlier job are taken over")
    return names
