"""The turns of a keyboard-interactive login: what the host asks, what the user answers."""

from __future__ import annotations

from collections.abc import Sequence

from deepsoil.hosts.prompts import credential_cache
from deepsoil.hosts.prompts.prompt import Ask, Prompt, Question
from deepsoil.hosts.ssh.login_request import Login


class UnansweredError(Exception):
    """Nobody answered a question; thrown through paramiko's thread."""


class Dialogue:
    """Answers the turns of one keyboard-interactive attempt; called from paramiko's thread."""

    def __init__(self, login: Login, ask: Ask, again: str, kept: str | None) -> None:
        self._login, self._ask, self._again, self._kept = login, ask, again, kept
        self._said: list[str] = []
        self.password: str | None = None
        self.turns = 0
        self.asked = False

    def __call__(self, title: str, instructions: str, prompts: Sequence[tuple[str, bool]]) -> list[str]:
        self.turns += 1
        if said := _clean(instructions):
            self._said.append(said)
        if not prompts:
            return []
        of_password = len(prompts) == 1 and credential_cache.is_password(*prompts[0])
        if of_password and self._kept is not None:
            self.password, self._kept = self._kept, None
            return [self.password]
        text = "\n".join([f"{self._again}{self._login.whom} asks:", *self._said])
        question = Question(self._login.host, "password" if of_password else "interactive",
                            _clean(title) or f"Login on {self._login.title}", text,
                            tuple(Prompt(_clean(prompt) or "Answer: ", echo) for prompt, echo in prompts),
            about=self._login.whom)
        answer = self._ask(question)
        if answer is None or len(answer) != len(prompts):
            raise UnansweredError
        self.asked, self._again, self._said = True, "", []
        if of_password:
            self.password = answer[0]
        return answer


def _clean(text: str) -> str:
    """What a host wrote, without control characters."""
    return "".join(sign for sign in text if sign.isprintable() or sign == "\n").strip("\n")
