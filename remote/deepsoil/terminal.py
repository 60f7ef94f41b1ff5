"""What several commands share: HOME, the jobs in it, tables on the terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.home import home
from deepsoil.kinds.context import Context
from deepsoil.service.jobs import Jobs


def context() -> Context:
    """The regions and models of this user's HOME."""
    from deepsoil.kinds.open_context import open_context

    return open_context(home())


def open_jobs() -> Jobs:
    return Jobs(home(), context)


def find_job(jobs: Jobs, start: str) -> str:
    """The whole id of the one job that begins with ``start``. DeepSoilError where there is none or several."""
    found = sorted(path.name for path in jobs.path.glob(f"{start}*")) if start.isalnum() else []
    if len(found) > 1:
        raise DeepSoilError("job_ambiguous", "Several jobs begin with '{start}'.", "Give more digits.", "id",
                            start=start)
    return found[0] if found else start


def read_document(path: Path) -> Any:
    """A JSON document from a file, or from stdin for ``-``."""
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8")
        return json.loads(text)
    except OSError as error:
        raise DeepSoilError("file_missing", "The file {path} cannot be read: {strerror}.",
                            "Check the path.",
                            path=path, strerror=error.strerror) from error
    except ValueError as error:
        raise DeepSoilError("file_invalid", "The file {path} is no JSON: {error}.", "Check its content.",
                            path=path, error=error) from error


def print_table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as their widest cell."""
    widths = [max(len(row[column]) for row in [titles, *rows]) for column in range(len(titles))]
    for row in [titles, *rows]:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
