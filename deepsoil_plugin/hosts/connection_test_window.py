"""The window that tests the connection to a host, step by step, and says what to do about each failure."""

from __future__ import annotations

from typing import Any

from qgis.gui import QgsCollapsibleGroupBox
from qgis.PyQt.QtCore import Qt, QTimer, pyqtSignal
from qgis.PyQt.QtGui import QCloseEvent, QFontDatabase, QGuiApplication
from qgis.PyQt.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from ..engine.client import EngineClient
from ..text.formatting import plain_error
from ..widgets.basic import GRID, ProblemLine, caption
from .login_prompts import QuestionDesk
from .model import Host, HostsModel
from .step_rows import StepRows

_SIZE_PX = (680, 560)
_DETAILS_PX = 160


class ConnectionWindow(QDialog):
    """Begins by itself; closing it gives the test up. ``installWanted(host)`` where only the engine is wanting."""

    installWanted = pyqtSignal(dict)

    def __init__(self, client: EngineClient, hosts: HostsModel, questions: QuestionDesk, host: Host,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("deepsoilTestWindow")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("DeepSoil: Connection Test of {0}").format(host["title"]))
        self._hosts, self._questions, self._host = hosts, questions, host
        self._running = False
        user = f"{host['user']}@" if host.get("user") else ""
        title = caption(f"{user}{host['address']}")
        self.rows = StepRows()
        self._verdict = ProblemLine("deepsoilTestVerdict")
        self._details = QPlainTextEdit()
        self._details.setObjectName("deepsoilTestDetails")
        self._details.setAccessibleName(self.tr("Details of the test"))
        self._details.setReadOnly(True)
        self._details.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._details.setMinimumHeight(_DETAILS_PX - 40)
        self._fold = QgsCollapsibleGroupBox(self.tr("Details"))
        self._fold.setObjectName("deepsoilTestFold")
        self._fold.setSaveCollapsedState(False)
        self._fold.setCollapsed(True)
        self._fold.collapsedStateChanged.connect(self._folded)
        QVBoxLayout(self._fold).addWidget(self._details)
        layout = QVBoxLayout(self)
        layout.setSpacing(3 * GRID)
        layout.addWidget(title)
        self._scroll = _scrolled(self.rows)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(self._verdict)
        layout.addWidget(self._fold)
        layout.addLayout(self._button_row())
        self.resize(*_SIZE_PX)
        client.hostStepped.connect(self._stepped)
        self.begin()

    def _folded(self, folded: bool) -> None:
        """The details take no room from the steps."""
        self.resize(self.width(), self.height() + (-_DETAILS_PX if folded else _DETAILS_PX))

    def _button_row(self) -> QHBoxLayout:
        self._install = _push("deepsoilTestInstall", self.tr("Install the engine…"), self._ask_install)
        self._again = _push("deepsoilTestAgain", self.tr("Test again"), self.begin)
        self._copy = _push("deepsoilTestCopy", self.tr("Copy details"), self._copy_details)
        self._close = _push("deepsoilTestClose", self.tr("Cancel"), self.close)
        row = QHBoxLayout()
        row.addWidget(self._copy)
        row.addStretch(1)
        for button in (self._install, self._again, self._close):
            row.addWidget(button)
        return row

    def begin(self) -> None:
        """Test, from the first step on."""
        if self._running:
            return
        self._running = True
        self.rows.clear()
        self._verdict.say(self.tr("Testing …"))
        self._show_buttons()
        self._hosts.test(self._host, self._done, self._refused, self)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._give_up()
        super().closeEvent(event)

    def reject(self) -> None:
        """Escape closes it too."""
        self._give_up()
        super().reject()

    def _give_up(self) -> None:
        if self._running:
            self._running = False
            self._questions.decline(self._host["id"])

    def _stepped(self, host_id: str, step: dict[str, Any]) -> None:
        if self._running and host_id == self._host["id"]:
            self.rows.put(step)
            self._scroll.ensureWidgetVisible(self.rows.line_of(str(step.get("step"))))
            self._details.setPlainText(self.rows.details())

    def _done(self, steps: Any) -> None:
        if not self._running:
            return
        for step in steps if isinstance(steps, list) else []:
            self.rows.put(step)
        self._end()
        failed, title = self.rows.failed(), self._host["title"]
        QTimer.singleShot(0, self._bring_failure)
        remarks = [step for step in self.rows.steps.values() if step.get("state") == "warning"]
        if failed and failed != ["engine"]:
            self._verdict.say(self.tr("Jobs cannot be sent to {0} yet. Follow the advice at the failed step, then "
                                      "test again.").format(title), warning=True)
        elif self._engine_wanting():
            self._verdict.say(self.tr("Only this version of the engine is missing on {0}. Install it.").format(
                title), warning=True)
        elif remarks:
            self._verdict.say(self.tr("Jobs can be sent to {0}. Please read the warnings.").format(title))
        else:
            self._verdict.say(self.tr("All tests passed. Jobs can be sent to {0}.").format(title))

    def _bring_failure(self) -> None:
        """Once the lines have been laid out, the first that failed is seen."""
        for step in self.rows.failed()[:1]:
            self._scroll.ensureWidgetVisible(self.rows.line_of(step))

    def _refused(self, error: dict[str, Any]) -> None:
        if self._running:
            self._end()
            self._verdict.say(plain_error(error), warning=True)

    def _end(self) -> None:
        self._running = False
        self._details.setPlainText(self.rows.details())
        self._show_buttons()

    def _engine_wanting(self) -> bool:
        engine = self.rows.steps.get("engine", {}).get("state")
        return engine in ("failed", "warning") and set(self.rows.failed()) <= {"engine"}

    def _show_buttons(self) -> None:
        wanting = not self._running and self._engine_wanting()
        self._install.setVisible(wanting)
        self._install.setDefault(wanting)
        self._again.setVisible(not self._running)
        self._copy.setEnabled(not self._running)
        self._close.setText(self.tr("Cancel") if self._running else self.tr("Close"))

    def _ask_install(self) -> None:
        self.installWanted.emit(self._host)

    def _copy_details(self) -> None:
        QGuiApplication.clipboard().setText(self.rows.details())


def _scrolled(content: QWidget) -> QScrollArea:
    """Lines wrap; only where there are too many of them, they are scrolled."""
    scroll = QScrollArea()
    scroll.setFrameShape(QScrollArea.Shape.NoFrame)
    scroll.setWidgetResizable(True)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setWidget(content)
    return scroll


def _push(name: str, text: str, action: Any) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAutoDefault(False)
    button.clicked.connect(lambda _=False: action())
    return button
