"""Text that is shown as it is typed, in places of Qt and QGIS that take a text with tags for HTML. Pure.

Names, messages of hosts, model cards and project files come from others. As HTML ``1 < 2`` would vanish, and images
would be loaded from wherever they say.
"""

from __future__ import annotations

import re
from html import escape

_ENTITY = re.compile(r"&(?=#?\w+;)")


def tip_text(text: str) -> str:
    """For a tooltip. Without tags or entities it stays as it is."""
    if "<" not in text and "&" not in text:
        return text
    return f'<p style="white-space:pre-wrap">{escape(text, quote=False)}</p>'


def html_text(text: str) -> str:
    """For the labels of plots, which show HTML."""
    return escape(text, quote=False)


def defused(text: str) -> str:
    """For what QGIS shows as text in some places and as HTML in others: layer metadata, and messages, which the bar
    shows as HTML, the log as HTML (QGIS 3.40) or as text (3.44). Full-width signs, which look alike, stand for those
    that would begin a tag or an entity.
    """
    return _ENTITY.sub("\uff06", text.replace("<", "\uff1c"))


def html_expression(field: str) -> str:
    """A QGIS expression for a field's text in a map tip, which shows HTML."""
    return f"replace(replace(coalesce(\"{field}\", ''), '&', '&amp;'), '<', '&lt;')"
