"""Hosts: described in a dialog, handed to the engine, tested, installed at and removed; nothing waits meanwhile."""

from __future__ import annotations

import json

import pytest
from qgis.PyQt.QtCore import QCoreApplication, QEvent, Qt
from qgis.PyQt.QtWidgets import QDialog, QLabel, QMessageBox, QProgressBar, QPushButton, QTreeWidget

from deepsoil_plugin import classFactory
from deepsoil_plugin.contract import LOCAL
from deepsoil_plugin.hosts import validation
from deepsoil_plugin.hosts.connection_test_window import ConnectionWindow
from deepsoil_plugin.hosts.edit_dialog import HostDialog
from deepsoil_plugin.hosts.model import HostsModel

HYDRA = {"id": "hydra", "title": "Hydra", "address": "hydra.example.org", "port": None, "user": "anna",
         "authentication": "agent", "key_file": None, "home": "~/deepsoil", "python": None, "scheduler": "slurm",
         "resources": {"partition": "gpu", "account": None, "qos": None, "gpus": 1, "cpus": None, "memory_mb": 8_192,
                       "minutes": 100, "tasks": 19, "processes": 2, "attempts": 3}}
PASSED = [{"step": step, "state": "passed", "message": f"{step} is fine", "hint": "", "details": "12 kB"}
          for step in ("reach", "host_key", "login", "shell", "files", "disk", "scheduler", "engine")]


def failing(step, **words):
    """The steps of a test of which one fails."""
    return [{**one, "state": "failed", **words} if one["step"] == step else one for one in PASSED]


@pytest.fixture
def sent(tmp_path):
    """``sent(method)``: the parameters of every such request that reached the engine."""
    log = tmp_path / "requests.jsonl"

    def read(method):
        lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
        return [request["params"] for request in map(json.loads, lines) if request["method"] == method]

    read.log = str(log)
    return read


@pytest.fixture
def page(window, fake_engine, qtbot, monkeypatch, sent):
    """``page(**script)`` opens the options page over a fake engine; the plugin is ``page.plugin``."""
    plugins = []

    def make(**script):
        results = {"list": [], "regions": [], "models": [], "ssh_aliases": ["gate", "raijin"]}
        script = {"results": results, "log": sent.log, **script}
        monkeypatch.setenv("DEEPSOIL_ENGINE_PYTHON", str(fake_engine(**script)._python))
        plugin = classFactory(window)
        plugins.append(plugin)
        plugin.initGui()
        window.window.show()
        made = window.factories[0].createWidget(window.window)
        made.show()
        qtbot.waitUntil(lambda: plugin.components.client.is_ready, timeout=20_000)
        make.plugin = plugin
        count = 1 + len(script.get("hosts", []))
        qtbot.waitUntil(lambda: len(plugin.components.hosts.hosts()) == count, timeout=10_000)
        return made

    yield make
    for plugin in plugins:
        plugin.unload()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def button(parent, name):
    found = parent.findChild(QPushButton, name)
    assert found is not None, name
    return found


def rows(page):
    tree = page.findChild(QTreeWidget, "deepsoilHosts")
    return [[tree.topLevelItem(number).text(column) for column in range(3)]
            for number in range(tree.topLevelItemCount())]


def choose(page, number):
    tree = page.findChild(QTreeWidget, "deepsoilHosts")
    tree.setCurrentItem(tree.topLevelItem(number))


def opened(window, name):
    found = window.window.findChild(QDialog, name)
    assert found is not None, name
    return found


