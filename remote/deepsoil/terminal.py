"""What commands share: documents they read, tables and progress they print."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from deepsoil.contract.errors import DeepSoilError


def read_document(path: Path) -> Any:
    """A JSON document from a file, or from stdin for ``-``."""
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8-sig")
        return json.loads(text)
    except OSError as error:
        raise DeepSoilError("file_missing", "The file {path} cannot be read: {strerror}.",
                            "Check the path.",
                            path=path, strerror=error.strerror) from error
    except ValueError as error:
        raise DeepSoilError("file_invalid", "The file {path} is not JSON: {error}.", "Check its content.",
                            path=path, error=error) from error


def print_table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as their widest cell."""
    widths = [max(len(row[column]) for row in [titles, *rows]) for column in range(len(titles))]
    for row in [titles, *rows]:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
