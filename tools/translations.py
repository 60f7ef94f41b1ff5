"""The translations in ``resources/i18n``: found by pylupdate5, kept in .ts files, compiled by lrelease.

English is the source. Its own .ts file holds plural forms only, made here from texts such as ``%n day(s)``.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from xml.etree import ElementTree

from .console import ROOT, run
from .engine_messages import engine_messages

FOLDER = ROOT / "resources" / "i18n"
PLUGIN = ROOT / "deepsoil_plugin"
ENGINE = ROOT / "remote" / "deepsoil"
INSTALLER = PLUGIN / "engine"
LANGUAGES = ("en", "es")
_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n'


def ts_file(language: str) -> Path:
    return FOLDER / f"deepsoil_{language}.ts"


def qm_file(language: str) -> Path:
    return FOLDER / f"deepsoil_{language}.qm"


def update(language: str) -> None:
    """Bring a .ts file up to date with the sources; translations of texts that still exist are kept."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        engine = Path(scratch) / "engine.py"
        engine.write_text("".join(f'QT_TRANSLATE_NOOP("engine", {_python_literal(text)})\n'
                                  for text in engine_messages(ENGINE, INSTALLER)), encoding="utf-8")
        sources = sorted(path for path in PLUGIN.rglob("*.py") if "extlibs" not in path.parts)
        run(["pylupdate5", "-noobsolete", *sources, engine, "-ts", ts_file(language)], what="pylupdate5")
    _tidy(ts_file(language), language)


def _tidy(path: Path, language: str) -> None:
    """No line numbers, which change with every edit; for English only plural forms, filled in."""
    root = ElementTree.parse(path).getroot()
    root.set("language", language)
    root.set("sourcelanguage", "en")
    for context in root.findall("context"):
        for message in context.findall("message"):
            for location in message.findall("location"):
                message.remove(location)
            if language == "en":
                if message.get("numerus") == "yes":
                    _fill_plural(message)
                else:
                    context.remove(message)
        if context.find("message") is None:
            root.remove(context)
    ElementTree.indent(root, "  ")
    path.write_text(_HEAD + ElementTree.tostring(root, encoding="unicode") + "\n", encoding="utf-8")


def _fill_plural(message: ElementTree.Element) -> None:
    source = message.findtext("source") or ""
    translation = message.find("translation")
    assert translation is not None
    translation.clear()
    for form in (source.replace("(s)", ""), source.replace("(s)", "s")):
        ElementTree.SubElement(translation, "numerusform").text = form


def compile_(language: str) -> None:
    """Write the .qm file that Qt reads."""
    run(["lrelease", "-silent", ts_file(language), "-qm", qm_file(language)], what="lrelease")


def unfinished(language: str) -> list[tuple[str, str]]:
    """Context and source of every text that is not translated."""
    root = ElementTree.parse(ts_file(language)).getroot()
    return [(context.findtext("name") or "", message.findtext("source") or "")
            for context in root.findall("context") for message in context.findall("message")
            if (translation := message.find("translation")) is None or translation.get("type") == "unfinished"]


def _python_literal(text: str) -> str:
    """As pylupdate5 reads it: double quotes, and no escapes but the usual ones."""
    escaped = re.sub(r'(["\\])', r"\\\1", text).replace("\n", "\\n")
    return f'"{escaped}"'
