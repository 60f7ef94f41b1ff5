"""What QGIS loads: an action, an options page, a provider. Everything else is made when it is first needed."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from qgis.core import QgsApplication, QgsProject
from qgis.PyQt.QtCore import QCoreApplication, QLocale, QObject, QTimer, QTranslator
from qgis.PyQt.QtWidgets import QAction

from . import paths, preferences

if TYPE_CHECKING:
    from qgis.core import QgsProcessingProvider

    from .parts import Parts

MENU = "DeepSoil"
# In the order in which they need each other.
_MODULES = (".engine.client", ".map.area", ".map.draw", ".map.results", ".map.stations", ".dock.request_panel",
            ".dock.job_list", ".dock.session", ".dock.dock", ".settings.questions", ".parts")


class DeepSoilPlugin(QObject):
    """What QGIS holds of DeepSoil."""

    def __init__(self, iface: Any) -> None:
        super().__init__()
        self._iface = iface
        self._parts: Parts | None = None
        self._provider: QgsProcessingProvider | None = None
        self._action: QAction | None = None
        self._actions: list[QAction] = []
        self._options: Any = None
        self._translator = _translator()

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
        self._actions = [self._action, *(self._menu_action(*entry) for entry in (
            ("Train", "train", self.tr("Train a model…"), self._show_training),
            ("Models", "models", self.tr("Models…"), self._show_models),
            ("Help", "", self.tr("Help"), self._show_help)))]
        for action in self._actions:
            self._iface.addPluginToMenu(MENU, action)
        QgsProject.instance().readProject.connect(self._project_read)
        self._iface.initializationCompleted.connect(self._start)
        if self._iface.mainWindow().isVisible():
            # Switched on by hand, long after the start.
            QTimer.singleShot(0, self._start)
        from .settings.options import OptionsFactory

        self._options = OptionsFactory(self)
        self._iface.registerOptionsWidgetFactory(self._options)

    def unload(self) -> None:
        """Take everything away again."""
        if self._action is not None:
            QgsProject.instance().readProject.disconnect(self._project_read)
            self._iface.initializationCompleted.disconnect(self._start)
            self._iface.unregisterOptionsWidgetFactory(self._options)
            self._iface.removeToolBarIcon(self._action)
            for action in self._actions:
                self._iface.removePluginMenu(MENU, action)
                action.deleteLater()
            self._actions = []
            self._action = self._options = None
        if self._parts is not None:
            self._parts.close()
            self._parts = None
        if self._provider is not None:
            QgsApplication.processingRegistry().removeProvider(self._provider)
            self._provider = None
        if self._translator is not None:
            QCoreApplication.removeTranslator(self._translator)
            self._translator = None

    @property
    def parts(self) -> Parts:
        """Dock, engine client and layers; made when they are first asked for."""
        if self._parts is None:
            from .parts import Parts

            self._parts = Parts(self._iface)
            self._parts.dock.visibilityChanged.connect(self._dock_visible)
            self._parts.dock.closed.connect(lambda: preferences.set_dock_open(False))
        return self._parts

    def _start(self) -> None:
        """QGIS is there, or the plugin has just been switched on."""
        self._project_read()
        if self._action is not None and preferences.dock_open():
            self._with_parts(lambda: self.parts.open_dock())

    def _project_read(self, *_: Any) -> None:
        """A project with DeepSoil jobs needs the engine, to follow them."""
        from .jobs.project_state import has_jobs

        if self._action is not None and has_jobs():
            self._with_parts(lambda: self.parts.client.start())

    def _show_dock(self, on: bool) -> None:
        if on:
            self._with_parts(lambda: self.parts.open_dock())
        elif self._parts is not None:
            self._parts.dock.hide()
        preferences.set_dock_open(on)

    def _menu_action(self, name: str, icon: str, text: str, show: Callable[[], None]) -> QAction:
        action = QAction(text, self._iface.mainWindow())
        if icon:
            action.setIcon(paths.icon(icon))
        action.setObjectName(f"deepsoil{name}Action")
        action.triggered.connect(lambda _=False: show())
        return action

    def _show_training(self) -> None:
        self._with_parts(lambda: self.parts.show_training())

    def _show_models(self) -> None:
        self._with_parts(lambda: self.parts.show_models())

    def _show_help(self) -> None:
        from .help_window import HelpWindow

        HelpWindow(self._iface.mainWindow()).show()

    def _with_parts(self, then: Callable[[], None], step: int = 0) -> None:
        """Do something with the parts; until their modules are there, one of them is imported per turn of the event
        loop, so that QGIS stays awake.
        """
        if self._action is None:
            return
        if self._parts is not None:
            then()
            return
        if step < len(_MODULES):
            import_module(_MODULES[step], __package__)
        else:
            _ = self.parts
        QTimer.singleShot(0, lambda: self._with_parts(then, step + 1))

    def _dock_visible(self, _visible: bool) -> None:
        if self._action is not None and self._parts is not None:
            # Behind another tab it is not visible, and open all the same.
            self._action.setChecked(not self._parts.dock.isHidden())


def _translator() -> QTranslator | None:
    """The translation into QGIS's language, where there is one."""
    translator = QTranslator()
    folder = paths.resources() / "translations"
    if folder.is_dir() and translator.load(QLocale(QgsApplication.locale()), "deepsoil", "_", str(folder)):
        QCoreApplication.installTranslator(translator)
        return translator
    return None
