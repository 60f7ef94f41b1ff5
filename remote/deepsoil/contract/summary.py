"""The summary of a job for clients. It is built only here, and validated here on arrival.

A summary from another computer is validated with the same model: invalid values are refused, fields that are not
known here are dropped. A summary of this computer is always built, however damaged the job's folder is.
"""

from __future__ import annotations

import json
import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.local import LOCAL
from deepsoil.contract.output_names import OutputKind, is_output_name
from deepsoil.contract.states import State
from deepsoil.contract.text import text_of
from deepsoil.contract.times import checked_time

Knowledge = Literal["current", "sending", "unreachable", "unknown"]
"""current: the present state · sending: not sent yet · unreachable: the last known state, the host does not
answer · unknown: the scheduler no longer knows the job."""
RetrievalState = Literal["none", "running", "done", "failed"]
Count = Annotated[int, Field(ge=0)]
MOST_OUTPUTS = 50_000
Fraction = Annotated[float, Field(ge=0, le=1)]
Time = Annotated[str, AfterValidator(checked_time)]

_Document = dict[str, Any]


def _simple(template: str) -> str:
    """A template that a client may fill in: no placeholder reaches into its value, or makes it very long."""
    for inner in re.findall(r"\{([^{}]*)\}", template.replace("{{", "").replace("}}", "")):
        if not _PLACEHOLDER.fullmatch(inner):
            raise ValueError("its placeholders are not those of a text")
    return template


_PLACEHOLDER = re.compile(r"\w+(![rs])?(:[,+]?\d{0,2}(\.\d)?[a-zA-Z%]?)?")
Template = Annotated[str, AfterValidator(_simple)]


class _Lenient(BaseModel):
    """Exact types; fields that a later version may add are dropped."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True, allow_inf_nan=False)


class Error(_Lenient):
    """An error as it crosses the pipe; see `DeepSoilError.to_dict`. The templates and values serve translations."""

    code: str
    message: str
    hint: str = ""
    field: str | None = None
    templates: list[Template] = Field(default_factory=list)
    values: dict[str, str | int | float | MessageText] = Field(default_factory=dict)


class MessageText(_Lenient):
    """An English text with placeholders, and their values, so that a client can translate it.

    A value may itself be such a text.
    """

    template: Template
    values: dict[str, str | int | float | MessageText] = Field(default_factory=dict)


def _output_name(name: str) -> str:
    if not is_output_name(name):
        raise ValueError("it is not a name within the folder of outputs")
    return name


class OutputFile(_Lenient):
    """A file of a job. ``path``: on this computer, null until it was retrieved; ``size`` in bytes.
    ``field``: the name of the field that a map shows, where a job has several.
    """

    path: str | None = None
    name: Annotated[str, AfterValidator(_output_name)]
    kind: OutputKind
    depth_cm: int | None = None
    date: str | None = None
    field: str | None = None
    size: Count
    sha256: str


class SchedulerStatus(_Lenient):
    """The scheduler's name of the job, and what it waits for in the queue."""

    name: str
    ids: list[str | int] = Field(default_factory=list)
    waiting_for: str | None = None
    waiting_for_text: MessageText | None = None


class TaskCounts(_Lenient):
    """The number of tasks by status."""

    total: Count
    waiting: Count
    running: Count
    succeeded: Count
    failed: Count


class Retrieval(_Lenient):
    """How many bytes of the outputs of another host's job have been retrieved to this computer."""

    state: RetrievalState = "none"
    bytes: Count = 0
    total: Count = 0
    error: Error | None = None


