"""Groups pixels that are cheaper to predict in one window than separately, because they share a halo. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from deepsoil.grid import Window
from deepsoil.inference.machine import work_pixels

Group = tuple[Window, list[int]]


def group_pixels(pixels: Sequence[tuple[int, int]], multiple: int, halo: int) -> list[Group]:
    """(window, indices into ``pixels``): every global pixel (column, row) in one window.

    A pixel joins the group that saves most work compared with a separate window, if any does.
    """
    def work(window: Window) -> float:
        inner = window.align(multiple)
        outer = inner.pad(halo)
        return work_pixels(inner.width * inner.height, outer.width * outer.height)

    groups: list[Group] = []
    for index, (column, row) in enumerate(pixels):
        own = Window(column, row, 1, 1)
        joined = [_join(window, own) for window, _ in groups]
        saved = [work(window) + work(own) - work(both) for (window, _), both in zip(groups, joined, strict=True)]
        best = max(range(len(groups)), key=saved.__getitem__, default=None)
        if best is None or saved[best] < 0:
            groups.append((own, [index]))
        else:
            groups[best] = (joined[best], [*groups[best][1], index])
    return groups


def _join(a: Window, b: Window) -> Window:
    column, row = min(a.column, b.column), min(a.row, b.row)
    return Window(column, row, max(a.right, b.right) - column, max(a.bottom, b.bottom) - row)
