"""The depths that DeepSoil maps. One entry each; nothing else in the plugin names a depth.

The two depths of DeepSoil itself stand here, with texts that are translated. Other depths come from the engine, which
lists all of its depths when it starts (``hello``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from qgis.PyQt.QtCore import QT_TRANSLATE_NOOP

from .text.translate import tr

# Of pyqtgraph, and as a character, by the engine's name.
MARKERS = {"circle": ("o", "●"), "square": ("s", "■"), "triangle": ("t1", "▲"), "diamond": ("d", "◆")}
_SHADE_STEP = 0.55


@dataclass(frozen=True)
class Depth:
    """``title`` and ``use`` are English source texts. ``symbol``: a key of ``MARKERS``. ``configuration``: id of the
    training configuration that comes with DeepSoil.
    """

    depth_cm: int
    title: str
    use: str
    symbol: str
    configuration: str

    @property
    def marker(self) -> str:
        return MARKERS.get(self.symbol, MARKERS["circle"])[0]

    @property
    def marker_sign(self) -> str:
        return MARKERS.get(self.symbol, MARKERS["circle"])[1]


SATELLITE_CM = 5
"""The depth that SMAP sees."""

# From the surface down.
DEPTHS: list[Depth] = [
    Depth(5, QT_TRANSLATE_NOOP("@default", "surface"),
          QT_TRANSLATE_NOOP("@default", "The surface: what satellites see"), "circle", "deepsoil-5cm"),
    Depth(20, QT_TRANSLATE_NOOP("@default", "root zone"),
          QT_TRANSLATE_NOOP("@default", "The root zone: use it to plan irrigation"), "square", "deepsoil-20cm"),
]


def learn(listed: Iterable[Mapping[str, Any]]) -> bool:
    """Add the engine's depths that are not known yet; whether there were any. An entry that is none is passed over."""
    found = []
    for entry in listed:
        depth_cm = entry.get("depth_cm")
        if isinstance(depth_cm, int) and depth_cm not in depths_cm():
            found.append(Depth(depth_cm, str(entry.get("title") or "").lower(), str(entry.get("description") or ""),
                               str(entry.get("symbol")), str(entry.get("model") or "")))
    DEPTHS[:] = sorted([*DEPTHS, *found], key=lambda depth: depth.depth_cm)
    return bool(found)


def depths_cm() -> tuple[int, ...]:
    """All depths in cm, from the surface down."""
    return tuple(depth.depth_cm for depth in DEPTHS)


def shade(depth_cm: int) -> float:
    """Share of the text colour in the colour of a depth's predictions, 0 to 1: more for each depth further down."""
    return 1.0 - (1.0 - _SHADE_STEP) ** depths_cm().index(depth_cm)


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
