"""Commands over a real sshd: words arrive as they are, whatever shell is there, and a dead peer is noticed."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.host import NO_ENGINE
from deepsoil.hosts.ssh import connection as ssh_connection
from deepsoil.hosts.ssh.quoting import script
from sshd import PATIENCE_S, Person, Sshd, missing, until

pytestmark = pytest.mark.skipif(missing() is not None, reason=str(missing()))

ODD = ["a b", "it's", '"', "$(touch pwned)", "`touch pwned`", "!!", "a!b", "\\n\\0101", "line\nend", "", "*", "~", "é€",
       "%s", "-n", ";touch pwned", "\\'"]


def test_words_arrive_unchanged_and_nothing_of_them_is_run(there: ssh_connection.Connection) -> None:
    result = there.run(["printf", "<%s>\\n", *ODD])
    assert result.code == 0
    assert result.out.decode() == "".join(f"<{word}>\n" for word in ODD)
    assert there.run(["ls", "pwned"]).code != 0


@pytest.mark.parametrize("shell", ["tcsh", "csh", "fish", "zsh", "dash"])
def test_words_arrive_unchanged_through_other_login_shells(shell: str, tmp_path: Path) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not installed")
    from deepsoil.hosts.ssh.quoting import command_line

    done = subprocess.run([program, "-c", command_line(["printf", "<%s>\\n", *ODD])], cwd=tmp_path, check=False,
                          capture_output=True, text=True)
    assert done.stdout == "".join(f"<{word}>\n" for word in ODD), done.stderr
    assert not list(tmp_path.iterdir())


def test_stdin_output_errors_and_code(there: ssh_connection.Connection) -> None:
    data = os.urandom(3_000_000)
    result = there.run(script('sha256sum; head -c 2000000 /dev/zero; echo oops >&2; exit 7'), stdin=data)
    assert result.code == 7
    assert result.err == b"oops\n"
    assert result.out.startswith(hashlib.sha256(data).hexdigest().encode())
    assert result.out.endswith(bytes(2_000_000))


def test_what_a_command_did_is_unknown_after_its_time_and_the_connection_stays(
        there: ssh_connection.Connection) -> None:
    result = there.run(script("echo begun; exec sleep 100"), timeout_s=1.0)
    assert (result.code, result.out) == (None, b"begun\n")
    assert there.run(["true"]).code == 0


def test_a_command_that_a_signal_ended_has_no_code(there: ssh_connection.Connection) -> None:
    assert there.run(script("kill -9 $$")).code is None


def test_a_pipe_carries_both_ways_and_tells_the_end(there: ssh_connection.Connection) -> None:
    pipe = there.pipe(script("echo note >&2; while read -r line; do echo \"got $line\"; done; exit 3"), 10)
    pipe.write(b"one\n")
    assert pipe.read(100) == b"got one\n"
    pipe.write(b"two\n")
    assert pipe.read(100) == b"got two\n"
    pipe._channel.shutdown_write()
    assert pipe.read(100) == b""
    assert until(lambda: pipe.code) == 3
    until(lambda: pipe.err == b"note\n")
    pipe.close()
    pipe.close()


def test_a_host_without_an_engine_says_so(there: ssh_connection.Connection, person: Person, sshd: Sshd) -> None:
    host = person.host(sshd, home="~/deep soil's home")
    result = there.run(host.engine_command("--version"))
    assert result.code == NO_ENGINE
    assert str(sshd.home / "deep soil's home") in result.err.decode()


def test_several_threads_share_a_connection(there: ssh_connection.Connection) -> None:
    for _ in range(20):
        outputs: list[bytes] = []
        threads = [threading.Thread(target=lambda n=n, to=outputs: to.append(there.run(["echo", str(n)]).out))
                   for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE_S)
        assert sorted(outputs) == [f"{n}\n".encode() for n in range(8)]


def test_an_end_of_input_that_comes_after_the_close_leaves_the_connection_alone(
        there: ssh_connection.Connection) -> None:
    channel = there._open()
    channel.exec_command("true")
    until(lambda: channel.closed)
    channel.eof_sent = False
    channel.transport._send_user_message(channel._send_eof())  # as the thread that was about to send it
    assert there.run(["true"]).code == 0


@pytest.mark.parametrize(("options", "cipher"), [
    ((), "aes128-gcm@openssh.com"), (("Ciphers aes256-gcm@openssh.com,aes256-ctr",), "aes256-gcm@openssh.com"),
    (("Ciphers aes256-ctr",), "aes256-ctr")])
def test_the_fastest_cipher_that_both_have_is_chosen_and_carries_new_keys(
        options: tuple[str, ...], cipher: str, tmp_path: Path, person: Person) -> None:
    server = Sshd(tmp_path / "chosen", *options, "RekeyLimit 4M")
    server.allow(person.key())
    person.knows(server)
    server.start()
    try:
        connection = person.connect(person.host(server))
        transport = connection._transports[-1]
        assert {transport.local_cipher, transport.remote_cipher} == {cipher}
        data = os.urandom(15_000_000)  # several times the data after which the keys change
        result = connection.run(["cat"], stdin=data, timeout_s=PATIENCE_S)
        assert (result.code, hashlib.sha256(result.out).digest()) == (0, hashlib.sha256(data).digest())
        connection.close()
    finally:
        server.stop()


def test_a_greeting_of_the_login_shell_comes_before_the_output(there: ssh_connection.Connection, sshd: Sshd) -> None:
    (sshd.home / ".bashrc").write_text("echo '*** Welcome ***'; echo careful >&2\n")
    result = there.run(["echo", "@token"])
    assert result.out.endswith(b"@token\n")
    assert b"Welcome" in result.out and result.err == b"careful\n"


def test_a_home_with_blank_and_quote(tmp_path: Path, person: Person) -> None:
    server = Sshd(tmp_path / "odd", home=tmp_path / "a b'c $(touch pwned)")
    server.allow(person.key())
    person.knows(server)
    server.start()
    try:
        connection = person.connect(person.host(server))
        result = connection.run(script(f'cd {person.host(server, home="~").home_expression} && pwd'))
        assert result.out.decode() == f"{server.home}\n"
        connection.close()
    finally:
        server.stop()
    assert not list(tmp_path.rglob("pwned"))


@pytest.mark.parametrize("act", ["run", "read", "write", "open"])
def test_a_dead_peer_is_noticed_in_about_the_time(act: str, person: Person, sshd: Sshd) -> None:
    connection = person.connect(person.host(sshd), 2.0)
    pipe = connection.pipe(["cat"], 60.0)
    acts: dict[str, Callable[[], object]] = {
        "run": lambda: connection.run(script("touch \"$HOME/begun\"; sleep 60")), "read": lambda: pipe.read(1),
        "write": lambda: pipe.write(bytes(50_000_000)), "open": lambda: connection.pipe(["true"], 60.0)}
    ends: list[object] = []

    def do() -> None:
        try:
            ends.append(acts[act]())
        except DeepSoilError as error:
            ends.append(error.code)

    thread = threading.Thread(target=do, daemon=True)
    try:
        if act == "run":
            thread.start()
            until((sshd.home / "begun").exists)
        sshd.signal_sessions(signal.SIGSTOP)
        stopped = time.monotonic()
        if act != "run":
            thread.start()
        thread.join(PATIENCE_S)
        assert ends and time.monotonic() - stopped < 10
        assert ends[0] == (ssh_connection.Result(None, b"", b"") if act == "run" else "connection_lost")
        assert not connection.alive
    finally:
        sshd.signal_sessions(signal.SIGCONT)
        connection.close()


def test_a_silent_command_on_a_living_connection_is_waited_for(person: Person, sshd: Sshd) -> None:
    connection = person.connect(person.host(sshd), 1.5)
    pipe = connection.pipe(script("sleep 4; echo here"), 1.5)
    assert pipe.read(100) == b"here\n"
    connection.close()


def test_a_killed_session_is_an_unknown_end(there: ssh_connection.Connection, sshd: Sshd) -> None:
    results: list[ssh_connection.Result] = []
    thread = threading.Thread(target=lambda: results.append(there.run(script("touch \"$HOME/begun\"; sleep 100"))))
    thread.start()
    until((sshd.home / "begun").exists)
    sshd.signal_sessions(signal.SIGKILL)
    thread.join(PATIENCE_S)
    assert results[0].code is None
    assert not there.alive
    with pytest.raises(DeepSoilError) as error:
        there.run(["true"])
    assert error.value.code == "connection_lost"
