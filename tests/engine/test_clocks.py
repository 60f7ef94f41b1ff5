"""The clock of a file server is a minute behind or an hour ahead: nothing ends too early, nothing lives for ever."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest
from deepsoil.contract.specification import parse_specification
from deepsoil.hosts.install import scripts
from deepsoil.io import process
from deepsoil.jobs.folder import JobFolder
from deepsoil.schedulers.process import recovery
from job_tools import document

SKEWS_S = (-7200, -60, 0, 60, 3600)


@pytest.mark.parametrize("skew_s", SKEWS_S)
def test_a_cancelled_worker_has_its_grace_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                      skew_s: float) -> None:
    monkeypatch.setattr(recovery, "TERMINATE_AFTER_S", 0.4)
    monkeypatch.setattr(recovery, "KILL_AFTER_S", 0.8)
    folder, _ = JobFolder.create(tmp_path, parse_specification(document()))
    worker = subprocess.Popen(["sh", "-c", "trap '' TERM; while :; do sleep 0.05; done"], start_new_session=True)
    try:
        folder.claim()
        state = folder.path / "state.json"
        start = process.start_of(os.getpid())
        assert start is not None
        state.write_text(state.read_text().replace(f'"pid": {os.getpid()}', f'"pid": {worker.pid}')
                         .replace(start, str(process.start_of(worker.pid))))
        began = time.monotonic()
        recovery.cancel(folder)
        moment = time.time() + skew_s
        os.utime(folder.path / "cancel", (moment, moment))
        while worker.poll() is None:
            recovery.refresh(folder)
            assert time.monotonic() - began < 10
            time.sleep(0.02)
        assert time.monotonic() - began > 0.75
        assert recovery.refresh(folder).state == "cancelled"
    finally:
        worker.kill()
        worker.wait()


@pytest.mark.parametrize("skew_s", SKEWS_S)
def test_an_installation_on_a_host_is_alive_by_the_clock_of_its_disk(tmp_path: Path, skew_s: int) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    touch = programs / "touch"  # as if the disk's own clock set the time
    touch.write_text(f'#!/bin/sh\nexec /usr/bin/touch -d "@$(($(date +%s) + {skew_s} - ${{AGO:-0}}))" "$@"\n')
    touch.chmod(0o755)

    def alive(ago_s: int) -> bool:
        environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"}
        subprocess.run(["touch", tmp_path / "beat"], env={**environment, "AGO": str(ago_s)}, check=True)
        done = subprocess.run(["sh", "-c", scripts._BEATS + '\nbeats "$1"', "sh", tmp_path], env=environment,
                              check=False)
        return done.returncode == 0

    assert [alive(ago_s) for ago_s in (0, 30, 90, 4000)] == [True, True, False, False]
