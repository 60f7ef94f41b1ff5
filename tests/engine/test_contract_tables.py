"""The tables of the contract against the engine: every code that is raised, every method that is answered."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import deepsoil
from deepsoil.contract.error_codes import CLIENT_CODES, ERROR_CODES
from deepsoil.contract.events import EVENTS
from deepsoil.contract.methods import METHODS
from deepsoil.hosts.install import progress
from deepsoil.service.methods import Methods

ENGINE = Path(deepsoil.__file__).parent
PLUGIN = ENGINE.parents[1] / "deepsoil_plugin"
# Where a code is passed on instead of written down: each takes it from an error or from a table of its own.
PASSED_ON = {"contract/errors.py", "jobs/tasks/run.py", "schedulers/array/advance.py", "labels/column_weather.py",
             "schedulers/array/task_status.py", "hosts/remote_host.py", "hosts/install/progress.py",
             "service/host_jobs.py"}


def trees() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(ENGINE.rglob("*.py")):
        yield path.relative_to(ENGINE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", None)
            if called in names:
                yield node


def raised() -> tuple[dict[str, str], set[str]]:
    """The codes that are written down where an error is made, and where; and the modules that pass codes on."""
    codes: dict[str, str] = {}
    passing = set()
    for name, tree in trees():
        for call in calls(tree, "DeepSoilError", "_reason"):
            first = call.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                codes.setdefault(first.value, f"{name}:{call.lineno}")
            else:
                passing.add(name)
    return codes, passing


def test_every_code_that_is_raised_is_in_the_catalogue() -> None:
    codes, passing = raised()
    assert {code: where for code, where in codes.items() if code not in ERROR_CODES} == {}
    assert passing <= PASSED_ON, "a code must be written where the error is made, so that it can be found"
    of_installation = {case[1] for case in progress._CASES} | {step[0] for step in progress._OF_STEP.values()}
    assert of_installation <= ERROR_CODES.keys()


def test_every_code_of_the_catalogue_is_raised() -> None:
    constants = {node.value for name, tree in trees() if not name.startswith("contract/error_codes")
                 for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    assert ERROR_CODES.keys() - constants == set()


def test_the_meanings_are_sentences_of_one_line() -> None:
    for code, meaning in {**ERROR_CODES, **CLIENT_CODES}.items():
        assert code.isidentifier() and code == code.lower()
        assert meaning[0].isupper() and meaning.endswith(".") and "\n" not in meaning and len(meaning) < 100, code


def test_the_codes_of_the_client_are_those_that_it_gives() -> None:
    given = {call.args[0].value for path in PLUGIN.rglob("*.py")
             for call in calls(ast.parse(path.read_text(encoding="utf-8")), "error_of")
             if isinstance(call.args[0], ast.Constant)}
    assert given == CLIENT_CODES.keys()


def test_every_method_is_answered_and_says_how(tmp_path: Path) -> None:
    methods = Methods(tmp_path, watch=dict, shutdown=dict, emit=lambda *_, **__: None)
    assert methods._answers.keys() == METHODS.keys()
    for name, method in METHODS.items():
        assert name == method.name and method.result and method.about.endswith(".") and method.timeout_s > 0
        names = [parameter.name for parameter in method.parameters]
        assert len(set(names)) == len(names)
        assert ("host" in names) == (method.scope == "host" or name in (
            "set_host", "remove_host", "connect", "test_host", "install_host", "cancel_install", "fetch_model",
            "cancel_fetch_model"))
        assert method.scope != "job" or "id" in names


def test_every_event_is_sent() -> None:
    sent = {call.args[0].value for _, tree in trees() for call in calls(tree, "_emit", "event_line")
            if isinstance(call.args[0], ast.Constant)}
    assert sent == EVENTS.keys()
