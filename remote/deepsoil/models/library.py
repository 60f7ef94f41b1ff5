"""The models of this computer: those shipped with DeepSoil and those in HOME. No torch."""

from __future__ import annotations

import builtins
import os
import sys
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.model import ModelContract, headline_first
from deepsoil.depths import DEPTHS
from deepsoil.io import regular
from deepsoil.io.hashing import sha256_of_file
from deepsoil.models import defaults
from deepsoil.models.defaults import Trusted
from deepsoil.networks.model_file import read_contract
from deepsoil.networks.session import open_session

if TYPE_CHECKING:
    import onnxruntime

ENDING = ".onnx"
LONGEST_CARD_BYTES = 200_000
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
        """The card beside the file (Markdown), cut where it is very long; empty where there is none or none to read."""
        try:
            with regular.open_to_read(self.path.with_suffix(".md")) as file:
                return file.read(LONGEST_CARD_BYTES).decode("utf-8", errors="replace")
        except OSError:
            return ""


class Library:
    """``resources/models`` and ``HOME/models``. A shipped model is never replaced by a file in HOME.

    The default of a depth is the user's choice (`defaults`), else the one that comes with DeepSoil. Only where none
    comes with it, the first in HOME becomes the default, and stays it.
    """

    def __init__(self, home: Path, resources: Path | None = None) -> None:
        """``resources``: the folder with shipped ``models``; the default is `shipped_resources`."""
        shipped = resources or shipped_resources()
        self._home: Path | None = home
        self._shipped = shipped / "models" if shipped is not None else None
        self.folders = [home / "models", *([self._shipped] if self._shipped is not None else [])]

    @classmethod
    def in_folder(cls, folder: Path) -> Library:
        """The models of one folder only."""
        library = cls(folder)
        library._home, library._shipped, library.folders = None, folder, [folder]
        return library

    def list(self) -> list[dict[str, Any]]:
        """Every model as in the contract; an unusable one has the reason in ``problem``."""
        models, broken = self._scan()
        chosen = set()
        for depth in {model.contract.depth_cm for model in models}:
            with suppress(DeepSoilError, OSError):  # no default: whoever asks for it is told why
                chosen.add(self._default(models, broken, depth).id)
        documents = []
        for model in models:
            try:
                documents.append(_document(model, default=model.id in chosen))
            except OSError as error:  # it was removed just now, or may not be read
                broken.append((model.path, _unreadable(model.path, error)))
        return documents + [_broken_document(path, problem) for path, problem in broken]

    def usable(self) -> builtins.list[Model]:
        """Every model that can be used."""
        return self._scan()[0]

    def find(self, wanted: int | str) -> Model:
        """The default model of a depth in cm (int), or the model of an id (text).

        Raises DeepSoilError ``model_missing``, ``default_changed``, or the problem of the file with that id.
        """
        models, broken = self._scan()
        if isinstance(wanted, int):
            return self._default(models, broken, wanted)
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

    def set_default(self, depth_cm: int, wanted: Trusted) -> dict[str, Any]:
        """Make a model the default of its depth, if it still is what the user saw; the model as `list` has it.

        Raises DeepSoilError ``model_missing``, ``model_depth``, or ``default_changed`` where the file is another one.
        """
        document = _document(self.find(wanted.id), default=True)
        if document["depth_cm"] != depth_cm:
            raise DeepSoilError("model_depth", "The model '{model}' is for {model_depth_cm} cm.",
                                "Choose a model for {depth_cm} cm.", "model",
                                model=wanted.id, model_depth_cm=document["depth_cm"], depth_cm=depth_cm)
        if Trusted.of(document) != wanted:
            raise _changed(depth_cm, wanted.id)
        if self._home is not None:
            is_shipped = Path(document["path"]).parent == self._shipped and wanted.id == _usual(depth_cm)
            defaults.choose(self._home, depth_cm, None if is_shipped else wanted)
        return document

    def _default(self, models: builtins.list[Model], broken: builtins.list[tuple[Path, DeepSoilError]],
                 depth_cm: int) -> Model:
        """The default model of a depth. DeepSoilError ``model_missing``, ``default_changed``, or its file's problem."""
        of_depth = [model for model in models if model.contract.depth_cm == depth_cm]
        chosen = defaults.read(self._home).get(depth_cm) if self._home is not None else None
        if chosen is not None:
            model = next((model for model in of_depth if model.id == chosen.id), None)
            if model is None or not _is_trusted(model, chosen):
                raise _changed(depth_cm, chosen.id)
            return model
        usual = _usual(depth_cm)
        for path, problem in broken:
            if path.stem == usual and path.parent == self._shipped:
                raise problem
        shipped = [model for model in of_depth if model.path.parent == self._shipped]
        candidates = sorted(shipped or of_depth, key=lambda model: model.id != usual)
        if not candidates:
            raise DeepSoilError("model_missing", "There is no usable model for {wanted} cm.",
                                "Copy one to {folders}, or train one.", f"models.{depth_cm}",
                                wanted=depth_cm, folders=self.folders[0])
        if not shipped and self._home is not None:
            with suppress(OSError):
                defaults.choose(self._home, depth_cm, Trusted.of(_document(candidates[0], default=True)))
        return candidates[0]

    def _scan(self) -> tuple[builtins.list[Model], builtins.list[tuple[Path, DeepSoilError]]]:
        """(usable models, unusable files with their problem), shipped ones first."""
        models: dict[str, Model] = {}
        broken: list[tuple[Path, DeepSoilError]] = []
        for folder in reversed(self.folders):
            for path in sorted(folder.glob(f"*{ENDING}")):
                if path.name.startswith("."):
                    continue
                try:
                    model = _open(path, _stamp(path))
                    check_name(model)
                    if models.setdefault(model.id, model) is not model and not _same_file(models[model.id], model):
                        raise DeepSoilError("model_exists", "{file} is not used: a model named '{model}' comes with "
                                            "DeepSoil.", "Train or export it under another name.", "models",
                                            file=path, model=model.id)
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
    return {"path": str(path), "size": stamp[0], "sha256": _sha256(path, stamp)}


