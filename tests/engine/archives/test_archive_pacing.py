"""A server is asked as politely as its table says."""

from __future__ import annotations

import itertools
import threading
import time

import pytest
from deepsoil.archives.pacing import PACES, Pace, Pacer

ADDRESS = "https://Slow.test/a?b=c"


def _ask(pacer: Pacer, count: int, busy_s: float, address: str = ADDRESS) -> tuple[list[float], int]:
    """When each of several requests began, and how many ran at once at most."""
    begun: list[float] = []
    running, most, lock = 0, 0, threading.Lock()

    def work() -> None:
        nonlocal running, most
        with pacer.turn(address, time.sleep):
            with lock:
                begun.append(time.monotonic())
                running += 1
                most = max(most, running)
            time.sleep(busy_s)
            with lock:
                running -= 1

    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(begun), most


def test_no_more_at_once_than_allowed() -> None:
    assert _ask(Pacer({"slow.test": Pace(2)}), 7, 0.05)[1] == 2
    assert _ask(Pacer({"other.test": Pace(1)}), 4, 0.2)[1] == 4


def test_the_gap_is_kept_between_beginnings() -> None:
    begun, _ = _ask(Pacer({"slow.test": Pace(4, 0.1)}), 4, 0.0)
    assert all(later - earlier >= 0.09 for earlier, later in itertools.pairwise(begun))


def test_who_fails_frees_the_turn_and_who_waits_can_be_stopped() -> None:
    pacer = Pacer({"slow.test": Pace(1)})
    with pytest.raises(OSError), pacer.turn(ADDRESS, time.sleep):
        raise OSError

    def stop(_: float) -> None:
        raise InterruptedError

    with pacer.turn(ADDRESS, stop), pytest.raises(InterruptedError), pacer.turn(ADDRESS, stop):
        pass


def test_servers_that_overload_are_asked_one_by_one() -> None:
    assert PACES["cloud.csiss.gmu.edu"].at_once == PACES["nassgeodata.gmu.edu"].at_once == 1
    assert all(pace.at_once >= 1 and pace.gap_s >= 0 for pace in PACES.values())
