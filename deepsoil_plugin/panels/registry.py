"""The panels that can be opened below the map, one entry each.

A new panel is a module with a function that makes it, and an entry in ``_BUILT_IN``; another plugin calls ``register``.
Every registered panel has an entry in DeepSoil's menu. See ``docs/extending.md``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from qgis.gui import QgsDockWidget
from qgis.PyQt.QtCore import QT_TRANSLATE_NOOP, QObject, pyqtSignal


@dataclass(frozen=True)
class Panel:
    """``name``: stable, part of object names. ``title``: English source text. ``icon``: one of the plugin's icons, or
    the path of an SVG file. ``make(components)``: gives the widget, the first time that it is opened. ``shortcut``: of
    the entry in the menu, e.g. ``Ctrl+Alt+S``.
    """

    name: str
    title: str
    icon: str
    make: Callable[[Any], QgsDockWidget]
    shortcut: str = ""


class _Registry(QObject):
    """``added(Panel)`` for a panel that comes later than DeepSoil's menu."""

    added = pyqtSignal(object)

    def __init__(self) -> None:
        super().__init__()
        self.panels: dict[str, Panel] = {}


def _station(components: Any) -> QgsDockWidget:
    from .station_panel import make

    return make(components)


def _water(components: Any) -> QgsDockWidget:
    from .water.panel import make

    return make(components)


def _fields(components: Any) -> QgsDockWidget:
    from ..fields.panel import make

    return make(components)


def _pixel(components: Any) -> QgsDockWidget:
    from .pixel_panel import make

    return make(components)


def _survey(components: Any) -> QgsDockWidget:
    from .survey.panel import make

    return make(components)


def _smap(components: Any) -> QgsDockWidget:
    from .smap.panel import make

    return make(components)


_BUILT_IN = (
    Panel("pixel", QT_TRANSLATE_NOOP("@default", "Soil moisture of a place"), "point", _pixel, "Ctrl+Alt+L"),
    Panel("station", QT_TRANSLATE_NOOP("@default", "Stations"), "station", _station),
    Panel("water", QT_TRANSLATE_NOOP("@default", "Water and irrigation"), "water", _water, "Ctrl+Alt+W"),
    Panel("fields", QT_TRANSLATE_NOOP("@default", "Fields"), "fields", _fields),
    Panel("survey", QT_TRANSLATE_NOOP("@default", "Own readings"), "reading", _survey),
    Panel("smap", QT_TRANSLATE_NOOP("@default", "SMAP"), "smap", _smap, "Ctrl+Alt+E"),
)

_registry = _Registry()
_registry.panels.update({panel.name: panel for panel in _BUILT_IN})
added = _registry.added


def register(panel: Panel) -> None:
    """Offer a panel. ValueError for a name that is taken."""
    if panel.name in _registry.panels:
        raise ValueError(f"there is already a panel {panel.name!r}")
    _registry.panels[panel.name] = panel
    _registry.added.emit(panel)


def unregister(name: str) -> None:
    """Take a panel of another plugin back; its entry in the menu stays until DeepSoil is loaded again."""
    _registry.panels.pop(name, None)


def panels() -> tuple[Panel, ...]:
    """All panels in the order of the menu."""
    return tuple(_registry.panels.values())


def panel(name: str) -> Panel:
    """KeyError for a name that is not registered."""
    return _registry.panels[name]
