"""Baselines for a network: climatology, persistence, mean of the texture, linear regression, a per-pixel network.

The first three are tables of effective saturation that patches look up like their labels, so
they know the predicted column itself; the last two use the network's input, one pixel at a time.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from deepsoil.inputs.features import day_of_year
from deepsoil.training.patches import PatchMaker

Array = NDArray[np.float32]
Predict = Callable[[Array], Array]

FIT = 12  # first word of the random keys of the patches for fitting baselines
PERSISTENCE_DAYS = 7
HALF_WINDOW_DAYS = 15


def climatology(saturation: Array, dates: NDArray[np.datetime64], known: NDArray[np.bool_]) -> Array:
    """Mean by day of the year (366, K, M) over all runs: known days within 15 days of it, all years.

    saturation (R, T, K, M); dates and known (R, T). A day of the year without a known day gets the mean
    of all known days.
    """
    day = day_of_year(dates)
    result = np.empty((366, *saturation.shape[2:]), np.float32)
    overall = np.nanmean(saturation[known], 0)
    for number in range(1, 367):
        distance = np.abs(day - number)
        near = known & (np.minimum(distance, 366 - distance) <= HALF_WINDOW_DAYS)
        result[number - 1] = np.nanmean(saturation[near], 0) if near.any() else overall
    return result


def persistence(saturation: Array) -> Array:
    """The state a week ago (R, T, K, M); the first week repeats the first day."""
    before = np.maximum(np.arange(saturation.shape[1]) - PERSISTENCE_DAYS, 0)
    return saturation[:, before]


def trivial_tables(reference: PatchMaker, known: NDArray[np.bool_], target: PatchMaker,
                   same_place: bool) -> dict[str, Array]:
    """Baseline tables for the patches of ``target``, from the ``known`` days of ``reference``.

    same_place: both share runs and textures, and climatology is that of the site itself; else it is the
    mean over all sites of the reference.
    """
    saturation, dates = reference.saturation, reference.table.dates
    day = day_of_year(target.table.dates) - 1
    if same_place:
        by_day = np.stack([climatology(saturation[r:r + 1], dates[r:r + 1], known[r:r + 1])[day[r]]
                           for r in range(len(saturation))])
        mean = np.stack([np.nanmean(saturation[r][known[r]], 0) for r in range(len(saturation))])[:, None]
    else:
        by_day = climatology(saturation, dates, known)[day]
        mean = np.nanmean(saturation[known], 0)[None, None]
    shape = target.saturation.shape
    return {"climatology": by_day, "persistence 7 d": persistence(target.saturation),
            "mean of texture and cover": np.broadcast_to(mean, shape)}


def pixels(maker: PatchMaker, seed: int, batches: int = 40) -> tuple[Array, Array]:
    """Input (N, C) and theta (N,) of single labelled pixels, from 40 x 256 patches with 16 pixels of each."""
    inputs, labels = [], []
    for number in range(batches):
        patches = maker.draw((seed, FIT, number), 256, 16)
        x = patches.x[:, :, ::4, ::4].transpose(0, 2, 3, 1).reshape(-1, patches.x.shape[1])
        label = patches.theta[:, ::4, ::4].reshape(-1)
        inputs.append(x[np.isfinite(label)])
        labels.append(label[np.isfinite(label)])
    return np.concatenate(inputs), np.concatenate(labels)


def linear_regression(inputs: Array, labels: Array) -> Predict:
    """Least squares on the input channels, with a constant."""
    design = np.concatenate([inputs, np.ones((len(inputs), 1), np.float32)], 1).astype(np.float64)
    coefficients = np.linalg.lstsq(design, labels.astype(np.float64), rcond=None)[0]
    slope, constant = coefficients[:-1].astype(np.float32), np.float32(coefficients[-1])
    return lambda x: np.asarray(np.einsum("nchw,c->nhw", x, slope) + constant, np.float32)


def pixel_network(inputs: Array, labels: Array, seed: int, steps: int, width: int = 64) -> Predict:
    """A perceptron with two hidden layers that sees one pixel, without the neighbourhood that the U-Net adds."""
    torch.manual_seed(seed)
    channels = inputs.shape[1]
    network = nn.Sequential(nn.Conv2d(channels, width, 1), nn.ReLU(), nn.Conv2d(width, width, 1), nn.ReLU(),
                            nn.Conv2d(width, 1, 1), nn.Sigmoid())
    optimiser = torch.optim.Adam(network.parameters(), lr=3e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    rng = np.random.default_rng(seed)
    for _ in range(steps):
        index = rng.integers(len(inputs), size=4096)
        x = torch.from_numpy(inputs[index])[:, :, None, None]
        optimiser.zero_grad()
        (network(x)[:, 0, 0, 0] - torch.from_numpy(labels[index])).square().mean().backward()
        optimiser.step()
        schedule.step()

    def predict(x: Array) -> Array:
        with torch.inference_mode():
            return np.asarray(network(torch.from_numpy(x))[:, 0].numpy())

    return predict


def fitted(maker: PatchMaker, seed: int, steps: int) -> dict[str, Predict]:
    """The two baselines that are fitted on the training days."""
    inputs, labels = pixels(maker, seed)
    return {"linear regression": linear_regression(inputs, labels),
            "per-pixel network": pixel_network(inputs, labels, seed, steps)}


