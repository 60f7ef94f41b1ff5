"""The running engine as files that another host can install: a wheel of this package, and an archive of its resources.

Built from the running engine: a checkout, the plugin's copy of the sources, or an installed package. The
same content gives the same bytes, so the SHA-256 shows whether a host already has them.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

import deepsoil
from deepsoil.contract.errors import DeepSoilError
from deepsoil.hosts.install.project import project_of_installation
from deepsoil.io.hashing import sha256_of
from deepsoil.models.library import shipped_resources

LEFT_BEHIND = ("sample", "bench")
"""Subpackages that no host needs: the synthetic region and the benchmarks."""

# The resources that an engine without a GUI uses.
_RESOURCES = ("models", "recipes", "training")
_NOT_SHIPPED = ("__pycache__", ".pyc", ".pyo", ".nbi", ".nbc")
_EPOCH_S = 1_577_836_800  # 2020-01-01: the date of every file in the wheel
_BUILD = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"
_BUILD_TIMEOUT_S = 300.0


@dataclass(frozen=True)
class Payload:
    """A file to be sent to a host."""

    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        return sha256_of(self.content)


def build_wheel() -> Payload:
    """This engine as a wheel for any platform, built by setuptools. DeepSoilError ``install_failed``."""
    with tempfile.TemporaryDirectory(prefix="deepsoil-wheel-") as folder:
        source, target = Path(folder) / "source", Path(folder) / "wheel"
        source.mkdir()
        target.mkdir()
        _stage(Path(deepsoil.__file__).parent, source)
        # In a separate process: the build backend uses the current folder, which all threads share.
        built = subprocess.run([sys.executable, "-I", "-c", _BUILD, str(target)], cwd=source, capture_output=True,
                               env={**os.environ, "SOURCE_DATE_EPOCH": str(_EPOCH_S)}, umask=0o022,
                               timeout=_BUILD_TIMEOUT_S, check=False)
        wheels = list(target.glob("*.whl"))
        if built.returncode != 0 or len(wheels) != 1:
            detail = built.stderr.decode("utf-8", "replace").strip().splitlines()
            raise DeepSoilError("install_failed", "The engine could not be packed for other hosts: {detail}",
                                "Set DeepSoil up again on this computer, then install on the host again.",
                                detail=detail[-1][:300] if detail else f"exit code {built.returncode}")
        return Payload(wheels[0].name, wheels[0].read_bytes())


def build_resources() -> Payload:
    """The shipped models, recipes and training configurations as a tar with the single folder ``resources``."""
    buffer = io.BytesIO()
    root = shipped_resources()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for part in _RESOURCES if root is not None else ():
            assert root is not None
            for path in _files(root / part):
                entry = tarfile.TarInfo(f"resources/{path.relative_to(root).as_posix()}")
                content = path.read_bytes()
                entry.size, entry.mode = len(content), 0o644
                archive.addfile(entry, io.BytesIO(content))
    return Payload("resources.tar", buffer.getvalue())


def _stage(package: Path, source: Path) -> None:
    """Lay out the sources of ``package`` as a project that setuptools can build."""
    for path in _files(package):
        name = path.relative_to(package)
        if name.parts[0] not in LEFT_BEHIND:
            copy = source / package.name / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
    project = package.parent / "pyproject.toml"
    if project.is_file():
        shutil.copyfile(project, source / "pyproject.toml")
    else:
        (source / "pyproject.toml").write_text(project_of_installation(), encoding="utf-8")
    # Beside what pyproject.toml names as data: the tested versions of the packages, which the host installs.
    (source / "MANIFEST.in").write_text("recursive-include deepsoil/locks *.txt\n", encoding="utf-8")
    (source / "setup.py").write_text(f"from setuptools import setup\nsetup(version={deepsoil.__version__!r})\n",
                                     encoding="utf-8")


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*")
                  if path.is_file() and not any(part.endswith(_NOT_SHIPPED) for part in path.parts)
                  and not path.name.startswith("."))
