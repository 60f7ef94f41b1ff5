"""The depths that DeepSoil maps: one entry each, and nothing else in the plugin names a depth.

Another depth, e.g. 40 cm, is one more entry here and a model for it in the engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qgis.PyQt.QtCore import QT_TRANSLATE_NOOP

from .text.translate import tr


@dataclass(frozen=True)
class Depth:
    """``title`` and ``use`` are English source texts. ``marker``: pyqtgraph's symbol in the scatter plot, and
    ``marker_sign`` the same as a character. ``shade``: share of the text colour in the colour of its predictions, 0 to
    1. ``configuration``: id of the training configuration that comes with DeepSoil.
    """

    depth_cm: int
    title: str
    use: str
    marker: str
    marker_sign: str
    shade: float
    configuration: str


# From the surface down.
DEPTHS: tuple[Depth, ...] = (
    Depth(5, QT_TRANSLATE_NOOP("@default", "surface"),
          QT_TRANSLATE_NOOP("@default", "The surface: what satellites see"),
          "o", "●", 0.0, "deepsoil-5cm"),
    Depth(20, QT_TRANSLATE_NOOP("@default", "root zone"),
          QT_TRANSLATE_NOOP("@default", "The root zone: use it to plan irrigation"),
          "s", "■", 0.55, "deepsoil-20cm"),
)


def depths_cm() -> tuple[int, ...]:
    """All depths in cm, from the surface down."""
    return tuple(depth.depth_cm for depth in DEPTHS)


def known_models(models: Mapping[object, object]) -> dict[str, str]:
    """The model ids by depth that belong to one of the depths; keys as in a job specification, ``"5"``."""
    keys = {str(depth) for depth in depths_cm()}
    return {str(key): value for key, value in models.items() if key in keys and isinstance(value, str)}


def depth_title(depth: Depth) -> str:
    """``20 cm, root zone``."""
    return tr("{0} cm, {1}").format(depth.depth_cm, tr(depth.title))


def list_text() -> str:
    """``5 or 20 cm``."""
    *others, last = [str(depth) for depth in depths_cm()]
    return tr("{0} or {1} cm").format(", ".join(others), last) if others else f"{last} cm"
