"""Logging in to a host over real SSH messages, and what a login asks of the user."""

from __future__ import annotations

import shlex
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import paramiko
import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.hosts.prompts import credential_cache
from deepsoil.hosts.prompts.prompt import Prompt, Question
from deepsoil.hosts.ssh import authentication
from deepsoil.hosts.ssh.channel import Pipe
from deepsoil.hosts.ssh.config import Hop
from deepsoil.hosts.ssh.login_request import ANY_METHOD, METHODS, LoginRequest
from deepsoil.hosts.ssh.login_timeout import LoginTimeout
from deepsoil.hosts.ssh.ordered import OrderedTransport
from deepsoil.hosts.sync.file_transfer import FileStream
from ssh_server import Server, connected

KEY, OTHER = (paramiko.ECDSAKey.generate() for _ in range(2))
CODE = (("Password: ", False),), (("Verification code: ", True),)


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(credential_cache, "_kept", {})
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    monkeypatch.setattr(authentication, "user_folder", lambda: tmp_path / "ssh")


def login(*methods: str, files: tuple[Path, ...] = (), key_file: Path | None = None, user: str = "ana") -> LoginRequest:
    hop = Hop("hydra", "hydra.example.org", 2222, user, "[hydra]:2222", files, True, (), "none", None)
    return LoginRequest("hydra", "Hydra", hop, methods or ANY_METHOD, key_file)


class User:
    """Answers questions in turn; ``asked`` has them."""

    def __init__(self, *answers: list[str] | None) -> None:
        self.answers, self.asked = list(answers), []  # type: ignore[var-annotated]

    def __call__(self, question: Question) -> list[str] | None:
        self.asked.append(question)
        return self.answers.pop(0)


def log_in(server: Server, request: LoginRequest, user: Any, timeout_s: float = 60.0) -> bool:
    here, there = connected(server)
    try:
        authentication.log_in(here, request, user, timeout_s)
        return bool(here.is_authenticated())
    finally:
        here.close()
        there.close()


def refused(server: Server, request: LoginRequest, user: Any) -> DeepSoilError:
    with pytest.raises(DeepSoilError) as error:
        log_in(server, request, user)
    return error.value


def key_file(folder: Path, name: str, key: paramiko.ECDSAKey, password: str | None = None) -> Path:
    key.write_private_key_file(str(folder / name), password)
    (folder / f"{name}.pub").write_text(f"{key.get_name()} {key.get_base64()}\n")
    return folder / name


# ---- passwords ----

def test_a_password_is_asked_for_until_it_is_right_and_then_remembered() -> None:
    user = User(["wrong"], ["right"])
    server = Server("password")
    assert log_in(server, login("password"), user)
    assert server.tried == ["password wrong", "password right"]
    first, second = user.asked
    assert first.kind == "password" and first.about == "ana@hydra.example.org:2222" and first.host == "hydra"
    assert first.prompts == (Prompt("Password: ", echo=False, lasting=True),)
    assert "not accepted" not in first.text and second.text == f"That was not accepted. {first.text}"
    assert log_in(Server("password"), login("password"), User()), "the password is not asked for again"
    changed = Server("password", password="new")
    assert log_in(changed, login("password"), User(["new"])) and changed.tried == ["password right", "password new"]


def test_three_wrong_passwords_end_a_login_and_none_is_remembered() -> None:
    user = User(["a"], ["b"], ["c"])
    server = Server("password")
    error = refused(server, login("password"), user)
    assert error.code == "login_refused" and len(user.asked) == len(server.tried) == 3
    assert "ana@hydra.example.org:2222" in error.message and credential_cache._kept == {}


@pytest.mark.parametrize("answer", [None, [], ["a", "b"]])
def test_a_login_without_an_answer_ends_and_says_so(answer: list[str] | None) -> None:
    assert refused(Server("password"), login("password"), User(answer)).code == "login_unanswered"
    assert refused(Server("keyboard-interactive"), login("keyboard-interactive"), User(answer)
                   ).code == "login_unanswered"


def test_what_the_host_does_not_offer_is_said_with_what_it_offers() -> None:
    server = Server("publickey,keyboard-interactive")
    error = refused(server, login("password"), User())
    assert "with password for ana@" in error.message and "publickey" in error.message and server.tried == []
    assert "keyboard-interactive" in error.message


# ---- rounds ----

def test_a_password_and_a_code_are_asked_for_and_only_the_password_is_remembered() -> None:
    user = User(["right"], ["123"])
    assert log_in(Server("keyboard-interactive", rounds=CODE), login("keyboard-interactive"), user)
    first, second = user.asked
    assert (first.kind, second.kind) == ("password", "interactive") and first.title == "Two steps"
    assert first.text.splitlines() == ["ana@hydra.example.org:2222 asks:", "Step 1"], "a bell is no text"
    assert second.prompts == (Prompt("Verification code: ", echo=True, lasting=False),) and "Step 2" in second.text
    user = User(["123"])
    assert log_in(Server("keyboard-interactive", rounds=CODE), login("keyboard-interactive"), user)
    assert [one.kind for one in user.asked] == ["interactive"] and credential_cache._kept == {
        ("ana@hydra.example.org:2222", "password"): "right"}


