"""What Slurm is asked and answers: golden lines of Slurm 22.05, and nothing else is taken for an answer."""

from __future__ import annotations

import shlex
import signal
import subprocess
from pathlib import Path, PurePosixPath

import pytest
from deepsoil.contract.resources import Resources
from deepsoil.schedulers.array.backend import Facts, Node, Part, Request
from deepsoil.schedulers.array.script import shell_script
from deepsoil.schedulers.slurm import messages, parser, refusals
from deepsoil.schedulers.slurm.parser import Partition, Row, UnreadableError
from deepsoil.schedulers.slurm.script import environment, sbatch_command, span
from hypothesis import given
from hypothesis import strategies as st

JOB = "3f0c" * 8
NAME = f"ds-{JOB}-1"
GOLDEN = f"""\
DS1@|@{NAME}@|@5@|@6@|@8@|@FAILED@|@NonZeroExitCode@|@anna@|@gpu@|@4294901755@|@2026-11-25T00:33:36
DS1@|@{NAME}@|@5@|@0@|@9@|@PENDING@|@ReqNodeNotAvail, UnavailableNodes:n[01-03]@|@anna@|@gpu@|@4294901754@|@N/A
DS1@|@{NAME}-merge@|@11@|@N/A@|@11@|@PENDING@|@Dependency@|@anna@|@gpu@|@4294901749@|@N/A
DS1@|@{NAME}@|@12@|@2@|@12@|@HIBERNATING@|@None@|@anna@|@gpu@|@1@|@N/A
"""


def test_an_answer_of_squeue_is_read() -> None:
    rows = parser.parse_squeue(GOLDEN, [NAME, f"{NAME}-merge"], "anna")
    assert rows == [
        Row(NAME, "5", 6, "FAILED", "NonZeroExitCode", "gpu", 4294901755, "2026-11-25T00:33:36"),
        Row(NAME, "5", 0, "PENDING", "ReqNodeNotAvail, UnavailableNodes:n[01-03]", "gpu", 4294901754),
        Row(f"{NAME}-merge", "11", None, "PENDING", "Dependency", "gpu", 4294901749),
        Row(NAME, "12", 2, "UNKNOWN", "None", "gpu", 1)]
    assert [row.phase for row in rows] == ["ended", "waiting", "waiting", "unknown"]


def test_tasks_that_are_told_together_are_all_there() -> None:
    line = GOLDEN.splitlines()[0].replace("@|@6@|@", "@|@3-5,9%2@|@")
    assert [row.index for row in parser.parse_squeue(line, [NAME], "anna")] == [3, 4, 5, 9]
    told = parser.parse_sacct(f"{NAME}@|@5_[3-4,9%2]@|@PENDING@|@0:0@|@anna@|@100M@|@@|@1@|@1\n"
                             f"{NAME}@|@5_0@|@CANCELLED by 0@|@0:15@|@anna@|@100M@|@@|@1@|@1\n", [NAME], "anna")
    assert [(row.index, row.state) for row in told] == [(3, "PENDING"), (4, "PENDING"), (9, "PENDING"),
                                                        (0, "CANCELLED")]


@pytest.mark.parametrize("line", [
    "Welcome to Hydra!", "DS1@|@", GOLDEN.splitlines()[0][:-30], GOLDEN.splitlines()[0].replace("anna", "berta"),
    GOLDEN.splitlines()[0].replace(NAME, "ds-other-1"), GOLDEN.splitlines()[0].replace("@|@5@|@", "@|@five@|@"),
    GOLDEN.splitlines()[0].replace("@|@6@|@", "@|@six@|@"), GOLDEN.splitlines()[0].replace("DS1", "DS2"),
])
def test_one_line_that_was_not_asked_for_spoils_the_answer(line: str) -> None:
    with pytest.raises(UnreadableError):
        parser.parse_squeue(GOLDEN + line + "\n", [NAME, f"{NAME}-merge"], "anna")


@given(st.text(), st.integers(0, 200))
def test_a_damaged_answer_is_the_same_or_an_error_and_never_less(noise: str, at: int) -> None:
    whole = parser.parse_squeue(GOLDEN, [NAME, f"{NAME}-merge"], "anna")
    damaged = GOLDEN[:at] + noise + GOLDEN[at:]
    try:
        rows = parser.parse_squeue(damaged, [NAME, f"{NAME}-merge"], "anna")
    except UnreadableError:
        return
    assert len(rows) >= len(whole)


@given(st.text())
def test_a_state_is_a_known_one_or_unknown(word: str) -> None:
    assert parser.state_of(word) in parser.ACTIVE | parser.ENDED | {"UNKNOWN"}


