"""The engine's packages are the tested ones, with their checksums; where that cannot be, the ranges decide."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from deepsoil.hosts.install import scripts
from deepsoil.hosts.install.wheel import build_wheel

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from deepsoil_plugin.engine import environment, locked  # noqa: E402
from deepsoil_plugin.engine.pip_advice import InstallError  # noqa: E402
from tools import licences, locks  # noqa: E402

TEXTS = {name: locks.file(name).read_text(encoding="utf-8") for name in locks.NAMES}


@pytest.mark.parametrize("name", locks.NAMES)
def test_a_lock_has_exact_versions_with_checksums_and_no_address(name: str) -> None:
    assert len(locks.pinned(TEXTS[name])) > 30
    assert locks.problems(TEXTS[name]) == []


@pytest.mark.parametrize("line", [
    "--index-url https://somewhere.invalid/simple", "--find-links /opt/wheels", "a @ https://x.invalid/a.whl",
    "numpy==2.0.0", "numpy>=2 --hash=sha256:00", "-e ."])
def test_what_is_no_lock_is_seen(line: str) -> None:
    assert locks.problems(TEXTS["base"] + line + "\n")


def test_a_lock_keeps_to_the_ranges() -> None:
    packaging = pytest.importorskip("packaging.requirements")
    project = tomllib.loads((ROOT / "remote" / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for name, wanted in (("base", project["dependencies"]), ("sources", project["optional-dependencies"]["sources"])):
        pinned = locks.pinned(TEXTS[name])
        for one in map(packaging.Requirement, wanted):
            assert pinned.get(one.name), f"{one.name} is not locked: python3 build.py lock"
            assert all(version in one.specifier for version in pinned[one.name]), one
    base, more = locks.pinned(TEXTS["base"]), locks.pinned(TEXTS["sources"])
    assert {package: more[package] for package in base} == base, "one computer has the versions of the other"


def test_every_package_that_reaches_a_user_has_a_licence() -> None:
    page = licences.FILE.read_text(encoding="utf-8")
    assert licences.unknown(page) == []
    named = {name.lower().replace("_", "-") for name in re.findall(r"^\| (\S+) \|", page, re.MULTILINE)}
    assert set(locks.pinned(TEXTS["sources"])) <= named, "python3 build.py lock"
    assert {"pyqtgraph", "colorama", "torch", "onnx"} <= named


def test_the_pythons_that_are_looked_for_are_those_that_the_engine_takes() -> None:
    project = tomllib.loads((ROOT / "remote" / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lowest, highest = environment.SUPPORTED
    assert project["requires-python"] == f">={lowest[0]}.{lowest[1]},<{highest[0]}.{highest[1] + 1}"
    usable = re.findall(r'"usable (\d+)\.(\d+)"', scripts.PYTHON)
    assert [(int(major), int(minor)) for major, minor in usable] == [
        (3, minor) for minor in range(lowest[1], highest[1] + 1)]


@pytest.mark.parametrize(("expression", "field", "classifiers", "said"), [
    ("MIT", "whatever", [], "MIT"), ("", "BSD", [], "BSD"),
    ("", "Copyright (c) 2001\nAll rights", ["License :: OSI Approved :: BSD License"], "BSD License"),
    ("", "", ["License :: OSI Approved"], licences.UNKNOWN), ("", "", [], licences.UNKNOWN)])
def test_a_licence_is_read_from_where_a_package_says_it(expression: str, field: str, classifiers: list[str],
                                                        said: str) -> None:
    assert licences.licence(expression, field, classifiers) == said


def test_the_engine_that_is_sent_to_hosts_has_the_locks_in_it(tmp_path: Path) -> None:
    wheel = tmp_path / "deepsoil.whl"
    wheel.write_bytes(build_wheel().content)
    with zipfile.ZipFile(wheel) as archive:
        for name, text in TEXTS.items():
            assert archive.read(f"deepsoil/locks/{name}.txt").decode() == text


# ---- a tiny engine with one dependency, which lies in a folder in two versions ----

def wheel(folder: Path, version: str) -> str:
    """A wheel of the package ``locked-thing``; returns its checksum."""
    path = folder / f"locked_thing-{version}-py3-none-any.whl"
    info = f"locked_thing-{version}.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("locked_thing.py", f"version = {version!r}\n")
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: locked-thing\nVersion: {version}\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\n"
                         "Tag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "source"
    (folder / "deepsoil" / "locks").mkdir(parents=True)
    (folder / "deepsoil" / "__init__.py").touch()
    (folder / "pyproject.toml").write_text('[project]\nname = "tiny"\nversion = "1.0"\n'
                                           'dependencies = ["locked-thing>=1,<3"]\n'
                                           '[tool.setuptools]\npackages = ["deepsoil"]\n')
    (folder / "metadata.txt").write_text("[general]\nversion=1.2.3\n")
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    monkeypatch.setenv("PIP_FIND_LINKS", str(shelf))
    # An earlier setting of the machine's must not hide the shelf's wheels, nor fetch others of that name.
    monkeypatch.delenv(locked.RANGES, raising=False)
    return folder


def lock(source: Path, version: str, checksum: str) -> None:
    setuptools = re.search(r"^setuptools==.*\n(?:    --hash.*\n?)+", TEXTS["base"], re.MULTILINE)
    assert setuptools
    (source / "deepsoil" / "locks" / "base.txt").write_text(
        f"locked-thing=={version} \\\n    --hash=sha256:{checksum}\n{setuptools[0]}\n")


def installed(python: Path) -> str:
    return subprocess.run([python, "-c", "import locked_thing; print(locked_thing.version)"], capture_output=True,
                          text=True, check=True).stdout.strip()


def test_the_locked_version_is_installed_and_not_the_newest(tmp_path: Path, source: Path) -> None:
    checksums = {version: wheel(tmp_path / "shelf", version) for version in ("1.0", "2.0")}
    lock(source, "1.0", checksums["1.0"])
    assert installed(environment.install(tmp_path / "home", source, lambda *_: None)) == "1.0"


def test_a_package_with_another_checksum_stops_the_installation(tmp_path: Path, source: Path) -> None:
    wheel(tmp_path / "shelf", "1.0")
    lock(source, "1.0", "0" * 64)
    with pytest.raises(InstallError, match="checksum"):
        environment.install(tmp_path / "home", source, lambda *_: None)
    assert environment.engine_python(tmp_path / "home", source) is None


@pytest.mark.parametrize("wanted", ["nothing fits", "the user wants ranges"])
def test_the_ranges_decide_where_the_lock_does_not(tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch,
                                                   wanted: str) -> None:
    checksums = {version: wheel(tmp_path / "shelf", version) for version in ("1.0", "2.0")}
    lock(source, "1.5" if wanted == "nothing fits" else "1.0", checksums["1.0"])
    if wanted != "nothing fits":
        monkeypatch.setenv(locked.RANGES, "1")
    said: list[str] = []
    assert installed(environment.install(tmp_path / "home", source, lambda text, _: said.append(text))) == "2.0"
    assert any("others of the range" in text for text in said) == (wanted == "nothing fits")


@pytest.mark.parametrize(("lines", "fits"), [
    (["ERROR: No matching distribution found for numpy==2.5.5"], True),
    (["ERROR: Could not find a version that satisfies the requirement x==1"], True),
    (["ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE"], False),
    (["ERROR: No matching distribution found for a", "THESE PACKAGES DO NOT MATCH THE HASHES"], False),
    (["ReadTimeoutError: timed out"], False), ([], False)])
def test_only_a_missing_version_lets_the_ranges_decide(lines: list[str], fits: bool) -> None:
    assert locked.does_not_fit(lines) is fits
