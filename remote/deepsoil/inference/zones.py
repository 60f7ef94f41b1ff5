"""Zones of need: contiguous parts of a field that need water alike, no finer than the map's error. Pure.

Neighbours are pixels with a side in common.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
import scipy.ndimage
from numpy.typing import NDArray

Array = NDArray[np.float64]
Labels = NDArray[np.int32]

EDGES = (0.5, 1.0)
"""Between low, medium and high need: the share that is used of the water that plants may use without stress."""
CLASSES = ("low", "medium", "high")


@dataclass(frozen=True)
class Zone:
    """need, half_width: means over the zone; area: in the unit of the weights that the zones were made with."""

    number: int
    need: float
    half_width: float
    area: float

    @property
    def level(self) -> int:
        """Index into ``CLASSES``."""
        return _level(self.need)


def zones_of(need: Array, half_width: Array, weight: Array, minimum: float) -> tuple[list[Zone], Labels]:
    """Zones, that of the highest need first, and the number of the zone of every pixel (H, W), 0 where there is none.

    ``need`` (H, W): see ``EDGES``, NaN outside; ``half_width`` (H, W): of its 90 % interval; ``weight`` (H, W): the
    area of a pixel that counts. First every part smaller than ``minimum`` joins the neighbour that is most like it;
    one without neighbours joins the nearest zone. Then neighbours become one where they are of one class, or differ by
    less than the wider of their intervals. So neighbours in the result do neither, and only a field that is itself
    smaller has a zone below the minimum.
    """
    graph = _Graph(need, half_width, weight)
    graph.join_small(minimum)
    graph.join_like()
    parts = sorted(graph.alive, key=lambda part: -graph.mean(part))
    numbers = np.zeros(len(graph.root) + 1, np.int32)
    for number, part in enumerate(parts, 1):
        numbers[part] = number
    roots = np.array([graph.find(part) for part in range(len(graph.root))] + [len(graph.root)])
    zones = [Zone(number, graph.mean(part), graph.half_width(part), float(graph.area[part]))
             for number, part in enumerate(parts, 1)]
    return zones, np.asarray(numbers[roots[graph.part_of_pixel]], np.int32)


class _Graph:
    """Parts of a field, with what they have of area, need and half-width, and which touch each other."""

    def __init__(self, need: Array, half_width: Array, weight: Array) -> None:
        self.part_of_pixel = _parts(need)
        known = self.part_of_pixel >= 0
        part, area = self.part_of_pixel[known], weight[known]
        count = int(part.max()) + 1 if part.size else 0
        self.part_of_pixel[~known] = count
        self.root = list(range(count))
        self.area = np.bincount(part, area, count)
        self._need = np.bincount(part, area * need[known], count)
        self._width = np.bincount(part, area * half_width[known], count)
        rows, columns = np.nonzero(known)
        pixels = np.maximum(np.bincount(part, minlength=count), 1)
        self._middle = np.stack([np.bincount(part, rows, count), np.bincount(part, columns, count)]) / pixels
        self.touching: list[set[int]] = [set() for _ in range(count)]
        for one, other in _borders(self.part_of_pixel, count):
            self.touching[one].add(other)
            self.touching[other].add(one)
        self.alive = set(range(count))

    def find(self, part: int) -> int:
        """The part that this one has become."""
        while self.root[part] != part:
            self.root[part] = part = self.root[self.root[part]]
        return part

    def mean(self, part: int) -> float:
        return float(self._need[part] / max(self.area[part], 1e-12))

    def half_width(self, part: int) -> float:
        return float(self._width[part] / max(self.area[part], 1e-12))

    def join_small(self, minimum: float) -> None:
        """Parts below the minimum, the smallest first."""
        queue = [(float(self.area[part]), part) for part in self.alive]
        heapq.heapify(queue)
        while queue:
            area, part = heapq.heappop(queue)
            if part not in self.alive or area != self.area[part] or area >= minimum:
                continue
            others = self.touching[part] or self._nearest(part)
            if others:
                like = min(others, key=lambda other: (abs(self.mean(other) - self.mean(part)), other))
                self._join(like, part)
                heapq.heappush(queue, (float(self.area[like]), like))

    def join_like(self) -> None:
        """Neighbours that do not differ, the most alike first."""
        queue = [(self._difference(one, other), one, other)
                 for one in self.alive for other in self.touching[one] if one < other]
        heapq.heapify(queue)
        while queue:
            difference, one, other = heapq.heappop(queue)
            if one not in self.alive or other not in self.alive or difference != self._difference(one, other):
                continue
            if difference >= 1.0:
                return
            self._join(one, other)
            for third in self.touching[one]:
                heapq.heappush(queue, (self._difference(one, third), one, third))

    def _difference(self, one: int, other: int) -> float:
        """In half-widths; below 0 for two of one class, which never are two zones."""
        first, second = self.mean(one), self.mean(other)
        width = max(self.half_width(one), self.half_width(other))
        ratio = abs(first - second) / width if width > 0 else np.inf
        return -1.0 / (1.0 + ratio) if _level(first) == _level(second) else float(ratio)

    def _nearest(self, part: int) -> set[int]:
        """The part whose middle is nearest; none where there is no other."""
        others = [other for other in self.alive if other != part]
        if not others:
            return set()
        away = ((self._middle[:, others] - self._middle[:, [part]]) ** 2).sum(axis=0)
        return {others[int(away.argmin())]}

    def _join(self, kept: int, part: int) -> None:
        total = self.area[kept] + self.area[part]
        share = self.area[part] / total if total > 0 else 0.5
        self._middle[:, kept] += share * (self._middle[:, part] - self._middle[:, kept])
        for sums in (self.area, self._need, self._width):
            sums[kept] += sums[part]
        self.alive.discard(part)
        self.root[part] = kept
        for other in self.touching[part]:
            self.touching[other].discard(part)
            if other != kept:
                self.touching[other].add(kept)
                self.touching[kept].add(other)
        self.touching[part] = set()


def _level(need: float) -> int:
    return int(np.searchsorted(EDGES, need, side="right"))


def _parts(need: Array) -> NDArray[np.int64]:
    """(H, W) number of the contiguous part of one class of every pixel, from 0; -1 where there is no need."""
    found = np.full(need.shape, -1, np.int64)
    levels = np.where(np.isfinite(need), np.searchsorted(EDGES, np.nan_to_num(need), side="right"), -1)
    count = 0
    for level in range(len(CLASSES)):
        labels, parts = scipy.ndimage.label(levels == level)
        found[labels > 0] = labels[labels > 0] - 1 + count
        count += parts
    return found


def _borders(parts: NDArray[np.int64], none: int) -> list[tuple[int, int]]:
    """Pairs of parts with a side in common."""
    pairs = np.concatenate([np.stack([parts[:-1].ravel(), parts[1:].ravel()]),
                            np.stack([parts[:, :-1].ravel(), parts[:, 1:].ravel()])], axis=1)
    pairs = pairs[:, (pairs[0] != pairs[1]) & (pairs != none).all(axis=0)]
    return [(int(one), int(other)) for one, other in np.unique(np.sort(pairs, axis=0), axis=1).T]