def test_the_configuration_is_read_and_anything_else_is_none() -> None:
    text = ("Configuration data as of 2026-11-25T00:33:38\nAccountingStorageType   = accounting_storage/slurmdbd\n"
            "MaxArraySize            = 501\nMessageTimeout          = 5 sec\nMinJobAge               = 300 sec\n"
            "SLURM_VERSION           = 22.05.8\n")
    assert parser.parse_config(text) == Facts("22.05.8", 300, 5, 500, True)
    assert not parser.parse_config(text.replace("slurmdbd", "none")).accounting
    with pytest.raises(UnreadableError):
        parser.parse_config("Welcome to Hydra!")


def test_partitions_are_put_together_from_their_kinds_of_nodes() -> None:
    text = ("DS1@|@gpu*@|@3@|@2@|@1000@|@gpu:1@|@1:00:00\nDS1@|@gpu*@|@2@|@64@|@256000+@|@gpu:a100:4(S:0-1),gpu:v100:2"
            "@|@1:00:00\nDS1@|@long@|@3@|@2@|@1000@|@(null)@|@7-12:00:00\nDS1@|@any@|@1@|@2@|@9@|@(null)@|@infinite\n")
    assert parser.parse_sinfo(text) == {
        "gpu": Partition("gpu", 5, 64, 256000, 6, 60, True), "long": Partition("long", 3, 2, 1000, 0, 10800),
        "any": Partition("any", 1, 2, 9, 0, None)}


def test_only_jobs_that_go_before_are_ahead() -> None:
    text = "".join(f"DS1@|@{array}@|@{priority}@|@{reason}\n" for array, priority, reason in (
        (1, 100, "Priority"), (1, 100, "Priority"), (2, 90, "Resources"), (3, 100, "JobHeldUser"), (4, 10, "Priority"),
        (9, 100, "Priority")))
    assert parser.parse_ahead(text, ["9"], 50) == 2


@pytest.mark.parametrize(("answer", "number"), [
    ("11\n", "11"), ("11;hydra\n", "11"), ("Welcome!\n11\n", "11"), ("", None), ("Submitted batch job 11\n", None)])
def test_the_number_of_a_new_job_is_read(answer: str, number: str | None) -> None:
    assert parser.parse_sbatch(answer) == number


@pytest.mark.parametrize(("said", "judged"), [
    ("sbatch: error: invalid partition specified: nope\nsbatch: error: Batch job submission failed: Invalid partition "
     "name specified", "refused"),
    ("sbatch: error: Batch job submission failed: Invalid account or account/partition combination specified",
     "refused"),
    ("sbatch: error: Batch job submission failed: Invalid qos specification", "refused"),
    ("sbatch: error: Memory specification can not be satisfied\nsbatch: error: Batch job submission failed: Requested "
     "node configuration is not available", "refused"),
    ("sbatch: error: Batch job submission failed: Invalid job array specification", "refused"),
    ("sbatch: error: Batch job submission failed: Requested time limit is invalid (missing or exceeds some limit)",
     "refused"),
    ("sbatch: error: Batch script contains DOS line breaks (\\r\\n)", "refused"),
    ("sbatch: unrecognized option '--bogus'\nTry \"sbatch --help\" for more information", "refused"),
    ("sbatch: error: Batch job submission failed: Job violates accounting/QOS policy (job submit limit, user's size "
     "and/or time limits)", "refused"),
    ("sbatch: error: QOSMaxSubmitJobPerUserLimit\nsbatch: error: Batch job submission failed: Job violates "
     "accounting/QOS policy (job submit limit, user's size and/or time limits)", "later"),
    ("sbatch: error: Batch job submission failed: Unable to create job record, try again", "later"),
    ("sbatch: error: Batch job submission failed: Socket timed out on send/recv operation", "unknown"),
    ("sbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)", "unknown"),
    ("sbatch: error: Batch job submission failed: Zero Bytes were transmitted or received", "unknown"),
    ("Killed", "unknown"), ("", "unknown"),
])
def test_only_what_is_certain_counts_as_refused(said: str, judged: str) -> None:
    assert refusals.verdict(said) == judged


def test_slurms_words_are_told_without_their_prefixes() -> None:
    assert refusals.plain("sbatch: error: invalid partition specified: nope\nsbatch: error: Batch job submission "
                          "failed: Invalid partition name specified\n") == (
        "invalid partition specified: nope Invalid partition name specified")


RESOURCES = Resources(scheduler="slurm", partition="gpu", account="soil", gpus=1, cpus=4, memory_mb=8000, minutes=240,
                      tasks=2)


def request(part: Part, folder: str, tasks: tuple[int, ...] = (), after: tuple[str, ...] = (),
            memory_mb: int | None = None) -> Request:
    path = PurePosixPath(folder)
    return Request(JOB, f"ds-{JOB}-2", part, tasks, after, RESOURCES, memory_mb, path, path / "script.sh")


