"""Whether a model file that came from elsewhere may lie among the models of this computer."""

from __future__ import annotations

from pathlib import Path

from deepsoil.contract.errors import DeepSoilError
from deepsoil.io.hashing import sha256_of_file
from deepsoil.models.library import LONGEST_CARD_BYTES, Model, check_name, shipped_resources

__all__ = ["LONGEST_CARD_BYTES", "check_arrival", "comes_with_deepsoil"]


def comes_with_deepsoil(model: str, sha256: str) -> bool:
    """Whether the model is one that comes with DeepSoil. DeepSoilError ``model_exists`` where only its name is."""
    shipped = shipped_resources()
    file = shipped / "models" / f"{model}.onnx" if shipped is not None else None
    if file is None or not file.is_file():
        return False
    if sha256_of_file(file) != sha256:
        raise DeepSoilError("model_exists", "Another model named '{model}' comes with DeepSoil.",
                            "Export or train the model under another name.", "model",
                            model=model)
    return True


def check_arrival(path: Path) -> None:
    """The file is a model and is named like the model in it. DeepSoilError ``model_name``, or what is wrong with it."""
    check_name(Model.open(path))
