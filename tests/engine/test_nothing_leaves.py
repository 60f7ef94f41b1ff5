"""Nothing leaves this computer but what the user asks for: a map is made, and lists are answered, without a connection.

``no_internet`` ends every process that asks for an internet socket, also in C libraries such as ONNX Runtime and GDAL.
"""

from __future__ import annotations

import ast
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import no_internet
import onnxruntime
import pytest
from deepsoil.contract.protocol import TOKEN
from deepsoil.networks import session
from deepsoil.regions import Regions
from inference_tools import DAY, FIELD, built

ROOT = Path(__file__).parents[2]
ALONE = [sys.executable, str(Path(no_internet.__file__)), sys.executable]

needs_filter = pytest.mark.skipif(not no_internet.supported(), reason="needs Linux on x86-64 or ARM")


@pytest.fixture
def home(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, home = built(tmp_path_factory), tmp_path / "home"
    home.mkdir()
    shutil.copytree(folder / "models", home / "models")
    Regions(home).add(folder / "store")
    (tmp_path / "area.geojson").write_text(json.dumps(FIELD))
    return home


def variables(home: Path) -> dict[str, str]:
    return {**os.environ, "DEEPSOIL_HOME": str(home)}


@needs_filter
@pytest.mark.parametrize("family", ["AF_INET", "AF_INET6"])
def test_the_filter_ends_whoever_asks_for_a_connection(family: str) -> None:
    tries = f"import socket; socket.socket(socket.{family}, socket.SOCK_DGRAM)"
    done = subprocess.run([*ALONE, "-c", tries], check=False)
    assert done.returncode == -signal.SIGSYS
    inner = ("import subprocess, sys; "
             f"sys.exit(subprocess.call([sys.executable, '-c', {tries!r}]) == -{signal.SIGSYS:d})")
    assert subprocess.run([*ALONE, "-c", inner], check=False).returncode == 1
    assert subprocess.run([*ALONE, "-c", "import socket; socket.socketpair()"], check=False).returncode == 0


@needs_filter
def test_a_map_is_made_without_any_connection(home: Path, tmp_path: Path) -> None:
    options = ["--area", str(tmp_path / "area.geojson"), "--date", DAY.isoformat(), "--model", "5=random-5cm",
               "--model", "20=random-20cm", str(tmp_path / "out")]
    done = subprocess.run([*ALONE, "-m", "deepsoil", "predict", *options],
                          env=variables(home), check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(list((tmp_path / "out").glob("*.tif"))) == 2


@needs_filter
def test_the_service_answers_without_any_connection(home: Path) -> None:
    calls: list[tuple[str, dict[str, Any]]] = [
        ("hello", {}), ("regions", {}), ("models", {}), ("configurations", {}), ("list", {}), ("hosts", {}),
        ("ssh_aliases", {}), ("stations", {"region": "made-up"})]
    lines = b"".join(TOKEN + json.dumps({"id": number, "method": name, "params": params}).encode() + b"\n"
                     for number, (name, params) in enumerate(calls))
    done = subprocess.run([*ALONE, "-m", "deepsoil", "serve"], env=variables(home), check=False, capture_output=True,
                          input=lines)
    assert done.returncode == 0, done.stderr.decode()
    answers = [json.loads(line.removeprefix(TOKEN)) for line in done.stdout.splitlines() if line.startswith(TOKEN)]
    assert {answer["id"] for answer in answers if "result" in answer} == set(range(len(calls))), answers


def test_telemetry_is_off_before_a_session_is_opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    order: list[str] = []
    monkeypatch.setattr(onnxruntime, "disable_telemetry_events", lambda: order.append("off"))
    monkeypatch.setattr(onnxruntime, "InferenceSession", lambda *_, **__: order.append("session"))
    file = tmp_path / "m.onnx"
    file.touch()
    session.open_session(file)
    assert order == ["off", "session"]


def test_telemetry_is_off_before_onnx_runtime_is_imported() -> None:
    code = """import os, sys
class Seen:
    @staticmethod
    def find_spec(name, *_):
        if name == "onnxruntime":
            print(name, os.environ.get("ORT_DISABLE_TELEMETRY"))
sys.meta_path.insert(0, Seen)
import deepsoil.networks.session"""
    clean = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    done = subprocess.run([sys.executable, "-c", code], env=clean, check=True, capture_output=True, text=True)
    assert done.stdout == "onnxruntime 1\n"


def test_sessions_are_opened_in_one_place_only() -> None:
    """Where telemetry is off; also in tests, tools and what is generated."""
    openers = {file.relative_to(ROOT).as_posix()
               for folder in ("remote", "deepsoil_plugin", "tools") for file in (ROOT / folder).rglob("*.py")
               for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
               if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in (
                   "InferenceSession", "TrainingSession")}
    assert openers == {"remote/deepsoil/networks/session.py"}


ALLOWED = [("attempt.py", "requests"), ("gather_ground.py", "requests"), ("network.py", "qgis.PyQt.QtNetwork"),
           ("redirects.py", "requests"), ("transport.py", "requests")]


def test_only_gathering_speaks_with_the_web() -> None:
    """HTTP is spoken with public archives alone, by the one module that a gathering uses, which the user asks for; the
    plugin looks up QGIS's proxies and sends nothing. Else: SSH to the user's hosts, and pip when asked."""
    web = {"urllib.request", "http.client", "requests", "httpx", "aiohttp", "ftplib", "smtplib", "xmlrpc.client",
           "fsspec", "boto3", "QtNetwork"}
    found = []
    for folder in ("remote", "deepsoil_plugin"):
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                names = []
                if isinstance(node, ast.Import):
                    names = [one.name for one in node.names]
                elif isinstance(node, ast.ImportFrom):
                    names = [str(node.module), *(f"{node.module}.{one.name}" for one in node.names)]
                found += [(file.name, name) for name in names if name in web or name.split(".")[-1] in web]
    assert sorted(set(found)) == ALLOWED