def test_a_cluster_is_added_and_the_engine_gets_what_was_typed(page, window, qtbot, sent):
    options = page()
    assert rows(options) == [["This computer", "", "ready"]]
    assert not button(options, "deepsoilHostEdit").isEnabled()
    button(options, "deepsoilHostAdd").click()
    dialog = opened(window, "deepsoilHostDialog")
    save = button(dialog, "deepsoilHostSave")
    assert not save.isEnabled(), "a host without a host can be saved"
    qtbot.keyClicks(dialog.access.address.lineEdit(), "raijin.example.org")
    assert dialog.access.title.text() == "raijin", "the title does not follow the host"
    dialog.access.title.clear()
    qtbot.keyClicks(dialog.access.title, "Raijin South")
    qtbot.keyClicks(dialog.access.user, "anna")
    dialog.access.authentication.setCurrentIndex(dialog.access.authentication.findData("key"))
    assert not save.isEnabled(), "a key without a file can be saved"
    dialog.access.key_file.setFilePath("/home/anna/.ssh/id")
    qtbot.keyClicks(dialog.resources._names["partition"], "gpu")
    dialog.resources._memory.setValue(16)
    dialog.resources._minutes.setValue(1.5)
    dialog.rare._port.setValue(2222)
    assert save.isEnabled()
    save.click()
    qtbot.waitUntil(lambda: len(rows(options)) == 2, timeout=10_000)
    assert sent("set_host") == [{"host": {
        "id": "raijin-south", "title": "Raijin South", "address": "raijin.example.org", "port": 2222, "user": "anna",
        "authentication": "key", "key_file": "/home/anna/.ssh/id", "home": "~/deepsoil", "python": None,
        "scheduler": "slurm",
        "resources": {"partition": "gpu", "account": None, "qos": None, "gpus": 0, "cpus": 4, "memory_mb": 16_000,
                      "minutes": 90, "tasks": 16, "processes": 1, "attempts": 3}}}]
    assert rows(options)[1] == ["Raijin South", "anna@raijin.example.org", "ready"]


@pytest.mark.parametrize("changes", [
    {}, {"authentication": "agent", "user": None, "port": 2222}, {"authentication": "password"},
    {"authentication": "key", "key_file": "/home/anna/.ssh/id", "scheduler": "gridengine"}])
def test_a_host_that_is_opened_and_saved_is_as_it_was(changes, page, window, qtbot, sent):
    host = {**HYDRA, **changes}
    options = page(hosts=[host])
    choose(options, 1)
    button(options, "deepsoilHostEdit").click()
    button(opened(window, "deepsoilHostDialog"), "deepsoilHostSave").click()
    qtbot.waitUntil(lambda: bool(sent("set_host")), timeout=10_000)
    assert sent("set_host") == [{"host": host}]


def test_what_the_engine_refuses_is_said_in_the_dialog_and_nothing_typed_is_lost(page, window, qtbot):
    refusal = {"code": "host_invalid", "message": "The host is unknown.", "hint": "Check it.", "field": "address"}
    options = page(errors={"set_host": refusal})
    button(options, "deepsoilHostAdd").click()
    dialog = opened(window, "deepsoilHostDialog")
    dialog.access.address.setEditText("nowhere")
    dialog.accept()
    problem = dialog.findChild(QLabel, "deepsoilHostProblem")
    qtbot.waitUntil(lambda: problem.text() == "The host is unknown. Check it.", timeout=10_000)
    assert dialog.isVisible()
    assert dialog.access.address.currentText() == "nowhere"
    assert button(dialog, "deepsoilHostSave").isEnabled()


@pytest.mark.parametrize(("changes", "field", "word"), [
    ({"address": ""}, "address", "Choose"),
    ({"address": "anna@hydra"}, "address", "user"),
    ({"address": "a b"}, "address", "spaces"),
    ({"title": ""}, "title", "name"),
    ({"title": "GATE"}, "title", "Another"),
    ({"authentication": "key"}, "key_file", "private key"),
    ({"home": "deepsoil"}, "home", "full path"),
    ({"resources": {**validation.RESOURCES, "account": "$(touch x)"}}, "account", "single word"),
])
def test_what_is_wrong_with_a_host_is_said_while_it_is_typed(qgis_app, changes, field, word):
    found = validation.problem({**HYDRA, **changes}, ["Gate"])
    assert found is not None
    assert found.field == field
    assert word in found.text
    assert validation.problem(HYDRA, ["Gate"]) is None


