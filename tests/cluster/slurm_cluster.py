"""A real Slurm on this machine for tests: munge, one controller, and any number of nodes, each with two CPUs and a GPU.

Everything lies in one new folder under /tmp, on free ports, apart from any Slurm or munge of the system. A guardian
process ends all of it when the process that started it ends, however that ends.
"""

from __future__ import annotations

import contextlib
import os
import random
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from accounting import Accounting

PROGRAMS = ("slurmctld", "slurmd", "sbatch", "squeue", "scontrol", "scancel", "munged", "setpriv")
PACKAGES = "slurmctld slurmd slurm-client munge openssh-server"
_GUARDIAN = Path(__file__).with_name("guardian.py")
_PATIENCE_S = 60.0

_CONF = """\
ClusterName={name}
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/m/s,cred_expire=5
SlurmctldPort={port}
SlurmctldPidFile={folder}/run/slurmctld.pid
SlurmdPidFile={folder}/run/slurmd.%n.pid
SlurmdSpoolDir={folder}/spool/%n
StateSaveLocation={folder}/state
SlurmctldLogFile={folder}/log/slurmctld.log
SlurmdLogFile={folder}/log/slurmd.%n.log
ProctrackType={proctrack}
TaskPlugin={task}
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
JobCompType=jobcomp/filetxt
JobCompLoc={folder}/log/jobcomp.log
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
DefMemPerCPU=100
SchedulerParameters=sched_interval=1,bf_interval=1,batch_sched_delay=0,sched_min_interval=100000
ReturnToService=2
MinJobAge=300
KillWait=2
SlurmctldTimeout=10
SlurmdTimeout=10
MessageTimeout=5
GresTypes=gpu
SlurmdParameters=config_overrides
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
NodeName={nodes} NodeHostname={host} NodeAddr=127.0.0.1 Port=[{first_port}-{last_port}] CPUs=2 RealMemory=1000 \
Gres=gpu:1 State=UNKNOWN
PartitionName=gpu Nodes=ALL Default=YES MaxTime=60 DefaultTime=5 State=UP PriorityTier=1
PartitionName=high Nodes=ALL MaxTime=60 DefaultTime=5 State=UP PriorityTier=100
"""
_CGROUP = "CgroupPlugin=cgroup/v1\nCgroupMountpoint=/sys/fs/cgroup\nCgroupAutomount=no\nConstrainRAMSpace=yes\n"


def missing() -> str | None:
    """Why there can be no Slurm here; None where there can."""
    if sys.platform != "linux":
        return "needs Linux"
    if os.geteuid() != 0:
        return "needs root: munge and the nodes are started as system daemons"
    absent = [program for program in PROGRAMS if not shutil.which(program)]
    return f"needs Slurm ({', '.join(absent)} missing): apt install {PACKAGES}" if absent else None


def until(what: Callable[[], Any], message: str = "", limit_s: float = _PATIENCE_S, interval_s: float = 0.1) -> Any:
    """The first true value of ``what``, asked for every ``interval_s``; fails after ``limit_s``."""
    deadline = time.monotonic() + limit_s
    while not (value := what()):
        assert time.monotonic() < deadline, message or "waited in vain"
        time.sleep(interval_s)
    return value


def free_ports(count: int) -> int:
    """The first of ``count`` ports in a row that nobody listens at, below those that the system gives away."""
    for _ in range(200):
        first = random.randrange(15_000, 32_000 - count)
        with contextlib.ExitStack() as stack:
            try:
                for port in range(first, first + count):
                    stack.enter_context(socket.socket()).bind(("127.0.0.1", port))
            except OSError:
                continue
        return first
    raise RuntimeError("no free ports")


