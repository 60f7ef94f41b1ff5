"""A job is with Slurm exactly once, whatever is killed, lost, frozen or forgotten, and whoever else submits it."""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from deepsoil.io import atomic, json_files
from deepsoil.io import locks as file_locks
from deepsoil.schedulers.array.attempts import Journal
from deepsoil.schedulers.slurm.scheduler import Slurm
from slurm_cluster import SlurmCluster, until
from slurm_jobs import FAKE, Home, attempt

sys.path.insert(0, str(FAKE))
import fake_tasks

# Everything that a submission does to the world.
ACTS = ((Journal, "intend"), (Journal, "note"), (Journal, "note_refusal"), (atomic, "write_text"),
        (json_files, "append_line"), (Slurm, "run"))


@pytest.fixture
def host(slurm: SlurmCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Home]]:
    monkeypatch.setenv("PYTHONPATH", str(FAKE))
    fake_tasks.install()
    yield lambda name: Home(tmp_path / name, slurm)


def forked(work: Callable[[], Any]) -> int:
    """Do it in a process of its own; its number."""
    pid = os.fork()
    if pid:
        return pid
    try:
        work()
        os._exit(0)
    except BaseException:  # noqa: BLE001 - this process is not pytest's
        traceback.print_exc()
        os._exit(1)


def exit_code(pid: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def killed_at(home: Home, point: int | None, rounds: int = 2) -> int:
    """Advance in a process that dies at the given point, two of which each act has: before and after it.

    Its exit code; without a point the number of points that there are, at most 250.
    """
    def work() -> None:
        passed = 0

        def pass_point() -> None:
            nonlocal passed
            if passed == point:
                os._exit(77)
            passed += 1

        def watched(act: Callable[..., Any]) -> Callable[..., Any]:
            def both(*given: Any, **named: Any) -> Any:
                pass_point()
                result = act(*given, **named)
                pass_point()
                return result
            return both

        for owner, name in ACTS:
            setattr(owner, name, watched(getattr(owner, name)))
        advancer = home.new_advancer()
        for _ in range(rounds):
            advancer.round()
        os._exit(passed if point is None else 0)

    return exit_code(forked(work))


def advanced(homes: list[Home], what: Callable[[], bool]) -> None:
    """All go on, as after a restart, until something is true."""
    def step() -> bool:
        for home in homes:
            home.advancer.round()
        return what()
    until(step, limit_s=180)


def test_killed_before_and_after_every_act_a_job_is_submitted_once(host: Callable[[str], Home],
                                                                   slurm: SlurmCluster) -> None:
    # Nothing begins and so could tell by itself that it is there: the queue alone knows.
    assert slurm.run("scontrol", "update", "partitionname=gpu", "state=down").returncode == 0
    counting = host("counting")
    counting.send("quick-merged", tasks=1)
    points = killed_at(counting, None)
    assert 20 <= points <= 80
    homes = [host(f"killed {point}") for point in range(points)]
    jobs = [home.send("quick-merged", tasks=1) for home in homes]
    codes = [killed_at(home, point) for point, home in enumerate(homes)]
    assert set(codes) == {77}, "every point was reached"
    advanced(homes, lambda: all(len(home.arrays(job)) == 1 and (job.path / "attempt-1" / "submitted.json").exists()
                                for home, job in zip(homes, jobs, strict=True)))
    assert slurm.run("scontrol", "update", "partitionname=gpu", "state=up").returncode == 0
    advanced(homes, lambda: all(job.status().final for job in jobs))
    assert [job.state for job in jobs] == ["succeeded"] * points
    assert [home.ran("quick-merged") for home in homes] == [Counter([0])] * points
    assert [len(home.arrays(job)) for home, job in zip(homes, jobs, strict=True)] == [1] * points
    print(f"killed at {points} points: {points} jobs, {points} arrays, every task ran once")


def test_a_reply_that_was_lost_is_found_by_name(host: Callable[[str], Home], slurm: SlurmCluster) -> None:
    home = host("lost")
    folder = home.send("quick")
    slurm.stop("slurmctld")
    asking = forked(home.advancer.round)
    until(lambda: (folder.path / "attempt-1" / "intent.json").exists())
    assert exit_code(asking) == 0, "sbatch gave up"
    assert not (folder.path / "attempt-1" / "submitted.json").exists()
    assert "not certain" in folder.status().message
    slurm.cont("slurmctld")
    assert home.ended(folder) == "succeeded"
    assert home.ran("quick") == Counter(range(3))
    assert len(home.arrays(folder)) == 1


@pytest.mark.parametrize("locks", ["locks", "no locks"])
def test_eight_at_once_make_one_array(host: Callable[[str], Home], locks: str) -> None:
    """Also on a disk whose locks do nothing."""
    home = host("eight")
    folder = home.send("quick")

    def race() -> None:
        if locks == "no locks":
            file_locks.locked = lambda *_, **__: contextlib.nullcontext(True)  # type: ignore[assignment]
        advancer = home.new_advancer()
        for _ in range(4):
            advancer.round()

    racers = [forked(race) for _ in range(8)]
    assert [exit_code(pid) for pid in racers] == [0] * 8
    assert home.ended(folder) == "succeeded"
    assert home.ran("quick") == Counter(range(3))
    assert len(home.arrays(folder)) == 1


def test_a_job_that_slurm_has_forgotten_registered_itself(host: Callable[[str], Home], slurm: SlurmCluster) -> None:
    home = host("forgotten")
    folder = home.send("quick")

    def die_after_sbatch() -> None:
        run = Slurm.run

        def watched(self: Slurm, command: Any, *more: Any) -> Any:
            reply = run(self, command, *more)
            if command[0] == "sbatch":
                os._exit(77)
            return reply
        Slurm.run = watched  # type: ignore[method-assign]
        home.new_advancer().round()

    assert exit_code(forked(die_after_sbatch)) == 77
    until(lambda: home.ran("quick") == Counter(range(3)))
    until(lambda: not slurm.run("squeue", "-h", "-o", "%A").stdout.split())
    slurm.kill("slurmctld")
    slurm.start_controller(clean=True)
    assert home.arrays(folder) == set()
    (folder.path / "tasks" / "1" / "result.json").unlink()  # there is still something to be done
    home.until(lambda: (folder.path / "attempt-1" / "submitted.json").exists())
    assert attempt(folder, 1, "submitted.json")["array"] == (folder.path / "attempt-1" / "owner").read_text().strip()
    assert home.arrays(folder) == set(), "it was adopted, not sent again"


def test_of_two_arrays_of_one_name_the_second_ends_without_touching_anything(host: Callable[[str], Home],
                                                                             slurm: SlurmCluster) -> None:
    home = host("twice")
    folder = home.send("wait")
    home.until(lambda: home.ran("wait") == Counter(range(3)))
    second = slurm.run("sbatch", "--parsable", f"--job-name=ds-{folder.id}-1", "--array=0-2", "--dependency=singleton",
                       f"--output={folder.path}/second-%a.txt", str(folder.path / "attempt-1" / "script.sh"))
    assert second.returncode == 0, second.stderr
    (home.path / "wait" / "go").touch()
    shown = ("squeue", "-h", "-r", "-t", "COMPLETED", "-j", second.stdout.strip(), "-o", "%K")
    until(lambda: sorted(slurm.run(*shown).stdout.split()) == ["0", "1", "2"])
    assert ["duplicate" in (folder.path / f"second-{n}.txt").read_text() for n in range(3)] == [True] * 3
    assert home.ended(folder) == "succeeded"
    assert home.ran("wait") == Counter(range(3))
