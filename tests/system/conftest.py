"""The real QGIS desktop on a virtual screen, the real engine, the sample region; skipped where these cannot be had."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tools import sample_region, stage, system  # noqa: E402
from tools.desktop.driver import SCREEN, Desktop, virtual_screen  # noqa: E402
from tools.desktop.main_job import MainJob  # noqa: E402

PROGRAMS = ("Xvfb", "xdotool", "openbox", "qgis")
SHOTS = ROOT / "build" / "screenshots"
Start = Callable[[], MainJob]


class Window:
    """QGIS with a project and a home of its own, opened when it is asked for.

    Asking again gives the same window, with the map as it was at first, or a new one where it was closed.
    """

    def __init__(self, display: str, folder: Path, sample: Path, variables: dict[str, str], theme: str = "",
                 size: tuple[int, int] = SCREEN, scale: int = 1) -> None:
        self._display, self._profiles, self._variables = display, folder / "profiles", variables
        self._theme, self._size, self._scale = theme, size, scale
        subprocess.run([sys.executable, "-m", "deepsoil", "regions", "--add", sample / "region"], env=variables,
                       check=True, capture_output=True)
        # The sample's picture and fields, and no job yet.
        self._project = sample_region.write_project(folder / "project", picture_of=sample)
        self._job: MainJob | None = None
        self._view: list[float] = []

    def __call__(self) -> MainJob:
        if self._job and self._job.desktop.process.poll() is None:
            self._job.desktop.key("Escape")  # gives up what is still being drawn
            self._job.desktop.ask("show", view=self._view)
            return self._job
        self.close()
        stage.stage(stage.write_profile(self._profiles, theme=self._theme))
        self._job = MainJob(Desktop(self._display, self._profiles, self._project, self._variables, self._size,
                                    self._scale))
        self._job.open_dock()
        self._view = self._job.desktop.ask("view")
        return self._job

    def close(self, shot: Path | None = None) -> None:
        if self._job:
            with contextlib.suppress(OSError, ValueError):
                if shot:
                    self._job.desktop.screenshot(shot)
            self._job.desktop.close()
        self._job = None


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    missing = [program for program in PROGRAMS if not shutil.which(program)]
    if missing or system.qgis_python() is None:
        pytest.skip(f"needs a QGIS desktop and a virtual screen; missing: {', '.join(missing) or 'QGIS'}")
    with virtual_screen() as name:
        yield name


@pytest.fixture(scope="session")
def sample() -> Path:
    """The sample region's folder with its picture and fields, built once."""
    return sample_region.build_region(Path(sys.executable))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A HOME that the tests of one file share."""
    return tmp_path_factory.mktemp("system") / "home"


@pytest.fixture(scope="module")
def variables(home: Path) -> dict[str, str]:
    return variables_of(home)


def variables_of(home: Path) -> dict[str, str]:
    """What QGIS and its engine are told, with this HOME of DeepSoil."""
    return {**os.environ, "DEEPSOIL_HOME": str(home), "DEEPSOIL_ENGINE_PYTHON": sys.executable,
            "DEEPSOIL_RESOURCES": os.environ.get("DEEPSOIL_RESOURCES", str(ROOT / "resources"))}


@pytest.fixture(scope="module")
def window(display: str, sample: Path, home: Path, variables: dict[str, str]) -> Iterator[Window]:
    """One QGIS for the tests of one file: its start takes longer than many a test."""
    shared = Window(display, home.parent, sample, variables)
    yield shared
    shared.close()


@pytest.fixture
def start(window: Window, request: pytest.FixtureRequest) -> Iterator[Start]:
    """Opens QGIS, or takes the one that is open; may be called again after QGIS was left.

    A test that fails leaves a picture and takes the window along, so that the next one does not meet what is in it.
    """
    yield window
    if getattr(request.node, "call_failed", True):
        window.close(SHOTS / f"failed_{request.node.originalname}.png")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> Iterator[None]:
    outcome = yield
    if call.when == "call":
        item.call_failed = outcome.get_result().failed  # type: ignore[attr-defined]
