"""Every text that a user can meet can be translated, and the translations are complete."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from qgis.PyQt.QtCore import QTranslator

import deepsoil_plugin
from deepsoil_plugin.help_window import help_page
from deepsoil_plugin.text import translate
from tools.engine_messages import engine_messages
from tools.translations import ENGINE, FOLDER, INSTALLER, LANGUAGES, ts_file

ROOT = Path(deepsoil_plugin.__file__).parent
FILES = sorted(path for path in ROOT.rglob("*.py") if "extlibs" not in path.parts)
# Calls that show their text arguments to the user.
SHOWING = {"QLabel", "QPushButton", "QCheckBox", "QRadioButton", "QGroupBox", "QgsCollapsibleGroupBox", "QAction",
           "QMenu", "QTextBrowser", "setText", "setToolTip", "setWindowTitle", "setPlaceholderText", "setTitle",
           "setAccessibleName", "setSpecialValueText", "setInformativeText", "setLabelText", "setHeaderLabels",
           "setDialogTitle", "setNameFilter", "setSuffix", "addItem", "addRow", "addButton", "addAction", "addMenu",
           "pushMessage", "createMessage", "pushInfo", "warning", "success", "say", "caption", "quiet_label",
           "tool_button", "setLabel", "AreaError", "QgsProcessingException", "EngineError"}
# Layer metadata is written in English and says so (setLanguage).
ENGLISH = {"map/metadata.py"}
NO_TEXT = {"DeepSoil"}
NO_TEXT_AT = {"tool_button": (0, 1), "quiet_label": (0,), "setLabel": (0,), "addItem": (1,)}  # names, icons, data


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _calls(path: Path) -> Iterator[tuple[ast.Call, str]]:
    """Every call with the name of the innermost class around it."""
    def walk(node: ast.AST, inside: str) -> Iterator[tuple[ast.Call, str]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Call):
                yield child, inside
            yield from walk(child, child.name if isinstance(child, ast.ClassDef) else inside)
    return walk(ast.parse(path.read_text(encoding="utf-8")), "")


def _translated(path: Path) -> Iterator[tuple[str, ast.expr, int]]:
    """(context, text, line) of every translated text."""
    for call, inside in _calls(path):
        if not call.args:
            continue
        if isinstance(call.func, ast.Name) and call.func.id == "tr":
            yield "@default", call.args[0], call.lineno
        elif isinstance(call.func, ast.Attribute) and call.func.attr == "tr":
            yield inside, call.args[0], call.lineno
        elif _name(call) == "QT_TRANSLATE_NOOP":
            yield ast.literal_eval(call.args[0]), call.args[1], call.lineno


def _ts(language: str) -> dict[tuple[str, str], ElementTree.Element]:
    root = ElementTree.parse(ts_file(language)).getroot()
    return {(context.findtext("name") or "", message.findtext("source") or ""): message
            for context in root.findall("context") for message in context.findall("message")}


def _looks_like_text(node: ast.expr) -> bool:
    """Whether a literal, or the fixed part of an f-string, has a word that would have to be translated."""
    parts = [node.value] if isinstance(node, ast.Constant) else [
        part.value for part in node.values if isinstance(part, ast.Constant)] if isinstance(node, ast.JoinedStr) else []
    words = [word for part in parts if isinstance(part, str) for word in _without_markup(part).split()]
    return any(word.isalpha() and len(word) > 2 and word not in NO_TEXT for word in words)


def _without_markup(text: str) -> str:
    while "<" in text and ">" in text[text.index("<"):]:
        start = text.index("<")
        text = text[:start] + " " + text[text.index(">", start) + 1:]
    return text.replace("&nbsp;", " ")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_text_of_the_screen_bypasses_the_translator(path: Path) -> None:
    if path.relative_to(ROOT).as_posix() in ENGLISH:
        return
    found = [f"{path.name}:{argument.lineno}: {ast.unparse(argument)}" for call, _ in _calls(path)
             if _name(call) in SHOWING for number, argument in enumerate(call.args)
             if number not in NO_TEXT_AT.get(_name(call), ()) and _looks_like_text(argument)]
    assert found == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_translated_text_is_a_literal_that_the_collector_can_read(path: Path) -> None:
    loose = [f"{path.name}:{line}: {ast.unparse(text)}" for _, text, line in _translated(path)
             if not (isinstance(text, ast.Constant) and isinstance(text.value, str))]
    # A text of a table is marked there with QT_TRANSLATE_NOOP.
    assert [line for line in loose if not line.endswith((".title", ".use", ": text"))] == []


def test_nobody_subclasses_a_class_that_translates_by_its_own_name() -> None:
    """PyQt looks up ``self.tr`` under the class of the object, not under the class where it is written."""
    bases: set[str] = set()
    translating: set[str] = set()
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                bases |= {base.id for base in node.bases if isinstance(base, ast.Name)}
        translating |= {context for context, _, _ in _translated(path)}
    assert translating & bases == set()


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_no_text_of_the_sources_is_missing(language: str) -> None:
    wanted = {(context, text.value) for path in FILES for context, text, _ in _translated(path)
              if isinstance(text, ast.Constant)}
    wanted |= {("engine", text) for text in engine_messages(ENGINE, INSTALLER)}
    kept = set(_ts(language))
    assert (wanted - kept, kept - wanted) == (set(), set()), "run: python3 build.py translate"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_file_is_that_of_the_text_file(language: str) -> None:
    compiled = QTranslator()
    assert compiled.load(str(FOLDER / f"deepsoil_{language}.qm"))
    for (context, source), message in _ts(language).items():
        translation = message.find("translation")
        assert translation is not None
        if translation.get("type") == "unfinished":
            continue
        forms = [form.text or "" for form in translation.findall("numerusform")]
        if forms:
            assert [compiled.translate(context, source.encode(), None, n) for n in (1, 2)] == forms
        else:
            assert compiled.translate(context, source.encode(), None) == translation.text


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_a_translation_has_the_placeholders_of_its_text(language: str) -> None:
    def names(text: str) -> list[str]:
        return sorted(f"{name}:{form}" for _, name, form, _ in string.Formatter().parse(text) if name is not None)

    for (context, source), message in _ts(language).items():
        translation = message.find("translation")
        assert translation is not None
        if translation.get("type") == "unfinished" or "{" not in source:
            continue
        for text in [form.text or "" for form in translation.findall("numerusform")] or [translation.text or ""]:
            assert names(text) == names(source), f"{context}: {source}"


def test_english_has_its_plurals() -> None:
    assert translate.tr("%n day(s)", None, 1) == "1 day"
    assert translate.tr("%n day(s)", None, 3) == "3 days"


def test_an_error_of_the_engine_is_worded_from_its_template(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"No weather after {last}.": "No hay datos meteorológicos después del {last}."}
    monkeypatch.setattr(translate, "engine_text", lambda text: known.get(text, text))
    error = {"message": "No weather after 30 Jun.", "hint": "Choose an earlier day.",
             "templates": ["No weather after {last}.", "Choose an earlier day."], "values": {"last": "30 Jun"}}
    assert translate.error_message(error) == "No hay datos meteorológicos después del 30 Jun."
    assert translate.error_hint(error) == "Choose an earlier day."


@pytest.mark.parametrize("damage", [{}, {"templates": None}, {"templates": ["{gone}", ""], "values": {"other": 1}},
                                    {"templates": ["{last:.1f}", ""], "values": {"last": "x"}},
                                    {"templates": [3, 4], "values": {}}, {"templates": ["{", "}"], "values": {"a": 1}}])
def test_an_error_without_a_usable_template_keeps_the_engines_words(damage: dict) -> None:
    assert translate.error_message({"message": "Plain words.", "hint": "", **damage}) == "Plain words."


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_every_text_is_translated(language: str) -> None:
    left = [source for (_, source), message in _ts(language).items()
            if (translation := message.find("translation")) is not None and translation.get("type") == "unfinished"]
    assert left == [], "translate these in the .ts file, then run: python3 build.py translate"


def test_the_help_page_is_that_of_the_language_and_has_the_same_sections() -> None:
    assert help_page("es_MX").name == "index_es.md" and help_page("fr").name == "index.md"
    levels = [[line.split(" ")[0] for line in help_page(language).read_text(encoding="utf-8").splitlines()
               if line.startswith("#")] for language in ("en", "es")]
    assert levels[0] == levels[1]
