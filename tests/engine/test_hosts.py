"""Hosts without a network: what a host is, the list of hosts, known host keys, the SSH configuration."""

from __future__ import annotations

import base64
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.host import NO_ENGINE, parse_host
from deepsoil.contract.resources import Resources
from deepsoil.contract.version import SCHEMA
from deepsoil.hosts.install import disk_usage
from deepsoil.hosts.install.progress import Progress
from deepsoil.hosts.prompts.classifier import is_lasting
from deepsoil.hosts.registry import Registry
from deepsoil.hosts.ssh import config, host_keys, script_runner
from deepsoil.hosts.ssh.quoting import command_line
from deepsoil.schedulers.slurm import connection_test

HYDRA: dict[str, Any] = {
    "id": "hydra", "title": "Hydra", "address": "hydra.example.org", "port": None, "user": "anna",
    "authentication": "agent", "key_file": None, "home": "~/deepsoil", "python": None, "scheduler": "slurm",
    "resources": {"partition": "gpu", "account": None, "qos": None, "gpus": 1, "cpus": 4, "memory_mb": 8000,
                  "minutes": 240, "tasks": 19, "processes": 1, "attempts": 3}}


# ---- a host ----

def test_the_host_of_the_contract_is_taken_and_given_back() -> None:
    assert parse_host(HYDRA).to_dict() == HYDRA


@pytest.mark.parametrize(("change", "field"), [
    ({"id": "Hydra"}, "id"), ({"id": "../x"}, "id"), ({"address": "-oProxyCommand=x"}, "address"),
    ({"address": "anna@hydra"}, "address"), ({"address": ""}, "address"), ({"port": 0}, "port"),
    ({"port": "22"}, "port"),
    ({"home": "deepsoil"}, "home"), ({"home": "/a:b"}, "home"), ({"home": "~other/x"}, "home"),
    ({"home": "/a\nb"}, "home"), ({"authentication": "magic"}, "authentication"),
    ({"authentication": "key"}, "key_file"), ({"scheduler": "pbs"}, "scheduler"), ({"colour": "red"}, "colour"),
    ({"resources": {"partition": "a b"}}, "resources.partition"), ({"resources": {"gpus": -1}}, "resources.gpus"),
])
def test_what_no_host_can_be_is_refused_with_its_field(change: dict[str, Any], field: str) -> None:
    with pytest.raises(DeepSoilError) as error:
        parse_host(HYDRA | change)
    assert (error.value.code, error.value.field) == ("host_invalid", field)
    assert error.value.hint


@pytest.mark.parametrize("home", ["~", "~/", "~/a b's \"$(touch pwned)\"", "{}/whole `touch pwned` \\ path"])
def test_the_command_of_the_engine_finds_it_in_odd_homes_and_follows_the_link(tmp_path: Path, home: str) -> None:
    user = tmp_path / "us'er"
    host = parse_host(HYDRA | {"home": home.format(tmp_path)})
    folder = Path(str(user) + host.home[1:]) if host.home.startswith("~") else Path(host.home)
    binary = folder / "engine" / "1-abc" / "bin"
    variables = {"HOME": str(user), "PATH": "/usr/bin:/bin", "PYTHONPATH": "/astray"}
    user.mkdir(exist_ok=True)
    none = subprocess.run(host.engine_command("serve"), env=variables, cwd=tmp_path, capture_output=True, check=False)
    assert none.returncode == NO_ENGINE
    binary.mkdir(parents=True)
    (binary / "python").write_text('#!/bin/sh\nprintf "%s|" "$0" "$@" "$DEEPSOIL_HOME" "${PYTHONPATH-none}"\n')
    (binary / "python").chmod(0o755)
    (folder / "engine" / "current").symlink_to("1-abc")
    done = subprocess.run(host.engine_command("logs", "a b"), env=variables, cwd=tmp_path, capture_output=True,
                          text=True, check=True)
    program, *words, where, path = done.stdout.split("|")[:-1]
    assert Path(program) == binary / "python", "a newer engine must not change the files of one that runs"
    assert words == ["-P", "-m", "deepsoil", "logs", "a b"]
    assert (Path(where), path) == (folder, "none")
    assert not list(tmp_path.rglob("pwned"))


