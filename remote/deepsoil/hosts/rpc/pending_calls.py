"""Requests to an engine that wait for replies. Bytes in, bytes out; no network, no threads."""

from __future__ import annotations

import re
import sys
import threading
import traceback
from collections.abc import Callable
from typing import Any

from deepsoil.contract import json_text
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.protocol import LONGEST_REPLY, TOKEN
from deepsoil.hosts.rpc.lines import LONGEST_MESSAGE, Lines

_ID = re.compile(rb'\{"id": ?(\d{1,15}),')


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
        self._lines = Lines(self._longest)
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
        return TOKEN + json_text.write(request).encode("utf-8") + b"\n"

    def feed(self, data: bytes) -> None:
        """Process bytes of the pipe. DeepSoilError ``bad_reply`` if a line is too long."""
        for message in self._lines.feed(data):
            self._take(message)

    def _longest(self) -> int:
        """How long a reply may be now: only a list of jobs may be very long."""
        with self._guard:
            return LONGEST_REPLY if any(call.method == "list" for call in self._waiting.values()) else LONGEST_MESSAGE

    def fail(self, error: DeepSoilError) -> None:
        """The pipe has ended: let all waiting calls, and later ones, fail with ``error``."""
        with self._guard:
            self._broken = error
            waiting, self._waiting = list(self._waiting.values()), {}
        for call in waiting:
            call.finish(error=error)

    def _take(self, text: bytes) -> None:
        try:
            message = json_text.parse(text)
        except ValueError as error:
            self._take_unreadable(text, error)
            return
        if not isinstance(message, dict):
            return
        if "event" in message:
            try:
                self._on_event(message)
            except DeepSoilError as error:
                if error.code == "bad_reply":
                    raise  # it sends too much
                print(f"an event cannot be used: {error}", file=sys.stderr)
            except Exception:  # noqa: BLE001 - one event that cannot be used must not end the connection
                traceback.print_exc(file=sys.stderr)
            return
        call = self._answered(message.get("id"))
        if call is None:
            return
        if "error" in message:
            call.finish(error=as_error(message["error"]))
        else:
            call.finish(message.get("result"))


    def _take_unreadable(self, text: bytes, error: ValueError) -> None:
        """A line that cannot be used: the call that it answers fails, if that can be told."""
        found = _ID.match(text)
        call = self._answered(int(found[1])) if found else None
        if call is None:
            print(f"a line of {len(text):,} bytes of an engine cannot be read: {str(error)[:200]}", file=sys.stderr)
            return
        call.finish(error=DeepSoilError("bad_reply", "The answer of the engine there to '{method}' cannot be read "
                                        "({detail}).", "Install the engine there again.",
                                        method=call.method, detail=str(error)[:200]))

    def _answered(self, number: Any) -> PendingCall | None:
        with self._guard:
            return self._waiting.pop(number, None) if isinstance(number, int) else None


def as_error(document: Any) -> DeepSoilError:
    """The error that an engine sent."""
    from deepsoil.contract.summary import error_of  # a service must start quickly, without pydantic

    return error_of(document) or DeepSoilError("bad_reply", "The engine there sent an error that cannot be read.",
                                               "Try again.")
