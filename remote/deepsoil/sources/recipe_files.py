"""Locations of a recipe's keys, and of the files that it names."""

from __future__ import annotations

from pathlib import Path

from deepsoil.contract.errors import DeepSoilError
from deepsoil.sources.yaml_lines import Lines


class RecipeFiles:
    """Finds the files of a recipe, and the line of a field."""

    def __init__(self, path: Path, root: Path, lines: Lines) -> None:
        self.path, self.root, self.lines = path, root, lines

    def where(self, field: str) -> str:
        """``line 12 of recipe.yaml`` for a dotted field (of its nearest parent that has a line)."""
        return f"line {self.lines.of(field)} of {self.path.name}"

    def file(self, name: str, field: str) -> Path:
        """Path of a file of the recipe. Raises ``source_missing`` naming file, field and line."""
        path = self.root / name
        if not path.is_file():
            raise DeepSoilError("source_missing", "The file {name} ({where}) was not found in {root}.",
                                "Correct the path, or give the folder of the data with --root.", field,
                                name=name, where=self.where(field), root=self.root)
        return path

    def table(self, name: str, field: str) -> Path:
        """Path of a table that belongs to the recipe: beside it, or else under the root."""
        beside = self.path.resolve().parent / name
        return beside if beside.is_file() else self.file(name, field)

    def glob(self, pattern: str, field: str) -> list[Path]:
        """Sorted paths that match a wildcard pattern. Raises ``source_missing`` if none does."""
        if not any(sign in pattern for sign in "*?["):
            return [self.file(pattern, field)]
        found = sorted(path for path in self.root.glob(pattern) if path.is_file())
        if not found:
            raise DeepSoilError("source_missing", "No file in {root} fits {pattern} ({where}).",
                                "Correct the pattern, or give the folder of the data with --root.", field,
                                pattern=pattern, where=self.where(field), root=self.root)
        return found
