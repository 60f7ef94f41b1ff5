"""Finds realistic one-line mutations in a source file. Pure.

A mutation is what a tired person would type: another operator, a constant 10 % or ten times off, an index off by one,
a mirrored axis, two arguments or two names exchanged, a branch, a sign, a bound or a statement left out. Docstrings,
messages, type hints, decorators and what only moves things on the screen are left alone.
"""

from __future__ import annotations

import ast
import hashlib
from dataclasses import dataclass

from . import words
from .expressions import Expressions, name_of

_PLAIN = (ast.Import, ast.ImportFrom, ast.Raise, ast.Assert, ast.Global, ast.Nonlocal)


@dataclass(frozen=True)
class Mutant:
    """``old`` becomes ``new`` at ``line`` (from 1) and ``column`` (bytes from 0) of a file; both without line breaks.

    function   the function it is in, as Python names it (``A.b.<locals>.c``); empty for the level of the module
    """

    file: str
    line: int
    column: int
    old: str
    new: str
    kind: str
    function: str
    before: str
    after: str

    @property
    def key(self) -> str:
        text = "\0".join((self.file, self.before.strip(), self.after.strip(), str(self.column)))
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def apply(self, source: str) -> str:
        """The whole file with the mutation."""
        lines = source.splitlines(keepends=True)
        lines[self.line - 1] = self.after + "\n"
        return "".join(lines)

    def diff(self) -> str:
        return f"{self.file}:{self.line} ({self.kind})\n  - {self.before.strip()}\n  + {self.after.strip()}"


def mutants(file: str, source: str) -> list[Mutant]:
    """All mutations of a file, in the order of its lines; some may not compile (see `compiles`)."""
    finder = _Finder(source)
    finder.visit_body(ast.parse(source).body, "", "")
    found: dict[tuple[int, str], Mutant] = {}
    for line, start, end, new, kind, function in finder.found:
        before = finder.lines[line - 1]
        raw = before.encode()
        after = (raw[:start] + new.encode() + raw[end:]).decode()
        mutant = Mutant(file, line, start, raw[start:end].decode(), new, kind, function, before, after)
        if after != before and (line, after) not in found:
            found[line, after] = mutant
    return [one for _, one in sorted(found.items())]


def compiles(mutant: Mutant, source: str) -> bool:
    try:
        ast.parse(mutant.apply(source))
    except SyntaxError:
        return False
    return True


class _Finder(Expressions):
    """Walks the statements."""

    def visit_body(self, body: list[ast.stmt], function: str, prefix: str) -> None:
        """``prefix`` stands before the names of functions that are defined in this body."""
        for statement in body:
            self.function = function
            self._statement(statement, prefix)

    def _statement(self, node: ast.stmt, prefix: str) -> None:
        function = self.function
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for default in (*node.args.defaults, *node.args.kw_defaults):
                if default is not None:
                    self.expression(default)
            self.visit_body(node.body, prefix + node.name, f"{prefix}{node.name}.<locals>.")
        elif isinstance(node, ast.ClassDef):
            self.visit_body(node.body, function, f"{prefix}{node.name}.")
        elif isinstance(node, _PLAIN) or (isinstance(node, ast.If) and any(
                word in ast.unparse(node.test) for word in ("TYPE_CHECKING", "__main__"))):
            return
        else:
            self._dropped(node)
            self._conditions(node)
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.stmt):
                    self.function = function
                    self._statement(child, prefix)
                elif isinstance(child, ast.ExceptHandler | ast.match_case):
                    self.visit_body(child.body, function, prefix)
                elif isinstance(child, ast.withitem):
                    self.expression(child.context_expr)
                elif isinstance(child, ast.expr) and not self._is_type(node, child):
                    self.function = function
                    self.expression(child)

    def _is_type(self, node: ast.stmt, child: ast.expr) -> bool:
        if isinstance(node, ast.AnnAssign) and child is node.annotation:
            return True
        if isinstance(node, ast.Expr) and isinstance(child, ast.Constant):
            return True  # a docstring
        if isinstance(node, ast.Assign) and child is node.value and not self.function:
            names = {one.id for one in ast.walk(child) if isinstance(one, ast.Name)}
            target = ast.unparse(node.targets[0])
            return bool(names & words.TYPES) or target == "__all__" or (isinstance(child, ast.BinOp) and isinstance(
                child.op, ast.BitOr) and target[0].isupper() and not target.isupper())
        return isinstance(node, ast.For | ast.Assign | ast.AugAssign) and child is not getattr(
            node, "value", None) and child is not getattr(node, "iter", None) and not isinstance(child, ast.Subscript)

    def _dropped(self, node: ast.stmt) -> None:
        """Statements that are left out: a call for its effect, an addition, a value put into an array."""
        drop = isinstance(node, ast.AugAssign) or (
            isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and not self.is_message(node.value)
            and name_of(node.value) not in words.LOOKS) or (
            isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript)) or isinstance(
            node, ast.Continue | ast.Break)
        if drop and node.lineno == node.end_lineno:
            self.add(node, "pass", "left out")

    def _conditions(self, node: ast.stmt) -> None:
        if isinstance(node, ast.If | ast.While) and node.test.lineno == node.test.end_lineno:
            if isinstance(node, ast.If):
                self.add(node.test, "False", "branch left out")
            self.add(node.test, f"not ({self.text(node.test)})", "condition")
