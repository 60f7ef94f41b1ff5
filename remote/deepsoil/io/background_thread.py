"""A thread of a host that looks from time to time, and at once when it is woken; what at is not known here."""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Callable

from deepsoil.contract.errors import DeepSoilError


class Worker:
    """Calls ``look`` every ``every_s`` seconds, and at once after `wake`, until `stop`; a failed look is repeated."""

    def __init__(self, name: str, look: Callable[[], None], every_s: float) -> None:
        self._look, self._every_s = look, every_s
        self._wake = threading.Event()
        self.stopping = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.stopping = True
        self._wake.set()

    def wake(self) -> None:
        self._wake.set()

    def _run(self) -> None:
        while not self.stopping:
            self._wake.wait(self._every_s)
            self._wake.clear()
            try:
                self._look()
            except DeepSoilError as error:
                print(f"{self._thread.name}: {error}", file=sys.stderr)  # e.g. the disk is full; it is tried again
            except Exception:  # noqa: BLE001 - the thread must live as long as the host does
                traceback.print_exc(file=sys.stderr)
