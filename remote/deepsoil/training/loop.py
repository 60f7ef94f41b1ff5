"""The training loop: plain PyTorch, every step is a function of (seed, step), so that an interruption does not change
the result.

With several processes (``distributed``) a step is a function of (seed, step, rank), and only the first process writes.
"""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from deepsoil.contract.errors import DeepSoilError
from deepsoil.networks.moisture_network import MoistureNetwork, UNet
from deepsoil.networks.registry import find_network
from deepsoil.training.batches import Labelled, Source, tensors
from deepsoil.training.configuration import Configuration, Schedule
from deepsoil.training.distributed import ALONE, World
from deepsoil.training.initial_weights import warm_start
from deepsoil.training.losses import composite, data_weight
from deepsoil.training.run_folder import RunFolder

TRAINING, MONTHS = 10, 17  # first words of the random keys; see also train.VALIDATION

OnEpoch = Callable[[int, int, dict[str, float]], None]


def make_network(configuration: Configuration) -> MoistureNetwork:
    """The network of a configuration with weights drawn from its seed."""
    torch.manual_seed(configuration.seed)
    choice = configuration.network
    return find_network(choice.kind).load().create(configuration.channels, width=choice.width,
                                                   bounding=choice.bounding, dropout=choice.dropout)


def learning_rate(step: int, schedule: Schedule) -> float:
    """Linear warm-up, then a cosine down to 1 % of the peak, or the steps of ``rate_decay`` (paper §4.1)."""
    warm = max(1, round(schedule.warm_up * schedule.steps))
    if step < warm:
        return schedule.learning_rate * (step + 1) / warm
    if schedule.rate_decay is not None:
        return schedule.learning_rate * schedule.rate_decay.share(step // schedule.steps_per_epoch)
    progress = (step - warm) / max(1, schedule.steps - warm)
    return schedule.learning_rate * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * progress)))


def _keep_depths(network: UNet) -> None:
    """Train only the blocks at full resolution, and in them only the weights for input at full resolution."""
    for parameter in network.parameters():
        parameter.requires_grad_(False)
    for module in (network.encoder1, network.decoder1, network.head):
        module.requires_grad_(True)
    first = network.decoder1[0].weight
    shown = torch.ones_like(first)
    shown[:, :network.up1.out_channels] = 0.0  # channels from the lower level come first, see the forward pass
    first.register_hook(lambda gradient: gradient * shown.to(gradient.device))


def predict(network: nn.Module, x: NDArray[np.float32], device: torch.device, batch: int = 64) -> NDArray[np.float32]:
    """theta (N, P, P) in evaluation mode."""
    network.eval()
    parts = []
    with torch.inference_mode():
        for start in range(0, len(x), batch):
            part = torch.from_numpy(x[start:start + batch]).to(device, memory_format=torch.channels_last)
            parts.append(network(part)[:, 0].cpu().numpy())
    return np.concatenate(parts)


@contextmanager
def _denormals_as_zero() -> Iterator[None]:
    """Denormal numbers in vanishing weights would make every step several times slower.

    It holds for the whole process, so it ends with the training: SciPy's k-d tree crashes on equal points in this mode.
    """
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(False)


