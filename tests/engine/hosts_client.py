"""A client of hosts that is killed at a chosen point: forks one child a line of stdin, and tells how it ended.

Each line is a JSON object: ``home``, ``socket`` (of an engine in memory) or ``host`` (a real one), ``acts``
(``submit``, ``cancel``, ``submit all``), ``specification``, ``others`` (further ones for ``submit all``),
``crash_at`` (the number of the point, from 1, or its name, then the first of that name; null: none), ``torn`` (the
points are the lines of the journal, and at that point the line is cut in the middle), ``reachable``. The child ends
with 0 when the job has ended and all is told and brought, with 42 where it was killed.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import deepsoil.contract.specification  # noqa: F401 - imported once, for all children
import shapely.geometry  # noqa: F401
from deepsoil.contract.host import parse_host
from deepsoil.hosts.registry import Registry
from deepsoil.hosts.remote_hosts import RemoteHosts
from deepsoil.hosts.ssh import connection as ssh_connection
from deepsoil.hosts.sync import auto_retrieval
from deepsoil.hosts.sync import journal as journal_module
from deepsoil.hosts.sync import retrieval as retrieve_module
from deepsoil.hosts.sync.journal import Journal
from host_tools import FAST, UNREACHABLE, Network, host, until

KILLED = 42
GAVE_UP = 7


def main() -> None:
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            run(json.loads(line))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def run(plan: dict[str, Any]) -> None:
    code = GAVE_UP
    try:
        _run(plan)
        code = 0
    except BaseException as error:  # noqa: BLE001 - the child must end here whatever happens
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
    os._exit(code)


def _run(plan: dict[str, Any]) -> None:
    numbers = itertools.count(1)

    def point(name: str) -> None:
        if not plan["torn"] and plan["crash_at"] in (next(numbers), name):
            os._exit(KILLED)

    _crash_in_the_journal(plan, point, numbers)
    home = Path(plan["home"])
    if "host" in plan:
        Registry(home).set(parse_host(plan["host"]))
        hosts = RemoteHosts(home, lambda event, **content: None, Watched(point).connect)
        auto_retrieval.KINDS = frozenset({"ingest"})
    else:
        network = Network(Path(plan["socket"]), point)
        network.problem = None if plan["reachable"] else UNREACHABLE
        Registry(home).set(host())
        hosts = RemoteHosts(home, lambda event, **content: None, network.connect, FAST)
    job = plan["specification"]["id"]
    others = plan.get("others", [])
    (remote,) = hosts.remotes()
    if not plan["reachable"]:
        until(lambda: remote.engine.status.state == "waiting")
    for act in plan["acts"]:
        if act == "submit":
            hosts.submit(remote.host.id, plan["specification"])
        elif act == "submit all":  # as many at once as were written down while the host was away
            for one in (plan["specification"], *others):
                remote.journal.note(one["id"], "submit", specification=one, earlier=None)
            remote.submitter.wake()
        else:
            remote.cancel(job)
    deadline = time.monotonic() + 60
    while not all(_done(remote, one) for one in (job, *(other["id"] for other in others))):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{remote.engine.status} {remote.view(job)} {remote.journal.get(job)}")
        time.sleep(0.002)


class Watched:
    """``connect`` to a real host whose every call is a point with a name."""

    def __init__(self, point: Any) -> None:
        self._point = point
        self._method = ""

    def connect(self, *arguments: Any) -> Any:
        self._point("before connect")
        connection = ssh_connection.connect(*arguments)
        self._point("after connect")
        pipe = connection.pipe
        connection.pipe = lambda *words: self._watched(pipe, words)  # type: ignore[method-assign]
        return connection

    def _watched(self, pipe: Any, words: Any) -> Any:
        what = "serve" if "serve" in words[0] else "stream"
        self._point(f"before pipe {what}")
        made = pipe(*words)
        self._point(f"after pipe {what}")
        read, write = made.read, made.write

        def watched_write(data: bytes) -> None:
            if what == "serve":
                self._method = json.loads(data[len("@deepsoil "):])["method"]
            self._point(f"before write {self._method if what == 'serve' else what}")
            write(data)
            self._point(f"after write {self._method if what == 'serve' else what}")

        def watched_read(size: int) -> Any:
            data = read(size)
            self._point(f"after read {self._method if what == 'serve' else what}")
            return data

        made.write, made.read = watched_write, watched_read
        return made


def _done(remote: Any, job: str) -> bool:
    view = remote.view(job)
    if view is None:  # nobody ever wrote it down
        return bool(remote.engine.status.state == "ready")
    record = remote.journal.get(job)
    if record.pending or view["state"] not in ("succeeded", "failed", "cancelled"):
        return False
    return view["state"] != "succeeded" or record.retrieval == "done"


def _crash_in_the_journal(plan: dict[str, Any], point: Any, numbers: Any) -> None:
    append, force, retrieve_one = Journal._append, journal_module._force, retrieve_module._retrieve_one

    def appended(self: Journal, *entries: dict[str, Any]) -> None:
        for count, entry in enumerate(entries):
            if plan["torn"] and plan["crash_at"] in (next(numbers), entry["what"]):
                with self.path.open("ab") as file:
                    file.writelines(json.dumps(earlier).encode() + b"\n" for earlier in entries[:count])
                    file.write(json.dumps(entry).encode()[:25])
                os._exit(KILLED)
        point(f"before journal {entries[0]['what']}")
        append(self, *entries)
        point(f"after journal {entries[0]['what']}")

    def forced(handle: int) -> None:
        point("before fsync")
        force(handle)

    def retrieved(*arguments: Any) -> None:
        retrieve_one(*arguments)
        point("after rename")

    Journal._append = appended  # type: ignore[method-assign]
    journal_module._force = forced
    retrieve_module._retrieve_one = retrieved


if __name__ == "__main__":
    main()
