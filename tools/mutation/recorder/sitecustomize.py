"""Loaded by every Python that a recorded test starts: notes which functions of the checkout each test enters.

One line a function and test: test, file, name of the function, separated by tabs. Off unless ``DEEPSOIL_RECORD`` names
the file.
Compiled kernels leave no trace; `cover` finds their tests by who imports them.
"""

from __future__ import annotations

import os
import sys
import threading
from types import CodeType, FrameType

_PARTS = ("/remote/deepsoil/", "/deepsoil_plugin/")


class Recorder:
    def __init__(self, path: str) -> None:
        # "file::test (setup)": the test during which this process was started
        self.test = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0]
        self._seen: set[CodeType] = set()
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def begin(self, test: str) -> None:
        self.test = test
        self._seen = set()

    def __call__(self, frame: FrameType, event: str, _argument: object) -> None:
        code = frame.f_code
        if event != "call" or code in self._seen:
            return
        self._seen.add(code)
        if any(part in code.co_filename for part in _PARTS):
            line = f"{self.test}\t{code.co_filename}\t{code.co_qualname}\n"
            os.write(self._file, line.encode("utf-8", "replace"))


def start() -> None:
    """Note what this process enters from now on; only calls are traced, no lines."""
    global recorder
    recorder = Recorder(os.environ["DEEPSOIL_RECORD"])
    threading.settrace(recorder)
    sys.settrace(recorder)


recorder: Recorder | None = None
if "DEEPSOIL_RECORD" in os.environ:
    start()
