"""The engine's questions: asked once, answered from QGIS's auth manager where they can be, and kept nowhere else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from auth_tools import reply, stored
from qgis.core import QgsApplication, QgsSettings
from qgis.PyQt.QtCore import QCoreApplication, QEvent
from qgis.PyQt.QtWidgets import QCheckBox, QDialog, QLabel, QLineEdit, QPushButton

from deepsoil_plugin.hosts import login_prompts
from deepsoil_plugin.hosts.credentials import SecretKey, Secrets
from deepsoil_plugin.hosts.login_prompts import QuestionDesk
from deepsoil_plugin.hosts.model import HostsModel
from deepsoil_plugin.widgets.message_bar import Messages

HYDRA = {"id": "hydra", "title": "Hydra", "address": "hydra.example.org", "port": None, "user": "anna",
         "authentication": "password", "key_file": None, "home": "~/deepsoil", "python": None, "scheduler": "slurm",
         "resources": {}}
ABOUT = "anna@hydra.example.org:22"
WORD = "open sesame θ"


@pytest.fixture
def desk(window, fake_engine, qtbot, tmp_path, master):
    """A desk over a window, with the helpers ``ask``, ``answers`` and ``dialog``."""
    log = tmp_path / "requests.jsonl"
    client = fake_engine(hosts=[HYDRA], log=str(log))
    hosts = HostsModel(client)
    window.window.show()
    made = QuestionDesk(client, hosts, Messages(window), window.mainWindow)
    with qtbot.waitSignal(client.ready, timeout=10_000):
        client.start()
    qtbot.waitUntil(lambda: len(hosts.hosts()) == 2, timeout=10_000)
    numbers = iter(range(100))

    def ask(kind, *prompts, echo=False, about=ABOUT, fingerprint=None, text="To Hydra"):
        number = f"q{next(numbers)}"
        client.call("event", {"event": "question", "question": number, "host": "hydra", "kind": kind,
                              "title": "Log in", "text": text, "fingerprint": fingerprint, "about": about,
                              "prompts": [{"text": text, "echo": echo,
                                           "lasting": kind != "host_key" and not echo and "code" not in text}
                                          for text in prompts]})
        return number

    def answers():
        requests = map(json.loads, log.read_text(encoding="utf-8").splitlines())
        return [(request["params"]["question"], request["params"]["answers"]) for request in requests
                if request["method"] == "answer"]

    def dialog():
        qtbot.waitUntil(lambda: made._dialog is not None, timeout=10_000)
        return made._dialog

    def logged_in(state="ready"):
        seen = []
        client.hostChanged.connect(seen.append)
        client.call("event", {"event": "host", "host": {**HYDRA, "connection": {"state": state}}})
        qtbot.waitUntil(lambda: bool(seen), timeout=10_000)

    made.ask, made.answers, made.dialog, made.logged_in, made.log = ask, answers, dialog, logged_in, log
    yield made
    made.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_a_host_key_is_shown_and_trusted_or_not(desk, qtbot):
    fingerprint = "SHA256:uNiVztksCsDhcc0u9e8BgrJXVGDv3bSK6vJpqVbq1nM"
    first = desk.ask("host_key", fingerprint=fingerprint)
    dialog = desk.dialog()
    assert dialog.findChild(QLabel, "deepsoilQuestionFingerprint").text() == fingerprint
    assert "administrator" in dialog.findChild(QLabel, "deepsoilQuestionAdvice").text()
    assert dialog.findChild(QPushButton, "deepsoilQuestionNo").isDefault()
    assert not dialog.findChild(QCheckBox, "deepsoilQuestionRemember").isVisible()
    dialog.findChild(QPushButton, "deepsoilQuestionYes").click()
    qtbot.waitUntil(lambda: desk.answers() == [(first, ["yes"])], timeout=10_000)
    second = desk.ask("host_key", fingerprint=fingerprint, text=f"Its key is\n{fingerprint}\nCompare the two.")
    again = desk.dialog()
    assert again.findChild(QLabel, "deepsoilQuestionText").text() == "Its key is"
    assert again.findChild(QLabel, "deepsoilQuestionAdvice").text() == "Compare the two."
    again.findChild(QPushButton, "deepsoilQuestionNo").click()
    qtbot.waitUntil(lambda: desk.answers()[1:] == [(second, None)], timeout=10_000)


def test_prompts_are_hidden_where_the_host_says_so_and_questions_wait_for_each_other(desk, qtbot):
    first = desk.ask("interactive", "Password: ")
    second = desk.ask("interactive", "Verification code: ", echo=True)
    dialog = desk.dialog()
    assert dialog.findChild(QLineEdit, "deepsoilAnswer0").echoMode() == QLineEdit.EchoMode.Password
    assert dialog.findChild(QLabel, "deepsoilPrompt0").text() == "Password:"
    reply(dialog, WORD)
    qtbot.waitUntil(lambda: desk._dialog is not None and desk._dialog is not dialog, timeout=10_000)
    code = desk.dialog()
    assert code.findChild(QLineEdit, "deepsoilAnswer0").echoMode() == QLineEdit.EchoMode.Normal
    assert not code.findChild(QCheckBox, "deepsoilQuestionRemember").isVisible(), "a code would be remembered"
    reply(code, "123456")
    qtbot.waitUntil(lambda: desk.answers() == [(first, [WORD]), (second, ["123456"])], timeout=10_000)
    desk.logged_in()
    assert stored() == []


def test_a_secret_is_kept_when_the_login_has_worked_and_answers_the_next_time(desk, qtbot, master, tmp_path):
    first = desk.ask("password", "Password for anna@hydra: ")
    reply(desk.dialog(), WORD, remember=True)
    qtbot.waitUntil(lambda: desk.answers() == [(first, [WORD])], timeout=10_000)
    assert stored() == [], "kept before it is known to be right"
    desk.logged_in()
    assert stored() == ["DeepSoil: Hydra, password"]
    second = desk.ask("password", "Password for anna@hydra: ")
    qtbot.waitUntil(lambda: desk.answers()[1:] == [(second, [WORD])], timeout=10_000)
    assert desk._dialog is None
    assert master.asked == 1
    # Not in the settings, and in no file of the profile in plain words.
    assert not any(WORD in str(QgsSettings().value(key)) for key in QgsSettings().allKeys())
    for path in Path(QgsApplication.qgisSettingsDirPath()).rglob("*"):
        assert not path.is_file() or WORD.encode() not in path.read_bytes(), path


def test_a_secret_that_was_not_accepted_is_asked_anew_and_replaced(desk, qtbot):
    key = SecretKey("hydra", "password", ABOUT, "Password:")
    secrets = Secrets()
    assert secrets.unlock()
    assert secrets.keep(key, "DeepSoil: Hydra, password", "old")
    first = desk.ask("password", "Password: ")
    qtbot.waitUntil(lambda: desk.answers() == [(first, ["old"])], timeout=10_000)
    second = desk.ask("password", "Password: ")
    dialog = desk.dialog()
    assert "not accepted" in dialog.findChild(QLabel, "deepsoilQuestionProblem").text()
    assert dialog.findChild(QLineEdit, "deepsoilAnswer0").text() == ""
    reply(dialog, "new", remember=True)
    qtbot.waitUntil(lambda: desk.answers()[1:] == [(second, ["new"])], timeout=10_000)
    desk.logged_in("no_engine")
    assert secrets.find(key) == "new"
    third = desk.ask("password", "Password: ")
    qtbot.waitUntil(lambda: desk.answers()[2:] == [(third, ["new"])], timeout=10_000)


def test_a_wrong_answer_is_not_kept_because_a_later_one_was_right(desk, qtbot):
    desk.ask("password", "Password: ")
    reply(desk.dialog(), "wrong", remember=True)
    desk.ask("password", "Password: ")
    qtbot.waitUntil(lambda: len(desk.answers()) == 1 and desk._dialog is not None, timeout=10_000)
    assert desk.dialog().findChild(QCheckBox, "deepsoilQuestionRemember").isChecked(), "the wish was forgotten"
    reply(desk.dialog(), WORD)
    desk.logged_in()
    assert stored() == []


def test_a_secret_of_one_host_is_never_told_another(desk):
    desk.ask("password", "Password: ")
    reply(desk.dialog(), WORD, remember=True)
    desk.logged_in()
    assert stored()
    desk.ask("password", "Password: ", about="anna@gate.example.org:22")
    assert desk.dialog().findChild(QLineEdit, "deepsoilAnswer0").text() == ""
    assert len(desk.answers()) == 1


def test_without_the_master_password_nothing_is_kept_and_the_login_works(desk, qtbot, master, window):
    master.word = ""
    first = desk.ask("password", "Password: ")
    reply(desk.dialog(), WORD, remember=True)
    qtbot.waitUntil(lambda: desk.answers() == [(first, [WORD])], timeout=10_000)
    desk.logged_in()
    assert stored() == []
    assert any("not saved" in item.text() for item in window.bar.items())
    asked = master.asked
    second = desk.ask("password", "Password: ")
    reply(desk.dialog(), WORD)
    qtbot.waitUntil(lambda: desk.answers()[1:] == [(second, [WORD])], timeout=10_000)
    assert master.asked == asked, "the master password is asked for again and again"


def test_a_locked_store_is_asked_for_once_and_the_user_is_asked_instead(desk, qtbot, master):
    assert Secrets().unlock()
    assert Secrets().keep(SecretKey("hydra", "password", ABOUT, "Password:"), "x", WORD)
    QgsApplication.authManager().clearMasterPassword()
    master.word, master.asked = "", 0
    for _ in range(2):
        desk.ask("password", "Password: ")
        reply(desk.dialog(), WORD)
        qtbot.waitUntil(lambda: desk._dialog is None, timeout=10_000)
    assert master.asked == 1
    assert stored(), "a secret that could not be read was thrown away"


def test_of_two_prompts_the_password_is_filled_in_and_the_code_is_typed(desk, qtbot):
    desk.ask("interactive", "Password: ", "One-time password code: ")
    reply(desk.dialog(), WORD, "111111", remember=True)
    desk.logged_in()
    assert len(stored()) == 1
    desk.ask("interactive", "Password: ", "One-time password code: ")
    qtbot.waitUntil(lambda: desk._dialog is not None, timeout=10_000)
    assert desk._dialog.findChild(QLineEdit, "deepsoilAnswer0").text() == WORD
    assert desk._dialog.findChild(QLineEdit, "deepsoilAnswer1").text() == ""
    reply(desk._dialog, "changed", "222222", remember=True)
    desk.logged_in()
    assert len(stored()) == 1, "the older password was kept beside the newer"


def test_a_question_that_nobody_answers_disappears(desk, qtbot, monkeypatch):
    monkeypatch.setattr(login_prompts, "QUESTION_TIMEOUT_S", 0.6)
    desk.ask("password", "Password: ")
    dialog = desk.dialog()
    assert "left to answer" in dialog.findChild(QLabel, "deepsoilQuestionLeft").text()
    qtbot.waitUntil(lambda: desk._dialog is None, timeout=10_000)
    assert desk.answers() == []


def test_without_a_window_every_question_is_answered_with_nothing(desk, qtbot):
    desk._window = lambda: None
    first = desk.ask("host_key", fingerprint="SHA256:x")
    second = desk.ask("password", "Password: ")
    qtbot.waitUntil(lambda: desk.answers() == [(first, None), (second, None)], timeout=10_000)


def test_a_window_that_is_closed_under_a_question_does_not_lose_it(desk, qtbot, window):
    below = QDialog(window.window)
    below.open()
    number = desk.ask("password", "Password: ")
    first = desk.dialog()
    assert first.parent() is below
    below.reject()
    below.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qtbot.waitUntil(lambda: desk._dialog is not None and desk._dialog is not first, timeout=10_000)
    reply(desk._dialog, WORD)
    qtbot.waitUntil(lambda: desk.answers() == [(number, [WORD])], timeout=10_000)


def test_an_engine_that_ends_takes_its_questions_along(desk, qtbot):
    desk.ask("password", "Password: ")
    desk.ask("password", "Password: ")
    desk.dialog()
    desk._client.stop()
    assert desk._dialog is None
    qtbot.wait(50)
    assert desk._dialog is None
    assert desk.answers() == []


def test_an_engine_that_ends_during_the_master_password_is_told_nothing_nor_is_its_successor(desk, qtbot, master):
    assert Secrets().unlock()
    assert Secrets().keep(SecretKey("hydra", "password", ABOUT, "Password:"), "x", WORD)
    QgsApplication.authManager().clearMasterPassword()
    master.meanwhile = desk._client.stop
    desk.ask("password", "Password: ")
    qtbot.waitUntil(lambda: desk._client.state == "off", timeout=10_000)
    box = []
    desk._client.call("echo", {}, box.append)
    qtbot.waitUntil(lambda: bool(box), timeout=10_000)
    assert desk.answers() == []
    assert desk._dialog is None


def test_turning_away_from_a_host_answers_its_questions_with_nothing(desk, qtbot):
    first, second = desk.ask("password", "Password: "), desk.ask("interactive", "Code: ")
    desk.dialog()
    qtbot.waitUntil(lambda: len(desk._waiting) == 1, timeout=10_000)
    desk.decline("hydra")
    qtbot.waitUntil(lambda: sorted(desk.answers()) == [(first, None), (second, None)], timeout=10_000)


def test_what_is_remembered_for_a_host_goes_with_it(desk, qtbot):
    desk.ask("password", "Password: ")
    reply(desk.dialog(), WORD, remember=True)
    desk.logged_in()
    assert stored()
    desk._hosts.remove("hydra", print)
    qtbot.waitUntil(lambda: stored() == [], timeout=10_000)
