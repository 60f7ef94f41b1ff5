"""PSNR and SSIM against their definitions, window by window, and what missing pixels do."""

from __future__ import annotations

import math

import numpy as np
import pytest
from deepsoil.evaluation.image_metrics import psnr, ssim

RNG = np.random.default_rng(5)
TRUTH = 0.25 + 0.1 * np.sin(np.arange(40) / 4)[:, None] + 0.02 * RNG.standard_normal((40, 30))
NEAR = TRUTH + 0.03 * RNG.standard_normal(TRUTH.shape)


def own_ssim(x: np.ndarray, y: np.ndarray, skipped: np.ndarray) -> float:
    """By the formula of Wang et al. (2004), one window after the other."""
    axis = np.exp(-0.5 * (np.arange(-5, 6) / 1.5) ** 2)
    weight = np.outer(axis, axis) / axis.sum() ** 2
    found = []
    for row in range(5, x.shape[0] - 5):
        for column in range(5, x.shape[1] - 5):
            part = np.s_[row - 5:row + 6, column - 5:column + 6]
            if skipped[part].any():
                continue
            a, b = x[part], y[part]
            mean_a, mean_b = (weight * a).sum(), (weight * b).sum()
            var_a, var_b = (weight * (a - mean_a) ** 2).sum(), (weight * (b - mean_b) ** 2).sum()
            both = (weight * (a - mean_a) * (b - mean_b)).sum()
            found.append((2 * mean_a * mean_b + 1e-4) * (2 * both + 9e-4)
                         / ((mean_a**2 + mean_b**2 + 1e-4) * (var_a + var_b + 9e-4)))
    return float(np.mean(found))


def test_the_paper_s_psnr_is_that_of_its_rmse() -> None:
    signs = np.where(RNG.random(TRUTH.shape) < 0.5, 1, -1)
    assert psnr(TRUTH + 0.0189 * signs, TRUTH) == pytest.approx(34.47, abs=0.01)
    assert psnr(TRUTH, TRUTH) == math.inf


def test_ssim_is_the_mean_over_windows_and_missing_pixels_take_theirs_away() -> None:
    nothing = np.zeros(TRUTH.shape, bool)
    assert ssim(TRUTH, TRUTH) == pytest.approx(1)
    assert ssim(NEAR, TRUTH) == pytest.approx(own_ssim(NEAR, TRUTH, nothing), abs=1e-10)
    holes = nothing.copy()
    holes[12, 9] = True
    shown = np.where(holes, np.nan, NEAR)
    assert ssim(shown, TRUTH) == pytest.approx(own_ssim(NEAR, TRUTH, holes), abs=1e-10)
    assert psnr(shown, TRUTH) == pytest.approx(psnr(NEAR[~holes], TRUTH[~holes]))
    blurred = TRUTH.mean() + 0.3 * (TRUTH - TRUTH.mean())
    assert ssim(blurred, TRUTH) < ssim(NEAR * 0 + TRUTH, TRUTH)


def test_maps_without_a_common_window_have_no_score() -> None:
    gone = np.full(TRUTH.shape, np.nan)
    assert math.isnan(psnr(gone, TRUTH)) and math.isnan(ssim(gone, TRUTH))
    assert math.isnan(ssim(TRUTH[:10], TRUTH[:10]))
