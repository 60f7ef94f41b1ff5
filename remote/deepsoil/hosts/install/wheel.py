"""The running engine as files that another host can install: a wheel of this package, and an archive of its resources.

Made from what runs here, whether it was installed from a checkout or from a wheel; the same content gives the same
bytes, so that what is there already is known by its SHA-256.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
import tarfile
import tomllib
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import deepsoil
from deepsoil.models.library import shipped_resources

# What of the resources an engine without a screen has a use for.
_RESOURCES = ("models", "recipes", "training")
_LEFT_OUT = ("__pycache__", ".pyc", ".pyo", ".nbi", ".nbc")
_EPOCH = (2020, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Payload:
    """A file to be brought there."""

    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def build_wheel() -> Payload:
    """This engine as a wheel for any platform."""
    package = Path(deepsoil.__file__).parent
    version = deepsoil.__version__
    described, scripts = _description(package)
    entries = [(f"deepsoil/{path.relative_to(package).as_posix()}", path.read_bytes()) for path in _files(package)]
    folder = f"deepsoil-{version}.dist-info"
    head = f"Metadata-Version: 2.1\nName: deepsoil\nVersion: {version}\n"
    entries += [(f"{folder}/METADATA", f"{head}{described}".encode()),
                (f"{folder}/WHEEL", b"Wheel-Version: 1.0\nGenerator: deepsoil\nRoot-Is-Purelib: true\n"
                                    b"Tag: py3-none-any\n"),
                (f"{folder}/entry_points.txt", scripts.encode())]
    record = "".join(f"{name},sha256={_url_hash(content)},{len(content)}\n" for name, content in entries)
    entries.append((f"{folder}/RECORD", f"{record}{folder}/RECORD,,\n".encode()))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in entries:
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return Payload(f"deepsoil-{version}-py3-none-any.whl", buffer.getvalue())


def build_resources() -> Payload:
    """The shipped models, recipes and training configurations as a tar whose one folder is ``resources``."""
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


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*")
                  if path.is_file() and not any(part.endswith(_LEFT_OUT) for part in path.parts)
                  and not path.name.startswith("."))


def _description(package: Path) -> tuple[str, str]:
    """What the package needs, as lines of METADATA, and its commands as entry_points.txt.

    Beside the sources their pyproject.toml is asked: what an editable installation wrote down once may be old.
    """
    project = package.parent / "pyproject.toml"
    if project.is_file():
        return describe(tomllib.loads(project.read_text(encoding="utf-8"))["project"])
    installed = metadata.distribution("deepsoil")
    lines = [f"{name}: {value}\n" for name in ("Summary", "Requires-Python", "Provides-Extra", "Requires-Dist")
             for value in installed.metadata.get_all(name) or ()]
    return "".join(lines), installed.read_text("entry_points.txt") or ""


def describe(project: dict[str, object]) -> tuple[str, str]:
    """METADATA lines and entry_points.txt of the table ``project`` of a pyproject.toml. Pure."""
    lines = [f"Summary: {project['description']}", f"Requires-Python: {project['requires-python']}"]
    lines += [f"Requires-Dist: {one}" for one in _texts(project.get("dependencies"))]
    extras = project.get("optional-dependencies")
    for extra, needed in (extras if isinstance(extras, dict) else {}).items():
        lines.append(f"Provides-Extra: {extra}")
        for one in _texts(needed):
            requirement, _, marker = (part.strip() for part in one.partition(";"))
            condition = f'({marker}) and extra == "{extra}"' if marker else f'extra == "{extra}"'
            lines.append(f"Requires-Dist: {requirement} ; {condition}")
    scripts = project.get("scripts")
    named = scripts.items() if isinstance(scripts, dict) else ()
    commands = "".join(f"{name} = {target}\n" for name, target in named)
    return "\n".join(lines) + "\n", f"[console_scripts]\n{commands}"


def _texts(value: object) -> Iterable[str]:
    return [re.sub(r"\s+", " ", str(one)) for one in value] if isinstance(value, list) else []


def _url_hash(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
