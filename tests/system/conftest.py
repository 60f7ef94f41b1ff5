"""The real QGIS desktop on a virtual screen, the real engine, the sample region; skipped where these cannot be had."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tools import sample_region, stage, system  # noqa: E402
from tools.desktop.driver import Desktop, virtual_screen  # noqa: E402
from tools.desktop.main_job import MainJob  # noqa: E402

PROGRAMS = ("Xvfb", "xdotool", "openbox", "qgis")
SHOTS = ROOT / "build" / "screenshots"


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


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A HOME of its own for one test."""
    return tmp_path / "home"


@pytest.fixture
def variables(home: Path) -> dict[str, str]:
    return {**os.environ, "DEEPSOIL_HOME": str(home), "DEEPSOIL_ENGINE_PYTHON": sys.executable,
            "DEEPSOIL_RESOURCES": os.environ.get("DEEPSOIL_RESOURCES", str(ROOT / "resources"))}


@pytest.fixture
def project(tmp_path: Path, sample: Path, variables: dict[str, str]) -> Path:
    """A project with the sample's picture and fields, no job yet; its region is known to the engine."""
    subprocess.run([sys.executable, "-m", "deepsoil", "regions", "--add", sample / "region"], env=variables,
                   check=True, capture_output=True)
    return sample_region.write_project(tmp_path / "project", picture_of=sample)


@pytest.fixture
def start(display: str, project: Path, tmp_path: Path, variables: dict[str, str]) -> Iterator[Callable[[], MainJob]]:
    """Opens QGIS with the project; may be called again after QGIS was left."""
    profiles = tmp_path / "profiles"
    with ExitStack() as windows:
        def open_window() -> MainJob:
            stage.stage(stage.write_profile(profiles))
            job = MainJob(windows.enter_context(Desktop(display, profiles, project, variables)))
            job.open_dock()
            return job

        yield open_window
