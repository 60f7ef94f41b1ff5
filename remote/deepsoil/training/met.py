"""What a network has met of each channel in training: measured values around stations, or only simulated ones.

It is written into the model file (``contract.model.Met``). Prediction in a real region does not use an optional channel
of whose measured values the network has met none, and tells when values lie outside of what it learned from.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from deepsoil.channels import CHANNELS
from deepsoil.contract.model import Met, ModelContract
from deepsoil.training.patches import PatchMaker

if TYPE_CHECKING:
    from deepsoil.training.configuration import Configuration
    from deepsoil.training.station_patches import StationInputs

Array = NDArray[np.float32]

_LOW, _HIGH = 0.01, 0.99
_BATCHES, _BATCH, _SIZE = 8, 64, 16
_KEY = 13  # last word of the random keys of the patches that are looked at


def met_of(configuration: Configuration, drawn: PatchMaker, stations: StationInputs | None,
           synthetic: bool = False) -> dict[str, Met]:
    """By channel; ``drawn`` makes the simulated patches of the training, with nothing missing; ``stations``: None where
    none took part. A training of stations alone has met no simulated value. ``synthetic``: the stations' region is, so
    that nothing in it was measured."""
    choice = configuration.supervision
    region = None if choice is None else Path(choice.region).name
    only_stations = choice is not None and choice.simulated_share == 0
    patches = [] if only_stations else [drawn.draw((configuration.seed, _KEY, n), _BATCH, _SIZE).x
                                        for n in range(_BATCHES)]
    found = {}
    for number, name in enumerate(configuration.channels):
        supplies = [[one[:, number].ravel() for one in patches]] if patches else []
        there = stations is not None and name not in stations.missing
        measured = there and not synthetic
        if there and stations is not None:
            supplies.append([one[:, number].ravel().astype(np.float32) for one in stations.x])
        how: Literal["stations", "simulated", "never"] = \
            "stations" if measured else "simulated" if supplies else "never"
        low, high = _range(name, supplies)
        found[name] = Met(how=how, product=region if there else how if supplies else None, low=low, high=high)
    return found


def with_met(contract: ModelContract, met: dict[str, Met]) -> ModelContract:
    """The contract with what was met of its channels."""
    channels = [channel.model_copy(update={"met": met.get(channel.name)}) for channel in contract.channels]
    return contract.model_copy(update={"channels": channels})


def _range(name: str, supplies: Iterable[Sequence[Array]]) -> tuple[float | None, float | None]:
    """1 % and 99 % of the normalised values of each supply in the channel's unit: the lowest and the highest."""
    channel = CHANNELS[name]
    wholes = [np.concatenate(supply) for supply in supplies]
    if channel.classes or channel.kind == "class" or not any(whole.size for whole in wholes):
        return None, None
    low = min(float(np.quantile(whole, _LOW)) for whole in wholes if whole.size)
    high = max(float(np.quantile(whole, _HIGH)) for whole in wholes if whole.size)
    span = channel.maximum - channel.minimum
    return round(channel.minimum + low * span, 5), round(channel.minimum + high * span, 5)
