"""What a login asks of the user on its way there and back, and which of several hosts speaks for a job."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.hosts.prompts.broker import QuestionBroker
from deepsoil.hosts.prompts.prompt import Prompt, Question
from deepsoil.hosts.speaker import speaker
from deepsoil.service import terminal_questions


def test_a_question_goes_to_the_user_and_its_answer_back() -> None:
    told: list[dict[str, Any]] = []
    broker = QuestionBroker(lambda event, **content: told.append({"event": event, **content}), timeout_s=20.0)
    answers: list[Any] = []
    question = Question("hydra", "interactive", "Title", "Text", (Prompt("Code: ", echo=True),), about="ana@h:22")

    def ask() -> None:
        answers.append(broker.ask(question))

    def asking(number: int) -> threading.Thread:
        thread = threading.Thread(target=ask)
        thread.start()
        deadline = time.monotonic() + 20
        while len(told) < number and time.monotonic() < deadline:
            time.sleep(0.005)
        return thread

    thread = asking(1)
    assert told[0] == {"event": "question", "question": "q1", "host": "hydra", "kind": "interactive", "title": "Title",
                       "text": "Text", "prompts": [{"text": "Code: ", "echo": True, "lasting": False}],
                       "fingerprint": None, "about": "ana@h:22"}
    for wrong, code in (("q1", "params_invalid"), ("q9", "question_unknown")):
        with pytest.raises(DeepSoilError) as error:
            broker.answer(wrong, [7] if wrong == "q1" else ["x"])
        assert error.value.code == code
    broker.answer("q1", ["42"])
    thread.join(20)
    with pytest.raises(DeepSoilError):
        broker.answer("q1", ["43"])
    thread = asking(2)
    assert told[1]["question"] == "q2"
    broker.answer("q2", None)
    thread.join(20)
    thread = asking(3)
    broker.close()
    thread.join(20)
    assert answers == [["42"], None, None] and broker.ask(question) is None and len(told) == 3


def test_an_answer_that_does_not_come_in_time_is_none_and_too_late() -> None:
    names: list[str] = []
    broker = QuestionBroker(lambda event, **content: names.append(content["question"]), timeout_s=0.05)
    assert broker.ask(Question("h", "password", "", "")) is None
    with pytest.raises(DeepSoilError) as error:
        broker.answer(names[0], ["x"])
    assert error.value.code == "question_unknown"


@pytest.mark.parametrize(("typed", "kind", "tty", "found"), [
    ("yes\n", "host_key", True, ["yes"]), (" YES \n", "host_key", True, ["yes"]), ("no\n", "host_key", True, None),
    ("yes\n", "host_key", False, None), ("42\n", "interactive", True, ["42", "hidden"])])
def test_questions_are_asked_in_a_terminal_where_there_is_one(
        typed: str, kind: str, tty: bool, found: list[str] | None, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    stderr = SimpleNamespace(isatty=lambda: True, write=written.append, flush=lambda: None)
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: tty, readline=lambda: typed))
    monkeypatch.setattr("sys.stderr", stderr)
    monkeypatch.setattr("getpass.getpass", lambda text: "hidden" if text == "Password: " else "")
    question = {"title": "Login", "text": "SHA256:x", "kind": kind, "prompts": [
        {"text": "Code: ", "echo": True}, {"text": "Password: ", "echo": False}]}
    assert terminal_questions.answers(question) == found
    assert ("SHA256:x" in "".join(written)) == tty
    monkeypatch.setattr("sys.stderr", SimpleNamespace(**{**vars(stderr), "isatty": lambda: False}))
    assert terminal_questions.answers(question) is None


# ---- several hosts of one HOME ----

def known_by(**hosts: tuple[bool, bool | None, bool]) -> str | None:
    """(knows the job, it was sent there: None is no record, it answers) by host."""
    remotes = [SimpleNamespace(
        host=SimpleNamespace(id=name), knows=lambda job, knows=knows: knows,
        journal=SimpleNamespace(get=lambda job, sent=sent: None if sent is None else SimpleNamespace(mine=sent)),
        engine=SimpleNamespace(status=SimpleNamespace(open=is_open)))
        for name, (knows, sent, is_open) in hosts.items()]
    found: Callable[..., Any] = speaker
    chosen = found(remotes, "job")
    return None if chosen is None else str(chosen.host.id)


def test_for_a_job_speaks_the_host_it_was_sent_to_then_one_that_answers_then_the_first() -> None:
    assert known_by() is None and known_by(a=(False, None, True)) is None and known_by(a=(True, None, False)) == "a"
    assert known_by(a=(True, None, True), b=(True, True, False)) == "b"
    assert known_by(a=(True, None, False), b=(True, None, True)) == "b"
    assert known_by(a=(True, False, False), b=(True, False, True)) == "b"
    assert known_by(b=(True, None, True), a=(True, None, True)) == "a"
    assert known_by(a=(False, True, True), b=(True, None, False)) == "b"
