"""A test that ends the whole program is one failure, with its name; the tests after it run all the same."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tools import pytest_record, pytest_runs  # noqa: E402
from tools.pytest_runs import Counts, Lane, Part  # noqa: E402

FILES = {
    "test_a.py": """
        import os, signal, pytest
        def test_good(): pass
        def test_bad(): assert 1 == 2, "a reason"
        def test_deadly(): os.kill(os.getpid(), signal.SIGSEGV)
        @pytest.mark.parametrize("word", ["x y", "ü"])
        def test_after(word): pass
        """,
    "test_b.py": """
        import os, pytest
        def test_leaves(): os._exit(0)
        def test_skipped(): pytest.skip("not here")
        @pytest.fixture
        def broken():
            yield
            raise ValueError
        def test_error(broken): pass
        """}


def run(folder: Path, files: dict[str, str], monkeypatch: pytest.MonkeyPatch,
        options: Sequence[str] = ()) -> tuple[Counts, str]:
    """Counts and log of a part with these files."""
    monkeypatch.setattr(pytest_runs, "LOGS", folder / "logs")
    monkeypatch.setattr(pytest_runs, "BUILD", folder)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # they only take time here
    for name, text in files.items():
        (folder / name).write_text("\n".join(line[8:] for line in text.splitlines()), encoding="utf-8")
    targets = [str(folder / name) for name in files]
    part = Part.of_pytest("engine", Path(sys.executable), targets, ["--rootdir", str(folder), *options], {})
    return Lane(deque([part]), live=False).run(), (folder / "logs" / "test-engine.log").read_text(encoding="utf-8")


def test_a_crash_is_one_failure_with_its_name_and_the_rest_is_run_once(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    counts, _ = run(tmp_path, FILES, monkeypatch)
    shown = capsys.readouterr().out
    assert counts == Counts(passed=4, failed=4, skipped=1)
    assert "test_a.py::test_deadly ended the program with exit code -11" in shown
    assert "test_b.py::test_leaves ended the program with exit code 0" in shown
    assert "a reason" in shown, "why a test failed before the crash, which pytest did not come to say"
    begun = pytest_record.Record.read(tmp_path / "logs" / "test-engine.jsonl").begun
    assert len(begun) == len(set(begun)) == 8
    again, _ = run(tmp_path, FILES, monkeypatch, ["-k", "good or after"])
    assert again == Counts(passed=3), "a record is of one command"


def test_a_part_whose_tests_all_crash_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                 capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(pytest_runs, "_MOST_CRASHES", 1)
    crashes = "\n".join(f"        def test_{n}(): os.abort()" for n in range(5))
    assert run(tmp_path, {"test_c.py": f"        import os\n{crashes}"}, monkeypatch)[0] == Counts(failed=2)
    assert "engine is given up" in capsys.readouterr().out


def test_files_that_cannot_be_read_are_a_failure_and_not_tried_again(tmp_path: Path,
                                                                    monkeypatch: pytest.MonkeyPatch) -> None:
    counts, log = run(tmp_path, {"test_d.py": "        import os; os.abort()"}, monkeypatch)
    assert counts == Counts(failed=1) and log.count("Fatal Python error") == 1