def test_a_command_line_holds_nothing_that_a_shell_would_take() -> None:
    line = command_line(["a", "!", "\\", "\n", "'", "é"])
    assert set("!\n") & set(line) == set()
    assert line.count("'") == 4


# ---- the list ----

def test_hosts_are_kept_in_order_and_removed(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    assert registry.list() == []
    registry.set(parse_host(HYDRA))
    registry.set(parse_host(HYDRA | {"id": "other"}))
    registry.set(parse_host(HYDRA | {"title": "Renamed"}))
    assert [host.title for host in Registry(tmp_path).list()] == ["Renamed", "Hydra"]
    registry.remove("hydra")
    assert [host.id for host in registry.list()] == ["other"]
    with pytest.raises(DeepSoilError, match="no host 'hydra'"):
        registry.get("hydra")


@pytest.mark.parametrize("content", ["", "{", "[]", '{"schema": 2}', '{"schema": 3, "hosts": []}',
                                     '{"schema": 2, "hosts": 5}', "\x00" * 20])
def test_a_damaged_list_is_an_error_and_never_written_over(tmp_path: Path, content: str) -> None:
    file = tmp_path / "hosts.json"
    file.write_text(content)
    registry = Registry(tmp_path)
    for act in (registry.list, lambda: registry.set(parse_host(HYDRA)), lambda: registry.remove("hydra")):
        with pytest.raises(DeepSoilError) as error:
            act()  # type: ignore[operator]
        assert error.value.code == "hosts_damaged"
    assert file.read_text() == content


# ---- host keys ----

KEYS = [base64.b64encode(f"key {number}".encode()).decode() for number in range(3)]


def known(text: str) -> list[host_keys.KnownKey]:
    return host_keys.parse(text, Path("known_hosts"))


@pytest.mark.parametrize(("line", "name", "verdict"), [
    (f"hydra ssh-ed25519 {KEYS[0]}", "hydra", "known"),
    (f"hydra ssh-ed25519 {KEYS[1]}", "hydra", "changed"),
    (f"hydra ssh-ed25519 {KEYS[0]}", "[hydra]:2222", "unknown"),
    (f"[hydra]:2222 ssh-ed25519 {KEYS[0]}", "[hydra]:2222", "known"),
    (f"HYDRA,10.0.0.1 ssh-ed25519 {KEYS[0]}", "hydra", "known"),
    (f"*.example.org,!evil.example.org ssh-ed25519 {KEYS[0]}", "a.example.org", "known"),
    (f"*.example.org,!evil.example.org ssh-ed25519 {KEYS[0]}", "evil.example.org", "unknown"),
    (f"[h?dra]:* ssh-ed25519 {KEYS[0]}", "[hydra]:2222", "known"),
    (f"hydra ssh-ed25519 {KEYS[0]}\n@revoked * ssh-ed25519 {KEYS[0]}", "hydra", "revoked"),
    (f"@revoked hydra ssh-ed25519 {KEYS[1]}", "hydra", "unknown"),
    (f"@cert-authority * ssh-ed25519 {KEYS[1]}", "hydra", "unknown"),
    (f"# hydra ssh-ed25519 {KEYS[1]}\n\nhydra\nhydra ssh-ed25519 not!base64\n\x00", "hydra", "unknown"),
    (f"hydra ssh-rsa {KEYS[1]}\nhydra ssh-ed25519 {KEYS[0]}", "hydra", "known"),
    ("|1|bad|hash ssh-ed25519 " + KEYS[0], "hydra", "unknown"),
])
def test_what_a_key_is_thought_of(line: str, name: str, verdict: str) -> None:
    assert host_keys.judge(name, b"key 0", known(line))[0] == verdict


def test_the_kinds_of_known_keys_are_asked_for_first() -> None:
    available = ("ssh-ed25519", "ecdsa-sha2-nistp256", "rsa-sha2-512", "rsa-sha2-256")
    assert host_keys.preferred(available, "hydra", known(f"hydra ssh-rsa {KEYS[0]}")) == (
        "rsa-sha2-512", "rsa-sha2-256", "ssh-ed25519", "ecdsa-sha2-nistp256")


@pytest.mark.parametrize(("prompt", "kept"), [
    ("Password: ", True), ("anna@hydra's password:", True), ("Verification code: ", False),
    ("One-time password: ", False),
    ("Duo password: ", False), ("Contraseña: ", True), ("Passwort:", True), ("Mot de passe: ", True),
    ("Password or token: ", False), ("Passcode or option (1-3): ", False), ("Enter PIN: ", False), ("Answer", False),
])
def test_only_what_stays_the_same_is_kept(prompt: str, kept: bool) -> None:
    assert is_lasting(prompt, echo=False) is kept
    assert not is_lasting(prompt, echo=True)


# ---- the SSH configuration ----

def routes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, host: str,
           **fields: Any) -> list[config.Hop]:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".ssh").mkdir(exist_ok=True)
    (tmp_path / ".ssh" / "config").write_text(text)
    return config.route(parse_host(HYDRA | {"address": host, **fields}))