def test_ids_are_short_plain_and_of_one_host_only():
    assert validation.host_id("Räijin Süd (2)", []) == "raijin-sud-2"
    assert validation.host_id("Hydra", ["hydra", "hydra-2"]) == "hydra-3"
    assert validation.host_id("北", []) == "host"


def test_the_aliases_of_the_ssh_configuration_are_offered_and_what_is_typed_meanwhile_stays(page, window, qtbot):
    options = page()
    button(options, "deepsoilHostAdd").click()
    dialog = opened(window, "deepsoilHostDialog")
    dialog.access.address.setEditText("hyd")
    qtbot.waitUntil(lambda: dialog.access.address.count() == 2, timeout=10_000)
    assert [dialog.access.address.itemText(index) for index in range(2)] == ["gate", "raijin"]
    assert dialog.access.address.currentText() == "hyd"
    assert dialog.access.title.text() == "hyd"


def test_a_test_that_passes_says_so_and_every_step_is_seen(page, window, qtbot, sent):
    options = page(hosts=[HYDRA], steps=PASSED)
    choose(options, 1)
    button(options, "deepsoilHostTestConnection").click()
    test = opened(window, "deepsoilTestWindow")
    verdict = test.findChild(QLabel, "deepsoilTestVerdict")
    qtbot.waitUntil(lambda: "All tests passed" in verdict.text(), timeout=10_000)
    assert sent("test_host") == [{"host": HYDRA}]
    for step in PASSED:
        assert test.findChild(QLabel, f"deepsoilStep_{step['step']}").text() == step["message"]
        assert "passed" in test.findChild(QLabel, f"deepsoilStep_{step['step']}_sign").accessibleName()
    assert not button(test, "deepsoilTestInstall").isVisible()


def test_a_step_that_fails_says_what_to_do_and_can_be_copied_and_tried_again(page, window, qtbot, sent, qgis_app):
    options = page(hosts=[HYDRA], steps=failing("scheduler", message="No partition 'gpu'.", hint="Choose cpu."))
    choose(options, 1)
    button(options, "deepsoilHostTestConnection").click()
    test = opened(window, "deepsoilTestWindow")
    verdict = test.findChild(QLabel, "deepsoilTestVerdict")
    qtbot.waitUntil(lambda: "cannot be sent" in verdict.text(), timeout=10_000)
    assert test.findChild(QLabel, "deepsoilStep_scheduler").text() == "No partition 'gpu'."
    assert test.findChild(QLabel, "deepsoilStep_scheduler_hint").text() == "Choose cpu."
    assert not button(test, "deepsoilTestInstall").isVisible()
    button(test, "deepsoilTestCopy").click()
    copied = qgis_app.clipboard().text()
    assert "failed. No partition 'gpu'." in copied
    assert "Choose cpu." in copied
    assert "12 kB" in copied
    button(test, "deepsoilTestAgain").click()
    qtbot.waitUntil(lambda: len(sent("test_host")) == 2, timeout=10_000)