@dataclass
class Trainer:
    """Trains one network in one run folder, continuing from the checkpoint.

    The weights with the lowest error on ``held_out`` are kept, or the last, as ``schedule.keep`` says. ``months`` draws
    the batches of the monthly phase, if the schedule has one; only weights of daily epochs are kept.
    """

    configuration: Configuration
    folder: RunFolder
    training: Source
    held_out: Sequence[Labelled]
    device: torch.device
    on_epoch: OnEpoch | None = None
    on_start: Callable[[int, int, float], None] | None = None
    cancelled: Callable[[], bool] = lambda: False
    world: World = ALONE
    months: Source | None = None

    def __post_init__(self) -> None:
        schedule = self.configuration.schedule
        self.network = make_network(self.configuration).to(self.device, memory_format=torch.channels_last)
        if schedule.trained == "full_resolution":
            _keep_depths(self.network)
        self.learning = [parameter for parameter in self.network.parameters() if parameter.requires_grad]
        self.optimiser = self._fresh_optimiser()
        self.averaged = copy.deepcopy(self.network)
        self.epoch, self.best = 0, math.inf
        state = self.folder.load("checkpoint.pt")
        self.started = state is not None or (self.configuration.warm_start is None and self._given() is None)
        if state is not None:
            self.network.load_state_dict(state["network"])
            self.averaged.load_state_dict(state["averaged"])
            self.optimiser.load_state_dict(state["optimiser"])
            self.epoch, self.best = state["epoch"], state["best"]
            if self.world.leads:
                self.folder.keep_curves(self.epoch)

    def _fresh_optimiser(self) -> torch.optim.Optimizer:
        schedule = self.configuration.schedule
        return torch.optim.AdamW(self.learning, lr=schedule.learning_rate, weight_decay=schedule.weight_decay,
                                 fused=True)

    def _begin_days(self) -> None:
        """The daily phase starts from the averaged weights of the monthly one, with a fresh optimiser."""
        self.network.load_state_dict(self.averaged.state_dict())
        self.world.same_network(self.network)
        self.averaged.load_state_dict(self.network.state_dict())
        self.optimiser = self._fresh_optimiser()

    def _keep_best(self, epoch: int, error: float) -> None:
        if error < self.best or self.configuration.schedule.keep == "last":
            self.best = error
            self.folder.save("best.pt", {"network": self.averaged.state_dict(), "epoch": epoch, "best": error})

    def _given(self) -> Path | None:
        """The run folder with the initial weights."""
        supervision = self.configuration.supervision
        return Path(supervision.start) if supervision and supervision.start else None

    def _start(self) -> None:
        """Weights before the first epoch, the same for all processes."""
        if self.world.leads:
            self._make_start()
        self.started = self.world.tell(self.started)
        if self.started:
            self.world.same_network(self.network)
            self.averaged.load_state_dict(self.network.state_dict())

    def _make_start(self) -> None:
        """Initial weights as given, or from the per-pixel path, trained once. They may turn out to be the best."""
        given = self._given()
        start = RunFolder(given).load("best.pt") if given else self.folder.load("start.pt")
        begun = time.monotonic()
        if start is not None:
            self.network.load_state_dict(start["network"])
        elif given:
            raise DeepSoilError("start_missing", "{given} holds no trained network to start from.",
                                "Train that configuration first.", "supervision.start",
                                given=given)
        elif warm_start(self.network, self.training, self.configuration, self.device, self._start_step):
            self.folder.save("start.pt", {"network": self.network.state_dict(), "seconds": time.monotonic() - begun})
        else:
            return
        self.started = True
        self.averaged.load_state_dict(self.network.state_dict())
        if self.configuration.schedule.keep_start:
            self._keep_best(-1, validation_errors(self.averaged, self.held_out, self.device)["validation_mae"])

    @torch.no_grad()
    def _average(self, decay: float) -> None:
        """Move the averaged weights towards the current ones; averaging removes the noise of single steps."""
        present = self.network.state_dict()
        for name, value in self.averaged.state_dict().items():
            if value.is_floating_point():
                value.lerp_(present[name], 1 - decay)
            else:
                value.copy_(present[name])

    def best_epoch(self) -> int:
        """The epoch whose weights are kept, counted from 0; -1 for the weights before the first."""
        best = self.folder.load("best.pt")
        return int(best["epoch"]) if best else -1

    def seconds(self) -> float:
        """Total time spent on training so far."""
        start = self.folder.load("start.pt")
        return sum(row["seconds"] for row in self.folder.curves()) + (start["seconds"] if start else 0.0)

    def _start_step(self, done: int, total: int, loss: float) -> bool:
        if self.on_start:
            self.on_start(done, total, loss)
        return not self.cancelled()

    @_denormals_as_zero()
    def run(self, until_epoch: int | None = None) -> nn.Module:
        """Train to the end (or to ``until_epoch``); the network with the best validation error.

        A warm start comes before the first epoch. Stops between epochs if ``cancelled`` returns True; the
        checkpoint then holds everything.
        """
        schedule = self.configuration.schedule
        if not self.started:
            self._start()
        if not self.started:
            return self.averaged
        for epoch in range(self.epoch, min(schedule.all_epochs, until_epoch or schedule.all_epochs)):
            if self.world.any(self.cancelled()):
                break
            start = time.monotonic()
            if schedule.monthly and epoch == schedule.monthly_epochs:
                self._begin_days()
            row = self._train_epoch(epoch)
            self.epoch = epoch + 1
            if self.world.leads:
                row |= validation_errors(self.averaged, self.held_out, self.device)
                row["seconds"] = time.monotonic() - start
                self._write_epoch(epoch, row)
        best = self.folder.load("best.pt") if self.world.leads else None
        if best is not None:
            self.averaged.load_state_dict(best["network"])
        return self.averaged

    def _write_epoch(self, epoch: int, row: dict[str, float]) -> None:
        """Write the best weights so far, the curves, and last the checkpoint, which makes the epoch count."""
        if epoch >= self.configuration.schedule.monthly_epochs:
            self._keep_best(epoch, row["validation_mae"])
        self.folder.append_curve(row)
        self.folder.save("checkpoint.pt", {
            "network": self.network.state_dict(), "averaged": self.averaged.state_dict(),
            "optimiser": self.optimiser.state_dict(), "epoch": self.epoch, "best": self.best})
        if self.on_epoch:
            self.on_epoch(self.epoch, self.configuration.schedule.all_epochs, row)

    def _train_epoch(self, epoch: int) -> dict[str, float]:
        """Mean of each loss term over the epoch, for this process's part, with the settings that were used."""
        (schedule, number), choice = self.configuration.schedule.phase(epoch), self.configuration.loss
        monthly = epoch < self.configuration.schedule.monthly_epochs
        source, word = (self.months, MONTHS) if monthly and self.months else (self.training, TRAINING)
        weight_of_data = data_weight(number, schedule.epochs, choice)
        sums: dict[str, float] = {}
        seed, world = self.configuration.seed, self.world
        world.same_statistics(self.network)
        self.network.train()
        if number >= schedule.frozen_statistics * schedule.epochs:
            # a batch contains little variety of weather: its own mean would add noise to the level of moisture
            for module in self.network.modules():
                if isinstance(module, nn.BatchNorm2d):
                    module.eval()
        for step in range(number * schedule.steps_per_epoch, (number + 1) * schedule.steps_per_epoch):
            stage = schedule.stage(step)
            torch.manual_seed((seed * 1_000_003 + step) * world.size + world.rank)  # for dropout
            patches = source.draw(world.key(seed, word, step), world.share(stage.batch), stage.patch)
            shown = tensors(patches, self.device)
            rate = learning_rate(step, schedule)
            for group in self.optimiser.param_groups:
                group["lr"] = rate
            self.optimiser.zero_grad(set_to_none=True)
            terms = composite(self.network(shown.x), shown.theta, shown.mask, shown.soil, weight_of_data, choice,
                              shown.weight, shown.suction_theta)
            terms["total"].backward()
            world.average(self.learning)
            nn.utils.clip_grad_norm_(self.network.parameters(), schedule.clip_norm)
            self.optimiser.step()
            self._average(schedule.averaging)
            for name, term in terms.items():
                sums[name] = sums.get(name, 0.0) + float(term.detach())
        means = {name: total / schedule.steps_per_epoch for name, total in sums.items()}
        settings = {"epoch": epoch, "learning_rate": rate, "data_weight": weight_of_data, "patch": stage.patch}
        return settings | ({"monthly": 1} if monthly else {}) | means


def validation_errors(network: nn.Module, held_out: Sequence[Labelled], device: torch.device) -> dict[str, float]:
    """MAE and RMSE in m3/m3 over all labelled pixels of the held-out patches."""
    error = np.concatenate([(predict(network, p.x, device) - p.theta)[np.isfinite(p.theta)] for p in held_out])
    return {"validation_mae": float(np.abs(error).mean()), "validation_rmse": float(np.sqrt(np.square(error).mean()))}
