"""*Test connection* step by step, over real SSH messages to a server in this process: what each step finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import deepsoil
import paramiko
import pytest
from deepsoil.contract.host import Host
from deepsoil.hosts.connection_test import steps as connection_test
from deepsoil.hosts.connection_test.steps import STEPS, check_host
from deepsoil.hosts.prompts import credential_cache
from deepsoil.hosts.prompts.prompt import Question
from deepsoil.hosts.ssh import config
from ssh_server import HOST_KEY, Server, listening

WELL = ["passed", "passed", "passed", "passed", "passed", "passed", "skipped", "passed"]


class There:
    """A host, as its user left it. ``change(server)``: what is otherwise with it."""

    def __init__(self, folder: Path) -> None:
        self.home, self.programs, self.own = folder / "home", folder / "bin", folder / "own"
        for path in (self.home, self.programs, self.own):
            path.mkdir()
        self.changes: dict[str, Any] = {}
        self.port = 0
        self.answers = {"host_key": ["yes"], "password": ["right"]}
        self.asked: list[Question] = []
        self.program("df", "echo Filesystem x; echo /dev/a 9 9 10000000 1% /there")
        self.program("quota", "exit 1")
        self.engine(f"deepsoil {deepsoil.__version__}")

    def program(self, name: str, script: str) -> None:
        (self.programs / name).write_text(f"#!/bin/sh\n{script}\n")
        (self.programs / name).chmod(0o755)

    def engine(self, said: str, code: int = 0) -> None:
        python = self.home / "deepsoil" / "engine" / "1.0" / "bin" / "python"
        python.parent.mkdir(parents=True, exist_ok=True)
        python.write_text(f'#!/bin/sh\n[ "$*" = "-P -m deepsoil --version" ] || exit 9\necho "{said}"\nexit {code}\n')
        python.chmod(0o755)
        link = self.home / "deepsoil" / "engine" / "current"
        if not link.is_symlink():
            link.symlink_to("1.0")

    def serve(self) -> Server:
        server = Server("password")
        server.environment |= {"HOME": str(self.home), "PATH": f"{self.programs}:{server.environment['PATH']}",
                               "SHELL": "/bin/sh"}
        for name, value in self.changes.items():
            setattr(server, name, value)
        return server

    def ask(self, question: Question) -> list[str] | None:
        self.asked.append(question)
        return self.answers[question.kind]

    def check(self, **changes: Any) -> dict[str, dict[str, Any]]:
        host = Host.model_validate({"id": "hydra", "title": "Hydra", "address": "127.0.0.1", "port": self.port,
                                     "user": "ana", "authentication": "password", "scheduler": "process", **changes})
        told: list[dict[str, Any]] = []
        ended = check_host(host, self.ask, self.own, told.append, 30.0)
        assert tuple(step["step"] for step in ended) == STEPS
        begun = [step["step"] for step in told if step["state"] == "running"]
        assert begun == list(STEPS[:len(begun)]), "each step is told as it begins, in order"
        assert [step for step in told if step["state"] != "running"] == ended
        return {step["step"]: step for step in ended}


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[There]:
    made = There(tmp_path)
    monkeypatch.setattr(credential_cache, "_kept", {})
    monkeypatch.setattr(config, "user_folder", lambda: tmp_path / "ssh")
    monkeypatch.setattr(connection_test, "_SLOW_SHELL_S", 60.0)
    with listening(made.serve) as made.port:
        yield made


def states(found: dict[str, dict[str, Any]]) -> list[str]:
    return [found[name]["state"] for name in STEPS]


def test_a_host_that_is_well(there: There) -> None:
    before = sorted(path.relative_to(there.home) for path in there.home.rglob("*"))
    found = there.check()
    assert states(found) == WELL, found
    assert [question.kind for question in there.asked] == ["host_key", "password"]
    assert there.asked[0].fingerprint and there.asked[0].fingerprint.startswith("SHA256:")
    assert found["reach"]["message"] == "127.0.0.1 answers." and "10.2 GB are free" in found["disk"]["message"]
    assert "one command takes" in found["shell"]["details"] and "shell /bin/sh" in found["shell"]["details"]
    assert str(there.home / "deepsoil") in found["files"]["message"]
    assert deepsoil.__version__ in found["engine"]["message"]
    assert sorted(path.relative_to(there.home) for path in there.home.rglob("*")) == before, "something was left there"
    there.asked.clear()
    there.check()
    assert there.asked == [], "the key and the password are known now"


def test_a_folder_that_the_test_made_is_removed_and_no_engine_is_a_warning(there: There) -> None:
    found = there.check(home="~/new folder's")
    assert states(found) == [*WELL[:-1], "warning"] and "No engine" in found["engine"]["message"]
    assert not (there.home / "new folder's").exists()


@pytest.mark.parametrize(("kind", "failed", "hosts"), [("host_key", 1, False), ("password", 2, True)])
def test_what_the_user_does_not_answer_ends_the_test_there(kind: str, failed: int, hosts: bool, there: There) -> None:
    there.answers[kind] = None  # type: ignore[assignment]
    found = there.check()
    assert states(found) == ["passed"] * failed + ["failed"] + ["skipped"] * (len(STEPS) - failed - 1)
    assert found[STEPS[failed]]["message"] and found[STEPS[failed]]["hint"]
    assert all("earlier step failed" in found[name]["message"] for name in STEPS[failed + 1:])
    assert (there.own / "known_hosts").exists() == hosts


def test_another_key_than_the_known_one_is_refused_without_a_question(there: There) -> None:
    other = paramiko.ECDSAKey.generate()
    (there.own / "known_hosts").write_text(f"[127.0.0.1]:{there.port} {other.get_name()} {other.get_base64()}\n")
    found = there.check()
    assert states(found)[:3] == ["passed", "failed", "skipped"] and there.asked == []
    (there.own / "known_hosts").write_text(f"[127.0.0.1]:{there.port} {HOST_KEY.get_name()} {HOST_KEY.get_base64()}\n")
    assert states(there.check()) == WELL and [one.kind for one in there.asked] == ["password"]


def test_a_host_that_nobody_hears(there: There) -> None:
    with listening(there.serve) as closed:
        pass
    there.port = closed
    assert states(there.check()) == ["failed"] + ["skipped"] * 7


def test_a_shell_that_prints_is_ignored_and_named(there: There) -> None:
    there.changes["before"] = "echo 'Welcome to Hydra'; echo '@ds-0 begin who'; echo oh >&2; "
    found = there.check()
    assert states(found) == [*WELL[:3], "warning", *WELL[4:]]
    assert "Welcome to Hydra" in found["shell"]["message"] and "oh" in found["shell"]["details"]


def test_a_slow_shell_is_named(there: There, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection_test, "_SLOW_SHELL_S", 0.0)
    found = there.check()
    assert found["shell"]["state"] == "warning" and "slow" in found["shell"]["message"]


def test_an_account_that_runs_nothing_ends_the_test(there: There) -> None:
    there.changes["before"] = "echo This account is closed.; exit 1; "
    found = there.check()
    assert states(found) == ["passed"] * 3 + ["failed"] + ["skipped"] * 4
    assert "This account is closed." in found["shell"]["details"]


@pytest.mark.parametrize(("free_kb", "left_kb", "state", "words"), [
    (90_000, None, "failed", "0.1 GB are free"), (2_900_000, None, "warning", "3.0 GB are free"),
    (2_920_000, None, "warning", "3.0 GB are free"), (2_940_000, None, "passed", "3.0 GB are free"),
    (98_000, None, "warning", "0.1 GB are free"),
    (10_000_000, 50_000, "failed", "0.1 GB are left of your quota"),
    (10_000_000, 4_000_000, "passed", "4.1 GB are left of your quota"),
    (4_000_000, 10_000_000, "passed", "4.1 GB are free")])
def test_the_space_is_the_smaller_of_what_is_free_and_what_the_quota_leaves(
        free_kb: int, left_kb: int | None, state: str, words: str, there: There) -> None:
    there.program("df", f"echo Filesystem x; echo /dev/a 9 9 {free_kb} 1% /there")
    if left_kb is not None:
        there.program("quota", "echo 'Filesystem blocks quota limit grace'; "
                               f"echo '/dev/a 1000000 {1_000_000 + left_kb} {1_000_000 + left_kb} 0'")
    disk = there.check()["disk"]
    assert disk["state"] == state and words in disk["message"], disk
    assert "/dev/a" in disk["details"]


def test_a_disk_that_does_not_tell_its_space_is_a_warning(there: There) -> None:
    there.program("df", "exit 1")
    assert there.check()["disk"]["state"] == "warning"


@pytest.mark.parametrize(("said", "code", "state", "words"), [
    ("deepsoil 0.0.1", 0, "warning", "0.0.1"), ("Illegal instruction", 132, "failed", "does not start"),
    (f"deepsoil {deepsoil.__version__}", 1, "failed", "does not start"), ("deepsoil is here", 0, "failed", "not start"),
    (f"deepsoil 1.2 beta\ndeepsoil {deepsoil.__version__}", 0, "passed", "is installed")])
def test_the_engine_there_is_started(said: str, code: int, state: str, words: str, there: There) -> None:
    there.engine(said, code)
    engine = there.check()["engine"]
    assert engine["state"] == state and words in engine["message"]


def home_is_a_file(there: There) -> None:
    (there.home / "elsewhere").write_text("")


def files_change(there: There) -> None:
    there.program("cat", "exec /bin/cat \"$@\" | tr '\\000' x")


def nothing_is_written(there: There) -> None:
    there.program("cat", "[ -n \"$1\" ] && exec /bin/cat \"$@\"; echo full >&2; exit 1")


def nothing_runs(there: There) -> None:
    there.program("chmod", "exit 0")


@pytest.mark.parametrize(("spoil", "words"), [
    (home_is_a_file, "cannot be made"), (files_change, "came back changed"),
    (nothing_is_written, "could not be written"), (nothing_runs, "Programs cannot be run")])
def test_a_folder_where_files_do_not_stay_what_they_are(spoil: Callable[[There], None], words: str,
                                                       there: There) -> None:
    spoil(there)
    found = there.check(home="~/elsewhere")
    assert found["files"]["state"] == "failed" and words in found["files"]["message"] and found["files"]["hint"]
    assert found["disk"]["state"] == "passed", "the next steps are tried"
    assert not (there.home / "elsewhere").is_dir() or not list((there.home / "elsewhere").iterdir())
