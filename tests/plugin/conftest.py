"""What the plugin's tests share: a home of their own, an engine (a fake or the real one), a QGIS window without a screen.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from qgis.core import QgsSettings

from deepsoil_plugin.engine.client import EngineClient

FAKE_ENGINE = Path(__file__).with_name("fake_engine.py")
ENGINE_VARIABLE = "DEEPSOIL_ENGINE_PYTHON"
# Read once: the fixtures below hide it from tests that do not ask for the real engine.
_REAL_ENGINE = os.environ.get(ENGINE_VARIABLE)


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A DeepSoil home that no other test sees, and no remembered setting."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("DEEPSOIL_HOME", str(home))
    monkeypatch.delenv(ENGINE_VARIABLE, raising=False)
    QgsSettings().remove("DeepSoil")
    return home


@pytest.fixture
def fake_engine(tmp_path: Path, qgis_app: Any, monkeypatch: pytest.MonkeyPatch
                ) -> Iterator[Callable[..., EngineClient]]:
    """``fake_engine(**script)`` gives a client of a fake engine; see ``fake_engine.py`` for the script."""
    python = tmp_path / "fake-python"
    python.write_text(f"#!/bin/sh\nexec '{sys.executable}' -I '{FAKE_ENGINE}'\n")
    python.chmod(0o755)
    clients = []

    def make(**script: Any) -> EngineClient:
        monkeypatch.setenv("DEEPSOIL_FAKE", json.dumps(script))
        clients.append(EngineClient(python=python))
        return clients[-1]

    yield make
    for client in clients:
        client.stop()


@pytest.fixture(scope="session")
def real_python() -> Path:
    """The Python of the real engine; the test is skipped where there is none."""
    if not _REAL_ENGINE:
        pytest.skip(f"{ENGINE_VARIABLE} does not name the engine's Python")
    return Path(_REAL_ENGINE)


@pytest.fixture(scope="session")
def sample_region(real_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The synthetic sample region, built once a run."""
    folder = tmp_path_factory.mktemp("sample") / "sample"
    done = subprocess.run([str(real_python), "-m", "deepsoil", "sample", str(folder)], capture_output=True, text=True,
                          check=False)
    if done.returncode:
        pytest.fail(f"the sample region could not be built:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    return folder


@pytest.fixture
def real_engine(real_python: Path, qgis_app: Any) -> Iterator[EngineClient]:
    """A client of the real engine, in this test's own home."""
    client = EngineClient(python=real_python)
    yield client
    client.stop()


@pytest.fixture
def answer(qtbot: Any) -> Callable[..., Any]:
    """``answer(client, method, params)`` waits for the result; an error from the engine is raised as AssertionError."""

    def ask(client: EngineClient, method: str, params: dict[str, Any] | None = None, seconds: float = 60) -> Any:
        box: list[tuple[str, Any]] = []
        client.call(method, params, lambda result: box.append(("result", result)),
                    lambda error: box.append(("error", error)), timeout_s=seconds)
        qtbot.waitUntil(lambda: bool(box), timeout=int(seconds * 1000) + 5000)
        assert box[0][0] == "result", f"{method}: {box[0][1]}"
        return box[0][1]

    return ask
