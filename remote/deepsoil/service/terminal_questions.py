"""Questions of a login, asked in the terminal: a new host key, a password, a passphrase, a code."""

from __future__ import annotations

import getpass
import sys
from typing import Any


def answers(question: dict[str, Any]) -> list[str] | None:
    """The user's answers to an event ``question``; None where nobody can answer, or the user declines."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    print(f"\n{question['title']}\n{question['text']}", file=sys.stderr)
    try:
        if question["kind"] == "host_key":
            return ["yes"] if _line("Type yes to accept it: ").strip().lower() == "yes" else None
        return [_line(prompt["text"]) if prompt["echo"] else getpass.getpass(prompt["text"])
                for prompt in question["prompts"]]
    except (EOFError, KeyboardInterrupt):
        return None


def _line(prompt: str) -> str:
    print(prompt, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().rstrip("\n")
