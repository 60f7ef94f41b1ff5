"""A folder's draft as JSON, its recipe as YAML, and the file that it is written to."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from deepsoil.channels import CHANNELS
from deepsoil.contract.errors import DeepSoilError
from deepsoil.io import atomic
from deepsoil.sources.recipe import load
from deepsoil.sources.recognise.draft import FORMS, Draft, Row, draft_of
from deepsoil.sources.recognise.found import Folder
from deepsoil.sources.recognise.look import look_at
from deepsoil.sources.recognise.said import parse_said

RECIPE = "deepsoil-recipe.yaml"
MOST_PICTURES = 200
_HEAD = """# A region from the files of this folder. Every unit, day and value for missing pixels was written in a file,
# or said by its user.
#
#   deepsoil ingest {name} STORE
#
"""


class Folders:
    """Looks at folders, and again only at what has changed since."""

    def __init__(self) -> None:
        self._seen: dict[Path, tuple[Any, Folder]] = {}

    def look(self, folder: Path, on_file: Callable[[int, int, str], None] = lambda *_: None) -> Folder:
        """DeepSoilError as `look_at`."""
        stamp = sorted((str(path), path.stat().st_mtime_ns, path.stat().st_size)
                       for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []
        seen = self._seen.get(folder)
        if seen is None or seen[0] != stamp:
            self._seen = {folder: (stamp, look_at(folder, on_file))}
        return self._seen[folder][1]

    def draft(self, path: str, said: Any) -> dict[str, Any]:
        """The answer of the method ``region_draft``."""
        folder = Path(path).expanduser()
        found = self.look(folder)
        return document_of(draft_of(found, parse_said(said or {}), folder.name), found)

    def write(self, path: str, said: Any, replace: bool = False) -> dict[str, Any]:
        """Write the recipe; the answer of the method ``region_recipe``.

        DeepSoilError ``recipe_unfinished`` where something has yet to be said, ``recipe_exists`` where one is there
        and may not be replaced, and what `recipe.load` finds wrong with it.
        """
        folder = Path(path).expanduser()
        draft = draft_of(self.look(folder), parse_said(said or {}), folder.name)
        if draft.recipe is None:
            raise DeepSoilError("recipe_unfinished", "The recipe of {folder} is not finished.",
                                "Say what is still asked for.", "said", folder=folder)
        target = folder / RECIPE
        if target.exists() and not replace:
            raise DeepSoilError("recipe_exists", "There is a recipe already: {file}.",
                                "Keep it under another name, or let it be replaced.", "path", file=target)
        try:
            atomic.write_text(target, _HEAD.format(name=RECIPE) + text_of(draft))
        except OSError as error:
            raise DeepSoilError("recipe_not_written", "The file {path} cannot be written: {strerror}.",
                                "Choose a folder that you may write to.", "path", path=target,
                                strerror=error.strerror) from error
        load(target)
        return {"recipe": str(target.absolute()), "store": str((folder / "deepsoil-store").absolute()),
                "name": draft.recipe["name"], "title": draft.recipe["title"]}


def text_of(draft: Draft) -> str:
    """The recipe as YAML; empty where it is not finished."""
    if draft.recipe is None:
        return ""
    return str(yaml.safe_dump(draft.recipe, sort_keys=False, allow_unicode=True, width=110))


def document_of(draft: Draft, found: Folder) -> dict[str, Any]:
    return {"files": [_row(row, number < MOST_PICTURES) for number, row in enumerate(draft.rows)],
            "unread": [{"path": one.path, "error": one.error} for one in found.unread], "others": found.others,
            "lacking": list(draft.lacking), "asked": list(draft.asked), "recipe": text_of(draft) or None,
            "channels": [{"name": one.name, "title": one.title, "unit": one.unit, "form": form}
                         for one in CHANNELS.values()
                         if (form := FORMS.get(one.kind))]}


def _row(row: Row, picture: bool) -> dict[str, Any]:
    found = row.found
    return {"key": found.key, "path": found.path, "form": found.form, "channel": row.channel, "unit": row.unit,
            "unit_found": found.unit, "units": list(row.units), "asked": list(row.asked),
            "suspects": list(row.suspects), "nodata": list(row.nodata), "least": found.least, "most": found.most,
            "day": str(row.day) if row.day else None,
            "days": [str(day) for day in found.days] if found.days else None,
            "picture": base64.b64encode(found.picture).decode("ascii") if picture else ""}