class Summary(_Lenient):
    """A job. Times are ISO 8601 in UTC, by this computer's clock.

    ``host``: the id of the host where it runs, ``local`` for this computer; ``machine``: the network name of the
    computer whose engine keeps it; ``folder``: its folder on this computer; ``message_text``: template and values of
    ``message``, null if it has none; ``warnings``: those of its estimate when it was sent; ``region``: the id of the
    region that it made.
    """

    id: Annotated[str, Field(min_length=1, max_length=255)]
    kind: str | None = None
    name: str
    state: State
    reason: Error | None = None
    warnings: list[Error] = Field(default_factory=list)
    message: str = ""
    message_text: MessageText | None = None
    progress: Fraction = 0.0
    seconds_left: Annotated[float, Field(ge=0)] | None = None
    created: Time
    started: Time | None = None
    ended: Time | None = None
    host: str = LOCAL
    host_title: str = ""
    machine: str = ""
    specification: _Document | None = None
    folder: str | None = None
    outputs: Annotated[list[OutputFile], Field(max_length=MOST_OUTPUTS)] = Field(default_factory=list)
    knowledge: Knowledge = "current"
    since: Time | None = None
    scheduler: SchedulerStatus | None = None
    tasks: TaskCounts | None = None
    retrieval: Retrieval = Retrieval()
    region: str | None = None

    def to_dict(self) -> _Document:
        """As JSON, every field present."""
        # The specification is passed on unchanged: it may be large, and this model does not validate it.
        return {**self.model_dump(exclude={"specification"}), "specification": self.specification}


def build(**fields: Any) -> _Document:
    """The summary with these fields, the others at their defaults.

    An invalid value is replaced by the default, and the reason says so: a damaged job must not prevent the others
    from being listed. A `Text` as ``message`` also sets ``message_text``. TypeError if ``id``, ``name``, ``state`` or
    ``created`` is missing or unusable.
    """
    fields.setdefault("message_text", text_of(fields.get("message")))
    try:
        return Summary(**fields).to_dict()
    except ValidationError as error:
        wrong = sorted({str(one["loc"][0]) for one in error.errors(include_url=False)})
    if left := {"id", "name", "state", "created"} & set(wrong):
        raise TypeError(f"no summary without {', '.join(sorted(left))}")
    damage = DeepSoilError("job_damaged", "These entries of the job's folder are not valid and are left out: "
                           "{fields}.", "Send the job again.", fields=", ".join(wrong))
    kept = {name: value for name, value in fields.items() if name not in wrong}
    return Summary(**{**kept, "reason": kept.get("reason") or damage.to_dict()}).to_dict()


_LONGEST_TEXT = 4000


def error_of(document: Any) -> DeepSoilError | None:
    """The error object of another engine; without what a translation needs where that is invalid. None if it is none.
    """
    try:
        checked = Error.model_validate(document)
    except ValidationError:
        if not isinstance(document, dict) or not isinstance(document.get("message"), str):
            return None
        plain = {name: document[name] for name in ("code", "message", "hint", "field")
                 if isinstance(document.get(name), str)}
        checked = Error.model_validate({"code": "internal", **plain})
    texts = {name: value[:_LONGEST_TEXT] for name, value in checked.model_dump().items() if isinstance(value, str)}
    whole = texts == {name: getattr(checked, name) for name in texts}
    return DeepSoilError.from_dict({**checked.model_dump(), **texts} if whole else texts)


def validate_summary(document: Any) -> _Document:
    """A summary from another engine, with every field present.

    Raises
    ------
    DeepSoilError
        ``bad_reply`` with the field.
    """
    try:
        checked = Summary.model_validate(document).to_dict()
        json.dumps(checked, ensure_ascii=False, allow_nan=False).encode("utf-8")  # it is stored and passed on
        return checked
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        raise DeepSoilError("bad_reply", "The engine there sent a job that cannot be used: {field}: {detail}.",
                            "Install the engine there again.", field or None,
                            field=field or "summary", detail=first["msg"]) from error
    except (ValueError, RecursionError) as error:
        raise DeepSoilError("bad_reply", "The engine there sent a job that cannot be used: {detail}.",
                            "Install the engine there again.", detail=error) from error
