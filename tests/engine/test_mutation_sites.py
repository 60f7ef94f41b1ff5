"""The tool that breaks lines: what it breaks, what it leaves alone, and its list of exceptions."""

from __future__ import annotations

import ast
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tools.mutation import command, cover, order, sites, trial, users  # noqa: E402

SOURCE = '''"""A docstring with 7 numbers < 8."""

from __future__ import annotations

import numpy as np

LIMIT = 2.5
KINDS = {"one": "alpha", "two": "beta"}


def first(a: int, b: int, axis: int = 1) -> int:
    """Return a < b; 1 + 1."""
    if a < b and not axis:
        raise DeepSoilError("code", "It is {x} + 1.", "Do 2.", x=a + 1)
    values = np.clip(a, 0, 9)[::-1]
    values[0] = min(a, b)
    return values[a:] + call(a, b) if a else -b
'''


def changed(source: str = SOURCE) -> set[tuple[str, str]]:
    return {(one.before.strip(), one.after.strip()) for one in sites.mutants("x.py", source)}


def test_it_breaks_operators_constants_bounds_axes_arguments_branches_and_members() -> None:
    found = changed()
    for before, after in (
            ("LIMIT = 2.5", "LIMIT = 2.75"), ("LIMIT = 2.5", "LIMIT = 25.0"), ("LIMIT = 2.5", "LIMIT = 0.25"),
            ('KINDS = {"one": "alpha", "two": "beta"}', 'KINDS = {"one": "beta", "two": "beta"}'),
            ("if a < b and not axis:", "if a <= b and not axis:"), ("if a < b and not axis:", "if a < b or not axis:"),
            ("if a < b and not axis:", "if a < b and axis:"), ("if a < b and not axis:", "if False:"),
            ("values = np.clip(a, 0, 9)[::-1]", "values = a[::-1]"),
            ("values = np.clip(a, 0, 9)[::-1]", "values = np.clip(a, 0, 9)[:]"),
            ("values[0] = min(a, b)", "values[0] = max(a, b)"), ("values[0] = min(a, b)", "values[1] = min(a, b)"),
            ("values[0] = min(a, b)", "pass"),
            ("return values[a:] + call(a, b) if a else -b", "return values[a:] - call(a, b) if a else -b"),
            ("return values[a:] + call(a, b) if a else -b", "return values[a:] + call(b, a) if a else -b"),
            ("return values[a:] + call(a, b) if a else -b", "return values[a:] + call(a, b) if a else b"),
            ("return values[a:] + call(a, b) if a else -b", "return values[a + 1:] + call(a, b) if a else -b"),
            ("def first(a: int, b: int, axis: int = 1) -> int:", "def first(a: int, b: int, axis: int = 0) -> int:")):
        assert (before, after) in found, after


def test_it_leaves_words_hints_and_imports_alone_and_each_mutant_is_a_program() -> None:
    for one in sites.mutants("x.py", SOURCE):
        assert not one.before.strip().startswith(('"""', "from", "import", "raise"))
        ast.parse(one.apply(SOURCE))
        assert one.apply(SOURCE) != SOURCE and len(one.apply(SOURCE).splitlines()) == len(SOURCE.splitlines())
        assert one.function in ("", "first")
    keys = [one.key for one in sites.mutants("x.py", SOURCE)]
    assert len(keys) == len(set(keys))


def test_what_may_come_in_any_order_and_what_stands_in_a_type_is_not_exchanged() -> None:
    same = "A = max(x, y) + np.maximum(x, y)\nB = dict[x, y]\n"
    other = "A = np.max(x, y) + power(x, y)\nB = table[x, y]\n"
    exchanges = [{one.after for one in sites.mutants("x.py", source) if one.kind.endswith("exchanged")}
                 for source in (same, other)]
    assert exchanges == [set(), {"A = np.max(y, x) + power(x, y)", "A = np.max(x, y) + power(y, x)", "B = table[y, x]"}]


def test_a_sample_depends_on_its_seed_alone_and_gives_every_file_one_before_any_has_two() -> None:
    sources = {f"remote/deepsoil/soil/{name}.py": SOURCE for name in "abcd"}
    first = command.sample(sources, 1, 4, set(), {})
    assert len({one.file for one in first}) == 4 and first == command.sample(sources, 1, 4, set(), {})
    assert first != command.sample(sources, 2, 4, set(), {})
    same = {(one.file, one.before.strip(), one.after.strip()) for one in first}
    others = command.sample(sources, 1, 9, same, {})
    assert not same & {(one.file, one.before.strip(), one.after.strip()) for one in others}
    assert [command.room(file) for file in ("remote/deepsoil/grid.py", "remote/deepsoil/soil/apsim/met.py",
                                            "deepsoil_plugin/map/area.py", "deepsoil_plugin/plugin.py")] == [
        ".", "soil", "plugin/map", "plugin"]


