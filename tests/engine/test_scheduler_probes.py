"""What the test of a connection finds of a scheduler, from its answers; and what its commands are asked for."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from deepsoil.contract.resources import Resources
from deepsoil.hosts.install.project import project_text
from deepsoil.hosts.ssh.script_runner import MISSING, ScriptResult, ScriptResults
from deepsoil.schedulers.array.commands import Reply
from deepsoil.schedulers.base import Finding
from deepsoil.schedulers.gridengine.scheduler import GridEngine
from deepsoil.schedulers.slurm import connection_test, parser
from deepsoil.schedulers.slurm.parser import SEPARATOR
from deepsoil.schedulers.slurm.scheduler import Slurm

MARK = parser.sinfo_command()[2].removeprefix("--format=").split(SEPARATOR)[0]
CONFIG = "SLURM_VERSION = 23.11.4\nMinJobAge = 300 sec\nMaxArraySize = 1001\n"


def sinfo(*rows: str) -> str:
    return "".join(f"{MARK}{SEPARATOR}{row.replace(' ', SEPARATOR)}\n" for row in rows)


GPUS, CPUS = "gpu* 3 32 128000 gpu:a100:4 1-00:00:00", "cpu 10 64 256000 (null) infinite"
SAID = {"there": "/usr/bin/sbatch", "config": CONFIG, "partitions": sinfo(GPUS, CPUS), "accounting": "",
        "accounts": "soil||normal\n", "trial": "sbatch: Job 7 to start at now"}


def slurm(failed: Sequence[str] = (), *, said: Mapping[str, str] | None = None, **wanted: Any) -> Finding:
    answers = {**SAID, **(said or {})}

    def ask(pieces: Mapping[str, str]) -> ScriptResults:
        assert set(pieces) == set(SAID), "an answer belongs to its question"
        return ScriptResults({name: ScriptResult(1 if name in failed else 0, answers[name]) for name in pieces}, "")

    found: Finding = Slurm().probe(ask, Resources(scheduler="slurm", **wanted))
    return found


def test_a_slurm_that_takes_such_jobs_says_where_and_what_it_has() -> None:
    found = slurm(gpus=4, cpus=32, memory_mb=128_000, minutes=1440)
    assert found.state == "passed"
    assert found.message == "Slurm 23.11.4 takes such jobs: 3 nodes in partition 'gpu', up to 12 GPUs."
    lines = found.details.splitlines()
    assert lines[0] == "Slurm 23.11.4, arrays of up to 1000 tasks"
    assert "partition gpu (default): 3 nodes, a node up to 32 CPUs, 128000 MB, 4 GPUs; 1440 minutes" in lines
    assert "partition cpu: 10 nodes, a node up to 64 CPUs, 256000 MB, 0 GPUs; no time limit" in lines
    assert {"accounting: yes", "account: soil||normal", "sbatch: sbatch: Job 7 to start at now"} <= set(lines)
    assert slurm(partition="cpu").message == "Slurm 23.11.4 takes such jobs: 10 nodes in partition 'cpu'."
    assert "accounting: no" in slurm(["accounting", "accounts"]).details
    assert "account: " not in slurm(["accounting", "accounts"]).details
    assert slurm(partition="gpu,cpu").state == "passed"


@pytest.mark.parametrize(("wanted", "words"), [
    ({"gpus": 5}, "at most 4 GPUs on a node; 5"), ({"cpus": 33}, "at most 32 CPUs on a node; 33"),
    ({"memory_mb": 128_001}, "at most 128000 MB of memory on a node"),
    ({"minutes": 1441}, "at most 1440 minutes; 1441"),
    ({"partition": "cpu", "gpus": 1}, "at most 0 GPUs on a node; 1"), ({"partition": "night"}, "no partition 'night'")])
def test_a_request_that_no_node_can_run_is_refused_with_what_there_is(wanted: dict[str, Any], words: str) -> None:
    found = slurm(**wanted)
    assert found.state == "failed" and words in found.message and "gpu, cpu" in found.hint


@pytest.mark.parametrize(("failed", "said", "state", "words"), [
    (["there"], {"there": "sbatch: not found"}, "failed", "was not found"),
    (["config"], {"config": "Unable to contact"}, "failed", "Unable to contact"),
    ([], {"partitions": "nonsense"}, "failed", "does not answer"),
    ([], {"partitions": sinfo(GPUS.replace("*", ""), CPUS)}, "warning", "No partition is the default"),
    (["trial"], {"trial": "sbatch: error: a\nsbatch: error: Invalid account"}, "failed", "error: Invalid account"),
    (["trial"], {"trial": " "}, "failed", "does not say why")])
def test_a_slurm_with_which_something_is_wrong(failed: list[str], said: dict[str, str], state: str,
                                              words: str) -> None:
    found = slurm(failed, said=said)
    assert found.state == state and words in found.message and found.hint


def test_the_trial_asks_for_what_the_jobs_will_ask_for_and_submits_nothing() -> None:
    wanted = Resources(scheduler="slurm", partition="gpu", account="soil", qos="high", gpus=2, cpus=8, memory_mb=4000,
                       minutes=90)
    assert connection_test.trial_command(wanted) == [
        "sbatch", "--test-only", "--nodes=1", "--ntasks=1", "--cpus-per-task=8", "--partition=gpu", "--account=soil",
        "--qos=high", "--gres=gpu:2", "--mem=4000M", "--time=90", "--wrap=true"]
    assert connection_test.trial_command(Resources(scheduler="slurm")) == [
        "sbatch", "--test-only", "--nodes=1", "--ntasks=1", "--cpus-per-task=1", "--wrap=true"]


@pytest.mark.parametrize(("failed", "queues", "partition", "state", "words"), [
    ((), "all.q\nlong.q", None, "passed", "its queues are all.q, long.q"), ((), "all.q", "all.q", "passed", "all.q"),
    ((), "all.q\nlong.q", "short.q", "failed", "no queue 'short.q'"),
    (("queues",), "error", None, "failed", "not answer"),
    (("there",), "all.q", None, "failed", "was not found")])
def test_what_is_found_of_a_grid_engine(failed: tuple[str, ...], queues: str, partition: str | None, state: str,
                                        words: str) -> None:
    def ask(pieces: Mapping[str, str]) -> ScriptResults:
        assert set(pieces) == {"there", "queues"} and pieces["queues"] == "qconf -sql"
        said = {"there": "/usr/bin/qsub", "queues": queues}
        return ScriptResults({name: ScriptResult(1 if name in failed else 0, said[name]) for name in pieces}, "")

    found = GridEngine().probe(ask, Resources(scheduler="gridengine", partition=partition))
    assert found.state == state and words in found.message and bool(found.hint) == (state == "failed")
    assert not MISSING.ok


class Answering(GridEngine):
    def __init__(self, reply: Reply) -> None:
        super().__init__()
        self.reply, self.asked = reply, []  # type: ignore[var-annotated]

    def run(self, command: Sequence[str]) -> Reply:
        self.asked.append(list(command))
        return self.reply


@pytest.mark.parametrize(("reply", "partition", "known"), [
    (Reply(0, "all.q\nlong.q\n", ""), "short.q", False), (Reply(0, "all.q\nlong.q\n", ""), "long.q", True),
    (Reply(0, "all.q\n", ""), None, True), (Reply(0, "", ""), "short.q", True),
    (Reply(1, "all.q", ""), "short.q", True)])
def test_a_queue_that_grid_engine_does_not_show_is_warned_of(reply: Reply, partition: str | None, known: bool) -> None:
    engine = Answering(reply)
    warnings = engine.warnings(Resources(scheduler="gridengine", partition=partition))
    assert (warnings == []) == known and engine.asked == [["qconf", "-sql"]]
    if not known:
        assert warnings[0]["code"] == "partition_unknown" and "all.q, long.q" in warnings[0]["hint"]


def test_the_project_of_an_installation_keeps_its_extras_and_markers() -> None:
    text = project_text("Soil \"moisture\"", ">=3.11", ["numpy<3", "torch==2; extra == 'train'",
                                                       "tomli; python_version < '3.11' and extra == 'train'"],
                        ["train", "empty"], {"deepsoil": "deepsoil.cli:main"})
    project = tomllib.loads(text)["project"]
    assert (project["description"], project["requires-python"]) == ('Soil "moisture"', ">=3.11")
    assert project["dependencies"] == ["numpy<3"] and project["scripts"] == {"deepsoil": "deepsoil.cli:main"}
    extras = project["optional-dependencies"]
    assert extras["empty"] == [] and extras["train"][0].replace(" ", "") == "torch==2"
    assert extras["train"][1].startswith("tomli") and "python_version" in extras["train"][1]
