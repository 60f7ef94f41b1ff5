"""What QGIS loads: an action, an options page, a provider. Everything else is made when it is first needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from qgis.core import QgsApplication, QgsProject
from qgis.PyQt.QtCore import QObject, QTimer
from qgis.PyQt.QtGui import QKeySequence
from qgis.PyQt.QtWidgets import QAction

from . import paths, preferences
from .panels import registry
from .panels.registry import Panel
from .text import translator
from .text.translate import tr

if TYPE_CHECKING:
    from qgis.core import QgsProcessingProvider

    from .components import Components

MENU = "DeepSoil"
_DOCK_SHORTCUT = "Ctrl+Alt+F"
MenuEntry = tuple[str, str, str, Callable[[], None], str]  # name, icon, text, what it does, shortcut
# In the order in which they need each other.
_MODULES = (".engine.client", ".map.area", ".map.draw_tools", ".map.result_layers", ".map.station_layers",
            ".dock.request_panel", ".dock.job_list", ".jobs.session", ".dock.dock", ".hosts.login_prompts",
            ".dock.gather.desk", ".components")


class DeepSoilPlugin(QObject):
    """What QGIS holds of DeepSoil."""

    def __init__(self, iface: Any) -> None:
        super().__init__()
        self._iface = iface
        self._components: Components | None = None
        self._provider: QgsProcessingProvider | None = None
        self._action: QAction | None = None
        self._actions: list[QAction] = []
        self._options: Any = None
        self._translator = translator.install(paths.resources() / "i18n")

    def initProcessing(self) -> None:
        """Also called alone, by ``qgis_process``."""
        if self._provider is None:
            from .processing.provider import DeepSoilProvider

            self._provider = DeepSoilProvider()
            QgsApplication.processingRegistry().addProvider(self._provider)

    def initGui(self) -> None:
        self.initProcessing()
        self._action = QAction(paths.icon("deepsoil"), "DeepSoil", self._iface.mainWindow())
        self._action.setObjectName("deepsoilAction")
        self._action.setCheckable(True)
        self._action.setToolTip(self.tr("Soil moisture maps of a field"))
        self._action.triggered.connect(self._show_dock)
        self._iface.addToolBarIcon(self._action)
        entries: list[MenuEntry] = [
            ("Open", "deepsoil", self.tr("Go to the panel"), self._go_to_dock, _DOCK_SHORTCUT),
            *self._panel_entries(registry.panels()),
            ("Train", "train", self.tr("Train a model…"), self._show_training, ""),
            ("Models", "models", self.tr("Models…"), self._show_models, ""),
            ("Export", "export", self.tr("Export maps…"), self._show_export, ""),
            ("FirstSteps", "", self.tr("First steps"), self._show_first_steps, ""),
            ("Help", "", self.tr("Help"), self._show_help, "")]
        self._actions = [self._action, *(self._menu_action(*entry) for entry in entries)]
        for action in self._actions:
            self._iface.addPluginToMenu(MENU, action)
        # QGIS shows its keys among its own, where they can be changed.
        self._iface.registerMainWindowAction(self._actions[1], _DOCK_SHORTCUT)
        registry.added.connect(self._panel_added)
        QgsProject.instance().readProject.connect(self._project_read)
        self._iface.initializationCompleted.connect(self._start)
        if self._iface.mainWindow().isVisible():
            # Switched on by hand, long after the start.
            QTimer.singleShot(0, self._start)
        from .settings.options_factory import OptionsFactory

        self._options = OptionsFactory(lambda: self.components)
        self._iface.registerOptionsWidgetFactory(self._options)

    def unload(self) -> None:
        """Remove everything from QGIS."""
        if self._action is not None:
            registry.added.disconnect(self._panel_added)
            QgsProject.instance().readProject.disconnect(self._project_read)
            self._iface.initializationCompleted.disconnect(self._start)
            self._iface.unregisterOptionsWidgetFactory(self._options)
            self._iface.removeToolBarIcon(self._action)
            self._iface.unregisterMainWindowAction(self._actions[1])
            for action in self._actions:
                self._iface.removePluginMenu(MENU, action)
                action.deleteLater()
            self._actions = []
            self._action = self._options = None
        if self._components is not None:
            self._components.close()
            self._components = None
        if self._provider is not None:
            QgsApplication.processingRegistry().removeProvider(self._provider)
            self._provider = None
        translator.remove(self._translator)
        self._translator = None

    @property
    def components(self) -> Components:
        """Dock, engine client and layers; made on first use."""
        if self._components is None:
            from .components import Components

            self._components = Components(self._iface)
            self._components.dock.visibilityChanged.connect(self._dock_visible)
            self._components.dock.closed.connect(lambda: preferences.set_dock_open(False))
        return self._components

    def _start(self) -> None:
        """QGIS has started, or the plugin has just been switched on."""
        self._project_read()
        if self._action is not None and preferences.dock_open():
            self._with_components(lambda: self.components.open_dock())

    def _project_read(self, *_: Any) -> None:
        """A project with DeepSoil jobs needs the engine to follow them."""
        from .jobs.project_state import has_jobs

        if self._action is not None and has_jobs():
            self._with_components(lambda: self.components.client.start())

    def _show_dock(self, on: bool) -> None:
        if on:
            self._with_components(lambda: self.components.open_dock())
        elif self._components is not None:
            self._components.dock.hide()
        preferences.set_dock_open(on)

    def _go_to_dock(self) -> None:
        self._with_components(lambda: self.components.go_to_dock())
        preferences.set_dock_open(True)

    def _menu_action(self, name: str, icon: str, text: str, show: Callable[[], None], shortcut: str = "") -> QAction:
        action = QAction(text, self._iface.mainWindow())
        if icon:
            action.setIcon(paths.icon(icon))
        action.setObjectName(f"deepsoil{name}Action")
        if shortcut:
            action.setShortcut(QKeySequence(shortcut))
        action.triggered.connect(lambda _=False: show())
        return action

    def _panel_entries(self, panels: Iterable[Panel]) -> list[MenuEntry]:
        return [(f"Panel{panel.name.capitalize()}", panel.icon, tr(panel.title),
                 partial(self._with_components, partial(self._open_panel, panel.name)), panel.shortcut)
                for panel in panels]

    def _open_panel(self, name: str) -> None:
        self.components.client.start()
        self.components.panels.open(name)

    def _panel_added(self, panel: Panel) -> None:
        """A panel that another plugin has registered while DeepSoil was already in the menu."""
        for entry in self._panel_entries([panel]):
            action = self._menu_action(*entry)
            self._actions.append(action)
            self._iface.addPluginToMenu(MENU, action)

    def _show_training(self) -> None:
        self._with_components(lambda: self.components.show_training())

    def _show_models(self) -> None:
        self._with_components(lambda: self.components.show_models())

    def _show_first_steps(self) -> None:
        self._go_to_dock()
        self._with_components(lambda: self.components.dock.guide.begin())

    def _show_export(self) -> None:
        self._with_components(lambda: self.components.show_export())

    def _show_help(self) -> None:
        from .help_window import HelpWindow

        HelpWindow(self._iface.mainWindow()).show()

    def _with_components(self, then: Callable[[], None], step: int = 0) -> None:
        """Call ``then`` once the components exist. Until then one module is imported per turn of the event loop, so
        that QGIS keeps responding.
        """
        if self._action is None:
            return
        if self._components is not None:
            then()
            return
        if step < len(_MODULES):
            import_module(_MODULES[step], __package__)
        else:
            _ = self.components
        QTimer.singleShot(0, lambda: self._with_components(then, step + 1))

    def _dock_visible(self, _visible: bool) -> None:
        if self._action is not None and self._components is not None:
            # Behind another tab it is not visible, and open all the same.
            self._action.setChecked(not self._components.dock.isHidden())
