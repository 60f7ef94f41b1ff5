"""Ends a stalled login; the time in which the user answers does not count."""

from __future__ import annotations

import threading

import paramiko

from deepsoil.hosts.prompts.prompt import Ask, Question


class LoginTimeout:
    """Closes a transport without progress for ``limit_s``. ``passed``: whether that has happened."""

    def __init__(self, transport: paramiko.Transport, limit_s: float) -> None:
        self._transport = transport
        self.limit_s = limit_s
        self.passed = False
        self._timer: threading.Timer | None = None
        # paramiko's own limit would count the user's time.
        transport.auth_timeout = 24 * 3600.0

    def __enter__(self) -> None:
        self._start()

    def __exit__(self, *_: object) -> None:
        self._stop()

    def while_asking(self, ask: Ask) -> Ask:
        """``ask``, with the clock stopped."""
        def asking(question: Question) -> list[str] | None:
            self._stop()
            try:
                return ask(question)
            finally:
                self._start()
        return asking

    def _start(self) -> None:
        self._timer = threading.Timer(self.limit_s, self._end)
        self._timer.daemon = True
        self._timer.start()

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _end(self) -> None:
        self.passed = True
        self._transport.close()
