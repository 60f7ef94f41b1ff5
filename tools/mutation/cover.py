"""Which tests enter which function: recorded once a test file, kept in ``build/mutation/cover``.

A file of tests is recorded again when it or one of the tools that it imports changes. What is not recorded yet is taken
from the imports: the files of tests that import a module. Tests that compare sources with what is generated from them,
or count imports, would notice any change and prove nothing; they are left out.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from ..console import BUILD, ROOT
from .order import Test
from .sites import Mutant
from .users import is_kernel, used_by

FOLDER = BUILD / "mutation" / "cover"
PARTS = ("engine", "plugin")
_NO_PROOF = frozenset({"test_contract_generated.py", "test_house.py", "test_docs.py", "test_door.py",
                       "test_structure.py", "test_translations.py", "test_bench.py"})
_SLOWEST_TEST_S = 60.0
_UNKNOWN_S = 8.0
_BY_NAME = re.compile(r"deepsoil(_plugin)?(\.\w+)+")


@dataclass
class Recorded:
    """One file of tests: seconds of each test that passed, and file → functions → its tests."""

    seconds: dict[str, float] = field(default_factory=dict)
    entered: dict[str, dict[str, set[str]]] = field(default_factory=dict)

    @cached_property
    def tests(self) -> dict[str, Test]:
        breadth = Counter(test for functions in self.entered.values() for tests in functions.values() for test in tests)
        return {name: Test(seconds, max(1, breadth[name]), place)
                for place, (name, seconds) in enumerate(self.seconds.items())}


def test_files() -> list[str]:
    return [file.relative_to(ROOT).as_posix() for part in PARTS
            for file in sorted((ROOT / "tests" / part).rglob("test_*.py")) if file.name not in _NO_PROOF]


def stamp(test: str) -> str:
    """Changes with the file and with the tools of the tests that it imports, itself or through others."""
    conftests = {file for folder in _folders(test) if (file := folder / "conftest.py").is_file()}
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in sorted(_used(test, conftests)))).hexdigest()


def _folders(test: str) -> set[Path]:
    return {(ROOT / test).parent, ROOT.joinpath(*test.split("/")[:2])}


def _used(test: str, more: set[Path] | None = None) -> set[Path]:
    """A file of tests (and ``more``), and the tools of the tests that it imports, itself or through others."""
    folders = _folders(test)
    used = {ROOT / test} | (more or set())
    open_ = list(used)
    while open_:
        names = {module.partition(".")[0] for module in _imports(open_.pop())}
        found = {file for name in names for folder in folders if (file := folder / f"{name}.py").is_file()} - used
        used |= found
        open_ += found
    return used


class Cover:
    """``record(test file, path)`` runs a file of tests with the recorder, which writes to path."""

    def __init__(self) -> None:
        self._files: dict[str, Recorded] = {}
        self._imports = {test: frozenset().union(*map(_imports, _used(test))) for test in test_files()}
        for test in test_files():
            if (kept := _kept(test)) is not None:
                self._files[test] = kept

    def missing(self) -> list[str]:
        return [test for test in test_files() if test not in self._files]

    def record(self, test: str, run: Callable[[str, Path], None]) -> None:
        FOLDER.mkdir(parents=True, exist_ok=True)
        raw = FOLDER / f"raw-{os.getpid()}.txt"
        raw.unlink(missing_ok=True)
        run(test, raw)
        found = _read(test, raw.read_text(encoding="utf-8", errors="replace") if raw.exists() else "")
        raw.unlink(missing_ok=True)
        document = {"stamp": stamp(test), "seconds": found.seconds,
                    "entered": {file: {name: sorted(tests) for name, tests in functions.items()}
                                for file, functions in found.entered.items()}}
        if found.seconds:  # else it broke down: the next run records it again
            _path(test).write_text(json.dumps(document), encoding="utf-8")
        self._files[test] = found

    def tests_of(self, mutant: Mutant, sources: Mapping[str, str]) -> dict[str, Test]:
        """Tests that notice the mutant if any does."""
        importing = {file for file in sources if _module_of({mutant.file}) & _imported(file, sources)}
        functions = {mutant.file: {mutant.function}} if mutant.function else used_by(
            mutant.file, mutant.line, sources, importing)
        chosen = self._importing({mutant.file})
        for file, names in functions.items():
            for name in names:
                chosen |= self._entering(file, name)
        seen_entered = bool(mutant.function) and not is_kernel(sources[mutant.file])
        # What is read where a module is loaded, and a compiled kernel, is used by those who import it; so is what only
        # tests that are not recorded enter.
        level, seen = {mutant.file}, {mutant.file}
        while level and not chosen:
            level = {file for file in sources if _module_of(level) & _imported(file, sources)} - seen
            seen |= level
            for file in () if seen_entered else level | {mutant.file}:
                chosen |= self._entering(file, "")
            chosen |= self._importing(level)
        return chosen

    def _importing(self, files: set[str]) -> dict[str, Test]:
        """The files of tests that are not recorded and import one of these files; what imports little is quick."""
        return {test: Test(_UNKNOWN_S + len(modules) / 10, 10 * len(modules)) for test, modules in self._imports.items()
                if test not in self._files and _module_of(files) & modules}

    def _entering(self, file: str, function: str) -> dict[str, Test]:
        """The tests that enter a function of a file, or any (an empty name)."""
        found = {}
        for recorded in self._files.values():
            functions = recorded.entered.get(file, {})
            names = set().union(*functions.values()) if not function else functions.get(function, set())
            found.update({name: recorded.tests[name] for name in names if name in recorded.tests})
        return found


def _path(test: str) -> Path:
    return FOLDER / f"{test.replace('/', '-')}.json"


def _kept(test: str) -> Recorded | None:
    try:
        document = json.loads(_path(test).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    if document["stamp"] != stamp(test):
        return None
    entered = {file: {name: set(tests) for name, tests in functions.items()}
               for file, functions in document["entered"].items()}
    return Recorded(document["seconds"], entered)


def _read(test: str, text: str) -> Recorded:
    found = Recorded()
    passed: dict[str, float] = {}
    unusable: set[str] = set()
    for line in text.splitlines():
        name, *rest = line.split("\t")
        if len(rest) != 2:
            continue
        if ":" in rest[0]:
            _, _, outcome = rest[0].partition(":")
            passed[name] = passed.get(name, 0.0) + float(rest[1])
            if outcome != "passed":
                unusable.add(name)
            continue
        for part in ("/remote/deepsoil/", "/deepsoil_plugin/"):
            if part in rest[0]:
                file = part.strip("/") + "/" + rest[0].rpartition(part)[2]
                found.entered.setdefault(file, {}).setdefault(rest[1], set()).add(name)
    found.seconds = {name: seconds for name, seconds in passed.items()
                     if name not in unusable and seconds < _SLOWEST_TEST_S}
    # What fixtures of the whole file enter is seen in its first test only; all of them stand on it.
    if found.seconds:
        first = next(iter(passed))
        for functions in found.entered.values():
            for tests in functions.values():
                if first in tests or "" in tests:
                    tests.update(found.seconds)
    return found


def _imports(path: Path) -> frozenset[str]:
    """The modules that a file imports, by their dotted names; ``from a import b`` counts as a and as a.b."""
    return _modules(path.read_text(encoding="utf-8"))


def _modules(source: str, package: str = "") -> frozenset[str]:
    """``package``: the one that relative imports are relative to."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found.update(one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[:len(package.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            found.add(module)
            found.update(f"{module}.{one.name}" for one in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _BY_NAME.fullmatch(node.value):
            found.add(node.value)  # loaded by its name, as commands are
        elif package and isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            found.add(f"{package}.{node.value}")  # started by its name, as a module beside this one
    return frozenset(found)


_of_source: dict[str, frozenset[str]] = {}


def _imported(file: str, sources: Mapping[str, str]) -> frozenset[str]:
    if file not in _of_source:
        folder = file.removeprefix("remote/").rpartition("/")[0]
        _of_source[file] = _modules(sources[file], folder.replace("/", "."))
    return _of_source[file]


def _module_of(files: set[str]) -> set[str]:
    return {file.removeprefix("remote/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            for file in files}
