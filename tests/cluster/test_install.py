"""Installing the engine over a real sshd, with the real pip: once to the end, and what goes wrong without it."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import signal
import site
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable
from pathlib import Path

import deepsoil
import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.host import Host
from deepsoil.hosts.connection_test.steps import check_host
from deepsoil.hosts.install import installation
from deepsoil.hosts.install.wheel import Payload, build_resources, build_wheel
from deepsoil.hosts.ssh import connection as ssh_connection
from sshd import Person, Sshd, missing, until

pytestmark = pytest.mark.skipif(missing() is not None, reason=str(missing()))


class Follower:
    """Takes the progress; ``stop`` cancels."""

    def __init__(self) -> None:
        self.said: list[tuple[str, float]] = []
        self.stop = threading.Event()

    def told(self, message: str, fraction: float) -> None:
        self.said.append((message, fraction))

    def saw(self, words: str) -> bool:
        return any(words in message for message, _ in self.said)


def install_there(person: Person, host: Host, follower: Follower, **named: object) -> str:
    return installation.install_engine(host, person.ask, person.home, follower.told, follower.stop.is_set,
                                  **named)  # type: ignore[arg-type]


def stand_in_python(folder: Path, pip: str) -> Path:
    """A program that passes for a Python whose environments have ``pip`` (a piece of sh) instead of the real one.

    Made of the real Python, so that everything but pip is real; nothing is fetched.
    """
    real = Path(os.path.realpath("/proc/self/exe"))
    program = folder / "stand-in-python"
    program.write_text(f"""#!/bin/sh
real='{real}'
case "$1 $2" in
  "-m venv") mkdir -p "$3/bin" && cp "$0" "$3/bin/python"; exit;;
  "-m pip") {pip}
    exit;;
  "-P -c") exit 0;;
  "-P -m") echo "deepsoil {deepsoil.__version__}"; exit 0;;
esac
exec "$real" "$@"
""")
    program.chmod(0o755)
    return program


@pytest.fixture(autouse=True)
def one_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine stays the same during a test, also while somebody works on its sources."""
    wheel, resources = build_wheel(), build_resources()
    monkeypatch.setattr(installation, "build_wheel", lambda: wheel)
    monkeypatch.setattr(installation, "build_resources", lambda: resources)
    monkeypatch.setattr(installation, "_POLL_S", 0.1)
    monkeypatch.setattr(installation, "_AGAIN_AFTER_S", 0.1)


@pytest.fixture
def little(monkeypatch: pytest.MonkeyPatch) -> Payload:
    """Resources of 6 MB, which are quickly sent."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        entry = tarfile.TarInfo("resources/models/some")
        entry.size = 6_000_000
        archive.addfile(entry, io.BytesIO(os.urandom(entry.size)))
    payload = Payload("resources.tar", buffer.getvalue())
    monkeypatch.setattr(installation, "build_resources", lambda: payload)
    return payload


def lending_python(folder: Path) -> Path:
    """The real Python; environments made with it find the packages of this one, so that pip fetches none of them."""
    program = folder / "lending-python"
    program.write_text(f"""#!/bin/sh
