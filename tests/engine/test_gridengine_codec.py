"""What Grid Engine is asked and answers: golden answers of 8.1.9, and nothing else is taken for an answer."""

from __future__ import annotations

import subprocess
from pathlib import Path, PurePosixPath

import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.resources import Resources
from deepsoil.schedulers.array.backend import Node, Request, TaskRecord
from deepsoil.schedulers.gridengine import parser
from deepsoil.schedulers.gridengine.identity import identity
from deepsoil.schedulers.gridengine.parser import UnreadableError
from deepsoil.schedulers.gridengine.script import qsub_command, script

JOB = "3f0c" * 8
NAME = f"ds-{JOB}-1"


def job(number: int, name: str, state: str, tasks: str, owner: str = "anna") -> str:
    shown = f"<tasks>{tasks}</tasks>" if tasks else ""
    return (f'<job_list state="x"><JB_job_number>{number}</JB_job_number><JB_name>{name}</JB_name>'
            f"<JB_owner>{owner}</JB_owner><state>{state}</state><slots>1</slots>{shown}</job_list>")


def answer(*jobs: str) -> str:
    return f"<?xml version='1.0'?>\n<job_info><queue_info>{''.join(jobs)}</queue_info><job_info></job_info></job_info>"


def test_an_answer_of_qstat_is_read() -> None:
    text = answer(job(5, NAME, "r", "1"), job(5, NAME, "qw", "3-7:2,9"), job(6, f"{NAME}-merge", "hqw", ""),
                  job(7, NAME, "Eqw", "2"), job(8, NAME, "?", "1"), job(9, "other", "r", ""),
                  job(9, NAME, "r", "1", "berta"))
    found = parser.parse_qstat(text, [NAME, f"{NAME}-merge"], "anna")
    assert found == [
        TaskRecord(NAME, "5", 0, "running", None, "r"),
        *(TaskRecord(NAME, "5", index, "waiting", None, "qw") for index in (2, 4, 6, 8)),
        TaskRecord(f"{NAME}-merge", "6", None, "waiting", None, "hqw"),
        TaskRecord(NAME, "7", 1, "waiting", None, "Eqw"), TaskRecord(NAME, "8", 0, "unknown", None, "?")]


@pytest.mark.parametrize("text", [
    "", "error: commlib error", answer(job(5, NAME, "r", "1"))[:-12], "<other/>", answer(job(5, NAME, "", "1")),
    answer(job(5, NAME, "r", "one")), answer(job(5, "", "r", "1")),
    f'<!DOCTYPE x [<!ENTITY n "{NAME}">]>' + answer(job(5, "&n;", "r", "1")).partition("\n")[2]])
def test_what_is_no_answer_spoils_it(text: str) -> None:
    with pytest.raises(UnreadableError):
        parser.parse_qstat(text, [NAME], "anna")


def record(task: str, failed: str, status: str, name: str = NAME) -> str:
    return (f"{'=' * 62}\nqname        gpu                 \njobname      {name}            \njobnumber    5       \n"
            f"taskid       {task}                   \nfailed       {failed}    \nexit_status  {status}     \n")


@pytest.mark.parametrize(("failed", "status", "end"), [
    ("0", "0", "completed"), ("0", "1", "failed"), ("100 : assumedly after job", "137", "failed"),
    ("37  : qmaster enforced h_rt, h_cpu, or h_vmem limit", "137", "time_limit"),
    ("19  : before writing exit_status", "0", "node_lost")])
def test_the_accounting_says_how_a_task_ended(failed: str, status: str, end: str) -> None:
    (found,) = parser.parse_qacct(record("2", failed, status), NAME)
    assert (found.array, found.index, found.phase, found.end) == ("5", 1, "ended", end)


