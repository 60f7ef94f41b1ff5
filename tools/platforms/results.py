"""What each file of tests said on each platform: kept beside the platforms, so that a run goes on where it stopped."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from ..console import BUILD
from ..pytest_runs import Counts

_FOLDER = BUILD / "platforms" / "results"


@dataclass(frozen=True)
class Result:
    """Of one file of tests: the ``state`` of the checkout (see `checkout.state`), when, and what pytest counted.

    ``failures``: the names of the tests that failed.
    """

    file: str
    state: str
    day: str
    versions: str
    passed: int
    failed: int
    skipped: int
    failures: tuple[str, ...] = ()

    @property
    def counts(self) -> Counts:
        return Counts(self.passed, self.failed, self.skipped)


def keep(suite: str, result: Result) -> None:
    """Remember a result in place of the file's earlier one."""
    path = _path(suite, result.file)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(asdict(result), indent=1), encoding="utf-8")
    draft.replace(path)


def known(suite: str, files: Iterable[str]) -> list[Result]:
    """The latest results of these files, of whatever state; files that never ran are left out."""
    found = []
    for path in (_path(suite, file) for file in files):
        if path.is_file():
            read = json.loads(path.read_text(encoding="utf-8"))
            found.append(Result(**{**read, "failures": tuple(read["failures"])}))
    return found


def to_run(files: Sequence[str], results: Iterable[Result], state: str) -> list[str]:
    """The files that have not passed in this state of the checkout. Pure."""
    passed = {one.file for one in results if one.state == state and not one.failed}
    return [file for file in files if file not in passed]


def _path(suite: str, file: str) -> Path:
    return (_FOLDER / suite / file).with_suffix(".json")
