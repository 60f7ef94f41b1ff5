"""The schedule of a training configuration: epochs, learning rate, patches, and the monthly phase before the daily one.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from deepsoil.training.configuration_columns import Strict


class Stage(Strict):
    """A part of the training with one patch size in pixels and one batch size."""

    share: float = Field(gt=0, le=1)
    patch: int = Field(gt=0)
    batch: int = Field(gt=0)


class StepDecay(Strict):
    """A quantity that falls by ``factor`` every ``epochs`` epochs; the paper's defaults (§4.1)."""

    factor: float = Field(default=0.8, gt=0, lt=1)
    epochs: int = Field(default=100, ge=1)

    def share(self, epoch: int) -> float:
        """What is left in an epoch counted from 0, as a share of the beginning."""
        return float(self.factor ** (epoch // self.epochs))


class Monthly(Strict):
    """Epochs on monthly means before the daily ones, which start from their averaged weights with a fresh optimiser
    (paper §3.2). A batch then shows means over the valid days of a month, ``least_days`` of them at least."""

    epochs: int = Field(gt=0)
    steps_per_epoch: int | None = Field(default=None, gt=0)
    """None: as in the daily epochs."""
    learning_rate: float | None = Field(default=None, gt=0)
    """Its peak; None: as in the daily epochs."""
    least_days: int = Field(default=5, ge=1, le=28)


class Schedule(Strict):
    epochs: int = Field(gt=0)
    steps_per_epoch: int = Field(gt=0)
    learning_rate: float = Field(gt=0)
    weight_decay: float = Field(default=1e-4, ge=0)
    warm_up: float = Field(default=0.1, gt=0, lt=1)
    rate_decay: StepDecay | None = None
    """Steps in which the learning rate falls; None: a cosine."""
    clip_norm: float = Field(default=1.0, gt=0)
    averaging: float = Field(default=0.99, ge=0, lt=1)
    """Decay per step of the running average of the weights, which is validated and kept; 0 for none."""
    keep: Literal["best", "last"] = "best"
    """Which weights: those with the lowest error on the validation part, or the last."""
    keep_start: bool = True
    """Whether the weights of a warm start may be kept if no epoch improves on them on the validation dates."""
    trained: Literal["all", "full_resolution"] = "all"
    """``full_resolution``: the blocks below keep their weights. For patches too small for the deeper blocks."""
    frozen_statistics: float = Field(default=0.5, ge=0, le=1)
    """Share of the training after which batch normalisation keeps its statistics."""
    monthly: Monthly | None = None
    """A phase of monthly means that comes first; ``epochs`` are those of the daily phase."""
    stages: list[Stage] = Field(min_length=1)

    @model_validator(mode="after")
    def _shares(self) -> Schedule:
        if abs(sum(stage.share for stage in self.stages) - 1.0) > 1e-6:
            raise ValueError("the shares of the stages must sum to 1")
        return self

    @property
    def monthly_epochs(self) -> int:
        """Epochs of monthly means; they come first."""
        return self.monthly.epochs if self.monthly else 0

    @property
    def all_epochs(self) -> int:
        return self.monthly_epochs + self.epochs

    def phase(self, epoch: int) -> tuple[Schedule, int]:
        """The schedule of the phase of an epoch, counted over both, and the number of the epoch within the phase."""
        if self.monthly is None or epoch >= self.monthly.epochs:
            return self.model_copy(update={"monthly": None}), epoch - self.monthly_epochs
        return self.model_copy(update={
            "monthly": None, "epochs": self.monthly.epochs,
            "steps_per_epoch": self.monthly.steps_per_epoch or self.steps_per_epoch,
            "learning_rate": self.monthly.learning_rate or self.learning_rate}), epoch

    @property
    def steps(self) -> int:
        return self.epochs * self.steps_per_epoch

    def stage(self, step: int) -> Stage:
        """The stage of a step counted from 0."""
        end = 0.0
        for stage in self.stages:
            end += stage.share * self.steps
            if step < round(end):
                return stage
        return self.stages[-1]
