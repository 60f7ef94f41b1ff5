"""Loads the translation into QGIS's language; English has a file of its own for plural forms."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QLocale, QTranslator


def load(folder: Path, language: str) -> QTranslator | None:
    """The translator for a language, e.g. ``es`` or ``es_MX``, not yet installed; English where there is none."""
    translator = QTranslator()
    for name in (language, "en"):
        if translator.load(QLocale(name), "deepsoil", "_", str(folder)):
            return translator
    return None


def install(folder: Path) -> QTranslator | None:
    """Translate into the language that is chosen in QGIS. Keep what is returned as long as it is to be used."""
    translator = load(folder, QgsApplication.locale())
    if translator is not None:
        QCoreApplication.installTranslator(translator)
    return translator


def remove(translator: QTranslator | None) -> None:
    """Undo ``install``."""
    if translator is not None:
        QCoreApplication.removeTranslator(translator)
