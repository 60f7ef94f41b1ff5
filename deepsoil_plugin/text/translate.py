"""Texts in the user's language. Source texts are English; ``resources/i18n`` has the translations.

In a QObject that has no subclass write ``self.tr("…")``; everywhere else ``tr("…")``. A text that depends on a count
has ``%n`` in it and gets the count: ``tr("%n day(s)", None, days)``. The text itself is always one literal, so that
``build.py translate`` finds it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from qgis.PyQt.QtCore import QCoreApplication

_WIDE = re.compile(r"[:.]\D*\d{3,}[^{}]*\}|\{[^{}]+\{")  # {x:999999999} would be a text of a gigabyte
_ENGINE = "engine"  # the context of the engine's texts


def tr(text: str, comment: str | None = None, n: int = -1) -> str:
    """The translation of a text. ``comment`` tells equal texts apart; ``n`` chooses the plural form."""
    return str(QCoreApplication.translate("@default", text, comment, n))


def engine_text(text: str) -> str:
    """The translation of a fixed text of the engine; a text that is not known stays as it is."""
    return str(QCoreApplication.translate(_ENGINE, text)) if text else ""


def engine_message(document: Mapping[str, Any], name: str = "message") -> str:
    """What a document of the engine says under ``name``, by its template and values under ``<name>_text``."""
    plain, record = str(document.get(name) or ""), document.get(f"{name}_text")
    return _worded(record.get("template"), record.get("values"), plain) if isinstance(record, Mapping) else \
        engine_text(plain)


def error_message(error: Mapping[str, Any]) -> str:
    """What happened."""
    return _error_part(error, 0, "message")


def error_hint(error: Mapping[str, Any]) -> str:
    """What to do now; empty where the engine gives no advice."""
    return _error_part(error, 1, "hint")


def _error_part(error: Mapping[str, Any], number: int, key: str) -> str:
    """One of the two texts of an error of the contract."""
    plain = str(error.get(key) or "")
    templates, values = error.get("templates"), error.get("values")
    if not isinstance(templates, list) or len(templates) != 2:
        return engine_text(plain)
    return _worded(templates[number], values, plain)


def _worded(template: Any, values: Any, plain: str) -> str:
    """A template translated and filled with the values, which may be fixed texts of the engine or templates themselves.

    The engine's own wording ``plain`` is used where there is no template, or where a translation does not fit the
    values.
    """
    if not isinstance(template, str):
        return engine_text(plain)
    if not values:
        return engine_text(template) or plain
    try:
        return _filled(template, values) or plain
    except (AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError):
        return plain


def _filled(template: str, values: Mapping[str, Any]) -> str:
    if _WIDE.search(template):
        raise ValueError("no template of the engine asks for such a width")

    def worded(value: Any) -> Any:
        if isinstance(value, Mapping):
            return _filled(value["template"], value["values"])
        return engine_text(value) if isinstance(value, str) else value

    return engine_text(template).format_map({name: worded(value) for name, value in values.items()})