def test_every_exception_is_a_mutant_of_a_line_that_is_there_and_says_why() -> None:
    listed = tomllib.loads(command.EQUIVALENT.read_text(encoding="utf-8"))["mutant"]
    for one in listed:
        found = sites.mutants(one["file"], (ROOT / one["file"]).read_text(encoding="utf-8"))
        lines = {(mutant.before.strip(), mutant.after.strip()) for mutant in found}
        assert (one["line"], one["mutant"]) in lines, f"no longer a mutant of {one['file']}: {one['line']}"
        assert len(one["why"]) > 20
    assert len({(one["file"], one["line"], one["mutant"]) for one in listed}) == len(listed)


def test_a_constant_that_is_a_measure_is_changed_tenfold_but_not_a_little() -> None:
    source = "_POLL_EVERY_S = 2.5\nOTHER = 2.5\n\n\ndef f() -> float:\n    _POLL_EVERY_S = 2.5\n    return OTHER\n"
    chosen = command.sample({"x.py": source}, 1, 100, set(), {"x.py": {"_POLL_EVERY_S"}})
    changes = {(one.line, one.after.partition("=")[2].strip()) for one in chosen}
    assert {(line, value) for line, value in changes if line == 1} == {(1, "25.0"), (1, "0.25")}
    assert {(2, "2.75"), (2, "2.25"), (2, "25.0"), (6, "2.75")} <= changes


def test_every_measure_is_a_constant_that_is_there_and_says_why() -> None:
    for file, names in command.tuning().items():
        found = sites.mutants(file, (ROOT / file).read_text(encoding="utf-8"))
        assert names == {name for name in names if any(command.is_tuned(mutant, {name}) for mutant in found)}, file
    assert all(len(one["why"]) > 20 for one in tomllib.loads(command.EQUIVALENT.read_text(encoding="utf-8"))["tuning"])


def test_tests_come_quick_and_narrow_ones_first_each_once_and_those_of_a_file_together() -> None:
    tests = {f"tests/{part}/test_{file}.py::test_{number}": order.Test(seconds, breadth, number)
             for part in ("engine", "plugin") for file in "ab" for number, seconds, breadth in (
                 (0, 0.1, 2), (1, 0.1, 400), (2, 3.0, 2), (3, 30.0, 300))}
    groups = list(order.stages(tests))
    assert sorted(name for group in groups for name in group) == sorted(tests)
    for group in groups:
        assert len({name.split("/")[1] for name in group}) == 1, "one Python runs a group"
        files = [order.file_of(name) for name in group]
        assert files == sorted(files, key=files.index), "a file's tests stand together"
    first = {name for group in groups[:2] for name in group}
    assert {name[-1] for name in first} == {"0"} and {name[-1] for name in groups[-1]} == {"3"}


def test_the_share_is_of_what_was_decided_and_what_was_not_is_listed() -> None:
    mutants = sites.mutants("remote/deepsoil/soil/x.py", SOURCE)[:4]
    outcomes: tuple[trial.Outcome, ...] = ("killed", "timed out", "survived", "not decided")
    said = command.report([(mutant, trial.Result(outcome, 1.0)) for mutant, outcome in zip(mutants, outcomes,
                                                                                           strict=True)])
    assert said.splitlines()[-1].split() == ["all", "4", "1", "1", "1", "0", "1", "67%"]
    assert all(one.diff() in said for one in mutants[2:]) and mutants[0].diff() not in said


USED = """_LIMIT = 3
OTHER = _LIMIT * 2
FREE = 1


class A:
    size: int = 4

    def first(self, most: int = 5) -> int:
        return self.size


def second() -> int:
    def inner() -> int:
        return OTHER
    return inner()


def third() -> int:
    return FREE
"""


def test_a_line_outside_of_functions_is_tried_by_the_tests_of_those_who_use_it() -> None:
    sources = {"a.py": USED, "b.py": "from a import FREE, OTHER, A\n\n\ndef fourth() -> int:\n    return OTHER\n"}
    inner = {"second", "second.<locals>.inner"}
    for line, wanted in ((1, {"a.py": inner, "b.py": {"fourth"}}), (2, {"a.py": inner, "b.py": {"fourth"}}),
                         (3, {"a.py": {"third"}}), (7, {"a.py": {"A.first"}}), (9, {"a.py": {"A.first"}})):
        assert users.used_by("a.py", line, sources, {"b.py"}) == wanted, line


def test_tests_in_folders_count_and_what_their_tools_import_is_what_they_import() -> None:
    found = cover.test_files()
    assert {"tests/engine/archives/test_polaris_archive.py", "tests/engine/test_mutation_sites.py",
            "tests/plugin/test_dock.py"} <= set(found)
    used = {path.name for path in cover._used("tests/engine/archives/test_gather.py")}
    assert {"test_gather.py", "gather_tools.py", "job_tools.py"} <= used