def open_files(process: Path) -> list[str]:
    """What the descriptors of a process of ``/proc`` lead to; one that is closed meanwhile is left out."""
    found = []
    for descriptor in (process / "fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            found.append(str(descriptor.readlink()))
    return found


class SlurmCluster:
    """``nodes`` nodes; ``mode`` ``cgroup`` enforces the memory limits; ``lines``: more of its configuration.

    ``env`` is an environment in which the commands of Slurm, and whatever calls them, reach this cluster.
    """

    def __init__(self, nodes: int = 19, mode: str = "plain", lines: str = "") -> None:
        width = max(2, len(str(nodes)))
        self.nodes = [f"n{number:0{width}d}" for number in range(1, nodes + 1)]
        self.name = f"ds{secrets.token_hex(4)}"
        self.mode, self.lines = mode, lines
        self.folder = Path(tempfile.mkdtemp(prefix="ds-slurm-", dir="/tmp"))
        self.folder.chmod(0o755)
        self.env = {**os.environ, "SLURM_CONF": str(self.folder / "slurm.conf")}
        self._tag = {**self.env, "DS_TEST_CLUSTER": str(self.folder)}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._guardian: subprocess.Popen[bytes] | None = None

    # ---- start and stop ----

    def start(self, accounting: Accounting | None = None) -> SlurmCluster:
        """Start everything and wait until all nodes are idle."""
        self._guardian = subprocess.Popen([sys.executable, _GUARDIAN, self.folder, self.name], stdin=subprocess.PIPE,
                                          start_new_session=True)
        for part in ("state", "spool", "log", "run", "m"):
            (self.folder / part).mkdir()
        self._start_munge()
        if accounting is not None:
            accounting.start(self)
        port = free_ports(len(self.nodes) + 1)
        cgroup = self.mode == "cgroup"
        span = f"n[{self.nodes[0][1:]}-{self.nodes[-1][1:]}]"
        text = _CONF.format(name=self.name, host=socket.gethostname().split(".")[0], folder=self.folder, port=port,
                            first_port=port + 1, last_port=port + len(self.nodes), nodes=span,
                            proctrack="proctrack/cgroup" if cgroup else "proctrack/linuxproc",
                            task="task/cgroup" if cgroup else "task/none")
        storage = "AccountingStorageType=accounting_storage/none\n" if accounting is None else accounting.lines(self)
        (self.folder / "slurm.conf").write_text(text + storage + self.lines)
        (self.folder / "gres.conf").write_text(f"NodeName={span} Name=gpu File=/dev/null\n")
        if cgroup:
            (self.folder / "cgroup.conf").write_text(_CGROUP)
        if accounting is not None:
            accounting.register(self)
        self.start_controller(clean=True)
        for node in self.nodes:
            self.start_node(node)
        self.wait_idle()
        return self

    def close(self) -> None:
        """End everything that belongs to the cluster and delete its folder."""
        for name in list(self._processes):
            self.cont(name)
        if self._guardian is not None and self._guardian.stdin is not None:
            self._guardian.stdin.close()
            self._guardian.wait(30)
        for process in self._processes.values():
            process.wait(10)

    def launch(self, name: str, command: Sequence[str | Path], env: dict[str, str] | None = None) -> None:
        """Start a daemon in the foreground, known by ``name`` for `stop` and `cont`, its output in ``log/NAME.out``."""
        with (self.folder / "log" / f"{name}.out").open("ab") as stream:
            self._processes[name] = subprocess.Popen(
                [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=stream, stderr=stream,
                env={**self._tag, **(env or {})}, start_new_session=True, cwd=self.folder)

    def _start_munge(self) -> None:
        host = self.folder / "m"
        key = host / "munge.key"
        if not key.exists():
            key.write_bytes(os.urandom(1024))
            key.chmod(0o400)
        (host / "s").unlink(missing_ok=True)
        for path in (host, key):
            shutil.chown(path, "munge", "munge")
        self.launch("munged", [
            "setpriv", "--reuid=munge", "--regid=munge", "--clear-groups", "munged", "-F", f"--key-file={key}",
            f"--socket={host}/s", f"--pid-file={host}/pid", f"--log-file={host}/log", f"--seed-file={host}/seed"])
        until((host / "s").exists, f"munged does not start; see {self.folder}/log")

    def start_controller(self, *, clean: bool = False) -> None:
        """Start slurmctld; ``clean`` forgets every job that it knew, and numbers begin at 1 again."""
        self.launch("slurmctld", ["slurmctld", "-D", *(["-c"] if clean else [])])
        until(lambda: "UP" in self.run("scontrol", "ping").stdout, f"slurmctld does not start; see {self.folder}/log")

    def start_node(self, node: str) -> None:
        (self.folder / "spool" / node).mkdir(exist_ok=True)
        self.launch(node, ["slurmd", "-D", "-N", node])

    def wait_idle(self) -> None:
        """Wait until every node is idle."""
        def idle() -> bool:
            states = self.run("sinfo", "-h", "-N", "-p", "gpu", "-o", "%t").stdout.split()
            return states == ["idle"] * len(self.nodes)
        until(idle, f"the nodes do not become idle; see {self.folder}/log")

    # ---- faults ----

    def pid(self, daemon: str) -> int:
        return self._processes[daemon].pid

    def stop(self, daemon: str) -> None:
        """Freeze ``slurmctld``, ``munged`` or a node (SIGSTOP)."""
        self._processes[daemon].send_signal(signal.SIGSTOP)

    def cont(self, daemon: str) -> None:
        """Let a frozen daemon go on."""
        if self._processes[daemon].poll() is None:
            self._processes[daemon].send_signal(signal.SIGCONT)

    def kill(self, daemon: str) -> None:
        """Kill a daemon (SIGKILL) and wait until it is gone."""
        self.cont(daemon)
        self._processes[daemon].kill()
        self._processes[daemon].wait(10)

    def end(self, daemon: str) -> None:
        """Have a daemon end by itself; slurmctld saves its jobs before."""
        self._processes[daemon].terminate()
        self._processes[daemon].wait(30)

    def kill_node(self, node: str) -> None:
        """A node loses power as seen by the controller: its slurmd and its slurmstepd die; the job's processes stay."""
        self.kill(node)
        for pid in self.steps_of(node):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def steps_of(self, node: str) -> list[int]:
        """The slurmstepd of a node, known by the log that they write: since Slurm 24.11 they wipe their environment."""
        log, found = str(self.folder / "log" / f"slurmd.{node}.log"), []
        for path in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if b"slurmstepd" in (path / "cmdline").read_bytes() and log in open_files(path):
                    found.append(int(path.name))
        return found

    # ---- asking ----

    def run(self, *command: str, text: str | None = None, limit_s: float = 60.0) -> subprocess.CompletedProcess[str]:
        """A command with this cluster's environment, its output captured."""
        return subprocess.run(command, env=self.env, input=text, capture_output=True, text=True, timeout=limit_s,
                              check=False)

    def tidy_daemons(self) -> None:
        """What was frozen goes on, what was killed is started again."""
        for daemon in list(self._processes):
            self.cont(daemon)
        for daemon, process in list(self._processes.items()):
            if process.poll() is not None:
                {"munged": self._start_munge, "slurmctld": self.start_controller}.get(
                    daemon, lambda daemon=daemon: self.start_node(daemon))()
        until(lambda: "UP" in self.run("scontrol", "ping").stdout)

    def tidy(self) -> None:
        """Undo what a test did: daemons go on, nodes live, no job is left."""
        self.tidy_daemons()

        def empty() -> bool:
            shown = self.run("squeue", "-h", "-o", "%A")
            if shown.stdout.split():
                self.run("scancel", "--me", "--signal=KILL", "--full")
                self.run("scancel", "--me")
            return shown.returncode == 0 and not shown.stdout.split()
        until(empty, "the queue does not become empty")
        for partition in ("gpu", "high"):
            self.run("scontrol", "update", f"partitionname={partition}", "state=up")
        self.run("scontrol", "update", f"nodename={','.join(self.nodes)}", "state=resume")
        self.wait_idle()