def test_of_a_task_that_was_restarted_the_last_record_counts() -> None:
    text = record("2", "19  : before writing exit_status", "0") + record("2", "0", "0") + \
        record("3", "25  : rescheduling", "0") + record("undefined", "0", "0")
    assert [(one.index, one.end) for one in parser.parse_qacct(text, NAME)] == [(1, "completed"), (None, "completed")]
    with pytest.raises(UnreadableError):
        parser.parse_qacct(record("1", "0", "0", "another"), NAME)


def test_the_configuration_is_read_and_anything_else_is_none() -> None:
    assert parser.parse_config("#global:\nmax_aj_tasks                 500\n").largest_array == 500
    with pytest.raises(UnreadableError):
        parser.parse_config("Welcome to Hydra!")


@pytest.mark.parametrize(("said", "number"), [
    ("12\n", "12"), ("12.1-9:1\n", "12"), ("Welcome!\n12\n", "12"), ("", None), ("Your job 12 is there", None)])
def test_the_number_of_a_new_job_is_read(said: str, number: str | None) -> None:
    assert parser.parse_qsub(said) == number


@pytest.mark.parametrize(("said", "judged"), [
    ('Unable to run job: Job was rejected because job requests unknown queue "nope".\nExiting.', "refused"),
    ("Unable to run job: unknown resource \"gpu\".", "refused"),
    ("Unable to run job: job rejected: only 3 jobs are allowed per user (current job count: 3).", "later"),
    ("Unable to run job: maximum number of jobs reached", "later"),
    ("error: commlib error: got select error\nUnable to run job: unable to send message to qmaster", "unknown"),
    ("Killed", "unknown")])
def test_only_what_is_certain_counts_as_refused(said: str, judged: str) -> None:
    assert parser.parse_refusal(said) == judged


def request(tasks: tuple[int, ...], after: tuple[str, ...] = (), folder: str = "/x") -> Request:
    resources = Resources(scheduler="gridengine", partition="gpu", cpus=4, memory_mb=8000, minutes=240, tasks=2)
    path = PurePosixPath(folder)
    return Request(JOB, NAME, "array" if tasks else "merge", tasks, after, resources, 16000, path, path / "script.sh")


def test_the_request_for_an_array_and_for_its_merge() -> None:
    command = qsub_command(request((1, 2, 7)))
    assert command[:4] == ["qsub", "-terse", "-N", NAME] and command[-1] == "/x/script.sh"
    text = " ".join(command)
    assert "-t 2-8 -tc 2 -q gpu -l mem_free=16000M -l h_rt=14400,s_rt=14280 -pe smp 4" in text
    merge = " ".join(qsub_command(request((), ("5", "9"))))
    assert "-hold_jid 5,9" in merge and "-t " not in merge


def test_the_script_leaves_out_what_is_not_wanted_and_writes_beside_it(tmp_path: Path) -> None:
    folder = tmp_path / "a 'b' $(touch pwned)"
    folder.mkdir()
    text = script(Node("/bin/echo", PurePosixPath(folder), {}), ["run-task"], request((1, 3), folder=str(folder)))
    for task in range(1, 6):
        subprocess.run(["sh", "-c", text], env={"JOB_ID": "5", "SGE_TASK_ID": str(task)}, check=True, cwd=tmp_path)
    assert sorted(path.name for path in folder.iterdir()) == ["output-5.1.txt", "output-5.3.txt"]
    assert "run-task" in (folder / "output-5.1.txt").read_text()
    assert not list(tmp_path.rglob("pwned"))


def test_identity_is_what_grid_engine_says() -> None:
    found = identity({"JOB_ID": "71", "SGE_TASK_ID": "5", "RESTARTED": "1", "NSLOTS": "2"}, None)
    assert (found.index, found.array, found.restart, found.cpus) == (4, "71", 1, 2) and found.requeue is not None
    assert identity({}, 3).requeue is None
    with pytest.raises(DeepSoilError):
        identity({"JOB_ID": "72", "SGE_TASK_ID": "undefined"}, None)
