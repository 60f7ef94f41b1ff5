"""A host is entered for real: the plugin, the engine, and an sshd of this test's own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest
from auth_tools import reply, stored
from qgis.PyQt.QtWidgets import QDialog, QLabel, QLineEdit, QPushButton

from deepsoil_plugin import classFactory

SSHD = "/usr/sbin/sshd"
WORD = "open sesame"

pytestmark = pytest.mark.skipif(
    not Path(SSHD).is_file() or shutil.which("ssh-keygen") is None or getattr(os, "geteuid", lambda: 1)() != 0,
    reason="needs OpenSSH's server, ssh-keygen and root")


@pytest.fixture
def sshd(tmp_path):
    """(port, fingerprint, key) of a running sshd; the key has the passphrase WORD."""
    folder, there = tmp_path / "sshd", tmp_path / "there"
    folder.mkdir()
    there.mkdir()
    Path("/run/sshd").mkdir(exist_ok=True)
    for name, word in (("host_key", ""), ("key", WORD)):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", word, "-f", folder / name], check=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (folder / "config").write_text("\n".join([
        f"Port {port}", "ListenAddress 127.0.0.1", f"HostKey {folder / 'host_key'}", "PidFile none",
        f"AuthorizedKeysFile {folder / 'key.pub'}", "StrictModes no", "UsePAM no", "UseDNS no", "PermitRootLogin yes",
        "PasswordAuthentication no", "KbdInteractiveAuthentication no", f'SetEnv "HOME={there}"',
        "Subsystem sftp internal-sftp"]) + "\n")
    said = subprocess.run(["ssh-keygen", "-l", "-f", folder / "host_key.pub"], check=True, capture_output=True,
                          text=True)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([SSHD, "-D", "-e", "-f", folder / "config"], stdout=log, stderr=log)
    limit = time.monotonic() + 20
    while time.monotonic() < limit:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    yield port, said.stdout.split()[1], folder / "key"
    process.kill()
    process.wait()


@pytest.mark.usefixtures("master")
def test_a_host_is_entered_with_a_new_host_key_and_a_passphrase_that_is_remembered(
        window, real_python, sshd, qtbot, monkeypatch, tmp_path):
    port, fingerprint, key = sshd
    person = tmp_path / "person"
    (person / ".ssh").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(person))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    monkeypatch.setenv("DEEPSOIL_ENGINE_PYTHON", str(real_python))
    plugin = classFactory(window)
    plugin.initGui()
    window.window.show()
    page = window.factories[0].createWidget(window.window)
    page.show()
    parts = plugin.components
    qtbot.waitUntil(lambda: parts.client.is_ready, timeout=60_000)
    page.findChild(QPushButton, "deepsoilHostAdd").click()
    dialog = window.window.findChild(QDialog, "deepsoilHostDialog")
    dialog.access.put({"address": "127.0.0.1", "title": "There", "user": "root", "authentication": "key",
                       "key_file": str(key), "scheduler": "process"})
    dialog.rare._port.setValue(port)
    dialog.findChild(QPushButton, "deepsoilHostTest").click()
    test = dialog.findChild(QDialog, "deepsoilTestWindow")

    def question(kind):
        qtbot.waitUntil(lambda: parts.questions._now is not None and parts.questions._now.kind == kind
                        and parts.questions._dialog is not None, timeout=60_000)
        return parts.questions._dialog

    shown = question("host_key")
    assert shown.findChild(QLabel, "deepsoilQuestionFingerprint").text() == fingerprint
    shown.findChild(QPushButton, "deepsoilQuestionYes").click()
    wrong = question("passphrase")
    reply(wrong, "wrong", remember=True)
    qtbot.waitUntil(lambda: parts.questions._dialog not in (None, wrong), timeout=60_000)
    reply(parts.questions._dialog, WORD, remember=True)
    verdict = test.findChild(QLabel, "deepsoilTestVerdict")
    qtbot.waitUntil(lambda: "this version of the engine" in verdict.text(), timeout=60_000)
    assert stored() == ["DeepSoil: There, passphrase of the key"]
    test.close()
    dialog.accept()

    def since():
        """When the engine began to know that the host is entered and has no engine; empty before that."""
        connections = [host["connection"] for host in parts.hosts.hosts()[1:]]
        return "".join(one["since"] for one in connections if one["state"] == "no_engine")

    qtbot.waitUntil(lambda: bool(since()), timeout=60_000)
    first = since()
    # Another engine knows nothing of what was answered: QGIS answers for the user.
    answered = []
    parts.client.questionAsked.connect(answered.append)
    parts.client.restart()
    qtbot.waitUntil(lambda: since() > first, timeout=60_000)
    assert [asked["kind"] for asked in answered] == ["passphrase"]
    assert parts.questions._dialog is None
    assert not window.window.findChildren(QLineEdit, "deepsoilAnswer0")
    plugin.unload()