def test_an_alias_is_what_the_configuration_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = ("Host hydra\n  HostName login.hydra.example.org\n  Port 2222\n  User bert\n  IdentityFile ~/.ssh/h\n"
            "  IdentitiesOnly yes\n  UserKnownHostsFile ~/.ssh/known_h /dev/null\n  IdentityAgent none\n"
            "Host *\n  IdentityFile ~/.ssh/all\n  User nobody\n")
    (hop,) = routes(tmp_path, monkeypatch, text, "hydra", user=None)
    assert (hop.host, hop.port, hop.user, hop.only, hop.agent) == (
        "login.hydra.example.org", 2222, "bert", True, "none")
    assert hop.key_name == "[login.hydra.example.org]:2222"
    assert hop.identities == (tmp_path / ".ssh" / "h", tmp_path / ".ssh" / "all")
    assert hop.known_hosts[:2] == (tmp_path / ".ssh" / "known_h", Path("/dev/null"))
    (hop,) = routes(tmp_path, monkeypatch, text, "hydra", port=22)
    assert (hop.port, hop.user, hop.key_name) == (22, "anna", "login.hydra.example.org"), "the host has its own say"
    (hop,) = routes(tmp_path, monkeypatch, text + "Host other\n  HostKeyAlias the-key\n", "other")
    assert hop.key_name == "the-key"


def test_jumps_are_resolved_one_after_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = ("Host inner\n  ProxyJump bert@gate:2200,[fe80::1]:22,second\nHost gate\n  ProxyJump outer\n"
            "Host second\n  HostName second.example.org\n  ProxyJump never\nHost direct\n  ProxyJump none\n")
    hops = routes(tmp_path, monkeypatch, text, "inner")
    assert [(hop.host, hop.port) for hop in hops] == [
        ("outer", 22), ("gate", 2200), ("fe80::1", 22), ("second.example.org", 22), ("inner", 22)]
    assert (hops[1].user, hops[-1].user) == ("bert", "anna")
    assert len(routes(tmp_path, monkeypatch, text, "direct")) == 1


@pytest.mark.parametrize("text", ["Host a\n  ProxyJump a\n", "Include config\n", "Host a\n  Port many\n", "nonsense\n",
                                  "Match nothing\n  User x\nMatch\n"])
def test_a_configuration_that_cannot_be_used_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                     text: str) -> None:
    with pytest.raises(DeepSoilError) as error:
        routes(tmp_path, monkeypatch, text, "a")
    assert error.value.code == "ssh_config_unreadable"


# ---- what hosts answer ----

