"""A host is entered for real: the plugin, the engine, and an sshd of this test's own."""

from __future__ import annotations

import os
import shlex
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest
from auth_tools import reply, stored
from made_engine import CORNERS, MADE, made_engine
from qgis.PyQt.QtWidgets import QDialog, QLabel, QLineEdit, QPushButton

from deepsoil_plugin import classFactory
from deepsoil_plugin.components import Components

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


def host_with_the_made_archives(python, variables, home):
    """DeepSoil's home on the host: its engine knows the made archives, which nothing on this side does."""
    program = home / "engine" / "current" / "bin" / "python"
    program.parent.mkdir(parents=True)
    exported = " ".join(f"{name}={shlex.quote(variables[name])}" for name in ("DEEPSOIL_ARCHIVES", "DEEPSOIL_PROXIES"))
    program.write_text(f"#!/bin/sh\nPYTHONPATH={shlex.quote(str(MADE))} {exported} exec {shlex.quote(str(python))} "
                       "-P \"$@\"\n")
    program.chmod(0o755)
    return home


def test_data_are_gathered_and_maps_are_made_on_another_host(window, real_python, sshd, qtbot, monkeypatch,
                                                             tmp_path, own_home):
    port, _, key = sshd
    subprocess.run(["ssh-keygen", "-q", "-p", "-P", WORD, "-N", "", "-f", key], check=True)
    person = tmp_path / "person"
    (person / ".ssh").mkdir(parents=True)
    host_key = (key.parent / "host_key.pub").read_text().split()[:2]
    (person / ".ssh" / "known_hosts").write_text(f"[127.0.0.1]:{port} {' '.join(host_key)}\n")
    monkeypatch.setenv("HOME", str(person))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    monkeypatch.setenv("DEEPSOIL_ENGINE_PYTHON", str(real_python))
    with made_engine(real_python, tmp_path) as variables:
        far = host_with_the_made_archives(real_python, variables, tmp_path / "there" / "deepsoil")
        window.window.show()
        parts = Components(window)
        parts.open_dock()
        request = parts.dock.request
        qtbot.waitUntil(lambda: parts.client.is_ready, timeout=120_000)
        parts.client.call("set_host", {"host": {"id": "there", "title": "There", "address": "127.0.0.1", "port": port,
                                                "user": "root", "authentication": "key", "key_file": str(key),
                                                "home": str(far), "scheduler": "process"}})
        qtbot.waitUntil(lambda: any(host["id"] == "there" and host["connection"]["state"] == "ready"
                                    for host in parts.hosts.hosts()), timeout=120_000)
        request.host.choose("there")
        request._host_chosen("there")
        request.area.set_area({"type": "Polygon", "coordinates": [[*map(list, CORNERS), list(CORNERS[0])]]}, "North")
        cost, get = (parts.dock.findChild(kind, name) for kind, name in ((QLabel, "deepsoilDataCost"),
                                                                         (QPushButton, "deepsoilGetData")))
        qtbot.waitUntil(lambda: "from 4 archives" in cost.text(), timeout=120_000)
        get.click()
        dialog = window.window.findChild(QDialog, "deepsoilGatherDialog")
        go = dialog.findChild(QPushButton, "deepsoilGatherGo")
        qtbot.waitUntil(go.isEnabled, timeout=120_000)
        go.click()
        qtbot.waitUntil(lambda: any(job["kind"] == "predict" and job["state"] == "succeeded"
                                    for job in parts.session.model.jobs()), timeout=240_000)
        jobs = {job["kind"]: job for job in parts.session.model.jobs()}
        assert jobs["gather"]["host"] == jobs["predict"]["host"] == "there" and jobs["gather"]["state"] == "succeeded"
        assert list((far / "regions-data").glob("*/store/zarr.json"))
        assert not (own_home / "regions-data").exists(), "nothing is gathered on this side"
        assert request.data.region is not None and request.data.region["gathered"].startswith(str(far))
        parts.close()
