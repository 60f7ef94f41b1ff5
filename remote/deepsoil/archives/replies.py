"""Answers of services as documents: what cannot be read is one error that names archive and address."""

from __future__ import annotations

import json
from typing import Any

from deepsoil.archives import contents
from deepsoil.archives.wrong_answers import CHANGED
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.text import Text


def implausible(archive: str, address: str, what: str) -> DeepSoilError:
    """The error for an answer that is not what was asked for."""
    return DeepSoilError("archive_implausible", "{archive} gave an answer for {address} that cannot be right: {what}.",
                         CHANGED, archive=archive, address=address, what=what)


def document(archive: str, address: str, answer: bytes, kind: type = dict) -> Any:
    """The JSON document of an answer, which must be of a ``kind``. Raises ``archive_implausible``.

    NaN and Infinity, which JSON does not know and some servers write, are null.
    """
    try:
        found = json.loads(answer, parse_constant=lambda name: None)
    except (ValueError, RecursionError) as error:
        said = contents.saying(answer[:contents.BEGINNING])
        raise implausible(archive, address, Text("it is not JSON; it says: {said}", said=said) if said
                          else Text("it is not JSON")) from error
    if not isinstance(found, kind):
        raise implausible(archive, address, Text("it is JSON of another form than documented"))
    return found
