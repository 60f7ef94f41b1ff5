"""The plugin's modules: imports run one way, and the modules that are loaded step by step exist."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from importlib import import_module
from pathlib import Path

import pytest

import deepsoil_plugin
from deepsoil_plugin import plugin

ROOT = Path(deepsoil_plugin.__file__).parent
LARGEST_BYTES = 15_000


def _modules() -> dict[str, Path]:
    files = [path for path in ROOT.rglob("*.py") if "extlibs" not in path.parts]
    parts = {path: path.relative_to(ROOT.parent).with_suffix("").parts for path in files}
    return {".".join(names[:-1] if names[-1] == "__init__" else names): path for path, names in parts.items()}


def _imports(name: str, path: Path, known: dict[str, Path]) -> set[str]:
    """Every module of the plugin that a module imports, also inside functions and for type checking."""
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = package[:len(package) - node.level + 1]
            module = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                full = f"{module}.{alias.name}"
                found.add(full if full in known else module)
    return (found & set(known)) - {name}


def _room(module: str) -> str:
    return ".".join(module.split(".")[:2])


@pytest.mark.parametrize("rooms", [False, True], ids=["files", "rooms"])
def test_no_circle_of_imports(rooms: bool) -> None:
    known = _modules()
    graph = {name: _imports(name, path, known) for name, path in known.items()}
    if rooms:
        merged: dict[str, set[str]] = {}
        for name, used in graph.items():
            merged.setdefault(_room(name), set()).update(_room(one) for one in used)
        graph = {name: used - {name} for name, used in merged.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"a circle of imports: {' -> '.join(error.args[1])}")


def test_no_file_is_too_long_to_be_read_in_one_go() -> None:
    assert {path.name: path.stat().st_size for path in _modules().values()
            if path.stat().st_size > LARGEST_BYTES} == {}


def test_the_modules_that_are_imported_step_by_step_exist() -> None:
    for name in plugin._MODULES:
        import_module(name, "deepsoil_plugin")
