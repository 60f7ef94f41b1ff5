"""The lines of the pipe: one JSON document each, after a token, so that a login shell's greeting does no harm. Pure.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from deepsoil.contract import json_text
from deepsoil.contract.errors import DeepSoilError

TOKEN = b"@deepsoil "
LONGEST_LINE = 16 * 1024 * 1024
"""Of a request, in bytes."""
LONGEST_REPLY = 16 * LONGEST_LINE
"""A list of thousands of jobs is long; beyond this the other end is not an engine."""


_EXPECTED = 'A request is {"id": …, "method": …, "params": {…}}.'


@dataclass(frozen=True)
class Request:
    """A method to call; ``id`` is returned with the reply."""

    id: int | str | None
    method: str
    params: dict[str, Any]


class BadRequestError(Exception):
    """A line with the token that is not a request; ``id`` if it could be read."""

    def __init__(self, problem: DeepSoilError, request_id: int | str | None = None) -> None:
        super().__init__(str(problem))
        self.problem = problem
        self.id = request_id


def parse(line: bytes) -> Request | None:
    """The request in a line; None for noise.

    Raises
    ------
    BadRequestError
        A line with the token that is not JSON, not an object, without a method, or too long.
    """
    if not line.startswith(TOKEN):
        return None
    if len(line) > LONGEST_LINE:
        raise BadRequestError(DeepSoilError("line_too_long", "A line has more than {longest_line} MiB.",
                                            "Simplify the area, or send it in parts.",
                                            longest_line=LONGEST_LINE >> 20))
    try:
        document = json_text.parse(line[len(TOKEN):])
    except ValueError as error:
        raise BadRequestError(DeepSoilError("bad_request", "The line is not JSON: {detail}.", "{expected}",
                                            detail=str(error)[:200], expected=_EXPECTED)) from error
    if not isinstance(document, dict):
        raise BadRequestError(_bad("The line is no JSON object."))
    request_id = document.get("id")
    if isinstance(request_id, bool) or not isinstance(request_id, int | str | None):
        raise BadRequestError(_bad("The id is neither a number nor a text."))
    method, params = document.get("method"), document.get("params", {})
    if not isinstance(method, str):
        raise BadRequestError(_bad("The request names no method."), request_id)
    if not isinstance(params, dict):
        raise BadRequestError(_bad("The params are no object."), request_id)
    return Request(request_id, method, params)


def result_line(request_id: int | str | None, result: Any) -> bytes:
    """The line of an answer. ValueError, TypeError or RecursionError if it cannot be written, or is too long."""
    line = _line({"id": request_id, "result": result})
    if len(line) > LONGEST_REPLY:
        raise ValueError(f"the answer has more than {LONGEST_REPLY >> 20} MiB")
    return line


def error_line(request_id: int | str | None, problem: DeepSoilError) -> bytes:
    """The line of an error, whatever is in its texts."""
    error = problem.to_dict()
    return TOKEN + json_text.write({"id": request_id, "error": error}).encode("utf-8") + b"\n"


def event_line(event: str, **content: Any) -> bytes:
    """The line of an event. Raises as `result_line`."""
    return _line({"event": event, **content})


def _line(document: dict[str, Any]) -> bytes:
    # allow_nan off: NaN is not JSON, and a strict client would reject the whole line.
    return TOKEN + json.dumps(document, ensure_ascii=False, allow_nan=False).encode("utf-8") + b"\n"


def _bad(message: str) -> DeepSoilError:
    return DeepSoilError("bad_request", message, _EXPECTED)
