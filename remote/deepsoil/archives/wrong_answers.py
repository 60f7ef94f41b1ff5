"""The errors for answers of services that came but are of no use, in one place."""

from __future__ import annotations

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.text import Text

CHANGED = Text("Try again later, or switch this archive off. If it stays so, the archive has changed: update "
               "DeepSoil.")


def refused(archive: str, answer: str) -> DeepSoilError:
    """The service says that it cannot; ``answer`` in its words."""
    return DeepSoilError("archive_failed", "{archive} refused the request: {answer}.", CHANGED,
                         archive=archive, answer=" ".join(answer.split()).rstrip(".") or Text("no reason given"))


def other_map(archive: str, problem: str) -> DeepSoilError:
    """A map came that is not the one asked for."""
    return DeepSoilError("archive_implausible", "{archive} gave a map that is not the one asked for: {problem}.",
                         CHANGED, archive=archive, problem=problem)


def not_understood(archive: str, problem: str) -> DeepSoilError:
    """An answer that is not of the documented form. ``problem``: a `Text`, or the words of a library."""
    return DeepSoilError("archive_implausible", "{archive} gave an answer that is not understood: {problem}.", CHANGED,
                         archive=archive, problem=problem or Text("a part of it is missing"))
