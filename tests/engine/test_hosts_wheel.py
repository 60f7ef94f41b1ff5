"""The wheel that hosts install: its content, the same bytes every time, from every kind of installation."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import subprocess
import sys
import tomllib
import zipfile
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import deepsoil
import pytest
from deepsoil.hosts.install.project import project_text
from deepsoil.hosts.install.wheel import Payload, build_wheel

INFO = f"deepsoil-{deepsoil.__version__}.dist-info"


@pytest.fixture(scope="module")
def wheel() -> Payload:
    return build_wheel()


def opened(wheel: Payload) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(wheel.content))


def described(wheel: Payload) -> Message:
    return message_from_bytes(opened(wheel).read(f"{INFO}/METADATA"))


def test_the_wheel_holds_the_package_and_is_the_same_every_time(wheel: Payload) -> None:
    assert wheel.name == f"deepsoil-{deepsoil.__version__}-py3-none-any.whl"
    assert wheel.sha256 == build_wheel().sha256
    archive = opened(wheel)
    names = archive.namelist()
    assert {"deepsoil/__init__.py", "deepsoil/soil/rosetta3.npz", "deepsoil/hosts/install/wheel.py"} <= set(names)
    assert not [name for name in names if "__pycache__" in name or name.endswith((".pyc", ".nbi"))]
    record = csv.reader(archive.read(f"{INFO}/RECORD").decode().splitlines())
    rows = {name: (digest, size) for name, digest, size in record}
    assert set(rows) == set(names)
    for name in names:
        if not name.endswith("RECORD"):
            content = archive.read(name)
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
            assert rows[name] == (f"sha256={digest}", str(len(content)))


def test_the_wheel_holds_all_sources_but_the_sample_region_and_the_benchmarks(wheel: Payload) -> None:
    package = Path(deepsoil.__file__).parent
    there = {path.relative_to(package.parent).as_posix() for path in package.rglob("*.py")}
    left = {name for name in there if name.startswith(("deepsoil/sample/", "deepsoil/bench/"))}
    assert left, "they exist here"
    assert {name for name in opened(wheel).namelist() if name.endswith(".py")} == there - left
    data = {path.relative_to(package.parent).as_posix() for ending in ("npz", "csv") for path in
            package.rglob(f"*.{ending}")}
    assert data <= set(opened(wheel).namelist())


def test_the_wheel_says_what_the_project_needs_now(wheel: Payload) -> None:
    project = tomllib.loads((Path(deepsoil.__file__).parents[1] / "pyproject.toml").read_text())["project"]
    needed = described(wheel).get_all("Requires-Dist") or []
    assert len(needed) == len(project["dependencies"]) + sum(map(len, project["optional-dependencies"].values()))
    assert any(one.startswith("paramiko") for one in needed)
    assert any(one.startswith("torch==") and one.endswith('extra == "train"') for one in needed)
    assert "deepsoil = deepsoil.cli:main" in opened(wheel).read(f"{INFO}/entry_points.txt").decode()


def test_an_installed_copy_packs_itself_for_the_next_host(wheel: Payload, tmp_path: Path) -> None:
    installed, again = tmp_path / "site", tmp_path / "again.whl"
    opened(wheel).extractall(installed)
    pack = ("import sys, deepsoil; from pathlib import Path; from deepsoil.hosts.install.wheel import build_wheel; "
            "assert Path(deepsoil.__file__).is_relative_to(sys.argv[1]), deepsoil.__file__; "
            "Path(sys.argv[2]).write_bytes(build_wheel().content)")
    subprocess.run([sys.executable, "-c", pack, str(installed), str(again)], check=True, cwd=tmp_path,
                   env={"PYTHONPATH": str(installed)})
    second = Payload(wheel.name, again.read_bytes())
    assert set(opened(second).namelist()) == set(opened(wheel).namelist())
    for name in opened(wheel).namelist():
        if name.startswith("deepsoil/"):
            assert opened(second).read(name) == opened(wheel).read(name)
    for field in ("Name", "Version", "Requires-Python", "Requires-Dist", "Provides-Extra"):
        assert set(described(second).get_all(field) or []) == set(described(wheel).get_all(field) or []), field
    assert opened(second).read(f"{INFO}/entry_points.txt") == opened(wheel).read(f"{INFO}/entry_points.txt")


def test_requirements_of_an_extra_keep_their_markers() -> None:
    text = project_text("An \"engine\"", ">=3.11", [
        "numpy<3,>=2.0", 'onnx ; extra == "train"', 'tomli>=1 ; python_version < "3.12"',
        "b>=1 ; (python_version < '3.12' or sys_platform == 'win32') and extra == 'a'"], ["train", "a"], {"x": "y:z"})
    project = tomllib.loads(text)["project"]
    assert project["dependencies"] == ["numpy<3,>=2.0", 'tomli>=1 ; python_version < "3.12"']
    assert project["optional-dependencies"] == {
        "train": ["onnx"], "a": ["b>=1 ; python_version < '3.12' or sys_platform == 'win32'"]}
    assert project["scripts"] == {"x": "y:z"}
