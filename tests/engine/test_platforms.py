"""Tests on other systems: where packages come from, what a run says, going on after a stop, the page of results."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tools import system  # noqa: E402
from tools.console import Stop  # noqa: E402
from tools.platforms import checkout, command, debian, results  # noqa: E402
from tools.platforms.debian import Debian  # noqa: E402
from tools.pytest_runs import Counts  # noqa: E402


@pytest.mark.parametrize(("sources", "address"), [
    (["Types: deb\nURIs: http://m.invalid/security\nSuites: bookworm-security\n\n"
      "Types: deb\nURIs: http://m.invalid/debian\nSuites: bookworm bookworm-updates\n"], "http://m.invalid/debian"),
    (["deb http://m.invalid/other stable main\n", "deb [arch=amd64] http://m.invalid/debian trixie-updates main\n"],
     "http://m.invalid/debian"),
    (["deb http://m.invalid/other stable main\n"], None), ([], None)])
def test_the_address_is_the_one_of_the_machine_s_own_sources(sources: list[str], address: str | None) -> None:
    assert system.archive_address(sources) == address


@pytest.mark.parametrize(("lines", "code", "counts"), [
    (["1 passed, 0 failed, 0 skipped", "576 passed, 0 failed, 3 skipped"], 0, Counts(576, 0, 3)),
    (["576 passed, 1 failed, 0 skipped", ""], 1, Counts(576, 1, 0)),
    (["5 passed, 0 failed, 0 skipped"], 1, Counts(5, 1, 0)),
    (["5 passed, 0 failed, 0 skipped in 3 s"], 0, Counts(0, 1, 0)),
    (["debootstrap failed"], 1, Counts(0, 1, 0)), ([], 0, Counts(0, 1, 0))])
def test_a_run_that_breaks_down_counts_as_a_failure(lines: list[str], code: int, counts: Counts) -> None:
    assert command.counted(lines, code) == counts


def test_what_failed_is_named() -> None:
    lines = ["FAILED tests/cluster/test_a.py::b[c d] - x", "ERROR tests/cluster/test_a.py", "FAILED"]
    assert command.failures_in(lines) == ("FAILED tests/cluster/test_a.py::b[c d]", "ERROR tests/cluster/test_a.py")


def test_results_are_put_into_the_page_beside_earlier_ones() -> None:
    page = command.PAGE.read_text(encoding="utf-8")
    first = command.with_results(page, {
        ("A", "plugin"): command.Row("QGIS 1", Counts(3, 0, 1), "2026-01-01", (2, 5)),
        ("B", "cluster"): command.Row("Slurm 1", Counts(2, 1, 0), "2026-01-01")})
    assert "| A | QGIS 1 | plugin, 2 of 5 files | 3 | 0 | 1 | 2026-01-01 |" in first
    second = command.with_results(first, {("A", "plugin"): command.Row("QGIS 2", Counts(4, 0, 0), "2026-02-02")})
    assert "| A | QGIS 2 | plugin | 4 | 0 | 0 | 2026-02-02 |" in second and "QGIS 1" not in second
    assert "| B | Slurm 1 | cluster | 2 | 1 | 0 | 2026-01-01 |" in second
    assert second.partition("<!-- results -->")[0] == page.partition("<!-- results -->")[0]
    assert second.partition("<!-- end -->")[2] == page.partition("<!-- end -->")[2]


@pytest.fixture
def platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A platform ``somewhere`` whose tests are lines of this list: the files that were run, as they were run.

    The file ``test_install.py`` fails until it has run twice, ``test_tasks.py`` stops the whole the first time.
    """
    ran: list[str] = []

    def run(one: Debian, file: str, state: str) -> tuple[list[str], int]:
        ran.append(file)
        if file.endswith("test_tasks.py") and ran.count(file) == 1:
            raise KeyboardInterrupt
        bad = int(file.endswith("test_install.py") and ran.count(file) == 1)
        return [f"1 passed, {bad} failed, 0 skipped"], bad

    page = tmp_path / "platforms.md"
    page.write_text("<!-- results -->\n<!-- end -->\n", encoding="utf-8")
    monkeypatch.setattr(results, "_FOLDER", tmp_path / "results")
    monkeypatch.setattr(command, "PAGE", page)
    monkeypatch.setattr(command, "SYSTEMS", (Debian("somewhere", "Somewhere", ("cluster",)),))
    monkeypatch.setattr(checkout, "state", lambda: "one")
    for name, stand_in in {"ready": lambda: None, "make": lambda one: None, "versions": lambda one: "Slurm 1",
                           "run": run}.items():
        monkeypatch.setattr(debian, name, stand_in)
    return ran


def test_a_run_goes_on_where_it_was_stopped(platform: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    files = command.files_of("cluster")
    with pytest.raises(KeyboardInterrupt):
        command.run(["somewhere"])
    stopped = platform.copy()
    assert stopped[-1] == "tests/cluster/test_tasks.py" and len(stopped) > 1
    done = len(stopped) - 1
    assert f"| cluster, {done} of {len(files)} files | {done} | 1 | 0 |" in command.PAGE.read_text(encoding="utf-8")
    total = command.run(["somewhere"])
    again = platform[len(stopped):]
    assert again == ["tests/cluster/test_install.py", "tests/cluster/test_tasks.py"], "what failed, and what is left"
    assert total == Counts(len(files), 0, 0)
    assert f"| cluster | {len(files)} | 0 | 0 |" in command.PAGE.read_text(encoding="utf-8")
    monkeypatch.setattr(checkout, "state", lambda: "two")
    command.run(["somewhere", "tests/cluster/test_install.py"])
    assert platform[len(stopped) + 2:] == ["tests/cluster/test_install.py"], "another state: again, and nothing else"


@pytest.mark.parametrize("word", ["bullseye", "tests/cluster/test_absent.py", "tests/engine/test_io.py"])
def test_a_word_that_names_nothing_is_refused(word: str) -> None:
    with pytest.raises(Stop, match=word):
        command.Choice.of(["trixie", word])


def test_the_state_tells_changed_files_from_the_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def git(*words: str) -> None:
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b.invalid", *words], cwd=tmp_path, check=True,
                       capture_output=True)

    git("init")
    (tmp_path / "docs").mkdir()
    for name in ("a.py", "docs/platforms.md"):
        (tmp_path / name).write_text("1", encoding="utf-8")
    git("add", ".")
    git("commit", "-m", "first")
    monkeypatch.setattr(checkout, "ROOT", tmp_path)
    clean = checkout.state()
    (tmp_path / "docs/platforms.md").write_text("results", encoding="utf-8")
    assert checkout.state() == clean and "+" not in clean
    (tmp_path / "a.py").write_text("2", encoding="utf-8")
    changed = checkout.state()
    (tmp_path / "new.py").write_text("3", encoding="utf-8")
    assert len({clean, changed, checkout.state()}) == 3
    first = checkout.copy(tmp_path.parent / "copies", "one")
    assert (first / "a.py").read_text(encoding="utf-8") == "2" and (first / "new.py").exists()
    (first / "a.py").write_text("in use", encoding="utf-8")
    (tmp_path / "new.py").unlink()
    second = checkout.copy(tmp_path.parent / "copies", "two")
    assert (second / "a.py").read_text(encoding="utf-8") == "2" and not (second / "new.py").exists()
    assert checkout.copy(tmp_path.parent / "copies", "one") == first
    assert (first / "a.py").read_text(encoding="utf-8") == "in use" and (first / "new.py").exists()
