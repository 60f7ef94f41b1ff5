"""In which order a mutant meets the tests, and how many at once. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_STAGES_S = (2.0, 6.0, 20.0)
_FILE_S = 0.3


@dataclass(frozen=True)
class Test:
    """``seconds`` as recorded; ``breadth``: how many functions of the program it enters; ``place``: in its file."""

    seconds: float
    breadth: int = 1
    place: int = 0


def stages(tests: Mapping[str, Test]) -> Iterator[list[str]]:
    """Groups of tests of one part each: first the quick ones that are about little, then more and slower ones.

    A test that enters few functions is about them, and notices what one that passes by does not. A group keeps the
    tests of a file together and in their order: what they share is made once.
    """
    ranked = sorted(tests, key=lambda name: ((_FILE_S + tests[name].seconds) * tests[name].breadth ** 0.5, name))
    limits = iter(_STAGES_S)
    limit = next(limits)
    group: list[str] = []
    files: set[str] = set()
    total = 0.0
    for name in ranked:
        cost = tests[name].seconds + (0.0 if file_of(name) in files else _FILE_S)
        if group and total + cost > limit:
            yield from _parts(group, tests)
            group, total, files = [], 0.0, set()
            limit = next(limits, limit)
        group.append(name)
        files.add(file_of(name))
        total += cost
    yield from _parts(group, tests)


def _parts(group: list[str], tests: Mapping[str, Test]) -> Iterator[list[str]]:
    for part in ("engine", "plugin"):
        files = dict.fromkeys(file_of(name) for name in group if name.startswith(f"tests/{part}/"))
        if files:
            order = list(files)
            yield sorted((name for name in group if file_of(name) in files),
                         key=lambda name: (order.index(file_of(name)), tests[name].place, name))


def file_of(test: str) -> str:
    return test.partition("::")[0]
