"""A real Grid Engine on this machine for tests: a master and one computer with eight slots.

Debian's packages are unpacked, not installed. Their programs look for plug-ins under /usr/lib/gridengine; in the copy
that is used here this path is another one of the same length. Everything lies in one new folder under /tmp, on free
ports. A guardian process ends all of it when the process that started it ends, however that ends.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from slurm_cluster import free_ports, until
from unpacked import unpacked

_PACKAGES = ("gridengine-master", "gridengine-exec", "gridengine-client", "gridengine-common", "libjemalloc2")
_PREFIX = "/usr/lib/gridengine"
_GUARDIAN = Path(__file__).with_name("guardian.py")

_BOOTSTRAP = """\
admin_user none
default_domain none
ignore_fqdn true
spooling_method classic
spooling_lib libspoolc
spooling_params {common};{folder}/spool/qmaster
binary_path {prefix}
qmaster_spool_dir {folder}/spool/qmaster
security_mode none
listener_threads 2
worker_threads 2
scheduler_threads 1
jvm_threads 0
"""
_GLOBAL = """\
execd_spool_dir {folder}/spool/exec
mailer /bin/true
xterm /usr/bin/xterm
load_sensor none
prolog none
epilog none
shell_start_mode posix_compliant
login_shells sh
min_uid 0
min_gid 0
user_lists none
xuser_lists none
projects none
xprojects none
enforce_project false
enforce_user auto
load_report_time 00:00:01
max_unheard 00:00:10
reschedule_unknown 00:00:00
loglevel log_info
administrator_mail none
set_token_cmd none
pag_cmd none
token_extend_time none
shepherd_cmd none
qmaster_params none
execd_params none
reporting_params accounting=true reporting=false flush_time=00:00:01 accounting_flush_time=00:00:01 \
  joblog=false sharelog=00:00:00
