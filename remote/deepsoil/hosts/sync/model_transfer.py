"""Copies a model file and its card from a host to this computer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.hosts.rpc.connection import EngineConnection
from deepsoil.hosts.sync.retrieval import RetrievalStopped, part_of, remote_files, retrieve
from deepsoil.io import atomic
from deepsoil.io.hashing import sha256_of_file

if TYPE_CHECKING:
    from deepsoil.hosts.remote_host import RemoteHost


_REPORT_EVERY_S = 0.5


class ModelTransfers:
    """The models that are being copied; each can be cancelled. ``emit(event, **content)`` gets their progress."""

    def __init__(self, home: Path, emit: Callable[..., None]) -> None:
        self._home, self._emit = home, emit
        self._guard = threading.Lock()
        self._stops: dict[tuple[str, str], threading.Event] = {}

    def fetch(self, remote: RemoteHost, model: str) -> dict[str, Any]:
        """Copy a model. DeepSoilError ``host_busy`` while it is being copied already, and those of `fetch_model`."""
        key = remote.host.id, model
        with self._guard:
            if key in self._stops:
                raise DeepSoilError("host_busy", "The model '{model}' is being copied from {title} already.",
                                    "Wait until it is done, or cancel it.", "model",
                                    model=model, title=remote.host.title)
            stop = self._stops[key] = threading.Event()
        reported_at = -_REPORT_EVERY_S

        def progress(done: int, total: int) -> None:
            nonlocal reported_at
            if time.monotonic() - reported_at >= _REPORT_EVERY_S or done == total:
                reported_at = time.monotonic()
                self._emit("model_fetch", host=remote.host.id, model=model, bytes=done, total=total,
                           fraction=round(done / total, 4) if total else 1.0)

        try:
            return {"id": fetch_model(remote.engine, model, self._home, progress, stop.is_set)}
        finally:
            with self._guard:
                del self._stops[key]

    def cancel(self, host: str, model: str) -> dict[str, Any]:
        """Stop copying; nothing happens where the model is not being copied."""
        with self._guard:
            if (stop := self._stops.get((host, model))) is not None:
                stop.set()
        return {}


def fetch_model(engine: EngineConnection, model: str, home: Path, progress: Callable[[int, int], object],
                stopped: Callable[[], bool]) -> str:
    """Retrieve a model of a host into ``HOME/models``; returns its id. No model of this computer is replaced, and none
    becomes the default. The name in the file's contract must be the one that was asked for.

    ``progress`` gets (bytes that have come, total); once ``stopped()`` is true what has come is kept for the next time.

    Raises
    ------
    DeepSoilError
        ``model_missing``, ``model_exists``, ``model_name``, ``host_unreachable``, ``fetch_cancelled``, what is wrong
        with the file, or an error of the transfer.
    """
    from deepsoil.models.arrival import LONGEST_CARD_BYTES, check_arrival, comes_with_deepsoil  # slow to import

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
    if comes_with_deepsoil(model, file.sha256):
        return model
    if target.exists():
        if sha256_of_file(target) == file.sha256:
            return model
        raise DeepSoilError("model_exists", "This computer has another model '{model}' in {folder}.",
                            "Rename or remove that file first.", "model",
                            model=model, folder=folder)
    arriving = folder / ".arriving"  # not among the models before it is checked; a part stays there to be continued
    arriving.mkdir(parents=True, exist_ok=True)
    arrived = arriving / file.name
    try:
        retrieve(engine.ssh_connection(), [file], arriving, progress=progress, stopped=stopped)
        check_arrival(arrived)
        if entry.get("card"):
            atomic.write_text(target.with_suffix(".md"), str(entry["card"])[:LONGEST_CARD_BYTES])
        atomic.move(arrived, target)
    except RetrievalStopped:
        raise DeepSoilError("fetch_cancelled", "The copying of '{model}' was cancelled.",
                            "What has come is kept; the rest follows when you bring it again.", "model",
                            model=model) from None
    finally:
        arrived.unlink(missing_ok=True)
    part_of(arriving, file).unlink(missing_ok=True)
    return model
