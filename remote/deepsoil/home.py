"""Where DeepSoil keeps jobs, models and the list of regions on this machine."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from deepsoil import __version__
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.version import SCHEMA
from deepsoil.io import disk, disk_errors, json_files

_VERSION_FILE = "version.json"
_OTHERS = 0o077
_OWN_NAMES = frozenset({_VERSION_FILE, "jobs", "engine", "hosts.json", "plugin"})


def home(environment: Mapping[str, str] | None = None) -> Path:
    """``DEEPSOIL_HOME``, else the user's data folder as the system names it. The folder need not exist."""
    variables = os.environ if environment is None else environment
    if chosen := variables.get("DEEPSOIL_HOME"):
        return Path(chosen).expanduser().absolute()
    if sys.platform == "win32":
        return Path(variables.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "deepsoil"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "deepsoil"
    return Path(variables.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "deepsoil"


def open_home(folder: Path) -> None:
    """Make a HOME that only this user can read, check that this version can work with it, and note in it that it did.

    Raises
    ------
    DeepSoilError
        ``home_newer``: a later version has worked with it; ``home_invalid``, ``home_not_writable``, ``disk_full``,
        ``read_only``: it cannot be made or used. A HOME that can be read but not written is opened.
    """
    _require_a_name(folder)
    note = folder / _VERSION_FILE
    try:
        _make(folder)
        document = json_files.read(note) if note.exists() else None
    except ValueError:
        document = None
    except OSError as error:
        raise _unusable(folder, error) from error
    schema = document.get("schema") if isinstance(document, dict) else None
    if isinstance(schema, int) and schema > SCHEMA:
        raise DeepSoilError("home_newer", "The folder {folder} was last used by a newer version of DeepSoil "
                            "({engine}).",
                            "Update DeepSoil, or set DEEPSOIL_HOME to another folder.",
                            folder=folder, engine=(document or {}).get("engine") or schema)
    if schema != SCHEMA:
        with suppress(OSError):  # what cannot be written is said by whoever needs to write
            json_files.write(note, {"schema": SCHEMA, "engine": __version__})


def _require_a_name(folder: Path) -> None:
    """Libraries that read maps and models take names in UTF-8 only."""
    try:
        os.fsencode(folder).decode("utf-8")
    except UnicodeDecodeError as error:
        raise DeepSoilError("home_invalid", "The name of DeepSoil's folder {folder} is not valid UTF-8.",
                            "Set DEEPSOIL_HOME to a folder whose name has no such characters.",
                            folder=disk_errors.shown(folder)) from error


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        if not folder.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder)) from None
        with os.scandir(folder):  # PermissionError where it cannot be read
            pass
        _make_private(folder)
    except FileNotFoundError:
        disk.make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def _make_private(folder: Path) -> None:
    """Take the access of others away from a HOME, but not from a folder that holds other things, too."""
    if sys.platform == "win32":
        return  # there the user's data folder is private already
    about = folder.stat()
    if about.st_uid != os.geteuid() or not about.st_mode & _OTHERS or about.st_mode & stat.S_ISVTX:
        return
    names = {path.name for path in folder.iterdir()}
    if not names or names & _OWN_NAMES:
        with suppress(OSError):  # e.g. a read-only disk
            folder.chmod(stat.S_IMODE(about.st_mode) & ~_OTHERS)


def _unusable(folder: Path, error: OSError) -> DeepSoilError:
    known = disk_errors.explained(error, folder) if disk.may_pass(error) else None
    return known or DeepSoilError(
        "home_not_writable", "DeepSoil's folder {folder} cannot be used: {strerror}.",
        "Correct it, or set DEEPSOIL_HOME to another folder.",
        folder=folder, strerror=error.strerror or str(error))
