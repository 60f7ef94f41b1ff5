"""A plugin of pytest: tells the recorder which test runs, and notes how each ended and how long it took."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Any

import pytest


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item: Any) -> Iterator[None]:
    recorder = sys.modules["sitecustomize"].recorder  # type: ignore[attr-defined]
    if recorder is not None:
        recorder.begin(item.nodeid)
    yield


def pytest_runtest_logreport(report: Any) -> None:
    with open(os.environ["DEEPSOIL_RECORD"], "a", encoding="utf-8") as file:  # noqa: PTH123
        file.write(f"{report.nodeid}\t{report.when}:{report.outcome}\t{report.duration:.3f}\n")
