"""The events that an engine sends without a request: one table. Pure."""

from __future__ import annotations

from dataclasses import dataclass

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
    Event("question", ("question", "host", "kind", "title", "text", "prompts", "fingerprint", "about"),
          "The engine needs an answer of the user. `kind`: one of `host_key`, `interactive`, `passphrase` and "
          "`password`; `prompts`: list of `{text, echo, lasting}`, where a `lasting` answer stays the same and may be "
          "remembered; `about`: whom or what the answers belong to (user, host and port, or the file of a key; empty "
          "for a host key)."),
)
EVENTS: dict[str, Event] = {event.name: event for event in _TABLE}
