"""Ends what may still run of a job whose files can no longer be read, before the job is given up or removed."""

from __future__ import annotations

import sys
from contextlib import suppress

from deepsoil.contract.errors import DeepSoilError
from deepsoil.io import process
from deepsoil.jobs.folder import JobFolder
from deepsoil.schedulers import registry


def stop(folder: JobFolder) -> None:
    """Stop the job's process, and end its arrays, whichever scheduler has them. Never fails."""
    with suppress(DeepSoilError):
        status = folder.status()
        if status.pid is not None and status.process_start is not None:
            process.stop(status.pid, status.process_start)
    stop_arrays(folder)


def stop_arrays(folder: JobFolder) -> None:
    """End the arrays of a job: by their names, which follow from the job's id. A job that has none is left alone."""
    try:
        attempts = [int(path.name[8:]) for path in folder.path.glob("attempt-*") if path.name[8:].isdecimal()]
    except OSError:
        return
    for name in registry.names() if attempts else ():  # which of them has it can perhaps not be read
        try:
            scheduler = registry.find(name)
            scheduler.require()
            scheduler.stop(folder.id, attempts)
        except DeepSoilError:
            continue  # this computer does not have it
        except Exception as error:  # noqa: BLE001 - the boundary: a scheduler that does not answer
            print(f"job {folder.id}: {name} does not end it: {error}", file=sys.stderr)
