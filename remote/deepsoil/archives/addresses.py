"""Where the archives are. Another address, such as an office's mirror, is named by ``DEEPSOIL_ARCHIVES``.

``DEEPSOIL_ARCHIVES`` is the path of a JSON file: {"gridmet": "https://mirror.example.org/thredds", …}. What it does
not name keeps its public address.
"""

from __future__ import annotations

import os
from pathlib import Path

from deepsoil.contract.errors import DeepSoilError
from deepsoil.io import json_files

VARIABLE = "DEEPSOIL_ARCHIVES"


def address_of(server: str, public: str) -> str:
    """The address of a server without a slash at its end: the user's for its name, else the ``public`` one.

    Raises
    ------
    DeepSoilError
        ``archive_addresses_invalid``: the user's file cannot be read.
    """
    file = os.environ.get(VARIABLE)
    if not file:
        return public.rstrip("/")
    try:
        document = json_files.read(Path(file))
        if not isinstance(document, dict) or not all(isinstance(value, str) for value in document.values()):
            raise ValueError("it is not an object of addresses")
    except (OSError, ValueError) as error:
        raise DeepSoilError("archive_addresses_invalid", "The addresses of archives in {file} cannot be read: {error}.",
                            "Correct the file, or unset {variable}.", file=file, error=error,
                            variable=VARIABLE) from error
    return str(document.get(server, public)).rstrip("/")
