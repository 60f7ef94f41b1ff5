"""Adds the model of a finished training to the models of this computer, for use in maps."""

from __future__ import annotations

from pathlib import Path

from deepsoil.io import atomic
from deepsoil.models.library import Library, Model, shipped_resources


def register(model: Path, home: Path, resources: Path | None = None) -> str:
    """Copy a model file and its card into ``HOME/models``; returns a line for the log.

    A model of the same name from an earlier training is replaced; if the user had chosen that one as a default, the
    new one is not the default before the user chooses it, too. A shipped model is never replaced.
    """
    shipped = resources or shipped_resources()
    name = Model.open(model).id
    if shipped is not None and name in {known["id"] for known in Library.in_folder(shipped / "models").list()}:
        return (f"A model named '{name}' comes with DeepSoil and is not replaced. The new model is among the outputs "
                "of this job; give the training another name to have it in the list of models.")
    folder = home / "models"
    folder.mkdir(parents=True, exist_ok=True)
    for source in (model.with_suffix(".md"), model):  # the card first, so that a model always has one
        if source.is_file():
            atomic.copy(source, folder / f"{name}{source.suffix}")
    return f"The model '{name}' is in the list of models now."
