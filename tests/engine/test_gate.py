"""The plugin repository's rules, asked before an upload: what it would refuse is refused here, each with its reason."""

from __future__ import annotations

import http.server
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tools import command_package, vendored  # noqa: E402
from tools.console import Stop  # noqa: E402
from tools.gate import archive, metadata, rules, scanners  # noqa: E402

REAL = (ROOT / "metadata.txt").read_text(encoding="utf-8")
INSIDE = ["LICENSE", "__init__.py", "metadata.txt", "resources/icons/deepsoil.svg"]
PYTHON = Path(sys.executable)


def packed(path: Path, files: dict[str, bytes], mode: int = 0o644) -> Path:
    """A zip of a plugin that would pass, with more files or other ones."""
    whole = {"deepsoil_plugin/" + name: b"" for name in INSIDE}
    whole["deepsoil_plugin/metadata.txt"] = metadata.completed(REAL).encode()
    with zipfile.ZipFile(path, "w") as target:
        for name, content in (whole | files).items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = mode << 16
            target.writestr(entry, content)
    return path


def with_line(key: str, value: str | None) -> str:
    """The completed metadata with another value of a key; None: without it."""
    lines = [line for line in metadata.completed(REAL).splitlines() if not line.startswith(f"{key}=")]
    return "\n".join([*lines, *([f"{key}={value}"] if value is not None else [])]) + "\n"


def test_our_own_metadata_pass_and_the_addresses_follow_from_one_setting() -> None:
    text = metadata.completed(REAL.replace("repository=https://example.org/deepsoil", "repository=https://git.uni.edu/d/"))
    assert metadata.problems(text, INSIDE) == []
    assert "homepage=https://git.uni.edu/d\n" in text and "tracker=https://git.uni.edu/d/issues\n" in text
    own = metadata.completed(text.replace("tracker=https://git.uni.edu/d/issues", "tracker=https://bugs.uni.edu"))
    assert own.count("tracker=") == 1 and "tracker=https://bugs.uni.edu\n" in own


@pytest.mark.parametrize(("key", "value", "said"), [
    *[(key, None, f"metadata without {key}") for key in rules.REQUIRED_METADATA],
    ("name", "DeepSoil Plugin", "the word plugin"), ("author", "a/b", "slash"), ("email", "nobody", "email"),
    ("version", "0.1.0-dev", "version"), ("version", "9.9.9", "the changelog says nothing"),
    ("qgisMaximumVersion", "3.10", "above"), ("qgisMinimumVersion", "three", "not a version"),
    ("supportsQt6", "True", "no longer read"), ("experimental", "maybe", "neither"), ("icon", "no.svg", "icon"),
    ("tracker", "issues", "not the address"), ("about", "97 % of it", "cannot be read"),
])
def test_metadata_that_would_be_refused(key: str, value: str | None, said: str) -> None:
    found = metadata.problems(with_line(key, value), INSIDE)
    assert any(said in one for one in found), found


@pytest.mark.parametrize("host", ["example.org", "www.example.com", "deepsoil.test", "here.invalid", "localhost"])
def test_invented_addresses_are_known(host: str) -> None:
    text = metadata.completed(REAL.replace("example.org", host))
    assert len(metadata.placeholders(text)) == 4, "repository, tracker, homepage, email"
    assert metadata.placeholders(metadata.completed(REAL.replace("example.org", "uni-example.edu"))) == []


