"""Errors about the folder of a job."""

from __future__ import annotations

from pathlib import Path

from deepsoil.contract.errors import DeepSoilError

_LONGEST_DETAIL = 200


def damaged(path: Path, error: Exception) -> DeepSoilError:
    """The error for a file of a job that is missing or cannot be read."""
    why = getattr(error, "strerror", None) or str(error)[:_LONGEST_DETAIL]
    detail = "is missing" if isinstance(error, FileNotFoundError) else f"cannot be read ({why})"
    return DeepSoilError("job_damaged", "The file {file} of the job '{job}' {detail}.",
                         "Its outputs are in {parent}. Send the job again.",
                         file=path.name, job=path.parent.name, detail=detail, parent=path.parent / "outputs")