def test_answers_stand_between_marks_whatever_is_printed_around() -> None:
    out = ("*** hi @T-other begin a\n\n@T begin a\nvalue 1\nvalue 2\n@T end a 0\n noise \x00\n@T begin b\nwent wrong\n"
           "\n@T end b 3\n@T begin c\nhalf")
    said = script_runner.parse("@T", out, "careful\n")
    assert (said["a"].ok, said["a"].values("value"), said["a"].value("none")) == (True, ["1", "2"], None)
    assert (said["b"].code, said["c"].code, said["missing"].code) == (3, None, None)
    assert said.noise.splitlines()[0].startswith("*** hi") and said.noise.endswith("careful")


def test_free_space_and_quota() -> None:
    df = "Filesystem 1024-blocks Used Available Capacity Mounted on\nserver:/home/with blank 100 40 60 40% /home\n"
    assert disk_usage.parse_df(df) == 60 * 1024
    assert disk_usage.parse_df("df: no such folder") is None
    df = df.replace("server:/home/with blank", "server:/home")
    quota = ("Disk quotas for user anna (uid 1): \n     Filesystem  blocks   quota   limit   grace   files   quota\n"
             "   server:/home     90*     100     120            5       0       0\n   server:/other  1 2 3 4\n")
    assert disk_usage.parse_quota(quota, df) == 10 * 1024
    assert disk_usage.parse_quota(quota.replace("100     120", "0     0"), df) is None
    assert disk_usage.parse_quota("", df) is None


def test_a_slurm_that_does_not_answer_is_told_in_its_words() -> None:
    words = script_runner.ScriptResult(
        1, "slurm_load_ctl_conf error: Unable to contact slurm controller (connect failure)")
    found = connection_test.evaluate(words, words, words, words, words, Resources(scheduler="slurm"))
    assert found.state == "failed"
    assert "Unable to contact slurm controller" in found.message


def test_progress_only_grows_and_names_what_happens() -> None:
    progress, seen = Progress(), []
    log = ("@step environment\n@step packages\nCollecting numpy<3,>=2.0\n  Downloading https://x/numpy-2.4.6-cp311.whl "
           "(16.9 MB)\nCollecting scipy\n  Downloading scipy-1.17.1-cp311.whl (35.3 MB)\n"
           "Installing collected packages: a\n@step resources\n@step trial\n")
    for begin in range(0, len(log), 7):  # pieces end anywhere
        seen.append(progress.take(log[begin:begin + 7]))
    assert [fraction for _, fraction in seen] == sorted(fraction for _, fraction in seen)
    assert any(message == "Downloading numpy (16.9 MB)" for message, _ in seen)
    assert seen[-1] == ("Testing the engine", 0.97)


@pytest.mark.parametrize("include", ["Include more", "Include ~/.ssh/more", 'include "mo*"', "Include=more"])
def test_aliases_are_those_of_the_configuration_and_of_what_it_includes(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, include: str) -> None:
    """Relative names of Include belong to ~/.ssh wherever the file lies, as for ssh itself."""
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".ssh").mkdir()
    (tmp_path / ".ssh" / "more").write_text("HOST \"inner\"\nMatch host x\n  User b\n")
    (tmp_path / ".ssh" / "config").write_text(f"{include}\nHost gate  hydra *.org !bad\n  User anna\nHost=raijin\n")
    assert config.aliases() == ["inner", "gate", "hydra", "raijin"]
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text(f"{include}\n")
    assert config.aliases(elsewhere) == ["inner"]
    assert config.aliases(tmp_path / "none") == []
    elsewhere.write_text(f"Include {elsewhere}\n")
    with pytest.raises(DeepSoilError) as caught:
        config.aliases(elsewhere)
    assert caught.value.code == "ssh_config_unreadable"


def test_host_documents_are_plain_json(tmp_path: Path) -> None:
    Registry(tmp_path).set(parse_host(HYDRA))
    assert json.loads((tmp_path / "hosts.json").read_text()) == {"schema": SCHEMA, "hosts": [HYDRA]}
