"""The folder of one training: configuration, code version, curves, checkpoint, metrics, model file.

Files are written under a temporary name and renamed, so that a killed training leaves the last complete
state, from which it can continue.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import torch
import yaml

import deepsoil
from deepsoil.contract.errors import DeepSoilError
from deepsoil.io import atomic, json_files
from deepsoil.training.configuration import Configuration, read_settings


@dataclass(frozen=True)
class RunFolder:
    """``path`` contains all files of one training."""

    path: Path

    @classmethod
    def open(cls, path: Path, configuration: Configuration) -> RunFolder:
        """Create the folder, or reuse it.

        Raises DeepSoilError ``run_differs`` if it contains a training with other settings.
        """
        path.mkdir(parents=True, exist_ok=True)
        folder = cls(path)
        file = path / "configuration.yaml"
        settings = configuration.resolved()
        if file.is_file():
            before = read_settings(file).resolved()
            changed = [key for key in settings if before.get(key) != settings[key] and key != "weather"]
            if changed:
                raise DeepSoilError("run_differs", "{path} holds a training with another setting of {changed!r}.",
                                    "Choose another output folder, or delete this one to start again.", changed[0],
                                    path=path, changed=changed[0])
            return folder
        versions = {"deepsoil": deepsoil.__version__, "torch": torch.__version__, "python": platform.python_version()}
        folder.write_text("versions.json", json.dumps(versions, indent=1))
        folder.write_text("configuration.yaml", yaml.safe_dump(settings, sort_keys=False, allow_unicode=True))
        return folder

    @contextmanager
    def replacing(self, name: str) -> Iterator[IO[bytes]]:
        """A file that replaces ``name`` when it is complete."""
        with atomic.replacing(self.path / name) as file:
            yield file

    def save(self, name: str, state: dict[str, Any]) -> None:
        """Store tensors and numbers under ``name`` (``checkpoint.pt``, ``best.pt``)."""
        with self.replacing(name) as file:
            torch.save(state, file)

    def load(self, name: str) -> dict[str, Any] | None:
        """The data stored under ``name``, or None."""
        file = self.path / name
        return torch.load(file, map_location="cpu", weights_only=True) if file.is_file() else None

    def write_json(self, name: str, value: Any) -> None:
        self.write_text(name, json.dumps(value, indent=1))

    def append_curve(self, row: dict[str, float]) -> None:
        """Append one line per finished epoch to curves.jsonl."""
        json_files.append_line(self.path / "curves.jsonl", row)

    def curves(self) -> list[dict[str, float]]:
        """The lines of curves.jsonl, without an incomplete line of a killed training."""
        file = self.path / "curves.jsonl"
        lines = file.read_text("utf-8").splitlines(keepends=True) if file.is_file() else []
        return [json.loads(line) for line in lines if line.endswith("}\n")]

    def keep_curves(self, epochs: int) -> None:
        """Drop lines of epochs after the checkpoint: they will be computed again."""
        rows = [row for row in self.curves() if row["epoch"] < epochs]
        self.write_text("curves.jsonl", "".join(json.dumps(row) + "\n" for row in rows))

    def write_text(self, name: str, text: str) -> None:
        atomic.write_bytes(self.path / name, text.encode("utf-8"))
