"""The mutations of expressions: operators, constants, indices, arguments, names, bounds. Pure."""

from __future__ import annotations

import ast
from itertools import pairwise

from . import words

Found = tuple[int, int, int, str, str, str]
"""Line, first and last byte in it, the new text, the kind of the mutation, the name of the function."""


class Expressions:
    """``found`` has what was found so far; ``function`` is the name of the function that is looked at."""

    def __init__(self, source: str) -> None:
        self.lines = source.splitlines()
        self.found: list[Found] = []
        self.function = ""
        tree = ast.parse(source)
        self._names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        self._attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)} | {
            node.target.id for node in ast.walk(tree)
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)}
        compared = [one for node in ast.walk(tree) if isinstance(node, ast.Compare) for one in ast.walk(node)]
        self._words = sorted({one.value for one in compared
                              if isinstance(one, ast.Constant) and isinstance(one.value, str)})

    def expression(self, node: ast.expr | None) -> None:
        if node is None or isinstance(node, ast.JoinedStr) or (
                isinstance(node, ast.Call) and (self.is_message(node) or name_of(node) in words.LOOKS)):
            return
        find = getattr(self, f"_of_{type(node).__name__.lower()}", None)
        if find is not None:
            find(node)
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.keyword):
                if child.arg not in words.KEYWORDS:
                    self.expression(child.value)
            elif isinstance(child, ast.comprehension):
                self.expression(child.iter)
                for test in child.ifs:
                    if test.lineno == test.end_lineno:
                        self.add(test, "True", "filter left out")
                    self.expression(test)
            elif isinstance(child, ast.expr):
                self.expression(child)
            elif isinstance(child, ast.arguments):
                continue

    def _of_compare(self, node: ast.Compare) -> None:
        left = node.left
        for operator, right in zip(node.ops, node.comparators, strict=True):
            for other in words.COMPARISONS[type(operator)]:
                self._between(left, right, other, "comparison")
            if isinstance(right, ast.Constant) and isinstance(right.value, str) and right.value in self._words:
                other = self._words[(self._words.index(right.value) + 1) % len(self._words)]
                self.add(right, repr(other).replace("'", '"'), "member")
            left = right

    def _of_binop(self, node: ast.BinOp) -> None:
        if isinstance(node.left, ast.Constant) and isinstance(node.left.value, str):
            return
        for other in words.ARITHMETIC.get(type(node.op), ()):
            self._between(node.left, node.right, other, "arithmetic")

    def _of_boolop(self, node: ast.BoolOp) -> None:
        other = "or" if isinstance(node.op, ast.And) else "and"
        for left, right in pairwise(node.values):
            self._between(left, right, other, "and, or")

    def _of_unaryop(self, node: ast.UnaryOp) -> None:
        if isinstance(node.operand, ast.Constant) and node.operand.value == 1 and isinstance(node.op, ast.USub):
            self.add(node, "0", "off by one")
        if node.lineno == node.end_lineno:
            self.add(node, self.text(node.operand), "sign" if isinstance(node.op, ast.USub) else "not")

    def _of_constant(self, node: ast.Constant) -> None:
        value = node.value
        if isinstance(value, bool):
            self.add(node, str(not value), "constant")
        elif isinstance(value, int):
            self.add(node, str(value + 1), "off by one")
            if value > 0:
                self.add(node, str(value - 1), "off by one")
            if value > 20:
                self.add(node, str(round(value * 1.1)), "constant")
        elif isinstance(value, float):
            self.add(node, _number(value * 1.1 if value else 0.1), "constant")
            self.add(node, _number(value * 0.9 if value else -0.1), "constant")
            if value not in (0.0, 1.0, 0.5, 2.0):
                self.add(node, _number(value * 10), "unit")
                self.add(node, _number(value / 10), "unit")

    def _of_ifexp(self, node: ast.IfExp) -> None:
        if node.test.lineno == node.test.end_lineno:
            self.add(node.test, f"not ({self.text(node.test)})", "condition")

    def _of_call(self, node: ast.Call) -> None:
        name = name_of(node)
        function = node.func
        if name in words.CALLS:
            other = words.CALLS[name]
            if isinstance(function, ast.Name):
                self.add(function, other, "function")
            elif isinstance(function, ast.Attribute):
                self._end(function, name, other, "function")
        arguments = [one for one in node.args if not isinstance(one, ast.Starred)]
        if name in words.UNWRAPPED and node.lineno == node.end_lineno and arguments and not (
                isinstance(function, ast.Attribute) and not _is_module(function.value)):
            self.add(node, self.text(arguments[0]), "bound left out")
        if name == "clip" and isinstance(function, ast.Attribute) and not _is_module(function.value):
            self.add(node, self.text(function.value), "bound left out")
        if len(arguments) == len(node.args) >= 2 and name not in words.ORDERED and not _is_symmetric(function):
            for one, two in pairwise(arguments):
                if one.lineno == two.end_lineno and type(one) is type(two) and self.text(one) != self.text(two):
                    between = self._raw(one.lineno)[one.end_col_offset:two.col_offset].decode()
                    self.found.append((one.lineno, one.col_offset, two.end_col_offset or 0,
                                       f"{self.text(two)}{between}{self.text(one)}", "arguments exchanged",
                                       self.function))

    def _of_slice(self, node: ast.Slice) -> None:
        if node.step is not None and node.lineno == node.end_lineno and self.text(node) == "::-1":
            self.add(node, ":", "axis mirrored")
        for bound in (node.lower, node.upper):
            if isinstance(bound, ast.Name | ast.Attribute) and bound.lineno == bound.end_lineno:
                self.add(bound, f"{self.text(bound)} + 1", "off by one")

    def _of_subscript(self, node: ast.Subscript) -> None:
        index = node.slice
        if isinstance(node.value, ast.Name) and node.value.id in words.BRACKETED:
            return
        if isinstance(index, ast.Name) and index.id.islower() and len(index.id) <= 2:
            self.add(index, f"{index.id} - 1", "off by one")
        if isinstance(index, ast.Tuple) and len(index.elts) == 2 and node.lineno == node.end_lineno and not any(
                isinstance(one, ast.Slice | ast.Constant) for one in index.elts):
            self.add(index, f"{self.text(index.elts[1])}, {self.text(index.elts[0])}", "axes exchanged")

    def _of_name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            for one, other in words.TWINS:
                if node.id == one and other in self._names:
                    self.add(node, other, "twin")

    def _of_attribute(self, node: ast.Attribute) -> None:
        for one, other in words.TWINS:
            if node.attr == one and other in self._attributes:
                self._end(node, one, other, "twin")

    def _of_dict(self, node: ast.Dict) -> None:
        values = node.values
        for one, other in zip(values, [*values[1:], *values[:1]], strict=True):
            if (isinstance(one, ast.Constant) and isinstance(other, ast.Constant) and isinstance(one.value, str)
                    and one.value != other.value and one.value.isidentifier()):
                self.add(one, self.text(other), "member")

    def _of_set(self, node: ast.Set) -> None:
        self._members(node.elts)

    def _of_tuple(self, node: ast.Tuple) -> None:
        if len(node.elts) > 2 or all(isinstance(one, ast.Constant) and isinstance(one.value, str) for one in node.elts):
            self._members(node.elts)

    def _members(self, members: list[ast.expr]) -> None:
        for one in members:
            if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value.isidentifier():
                self.add(one, f'"not_{one.value}"', "member")

    # ---- text ----

    def is_message(self, node: ast.Call) -> bool:
        return name_of(node) in words.MESSAGES

    def _raw(self, line: int) -> bytes:
        return self.lines[line - 1].encode()

    def text(self, node: ast.expr) -> str:
        """The source of an expression, on one line."""
        if node.lineno != node.end_lineno:
            return ast.unparse(node)
        return self._raw(node.lineno)[node.col_offset:node.end_col_offset].decode()

    def add(self, node: ast.expr | ast.stmt, new: str, kind: str) -> None:
        if node.lineno == node.end_lineno and "\n" not in new:
            self.found.append((node.lineno, node.col_offset, node.end_col_offset or 0, new, kind, self.function))

    def _end(self, node: ast.expr, old: str, new: str, kind: str) -> None:
        """Replace the last word of an attribute."""
        line, end = node.end_lineno or 0, node.end_col_offset or 0
        self.found.append((line, end - len(old.encode()), end, new, kind, self.function))

    def _between(self, left: ast.expr, right: ast.expr, new: str, kind: str) -> None:
        """Replace the operator between two operands on one line."""
        if left.end_lineno != right.lineno:
            return
        start, end = left.end_col_offset or 0, right.col_offset
        raw = self._raw(right.lineno)[start:end].decode()
        core = raw.strip(" ()")
        at = raw.find(core)
        self.found.append((right.lineno, start + at, start + at + len(core), new, kind, self.function))


def name_of(node: ast.Call) -> str:
    """The last word of what is called."""
    function = node.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _number(value: float) -> str:
    return repr(float(f"{value:.8g}"))


def _is_module(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("np", "math", "os", "pd", "torch")


def _is_symmetric(function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute):
        return function.attr in words.SYMMETRIC - {"max", "min"}
    return isinstance(function, ast.Name) and function.id in words.SYMMETRIC
