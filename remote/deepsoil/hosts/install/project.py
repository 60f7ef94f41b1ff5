"""The pyproject.toml of an installed package, restored from its installation metadata."""

from __future__ import annotations

import json
import re
from importlib import metadata

_EXTRA = re.compile(r"^(?P<requirement>.*?)\s*;\s*(?:\(?(?P<marker>.*?)\)?\s+and\s+)?"
                    r"extra\s*==\s*[\"'](?P<extra>[^\"']+)[\"']\s*$")

_TEMPLATE = """\
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"

[project]
name = "deepsoil"
description = {description}
requires-python = {python}
dynamic = ["version"]
dependencies = {dependencies}

[project.optional-dependencies]
{extras}
[project.scripts]
{scripts}
[tool.setuptools.packages.find]
include = ["deepsoil*"]

[tool.setuptools.package-data]
deepsoil = ["**/*"]
"""


def project_of_installation() -> str:
    """The text for the running installation of ``deepsoil``."""
    installed = metadata.distribution("deepsoil")
    scripts = {entry.name: entry.value for entry in installed.entry_points if entry.group == "console_scripts"}
    return project_text(str(installed.metadata["Summary"]), str(installed.metadata["Requires-Python"]),
                        installed.requires or [], installed.metadata.get_all("Provides-Extra") or [], scripts)


def project_text(description: str, python: str, requirements: list[str], extras: list[str],
                 scripts: dict[str, str]) -> str:
    """A pyproject.toml; ``requirements`` as in Requires-Dist, those of an extra with their marker. Pure."""
    optional: dict[str, list[str]] = {extra: [] for extra in extras}
    needed = []
    for one in requirements:
        found = _EXTRA.match(one)
        if found is None:
            needed.append(one)
        else:
            marker = f" ; {found['marker']}" if found["marker"] else ""
            optional.setdefault(found["extra"], []).append(f"{found['requirement']}{marker}")
    return _TEMPLATE.format(
        description=json.dumps(description), python=json.dumps(python), dependencies=json.dumps(needed),
        extras="".join(f"{extra} = {json.dumps(ones)}\n" for extra, ones in optional.items()),
        scripts="".join(f"{name} = {json.dumps(target)}\n" for name, target in scripts.items()))
