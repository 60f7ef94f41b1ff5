"""The events that an engine sends without a request: one table. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

QUESTION_TIMEOUT_S = 120.0
"""How long the engine waits for the answer to a question."""


@dataclass(frozen=True)
class Event:
    """``fields``: the content of the event besides its name."""

    name: str
    fields: tuple[str, ...]
    about: str


_TABLE = (
    Event("job", ("job",), "A job is new or has changed; `job` is its summary."),
    Event("removed", ("id",), "A job is no longer there."),
    Event("host", ("host",), "A host is new, or its connection has changed."),
    Event("host_step", ("host", "step"),
          "A step of the test of a host: `{step, state, message, hint, details, templates, values}`."),
    Event("host_install", ("host", "message", "message_text", "fraction"),
          "How far the installation on a host is, 0 to 1; `message_text`: template and values of the message, or "
          "null."),
    Event("model_fetch", ("host", "model", "bytes", "total", "fraction"),
          "How much of a model has come from a host to this computer; `fraction`: 0 to 1."),
    Event("what_if", ("asking", "stage", "fraction"),
          "How far a question with the name `asking` is. `stage`: `ground`, `readings` or `columns`; `fraction`: of "
          "it, 0 to 1."),
    Event("question", ("question", "host", "kind", "title", "text", "prompts", "fingerprint", "about"),
          "The engine needs an answer of the user. `kind`: one of `host_key`, `interactive`, `passphrase` and "
          "`password`; `prompts`: list of `{text, echo, lasting}`, where a `lasting` answer stays the same and may be "
          "remembered; `about`: whom or what the answers belong to (user, host and port, or the file of a key; empty "
          "for a host key)."),
)
EVENTS: dict[str, Event] = {event.name: event for event in _TABLE}


def of_question(message: dict[str, Any]) -> dict[str, Any] | None:
    """The content of an event ``what_if`` of another engine; None for other events, and for one that is not whole."""
    asking, stage, fraction = (message.get(name) for name in EVENTS["what_if"].fields)
    if message.get("event") != "what_if" or not isinstance(asking, str) or not isinstance(fraction, int | float):
        return None
    return {"asking": asking, "stage": str(stage), "fraction": min(max(float(fraction), 0.0), 1.0)}
