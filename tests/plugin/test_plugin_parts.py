"""What the plugin remembers, where its parts lie, what its menu opens, and how it checks a document of the contract."""

from __future__ import annotations

import copy
import json
import os
import sys
from pathlib import Path

import pytest
from qgis.core import QgsSettings
from qgis.PyQt.QtCore import QT_VERSION_STR

from deepsoil_plugin import atomic, contract_check, installation, paths, preferences
from deepsoil_plugin.contract import LOCAL, SCHEMA
from deepsoil_plugin.contract_check import Problem, problem
from deepsoil_plugin.contract_schema import DEFINITIONS
from deepsoil_plugin.help_window import help_page
from deepsoil_plugin.panels import registry
from deepsoil_plugin.plugin import DeepSoilPlugin
from deepsoil_plugin.widgets import pyqtgraph_loader

# ---- settings ----


def test_what_was_never_chosen_and_what_was(own_home):
    assert (preferences.dock_open(), preferences.threads(), preferences.jobs_at_once()) == (True, 0, 1)
    assert (preferences.chosen_host(), preferences.jobs_order()) == (LOCAL, "")
    preferences.set_dock_open(False)
    preferences.set_threads(3)
    preferences.set_jobs_at_once(4)
    preferences.set_chosen_host("hydra")
    preferences.set_jobs_order("newest")
    assert (preferences.dock_open(), preferences.threads(), preferences.jobs_at_once()) == (False, 3, 4)
    assert (preferences.chosen_host(), preferences.jobs_order()) == ("hydra", "newest")
    assert preferences.engine_variables() == {"DEEPSOIL_JOBS_AT_ONCE": "4"}
    preferences.set_threads(-2)
    preferences.set_jobs_at_once(0)
    assert (preferences.threads(), preferences.jobs_at_once()) == (0, 1)


# ---- ids of jobs ----

def test_ids_stay_over_a_restart_and_each_is_written_once(qgis_app, own_home):
    ids = preferences.sent_jobs()
    for name in ("a", "b", "a"):
        ids.add(name)
    assert "a" in ids and "c" not in ids
    ids.flush()
    ids.add("c")
    ids.flush()
    ids.flush()
    file = own_home / "plugin" / "sent_jobs.txt"
    assert file.read_text() == "a\nb\nc\n"
    again = preferences.sent_jobs()
    assert "b" in again and "b" not in preferences.announced_jobs()
    again.add("b")
    again.flush()
    assert file.read_text() == "a\nb\nc\n"


def test_ids_are_written_without_being_told_to(qgis_app, own_home, qtbot):
    ids = preferences.announced_jobs()
    ids.add("a")
    qtbot.waitUntil(lambda: (own_home / "plugin" / "announced_jobs.txt").exists(), timeout=10_000)


@pytest.mark.parametrize(("count", "left"), [(2000, 2000), (2001, 2000), (5000, 2000)])
def test_of_very_many_ids_the_oldest_are_forgotten(count, left, qgis_app, own_home):
    file = own_home / "plugin" / "sent_jobs.txt"
    file.parent.mkdir()
    file.write_text("".join(f"{number}\n" for number in range(count)))
    ids = preferences.sent_jobs()
    kept = file.read_text().split()
    assert kept == [str(number) for number in range(count - left, count)]
    assert str(count - 1) in ids and str(count - left) in ids and str(count - left - 1) not in ids


@pytest.mark.parametrize(("setting", "found"), [('["a", 7, "b"]', ["a", "b"]), ("no JSON", []), ('"a"', []),
                                                ("[]", [])])
def test_ids_of_an_earlier_version_are_taken_over_once(setting, found, qgis_app, own_home):
    QgsSettings().setValue("DeepSoil/sentJobs", setting)
    ids = preferences.sent_jobs()
    assert all(name in ids for name in found)
    ids.flush()
    assert not QgsSettings().contains("DeepSoil/sentJobs")
    assert (own_home / "plugin" / "sent_jobs.txt").read_text().split() == found


def test_ids_that_cannot_be_written_are_written_later(qgis_app, own_home):
    (own_home / "plugin").write_text("in the way")
    ids = preferences.sent_jobs()
    ids.add("a")
    ids.flush()
    assert "a" in ids
    (own_home / "plugin").unlink()
    ids.add("b")
    ids.flush()
    assert (own_home / "plugin" / "sent_jobs.txt").read_text() == "a\nb\n"


