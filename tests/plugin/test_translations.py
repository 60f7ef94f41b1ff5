"""Every text that a user can meet can be translated, and the translations are complete."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from qgis.PyQt.QtCore import QCoreApplication, QTranslator

import deepsoil_plugin
from deepsoil_plugin.engine import install_text
from deepsoil_plugin.help_window import help_page
from deepsoil_plugin.jobs.status_text import status_text
from deepsoil_plugin.text import translate
from tools.engine_messages import engine_messages, untranslatable
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


@pytest.fixture
def spanish(qapp: QCoreApplication) -> Iterator[None]:
    translator = QTranslator()
    assert translator.load(str(FOLDER / "deepsoil_es.qm"))
    QCoreApplication.installTranslator(translator)
    yield
    QCoreApplication.removeTranslator(translator)


def _text(template: str, **values: object) -> dict:
    return {"template": template, "values": values}


@pytest.mark.usefixtures("spanish")
def test_the_progress_of_a_job_is_worded_in_spanish() -> None:
    job = {"state": "running", "progress": 0.25, "message": "Simulated 1,234 of 56,789 soil columns",
           "message_text": _text("Simulated {done:,} of {total:,} soil columns", done=1234, total=56789)}
    assert translate.engine_message(job) == "Simuladas 1,234 de 56,789 columnas de suelo"
    assert "Simuladas 1,234 de 56,789 columnas de suelo" in status_text(job)
    assert translate.engine_message({"message": "Waiting for its turn", "message_text": None}) == \
        "En espera de su turno"
    within = _text("{done} of {total} done. {waiting_for}", done=2, total=3,
                   waiting_for=_text("Waiting behind {count} jobs", count=4))
    assert translate.engine_message({"message": "x", "message_text": within}) == \
        "2 de 3 terminadas. En espera detrás de 4 trabajos"
    channel = _text("{channel} of {day}", channel="Leaf area index", day="2023-07-15")
    assert translate.engine_message({"waiting_for": "x", "waiting_for_text": channel}, "waiting_for") == \
        "Índice de área foliar, 2023-07-15"


@pytest.mark.usefixtures("spanish")
def test_what_the_installer_says_is_worded_in_spanish() -> None:
    said = install_text.fields(install_text.Text("Downloading {package}", package="numpy"))
    assert said["message"] == "Downloading numpy" and translate.engine_message(said) == "Descargando numpy"
    assert install_text.fields("As it is", "hint") == {"hint": "As it is", "hint_text": None}


@pytest.mark.usefixtures("spanish")
@pytest.mark.parametrize("record", [
    None, 5, {}, {"template": None}, {"template": "{gone}", "values": {"a": 1}}, {"template": "{", "values": {"a": 1}},
    {"template": "{a}", "values": {"a": {"template": 3}}}, {"template": "{a:d}", "values": {"a": "x"}},
    {"template": "{a}", "values": [1]}])
def test_a_message_without_a_usable_template_keeps_the_engines_words(record: object) -> None:
    assert translate.engine_message({"message": "Plain words.", "message_text": record}) == "Plain words."


@pytest.mark.parametrize("package", [ENGINE, INSTALLER], ids=["engine", "installer"])
def test_no_progress_is_put_together_before_it_is_said(package: Path) -> None:
    assert untranslatable(package) == [], "give it a Text with a literal template"


@pytest.mark.parametrize("call", [
    'folder.progress(1, 2, f"{n} of 2")', 'report(0.5, "x" if n else f"{n}")', 'tell(1, 2, n or f"{n}")',
    'on_progress(f"{n}", 0.5)', 'self._report(f"{n}", 0.5)', 'Text(f"{n}")', "Text(n)",
    'Outcome("waiting", words=f"{n}")', 'folder.step("running", message=f"{n}")'])
def test_a_message_put_together_is_found(call: str, tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text(f'folder.progress(1, 2, Text("{{n}} of 2", n=n))\n{call}\n')
    assert untranslatable(tmp_path) == ["module.py:2"]


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