def test_a_missing_engine_is_installed_from_the_test_and_a_new_host_is_saved_for_it(page, window, qtbot, sent):
    options = page(steps=failing("engine", message="No engine.", hint="Install it."),
                   install=[["Sending", 0.1], ["Installing numpy", 0.4]],
                   results={"install_host": {"engine": "0.1.0"}})
    button(options, "deepsoilHostAdd").click()
    dialog = opened(window, "deepsoilHostDialog")
    dialog.access.address.setEditText("gate")
    button(dialog, "deepsoilHostTest").click()
    test = opened(window, "deepsoilTestWindow")
    install = button(test, "deepsoilTestInstall")
    qtbot.waitUntil(install.isVisible, timeout=10_000)
    assert sent("set_host") == []
    install.click()
    installer = page.plugin.components.host_installer
    qtbot.waitUntil(lambda: installer.of("gate") is not None and installer.of("gate").state == "done", timeout=10_000)
    assert [params["host"]["id"] for params in sent("set_host")] == ["gate"]
    assert sent("install_host") == [{"host": "gate"}]
    shown = opened(window, "deepsoilInstallWindow")
    assert "version 0.1.0" in shown.findChild(QLabel, "deepsoilInstallStep").text()
    assert shown.findChild(QProgressBar).value() == 1000
    dialog.access.title.setText("The gate")
    dialog.accept()
    qtbot.waitUntil(lambda: len(sent("set_host")) == 2, timeout=10_000)
    assert sent("set_host")[1]["host"]["id"] == "gate", "a second host was made of the first"


def test_an_installation_goes_on_without_its_window_and_is_cancelled(page, window, qtbot, sent):
    options = page(hosts=[HYDRA], install=[["Sending", 0.1], ["Installing numpy", 0.4]], silent=["install_host"])
    choose(options, 1)
    button(options, "deepsoilHostInstall").click()
    shown = opened(window, "deepsoilInstallWindow")
    assert sent("install_host") == []
    button(shown, "deepsoilInstallAgain").click()
    qtbot.waitUntil(lambda: shown.findChild(QProgressBar).value() == 400, timeout=10_000)
    assert shown.findChild(QLabel, "deepsoilInstallStep").text() == "Installing numpy"
    assert rows(options)[1][2] == "installing the engine: 40 %"
    shown.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    button(options, "deepsoilHostInstall").click()
    again = opened(window, "deepsoilInstallWindow")
    assert again.findChild(QProgressBar).value() == 400
    button(again, "deepsoilInstallCancel").click()
    assert not button(again, "deepsoilInstallCancel").isEnabled(), "it can be cancelled twice"
    assert not button(again, "deepsoilInstallAgain").isVisible(), "it can be begun while the last one still ends"
    step = again.findChild(QLabel, "deepsoilInstallStep")
    qtbot.waitUntil(lambda: "Cancelled" in step.text(), timeout=10_000)
    assert sent("cancel_install") == [{"host": "hydra"}]
    assert button(again, "deepsoilInstallAgain").isVisible()
    assert rows(options)[1][2] == "ready"


def test_an_installation_that_fails_says_what_to_do(page, window, qtbot):
    refusal = {"code": "disk_full", "message": "The disk there is full.", "hint": "Free 1 GB.", "field": None}
    options = page(hosts=[HYDRA], errors={"install_host": refusal})
    choose(options, 1)
    button(options, "deepsoilHostInstall").click()
    shown = opened(window, "deepsoilInstallWindow")
    button(shown, "deepsoilInstallAgain").click()
    problem = shown.findChild(QLabel, "deepsoilInstallProblem")
    qtbot.waitUntil(lambda: problem.text() == "The disk there is full. Free 1 GB.", timeout=10_000)
    assert button(shown, "deepsoilInstallAgain").isVisible()
    assert any("The disk there is full" in item.text() for item in window.bar.items())


def test_a_host_is_removed_only_when_that_is_confirmed(page, window, qtbot, sent):
    options = page(hosts=[HYDRA])
    choose(options, 1)
    button(options, "deepsoilHostRemove").click()
    box = window.window.findChild(QMessageBox, "deepsoilConfirmRemoveHost")
    assert "Jobs on this host continue" in box.informativeText()
    box.reject()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert sent("remove_host") == []
    button(options, "deepsoilHostRemove").click()
    button(window.window, "deepsoilConfirmRemoveHostYes").click()
    qtbot.waitUntil(lambda: len(rows(options)) == 1, timeout=10_000)
    assert sent("remove_host") == [{"host": "hydra"}]