def _broken_document(path: Path, problem: DeepSoilError) -> dict[str, Any]:
    return {"id": path.stem, "depth_cm": None, "title": path.name, "version": None, "default": False, "channels": [],
            "card": "", "metrics": [], "problem": problem.to_dict(), "path": str(path), "size": None, "sha256": None}


def _usual(depth_cm: int) -> str:
    """The id of the model that comes with DeepSoil for a depth, or an empty text."""
    return DEPTHS[depth_cm].model if depth_cm in DEPTHS else ""


def check_name(model: Model) -> None:
    """DeepSoilError ``model_name`` unless the file is named like the model: what one sees is what one trusts."""
    if model.id != model.path.stem:
        raise DeepSoilError("model_name", "The file {file} says that it is the model '{model}'.",
                            "If you trust it, rename it to {model}.onnx.", "models",
                            file=model.path.name, model=model.id)


def _is_trusted(model: Model, chosen: Trusted) -> bool:
    try:
        return Trusted.of(_document(model, default=True)) == chosen
    except OSError:
        return False


def _same_file(one: Model, other: Model) -> bool:
    return _sha256(one.path, _stamp(one.path)) == _sha256(other.path, _stamp(other.path))


def _changed(depth_cm: int, model: str) -> DeepSoilError:
    return DeepSoilError("default_changed",
                         "The model '{model}', chosen as the default for {depth_cm} cm, is missing or has been "
                         "replaced by another file.", "Choose a default for this depth under “Models…”.",
                         f"models.{depth_cm}",
                         model=model, depth_cm=depth_cm)


def _stamp(path: Path) -> tuple[int, int, int]:
    """(size, times of change) of a file: changes when the file does, also where its date was set back."""
    try:
        status = path.stat()
    except OSError:
        return 0, 0, 0
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns


@lru_cache(maxsize=16)
def _open(path: Path, stamp: tuple[int, int, int]) -> Model:
    """Cached, so that a service opens the session of a model only once."""
    return Model.open(path)


@lru_cache(maxsize=64)
def _sha256(path: Path, stamp: tuple[int, int, int]) -> str:
    return sha256_of_file(path)