def test_a_remembered_password_that_is_wrong_now_is_asked_for_and_costs_no_try() -> None:
    credential_cache.keep(("ana@hydra.example.org:2222", "password"), "old")
    server, user = Server("keyboard-interactive"), User(["a"], ["b"], ["right"])
    assert log_in(server, login("keyboard-interactive"), user)
    assert server.tried == ["answers old", "answers a", "answers b", "answers right"]
    assert [one.text.startswith("That was not accepted.") for one in user.asked] == [False, True, True]


def test_two_questions_of_one_round_are_answered_together_and_none_is_taken_for_the_password() -> None:
    user = User(["right", "123"])
    rounds = ((("Password: ", False), ("", True)),)
    assert log_in(Server("keyboard-interactive", rounds=rounds), login("keyboard-interactive"), user)
    (asked,) = user.asked
    assert asked.kind == "interactive" and [one.text for one in asked.prompts] == ["Password: ", "Answer: "]
    assert credential_cache._kept == {}


def test_a_host_may_want_a_password_and_then_rounds_whatever_was_chosen() -> None:
    server = Server("password", "keyboard-interactive", rounds=CODE)
    assert log_in(server, login("password"), User(["right"], ["123"]))
    assert server.tried == ["password right", "answers right", "answers 123"]


# ---- keys ----

def test_the_keys_of_the_configuration_are_offered_once_each_plain_ones_first(tmp_path: Path) -> None:
    files = (key_file(tmp_path, "locked", KEY, "secret"), key_file(tmp_path, "plain", OTHER),
             key_file(tmp_path, "again", OTHER))
    server, user = Server("publickey", keys=[KEY]), User(["wrong"], ["secret"])
    assert log_in(server, login("publickey", files=files), user)
    assert server.tried == [f"key {one.get_base64()[-8:]}" for one in (OTHER, KEY)]
    assert [one.kind for one in user.asked] == ["passphrase", "passphrase"]


def test_a_chosen_key_file_is_the_only_one_and_a_refused_one_says_what_to_do(tmp_path: Path) -> None:
    server = Server("publickey", keys=[OTHER])
    request = login("publickey", files=(key_file(tmp_path, "other", OTHER),), key_file=key_file(tmp_path, "mine", KEY))
    error = refused(server, request, User())
    assert error.code == "login_refused" and "none of 1 keys" in error.message and "ssh-copy-id" in error.hint
    assert server.tried == [f"key {KEY.get_base64()[-8:]}"]
    assert log_in(Server("publickey", keys=[KEY]), request, User())


def test_a_damaged_key_of_the_configuration_is_passed_over_and_named(tmp_path: Path) -> None:
    (tmp_path / "bad").write_text("no key")
    files = (tmp_path / "bad", key_file(tmp_path, "mine", KEY))
    assert log_in(Server("publickey", keys=[KEY]), login("publickey", files=files), User())
    assert "bad" in refused(Server("publickey"), login("publickey", files=files), User()).message


def test_a_key_whose_passphrase_is_not_given_leaves_other_ways(tmp_path: Path) -> None:
    files = (key_file(tmp_path, "locked", KEY, "secret"),)
    assert log_in(Server("publickey,password"), login("publickey", "password", files=files), User(None, ["right"]))
    assert refused(Server("publickey"), login("publickey", files=files), User(None)).code == "login_unanswered"


def test_the_ways_of_a_login_are_those_that_were_chosen() -> None:
    assert METHODS["agent"] == METHODS["key"] == ("publickey",)
    assert METHODS["password"] == ("password", "keyboard-interactive")
    assert METHODS["interactive"] == ("keyboard-interactive", "publickey") and len(set(ANY_METHOD)) == 3


# ---- time ----

def test_the_time_of_the_user_does_not_count() -> None:
    closed = threading.Event()
    timeout = LoginTimeout(SimpleNamespace(close=closed.set), 0.3)  # type: ignore[arg-type]
    asking = timeout.while_asking(lambda question: ["yes"] if not closed.wait(0.8) else None)
    with timeout:
        assert asking(Question("h", "password", "", "")) == ["yes"] and not timeout.passed
        assert closed.wait(20) and timeout.passed
    timeout = LoginTimeout(SimpleNamespace(close=closed.clear), 0.3)  # type: ignore[arg-type]
    with timeout:
        pass
    time.sleep(0.5)
    assert closed.is_set() and not timeout.passed, "a login that has ended is not ended again"


def test_a_host_that_does_not_go_on_with_a_login_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authentication, "_ANSWER_TIMEOUT_S", 1.0)
    server, done = Server("password"), threading.Event()
    server.waits = lambda: (done.wait(30), None)[1]
    with pytest.raises(DeepSoilError) as error:
        log_in(server, login("password"), User(["right"]), 0.5)
    done.set()
    assert error.value.code == "host_unreachable" and "within 1 s" in error.value.message


