"""The daemon of the folder queue: starts what waits, four tasks at a time, and ends when nothing is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from deepsoil.io import atomic, locks
from deepsoil.schedulers.array.backend import merge_output, task_output
from folder_scheduler import jobs, state

_SLOTS = 4
_IDLE_S = 2.0


def main(folder: Path) -> None:
    with locks.locked(folder / ".lock", wait=False) as mine:
        if not mine:
            return
        children: dict[tuple[str, int | None], subprocess.Popen[bytes]] = {}
        busy = time.monotonic()
        while time.monotonic() - busy < _IDLE_S:
            if _look(jobs(folder), children):
                busy = time.monotonic()
            time.sleep(0.05)


def _look(every: list[dict[str, Any]], children: dict[tuple[str, int | None], subprocess.Popen[bytes]]) -> bool:
    """One step for all jobs; whether something waits or runs."""
    ended = {job["number"] for job in every if all(state(job, index)[:1] == ["ended"] for index in job["tasks"])}
    for job in every:
        cancelled = (job["path"] / "cancel").exists()
        for index in job["tasks"]:
            key, where = (job["number"], index), state(job, index)[:1]
            child = children.get(key)
            if child is not None and child.poll() is not None:
                del children[key]
                end = "cancelled" if cancelled else "completed" if child.returncode == 0 else "failed"
                _write(job, index, f"ended {end}")
            elif child is not None and cancelled:
                os.killpg(child.pid, signal.SIGKILL)
            elif not where and cancelled:
                _write(job, index, "ended cancelled")
            elif not where and len(children) < _SLOTS and set(job["after"]) <= ended:
                children[key] = _start(job, index)
                _write(job, index, "running")
    return len(ended) < len(every)


def _start(job: dict[str, Any], index: int | None) -> subprocess.Popen[bytes]:
    number = job["number"]
    name = merge_output(number) if index is None else task_output(number, str(index))
    variables = {} if index is None else {"FOLDER_ARRAY": number, "FOLDER_TASK": str(index)}
    with (Path(job["folder"]) / name).open("ab") as output:
        return subprocess.Popen(["sh", job["script"]], stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                env={**os.environ, **variables}, start_new_session=True)


def _write(job: dict[str, Any], index: int | None, text: str) -> None:
    atomic.write_text(job["path"] / f"{index}.state", text, sync=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
