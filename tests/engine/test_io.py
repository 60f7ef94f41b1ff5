"""Files whole or not at all, made once, locked with a deadline; processes known again; on simulated systems too."""

from __future__ import annotations

import errno
import multiprocessing
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.io import atomic, disk, json_files, locks, process
from deepsoil.io.background_thread import PeriodicThread
from deepsoil.io.exclusive import link_or_copy, write_once
from deepsoil.io.hashing import sha256_of, sha256_of_file
from lock_tools import most_at_once


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders whose names were forced to the disk."""
    folders: list[Path] = []
    for module in (atomic, sys.modules["deepsoil.io.exclusive"]):
        monkeypatch.setattr(module, "sync_folder", folders.append)
    return folders


def test_a_file_is_replaced_whole_and_an_error_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "map.tif"
    atomic.write_bytes(path, b"old")
    with pytest.raises(ZeroDivisionError), atomic.replacing(path) as file:
        file.write(b"ne")
        raise ZeroDivisionError
    with pytest.raises(ZeroDivisionError), atomic.replacing_path(path) as draft:
        assert draft.suffix == ".tif" and draft.name.startswith(".part-")
        draft.write_bytes(b"ne")
        raise ZeroDivisionError
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("act", [
    lambda folder: atomic.write_text(folder / "new", "x"), lambda folder: atomic.write_bytes(folder / "new", b"x"),
    lambda folder: atomic.copy(folder / "there", folder / "new"), lambda folder: write_once(folder / "new", "x"),
    lambda folder: atomic.move(folder / "there", folder / "new"),
    lambda folder: link_or_copy(folder / "there", folder / "new"),
], ids=["text", "bytes", "copy", "once", "move", "link"])
def test_a_new_name_is_forced_to_the_disk(tmp_path: Path, synced: list[Path], act: Callable[[Path], object]) -> None:
    (tmp_path / "there").write_text("x")
    act(tmp_path)
    assert (tmp_path / "new").read_text() == "x"
    assert synced[-1] == tmp_path


def test_new_folders_are_forced_to_the_disk_with_what_they_lie_in(tmp_path: Path,
                                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    folders: list[Path] = []
    monkeypatch.setattr(disk, "sync_folder", folders.append)
    disk.make_folder(tmp_path / "a" / "b" / "c")
    assert folders == [tmp_path, tmp_path / "a", tmp_path / "a" / "b"]
    disk.make_folder(tmp_path / "a" / "b" / "c")
    assert len(folders) == 3, "nothing is new"
    (tmp_path / "file").touch()
    with pytest.raises(FileExistsError):
        disk.make_folder(tmp_path / "file")


def test_a_folder_can_be_forced_to_the_disk(tmp_path: Path) -> None:
    disk.sync_folder(tmp_path)
    with pytest.raises(FileNotFoundError):
        disk.sync_folder(tmp_path / "missing")


def test_of_many_that_write_once_one_does(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        made = pool.starmap(write_once, [(tmp_path / "owner", str(number)) for number in range(40)])
    assert sum(made) == 1
    assert (tmp_path / "owner").read_text() == str(made.index(True))
    assert [path.name for path in tmp_path.iterdir()] == ["owner"]


@pytest.mark.parametrize("code", [errno.EXDEV, errno.EPERM, errno.ENOTSUP])
def test_where_a_disk_has_no_links_the_file_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                      code: int) -> None:
    def refuse(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    (tmp_path / "a").write_text("x")
    assert link_or_copy(tmp_path / "a", tmp_path / "b")
    assert not link_or_copy(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b").read_text() == "x"


def test_a_checksum_of_a_file_is_that_of_its_content(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert sha256_of_file(tmp_path / "a") == sha256_of(b"abc") == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")


HOLD = ("import sys, time; from pathlib import Path; from deepsoil.io.locks import locked\n"
        "with locked(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)")


def test_a_lock_has_a_deadline_says_who_holds_it_and_is_freed_with_its_process(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE)
    try:
        assert holder.stdout is not None and holder.stdout.readline() == b"held\n"
        with locks.locked(path, wait=False) as mine:
            assert not mine
        for _ in range(2):  # who waits and gives up does not wipe out who holds it
            with pytest.raises(DeepSoilError) as refused, locks.locked(path, timeout_s=0.2):
                pass
            assert refused.value.code == "lock_held"
            assert f"process {holder.pid} on {process.this_machine()}" in refused.value.message
    finally:
        holder.kill()
        holder.wait()
    with locks.locked(path, timeout_s=5) as mine:
        assert mine


def test_a_lock_holds_between_threads_of_one_process(tmp_path: Path) -> None:
    assert most_at_once(tmp_path / "lock", 8) == 1


def test_a_process_is_known_by_its_start_on_every_system() -> None:
    for start_of in (process.start_of, process._start_by_psutil):
        child = subprocess.Popen(["sleep", "60"])
        first = start_of(child.pid)
        assert first is not None and start_of(child.pid) == first
        assert first != start_of(os.getpid())
        child.kill()
        deadline = time.monotonic() + 10
        while start_of(child.pid) is not None and time.monotonic() < deadline:
            time.sleep(0.01)
        assert start_of(child.pid) is None, "it has ended and nobody has waited for it"
        child.wait()
        assert start_of(child.pid) is None


def test_a_start_is_not_moved_by_the_wall_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    before = process.start_of(os.getpid())
    moved = [time.time() + 3600]
    monkeypatch.setattr("psutil.boot_time", lambda: moved[0])
    monkeypatch.setattr("psutil._pslinux.boot_time", lambda: moved[0], raising=False)
    assert process.start_of(os.getpid()) == before


def test_a_process_is_ended_with_all_that_it_started() -> None:
    parent = subprocess.Popen(["sh", "-c", "sleep 60 & echo $!; wait"], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    process._kill_tree(parent.pid)
    parent.wait(10)
    deadline = time.monotonic() + 10
    while process.start_of(child) is not None and time.monotonic() < deadline:
        time.sleep(0.01)
    assert process.start_of(child) is None


def test_lines_of_a_file_are_read_past_noise_and_a_cut_end(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    json_files.append_line(path, {"a": 1})
    with path.open("ab") as file:
        file.write(b"noise\n[1]\n")
    json_files.append_line(path, {"a": 2})
    with path.open("ab") as file:
        file.write(b'{"a": 3')
    assert list(json_files.read_lines(path)) == [{"a": 1}, {"a": 2}]
    assert list(json_files.read_lines(tmp_path / "missing")) == []


def test_a_thread_repeats_after_a_failure_and_at_once_when_woken(capsys: pytest.CaptureFixture[str]) -> None:
    turns: list[float] = []
    done = threading.Event()

    def act() -> None:
        turns.append(time.monotonic())
        if len(turns) == 1:
            thread.wake()
            raise DeepSoilError("disk_full", "The disk is full.", "Free some space.")
        done.set()

    thread = PeriodicThread("a thread", act, 60.0)
    thread.wake()
    thread.start()
    assert done.wait(10)
    thread.stop(10)
    assert len(turns) == 2
    assert "a thread: The disk is full." in capsys.readouterr().err