def test_a_release_refuses_invented_addresses_and_an_ordinary_package_says_so(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    zipped = packed(tmp_path / "a.zip", {})
    command_package.check_owner(zipped, release=False)
    assert "example.org" in capsys.readouterr().out
    with pytest.raises(Stop, match=r"email=deepsoil@example\.org"):
        command_package.check_owner(zipped, release=True)


@pytest.fixture
def site() -> Iterator[str]:
    class Pages(http.server.BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response(404 if "issues" in self.path else 200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_an_address_that_does_not_answer_is_found(site: str) -> None:
    text = metadata.completed(REAL.replace("https://example.org", site))
    assert [one.partition("=")[0] for one in metadata.unreachable(text)] == ["tracker"], "404 on /deepsoil/issues"
    assert len(metadata.unreachable(text.replace(site, "http://127.0.0.1:9"))) == 3


def test_a_zip_of_only_what_is_allowed_passes(tmp_path: Path) -> None:
    assert archive.problems(packed(tmp_path / "a.zip", {})) == []


@pytest.mark.parametrize(("name", "content", "said"), [
    ("deepsoil_plugin/.bandit", b"", "hidden"), ("deepsoil_plugin/.secrets/x", b"", "hidden"),
    ("deepsoil_plugin/x.so", b"", "binary"), ("deepsoil_plugin/RUN.BAT", b"", "binary"),
    ("deepsoil_plugin/tool", b"\x7fELF\x02", "compiled"), ("deepsoil_plugin/tool.dat", b"MZ\x90\x00", "compiled"),
    ("deepsoil_plugin/__pycache__/a.py", b"", "must not be inside"), ("deepsoil_plugin/.git/a", b"", "must not be"),
    ("deepsoil_plugin/a.pyc", b"", "binary"), ("deepsoil_plugin/../../a.py", b"", "leaves"),
    ("other/a.py", b"", "not one folder"), ("deepsoil_plugin/big", bytes(1000), "the most"),
])
def test_a_file_that_would_be_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes,
                                      said: str) -> None:
    if "big" in name:
        monkeypatch.setattr(rules, "LARGEST_BYTES", 1000)
    found = archive.problems(packed(tmp_path / "a.zip", {name: content}))
    assert any(said in one for one in found), found


def test_executable_files_and_a_missing_licence_are_found(tmp_path: Path) -> None:
    assert any("executable" in one for one in archive.problems(packed(tmp_path / "a.zip", {}, mode=0o755)))
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as target:
        target.writestr("deepsoil_plugin/__init__.py", "")
    assert {"missing: LICENSE", "missing: metadata.txt"} <= set(archive.problems(tmp_path / "b.zip"))


# Assembled here, so that this file is no finding itself.
AWS_KEY = "AKIA" + "IOSFODNN7" + "QXAMPLE"


REFUSED = [
    ("a.py", "eval(input())", "B307"), ("a.py", "exec(input())", "B102"),
    ("a.py", "import pickle\npickle.loads(b'')", "B301"), ("a.py", "passw" + "ord = 'hunter2hunter2'", "B105"),
    ("a.py", "import paramiko\nparamiko.Channel(0).exec_command(input())", "B601"),
    ("a.py", "import subprocess\nsubprocess.run(input(), shell=True)", "B602"),
    ("a.py", "import yaml\nyaml.load(input())", "B506"), ("a.py", "try:\n    f()\nexcept Exception:\n    pass", "B110"),
    ("extlibs/a.py", "eval(input())", "B307"), ("a.py", f"x = '{AWS_KEY}'", "secret"),
    ("notes.txt", f"x = '{AWS_KEY}'", "secret"), ("a.py", "print(not_defined)", "F821"),
    ("a.py", "from PyQt5.QtCore import Qt", "QGS"),
    ("extlibs/a.py", "print(not_defined)", "F821"), ("engine_source/a.py", "print(not_defined)", "F821"),
]


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What the scanners refuse when each case is a file in a folder of its own, ``case-<number>``."""
    root = tmp_path_factory.mktemp("scanned")
    for number, (name, code, _rule) in enumerate(REFUSED):
        file = root / "deepsoil_plugin" / f"case-{number}" / name
        file.parent.mkdir(parents=True)
        file.write_text(code + "\n", encoding="utf-8")
    return scanners.judged([one for scan in scanners.SCANNERS.values() for one in scan(PYTHON, root)])[0]


@pytest.mark.parametrize("number", range(len(REFUSED)), ids=[f"{rule}-{name}" for name, _, rule in REFUSED])
def test_code_that_would_be_refused(number: int, refused: list[str]) -> None:
    assert any(REFUSED[number][2] in one and f"case-{number}/" in one for one in refused), refused


def test_rules_for_qt_are_not_asked_of_published_packages_and_of_the_engine(tmp_path: Path) -> None:
    for folder in ("extlibs", "engine_source"):
        (tmp_path / "deepsoil_plugin" / folder).mkdir(parents=True)
        (tmp_path / "deepsoil_plugin" / folder / "a.py").write_text("from PyQt5.QtCore import Qt\n")
    assert scanners.flake8(PYTHON, tmp_path) == []


def test_what_cannot_be_read_stops_the_scan(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("print(")
    with pytest.raises(Stop, match=r"a\.py"):
        scanners.bandit(PYTHON, tmp_path)


def test_an_accepted_warning_of_the_bundled_packages_is_not_accepted_elsewhere() -> None:
    def judged(file: str) -> tuple[list[str], list[str]]:
        return scanners.judged([scanners.Finding("B110", file, 1, "x")])

    assert judged("deepsoil_plugin/extlibs/pyqtgraph/a.py")[0] == []
    assert len(judged("deepsoil_plugin/dock/a.py")[0]) == 1
    assert not (set(rules.ACCEPTED) | set(rules.ACCEPTED_BUNDLED)) & rules.BANDIT_CRITICAL


def test_what_is_cut_from_a_published_package_is_looked_for(tmp_path: Path) -> None:
    text = "import os\n\n\ndef _load(a):\n    return eval(a)\n\n\nload = _load\n"
    assert vendored.without_function(text, "_load") == "import os\n\n\n_load = None\n\n\nload = _load\n"
    with pytest.raises(Stop, match="_other"):
        vendored.without_function(text, "_other")
