"""How alike two maps are as images: PSNR and SSIM (the paper's Fig. 5), over pixels that both have.

Both take the whole range of θ, 0 to 1 m³/m³, as peak: with it the paper's 34.48 dB are an RMSE of 0.0189.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

Map = NDArray[np.floating]

PEAK = 1.0  # m3/m3
_SIGMA, _RADIUS = 1.5, 5  # pixels: the window of 11 x 11 of Wang et al. (2004)
_K1, _K2 = 0.01, 0.03


def psnr(predicted: Map, reference: Map) -> float:
    """Peak signal-to-noise ratio in dB; infinite for equal maps, NaN without a common pixel."""
    error = (np.asarray(predicted, np.float64) - reference)[np.isfinite(predicted) & np.isfinite(reference)]
    if not error.size:
        return math.nan
    mean_square = float(np.square(error).mean())
    return math.inf if mean_square == 0 else 10 * math.log10(PEAK**2 / mean_square)


def ssim(predicted: Map, reference: Map) -> float:
    """Mean structural similarity (Wang et al. 2004) of maps (H, W): Gaussian windows of 11 × 11 pixels, σ 1.5, of which
    those count that lie inside and whose pixels both maps have; NaN without such a window."""
    known = np.isfinite(predicted) & np.isfinite(reference)
    x, y = (np.where(known, values, 0.0).astype(np.float64) for values in (predicted, reference))
    whole = np.zeros(known.shape, bool)
    side = 2 * _RADIUS + 1
    if min(known.shape) >= side:
        windows = np.lib.stride_tricks.sliding_window_view(known, (side, side))
        whole[_RADIUS:-_RADIUS, _RADIUS:-_RADIUS] = windows.all(axis=(2, 3))
    if not whole.any():
        return math.nan

    def smooth(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(gaussian_filter(values, _SIGMA, radius=_RADIUS)[whole])

    mean_x, mean_y = smooth(x), smooth(y)
    variance_x, variance_y = smooth(x * x) - mean_x**2, smooth(y * y) - mean_y**2
    covariance = smooth(x * y) - mean_x * mean_y
    small_1, small_2 = (_K1 * PEAK) ** 2, (_K2 * PEAK) ** 2
    of_means = (2 * mean_x * mean_y + small_1) / (mean_x**2 + mean_y**2 + small_1)
    of_structure = (2 * covariance + small_2) / (variance_x + variance_y + small_2)
    return float((of_means * of_structure).mean())
