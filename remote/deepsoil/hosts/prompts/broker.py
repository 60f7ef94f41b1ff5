"""Asks the user the questions of logins, through the client at the other end of this engine's pipe."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.events import QUESTION_TIMEOUT_S
from deepsoil.hosts.prompts.prompt import Question


class QuestionBroker:
    """Sends questions as events and waits for `answer`, up to a time limit."""

    def __init__(self, emit: Callable[..., None], timeout_s: float = QUESTION_TIMEOUT_S) -> None:
        self._emit, self._timeout_s = emit, timeout_s
        self._numbers = itertools.count(1)
        self._guard = threading.Condition()
        self._answers: dict[str, list[str] | None] = {}
        self._open: set[str] = set()
        self._closed = False

    def ask(self, question: Question) -> list[str] | None:
        """The user's answers; None if none came in time."""
        with self._guard:
            if self._closed:
                return None
            name = f"q{next(self._numbers)}"
            self._open.add(name)
        self._emit("question", question=name, host=question.host, kind=question.kind, title=question.title,
                   text=question.text, prompts=[asdict(prompt) for prompt in question.prompts],
                   fingerprint=question.fingerprint, about=question.about)
        with self._guard:
            self._guard.wait_for(lambda: name in self._answers or name not in self._open, self._timeout_s)
            self._open.discard(name)
            return self._answers.pop(name, None)

    def answer(self, question: str, answers: Any) -> dict[str, Any]:
        """Accept the user's answers. DeepSoilError ``question_unknown`` if they come too late."""
        if answers is not None and not (isinstance(answers, list) and all(isinstance(one, str) for one in answers)):
            raise DeepSoilError("params_invalid", "The answers cannot be used.", "They must be a list of texts, or "
                                "null.", "answers")
        with self._guard:
            if question not in self._open:
                raise DeepSoilError("question_unknown", "The question is no longer open.",
                                    "A question stays open for two minutes. Connect to the host again.", "question")
            self._answers[question] = answers
            self._guard.notify_all()
        return {}

    def close(self) -> None:
        """The client is gone: pending and later questions get no answer."""
        with self._guard:
            self._closed = True
            self._open.clear()
            self._guard.notify_all()
