"""Runs the tests on every other platform that can be had here, and writes the outcome into docs/platforms.md.

A run may be stopped and started again: a file of tests that passed is not run again on the same commit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ..console import ROOT, Stop, say, step
from ..pytest_runs import Counts
from . import checkout, debian, qt6, results
from .debian import Debian
from .results import Result

SYSTEMS = (
    Debian("trixie", "Debian 13 (trixie) with backports", ("plugin", "system", "cluster"), backports=True),
    Debian("forky", "Debian 14 (forky)", ("cluster",)),
)
PAGE = ROOT / "docs" / "platforms.md"
_TABLE = re.compile(r"(<!-- results -->\n).*?(<!-- end -->)", re.DOTALL)
_HEAD = "| system | versions | part | passed | failed | skipped | on |\n|---|---|---|---|---|---|---|\n"
_CELLS = 7


@dataclass(frozen=True)
class Row:
    """Of the page's table. ``files``: how many of the part's files of tests have been run, and how many there are."""

    versions: str
    counts: Counts
    day: str
    files: tuple[int, int] = (1, 1)


@dataclass(frozen=True)
class Choice:
    """What is to run: the systems by name, and of each these parts, or these files of tests (none: all)."""

    systems: tuple[str, ...]
    parts: tuple[str, ...]
    files: tuple[str, ...]

    @classmethod
    def of(cls, words: Sequence[str]) -> Choice:
        """From words in any order. Stop where one is neither a system nor a part nor a file of tests."""
        systems = ("qt6", *(one.suite for one in SYSTEMS))
        parts = {part for one in SYSTEMS for part in one.parts}
        for word in words:
            if word not in systems and word not in parts and not (_part_of(word) in parts and (ROOT / word).is_file()):
                raise Stop(f"There is no platform, part or file of tests {word!r}. Name a platform "
                           f"({', '.join(systems)}), a part ({', '.join(sorted(parts))}) or a file of a part, as in: "
                           "build.py test platforms trixie cluster")
        named = tuple(word for word in words if word in systems)
        chosen = tuple(word for word in words if word in parts)
        files = tuple(word for word in words if word not in systems and word not in parts)
        # A part or a file is one of Debian's: Qt 6 has none.
        return cls(named or (systems[1:] if chosen or files else systems), chosen, files)

    def files_of(self, part: str) -> list[str]:
        if part in self.parts or not (self.parts or self.files):
            return files_of(part)
        return [file for file in files_of(part) if file in self.files]


def run(words: Sequence[str] = ()) -> Counts:
    """What these words name (none: all). The counts are of all that is chosen, earlier results included.

    What is known is written into the page, also where a run is stopped.
    """
    choice, total = Choice.of(words), Counts()
    if "qt6" in choice.systems:
        step("Widgets under Qt 6")
        counts, version = qt6.run()
        _write({("PyQt6", "widgets"): Row(version, counts, _today())})
        total += counts
    chosen = [one for one in SYSTEMS if one.suite in choice.systems]
    if chosen:
        debian.ready()
    for one in chosen:
        try:
            total += _run(one, choice)
        finally:
            _write(_rows(one))
    return total


def _run(one: Debian, choice: Choice) -> Counts:
    state = checkout.state()
    debian.make(one)
    versions = debian.versions(one)
    step(f"{one.title}: {versions}")
    total = Counts()
    for part in one.parts:
        files = choice.files_of(part)
        left = results.to_run(files, results.known(one.suite, files), state)
        if len(left) < len(files):
            say(f"   {part}: {len(files) - len(left)} of {len(files)} files passed before on this commit")
        for file in left:
            lines, code = debian.run(one, file, state)
            counts = counted(lines, code)
            say(f"   {file}: {counts.passed} passed, {counts.failed} failed, {counts.skipped} skipped")
            failures = failures_in(lines)
            for failure in failures:
                say(f"      {failure}")
            results.keep(one.suite, Result(file, state, _today(), versions, counts.passed, counts.failed,
                                           counts.skipped, failures))
        total += sum((result.counts for result in results.known(one.suite, files)), Counts())
    return total


def _rows(one: Debian) -> dict[tuple[str, str], Row]:
    """The rows of a system, from all results that are kept."""
    rows = {}
    for part in one.parts:
        files = files_of(part)
        if known := results.known(one.suite, files):
            latest = max(known, key=lambda result: result.day)
            rows[one.title, part] = Row(latest.versions, sum((result.counts for result in known), Counts()),
                                        latest.day, (len(known), len(files)))
    return rows


def files_of(part: str) -> list[str]:
    """The part's files of tests, from the checkout's folder."""
    return [path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "tests" / part).glob("test_*.py"))]


def counted(lines: Sequence[str], code: int) -> Counts:
    """The counts of ``build.py test``'s closing line; a run without one is one failure. Pure."""
    found = [match for match in (re.fullmatch(r"(\d+) passed, (\d+) failed, (\d+) skipped", line.strip())
                                 for line in lines) if match]
    if not found:
        return Counts(failed=1)
    counts = Counts(*(int(number) for number in found[-1].groups()))
    return counts if not code or counts.failed else Counts(counts.passed, 1, counts.skipped)


def failures_in(lines: Sequence[str]) -> tuple[str, ...]:
    """The tests that pytest's summary names as failed. Pure."""
    return tuple(line.split(" - ")[0] for line in lines if re.match(r"(FAILED|ERROR) tests/", line))


def with_results(page: str, rows: Mapping[tuple[str, str], Row]) -> str:
    """The page with these results in its table, beside the earlier ones of other systems and parts. Pure."""
    known = {}
    table = _TABLE.search(page)
    assert table is not None, "docs/platforms.md has lost the marks of its table"
    for line in table[0].splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == _CELLS and cells[3].isdigit():
            known[cells[0], cells[2].partition(",")[0]] = line
    for (system, part), row in rows.items():
        run_files, all_files = row.files
        share = "" if run_files == all_files else f", {run_files} of {all_files} files"
        known[system, part] = (f"| {system} | {row.versions} | {part}{share} | {row.counts.passed} | "
                               f"{row.counts.failed} | {row.counts.skipped} | {row.day} |")
    return _TABLE.sub(lambda found: found[1] + _HEAD + "".join(f"{line}\n" for line in known.values()) + found[2], page)


def _write(rows: Mapping[tuple[str, str], Row]) -> None:
    PAGE.write_text(with_results(PAGE.read_text(encoding="utf-8"), rows), encoding="utf-8")


def _part_of(file: str) -> str:
    return Path(file).parent.name if Path(file).parent.parent == Path("tests") else ""


def _today() -> str:
    return datetime.now(UTC).date().isoformat()
