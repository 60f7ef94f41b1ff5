"""A finished training's model is entered among the models of the machine: from then on it can be chosen for a map."""

from __future__ import annotations

from pathlib import Path

from deepsoil.io import atomic
from deepsoil.models.library import Library, Model, shipped_resources


def enter(model: Path, home: Path, resources: Path | None = None) -> str:
    """Copy a model file and its card into ``HOME/models``; a line that says what was done, for the log.

    A model of the same name from an earlier training is replaced; a shipped one never is, since it is the default of
    maps that nobody trained a model for.
    """
    shipped = resources or shipped_resources()
    name = Model.open(model).id
    if shipped is not None and name in {known["id"] for known in Library.in_folder(shipped / "models").list()}:
        return (f"The model '{name}' has the name of one that comes with DeepSoil, which stays in its place. It lies "
                "among the outputs of this job; give the training another name to have it in the list of models.")
    folder = home / "models"
    folder.mkdir(parents=True, exist_ok=True)
    for source in (model.with_suffix(".md"), model):  # the card first: a model never stands there without it
        if source.is_file():
            atomic.copy(source, folder / f"{name}{source.suffix}")
    return f"The model '{name}' is in the list of models now."
