"""The codes of a map of classes: those that it may hold, and what they become."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError

Codes = NDArray[np.float64]


class Legend:
    """Translates the parts of one map, and counts the codes that it does not know.

    crosswalk      code → code of another legend, None = missing; None: the codes stay
    known          codes that may occur; of a crosswalk, its own; None: any
    unknown_share  share of the known pixels up to which other codes are taken as missing
    """

    def __init__(self, crosswalk: Mapping[int, int | None] | None, known: Collection[int] | None,
                 unknown_share: float) -> None:
        self._crosswalk = crosswalk
        self._known = known if crosswalk is None else crosswalk
        self._share = unknown_share
        self._unknown: Counter[int] = Counter()
        self._pixels = 0

    def translated(self, codes: Codes) -> Codes:
        """The codes of a part, NaN where they are missing or not known."""
        if self._known is None:
            return codes
        there = np.isfinite(codes)
        self._pixels += int(there.sum())
        wrong = there & ~np.isin(codes, list(self._known))
        if wrong.any():
            self._unknown.update(codes[wrong].astype(int).tolist())
            codes = np.where(wrong, np.nan, codes)
        return codes if self._crosswalk is None else apply_crosswalk(codes, self._crosswalk)

    def note(self, path: Path, field: str) -> str:
        """How many pixels of the parts had codes that are not known; empty where none had.

        Raises DeepSoilError ``source_invalid`` where they are more than the share.
        """
        if not self._unknown:
            return ""
        codes, count = ", ".join(map(str, sorted(self._unknown))), sum(self._unknown.values())
        if count <= self._share * self._pixels:
            return (f"{count} of {self._pixels} pixels ({count / self._pixels:.3%}) of {path.name} had the unknown "
                    f"codes {codes} and are missing")
        if self._crosswalk is not None:
            raise DeepSoilError("source_invalid", "{file} holds the codes {codes}, for which "
                                "the crosswalk has no class.", "Add them to the crosswalk (null = missing).", field,
                                file=path.name, codes=codes)
        raise DeepSoilError("source_invalid", "{file} holds the codes {codes}, which are not of its legend, at "
                            "{share:.2%} of the known pixels.", "Check that the file is whole and of this kind; up to "
                            "0.1 % can be let through with `unknown_classes`.", field,
                            file=path.name, codes=codes, share=count / self._pixels)


def apply_crosswalk(codes: NDArray[np.float64], crosswalk: Mapping[int, int | None]) -> NDArray[np.float64]:
    """Codes of one legend, all in the crosswalk, as codes of another; NaN for those that it declares missing."""
    present = np.unique(codes[np.isfinite(codes)]).astype(int).tolist()
    table = np.full(max(present, default=0) + 1, np.nan)
    for code in present:
        target = crosswalk[code]
        table[code] = np.nan if target is None else target
    mapped = np.full(codes.shape, np.nan)
    known = np.isfinite(codes)
    mapped[known] = table[codes[known].astype(int)]
    return mapped
