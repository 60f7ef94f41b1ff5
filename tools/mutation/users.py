"""Which functions stand on a line that is in none of them: a constant, a field of a class, a default. Pure."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

Function = ast.FunctionDef | ast.AsyncFunctionDef


def names_of(source: str, line: int) -> tuple[set[str], str]:
    """(the names that a line at the level of the module or of a class is about, the function whose head it is in).

    A name that is made of another one at the level of the module is about it as well.
    """
    tree = ast.parse(source)
    for name, function in functions(tree):
        if function.lineno <= line < function.body[0].lineno:
            return {function.name}, name
    names: set[str] = set()
    for node in tree.body:
        if node.lineno <= line <= (node.end_lineno or 0):
            names = _targets(node) | {one for inner in ast.walk(node) if isinstance(inner, ast.ClassDef)
                                      for one in (inner.name, *_fields_at(inner, line))}
    while more := {name for node in tree.body if not isinstance(node, ast.ClassDef | Function) and names & _read(node)
                   for name in _targets(node)} - names:
        names |= more
    return names, ""


def readers(source: str, names: set[str]) -> set[str]:
    """The functions, as Python names them, that mention one of the names."""
    return {name for name, function in functions(ast.parse(source)) if names & _read(function)}


def is_kernel(source: str) -> bool:
    """Whether functions of a file may be compiled, so that nobody sees them entered."""
    return "numba" in source or "deepsoil.soil.compiled" in source


def functions(node: ast.AST, prefix: str = "") -> Iterator[tuple[str, Function]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function):
            yield prefix + child.name, child
            yield from functions(child, f"{prefix}{child.name}.<locals>.")
        elif isinstance(child, ast.ClassDef):
            yield from functions(child, f"{prefix}{child.name}.")
        else:
            yield from functions(child, prefix)


def _targets(node: ast.AST) -> set[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(
        node, ast.AnnAssign | ast.AugAssign) else []
    return {one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)}


def _fields_at(node: ast.ClassDef, line: int) -> set[str]:
    return {name for inner in node.body if inner.lineno <= line <= (inner.end_lineno or 0) for name in _targets(inner)}


def _read(node: ast.AST) -> set[str]:
    return {one.id if isinstance(one, ast.Name) else one.attr for one in ast.walk(node)
            if isinstance(one, ast.Name | ast.Attribute)}


def used_by(file: str, line: int, sources: Mapping[str, str], importing: set[str]) -> dict[str, set[str]]:
    """file → its functions that stand on a line; ``importing``: the files that import this one."""
    names, function = names_of(sources[file], line)
    if function:
        return {file: {function}}
    found = {file: readers(sources[file], names)}
    for other in importing if any(not name.startswith("_") for name in names) else ():
        found[other] = readers(sources[other], {name for name in names if not name.startswith("_")})
    return {name: some for name, some in found.items() if some}
