"""Runs the tests on every other platform that can be had here, and writes the outcome into docs/platforms.md."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from ..console import ROOT, say, step
from ..pytest_runs import Counts
from . import debian, qt6
from .debian import Debian

SYSTEMS = (
    Debian("trixie", "Debian 13 (trixie) with backports", ("plugin", "system", "cluster"), backports=True),
    Debian("forky", "Debian 14 (forky)", ("cluster",)),
)
PAGE = ROOT / "docs" / "platforms.md"
_TABLE = re.compile(r"(<!-- results -->\n).*?(<!-- end -->)", re.DOTALL)
_HEAD = "| system | versions | part | passed | failed | skipped | on |\n|---|---|---|---|---|---|---|\n"


def run(names: Sequence[str] = ()) -> Counts:
    """The systems of these names (none: all). What failed to be made counts as one failure."""
    total, rows = Counts(), {}
    today = datetime.now(UTC).date().isoformat()
    if not names or "qt6" in names:
        step("Widgets under Qt 6")
        counts, version = qt6.run()
        rows["PyQt6", "widgets"] = (version, counts, today)
        total += counts
    chosen = [one for one in SYSTEMS if not names or one.suite in names]
    if chosen:
        debian.ready()
    for one in chosen:
        debian.make(one)
        versions = debian.versions(one)
        say(f"   {one.title}: {versions}")
        for part in one.parts:
            counts = counted(*debian.run(one, part))
            rows[one.title, part] = (versions, counts, today)
            total += counts
    PAGE.write_text(with_results(PAGE.read_text(encoding="utf-8"), rows), encoding="utf-8")
    return total


def counted(line: str, code: int) -> Counts:
    """The counts of ``build.py test``'s closing line; a run without one is one failure. Pure."""
    found = re.search(r"(\d+) passed, (\d+) failed, (\d+) skipped", line)
    if found is None:
        return Counts(failed=1)
    counts = Counts(*(int(number) for number in found.groups()))
    return counts if not code or counts.failed else Counts(counts.passed, 1, counts.skipped)


def with_results(page: str, rows: dict[tuple[str, str], tuple[str, Counts, str]]) -> str:
    """The page with these results in its table, beside the earlier ones of other systems and parts. Pure."""
    known = {}
    table = _TABLE.search(page)
    assert table is not None, "docs/platforms.md has lost the marks of its table"
    for line in table[0].splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 7 and cells[3].isdigit():
            known[cells[0], cells[2]] = line
    for (system, part), (versions, counts, day) in rows.items():
        known[system, part] = (f"| {system} | {versions} | {part} | {counts.passed} | {counts.failed} | "
                               f"{counts.skipped} | {day} |")
    return _TABLE.sub(lambda found: found[1] + _HEAD + "".join(f"{line}\n" for line in known.values()) + found[2], page)
