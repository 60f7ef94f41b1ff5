"""A text keeps its template and values wherever it goes: through pickles, job folders, tasks, hosts and events."""

from __future__ import annotations

import copy
import dataclasses
import json
import pickle
from pathlib import Path

import numpy as np
import pytest
from deepsoil.contract import text
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.local import LOCAL
from deepsoil.contract.specification import parse_specification
from deepsoil.contract.states import Status
from deepsoil.contract.summary import build, validate_summary
from deepsoil.contract.text import Text
from deepsoil.hosts.install.progress import Progress
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.summary import summary
from deepsoil.jobs.tasks.status import last_progress
from deepsoil.schedulers.array.messages import job_message
from hypothesis import given
from hypothesis import strategies as st
from job_tools import document

SIMULATED = Text("Simulated {done:,} of {total:,} soil columns", done=1234, total=56789)
VALUES = st.one_of(st.text("aé{}: 漢", max_size=8), st.integers(), st.floats(), st.booleans(), st.none(), st.dates(),
                   st.integers(-2**31, 2**31 - 1).map(np.int32), st.floats(width=32).map(np.float32),
                   st.just(SIMULATED))


@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), VALUES))
def test_a_text_is_its_english_string_and_survives_every_passage(values: dict) -> None:
    template = " / ".join(f"{{{name}}}" for name in values) or "nothing to {fill}"
    made = Text(template, **values)
    assert made == (template.format_map(values) if values else template)
    for other in (pickle.loads(pickle.dumps(made)), copy.deepcopy(made),
                  text.from_fields(json.loads(json.dumps(text.fields(made), allow_nan=False)))):
        assert isinstance(other, Text)
        assert (str(other), other.template, other.values) == (str(made), made.template, made.values)
    assert json.loads(json.dumps(made)) == str(made)


def test_values_are_those_of_json() -> None:
    assert [text.plain(value) for value in (np.int64(3), np.float32(0.5), True, None, Path("a"))] == \
        [3, 0.5, "True", "None", "a"]
    assert text.plain(float("nan")) == "nan"
    within = DeepSoilError("disk_full", "The disk with {folder} is full.", folder="/data").text
    assert Text("{problem} Trying again.", problem=within).to_dict() == {
        "template": "{problem} Trying again.",
        "values": {"problem": {"template": "The disk with {folder} is full.", "values": {"folder": "/data"}}}}


@pytest.mark.parametrize("record", [
    None, 5, [], {}, {"template": 3, "values": {}}, {"template": "x"}, {"template": "x", "values": {"a": None}},
    {"template": "x", "values": {"a": {"template": "y"}}}, {"template": "x", "values": {"a": [1]}}])
def test_a_message_without_a_usable_template_stays_a_string(record: object) -> None:
    read = text.from_fields({"message": "One of four", "message_text": record})
    assert read == "One of four" and not isinstance(read, Text)


@pytest.fixture
def job(tmp_path: Path) -> JobFolder:
    folder, _ = JobFolder.create(tmp_path, parse_specification(document()), claimed=True)
    return folder


def test_progress_arrives_in_the_summary_with_template_and_values(job: JobFolder) -> None:
    job.progress(1234, 56789, SIMULATED)
    told = summary(job, "lab7")
    assert told["message"] == "Simulated 1,234 of 56,789 soil columns"
    assert told["message_text"] == {"template": "Simulated {done:,} of {total:,} soil columns",
                                    "values": {"done": 1234, "total": 56789}}
    assert validate_summary(json.loads(json.dumps(told))) == told, "it does not cross to another computer"
    message = last_progress(job.path)[1]
    assert isinstance(message, Text) and message.to_dict() == SIMULATED.to_dict()


def test_a_message_of_the_state_arrives_too(job: JobFolder) -> None:
    assert job.set_message(SIMULATED)
    assert summary(job, "lab7")["message_text"] == SIMULATED.to_dict()
    assert not job.set_message(SIMULATED)


def test_older_documents_have_no_templates(job: JobFolder) -> None:
    (job.path / "progress.jsonl").write_text(
        '{"time": "2023-07-16T17:08:49.885Z", "done": 1, "total": 4, "message": "One of four"}\n')
    told = summary(job, "lab7")
    assert (told["message"], told["message_text"]) == ("One of four", None)
    older = {name: value for name, value in told.items() if name != "message_text"}
    assert validate_summary(older)["message_text"] is None
    state = {name: value for name, value in Status("queued", "2023-07-16T17:08:49Z", "Waiting").to_dict().items()
             if name != "message_text"}
    assert Status.from_dict(state) == Status("queued", "2023-07-16T17:08:49Z", "Waiting")


def test_what_a_job_waits_for_is_a_text_within_a_text(job: JobFolder) -> None:
    waiting_for = Text("Waiting behind {count} jobs", count=3)

    @dataclasses.dataclass
    class Decided:
        tasks: tuple = (1, 2, 3)
        stage: str = "tasks"
        known: bool = True

        def count(self, *states: str) -> int:
            return {"succeeded": 2, "waiting": 1}.get(states[0], 0)

    message = job_message("Slurm", Decided(), [], waiting_for)  # type: ignore[arg-type]
    assert message == "2 of 3 done. Waiting behind 3 jobs"
    made = build(id="x", name="x", state="queued", created="2023-07-16T17:08:49Z", message=message, host=LOCAL)
    assert made["message_text"]["values"]["waiting_for"] == waiting_for.to_dict()
    assert validate_summary(json.loads(json.dumps(made))) == made


def test_the_progress_of_an_installation_has_templates() -> None:
    progress = Progress()
    messages = [progress.take(line)[0] for line in (
        "@step environment\n", "Collecting numpy>=2\n", "  Downloading numpy-2.0-cp312.whl (16 MB)\n")]
    assert messages == ["Creating a Python environment", "Looking up numpy>=2", "Downloading numpy (16 MB)"]
    assert [text.text_of(message)["values"] for message in messages] == [
        {}, {"package": "numpy>=2"}, {"package": "numpy", "size": "(16 MB)"}]
