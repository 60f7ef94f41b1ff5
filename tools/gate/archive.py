"""The rules for the zip as a file: its size, and the names, kinds and permissions of what is inside."""

from __future__ import annotations

import zipfile
from pathlib import Path

from . import metadata, rules

_NEEDED = ("LICENSE", "__init__.py", "metadata.txt")
_EXECUTABLE = 0o111


def problems(archive: Path) -> list[str]:
    """What the site would refuse, or a reviewer would ask about."""
    found = []
    if archive.stat().st_size > rules.LARGEST_BYTES:
        found.append(f"{archive.stat().st_size / 1e6:.1f} MB; {rules.LARGEST_BYTES / 1e6:.0f} MB is the most")
    with zipfile.ZipFile(archive) as content:
        if damaged := content.testzip():
            return [*found, f"damaged: {damaged}"]
        names = content.namelist()
        for entry in content.infolist():
            found += _entry_problems(entry)
            if entry.filename.endswith("/"):
                continue
            with content.open(entry) as file:
                if file.read(4).startswith(rules.BINARY_STARTS):
                    found.append(f"a compiled program: {entry.filename}")
        folders = {name.partition("/")[0] for name in names}
        if len(folders) != 1 or not (folder := folders.pop()).isidentifier():
            return [*found, "not one folder whose name is a Python name"]
        inside = {name.partition("/")[2] for name in names}
        found += [f"missing: {need}" for need in _NEEDED if need not in inside]
        if "metadata.txt" in inside:
            found += metadata.problems(content.read(f"{folder}/metadata.txt").decode("utf-8"), inside)
    return found


def _entry_problems(entry: zipfile.ZipInfo) -> list[str]:
    name, found = entry.filename, []
    parts = name.split("/")
    if ".." in name or name.startswith("/") or "\\" in entry.orig_filename:
        found.append(f"a name that leaves the folder: {name}")
    if any(part in rules.FORBIDDEN_FOLDERS for part in parts):
        found.append(f"a folder that must not be inside: {name}")
    elif any(part.startswith(".") for part in parts):
        found.append(f"hidden: {name}")
    if name.lower().endswith(rules.SUSPICIOUS_SUFFIXES):
        found.append(f"binary or script of a system: {name}")
    if not name.endswith("/") and entry.external_attr >> 16 & _EXECUTABLE:
        found.append(f"executable: {name}")
    return found
