"""Takes a region out of the list, with its files where DeepSoil made them."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.io import disk, locks, removal
from deepsoil.jobs.listing import job_folders
from deepsoil.kinds import gather_folder
from deepsoil.regions import MADE_IN, is_made_here

if TYPE_CHECKING:
    from deepsoil.regions import Regions
    from deepsoil.service.jobs import Jobs

def remove_region(home: Path, regions: Regions, jobs: Jobs, region: str, files: bool) -> dict[str, Any]:
    """Forget a region; with ``files`` its folder is deleted, too. The answer says which, or null.

    Raises
    ------
    DeepSoilError
        ``region_unknown``; ``region_in_use`` while a job needs it or its files are held open;
        ``region_not_made_here`` where ``files`` is asked for a folder that DeepSoil did not make.
    """
    path = regions.path(region)
    _check_unused(jobs, region)
    if not files:
        regions.forget(region)
        return {"deleted": None}
    folder = _folder_of(home, path, [Path(one["path"]) for one in regions.list() if one["id"] != region])
    _check_not_gathering(path.parent)
    removed = folder.with_name(f".removed-{folder.name}-{secrets.token_hex(4)}")
    try:
        # In one step: what is killed in the middle leaves a whole region or none.
        folder.rename(removed)
    except FileNotFoundError:
        pass  # it was deleted by hand
    except OSError as error:
        if disk.may_pass(error):
            raise
        raise DeepSoilError("region_in_use", "The folder {folder} cannot be removed: {strerror}.", "Close the programs "
                            "and layers that use its files, then try again.", "region", folder=folder,
                            strerror=error.strerror) from error
    regions.forget(region)
    removal.delete_folder(removed)
    return {"deleted": str(folder)}


def _check_unused(jobs: Jobs, region: str) -> None:
    for folder in job_folders(jobs.path):
        try:
            document = None if folder.status().final else folder.document()
        except DeepSoilError:
            continue  # a damaged job will not read the region any more
        if document is not None and document.get("region") == region:
            raise DeepSoilError("region_in_use", "The job '{name}' needs this region and has not ended.",
                                "Cancel the job, or wait for its end.", "region",
                                name=document.get("name") or folder.id)


def _check_not_gathering(folder: Path) -> None:
    """A job that lets the region take a field in, or a command, names the folder and not the region."""
    lock = folder / gather_folder.LOCK
    if not lock.is_file():
        return
    with locks.locked(lock, wait=False) as free:
        if not free:
            raise DeepSoilError("region_in_use", "Data are just being fetched into the folder {folder} of this region.",
                                "Cancel the job that does it, or wait for its end.", "region", folder=folder)


def _folder_of(home: Path, path: Path, others: list[Path]) -> Path:
    """The folder right below `MADE_IN` with the store, its recipe and what was fetched for it."""
    kept = (home / MADE_IN).resolve()
    if not is_made_here(home, path):
        raise DeepSoilError("region_not_made_here", "The files of this region lie in {path}, where DeepSoil did not "
                            "put them.", "Take the region out of the list, and delete the folder yourself.", "region",
                            path=path)
    folder = kept / path.resolve().relative_to(kept).parts[0]
    shared = next((other for other in others if folder in other.resolve().parents), None)
    if shared is not None:
        raise DeepSoilError("region_in_use", "Another region, {other}, lies in the same folder.",
                            "Remove that one first, or keep the files.", "region", other=shared)
    return folder
