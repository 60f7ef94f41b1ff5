"""The rounds of a keyboard-interactive login: the host's questions, the user's answers."""

from __future__ import annotations

from collections.abc import Sequence

from deepsoil.hosts.prompts.classifier import is_lasting
from deepsoil.hosts.prompts.prompt import Ask, Prompt, Question
from deepsoil.hosts.ssh.login_request import LoginRequest


class UnansweredError(Exception):
    """A question was not answered; raised through paramiko's thread."""


class InteractiveLogin:
    """Answers the rounds of one keyboard-interactive attempt; called from paramiko's thread.

    ``again``: text shown before the question after a wrong answer; ``known``: the password that worked before, which
    is used once without asking. ``password``: the password that was used.
    """

    def __init__(self, login: LoginRequest, ask: Ask, again: str, known: str | None) -> None:
        self._login, self._ask, self._again, self._known = login, ask, again, known
        self._instructions: list[str] = []
        self.password: str | None = None
        self.turns = 0
        self.asked = False

    def __call__(self, title: str, instructions: str, prompts: Sequence[tuple[str, bool]]) -> list[str]:
        self.turns += 1
        if text := _clean(instructions):
            self._instructions.append(text)
        if not prompts:
            return []
        asked = tuple(Prompt(_clean(prompt) or "Answer: ", echo, is_lasting(prompt, echo)) for prompt, echo in prompts)
        of_password = len(asked) == 1 and asked[0].lasting
        if of_password and self._known is not None:
            self.password, self._known = self._known, None
            return [self.password]
        text = "\n".join([f"{self._again}{self._login.account} asks:", *self._instructions])
        question = Question(self._login.host, "password" if of_password else "interactive",
                            _clean(title) or f"Login on {self._login.title}", text, asked, about=self._login.account)
        answer = self._ask(question)
        if answer is None or len(answer) != len(prompts):
            raise UnansweredError
        self.asked, self._again, self._instructions = True, "", []
        if of_password:
            self.password = answer[0]
        return answer


def _clean(text: str) -> str:
    """A text from the host without control characters."""
    return "".join(character for character in text if character.isprintable() or character == "\n").strip("\n")
