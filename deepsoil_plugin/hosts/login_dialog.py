"""The window in which one question of the engine is answered: a new host key, a password, a passphrase, a code."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from typing import Any

from qgis.gui import QgsPasswordLineEdit
from qgis.PyQt.QtCore import Qt, QTimer, pyqtSignal
from qgis.PyQt.QtGui import QFontDatabase
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ..widgets.basic import GRID, PlainLabel, ProblemLine, caption, quiet_label, say

_WIDTH_PX = 480
_SAY_LEFT_S = 60   # the time that is left is said when it grows short
_TICK_MS = 500


class QuestionDialog(QDialog):
    """``answered(answers or None, remember)`` once, unless the question is over before; then ``expired``.

    Not modal: whoever waits for it waits elsewhere.
    """

    answered = pyqtSignal(object, bool)
    expired = pyqtSignal()

    def __init__(self, question: Mapping[str, Any], host_title: str, deadline: float, parent: QWidget | None = None,
                 *, given: Sequence[str | None] = (), remark: str = "", can_remember: bool = False,
                 remember: bool = False) -> None:
        """``deadline``: of the monotonic clock; ``given``: what the fields hold already, by prompt; ``remember``: the
        tick that stands there.
        """
        super().__init__(parent)
        self.setObjectName("deepsoilQuestion")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"DeepSoil: {host_title}")
        self._deadline, self._done = deadline, False
        self._fields: list[QLineEdit] = []
        layout = QVBoxLayout(self)
        layout.setSpacing(2 * GRID)
        title = caption(str(question.get("title") or host_title))
        title.setWordWrap(True)
        layout.addWidget(title)
        is_host_key = question.get("kind") == "host_key"
        fingerprint = str(question.get("fingerprint") or "")
        # The fingerprint is shown where the words about it name it.
        before, _, after = str(question.get("text") or "").partition(fingerprint) if fingerprint else (
            str(question.get("text") or ""), "", "")
        if before.strip():
            layout.addWidget(_plain("deepsoilQuestionText", before.strip()))
        problem = ProblemLine("deepsoilQuestionProblem")
        problem.say(remark, warning=True)
        layout.addWidget(problem)
        if is_host_key:
            self._add_fingerprint(layout, fingerprint, after.strip())
        for number, prompt in enumerate(question.get("prompts") or []):
            self._add_prompt(layout, prompt, given[number] if number < len(given) else None)
        self._remember = QCheckBox(self.tr("Save it, encrypted, in QGIS's authentication store"))
        self._remember.setObjectName("deepsoilQuestionRemember")
        self._remember.setVisible(can_remember)
        self._remember.setChecked(can_remember and remember)
        layout.addWidget(self._remember)
        self._left = quiet_label("deepsoilQuestionLeft")
        layout.addWidget(self._left)
        layout.addStretch(1)
        layout.addWidget(self._buttons(is_host_key))
        self.setMinimumWidth(max(_WIDTH_PX, self.minimumSizeHint().width()))
        first = next((field for field in self._fields if not field.text()), None)
        if first is not None:
            first.setFocus()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)
        self._timer.start(_TICK_MS)
        self._tick()

    def _add_fingerprint(self, layout: QVBoxLayout, fingerprint: str, advice: str) -> None:
        shown = PlainLabel(fingerprint)
        shown.setObjectName("deepsoilQuestionFingerprint")
        shown.setAccessibleName(self.tr("Fingerprint of the host key"))
        shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse
                                      | Qt.TextInteractionFlag.TextSelectableByKeyboard)
        shown.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        shown.setMargin(GRID)
        shown.setFrameShape(PlainLabel.Shape.StyledPanel)
        shown.setMinimumWidth(shown.sizeHint().width() + 4 * GRID)
        layout.addWidget(shown)
        layout.addWidget(_plain("deepsoilQuestionAdvice", advice or self.tr(
            "Compare it with the fingerprint from your administrator or the cluster's web page.")))
        once = quiet_label("deepsoilQuestionOnce", self.tr(
            "You are asked only once. If the host shows a different key later, it is refused."))
        layout.addWidget(once)

    def _add_prompt(self, layout: QVBoxLayout, prompt: Mapping[str, Any], given: str | None) -> None:
        field = QLineEdit() if prompt.get("echo") else QgsPasswordLineEdit()
        field.setObjectName(f"deepsoilAnswer{len(self._fields)}")
        field.setText(given or "")
        words = str(prompt.get("text") or "").strip()
        field.setAccessibleName(words or self.tr("Answer"))
        label = _plain(f"deepsoilPrompt{len(self._fields)}", words or self.tr("Answer"))
        label.setBuddy(field)
        layout.addWidget(label)
        layout.addWidget(field)
        self._fields.append(field)

    def _buttons(self, is_host_key: bool) -> QDialogButtonBox:
        box = QDialogButtonBox()
        go = QPushButton(self.tr("It matches: trust this host") if is_host_key else self.tr("OK"))
        go.setObjectName("deepsoilQuestionYes")
        cancel = QPushButton(self.tr("Do not connect") if is_host_key else self.tr("Cancel"))
        cancel.setObjectName("deepsoilQuestionNo")
        box.addButton(go, QDialogButtonBox.ButtonRole.AcceptRole)
        box.addButton(cancel, QDialogButtonBox.ButtonRole.RejectRole)
        # A host is not trusted by a stray Return.
        (cancel if is_host_key else go).setDefault(True)
        go.setAutoDefault(not is_host_key)
        box.accepted.connect(self.accept)
        box.rejected.connect(self.reject)
        return box

    def accept(self) -> None:
        self._answer([str(field.text()) for field in self._fields] or ["yes"])
        super().accept()

    def reject(self) -> None:
        self._answer(None)
        super().reject()

    def drop(self) -> None:
        """Go away unanswered: nobody waits for the answer any more."""
        self._done = True
        self._timer.stop()
        super().reject()

    def _answer(self, answers: list[str] | None) -> None:
        if not self._done:
            self._done = True
            self._timer.stop()
            self.answered.emit(answers, answers is not None and self._remember.isChecked())

    def _tick(self) -> None:
        left_s = self._deadline - time.monotonic()
        if left_s <= 0 and not self._done:
            self.drop()
            self.expired.emit()
        elif left_s <= _SAY_LEFT_S:
            say(self._left, self.tr("{0} s left to answer.").format(math.ceil(left_s)))


def _plain(name: str, text: str) -> PlainLabel:
    label = PlainLabel(text, name)
    label.setWordWrap(True)
    return label