'{Path(os.path.realpath(sys.executable))}' "$@" || exit
[ "$1 $2" = "-m venv" ] && echo '{site.getsitepackages()[0]}' > "$(echo "$3"/lib/python3.*)/site-packages/lent.pth"
exit 0
""")
    program.chmod(0o755)
    return program


@pytest.mark.parametrize("whole", [False, True], ids=["packages lent", "packages fetched"])
def test_the_real_engine_is_installed_and_answers(person: Person, sshd: Sshd, whole: bool) -> None:
    if whole and not os.environ.get("DEEPSOIL_TEST_WHOLE_INSTALL"):
        pytest.skip("fetches 300 MB of packages for minutes: set DEEPSOIL_TEST_WHOLE_INSTALL=1 to run it")
    settings = "" if whole else "export PIP_NO_DEPS=1 PIP_FORCE_REINSTALL=1 DEEPSOIL_RANGES=1\n"
    (sshd.home / ".bashrc").write_text(f"{settings}echo '*** Welcome ***'\n")
    host = person.host(sshd, home="~/deep soil's \"$(touch pwned)\"",
                         python=None if whole else str(lending_python(person.folder)))
    follower = Follower()
    assert install_there(person, host, follower) == deepsoil.__version__
    fractions = [fraction for _, fraction in follower.said]
    assert fractions == sorted(fractions) and fractions[-1] == 1.0
    assert follower.saw("Sending deepsoil-") and follower.saw("Sending resources")
    steps = {step["step"]: step for step in check_host(host, person.ask, person.home, lambda _step: None)}
    assert steps["engine"]["state"] == "passed", steps["engine"]
    connection = person.connect(host)
    try:
        models = connection.run(host.engine_command("models"), timeout_s=60)
        assert b"deepsoil-5cm" in models.out and b"deepsoil-20cm" in models.out, models
    finally:
        connection.close()
    again = Follower()
    install_there(person, host, again)
    assert [message for message, _ in again.said] == ["Connecting to There", "The engine is installed"]
    assert not list(sshd.home.rglob("pwned"))


# ---- what goes wrong, with a pip that fetches nothing ----

DONE = 'echo "Collecting numpy"; echo "Successfully installed"'


def test_an_installation_goes_on_while_the_connection_is_away(person: Person, sshd: Sshd, little: Payload) -> None:
    python = stand_in_python(person.folder, f"echo Collecting first; while [ ! -e '{person.folder}/go' ]; do "
                             f"sleep 0.1; done; {DONE}")
    follower = Follower()
    result: list[str] = []
    thread = threading.Thread(target=lambda: result.append(
        install_there(person, person.host(sshd, python=str(python)), follower)))
    thread.start()
    until(lambda: follower.saw("first"))
    sshd.signal_sessions(signal.SIGKILL)
    until(lambda: follower.saw("Trying again"))
    (person.folder / "go").touch()
    thread.join(60)
    assert result == [deepsoil.__version__]
    log = next((sshd.home / "deepsoil" / "engine").glob("*/install.log")).read_text()
    assert log.count("@step environment") == 1, "it was begun once"


def test_an_upload_goes_on_where_it_broke_off_and_a_damaged_part_is_sent_again(person: Person, sshd: Sshd,
                                                                              little: Payload) -> None:
    python = stand_in_python(person.folder, DONE)
    resources = little
    uploads = sshd.home / "deepsoil" / "engine" / "uploads"
    uploads.mkdir(parents=True)
    half = len(resources.content) // 2
    (uploads / f"{resources.sha256}.part").write_bytes(resources.content[:half])
    host = person.host(sshd, python=str(python))
    sent = bytes_sent(lambda: install_there(person, host, Follower()))
    assert sent == len(resources.content) - half + len(installation.build_wheel().content)
    assert (uploads / resources.sha256).read_bytes() == resources.content
    (uploads / resources.sha256).unlink()
    (uploads / f"{resources.sha256}.part").write_bytes(bytes(half))
    current = uploads.parent / "current"
    shutil.rmtree(current.resolve())
    sent = bytes_sent(lambda: install_there(person, host, Follower()))
    assert sent == len(resources.content) - half + len(resources.content)
    assert (uploads / resources.sha256).read_bytes() == resources.content


def test_an_upload_that_the_network_breaks_off_goes_on_from_there(person: Person, sshd: Sshd, little: Payload) -> None:
    python = stand_in_python(person.folder, DONE)
    follower = Follower()
    broken_at: list[int] = []

    def told(message: str, fraction: float) -> None:
        follower.told(message, fraction)
        if message.startswith("Sending resources") and fraction > 0.14 and not broken_at:
            broken_at.append(1)
            sshd.signal_sessions(signal.SIGKILL)

    sent = bytes_sent(lambda: installation.install_engine(person.host(sshd, python=str(python)), person.ask,
                                                          person.home, told, lambda: False))
    assert broken_at and follower.saw("Trying again")
    both = len(little.content) + len(installation.build_wheel().content)
    assert sent < 1.4 * both, "half of it was not sent again"


def bytes_sent(act: Callable[[], object]) -> int:
    """How much went down pipes meanwhile."""
    sent = 0
    write = ssh_connection.Pipe.write

    def counting(pipe: ssh_connection.Pipe, data: bytes) -> None:
        nonlocal sent
        sent += len(data)
        write(pipe, data)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssh_connection.Pipe, "write", counting)
        act()
    return sent


def test_a_cancelled_installation_stops_there_and_leaves_the_old_engine(person: Person, sshd: Sshd, little: Payload,
                                                                        monkeypatch: pytest.MonkeyPatch) -> None:
    first = stand_in_python(person.folder, DONE)
    install_there(person, person.host(sshd, python=str(first)), Follower())
    engine = sshd.home / "deepsoil" / "engine"
    old = (engine / "current").readlink()
    second = stand_in_python(person.folder, "echo Collecting more; exec sleep 1000")
    follower = Follower()
    errors: list[DeepSoilError] = []

    def act() -> None:
        try:
            install_there(person, person.host(sshd, python=str(second)), follower, extras=("train",))
        except DeepSoilError as error:
            errors.append(error)

    thread = threading.Thread(target=act)
    thread.start()
    until(lambda: follower.saw("more"))
    (script,) = engine.glob("*.install/script.sh")
    running = until(lambda: processes_in(script.parent))
    follower.stop.set()
    thread.join(60)
    assert errors[0].code == "install_cancelled"
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in running))
    assert (engine / "current").readlink() == old
    third = stand_in_python(person.folder, DONE)
    install_there(person, person.host(sshd, python=str(third)), Follower(), extras=("train",))
    assert (engine / "current").readlink() != old
    assert (engine / old / "replaced").exists(), "kept for jobs that wait with it"
    back = Follower()
    install_there(person, person.host(sshd, python=str(third)), back)
    assert (engine / "current").readlink() == old and not back.saw("Sending"), "what is there is only taken again"


def processes_in(folder: Path) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):
            if path.readlink() == folder:
                found.append(int(path.parent.name))
    return found


def test_two_that_begin_in_the_same_moment_make_one_installation(person: Person, sshd: Sshd, little: Payload) -> None:
    python = stand_in_python(person.folder, f"echo Collecting once; sleep 2; {DONE}")
    host = person.host(sshd, python=str(python))
    followers = [Follower(), Follower()]
    threads = [threading.Thread(target=install_there, args=(person, host, one)) for one in followers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [one.said[-1][1] for one in followers] == [1.0, 1.0]
    log = next((sshd.home / "deepsoil" / "engine").glob("*/install.log")).read_text()
    assert log.count("@step environment") == 1


def test_two_at_once_make_one_installation(person: Person, sshd: Sshd, little: Payload) -> None:
    python = stand_in_python(person.folder, f"echo Collecting once; sleep 1; {DONE}")
    host = person.host(sshd, python=str(python))
    first = Follower()
    threads = [threading.Thread(target=install_there, args=(person, host, first))]
    threads[0].start()
    until(lambda: first.saw("once"))
    second = Follower()
    install_there(person, host, second)
    threads[0].join(60)
    assert not second.saw("Looking for Python")
    assert second.said[-1][1] == first.said[-1][1] == 1.0


@pytest.mark.parametrize(("pip", "code", "words"), [
    ("echo 'WARNING: Retrying after connection broken by NewConnectionError: [Errno -2] Name or service not known'; "
     "echo 'ERROR: No matching distribution found for numpy'; exit 1", "packages_unreachable", "find-links"),
    ("echo 'ERROR: No matching distribution found for torch==2.13.0'; exit 1", "packages_missing", "torch==2.13.0"),
    ("echo 'ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device'; exit 1",
     "host_disk_full", "Free some space"),
    ("echo 'ERROR: something else'; exit 1", "install_failed", "something else"),
])
def test_what_pip_says_is_told_in_plain_words(person: Person, sshd: Sshd, little: Payload, pip: str, code: str,
                                              words: str) -> None:
    python = stand_in_python(person.folder, pip)
    with pytest.raises(DeepSoilError) as error:
        install_there(person, person.host(sshd, python=str(python)), Follower())
    assert error.value.code == code
    assert words in str(error.value)
    assert not (sshd.home / "deepsoil" / "engine" / "current").exists()


# Writes down what it is asked; says of a locked installation what ``{0}`` says, and of another that it is done.
LOCKED = """shift 2; echo "$*" >> '{1}'
  case "$*" in *--require-hashes*) cp "${{@: -1}}" '{1}.lock'; {0};; *) echo done;; esac"""


@pytest.mark.parametrize(("said", "calls"), [
    ("echo done", 2), ("echo 'ERROR: No matching distribution found for numpy==2.5.5'; exit 1", 2),
    ("echo 'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE'; exit 1", 1),
    ("echo 'ERROR: something else'; exit 1", 1)], ids=["locked", "does not fit", "altered", "fails"])
def test_the_tested_packages_are_installed_and_others_only_where_these_do_not_exist(
        person: Person, sshd: Sshd, little: Payload, said: str, calls: int) -> None:
    asked = person.folder / "asked"
    python = stand_in_python(person.folder, LOCKED.format(said, asked).replace("${@: -1}", "lock.txt"))
    follower = Follower()
    try:
        install_there(person, person.host(sshd, python=str(python)), follower)
    except DeepSoilError as error:
        assert error.code == ("packages_altered" if "HASHES" in said else "install_failed")
    lines = asked.read_text().splitlines()
    assert len(lines) == calls, lines
    assert "--only-binary :all: --require-hashes -r lock.txt" in lines[0]
    assert (asked.with_suffix(".lock")).read_text() == (
        Path(deepsoil.__file__).parent / "locks" / "sources.txt").read_text()
    if calls == 2:
        assert "[train,sources]" in lines[1] and "--require-hashes" not in lines[1]


def test_a_host_without_a_fitting_python_names_what_there_is(person: Person, sshd: Sshd, little: Payload,
                                                             monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation.scripts, "CANDIDATES", ("no-such-python", "~/old python"))
    old = sshd.home / "old python"
    old.write_text("#!/bin/sh\necho usable 3.6\n")
    old.chmod(0o755)
    (sshd.home / ".profile").write_text("module() { echo python/3.12.4; echo gcc/12; }\n")
    with pytest.raises(DeepSoilError) as error:
        install_there(person, person.host(sshd), Follower())
    assert error.value.code == "python_missing"
    assert "python/3.12.4" in error.value.hint and "gcc" not in error.value.hint
    with pytest.raises(DeepSoilError) as error:
        install_there(person, person.host(sshd, python="~/old python"), Follower())
    assert (error.value.code, error.value.field) == ("python_missing", "python")
    assert "usable 3.6" in error.value.message


def test_a_full_disk_there_is_said_and_the_upload_goes_on_later(person: Person, sshd: Sshd, little: Payload) -> None:
    disk = sshd.home / "small"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk], check=False).returncode:
        pytest.skip("needs the right to mount a small disk")
    try:
        python = stand_in_python(person.folder, DONE)
        host = person.host(sshd, home="~/small/home", python=str(python))
        with pytest.raises(DeepSoilError) as error:
            install_there(person, host, Follower())
        assert (error.value.code, error.value.field) == ("host_disk_full", "home")
        with pytest.MonkeyPatch.context() as patch, pytest.raises(DeepSoilError) as error:
            patch.setattr(installation, "_NEEDED_BYTES", {False: 0, True: 0})
            install_there(person, host, Follower())
        assert error.value.code == "host_disk_full"
        subprocess.run(["mount", "-o", "remount,size=60m", disk], check=True)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(installation, "_NEEDED_BYTES", {False: 0, True: 0})
            sent = bytes_sent(lambda: install_there(person, host, Follower()))
        assert sent < len(little.content), "what was there was not sent again"
    finally:
        subprocess.run(["umount", "-l", disk], check=True)
