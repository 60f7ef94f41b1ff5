"""*Test connection* against a real sshd and a real Slurm: what each step says when all is well, and when it is not."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from deepsoil.contract.host import Host
from deepsoil.hosts.connection_test.steps import STEPS, check_host
from slurm_cluster import SlurmCluster
from sshd import Person, Sshd, missing

pytestmark = pytest.mark.skipif(missing() is not None, reason=str(missing()))


def check(person: Person, host: Host, timeout_s: float = 15.0) -> dict[str, dict[str, Any]]:
    told: list[dict[str, Any]] = []
    steps = check_host(host, person.ask, person.home, told.append, timeout_s)
    assert tuple(step["step"] for step in steps) == STEPS
    began = [step["step"] for step in told if step["state"] == "running"]
    assert began == list(STEPS[:len(began)]), "each step is told as it begins, in order"
    return {step["step"]: step for step in steps}


def states(steps: dict[str, dict[str, Any]]) -> str:
    return " ".join(f"{name}:{step['state']}" for name, step in steps.items())


def test_a_plain_host_that_is_well(person: Person, sshd: Sshd) -> None:
    steps = check(person, person.host(sshd, home="~/deep soil's \"$(touch pwned)\""))
    assert states(steps) == ("reach:passed host_key:passed login:passed shell:passed files:passed disk:passed "
                             "scheduler:skipped engine:warning")
    assert "not installed" in steps["engine"]["message"] or "No engine" in steps["engine"]["message"]
    assert list(sshd.home.iterdir()) == [], "nothing is left behind"


def test_a_host_that_does_not_answer(person: Person, sshd: Sshd) -> None:
    sshd.stop()
    steps = check(person, person.host(sshd))
    assert states(steps).startswith("reach:failed host_key:skipped login:skipped shell:skipped")
    assert steps["reach"]["hint"]


def test_a_changed_host_key_and_a_refused_login(person: Person, sshd: Sshd) -> None:
    (person.ssh / "id_ed25519").unlink()
    assert states(check(person, person.host(sshd))).startswith("reach:passed host_key:passed login:failed shell:skip")
    sshd.new_host_key()
    sshd.start()
    assert states(check(person, person.host(sshd))).startswith("reach:passed host_key:failed login:skipped")


def test_a_noisy_shell_is_a_warning_and_spoils_nothing(person: Person, sshd: Sshd) -> None:
    (sshd.home / ".bashrc").write_text("echo 'Welcome to the cluster'; head -c 1000000 /dev/zero; echo hey >&2\n"
                                       "printf '\\377\\376 not a text'; echo '@ds-0 begin it'\n")
    steps = check(person, person.host(sshd))
    assert steps["shell"]["state"] == "warning"
    assert "Welcome to the cluster" in steps["shell"]["message"]
    assert states(steps).endswith("files:passed disk:passed scheduler:skipped engine:warning")


def test_a_slow_shell_is_told(person: Person, sshd: Sshd) -> None:
    (sshd.home / ".bashrc").write_text("[ -e $HOME/once ] || { touch $HOME/once; sleep 2.2; }\n")
    steps = check(person, person.host(sshd))
    assert steps["shell"]["state"] == "warning"
    assert "slow" in steps["shell"]["message"]


def test_an_account_without_a_shell(person: Person, tmp_path: Path) -> None:
    server = Sshd(tmp_path / "gone", "ForceCommand echo This account is closed.")
    server.allow(person.key())
    person.knows(server)
    server.start()
    try:
        steps = check(person, person.host(server))
    finally:
        server.stop()
    assert states(steps).endswith("login:passed shell:failed files:skipped disk:skipped scheduler:skipped "
                                  "engine:skipped")
    assert "This account is closed." in steps["shell"]["details"]


@pytest.mark.parametrize("home", ["/proc/deepsoil", "/dev/null/deepsoil"])
def test_a_home_that_cannot_be_written(person: Person, sshd: Sshd, home: str) -> None:
    steps = check(person, person.host(sshd, home=home))
    assert steps["files"]["state"] == "failed"
    assert home in steps["files"]["message"]


def test_a_connection_that_breaks_fails_the_step_it_broke_in(person: Person, sshd: Sshd) -> None:
    (sshd.home / ".bashrc").write_text("if [ -e $HOME/once ]; then kill -9 $PPID; fi; touch $HOME/once\n")
    steps = check(person, person.host(sshd))
    assert steps["shell"]["state"] in ("passed", "warning")
    assert steps["files"]["state"] == "failed"


@pytest.fixture
def cluster(slurm: SlurmCluster, person: Person, tmp_path: Path) -> Iterator[Sshd]:
    """A login node: sshd beside the real Slurm."""
    server = Sshd(tmp_path / "login", variables={"SLURM_CONF": slurm.env["SLURM_CONF"]})
    server.allow(person.key())
    person.knows(server)
    try:
        yield server.start()
    finally:
        server.stop()


def test_a_cluster_that_is_well_tells_what_it_has(person: Person, cluster: Sshd) -> None:
    wished = {"partition": "gpu", "gpus": 1, "cpus": 2, "memory_mb": 500, "minutes": 30}
    step = check(person, person.host(cluster, scheduler="slurm", resources=wished))["scheduler"]
    assert step["state"] == "passed", step
    assert "19 nodes in partition 'gpu'" in step["message"]
    assert "partition high: 19 nodes, a node up to 2 CPUs, 1000 MB, 1 GPUs; 60 minutes" in step["details"]
    assert "accounting: no" in step["details"]


@pytest.mark.parametrize(("wished", "words"), [
    ({"partition": "gpuu"}, "no partition 'gpuu'"),
    ({"gpus": 2}, "at most 1 GPUs on a node; 2"),
    ({"minutes": 600}, "at most 60 minutes; 600"),
    ({"partition": "gpu,silver"}, "Slurm would refuse the jobs: "),
])
def test_a_request_that_would_never_run_is_said_before(person: Person, cluster: Sshd, wished: dict[str, Any],
                                                       words: str) -> None:
    step = check(person, person.host(cluster, scheduler="slurm", resources=wished))["scheduler"]
    assert step["state"] == "failed"
    assert words in step["message"]
    assert step["hint"]


def test_a_host_without_slurm_is_said(person: Person, sshd: Sshd, tmp_path: Path) -> None:
    (tmp_path / "few").mkdir()
    for name in ("sh", "id", "uname", "hostname", "mkdir", "rm", "chmod", "ls", "df", "cut", "sed", "sha256sum"):
        (tmp_path / "few" / name).symlink_to(f"/bin/{name}")
    (sshd.home / ".bashrc").write_text(f"export PATH={shlex.quote(str(tmp_path / 'few'))}\n")
    step = check(person, person.host(sshd, scheduler="slurm"))["scheduler"]
    assert step["state"] == "failed"
    assert "module load slurm" in step["hint"]
