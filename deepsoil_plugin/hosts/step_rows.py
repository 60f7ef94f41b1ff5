"""The steps of a test of a connection, each as a row: a sign, what is tested, what came of it and what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QGridLayout, QSizePolicy, QWidget

from .. import paths
from ..text.plain import tip_text
from ..text.translate import error_hint, error_message, tr
from ..widgets.basic import GRID, ICON_PX, PlainLabel, quiet_label, say

STEPS = ("reach", "host_key", "login", "shell", "files", "disk", "scheduler", "engine")
_LONG_WORD = re.compile(r"(\S{24})(?=\S)")
_ICONS = {"waiting": "queued", "running": "running", "passed": "passed", "warning": "failed", "failed": "refused",
          "skipped": "cancelled"}


def step_title(step: str) -> str:
    titles = {"reach": tr("Connect"), "host_key": tr("Host key"), "login": tr("Log in"),
              "shell": tr("Run a command"), "files": tr("Send and receive a file"), "disk": tr("Disk space"),
              "scheduler": tr("Slurm"), "engine": tr("DeepSoil's engine")}
    return titles.get(step, step)


def state_word(state: str) -> str:
    """For screen readers and tooltips."""
    words = {"waiting": tr("not started"), "running": tr("running"), "passed": tr("passed"),
             "warning": tr("passed with a warning"), "failed": tr("failed"), "skipped": tr("skipped")}
    return words.get(state, state)


class StepRows(QWidget):
    """All steps from the start on, in the order in which they are taken."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("deepsoilTestSteps")
        self._signs: dict[str, PlainLabel] = {}
        self._messages: dict[str, PlainLabel] = {}
        self._hints: dict[str, PlainLabel] = {}
        self.steps: dict[str, dict[str, Any]] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(2 * GRID)
        grid.setVerticalSpacing(GRID)
        grid.setColumnStretch(2, 1)
        grid.setRowStretch(2 * len(STEPS), 1)
        for number, step in enumerate(STEPS):
            sign = PlainLabel()
            sign.setObjectName(f"deepsoilStep_{step}_sign")
            sign.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
            title = PlainLabel(step_title(step))
            message = quiet_label(f"deepsoilStep_{step}")
            hint = PlainLabel()
            hint.setObjectName(f"deepsoilStep_{step}_hint")
            hint.setWordWrap(True)
            hint.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            for position, widget in enumerate((sign, title, message)):
                widget.setAlignment(Qt.AlignmentFlag.AlignTop)
                grid.addWidget(widget, 2 * number, position)
            grid.addWidget(hint, 2 * number + 1, 2)
            self._signs[step], self._messages[step], self._hints[step] = sign, message, hint
        self.clear()

    def clear(self) -> None:
        self.steps = {}
        for step in STEPS:
            self._show(step, {"state": "waiting"})

    def put(self, step: Mapping[str, Any]) -> None:
        """What is known of a step; a step that a later engine adds is kept for the details only."""
        name = str(step.get("step"))
        self.steps[name] = dict(step)
        if name in self._signs:
            self._show(name, step)

    def line_of(self, step: str) -> QWidget:
        """The last line of a step: what to do, where something is to be done."""
        hint = self._hints.get(step, self)
        return self._signs.get(step, self) if hint.isHidden() else hint

    def failed(self) -> list[str]:
        return [name for name, step in self.steps.items() if step.get("state") == "failed"]

    def details(self) -> str:
        """Everything, to be read and copied."""
        lines: list[str] = []
        for name, step in self.steps.items():
            head = f"{step_title(name)}: {state_word(str(step.get('state')))}."
            lines.append(f"{head} {step.get('message') or ''}".strip())
            lines += [f"  {line}" for key in ("hint", "details") for line in str(step.get(key) or "").splitlines()]
        return "\n".join(lines)

    def _show(self, name: str, step: Mapping[str, Any]) -> None:
        state = str(step.get("state"))
        sign = self._signs[name]
        sign.setPixmap(paths.icon(_ICONS.get(state, "queued")).pixmap(ICON_PX, ICON_PX))
        sign.setToolTip(tip_text(state_word(state)))
        sign.setAccessibleName(f"{step_title(name)}: {state_word(state)}")
        say(self._messages[name], _breakable(error_message(step)))
        say(self._hints[name], _breakable(error_hint(step)) if state in ("failed", "warning") else "")


def _breakable(text: str) -> str:
    """A line may break within a very long word, such as a fingerprint. Pure."""
    return _LONG_WORD.sub("\\1\u200b", text)
