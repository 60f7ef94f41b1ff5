"""What prevents gathering into a folder: other files, another field's data, a disk that is too small."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from shapely import Geometry

from deepsoil.archives import folder as gathered
from deepsoil.archives.archive import Ask, Piece
from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import TILE, Window
from deepsoil.io import atomic, disk_errors

LOCK = ".gather.lock"
_SPARE_BYTES = 20_000_000
_STORE_BYTES_PER_PIXEL = 4 * 40
"""Some 40 maps in the store; it is compressed, so this is the most."""


def problems(folder: Path, ask: Ask, pieces: Sequence[Piece]) -> list[DeepSoilError]:
    """What prevents fetching these pieces; those that the folder has already need no more space."""
    try:
        if (taken := taken_problem(folder, ask.outline)) is not None:
            return [taken]
        record = gathered.read(folder)
    except DeepSoilError as error:
        return [error]
    except OSError as error:
        problem = disk_errors.explained(error, folder)
        return [] if problem is None or isinstance(error, NotADirectoryError) else [problem]  # told when it is made
    there = set() if record is None else {one.key for one in record.fetched}
    full = disk_problem(folder, ask, (piece for piece in pieces if gathered.key_of(piece) not in there))
    return [] if full is None else [full]


def taken_problem(folder: Path, outline: Geometry) -> DeepSoilError | None:
    """``folder_taken`` for a folder with other things in it; drafts of killed processes are none."""
    field = gathered.field_of(folder)
    if field is not None and not field.equals_exact(outline, 1e-7):
        return DeepSoilError("folder_taken", "{folder} has the data of another field.", "Choose another folder.",
                             "options.folder", folder=folder)
    if field is None and folder.exists() and any(not path.name.startswith((LOCK, atomic.PART))
                                                 for path in folder.iterdir()):
        return DeepSoilError("folder_taken", "{folder} has other files in it.", "Choose an empty or a new folder.",
                             "options.folder", folder=folder)
    return None


def disk_problem(folder: Path, ask: Ask, fresh: Iterable[Piece]) -> DeepSoilError | None:
    """``disk_full`` where the pieces and a new store beside the old one do not fit."""
    window = Window.around(*ask.bounds).align(TILE)
    needed = 2 * sum(piece.size for piece in fresh) + window.width * window.height * _STORE_BYTES_PER_PIXEL
    there = next(parent for parent in (folder, *folder.parents) if parent.exists())
    free = shutil.disk_usage(there).free
    if free >= needed + _SPARE_BYTES:
        return None
    return DeepSoilError("disk_full", "The disk with {folder} has {free:,.0f} MB left; the data need {needed:,.0f} MB.",
                         "Free some space, or choose a folder on another disk.", "options.folder", folder=there,
                         free=free / 1e6, needed=(needed + _SPARE_BYTES) / 1e6)
