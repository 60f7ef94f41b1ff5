"""Tests on other systems: where packages come from, what a run's closing line says, and the page of results."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tools import system  # noqa: E402
from tools.platforms import command  # noqa: E402
from tools.pytest_runs import Counts  # noqa: E402


@pytest.mark.parametrize(("sources", "address"), [
    (["Types: deb\nURIs: http://m.invalid/security\nSuites: bookworm-security\n\n"
      "Types: deb\nURIs: http://m.invalid/debian\nSuites: bookworm bookworm-updates\n"], "http://m.invalid/debian"),
    (["deb http://m.invalid/other stable main\n", "deb [arch=amd64] http://m.invalid/debian trixie-updates main\n"],
     "http://m.invalid/debian"),
    (["deb http://m.invalid/other stable main\n"], None), ([], None)])
def test_the_address_is_the_one_of_the_machine_s_own_sources(sources: list[str], address: str | None) -> None:
    assert system.archive_address(sources) == address


@pytest.mark.parametrize(("line", "code", "counts"), [
    ("576 passed, 0 failed, 3 skipped", 0, Counts(576, 0, 3)),
    ("576 passed, 1 failed, 0 skipped", 1, Counts(576, 1, 0)),
    ("5 passed, 0 failed, 0 skipped", 1, Counts(5, 1, 0)), ("debootstrap failed", 1, Counts(0, 1, 0))])
def test_a_run_that_breaks_down_counts_as_a_failure(line: str, code: int, counts: Counts) -> None:
    assert command.counted(line, code) == counts


def test_results_are_put_into_the_page_beside_earlier_ones() -> None:
    page = command.PAGE.read_text(encoding="utf-8")
    first = command.with_results(page, {("A", "plugin"): ("QGIS 1", Counts(3, 0, 1), "2026-01-01"),
                                        ("B", "cluster"): ("Slurm 1", Counts(2, 1, 0), "2026-01-01")})
    second = command.with_results(first, {("A", "plugin"): ("QGIS 2", Counts(4, 0, 0), "2026-02-02")})
    assert "| A | QGIS 2 | plugin | 4 | 0 | 0 | 2026-02-02 |" in second and "QGIS 1" not in second
    assert "| B | Slurm 1 | cluster | 2 | 1 | 0 | 2026-01-01 |" in second
    assert second.partition("<!-- results -->")[0] == page.partition("<!-- results -->")[0]
    assert second.partition("<!-- end -->")[2] == page.partition("<!-- end -->")[2]