def test_a_host_that_is_busy_is_not_removed_and_the_reason_is_said(page, window, qtbot):
    busy = {"code": "host_busy", "message": "A job has not been handed over.", "hint": "Cancel it.", "field": None}
    options = page(hosts=[HYDRA], errors={"remove_host": busy})
    choose(options, 1)
    button(options, "deepsoilHostRemove").click()
    button(window.window, "deepsoilConfirmRemoveHostYes").click()
    line = options.findChild(QLabel, "deepsoilHostAdvice")
    qtbot.waitUntil(lambda: line.text() == "A job has not been handed over. Cancel it.", timeout=10_000)
    assert len(rows(options)) == 2


def test_the_list_says_how_a_host_stands_as_the_engine_tells_it(page, window, qtbot, sent):
    options = page(hosts=[HYDRA])
    choose(options, 1)
    client = page.plugin.components.client
    for state, code, words in (("waiting", None, "not reachable"), ("refused", "login_refused", "login refused"),
                               ("refused", "host_key_changed", "host key not accepted"),
                               ("no_engine", None, "engine not installed"), ("asking", None, "waiting for your answer"),
                               ("other_engine", None, "has engine version 0.0.9")):
        connection = {"state": state, "message": "Why.", "hint": "What to do.", "code": code, "engine": "0.0.9"}
        client.call("event", {"event": "host", "host": {**HYDRA, "connection": connection}})
        qtbot.waitUntil(lambda words=words: rows(options)[1][2] == words, timeout=10_000)
        assert options.findChild(QLabel, "deepsoilHostAdvice").text() == "Why. What to do."
        assert button(options, "deepsoilHostConnect").isVisible() == (state in ("waiting", "refused"))
    assert page.plugin.components.hosts.takes_jobs("hydra") is False


def test_hosts_are_known_again_when_the_engine_was_started_anew(fake_engine, qtbot):
    client = fake_engine(hosts=[HYDRA])
    hosts = HostsModel(client)
    with qtbot.waitSignal(client.ready, timeout=10_000):
        client.start()
    qtbot.waitUntil(lambda: len(hosts.hosts()) == 2, timeout=10_000)
    assert [hosts.title(name) for name in ("", LOCAL, "hydra", "gone")] == ["This computer", "This computer", "Hydra",
                                                                            "gone"]
    assert hosts.state_text("hydra") == "ready"
    assert hosts.state_text("gone") == "removed"
    client.restart()
    qtbot.waitUntil(lambda: client.is_ready and hosts.state_text("hydra") == "ready", timeout=10_000)


def test_a_plain_computer_is_not_asked_about_slurm(fake_engine, qtbot):
    dialog = HostDialog(HostsModel(fake_engine()))
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.resources.isVisible()
    dialog.access.scheduler.setCurrentIndex(dialog.access.scheduler.findData("process"))
    assert not dialog.resources.isVisible()
    dialog.access.address.setEditText("lab")
    assert dialog.document()["scheduler"] == "process"
    assert button(dialog, "deepsoilHostSave").isEnabled()


def test_closing_the_test_gives_it_up_and_nothing_comes_after(page, window, qtbot):
    options = page(hosts=[HYDRA], steps=PASSED, silent=["test_host"])
    choose(options, 1)
    button(options, "deepsoilHostTestConnection").click()
    test = opened(window, "deepsoilTestWindow")
    assert isinstance(test, ConnectionWindow)
    qtbot.waitUntil(lambda: test.rows.steps.get("engine", {}).get("state") == "passed", timeout=10_000)
    assert button(test, "deepsoilTestClose").text() == "Cancel"
    qtbot.keyClick(test, Qt.Key.Key_Escape)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    client = page.plugin.components.client
    client.call("event", {"event": "host_step", "host": "hydra", "step": PASSED[0]})
    box = []
    client.call("echo", {}, box.append)
    qtbot.waitUntil(lambda: bool(box), timeout=10_000)
