"""The states of a job and the steps between them. Pure: no clock, no disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, get_args

from deepsoil.contract import migration, text
from deepsoil.contract.times import is_time
from deepsoil.contract.version import SCHEMA

State = Literal["queued", "running", "succeeded", "failed", "cancelled"]

STATES: tuple[State, ...] = get_args(State)
FINAL: frozenset[str] = frozenset({"succeeded", "failed", "cancelled"})

# "unreachable" and "unknown" are not states: they describe our knowledge, and never end a job.
_STEPS: dict[str, frozenset[str]] = {
    "queued": frozenset({"running", "failed", "cancelled"}),
    "running": frozenset({"succeeded", "failed", "cancelled"}),
    "succeeded": frozenset(), "failed": frozenset(), "cancelled": frozenset(),
}


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_number_of_process(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1 << 31


# What decides about a job; its message and reason are only shown.
_FITS: dict[str, Callable[[Any], bool]] = {
    "started": is_time, "ended": is_time, "machine": _is_text, "pid": _is_number_of_process,
    "process_start": _is_text}


class IllegalStepError(Exception):
    """A step that the state machine does not allow, such as one out of a final state."""


@dataclass(frozen=True)
class Worker:
    """Identifies a process: ``process_start`` distinguishes it from another one with the same number."""

    machine: str
    pid: int
    process_start: str | None


@dataclass(frozen=True)
class Status:
    """The content of ``state.json``. Times are ISO 8601 in UTC."""

    state: State
    created: str
    message: str = ""
    reason: dict[str, Any] | None = None
    started: str | None = None
    ended: str | None = None
    machine: str | None = None
    pid: int | None = None
    process_start: str | None = None

    @property
    def final(self) -> bool:
        return self.state in FINAL

    def to(self, state: State, now: str, *, message: str, reason: dict[str, Any] | None = None,
           worker: Worker | None = None) -> Status:
        """The status after a step at the time ``now``; ``worker``: the process that begins to run the job.

        Raises
        ------
        IllegalStepError
            If the step is not allowed.
        """
        if state not in _STEPS[self.state]:
            raise IllegalStepError(f"a job that is {self.state} does not become {state}")
        if state == "running":
            return replace(self, state=state, message=message, started=now,
                           **(asdict(worker) if worker else {}))
        return replace(self, state=state, message=message, reason=reason, ended=now)

    def to_dict(self) -> dict[str, Any]:
        return {"schema": SCHEMA, **asdict(self), **text.fields(self.message)}

    @classmethod
    def from_dict(cls, document: Any) -> Status:
        """The status in a document of this version or an earlier one. ValueError if it is invalid.

        DeepSoilError ``schema_newer``.
        """
        if not isinstance(document, dict):
            raise ValueError("no state in the document")
        document = migration.status(document)
        if document.get("state") not in STATES:
            raise ValueError("no state in the document")
        if not is_time(document.get("created")):
            raise ValueError("no time of creation in the document")
        known = {name: document[name] for name in cls.__dataclass_fields__ if name in document}
        for name, fits in _FITS.items():
            if known.get(name) is not None and not fits(known[name]):
                raise ValueError(f"'{name}' is not what it should be")
        if isinstance(known.get("message"), str):  # if it is not, the summary of the job reports it
            known["message"] = text.from_fields(document)
        return cls(**known)
