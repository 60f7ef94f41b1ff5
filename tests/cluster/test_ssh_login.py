"""Logging in on a real sshd: host keys, keys, passphrases, passwords, codes, jumps."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import paramiko
import pytest
from deepsoil.contract.errors import DeepSoilError
from second_factor import CODE, PASSWORD, Host
from sshd import Person, Sshd, agent_with, make_key, missing, until

pytestmark = pytest.mark.skipif(missing() is not None, reason=str(missing()))


def refused(person: Person, host: object, timeout_s: float = 15.0) -> DeepSoilError:
    with pytest.raises(DeepSoilError) as error:
        person.connect(host, timeout_s)  # type: ignore[arg-type]
    return error.value


# ---- host keys ----

def test_an_unknown_host_key_is_asked_for_once_with_its_fingerprint(person: Person, sshd: Sshd) -> None:
    (person.ssh / "known_hosts").unlink()
    person.answers = [["yes"]]
    person.connect(person.host(sshd)).close()
    (question,) = person.asked
    assert (question.kind, question.fingerprint) == ("host_key", sshd.fingerprint)
    assert (person.home / "known_hosts").read_text() == sshd.known_line
    person.connect(person.host(sshd)).close()
    assert len(person.asked) == 1
    assert not (person.ssh / "known_hosts").exists(), "the user's own file is left alone"


def test_an_unknown_host_key_that_is_not_confirmed_ends_the_login(person: Person, sshd: Sshd) -> None:
    (person.ssh / "known_hosts").unlink()
    assert refused(person, person.host(sshd)).code == "host_key_unknown"
    assert not (person.home / "known_hosts").exists()


def test_a_changed_host_key_is_refused_without_a_question(person: Person, sshd: Sshd) -> None:
    old = sshd.fingerprint
    sshd.new_host_key()
    sshd.start()
    error = refused(person, person.host(sshd))
    assert (error.code, person.asked) == ("host_key_changed", [])
    assert old in error.message and sshd.fingerprint in error.message
    assert f"ssh-keygen -R '[127.0.0.1]:{sshd.port}'" in error.hint


def test_a_key_of_another_kind_than_the_known_one_is_refused_too(person: Person, sshd: Sshd) -> None:
    rsa = make_key(person.folder / "rsa", kind="rsa")
    (person.ssh / "known_hosts").write_text(
        f"[127.0.0.1]:{sshd.port} " + Path(f"{rsa}.pub").read_text())
    assert refused(person, person.host(sshd)).code == "host_key_changed"


def test_a_revoked_host_key_is_refused(person: Person, sshd: Sshd) -> None:
    with (person.ssh / "known_hosts").open("a") as file:
        file.write(f"@revoked * {sshd.known_line.split(' ', 1)[1]}")
    error = refused(person, person.host(sshd))
    assert error.code == "host_key_changed"
    assert "revoked" in error.message


def test_a_hashed_host_key_is_known(person: Person, sshd: Sshd) -> None:
    subprocess.run(["ssh-keygen", "-q", "-H", "-f", person.ssh / "known_hosts"], check=True, capture_output=True)
    assert "|1|" in (person.ssh / "known_hosts").read_text()
    person.connect(person.host(sshd)).close()
    assert person.asked == []


def test_known_hosts_that_cannot_be_read_do_not_make_a_key_unknown(person: Person, sshd: Sshd) -> None:
    (person.ssh / "known_hosts").unlink()
    (person.ssh / "known_hosts").mkdir()
    assert refused(person, person.host(sshd)).code == "known_hosts_unreadable"


# ---- keys ----

def test_a_key_with_passphrase_is_asked_for_and_kept_in_memory(person: Person, sshd: Sshd) -> None:
    key = person.key("special", "open sesame")
    sshd.allow(key)
    host = person.host(sshd, authentication="key", key_file="~/.ssh/special")
    person.answers = [["wrong"], ["open sesame"]]
    person.connect(host).close()
    assert [question.kind for question in person.asked] == ["passphrase", "passphrase"]
    person.connect(host).close()
    assert len(person.asked) == 2
    for file in person.home.rglob("*"):
        assert not file.is_file() or b"sesame" not in file.read_bytes()


def test_a_wrong_passphrase_three_times_ends_the_login(person: Person, sshd: Sshd) -> None:
    person.key("special", "open sesame")
    person.answers = [["1"], ["2"], ["3"], ["open sesame"]]
    error = refused(person, person.host(sshd, authentication="key", key_file="~/.ssh/special"))
    assert (error.code, error.field, len(person.asked)) == ("login_refused", "key_file", 3)


def test_a_passphrase_that_nobody_gives_is_said(person: Person, sshd: Sshd) -> None:
    person.key("special", "open sesame")
    assert refused(person, person.host(sshd, authentication="key", key_file="~/.ssh/special")
                   ).code == "login_unanswered"


def test_a_key_file_that_is_none_is_said(person: Person, sshd: Sshd) -> None:
    (person.ssh / "junk").write_text("PuTTY-User-Key-File-3: ssh-ed25519\n")
    error = refused(person, person.host(sshd, authentication="key", key_file="~/.ssh/junk"))
    assert (error.code, error.field) == ("key_unreadable", "key_file")
    assert ".ppk" in error.hint


def test_the_agent_logs_in_and_its_right_key_comes_first(person: Person, sshd: Sshd,
                                                         monkeypatch: pytest.MonkeyPatch) -> None:
    right = make_key(person.folder / "agents")
    shutil.copy(f"{right}.pub", person.ssh / "wanted.pub")
    sshd.allow(right)
    (person.ssh / "id_ed25519").unlink()
    (person.ssh / "config").write_text("Host 127.0.0.1\n  IdentityFile ~/.ssh/wanted\n  IdentitiesOnly yes\n")
    (person.ssh / "wanted").write_text("the private half is in the agent only")
    others = [make_key(person.folder / f"other{n}") for n in range(8)]  # more than sshd lets try
    with agent_with(*others, right) as path:
        monkeypatch.setenv("SSH_AUTH_SOCK", path)
        person.connect(person.host(sshd)).close()


def test_refused_keys_are_counted_and_what_the_host_offers_is_said(person: Person, sshd: Sshd,
                                                                   monkeypatch: pytest.MonkeyPatch) -> None:
    (person.ssh / "id_ed25519").unlink()
    person.key()
    monkeypatch.setenv("SSH_AUTH_SOCK", str(person.folder / "nothing"))
    error = refused(person, person.host(sshd))
    assert error.code == "login_refused"
    assert "none of 1 keys" in error.message
    assert "agent at" in error.message
    assert "publickey" in error.message
    assert "ssh-copy-id" in error.hint
    with agent_with(person.ssh / "id_ed25519") as path:
        monkeypatch.setenv("SSH_AUTH_SOCK", path)
        assert "none of 1 keys" in refused(person, person.host(sshd)).message, "the same key is not offered twice"


# ---- passwords and codes ----

@pytest.fixture
def account() -> Iterator[tuple[str, str]]:
    """A throw-away account of this machine: its name and password."""
    if not shutil.which("useradd") or not shutil.which("chpasswd"):
        pytest.skip("needs useradd and chpasswd: an account with a password is made for the test")
    name, password = f"dstest{secrets.token_hex(3)}", secrets.token_hex(8)
    subprocess.run(["useradd", "-M", "-d", "/nonexistent", "-s", "/bin/sh", name], check=True, capture_output=True)
    try:
        subprocess.run(["chpasswd"], input=f"{name}:{password}\n", text=True, check=True, capture_output=True)
        yield name, password
    finally:
        subprocess.run(["userdel", "-f", name], check=True, capture_output=True)


def test_a_password_is_asked_again_when_wrong_and_kept_when_right(person: Person, tmp_path: Path,
                                                                  account: tuple[str, str]) -> None:
    name, password = account
    server = Sshd(tmp_path / "by-password", "PasswordAuthentication yes", "PubkeyAuthentication no")
    person.knows(server)
    server.start()
    try:
        host = person.host(server, authentication="password", user=name)
        person.answers = [["wrong"], [password]]
        connection = person.connect(host)
        assert connection.run(["id", "-un"]).out.decode().strip() == name
        connection.close()
        assert [question.kind for question in person.asked] == ["password", "password"]
        person.connect(host).close()
        assert len(person.asked) == 2
        assert "publickey" not in refused(person, person.host(server, user=name)).hint
    finally:
        server.stop()


@pytest.fixture
def two_steps(person: Person) -> Iterator[Callable[..., Host]]:
    """Makes stand-in hosts that the person knows."""
    hosts: list[Host] = []
    host_key = paramiko.ECDSAKey.generate()

    def make(*arguments: object, **named: object) -> Host:
        host = Host(host_key, *arguments, **named)
        hosts.append(host)
        with (person.ssh / "known_hosts").open("a") as file:
            file.write(f"[127.0.0.1]:{host.port} {host_key.get_name()} {host_key.get_base64()}\n")
        return host

    yield make
    for host in hosts:
        host.close()


def test_several_prompts_in_one_turn(person: Person, two_steps: Callable[..., Host]) -> None:
    host = two_steps([["Password: ", "Verification code: "]], [[PASSWORD, CODE]])
    host = person.host(host, authentication="interactive")  # type: ignore[arg-type]
    person.answers = [[PASSWORD, "000000"], [PASSWORD, CODE]]
    person.connect(host).close()
    first, second = person.asked
    assert first.kind == "interactive"
    assert [prompt.text for prompt in first.prompts] == ["Password: ", "Verification code: "]
    assert "Look at your telephone." in first.text
    assert "not accepted" in second.text


def test_a_password_is_kept_for_the_next_time_and_a_code_never(person: Person, two_steps: Callable[..., Host]) -> None:
    host = two_steps([["Password: "], ["Verification code: "]], [[PASSWORD], [CODE]])
    host = person.host(host, authentication="interactive")  # type: ignore[arg-type]
    person.answers = [[PASSWORD], [CODE]]
    person.connect(host).close()
    assert [question.kind for question in person.asked] == ["password", "interactive"]
    person.answers = [[CODE]]
    person.connect(host).close()
    assert [question.kind for question in person.asked[2:]] == ["interactive"]


def test_a_key_and_then_a_code(person: Person, two_steps: Callable[..., Host]) -> None:
    key = person.key()
    host = two_steps([["Code: "]], [[CODE]], key=paramiko.PKey.from_path(key))
    person.answers = [[CODE]]
    person.connect(person.host(host)).close()  # type: ignore[arg-type]
    assert [prompt.text for prompt in person.asked[0].prompts] == ["Code: "]


def test_wrong_codes_three_times_and_an_unanswered_one(person: Person, two_steps: Callable[..., Host]) -> None:
    host = two_steps([["Code: "]], [[CODE]])
    host = person.host(host, authentication="interactive")  # type: ignore[arg-type]
    person.answers = [["1"], ["2"], ["3"], [CODE]]
    assert refused(person, host).code == "login_refused"
    assert len(person.asked) == 3
    person.answers = []
    assert refused(person, host).code == "login_unanswered"


def test_a_host_that_hangs_up_while_the_user_thinks_is_logged_in_on_again(person: Person, tmp_path: Path,
                                                                    account: tuple[str, str]) -> None:
    name, password = account
    server = Sshd(tmp_path / "impatient", "PasswordAuthentication yes", "PubkeyAuthentication no")
    person.knows(server)
    server.start()

    def ask(question: object) -> list[str]:
        person.asked.append(question)  # type: ignore[arg-type]
        if len(person.asked) == 1:
            server.signal_sessions(9)  # type: ignore[arg-type]
        return [password]

    try:
        from deepsoil.hosts.ssh import connection as ssh_connection
        connection = ssh_connection.connect(person.host(server, authentication="password", user=name), ask, person.home)
        assert connection.run(["true"]).code == 0
        connection.close()
    finally:
        server.stop()


# ---- the way there ----

def test_an_alias_with_jumps_over_two_hosts(person: Person, sshd: Sshd, tmp_path: Path) -> None:
    gate = Sshd(tmp_path / "gate")
    gate.allow(person.ssh / "id_ed25519")
    person.knows(gate)
    gate.start()
    (person.ssh / "config").write_text("Include parts/*\n")
    (person.ssh / "parts").mkdir()
    (person.ssh / "parts" / "one").write_text(
        f"Host gate\n  HostName 127.0.0.1\n  Port {gate.port}\n  User root\n"
        f"Host inner\n  HostName 127.0.0.1\n  Port {sshd.port}\n  User root\n  ProxyJump gate\n"
        f"Host innermost\n  HostName 127.0.0.1\n  Port {sshd.port}\n  User root\n  ProxyJump gate,inner\n")
    try:
        connection = person.connect(person.host(sshd, address="innermost", port=None, user=None), 5.0)
        answer = connection.run(["sh", "-c", "echo $HOME"])
        assert answer.out.decode().strip() == str(sshd.home)
        assert len(gate.connections()) == 1
        assert len(sshd.connections()) == 2, "once as a host on the way, once as the host"
        gate.stop()
        until(lambda: not connection.alive)
        assert refused(person, person.host(sshd, address="inner", port=None)).code == "host_unreachable"
    finally:
        gate.stop()


def test_a_proxy_command(person: Person, sshd: Sshd) -> None:
    if not shutil.which("nc"):
        relay = person.folder / "relay.py"
        relay.write_text("import os,socket,sys,threading\ns=socket.create_connection((sys.argv[1],int(sys.argv[2])))\n"
                         "def pump():\n    while d:=s.recv(65536): os.write(1,d)\n    os._exit(0)\n"
                         "threading.Thread(target=pump).start()\n"
                         "while d:=os.read(0,65536): s.sendall(d)\nos._exit(0)\n")
        command = f"python3 {relay} %h %p"
    else:
        command = "nc %h %p"
    (person.ssh / "config").write_text(
        f"Host odd\n  HostName 127.0.0.1\n  Port {sshd.port}\n  ProxyCommand {command}\n")
    connection = person.connect(person.host(sshd, address="odd", port=None))
    assert connection.run(["echo", "over it"]).out == b"over it\n"
    connection.close()


def test_a_circle_of_jumps_and_a_broken_configuration_are_said(person: Person, sshd: Sshd) -> None:
    (person.ssh / "config").write_text("Host a\n  ProxyJump b\nHost b\n  ProxyJump a\n")
    error = refused(person, person.host(sshd, address="a"))
    assert error.code == "ssh_config_unreadable"
    assert "a → b → a" in error.message
    (person.ssh / "config").write_bytes(b"Host \xff\xfe\n")
    assert refused(person, person.host(sshd)).code == "ssh_config_unreadable"


def test_nobody_answers_there(person: Person, sshd: Sshd) -> None:
    sshd.stop()
    assert refused(person, person.host(sshd)).code == "host_unreachable"
    assert refused(person, person.host(sshd, address="no-such-host.invalid")).code == "host_unreachable"


def test_what_answers_is_no_ssh_server_or_says_nothing(person: Person) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        host = person.host(type("Host", (), {"port": port}))  # type: ignore[arg-type]
        error = refused(person, host, 1.0)
        assert error.code == "host_unreachable"
        assert "not as an SSH server" in error.message

        def web() -> None:
            for _ in range(2):
                stream, _ = listener.accept()
                stream.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                stream.close()

        threading.Thread(target=web, daemon=True).start()
        assert refused(person, host, 2.0).code == "host_unreachable"


def test_a_host_that_knows_only_old_algorithms_is_said(person: Person, tmp_path: Path) -> None:
    server = Sshd(tmp_path / "old", "KexAlgorithms diffie-hellman-group14-sha1")
    server.allow(person.key())
    person.knows(server)
    server.start()
    try:
        error = refused(person, person.host(server))
    finally:
        server.stop()
    assert error.code == "algorithms_old"
    assert "paramiko" in error.hint


def test_no_secret_reaches_the_log(person: Person, sshd: Sshd, capfd: pytest.CaptureFixture[str]) -> None:
    key = person.key("special", "open sesame")
    sshd.allow(key)
    person.answers = [["open sesame"]]
    person.connect(person.host(sshd, authentication="key", key_file=str(key))).close()
    sshd.stop()
    refused(person, person.host(sshd))
    assert capfd.readouterr() == ("", "")
    assert os.environ.get("SSH_AUTH_SOCK") is None
