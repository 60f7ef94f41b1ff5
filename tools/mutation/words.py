"""What `sites` exchanges for what, and what it leaves alone."""

from __future__ import annotations

import ast

COMPARISONS: dict[type[ast.cmpop], tuple[str, ...]] = {
    ast.Lt: ("<=", ">"), ast.LtE: ("<", ">="), ast.Gt: (">=", "<"), ast.GtE: (">", "<="), ast.Eq: ("!=",),
    ast.NotEq: ("==",), ast.In: ("not in",), ast.NotIn: ("in",), ast.Is: ("is not",), ast.IsNot: ("is",),
}
ARITHMETIC: dict[type[ast.operator], tuple[str, ...]] = {
    ast.Add: ("-",), ast.Sub: ("+",), ast.Mult: ("/",), ast.Div: ("*",), ast.FloorDiv: ("*",), ast.Mod: ("//",),
    ast.Pow: ("*",), ast.BitAnd: ("|",), ast.BitOr: ("&",), ast.MatMult: ("*",),
}
CALLS = {
    "min": "max", "max": "min", "minimum": "maximum", "maximum": "minimum", "fmin": "fmax", "fmax": "fmin",
    "nanmin": "nanmax", "nanmax": "nanmin", "floor": "ceil", "ceil": "floor", "sin": "cos", "cos": "sin",
    "argmin": "argmax", "argmax": "argmin", "any": "all", "all": "any", "sum": "mean", "mean": "sum",
    "nanmean": "nansum", "median": "mean", "isfinite": "isnan", "logical_and": "logical_or", "cumsum": "cumprod",
    "radians": "degrees", "degrees": "radians", "log10": "log", "log": "log10", "union": "intersection",
    "startswith": "endswith", "endswith": "startswith", "lstrip": "rstrip", "rstrip": "lstrip", "first": "last",
}
"""Names of functions and methods."""

UNWRAPPED = frozenset({"abs", "clip", "sorted", "reversed", "flip", "flipud", "fliplr", "sqrt", "exp", "log", "sort",
                       "nan_to_num", "floor", "round", "rint", "maximum", "minimum", "max", "min", "fmin", "fmax"})
"""Functions that a mutant leaves out: their first argument stands alone."""

TWINS = tuple(pair for one, other in (
    ("width", "height"), ("row", "column"), ("rows", "columns"), ("left", "right"), ("top", "bottom"),
    ("west", "east"), ("south", "north"), ("lon", "lat"), ("longitude", "latitude"), ("longitudes", "latitudes"),
    ("low", "high"), ("lowest", "highest"), ("first", "last"), ("start", "end"), ("start", "stop"),
    ("before", "after"), ("observed", "predicted"), ("minimum", "maximum"), ("wet", "dry"), ("above", "below"),
    ("sand", "clay"), ("silt", "clay"), ("older", "newer"), ("local", "remote"), ("wanted", "found"),
    ("past", "future"), ("source", "target"), ("theta_r", "theta_s"), ("x", "y"),
    ("u_a", "u_b"), ("a", "b"), ("i", "j"), ("ABOVE", "BELOW"), ("half_a", "half_b"), ("by_a", "by_b"),
    ("slope", "aspect"), ("inner", "outer"), ("o", "p"),
) for pair in ((one, other), (other, one)))
"""Names and attributes that are easily mistaken for each other."""

MESSAGES = frozenset({
    "DeepSoilError", "Text", "tr", "say", "step", "print", "warn", "debug", "info", "warning", "error", "exception",
    "log", "print_exc", "ValueError", "TypeError", "RuntimeError", "KeyError", "OSError", "InstallError", "Stop",
    "TypeVar", "cast", "NewType", "field", "getLogger", "add_argument", "setToolTip", "setStatusTip", "setWhatsThis",
    "setObjectName", "setAccessibleName"})
"""Calls whose arguments are words."""

LOOKS = frozenset({
    "setMinimumWidth", "setMinimumHeight", "setMaximumWidth", "setMaximumHeight", "setFixedWidth", "setFixedHeight",
    "setMinimumSize", "setFixedSize", "setSpacing", "setContentsMargins", "QSize", "resize", "addStretch", "QMargins",
    "setStretchFactor", "setStretch", "setSizePolicy", "addSpacing", "setVerticalSpacing", "setHorizontalSpacing",
    "setIconSize", "setColumnStretch", "setColumnWidth", "setPointSizeF", "mkPen", "QColor", "setWidthF", "adjusted"})
"""Calls that only move things on the screen."""

KEYWORDS = frozenset({"indent", "stacklevel", "ensure_ascii", "encoding", "errors", "newline", "maxsize", "spacing",
                      "frozen", "slots", "kw_only", "exist_ok", "parents", "strict", "check", "text", "daemon",
                      "missing_ok", "ignore_errors", "name", "separators", "sort_keys", "bold"})
"""Keyword arguments that are left alone."""

TYPES = frozenset({"NDArray", "Literal", "Callable", "TypeVar", "Union", "Optional"})

ORDERED = frozenset({"isinstance", "range", "getattr", "hasattr", "replace", "setattr"})
"""Calls whose arguments nobody exchanges."""

SYMMETRIC = frozenset({"max", "min", "maximum", "minimum", "fmax", "fmin", "logical_and", "logical_or", "hypot"})
"""Functions whose arguments may come in any order; of `max` and `min` only Python's own, for arrays' take an axis."""

BRACKETED = TYPES | {"dict", "tuple", "Mapping"}
"""Names of types: what stands in their brackets, also in an alias, is never run."""
