"""``build.py test mutation``: how many realistic one-line mistakes do the tests notice?"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import threading
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .. import environments
from ..console import BUILD, ROOT, Stop, say, step
from . import sites
from .cover import Cover
from .order import file_of
from .sites import Mutant
from .trial import Result, Tree

RESULTS = BUILD / "mutation" / "results.jsonl"
EQUIVALENT = Path(__file__).with_name("equivalent.toml")
# Generated, not part of what users get, or run once to make what is checked in.
_LEFT_OUT = ("deepsoil_plugin/contract.py", "deepsoil_plugin/contract_schema.py", "deepsoil_plugin/contract_types.py",
             "remote/deepsoil/bench/", "remote/deepsoil/sample/", "remote/deepsoil/soil/rosetta_table.py")
_MOST_PROCESSES = 2


def main(arguments: argparse.Namespace) -> int:
    """Prints the kill rate by room and the survivors; 0 whatever the rate is."""
    sources = _sources()
    rooms = sorted({room(file) for file in sources})
    if unknown := set(arguments.rooms or ()) - set(rooms):
        raise Stop(f"There is no room {', '.join(sorted(unknown))}. There are: {', '.join(rooms)}.")
    chosen = sample({file: text for file, text in sources.items() if room(file) in (arguments.rooms or rooms)},
                    arguments.seed, arguments.count, equivalent(), tuning())
    engine = environments.engine(testing=True)
    trees = [Tree(engine) for _ in range(min(_MOST_PROCESSES, max(1, arguments.processes)))]
    cover = Cover()
    try:
        for number, test in enumerate(missing := [] if arguments.imports else cover.missing()):
            step(f"Recording which functions {test} enters ({number + 1} of {len(missing)})")
            cover.record(test, trees[0].record)
        results = _run(chosen, sources, cover, trees, arguments.seconds)
    finally:
        for tree in trees:
            tree.close()
    say(report(results))
    return 0


def _sources() -> dict[str, str]:
    files = [*(ROOT / "remote" / "deepsoil").rglob("*.py"), *(ROOT / "deepsoil_plugin").rglob("*.py")]
    named = {file.relative_to(ROOT).as_posix(): file for file in files}
    return {name: file.read_text(encoding="utf-8") for name, file in sorted(named.items())
            if not name.startswith(_LEFT_OUT)}


def room(file: str) -> str:
    """``soil`` of the engine, ``plugin/map`` of the plugin; files above the rooms are in ``.`` and ``plugin``."""
    parts = file.removeprefix("remote/deepsoil/").removeprefix("deepsoil_plugin/").split("/")
    inside = parts[0] if len(parts) > 1 else ""
    if file.startswith("deepsoil_plugin/"):
        return f"plugin/{inside}".rstrip("/")
    return inside or "."


def equivalent() -> set[tuple[str, str, str]]:
    """(file, line, line of the mutant) that no test can tell apart, from ``equivalent.toml``."""
    listed = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8"))["mutant"]
    return {(one["file"], one["line"], one["mutant"]) for one in listed}


def tuning() -> dict[str, set[str]]:
    """file → names of its constants for which a value 10 % away or one more does as well, from ``equivalent.toml``."""
    listed = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8"))["tuning"]
    found: dict[str, set[str]] = defaultdict(set)
    for one in listed:
        for file, names in one["constants"].items():
            found[file].update(names)
    return found


def is_tuned(mutant: Mutant, names: set[str]) -> bool:
    """Whether it only changes the value of one of these constants a little. Ten times as much is a mistake. Pure."""
    name = mutant.before.partition("=")[0].partition(":")[0].strip()
    return not mutant.function and mutant.kind in ("constant", "off by one") and name in names


def sample(sources: Mapping[str, str], seed: int, count: int, same: set[tuple[str, str, str]],
           tuned: Mapping[str, set[str]]) -> list[Mutant]:
    """``count`` mutants: every file has one before any has a second; of a file, all kinds are equally likely."""
    dice = random.Random(seed)
    found = {file: mutants for file, text in sources.items()
             if (mutants := [one for one in sites.mutants(file, text) if not is_tuned(one, tuned.get(file, set()))])}
    chosen: dict[str, Mutant] = {}
    files: list[str] = []
    for _ in range(20 * count):
        if len(chosen) == count or not found:
            break
        if not files:
            files = dice.sample(sorted(found), len(found))
        file = files.pop()
        kind = dice.choice(sorted({mutant.kind for mutant in found[file]}))
        mutant = dice.choice([one for one in found[file] if one.kind == kind])
        if (file, mutant.before.strip(), mutant.after.strip()) not in same and sites.compiles(mutant, sources[file]):
            chosen.setdefault(mutant.key, mutant)
    return list(chosen.values())


def _run(mutants: Sequence[Mutant], sources: Mapping[str, str], cover: Cover, trees: Sequence[Tree],
         most_s: float) -> list[tuple[Mutant, Result]]:
    """Try all mutants; what an earlier run found for the same line, file and tests is taken from it."""
    earlier = _earlier()
    lock = threading.Lock()
    free = list(trees)
    done = 0

    def one(mutant: Mutant) -> tuple[Mutant, Result]:
        nonlocal done
        tests = cover.tests_of(mutant, sources)
        key = _stamp(mutant, sources[mutant.file], tests)
        result = earlier.get(key)
        if result is None:
            with lock:
                tree = free.pop()
            try:
                result = tree.try_out(mutant, tests, most_s)
            finally:
                with lock:
                    free.append(tree)
            if result.outcome != "not decided":
                with lock, RESULTS.open("a", encoding="utf-8") as file:
                    file.write(json.dumps({"key": key, **vars(result), "diff": mutant.diff()}) + "\n")
        with lock:
            done += 1
            say(f"   {done} of {len(mutants)}: {result.outcome}, {result.seconds:.0f} s, {len(tests)} tests, "
                f"{mutant.file}:{mutant.line} ({mutant.kind})")
        return mutant, result

    started = time.monotonic()
    step(f"{len(mutants)} mutants")
    with ThreadPoolExecutor(len(trees)) as pool:
        results = list(pool.map(one, mutants))
    say(f"   {time.monotonic() - started:.0f} s")
    return results


def _earlier() -> dict[str, Result]:
    if not RESULTS.is_file():
        return {}
    lines = [json.loads(line) for line in RESULTS.read_text(encoding="utf-8").splitlines()]
    return {one["key"]: Result(one["outcome"], one["seconds"], one["by"]) for one in lines}


def _stamp(mutant: Mutant, source: str, tests: Iterable[str]) -> str:
    files = sorted({file_of(name) for name in tests})
    content = [mutant.apply(source), *((ROOT / file).read_text(encoding="utf-8") for file in files)]
    return hashlib.sha256("\0".join(content).encode()).hexdigest()[:16]


def report(results: Sequence[tuple[Mutant, Result]]) -> str:
    """The survivors as diffs, then a table by room; the share noticed is of those that were decided."""
    survivors = [f"{mutant.diff()}\n  {result.outcome}" for mutant, result in results
                 if result.outcome not in ("killed", "timed out")]
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for mutant, result in results:
        for name in (room(mutant.file), "all"):
            counts[name][result.outcome] += 1
    outcomes = ("killed", "timed out", "survived", "not covered", "not decided")
    head = ("mutants", *outcomes, "noticed")
    lines = [f"{'room':24}" + "".join(f"{word:>{len(word) + 2}}" for word in head)]
    for name in [*sorted(set(counts) - {"all"}), "all"]:
        of = counts[name]
        decided = sum(of.values()) - of["not decided"]
        share = f"{(of['killed'] + of['timed out']) / decided:.0%}" if decided else ""
        cells = (sum(of.values()), *(of[outcome] for outcome in outcomes), share)
        lines.append(f"{name:24}" + "".join(f"{cell:>{len(word) + 2}}" for cell, word in zip(cells, head, strict=True)))
    return "\n".join([*survivors, "", *lines])
