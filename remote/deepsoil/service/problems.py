"""What a client is told of an error that nobody expected."""

from __future__ import annotations

import errno
import sys
import traceback

from deepsoil import extras
from deepsoil.contract.errors import DeepSoilError
from deepsoil.io import disk_errors

# Of what a client sent, in the text of an error.
_LONGEST_SHOWN = 60
_LONGEST_PATH = 300
_OF_A_PATH = (errno.ENAMETOOLONG, errno.ELOOP, errno.ENOTDIR, errno.EISDIR, errno.EACCES, errno.EPERM, errno.ENOENT,
              errno.EINVAL)


def unexpected(method: str, error: Exception) -> DeepSoilError:
    """What an answer says of a disk's error, of too little memory, or of a fault of the engine, whose details go to
    stderr."""
    if isinstance(error, MemoryError):
        return DeepSoilError("out_of_memory", "The computer's memory was not enough.",
                             "Close other programs or choose a smaller area.")
    traceback.print_exception(error, file=sys.stderr)
    if isinstance(error, OSError) and (problem := disk_errors.explained(error)) is not None:
        return problem
    if isinstance(error, OSError) and error.filename is not None and error.errno in _OF_A_PATH:
        return DeepSoilError("path_unusable", "{path} cannot be used: {reason}.",
                             "Check the name and your permissions there.",
                             path=str(error.filename)[:_LONGEST_PATH], reason=error.strerror or "")
    return extras.explained(error) or DeepSoilError(
        "internal", "'{method}' failed unexpectedly ({name}: {error}).",
        "The engine's messages have the details; please send them to the developers.",
        method=method[:_LONGEST_SHOWN], name=type(error).__name__, error=error)
