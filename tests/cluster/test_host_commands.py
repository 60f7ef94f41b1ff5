"""The commands of a terminal with ``--host``, over a real sshd: the jobs of another host as those of this computer."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from deepsoil.hosts.registry import Registry
from host_ends import end_jobs, install_here, request
from job_tools import deepsoil, environment
from sshd import Person, Sshd, missing, until

pytestmark = pytest.mark.skipif(missing() is not None, reason=str(missing()))


@pytest.fixture
def far(tmp_path: Path, person: Person, sshd: Sshd) -> Iterator[Path]:
    """HOME of a host ``there``, titled "Far Hydra", that the person's HOME knows."""
    home = install_here(tmp_path / "far")
    person.home.mkdir(mode=0o700)
    Registry(person.home).set(person.host(sshd, home=str(home), title="Far Hydra"))
    yield home
    end_jobs(home)


def test_a_job_of_a_host_is_sent_listed_read_sent_again_and_fetched(person: Person, far: Path, tmp_path: Path) -> None:
    done = deepsoil(person.home, "submit", "-", "--host", "there", text=json.dumps(request()))
    assert done.returncode == 0, done.stderr
    job = done.stdout.splitlines()[-1].split()[0]
    assert (far / "jobs" / job).is_dir() and not (person.home / "jobs" / job).exists()

    def listed() -> dict[str, str]:
        told = deepsoil(person.home, "list", "--json", "--host", "far hydra")
        return {one["id"]: one["state"] for one in json.loads(told.stdout[told.stdout.index("["):])}

    until(lambda: listed() == {job: "succeeded"})
    assert job[:8] in deepsoil(person.home, "list", "--host", "there").stdout
    assert "No jobs" in deepsoil(person.home, "list").stdout, "those of this computer are others"
    assert "begun" in deepsoil(person.home, "logs", job[:6], "--host", "there").stdout
    folder = tmp_path / "maps"
    done = deepsoil(person.home, "fetch", job[:6], str(folder), "--host", "there")
    assert done.returncode == 0, done.stderr
    (file,) = [path for path in folder.rglob("*") if path.is_file()]
    assert file.read_text() == "first" and done.stdout.splitlines()[-1] == str(file)
    file.write_text("mine")
    done = deepsoil(person.home, "fetch", job[:6], str(folder), "--host", "there")
    assert done.returncode == 2 and "is there already" in done.stderr and file.read_text() == "mine"
    assert deepsoil(person.home, "fetch", job[:6], str(folder), "--replace", "--host", "there").returncode == 0
    assert file.read_text() == "first"
    done = deepsoil(person.home, "retry", job[:6], "--host", "there")
    assert done.returncode == 0, done.stderr
    until(lambda: listed() == {job: "succeeded", done.stdout.splitlines()[-1].split()[0]: "succeeded"})


def sent(person: Person, recipe: str) -> str:
    """The id of a job that was sent to the host."""
    done = deepsoil(person.home, "submit", "-", "--host", "there", text=json.dumps(request(recipe)))
    return done.stdout.splitlines()[-1].split()[0]


def test_a_job_of_a_host_is_cancelled(person: Person, far: Path) -> None:
    job = sent(person, "wait")
    done = deepsoil(person.home, "cancel", job[:8], "--host", "there")
    assert done.returncode == 0, done.stderr
    until(lambda: json.loads((far / "jobs" / job / "state.json").read_text())["state"] == "cancelled")


def test_what_is_wrong_is_said_with_what_to_do(person: Person, far: Path, sshd: Sshd) -> None:
    for command in (["list"], ["logs", "ab"], ["cancel", "ab"], ["retry", "ab"], ["fetch", "ab", "x"]):
        done = deepsoil(person.home, *command, "--host", "nowhere")
        assert done.returncode == 2 and "Far Hydra" in done.stderr, "the hosts that there are"
    done = deepsoil(person.home, "logs", "abc", "--host", "there")
    assert done.returncode == 2 and "no job 'abc'" in done.stderr
    (person.ssh / "known_hosts").unlink()
    begun = time.monotonic()
    done = deepsoil(person.home, "list", "--host", "there")  # no terminal: nobody can confirm the key
    assert done.returncode == 2 and "was not confirmed" in done.stderr and time.monotonic() - begun < 60
    sshd.stop()
    done = deepsoil(person.home, "list", "--host", "there")
    assert done.returncode == 2 and "What to do" in done.stderr and "Traceback" not in done.stderr


def test_a_fetch_that_is_stopped_goes_on_where_it_was(person: Person, far: Path, tmp_path: Path) -> None:
    job = sent(person, "large")
    until(lambda: json.loads((far / "jobs" / job / "state.json").read_text())["state"] == "succeeded")
    command = [sys.executable, "-P", "-m", "deepsoil", "fetch", job, str(tmp_path / "maps"), "--host", "there"]
    process = subprocess.Popen(command, env=environment(person.home), stderr=subprocess.PIPE, text=True,
                               preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))  # off behind nohup
    outputs = person.home / "hosts" / "there" / "jobs" / job / "outputs"
    until(lambda: list(outputs.rglob(".part-*")))
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 130 and not (tmp_path / "maps").exists()
    done = subprocess.run(command, env=environment(person.home), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len([path for path in (tmp_path / "maps").rglob("*") if path.is_file()]) >= 1
