"""Converts the hosts of a HOME of schema 1: ``places.json`` and the folders ``places/<id>``."""

from __future__ import annotations

from pathlib import Path

from deepsoil.contract import migration
from deepsoil.contract.errors import DeepSoilError
from deepsoil.io import json_files, locks

OLD_FILE, OLD_FOLDER = "places.json", "places"


def is_earlier(home: Path) -> bool:
    """Whether the hosts of this HOME have yet to be converted."""
    return (home / OLD_FILE).is_file() and not (home / "hosts.json").exists()


def take_over(home: Path) -> None:
    """Convert the hosts, once; an interrupted conversion is continued by the next process.

    Raises
    ------
    DeepSoilError
        ``hosts_damaged``: the old list cannot be read; nothing is changed.
    """
    with locks.locked(home / ".places.lock"):
        if not is_earlier(home):
            return
        old = home / OLD_FILE
        try:
            document, renamed = migration.hosts(json_files.read(old))
        except (OSError, ValueError, AttributeError) as error:
            raise DeepSoilError(
                "hosts_damaged", "The list of hosts {file} cannot be read ({detail}).",
                "Correct the file, or rename it and add the hosts again; their jobs are untouched.",
                file=old, detail=error) from error
        folders = home / OLD_FOLDER
        for folder in sorted(folders.iterdir()) if folders.is_dir() else []:
            target = home / "hosts" / renamed.get(folder.name, folder.name)
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                folder.rename(target)
        json_files.write(home / "hosts.json", document)
        old.unlink(missing_ok=True)
