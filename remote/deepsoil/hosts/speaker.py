"""Which host speaks for a job that several hosts know, because they lead to one HOME."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deepsoil.hosts.remote_host import RemoteHost


def speaker(remotes: Iterable[RemoteHost], job: str) -> RemoteHost | None:
    """Which of the hosts that know a job speaks for it: the one it was sent to, else one that answers, else the first.

    With two hosts for one HOME, such as two login nodes, both know all of its jobs.
    """
    remotes = list(remotes)
    if len(remotes) < 2:
        return next((remote for remote in remotes if remote.knows(job)), None)

    def rank(remote: RemoteHost) -> tuple[bool, bool, str]:
        record = remote.journal.get(job)
        return record is None or not record.mine, not remote.engine.status.open, remote.host.id

    return min((remote for remote in remotes if remote.knows(job)), key=rank, default=None)
