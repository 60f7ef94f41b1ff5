"""Ends a test cluster when whoever started it is gone: ``guardian.py FOLDER NAME``, waiting for the end of its stdin.

What belongs to the cluster is known by its environment (daemons carry ``DS_TEST_CLUSTER``, jobs
``SLURM_CLUSTER_NAME`` or ``SGE_ROOT``), or by its working folder: slurmstepd wipes its environment since Slurm 24.11.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
import time
from pathlib import Path


def members(folder: str, name: str) -> list[int]:
    """The live processes of the cluster, the guardian itself left out."""
    marks = (f"DS_TEST_CLUSTER={folder}".encode(), f"SLURM_CLUSTER_NAME={name}".encode(),
             f"SGE_ROOT={folder}/root".encode())
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            variables = (path / "environ").read_bytes().split(b"\0")
            inside = Path(folder) in (at := (path / "cwd").readlink(), *at.parents)
            if (inside or any(mark in variables for mark in marks)) and int(path.name) != os.getpid():
                found.append(int(path.name))
    return found


def main(folder: str, name: str) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    sys.stdin.buffer.read()
    deadline = time.monotonic() + 20
    while (left := members(folder, name)) and time.monotonic() < deadline:
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)
    for control in Path("/sys/fs/cgroup").glob("*/slurm_n*"):
        _remove_cgroup(control)
    shutil.rmtree(folder, ignore_errors=True)


def _remove_cgroup(path: Path) -> None:
    """Remove an empty group and those inside it; another cluster's, which is in use, stays."""
    for part in [*sorted((p for p in path.rglob("*") if p.is_dir()), reverse=True), path]:
        with contextlib.suppress(OSError):
            part.rmdir()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
