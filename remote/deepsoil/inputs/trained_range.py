"""Inputs outside of what a network learned from: counted in a part of the area, and told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np

from deepsoil.channels import CHANNELS
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.text import Text
from deepsoil.grid import Window
from deepsoil.inputs.stack import Stack

TOLERATED_SHARE = 0.1
"""Of the values of a channel that may lie outside: of the training itself 2 % do."""

MARGIN = 0.25
"""Of the trained range, by which a value lies clearly outside: flat land is not unusual because hills are usual."""

_SIDE = 64


def unusual(stack: Stack, days: Sequence[date], window: Window) -> dict[str, float]:
    """By channel the share of its values clearly outside of the trained range, over the valid pixels of ``window`` on
    ``days``; only channels with more than `TOLERATED_SHARE`.

    What is filled is not counted. Raises what `Stack.read` raises.
    """
    outside, total = np.zeros(len(stack.channels)), 0
    low, high = (np.array([getattr(use, name) for use in stack.channels], np.float32)[:, None]
                 for name in ("low", "high"))
    margin = np.float32(MARGIN) * (high - low)
    for day in days:
        x, valid = stack.read(day, window)
        values = x[:, valid]
        outside += ((values < low - margin) | (values > high + margin)).sum(axis=1)
        total += values.shape[1]
    shares = outside / max(total, 1)
    return {use.name: float(share) for use, share in zip(stack.channels, shares, strict=True)
            if share > TOLERATED_SHARE and use.name not in stack.missing}


def warnings(looked_at: Iterable[tuple[Stack, Window]], days: Sequence[date]) -> list[DeepSoilError]:
    """``inputs_unusual`` for the stack and a window of each depth: three of the days, and at most 64 × 64 pixels in
    the middle of the window."""
    shares: dict[str, float] = {}
    for stack, window in looked_at:
        inside = window.intersect(stack.store.window)
        if inside is None:
            continue
        width, height = min(_SIDE, inside.width), min(_SIDE, inside.height)
        middle = Window(inside.column + (inside.width - width) // 2, inside.row + (inside.height - height) // 2,
                        width, height)
        chosen = [days[n] for n in sorted({0, len(days) // 2, len(days) - 1})]
        try:
            found = unusual(stack, chosen, middle)
        except DeepSoilError:  # a day without weather is told by the plan
            continue
        for name, share in found.items():
            title = CHANNELS[name].title
            shares[title] = max(shares.get(title, 0.0), share)
    if not shares:
        return []
    most = sorted(shares.items(), key=lambda item: -item[1])
    return [DeepSoilError("inputs_unusual", "Inputs lie outside of what the model learned from: {inputs}.",
                          "The map may be wrong there. Compare it with soil columns or with readings.", "area",
                          inputs=", ".join(str(Text("{channel} ({share:.0%})", channel=title, share=share))
                                           for title, share in most))]
