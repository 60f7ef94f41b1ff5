"""The training configurations that a client can start from: those that come with the engine, and the user's own.

No torch: also the engine of a login node lists them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from deepsoil.errors import DeepSoilError
from deepsoil.inference.models import shipped_resources
from deepsoil.training.configuration import read_configuration


def listed(home: Path, resources: Path | None = None) -> list[dict[str, Any]]:
    """Every configuration of ``HOME/configurations`` and of ``resources/training``, as `described`, by file name.

    A file in HOME takes the place of a shipped one of the same name. YAML files that are no training configuration
    (the plans of the tables) are left out.
    """
    shipped = resources or shipped_resources()
    folders = [shipped / "training"] if shipped is not None else []
    files = {file.name: file for folder in [*folders, home / "configurations"] for file in folder.glob("*.y*ml")}
    return [described(file) for _, file in sorted(files.items()) if not file.name.startswith("tables-")]


def described(path: Path) -> dict[str, Any]:
    """``{id, path, document, problem}`` of one file; ``document`` with absolute paths, null where it is of no use."""
    try:
        document, problem = read_configuration(path).resolved(), None
    except DeepSoilError as error:
        document, problem = None, error.to_dict()
    except OSError as error:
        document, problem = None, DeepSoilError("configuration_missing", f"{path} cannot be read: {error.strerror}.",
                                                "Choose another file.").to_dict()
    return {"id": path.stem, "path": str(path.absolute()), "document": document, "problem": problem}