def test_the_request_for_an_array() -> None:
    command = sbatch_command(request("array", "/home/100%/jobs/x/attempt-2", (0, 1, 2, 7), memory_mb=16000))
    assert command == [
        "sbatch", "--parsable", f"--job-name=ds-{JOB}-2", f"--comment=deepsoil {JOB}", "--dependency=singleton",
        "--requeue", "--open-mode=append", "--signal=B:USR2@120", "--export=ALL",
        "--output=/home/100%%/jobs/x/attempt-2/output-%A.%a.txt", "--chdir=/", "--partition=gpu", "--account=soil",
        "--array=0-2,7%2", "--nodes=1", "--ntasks=1", "--cpus-per-task=4", "--gres=gpu:1", "--mem=16000M", "--time=240",
        "/home/100%/jobs/x/attempt-2/script.sh"]


def test_the_request_for_a_merge_waits_for_every_array_and_asks_for_no_gpu() -> None:
    command = sbatch_command(request("merge", "/x", after=("5", "9")))
    assert "--dependency=afterany:5,afterany:9,singleton" in command
    assert not [word for word in command if word.startswith(("--gres", "--array"))]


@given(st.sets(st.integers(0, 60), min_size=1))
def test_a_span_names_each_number_once(numbers: set[int]) -> None:
    found: list[int] = []
    for part in span(numbers).split(","):
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    assert found == sorted(numbers)


def test_the_script_has_no_sign_that_slurm_refuses_and_no_word_that_a_shell_would_read(tmp_path: Path) -> None:
    folder = tmp_path / "a 'b' $(touch pwned) \"c\""
    folder.mkdir()
    host = Node("/usr/bin/printf", PurePosixPath(folder), {"DEEPSOIL_HOME": "$(touch pwned)`id`'"})
    text = shell_script(host, ["run-task", str(folder)])
    assert text.startswith("#!/bin/sh\n") and "\r" not in text and "\ufeff" not in text
    assert shlex.quote(str(folder)) in text
    subprocess.run(["sh", "-n"], input=text, text=True, check=True)
    subprocess.run(["sh"], input=text, text=True, check=False, capture_output=True, cwd=tmp_path, timeout=30)
    assert not list(tmp_path.rglob("pwned"))


def test_the_script_passes_signals_on_and_waits_for_the_end(tmp_path: Path) -> None:
    program = tmp_path / "engine"
    program.write_text("#!/bin/sh\ntrap 'echo heard; sleep 0.3; exit 7' USR2\necho ready\n"
                       "for n in $(seq 600); do sleep 0.05; done\n")
    program.chmod(0o755)
    text = shell_script(Node(str(program), PurePosixPath(tmp_path), {}), [])
    for _ in range(8):  # also as soon as the child is there
        with subprocess.Popen(["sh", "-c", text], stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None and process.stdout.readline() == "ready\n"
            process.send_signal(signal.SIGUSR2)
            assert process.stdout.read() == "heard\n"
            assert process.wait(30) == 7


def test_nothing_of_the_users_environment_changes_what_slurm_is_asked() -> None:
    made = environment({"PATH": "/bin", "SBATCH_PARTITION": "x", "SQUEUE_FORMAT": "x", "SLURM_JOB_ID": "7",
                        "SLURM_CONF": "/c", "HOME": "/h"})
    assert made == {"PATH": "/bin", "LANG": "C", "SLURM_CONF": "/c", "HOME": "/h", "SLURM_TIME_FORMAT": "standard"}


GPU = {"gpu": Partition("gpu", 19, 2, 1000, 1, 60)}


@pytest.mark.parametrize(("reason", "said"), [
    ("PartitionTimeLimit", "It asks for 240 minutes; the partition gpu allows 60"),
    ("PartitionConfig", "It asks for more than the partition gpu can give: 4 CPUs for a task, a computer there has "
     "2; 8000 MB for a task, a computer there has 1000; 240 minutes, it allows 60"),
    ("QOSMaxMemoryPerJob", "It asks for more than this account or QOS allows for a job (QOSMaxMemoryPerJob)"),
    ("QOSMaxJobsPerUserLimit", None), ("Priority", None), ("Resources", None),
])
def test_a_wait_for_ever_is_known(reason: str, said: str | None) -> None:
    rows = [Row(NAME, "5", 0, "PENDING", reason, "gpu", 1)]
    assert messages.never_starts(reason, rows, RESOURCES, GPU) == said


@pytest.mark.parametrize(("reason", "ahead", "said"), [
    ("Priority", 12, "Waiting behind 12 jobs"), ("Resources", 1, "Waiting behind 1 job"),
    ("Priority", None, "Waiting for its turn"), ("Resources", 0, "Next in line, waiting for free computers"),
    ("ReqNodeNotAvail, UnavailableNodes:n[01-03]", None,
     "The computers that it needs are reserved or out of service, often for maintenance"),
    ("QOSMaxJobsPerUserLimit", None,
     "Waiting, because a limit of the account or QOS is reached (QOSMaxJobsPerUserLimit)"),
    ("SomethingNew", None, "Waiting (SomethingNew)"), ("", None, "Waiting for its turn"),
])
def test_what_it_waits_for_is_told_in_plain_words(reason: str, ahead: int | None, said: str) -> None:
    assert messages.waiting(reason, ahead) == said
