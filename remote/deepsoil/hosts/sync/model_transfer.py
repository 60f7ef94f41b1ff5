"""Copies a model file and its card from a host to this computer."""

from __future__ import annotations

from pathlib import Path

from deepsoil.contract.errors import DeepSoilError
from deepsoil.hosts.rpc.connection import EngineConnection
from deepsoil.hosts.sync.retrieval import part_of, remote_files, retrieve
from deepsoil.io import atomic
from deepsoil.io.hashing import sha256_of_file


def fetch_model(engine: EngineConnection, model: str, home: Path) -> str:
    """Retrieve a model of a host into ``HOME/models``; returns its id. A local model with the same id is not replaced.

    Raises
    ------
    DeepSoilError
        ``model_missing``, ``model_exists``, ``host_unreachable``, or an error of the transfer.
    """
    entries = engine.request("models", {})
    entry = next((entry for entry in entries if entry["id"] == model), None)
    if entry is None or not entry.get("sha256"):
        raise DeepSoilError("model_missing", "{title} has no model '{model}'.",
                            "Look in the list of its models.", "model",
                            title=engine.host.title, model=model)
    name = f"{model}.onnx"
    (file,) = remote_files([{"path": entry["path"], "name": name, "size": entry["size"], "sha256": entry["sha256"]}])
    folder = home / "models"
    target = folder / file.name
    if "/" in name or name.startswith("."):
        raise DeepSoilError("output_unsafe", "The model's name {model!r} cannot be the name of a file.",
                            "Rename the model on the host.", "model",
                            model=model)
    if target.exists():
        if sha256_of_file(target) == file.sha256:
            return model
        raise DeepSoilError("model_exists", "This computer has another model '{model}' in {folder}.",
                            "Rename or remove that file first.", "model",
                            model=model, folder=folder)
    folder.mkdir(parents=True, exist_ok=True)
    if entry.get("card"):
        atomic.write_text(target.with_suffix(".md"), entry["card"])
    retrieve(engine.ssh_connection(), [file], folder)
    part_of(folder, file).unlink(missing_ok=True)
    return model
