"""On a disk without locks (Lustre without ``flock``) a lease takes their place: one holder, freed when it is gone."""

from __future__ import annotations

import errno
import os
import secrets
import subprocess
import sys
import time
from pathlib import Path

import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.io import lease, locks
from deepsoil.io.process import this_machine
from job_tools import document
from lock_tools import most_at_once

NUMBERS = (errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOLCK)
WITHOUT = ("import errno, fcntl, os\n"
           "def refuse(handle, what): raise OSError({number}, os.strerror({number}))\n"
           "fcntl.flock = refuse\n")
WORK = ("import sys, time; from pathlib import Path; from deepsoil.io.locks import locked\n"
        "for turn in range(5):\n"
        "    with locked(Path(sys.argv[1])):\n"
        "        path = Path(sys.argv[2]); count = int(path.read_text()); time.sleep(0.02)\n"
        "        path.write_text(str(count + 1))\n")
HOLD = ("import sys, time; from pathlib import Path; from deepsoil.io.locks import locked\n"
        "with locked(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)")


@pytest.fixture(params=NUMBERS, ids=[errno.errorcode[number] for number in NUMBERS])
def number(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    def refuse(*_: object) -> None:
        raise OSError(request.param, os.strerror(request.param))

    monkeypatch.setattr("fcntl.flock", refuse)
    return int(request.param)


def test_of_several_processes_one_holds_it(tmp_path: Path, number: int) -> None:
    (tmp_path / "count").write_text("0")
    code = WITHOUT.format(number=number) + WORK
    workers = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "lock"), str(tmp_path / "count")])
               for _ in range(4)]
    assert [worker.wait(60) for worker in workers] == [0] * 4
    assert (tmp_path / "count").read_text() == "20"
    assert not list(tmp_path.glob("lock.lease*"))


def test_of_several_threads_one_holds_it(tmp_path: Path, number: int) -> None:
    assert most_at_once(tmp_path / "lock", 4) == 1


def test_it_has_a_deadline_says_who_holds_it_and_is_freed_with_its_process(tmp_path: Path, number: int) -> None:
    path = tmp_path / "lock"
    holder = subprocess.Popen([sys.executable, "-c", WITHOUT.format(number=number) + HOLD, str(path)],
                              stdout=subprocess.PIPE)
    try:
        assert holder.stdout is not None and holder.stdout.readline() == b"held\n"
        with locks.locked(path, wait=False) as mine:
            assert not mine
        with pytest.raises(DeepSoilError) as refused, locks.locked(path, timeout_s=0.2):
            pass
        assert refused.value.code == "lock_held"
        assert f"process {holder.pid} on {this_machine()}" in refused.value.message
    finally:
        holder.kill()
        holder.wait()
    with locks.locked(path, timeout_s=5) as mine:
        assert mine


def test_a_holder_on_another_computer_is_gone_when_its_lease_stays_the_same(tmp_path: Path, number: int,
                                                                            monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever its clock says."""
    monkeypatch.setattr(lease, "LEASE_S", 0.4)
    path = tmp_path / "lock"
    file = lease.path_of(path)
    for skew_s in (-7200, 7200):
        file.write_text(f'{{"token": "{secrets.token_hex(8)}", "machine": "node7", "pid": 1, "process_start": "1"}}')
        for _ in range(8):  # it beats
            moment = time.time() + skew_s + secrets.randbelow(1000)
            os.utime(file, (moment, moment))
            with locks.locked(path, wait=False) as mine:
                assert not mine
            time.sleep(0.1)
        began = time.monotonic()
        with locks.locked(path, timeout_s=10) as mine:
            assert mine
        assert 0.2 < time.monotonic() - began < 5


def test_one_that_was_taken_over_does_not_free_the_next_ones(tmp_path: Path, number: int) -> None:
    with locks.locked(tmp_path / "lock"):
        lease.path_of(tmp_path / "lock").write_text('{"token": "another", "machine": "node7", "pid": 1}')
    assert lease.holder(tmp_path / "lock") == "process 1 on node7"


def test_jobs_are_made_and_ended(tmp_path: Path, number: int) -> None:
    from deepsoil.contract.specification import parse_specification
    from deepsoil.jobs.folder import JobFolder

    folder, _ = JobFolder.create(tmp_path / "jobs", parse_specification(document()))
    assert folder.claim() and folder.finish("succeeded", "Finished").state == "succeeded"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="needs root, to be two users")
def test_a_lock_of_another_user_is_refused_with_words(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with locks.locked(tmp_path / "lock"):
        pass
    (tmp_path / "lock").chmod(0o600)
    code = ("import os, sys; from pathlib import Path; from deepsoil.io.locks import locked\n"
            "from deepsoil.contract.errors import DeepSoilError\n"
            "os.setgid(65534); os.setuid(65534)\n"
            "try:\n    with locked(Path(sys.argv[1]), timeout_s=20): print('mine')\n"
            "except DeepSoilError as error: print(error.code, error.message)")
    for parent in tmp_path.parents[:3]:
        parent.chmod(parent.stat().st_mode | 0o055) if str(parent).startswith("/tmp/pytest") else None
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "lock")], capture_output=True, text=True,
                          check=False, timeout=60)
    assert done.stdout.startswith("not_permitted") and "belongs to" in done.stdout, done.stdout + done.stderr
    assert time.monotonic() - began < 15