def test_a_connection_that_ends_during_a_login_is_a_lost_one() -> None:
    here, there = connected(Server("password"))

    def gone(question: Question) -> list[str]:
        there.close()
        return ["right"]

    with pytest.raises(DeepSoilError) as error:
        authentication.log_in(here, login("password"), gone, 30.0)
    here.close()
    assert error.value.code == "connection_lost" and "Hydra" in error.value.message


# ---- commands and files ----

@pytest.fixture
def transport() -> Iterator[paramiko.Transport]:
    here, there = connected(Server(), OrderedTransport)
    here.auth_none("ana")
    yield here
    here.close()
    there.close()


def pipe(transport: paramiko.Transport, command: str) -> Pipe:
    channel = transport.open_session()
    channel.exec_command(command)
    return Pipe(channel, transport.is_active, 1.0)


def everything(running: Pipe) -> bytes:
    found = b""
    while data := running.read(1 << 15):
        found += data
    return found


def test_a_pipe_carries_bytes_both_ways_and_tells_how_the_command_ended(transport: paramiko.Transport) -> None:
    running = pipe(transport, "cat; echo oh >&2; exit 3")
    content = bytes(range(256)) * 999
    writing = threading.Thread(target=lambda: (running.write(content), running._channel.shutdown_write()))
    assert running.code is None
    writing.start()
    assert everything(running) == content
    writing.join()
    deadline = time.monotonic() + 20
    while (running.code is None or not running.err) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert (running.code, running.err) == (3, b"oh\n")
    running.close()
    running.close()


def test_of_the_errors_of_a_command_the_last_are_kept(transport: paramiko.Transport) -> None:
    running = pipe(transport, "head -c 100000 /dev/zero >&2; printf end >&2")
    assert everything(running) == b""
    deadline = time.monotonic() + 20
    while not running.err.endswith(b"end") and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(running.err) == 64 * 1024 and running.err.endswith(b"\0end")


def test_a_silent_command_is_waited_for_and_a_broken_connection_is_not(transport: paramiko.Transport) -> None:
    assert everything(pipe(transport, "sleep 1.6; echo done")) == b"done\n"
    running = pipe(transport, "sleep 60")
    threading.Timer(0.2, transport.close).start()
    with pytest.raises(DeepSoilError) as error:
        everything(running)
    assert error.value.code == "connection_lost"


def test_nothing_is_sent_on_a_channel_after_its_close(transport: paramiko.Transport) -> None:
    running = pipe(transport, "exit 0")
    assert everything(running) == b""
    channel = running._channel
    closing, late = (paramiko.Message() for _ in range(2))
    for message, number in ((closing, 97), (late, 96)):  # SSH_MSG_CHANNEL_CLOSE and _EOF
        message.add_byte(bytes([number]))
        message.add_int(channel.remote_chanid)
    channel.transport._send_user_message(closing)
    channel.transport._send_user_message(late)
    assert everything(pipe(transport, "echo alive")) == b"alive\n", "OpenSSH would have ended the connection"
    assert channel.transport.closed  # type: ignore[attr-defined]


class Pipes:
    def __init__(self, transport: paramiko.Transport) -> None:
        self._transport = transport

    def pipe(self, command: Any, timeout_s: float) -> Pipe:
        return pipe(self._transport, shlex.join(command))


def test_files_come_from_any_byte_in_the_order_they_are_asked_for(
        transport: paramiko.Transport, tmp_path: Path) -> None:
    content = {"a": b"x" * 700_000 + b"\n@deepsoil- end\n", "b b": b"", "c": b"\x00\r\nc"}
    for name, data in content.items():
        (tmp_path / name).write_bytes(data)
    with FileStream(Pipes(transport)) as stream:
        def read(name: str, offset: int = 0) -> bytes:
            got = bytearray()
            stream.read(str(tmp_path / name), offset, len(content[name]), got.extend)
            return bytes(got)

        for name in content:
            stream.ask(str(tmp_path / name), 0)
        assert stream.waiting == 3 and read("a") == content["a"] and stream.waiting == 2
        assert read("c", 1) == content["c"][1:] and stream.waiting == 0, "another one than was asked for ahead"
        assert read("b b") == b"" and read("c", 4) == b"" and read("a", 699_999) == content["a"][699_999:]
        with pytest.raises(DeepSoilError) as error:
            stream.read(str(tmp_path / "c"), 0, 5, bytearray().extend)
        assert error.value.code == "output_changed"
    with FileStream(Pipes(transport)) as stream:
        with pytest.raises(DeepSoilError) as error:
            stream.read(str(tmp_path / "none"), 0, 5, bytearray().extend)
        assert error.value.code == "output_missing" and "none" in error.value.message
        with pytest.raises(DeepSoilError):
            stream.ask("a\nb", 0)


def test_an_account_names_user_host_and_port() -> None:
    request = login()
    assert request.account == "ana@hydra.example.org:2222"
    assert replace(request, hop=replace(request.hop, port=22)).hop.address == "hydra.example.org"