# ---- places ----

@pytest.mark.parametrize(("platform", "variables", "wanted"), [
    ("linux", {}, "me/.local/share/deepsoil"), ("linux", {"XDG_DATA_HOME": "/data"}, "/data/deepsoil"),
    ("darwin", {"XDG_DATA_HOME": "/data"}, "me/Library/Application Support/deepsoil"),
    ("win32", {}, "me/AppData/Local/deepsoil"), ("win32", {"LOCALAPPDATA": "/local"}, "/local/deepsoil"),
    ("win32", {"DEEPSOIL_HOME": "~/own"}, "me/own"), ("linux", {"DEEPSOIL_HOME": "/own"}, "/own")])
def test_deepsoils_folder_is_where_the_system_keeps_data(platform, variables, wanted, monkeypatch, tmp_path):
    for name in ("DEEPSOIL_HOME", "XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(installation.sys, "platform", platform)
    assert installation.default_home() == tmp_path / wanted


def test_the_folder_of_the_options_counts_unless_a_variable_says_otherwise(monkeypatch, tmp_path, qgis_app):
    QgsSettings().setValue(paths.HOME_SETTING, str(tmp_path / "chosen"))
    monkeypatch.setenv("DEEPSOIL_HOME", str(tmp_path / "said"))
    assert paths.home() == tmp_path / "said"
    monkeypatch.delenv("DEEPSOIL_HOME")
    assert paths.home() == tmp_path / "chosen"
    QgsSettings().remove(paths.HOME_SETTING)
    assert paths.home() == installation.default_home()


def test_the_version_is_that_of_the_metadata_in_the_folder_or_beside_it(tmp_path):
    inner = tmp_path / "plugin" / "source"
    inner.mkdir(parents=True)
    assert installation.version_beside(inner) == ""
    (tmp_path / "plugin" / "metadata.txt").write_text("[general]\nname=x\nversion= 1.2.3 \n")
    assert installation.version_beside(inner) == "1.2.3"
    (inner / "metadata.txt").write_text("version=4\n")
    assert installation.version_beside(inner) == "4"
    (inner / "metadata.txt").write_text("no version=5\n")
    assert installation.version_beside(inner) == "1.2.3"


def test_parts_are_taken_from_the_package_or_else_from_the_checkout(monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "PLUGIN", tmp_path / "plugin")
    assert (paths.resources(), paths.engine_source()) == (tmp_path / "resources", tmp_path / "remote")
    for name in ("resources", "engine_source"):
        (tmp_path / "plugin" / name).mkdir(parents=True)
    assert (paths.resources(), paths.engine_source()) == (
        tmp_path / "plugin" / "resources", tmp_path / "plugin" / "engine_source")


def test_icons_are_the_plugins_own_or_files(qgis_app, tmp_path):
    assert not paths.icon("train").isNull() and not paths.icon(str(paths.resources() / "icons" / "train.svg")).isNull()


@pytest.mark.parametrize(("language", "name"), [("es_MX", "index_es.md"), ("es", "index_es.md"), ("en_GB", "index.md"),
                                                ("xx", "index.md")])
def test_the_help_is_in_the_language_of_qgis_where_there_is_one(language, name):
    page = help_page(language)
    assert page.name == name and page.read_text(encoding="utf-8").startswith("#")


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    file = folder / "a.txt"
    file.write_text("old")
    with pytest.raises(ZeroDivisionError), atomic.replacing(file) as draft:
        draft.write_text("half")
        raise ZeroDivisionError
    assert file.read_text() == "old" and list(folder.iterdir()) == [file]
    with atomic.replacing(file) as draft:
        assert draft.parent == folder and draft != file
        draft.write_text("new")
        assert file.read_text() == "old"
    assert file.read_text() == "new" and list(folder.iterdir()) == [file]


@pytest.mark.parametrize("before", [None, "PySide6"])
def test_pyqtgraph_is_loaded_on_qgiss_qt_and_other_plugins_notice_nothing(before, monkeypatch):
    seen = []
    monkeypatch.setattr(pyqtgraph_loader.importlib, "import_module", lambda name: seen.append(
        (name, os.environ["PYQTGRAPH_QT_LIB"], sys.path[0])))
    monkeypatch.delitem(sys.modules, "pyqtgraph", raising=False)
    monkeypatch.setattr(sys, "path", ["/first", "/last"])
    monkeypatch.delenv("PYQTGRAPH_QT_LIB", raising=False)
    if before is not None:
        monkeypatch.setenv("PYQTGRAPH_QT_LIB", before)
    pyqtgraph_loader.load_pyqtgraph()
    bundled = str(paths.PLUGIN / "extlibs")
    assert seen == [("pyqtgraph", f"PyQt{QT_VERSION_STR[0]}", bundled)]
    assert os.environ.get("PYQTGRAPH_QT_LIB") == before and sys.path == ["/first", "/last", bundled]
    monkeypatch.setitem(sys.modules, "pyqtgraph", "the one of another plugin")
    assert pyqtgraph_loader.load_pyqtgraph() == "the one of another plugin" and len(seen) == 1


# ---- the menu ----

def test_the_menu_has_every_panel_and_window_and_loses_them_again(window, monkeypatch):
    opened = []
    monkeypatch.setattr(DeepSoilPlugin, "_with_components", lambda self, then, step=0: opened.append(then))
    plugin = DeepSoilPlugin(window)
    plugin.initGui()
    entries = {action.objectName(): action for action in window.menu}
    panels = list(registry.panels())
    assert list(entries) == ["deepsoilAction", "deepsoilOpenAction",
                             *(f"deepsoilPanel{panel.name.capitalize()}Action" for panel in panels),
                             "deepsoilTrainAction", "deepsoilModelsAction", "deepsoilExportAction",
                             "deepsoilFirstStepsAction", "deepsoilHelpAction"]
    for panel in panels:
        action = entries[f"deepsoilPanel{panel.name.capitalize()}Action"]
        assert action.shortcut().toString() == panel.shortcut and not action.icon().isNull()
    calls = []
    plugin._components = _Components(calls)
    for name, action in entries.items():
        if name not in ("deepsoilAction", "deepsoilFirstStepsAction", "deepsoilHelpAction"):
            action.trigger()
            opened.pop()()
    opened_panels = [step for panel in panels for step in ("start", f"panel {panel.name}")]
    assert calls == ["dock", *opened_panels, "train", "models", "export"]
    assert opened == []
    plugin._components = None
    entries["deepsoilHelpAction"].trigger()
    assert window.window.findChild(object, "deepsoilHelpWindow") is not None
    plugin.unload()
    assert window.menu == window.tool_bar == window.factories == []


class _Components:
    def __init__(self, calls):
        self.client = self.panels = self
        self.start = lambda: calls.append("start")
        self.go_to_dock = lambda: calls.append("dock")
        self.open = lambda name: calls.append(f"panel {name}")
        self.show_training = lambda: calls.append("train")
        self.show_models = lambda: calls.append("models")
        self.show_export = lambda: calls.append("export")


# ---- documents of the contract ----

RING = [[[-96.6, 39.1], [-96.5, 39.1], [-96.5, 39.2], [-96.6, 39.1]]]
WHOLE = {
    "schema": SCHEMA, "id": "a" * 32, "kind": "predict", "name": "North", "region": "sample",
    "area": {"type": "Polygon", "coordinates": RING}, "dates": {"start": "2023-07-15", "end": "2023-07-16"},
    "depths_cm": [5, 20], "models": {"5": "shallow"}, "output": {"crs": "utm", "resolution_m": 30.0},
    "options": {"management": [{"irrigation": {"type": "habit", "mm": 25.0, "depletion": 0.4}, "crop": "corn"}]},
    "resources": {"scheduler": "slurm", "gpus": 1}}


def paths_of(document, path=()):
    """Every field of a document, by its path."""
    items = document.items() if isinstance(document, dict) else enumerate(document) if isinstance(
        document, list) else ()
    for name, value in items:
        yield (*path, name)
        yield from paths_of(value, (*path, name))


def changed(path, value):
    document = copy.deepcopy(WHOLE)
    inner = document
    for name in path[:-1]:
        inner = inner[name]
    if value is None:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return document


def test_a_whole_specification_has_no_problem_and_other_kinds_have_other_options():
    assert problem(WHOLE, "Specification") is None
    assert problem({**WHOLE, "area": None, "region": None, "resources": None}, "Specification") is None
    assert problem({**WHOLE, "kind": "ingest"}, "Specification").field.startswith("options.")
    ingest = {"recipe": "/r.yaml", "store": "/s"}
    assert problem({**WHOLE, "kind": "ingest", "options": ingest}, "Specification") is None
    assert problem({**WHOLE, "options": {"recipe": "/r.yaml"}}, "Specification") == Problem("options.recipe", "unknown")


def keywords(rule):
    """The words of JSON Schema in a rule and in the rules in it."""
    found = set(rule)
    for one in (*rule.get("properties", {}).values(), *rule.get("anyOf", ()), *rule.get("oneOf", ()),
                *(rule[name] for name in ("items", "additionalProperties", "propertyNames")
                  if isinstance(rule.get(name), dict))):
        found |= keywords(one)
    return found


def test_every_word_of_the_schema_is_understood():
    source = Path(contract_check.__file__).read_text(encoding="utf-8")
    for name, rule in DEFINITIONS.items():
        assert {word for word in keywords(rule) if f'"{word}"' not in source} == set(), name


@pytest.mark.parametrize("path", [path for path in paths_of(WHOLE) if path[:2] != ("area", "coordinates")],
                         ids=lambda path: ".".join(map(str, path)))
def test_a_value_that_cannot_be_is_named_by_its_path(path):
    found = problem(changed(path, [[object]] if path[-1] != "coordinates" else "x"), "Specification")
    assert found is not None and found.what == "wrong"
    assert found.field == ".".join(map(str, path)) or found.field.startswith(".".join(map(str, path))), found


@pytest.mark.parametrize("name", ["schema", "id", "kind", "name"])
def test_a_field_that_is_missing_is_named(name):
    assert problem(changed((name,), None), "Specification") == Problem(name, "missing")


@pytest.mark.parametrize("where", [(), ("dates",), ("output",), ("resources",)])
def test_a_field_that_there_is_not_is_named(where):
    found = problem(changed((*where, "colour"), "red"), "Specification")
    assert found == Problem(".".join((*where, "colour")), "unknown")


@pytest.mark.parametrize(("path", "value", "fits"), [
    (("id",), "a" * 33, False), (("id",), "a" * 32 + "\n", False), (("id",), "G" * 32, False), (("name",), "", False),
    (("name",), "n" * 200, True), (("name",), "n" * 201, False), (("depths_cm",), [], False),
    (("depths_cm",), [7], False),
    (("dates", "start"), "2023-02-29", False), (("dates", "start"), "2024-02-29", True),
    (("dates", "start"), "20230715", False), (("schema",), True, False), (("schema",), SCHEMA + 1, False),
    (("models",), {"7": "x"}, False), (("models",), {"5": 7}, False), (("resources", "gpus"), 1.5, False),
    (("resources", "gpus"), True, False), (("output", "resolution_m"), float("nan"), False),
    (("output", "resolution_m"), float("inf"), False), (("output", "resolution_m"), 30, True),
    (("area", "type"), "Point", False),
    (("options", "management", 0, "irrigation"), {"type": "rainfed"}, True),
    (("options", "management", 0, "irrigation"), {"type": "flooded"}, False),
    (("options", "management", 0, "irrigation", "mm"), 0, False),
    (("options", "management", 0, "irrigation", "mm"), 0.1, True),
    (("options", "management", 0, "irrigation", "depletion"), 0.05, True),
    (("options", "management", 0, "irrigation", "depletion"), 0.0499, False)])
def test_a_value_at_its_bounds(path, value, fits):
    found = problem(changed(path, value), "Specification")
    assert (found is None) == fits, found
    if not fits:
        assert found.field.startswith(".".join(map(str, path)))


def test_a_document_nested_without_end_is_wrong():
    deep = json.loads("[" * 500 + "]" * 500)
    for _ in range(20):
        deep = [deep] * 1
    loop = {}
    loop["options"] = loop
    assert problem(loop, "Specification") is not None and problem({**WHOLE, "area": deep}, "Specification") is not None


def test_the_plugin_lies_in_its_folder():
    assert Path(atomic.__file__).parent == paths.PLUGIN and paths.version()
