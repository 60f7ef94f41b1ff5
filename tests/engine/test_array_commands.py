"""How a scheduler's commands are run: in an environment of the login, to their end, never raising."""

from __future__ import annotations

import pytest
from deepsoil.schedulers.array.commands import Reply, login_environment, run


def test_only_variables_of_the_login_reach_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C"}
    assert login_environment({}) == login_environment({"SLURM_JOB_ID": "3", "PYTHONPATH": "x"}) == usual
    given = {name: f"a {name}" for name in ("PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "LC_CTYPE",
                                            "TZ", "LD_LIBRARY_PATH", "SLURM_CONF", "SQUEUE_FORMAT")}
    own = {name: text for name, text in given.items() if not name.startswith("S") or name == "SHELL"}
    assert login_environment(given) == own
    assert login_environment(given, "SLURM_CONF") == {**own, "SLURM_CONF": "a SLURM_CONF"}
    for name in own:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("USER", "anna")
    monkeypatch.setenv("SBATCH_QOS", "x")
    assert login_environment() == {**usual, "USER": "anna"}


def test_how_a_command_ended() -> None:
    environment = login_environment({})
    done = run(["sh", "-c", r"pwd; printf 'a\377' >&2; cat; exit 3"], environment)
    assert (done.code, done.out, done.err) == (3, "/\n", "a\N{REPLACEMENT CHARACTER}")
    slow = run(["sleep", "20"], environment, 0.1)
    assert slow.code is None and slow.words == "sleep did not answer within 0 s"
    away = run(["/none/such"], environment)
    assert away.code is None and away.words == "/none/such cannot be started: No such file or directory"


@pytest.mark.parametrize(("reply", "words"), [
    (Reply(1, " out ", " err\n"), "err"), (Reply(1, " out ", " "), "out"), (Reply(7, "", "\n"), "exit code 7"),
    (Reply(1, "", "x" * 3000), "x" * 2000)])
def test_words_of_a_reply(reply: Reply, words: str) -> None:
    assert reply.words == words
