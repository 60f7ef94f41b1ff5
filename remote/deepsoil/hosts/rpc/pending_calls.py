"""Requests to an engine that wait for replies. Bytes in, bytes out; no network, no threads."""

from __future__ import annotations

import json
import sys
import threading
import traceback
from collections.abc import Callable
from typing import Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.protocol import LONGEST_REPLY, TOKEN


class PendingCall:
    """One request, until its reply or failure arrives."""

    def __init__(self, method: str) -> None:
        self.method = method
        self._done = threading.Event()
        self._result: Any = None
        self._error: DeepSoilError | None = None

    def finish(self, result: Any = None, error: DeepSoilError | None = None) -> None:
        if not self._done.is_set():
            self._result, self._error = result, error
            self._done.set()

    def wait(self, timeout_s: float) -> Any:
        """The result. Raises the error of the reply, or TimeoutError after ``timeout_s``."""
        if not self._done.wait(timeout_s):
            raise TimeoutError(self.method)
        if self._error is not None:
            raise self._error
        return self._result


class PendingCalls:
    """Numbers requests, matches replies to them, and passes events on. One thread feeds, any may ask."""

    def __init__(self, on_event: Callable[[dict[str, Any]], None]) -> None:
        self._on_event = on_event
        self._guard = threading.Lock()
        self._number = 0
        self._waiting: dict[int, PendingCall] = {}
        self._rest = b""
        self._broken: DeepSoilError | None = None

    def line(self, call: PendingCall, params: dict[str, Any]) -> bytes:
        """The line of a request; from now on its reply is expected."""
        with self._guard:
            self._number += 1
            number = self._number
            self._waiting[number] = call
            broken = self._broken
        if broken is not None:
            call.finish(error=broken)
        request = {"id": number, "method": call.method, "params": params}
        return TOKEN + json.dumps(request, ensure_ascii=False).encode("utf-8") + b"\n"

    def feed(self, data: bytes) -> None:
        """Process bytes of the pipe. ValueError if a line is too long."""
        if b"\n" not in data:
            self._rest += data
            if len(self._rest) > LONGEST_REPLY:
                raise ValueError("a line without end")
            return
        *lines, rest = (self._rest + data).split(b"\n")
        self._rest = rest
        for line in lines:
            # A greeting without a newline may precede the first reply.
            if (at := line.find(TOKEN)) >= 0:
                self._take(line[at + len(TOKEN):])

    def fail(self, error: DeepSoilError) -> None:
        """The pipe has ended: let all waiting calls, and later ones, fail with ``error``."""
        with self._guard:
            self._broken = error
            waiting, self._waiting = list(self._waiting.values()), {}
        for call in waiting:
            call.finish(error=error)

    def _take(self, text: bytes) -> None:
        try:
            message = json.loads(text)
        except (ValueError, RecursionError):
            return
        if not isinstance(message, dict):
            return
        if "event" in message:
            try:
                self._on_event(message)
            except Exception:  # noqa: BLE001 - one event that cannot be used must not end the connection
                traceback.print_exc(file=sys.stderr)
            return
        number = message.get("id")
        with self._guard:
            call = self._waiting.pop(number, None) if isinstance(number, int) else None
        if call is None:
            return
        if "error" in message:
            call.finish(error=as_error(message["error"]))
        else:
            call.finish(message.get("result"))


def as_error(document: Any) -> DeepSoilError:
    """The error that an engine sent."""
    if not isinstance(document, dict):
        return DeepSoilError("bad_reply", "The engine there sent an error that cannot be read.", "Try again.")
    return DeepSoilError.from_dict(document)
