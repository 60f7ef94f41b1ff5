"""The models of this computer: those shipped with DeepSoil and those in HOME. No torch."""

from __future__ import annotations

import builtins
import os
import sys
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.model import ModelContract, headline_first
from deepsoil.depths import DEPTHS
from deepsoil.io import regular
from deepsoil.io.hashing import sha256_of_file
from deepsoil.networks.model_file import read_contract
from deepsoil.networks.session import open_session

if TYPE_CHECKING:
    import onnxruntime

ENDING = ".onnx"
_LONGEST_CARD = 1 << 20
_LONGEST_DETAIL = 200


class Model:
    """A usable model file. ``id`` is the name in its contract."""

    def __init__(self, path: Path, contract: ModelContract) -> None:
        self.path = path
        self.contract = contract
        self._sessions: dict[int, onnxruntime.InferenceSession] = {}

    @classmethod
    def open(cls, path: str | Path) -> Model:
        """DeepSoilError ``model_missing``, ``model_invalid`` or ``model_mismatch``."""
        return cls(Path(path), read_contract(path))

    @property
    def id(self) -> str:
        return self.contract.name

    def session(self, threads: int = 0) -> onnxruntime.InferenceSession:
        """The session with this number of threads (0: one per core), opened on first use and kept."""
        if threads not in self._sessions:
            self._sessions[threads] = open_session(self.path, threads)
        return self._sessions[threads]

    def card(self) -> str:
        """The card beside the file (Markdown); an empty text if there is none, or none that can be read."""
        try:
            return regular.read_text(self.path.with_suffix(".md"), _LONGEST_CARD)
        except OSError:
            return ""


class Library:
    """``resources/models`` and ``HOME/models``. A file in HOME replaces a shipped one with the same id."""

    def __init__(self, home: Path, resources: Path | None = None) -> None:
        """``resources``: the folder with shipped ``models``; the default is `shipped_resources`."""
        roots = (home, resources or shipped_resources())
        self.folders = [root / "models" for root in roots if root is not None]

    @classmethod
    def in_folder(cls, folder: Path) -> Library:
        """The models of one folder only."""
        library = cls(folder)
        library.folders = [folder]
        return library

    def list(self) -> list[dict[str, Any]]:
        """Every model as in the contract; an unusable one has the reason in ``problem``."""
        models, broken = self._scan()
        defaults = {_default(models, depth).id for depth in {model.contract.depth_cm for model in models}}
        documents = []
        for model in models:
            try:
                documents.append(_document(model, default=model.id in defaults))
            except OSError as error:  # it was removed just now, or may not be read
                broken.append((model.path, _unreadable(model.path, error)))
        return documents + [_broken_document(path, problem) for path, problem in broken]

    def find(self, wanted: int | str) -> Model:
        """The default model of a depth in cm (int), or the model of an id (text).

        Raises DeepSoilError ``model_missing``, or the problem of the file with that id.
        """
        models, broken = self._scan()
        if isinstance(wanted, int):
            if not any(model.contract.depth_cm == wanted for model in models):
                raise DeepSoilError("model_missing", "There is no usable model for {wanted} cm.",
                                    "Copy one to {folders}, or train one.", f"models.{wanted}",
                                    wanted=wanted, folders=self.folders[0])
            return _default(models, wanted)
        for model in models:
            if model.id == wanted:
                return model
        for path, problem in broken:
            if path.stem == wanted:
                raise problem
        known = ", ".join(model.id for model in models) or "none"
        raise DeepSoilError("model_missing", "There is no model '{wanted}' on this computer.",
                            "There are: {known}.", "models",
                            wanted=wanted, known=known)

    def _scan(self) -> tuple[builtins.list[Model], builtins.list[tuple[Path, DeepSoilError]]]:
        """(usable models, unusable files with their problem), HOME first."""
        models: dict[str, Model] = {}
        broken: list[tuple[Path, DeepSoilError]] = []
        for folder in self.folders:
            for path in sorted(folder.glob(f"*{ENDING}")):
                if path.name.startswith("."):
                    continue
                try:
                    model = _open(path, _stamp(path))
                    models.setdefault(model.id, model)
                except DeepSoilError as problem:
                    broken.append((path, problem))
                except Exception as error:  # noqa: BLE001 - the boundary: one file must not hide the others
                    broken.append((path, _unreadable(path, error)))
        return sorted(models.values(), key=lambda model: (model.contract.depth_cm, model.id)), broken


def _unreadable(path: Path, error: Exception) -> DeepSoilError:
    return DeepSoilError("model_invalid", "The model file {path} cannot be used ({error}).",
                         "Copy or install it again.", "models", path=path,
                         error=str(error)[:_LONGEST_DETAIL] or type(error).__name__)


def shipped_resources() -> Path | None:
    """The folder with DeepSoil's resources: ``DEEPSOIL_RESOURCES``, the folder beside the sources, or that of the
    environment (``share/deepsoil``, where an engine on a cluster has it); None if there is none."""
    if chosen := os.environ.get("DEEPSOIL_RESOURCES"):
        return Path(chosen)
    for folder in (*Path(__file__).resolve().parents[2:4], Path(sys.prefix) / "share" / "deepsoil"):
        if (folder / "resources").is_dir():
            return folder / "resources"
    return None


def _document(model: Model, *, default: bool) -> dict[str, Any]:
    contract = model.contract
    return {"id": model.id, "depth_cm": contract.depth_cm, "title": contract.title, "version": contract.version,
            "default": default, "channels": [channel.name for channel in contract.channels], "card": model.card(),
            "metrics": [metric.model_dump() for metric in headline_first(contract.metrics)], "problem": None,
            **_file(model.path)}


def _file(path: Path) -> dict[str, Any]:
    """Path, size and checksum for copying the file."""
    stamp = _stamp(path)
    return {"path": str(path), "size": stamp[1], "sha256": _sha256(path, stamp)}


def _broken_document(path: Path, problem: DeepSoilError) -> dict[str, Any]:
    return {"id": path.stem, "depth_cm": None, "title": path.name, "version": None, "default": False, "channels": [],
            "card": "", "metrics": [], "problem": problem.to_dict(), "path": str(path), "size": None, "sha256": None}


def _default(models: list[Model], depth_cm: int) -> Model:
    """The default model of the depth, else its first model."""
    of_depth = [model for model in models if model.contract.depth_cm == depth_cm]
    wanted = DEPTHS[depth_cm].model if depth_cm in DEPTHS else ""
    return next((model for model in of_depth if model.id == wanted), of_depth[0])


def _stamp(path: Path) -> tuple[int, int]:
    """Changes when the file does."""
    try:
        status = path.stat()
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_size


@lru_cache(maxsize=16)
def _open(path: Path, stamp: tuple[int, int]) -> Model:
    """Cached, so that a service opens the session of a model only once."""
    return Model.open(path)


@lru_cache(maxsize=64)
def _sha256(path: Path, stamp: tuple[int, int]) -> str:
    return sha256_of_file(path)
