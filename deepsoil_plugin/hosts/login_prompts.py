"""The engine's questions: answered from QGIS's auth manager where they can be, else asked one at a time.

What is answered goes to the engine and, where the user wants it and once the login has worked, to the auth manager:
to no setting, project or log.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Any

from qgis.PyQt.QtCore import QObject, QTimer
from qgis.PyQt.QtWidgets import QApplication, QWidget

from ..contract import QUESTION_TIMEOUT_S
from ..engine.client import EngineClient
from ..widgets.message_bar import Messages
from .credentials import SecretKey, Secrets, entry_title
from .login_dialog import QuestionDialog
from .model import HostsModel

_LOGGED_IN = ("ready", "no_engine", "other_engine")


class _Open:
    """A question that has not been answered. ``live``: the engine that asked it still runs."""

    def __init__(self, question: dict[str, Any]) -> None:
        self.number = str(question["question"])
        self.host = str(question["host"])
        self.kind = str(question.get("kind"))
        self.question = question
        self.live = True
        self.deadline = time.monotonic() + QUESTION_TIMEOUT_S

    @property
    def expired(self) -> bool:
        return time.monotonic() >= self.deadline


class QuestionDesk(QObject):
    """Where questions arrive. ``window`` gives the widget over which to ask; None: nobody is there to answer."""

    def __init__(self, client: EngineClient, hosts: HostsModel, messages: Messages,
                 window: Callable[[], QWidget | None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client, self._hosts, self._messages, self._window = client, hosts, messages, window
        self.secrets = Secrets()
        self._waiting: deque[_Open] = deque()
        self._now: _Open | None = None
        self._dialog: QuestionDialog | None = None
        self._tried: dict[SecretKey, str] = {}    # from the store, and not yet known to be right
        self._to_keep: dict[SecretKey, str] = {}  # kept when the login has worked
        client.questionAsked.connect(self._came)
        client.hostChanged.connect(self._host_changed)
        client.hostStepped.connect(self._stepped)
        client.stateChanged.connect(self._engine_changed)
        hosts.removed.connect(self.secrets.forget_host)

    def decline(self, host_id: str) -> None:
        """Answer what is open for a host with no: the user has turned away from it."""
        for waiting in [item for item in self._waiting if item.host == host_id]:
            self._waiting.remove(waiting)
            self._answer(waiting, None)
        if self._now is not None and self._now.host == host_id and self._dialog is not None:
            self._dialog.reject()

    def close(self) -> None:
        """Ask nothing more."""
        self._waiting.clear()
        self._drop_dialog()

    # --- one question after the other

    def _came(self, question: dict[str, Any]) -> None:
        self._waiting.append(_Open(question))
        # Not inside the pipe's turn: QGIS may ask for its master password first.
        QTimer.singleShot(0, self._next)

    def _next(self) -> None:
        while self._now is None and self._waiting:
            asked = self._waiting.popleft()
            if asked.expired:
                continue
            self._now = asked
            window = self._window()
            if window is None:
                self._answer(asked, None)
            elif self._known(asked) is None and asked.live:
                self._open(asked, window)
                return
            self._now = None

    def _known(self, asked: _Open) -> list[str] | None:
        """Answer from the store; None where that is not possible and the user has to be asked."""
        keys = self._keys(asked)
        given = [self._stored(key) for key in keys]
        if not keys or any(key is not None and key in self._tried for key in keys) or None in given:
            return None
        for key, secret in zip(keys, given, strict=True):
            if key is not None and secret is not None:
                self._tried[key] = secret
        answers = [secret for secret in given if secret is not None]
        self._answer(asked, answers)
        return answers

    def _open(self, asked: _Open, window: QWidget) -> None:
        keys = self._keys(asked)
        refused = any(key in self._tried for key in keys)
        given = [None if key in self._tried else self._stored(key) for key in keys]
        dialog = QuestionDialog(
            asked.question, self._hosts.title(asked.host), asked.deadline,
            QApplication.activeModalWidget() or window, given=given, can_remember=any(keys),
            remember=refused or any(key in self._to_keep for key in keys),
            remark=self.tr("The saved password was not accepted. Type it again.") if refused else "")
        dialog.answered.connect(lambda answers, remember: self._answered(asked, answers, given, remember))
        dialog.expired.connect(lambda: self._finish(asked))
        # A window that is closed under it takes the dialog along; the question is still there.
        dialog.destroyed.connect(lambda: self._lost(asked))
        self._dialog = dialog
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    def _answered(self, asked: _Open, answers: list[str] | None, given: list[str | None], remember: bool) -> None:
        self._answer(asked, answers)
        self._dialog = None
        if answers is not None:
            self._note(asked, answers, given, remember)
        self._finish(asked)

    def _note(self, asked: _Open, answers: list[str], given: list[str | None], remember: bool) -> None:
        """What was stored and not accepted goes; what is to be remembered waits for the login to work."""
        fresh: dict[SecretKey, str] = {}
        for key, answer, stored in zip(self._keys(asked), answers, given, strict=False):
            if key is None:
                continue
            self._to_keep.pop(key, None)
            if self._tried.pop(key, None) is not None:
                self.secrets.forget(key)
            if answer and answer == stored:
                self._tried[key] = answer
            elif answer:
                fresh[key] = answer
        if not remember or not fresh:
            return
        if self.secrets.unlock():
            self._to_keep.update(fresh)
        else:
            self._messages.warning(self.tr("The password was not saved: QGIS's authentication store is locked."))

    def _lost(self, asked: _Open) -> None:
        if self._now is asked:
            self._now, self._dialog = None, None
            self._waiting.appendleft(asked)
            QTimer.singleShot(0, self._next)

    def _finish(self, asked: _Open) -> None:
        if self._now is asked:
            self._now, self._dialog = None, None
            QTimer.singleShot(0, self._next)

    def _answer(self, asked: _Open, answers: list[str] | None) -> None:
        if not asked.live:
            return  # the engine's successor numbers its questions anew
        self._client.call("answer", {"question": asked.number, "answers": answers})

    # --- what is kept

    def _keys(self, asked: _Open) -> list[SecretKey | None]:
        """For every prompt what its answer is kept under; None where it must not be kept."""
        about = str(asked.question.get("about") or "")
        kind = "passphrase" if asked.kind == "passphrase" else "password"
        keys: list[SecretKey | None] = []
        for prompt in asked.question.get("prompts") or []:
            text = str(prompt.get("text") or "").strip()
            lasts = bool(about) and bool(prompt.get("lasting"))  # the engine tells a password from a code
            keys.append(SecretKey(asked.host, kind, about, text) if lasts else None)
        return keys

    def _stored(self, key: SecretKey | None) -> str | None:
        return self.secrets.find(key) if key is not None else None

    def _logged_in(self, host_id: str) -> None:
        for key in [key for key in self._tried if key.host == host_id]:
            del self._tried[key]
        for key in [key for key in self._to_keep if key.host == host_id]:
            self.secrets.keep(key, entry_title(self._hosts.title(host_id), key.kind), self._to_keep.pop(key))

    def _host_changed(self, host: dict[str, Any]) -> None:
        state = (host.get("connection") or {}).get("state")
        if state in _LOGGED_IN:
            self._logged_in(str(host["id"]))
        elif state == "refused":
            for key in [key for key in self._to_keep if key.host == host["id"]]:
                del self._to_keep[key]

    def _stepped(self, host_id: str, step: dict[str, Any]) -> None:
        if step.get("step") == "login" and step.get("state") == "passed":
            self._logged_in(host_id)

    def _engine_changed(self, state: str) -> None:
        """An engine that has ended waits for no answer; its successor asks anew."""
        if state != "ready":
            for asked in [*self._waiting, *([self._now] if self._now else [])]:
                asked.live = False
            self._waiting.clear()
            self._drop_dialog()

    def _drop_dialog(self) -> None:
        dialog, self._dialog, self._now = self._dialog, None, None
        if dialog is not None:
            dialog.drop()