finished_jobs 0
gid_range 20000-20100
qlogin_command builtin
qlogin_daemon builtin
rlogin_command builtin
rlogin_daemon builtin
rsh_command builtin
rsh_daemon builtin
max_aj_instances 2000
max_aj_tasks 75000
max_u_jobs 0
max_jobs 0
max_advance_reservations 0
auto_user_oticket 0
auto_user_fshare 0
auto_user_default_project none
auto_user_delete_time 86400
delegated_file_staging false
reprioritize 0
jsv_url none
jsv_allowed_mod ac,h,i,e,o,j,M,N,p,w
"""
_QUEUE_CHANGES = {"qname": "gpu", "hostlist": "localhost", "slots": "8", "rerun": "TRUE", "load_thresholds": "NONE",
                  "pe_list": "NONE", "notify": "00:00:02"}


def missing() -> str | None:
    """Why there can be no Grid Engine here; None where there can."""
    if sys.platform != "linux":
        return "needs Linux"
    if os.geteuid() != 0:
        return "needs root: its daemons are started as those of a system"
    return None


class GridEngineCluster:
    """``env`` is an environment in which the commands reach this cluster."""

    def __init__(self) -> None:
        self.root = unpacked("gridengine", _PACKAGES)
        self.name = f"ge{secrets.token_hex(4)}"
        # As long as the path that it replaces in the programs, which lie in it.
        self.folder = Path(f"/tmp/ds-ge-{secrets.token_hex(4)}")
        assert len(str(self.folder)) == len(_PREFIX)
        port = free_ports(2)
        self.variables = {
            "SGE_ROOT": str(self.folder / "root"), "SGE_CELL": "default", "SGE_QMASTER_PORT": str(port),
            "SGE_EXECD_PORT": str(port + 1), "PATH": f"{self.folder}{os.pathsep}{os.environ['PATH']}",
            "LD_LIBRARY_PATH": f"{self.root}/usr/lib/x86_64-linux-gnu:{self.folder}"}
        self.env = {**os.environ, **self.variables}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._guardian: subprocess.Popen[bytes] | None = None

    def start(self) -> GridEngineCluster:
        """Start both daemons and wait until there is a queue."""
        shutil.copytree(self.root / _PREFIX[1:], self.folder, symlinks=True)
        self._guardian = subprocess.Popen([sys.executable, _GUARDIAN, self.folder, self.name], stdin=subprocess.PIPE,
                                          start_new_session=True)
        for path in self.folder.iterdir():
            if not path.is_file():
                continue
            content = path.read_bytes()
            if _PREFIX.encode() in content:
                path.write_bytes(content.replace(_PREFIX.encode(), str(self.folder).encode()))
        self._write_configuration()
        self.launch("qmaster", [self.folder / "sge_qmaster"])
        until(lambda: self.run("qconf", "-sh").returncode == 0, f"the master does not start; see {self.folder}")
        self.run("qconf", "-as", "localhost")
        self._change("-ssconf", "-Msconf", {"schedule_interval": "0:0:1", "flush_submit_sec": "1",
                                            "flush_finish_sec": "1", "job_load_adjustments": "NONE"})
        self.start_execd()
        until(lambda: "localhost" in self.run("qconf", "-sel").stdout, "the execution daemon does not start")
        self._change("-sq", "-Aq", _QUEUE_CHANGES)
        until(lambda: re.search(r"gpu\s+BI?P?\s+0/0/8\s*$", self.run("qhost", "-q").stdout, re.MULTILINE),
              f"there is no queue; see {self.folder}")
        return self

    def _write_configuration(self) -> None:
        common = self.folder / "root" / "default" / "common"
        for folder in (common, self.folder / "spool" / "qmaster", self.folder / "spool" / "exec", self.folder / "log"):
            folder.mkdir(parents=True)
        for part in ("bin", "utilbin"):
            (self.folder / "root" / part).mkdir()
            (self.folder / "root" / part / "lx-amd64").symlink_to(self.folder)
        (common / "bootstrap").write_text(_BOOTSTRAP.format(common=common, folder=self.folder, prefix=self.folder))
        (common / "act_qmaster").write_text("localhost\n")
        (common / "host_aliases").write_text(f"localhost {socket.gethostname()}\n")
        configuration, resources = self.folder / "global", self.root / "usr/share/gridengine/util/resources"
        configuration.write_text(_GLOBAL.format(folder=self.folder))
        spool = self.folder / "spooldefaults.bin"
        for command in ([self.folder / "spoolinit", "classic", "libspoolc", f"{common};{self.folder}/spool/qmaster",
                         "init"],
                        [spool, "configuration", configuration], [spool, "complexes", resources / "centry"],
                        [spool, "usersets", resources / "usersets"], [spool, "adminhosts", "localhost"],
                        [spool, "submithosts", "localhost"], [spool, "managers", "root"]):
            done = subprocess.run(command, env=self.env, capture_output=True, text=True, check=False)
            assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"

    def _change(self, show: str, store: str, changes: dict[str, str]) -> None:
        lines = []
        for line in self.run("qconf", show).stdout.splitlines():
            name = line.split(maxsplit=1)[0] if line.split() else ""
            lines.append(f"{name} {changes[name]}" if name in changes else line)
        path = self.folder / "change"
        path.write_text("\n".join(lines) + "\n")
        done = self.run("qconf", store, str(path))
        assert done.returncode == 0, done.stdout + done.stderr

    def close(self) -> None:
        """End everything that belongs to the cluster and delete its folder."""
        if self._guardian is not None and self._guardian.stdin is not None:
            self._guardian.stdin.close()
            self._guardian.wait(30)
        for process in self._processes.values():
            process.wait(10)

    def launch(self, name: str, command: Sequence[str | Path]) -> None:
        with (self.folder / "log" / f"{name}.out").open("ab") as stream:
            self._processes[name] = subprocess.Popen(
                [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=stream, stderr=stream,
                env={**self.env, "SGE_ND": "1", "DS_TEST_CLUSTER": str(self.folder)}, start_new_session=True,
                cwd=self.folder)

    def start_execd(self) -> None:
        self.launch("execd", [self.folder / "sge_execd"])

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """A command with this cluster's environment, its output captured."""
        return subprocess.run(command, env=self.env, capture_output=True, text=True, timeout=60, check=False)

    def tidy(self) -> None:
        """No job is left."""
        def empty() -> bool:
            shown = self.run("qstat", "-u", "*")
            if shown.stdout.strip():
                self.run("qdel", "-f", "-u", "*")
            return shown.returncode == 0 and not shown.stdout.strip()
        until(empty, "the queue does not become empty")

    def kill_task(self, mark: str) -> None:
        """What runs the tasks with ``mark`` in their environment dies with them, as on a computer that fails."""
        for path in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                variables = (path / "environ").read_bytes().split(b"\0")
                if mark.encode() in variables and f"SGE_ROOT={self.folder}/root".encode() in variables:
                    parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
                    if b"shepherd" in Path(f"/proc/{parent}/cmdline").read_bytes():
                        os.kill(parent, signal.SIGKILL)
                    os.kill(int(path.name), signal.SIGKILL)
