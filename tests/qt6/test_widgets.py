"""Under Qt 6: every module that needs no QGIS is loaded, and its widgets are made, shown, painted and used.

Run by ``build.py test platforms qt6``, with ``shim/`` in the place of QGIS.
"""

from __future__ import annotations

import ast
import datetime as dt
import importlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QWidget

ROOT = Path(__file__).resolve().parents[2]
PLUGIN = ROOT / "deepsoil_plugin"
_ENOUGH = 70


def _named(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _imports(file: Path) -> set[str]:
    """What a file imports when it is loaded, absolute; ``qgis.core.X`` with the names. Not what is only for types."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    package = _named(file).split(".") if file.name == "__init__.py" else _named(file).split(".")[:-1]
    found: set[str] = set()
    waiting = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.ImportFrom):
            base = package[:len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            found |= {module} | {f"{module}.{one.name}" for one in node.names}
        elif isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif not isinstance(node, ast.FunctionDef) and not (
                isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)):
            waiting += [one for one in ast.iter_child_nodes(node) if isinstance(one, ast.stmt)]
    return found


def _needs_qgis(found: set[str]) -> bool:
    return any(one.startswith(("qgis.core.", "qgis.gui", "qgis.utils", "osgeo", "processing"))
               and one != "qgis.core.QgsSettings" for one in found)


def without_qgis() -> list[str]:
    """The modules that need nothing of QGIS but its Qt and its settings, nor does anything that they import."""
    used = {_named(file): _imports(file) for file in PLUGIN.rglob("*.py")}
    needing = {name for name, found in used.items() if _needs_qgis(found)}
    while more := {name for name, found in used.items() if name not in needing and found & needing}:
        needing |= more
    return sorted(set(used) - needing)


MODULES = without_qgis()


@pytest.fixture(scope="module", autouse=True)
def application() -> Iterator[QApplication]:
    yield QApplication.instance() or QApplication([])


def test_most_of_the_plugin_needs_no_map() -> None:
    assert len(MODULES) >= _ENOUGH


@pytest.mark.parametrize("name", MODULES)
def test_a_module_loads(name: str) -> None:
    importlib.import_module(name)


def _client() -> object:
    from deepsoil_plugin.engine.client import EngineClient
    return EngineClient()


def _hosts() -> object:
    from deepsoil_plugin.hosts.model import HostsModel
    return HostsModel(_client())


def _make(module: str, name: str, *arguments: Callable[[], object]) -> Callable[[], QWidget]:
    return lambda: getattr(importlib.import_module(f"deepsoil_plugin.{module}"), name)(*[one() for one in arguments])


def _colours() -> object:
    from deepsoil_plugin.widgets.plot_colours import plot_colours
    return plot_colours(QApplication.palette())


def _jobs() -> object:
    from deepsoil_plugin.jobs.table_model import JobModel
    return JobModel()


def _rows() -> object:
    from deepsoil_plugin.training.rows_table import RowsModel
    return RowsModel()


def _installer() -> object:
    from deepsoil_plugin.engine.installer import Installer
    return Installer()


def _models() -> object:
    from deepsoil_plugin.training.models_list import ModelsList
    return ModelsList(_client(), _hosts())


WIDGETS = {
    "date": _make("widgets.date_field", "DateField", lambda: "date", lambda: "Date"),
    "name": _make("widgets.basic", "NameLabel", lambda: "name"),
    "dates": _make("dock.dates_section", "DatesSection"), "depths": _make("dock.depths_section", "DepthsSection"),
    "set-up": _make("dock.setup_page", "SetupPage", _installer),
    "search": _make("dock.job_list_header", "JobListHeader"),
    "scores": _make("panels.scores_table", "ScoresTable"), "station": _make("panels.station_header", "StationHeader"),
    "station plot": _make("panels.station_plot", "StationPlot", _colours),
    "curves plot": _make("training.curves_plot", "CurvesPlot", _colours),
    "curves": _make("training.curves_window", "CurvesWindow", _client, _jobs, lambda: "0" * 32),
    "rows": _make("training.rows_table", "RowsTable", _rows),
    "configuration": _make("training.configuration_field", "ConfigurationField", _client),
    "training": _make("training.form", "TrainingForm", _client, _hosts),
    "models": _make("training.models_window", "ModelsWindow", _models, _hosts),
    "host": _make("hosts.host_field", "HostField", _hosts, lambda: "host"),
    "steps": _make("hosts.step_rows", "StepRows"),
}


@pytest.mark.parametrize("name", WIDGETS)
def test_a_widget_is_made_shown_painted_and_used(name: str) -> None:
    widget = WIDGETS[name]()
    widget.resize(500, 300)
    widget.show()
    QTest.qWait(20)
    assert not widget.grab().isNull()
    # Events that run our own handlers: another theme, another language, keys, the mouse, and a smaller size.
    for kind in (QEvent.Type.PaletteChange, QEvent.Type.LanguageChange, QEvent.Type.FontChange):
        QCoreApplication.sendEvent(widget, QEvent(kind))
    QTest.keyClick(widget, Qt.Key.Key_Tab)
    QTest.mouseMove(widget, QPoint(40, 40))
    widget.resize(180, 120)
    QTest.qWait(20)
    assert not widget.grab().isNull()
    widget.close()
    widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_a_date_is_typed_and_read() -> None:
    field = WIDGETS["date"]()
    field.show()
    field.setDate(dt.date(2026, 6, 1))
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert field.date().year() == 2026
