"""The thread that asks a scheduler: often after a change or when it is woken, less and less often otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from deepsoil.schedulers.array import poller


class Bell:
    """An event that nobody waits for: ``wait`` notes the seconds and says what the script has next."""

    def __init__(self, script: list[bool]) -> None:
        self.script, self.waits, self.ended = script, [], lambda: None

    def clear(self) -> None:
        pass

    def set(self) -> None:
        pass

    def wait(self, seconds: float) -> bool:
        self.waits.append(seconds)
        woken = self.script.pop(0)
        if not self.script:
            self.ended()
        return woken


def waits(monkeypatch: pytest.MonkeyPatch, changes: list[bool | Exception], woken: list[bool], active: bool = True,
          ) -> list[float]:
    """Seconds between the looks, where each look finds a change or not, and somebody wakes the poller or not."""
    changes = list(changes)

    def round_() -> bool:
        change = changes.pop(0)
        if isinstance(change, Exception):
            raise change
        return change

    monkeypatch.setenv("DEEPSOIL_SCHEDULER_TIMES", "shortest_poll=4,longest_poll=20")
    made: Any = poller.Poller.__new__(poller.Poller)
    made._active = type("Active", (), {"look": lambda self: [1] if active else []})()
    made._advancer = type("Advancer", (), {"round": lambda self: round_()})()
    made._ending, made._woken = False, Bell(woken)
    made._woken.ended = lambda: setattr(made, "_ending", True)
    made._run()
    return made._woken.waits


def test_it_looks_less_and_less_often_while_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert waits(monkeypatch, [True, False, False, False, False, False], [False] * 6) == [4, 6, 9, 13.5, 20, 20]
    assert waits(monkeypatch, [False, False, True, False], [False] * 4) == [6, 9, 4, 6]


def test_it_looks_often_again_once_it_was_woken(monkeypatch: pytest.MonkeyPatch) -> None:
    assert waits(monkeypatch, [False] * 5, [False, False, True, False, False]) == [6, 9, 13.5, 6, 9]


def test_nothing_is_asked_without_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    assert waits(monkeypatch, [], [False, False], active=False) == [6, 9]


def test_a_look_that_fails_is_no_change_and_not_the_last(monkeypatch: pytest.MonkeyPatch,
                                                        capsys: pytest.CaptureFixture[str]) -> None:
    assert waits(monkeypatch, [False, OSError("the drive is away"), False], [False] * 3) == [6, 6, 9]
    assert "the drive is away" in capsys.readouterr().err


def test_a_poller_that_is_stopped_ends(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    looks: list[int] = []
    active = type("Active", (), {"look": lambda self: looks.append(1)})()
    monkeypatch.setattr(poller, "ActiveJobs", lambda *given: active)
    monkeypatch.setattr(poller, "Advancer", lambda *given: None)
    made = poller.Poller(tmp_path, type("Backend", (), {"name": "slurm"})(), lambda: None)  # type: ignore[arg-type]
    made.start()
    made.stop(30.0)
    assert not made._thread.is_alive() and made._thread.daemon and len(looks) <= 1
