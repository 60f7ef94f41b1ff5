"""Archives that are asked only with the user's word: terms to agree to, and accounts that have to be there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QCheckBox, QGroupBox, QWidget

from ...text.translate import engine_text, tr
from ...widgets.basic import GRID, PlainLabel, column, row, subdue

_EARTHDATA = "earthdata"


def account_advice(account: str) -> str:
    """How one gets an account, and where it is entered."""
    if account == _EARTHDATA:
        return tr("Needs a NASA Earthdata account, which is free: register at urs.earthdata.nasa.gov, make a token "
                  "there (“Generate Token”), and enter it in DeepSoil's options.")
    return tr("Needs an account of {0}. Enter it in DeepSoil's options.").format(account)


class Consents(QGroupBox):
    """``agreed(name, on)`` when the user ticks or unticks the terms of an archive. Not there where none asks."""

    agreed = pyqtSignal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("deepsoilGatherConsents")
        self.setTitle(self.tr("Only with your consent"))
        self._layout = column(spacing=2 * GRID)
        self._layout.setContentsMargins(2 * GRID, GRID, 2 * GRID, 2 * GRID)
        self.setLayout(self._layout)
        self._shown: list[tuple[str, bool]] = []
        self._entries: list[QWidget] = []
        self.hide()

    def show_plan(self, plan: Mapping[str, Any]) -> None:
        """A box stays as the user has set it while the archives are the same."""
        wanted = [archive for archive in plan.get("archives") or ()
                  if archive.get("terms") or (archive.get("account") and not archive.get("has_account"))]
        shown = [(str(archive["name"]), bool(archive.get("terms"))) for archive in wanted]
        if shown == self._shown:
            return
        for entry in self._entries:
            self._layout.removeWidget(entry)
            entry.deleteLater()
        self._shown = shown
        self._entries = [self._entry(archive) for archive in wanted]
        for entry in self._entries:
            self._layout.addWidget(entry)
        self.setVisible(bool(wanted))

    def _entry(self, archive: Mapping[str, Any]) -> QWidget:
        """A box with its text below, which wraps: the text of a check box does not."""
        name, account = str(archive["name"]), str(archive.get("account") or "")
        needs_account = bool(account) and not archive.get("has_account")
        box = QCheckBox(archive["title"] if needs_account else tr("{0}: I agree to its terms").format(archive["title"]))
        box.setObjectName(f"deepsoilGatherAgree_{name}")
        box.setEnabled(not needs_account)
        box.toggled.connect(lambda on: self.agreed.emit(name, on))
        words = account_advice(account) if needs_account else " ".join(
            (tr("Licence: {0}.").format(engine_text(archive["licence"])), engine_text(str(archive["terms"]))))
        about = PlainLabel(words, f"deepsoilGatherTerms_{name}")
        about.setWordWrap(True)
        subdue(about)
        text = row(about)
        text.setContentsMargins(6 * GRID, 0, 0, 0)
        entry = QWidget()
        layout = column(box, spacing=0)
        layout.addLayout(text)
        entry.setLayout(layout)
        return entry
