"""One training in several processes (``torchrun``): the rank of this one, and communication between the processes.

The gradients of all processes are averaged in one flat tensor after every backward pass, always in the same
order: so an interrupted training adds the same numbers in the same order as an uninterrupted one.
(torch's DistributedDataParallel rearranges its buckets during training and would not.) Uses
gloo on CPUs, NCCL on GPUs.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import torch
import torch.distributed as dist
from torch import Tensor, nn

from deepsoil.contract.errors import DeepSoilError

_Value = TypeVar("_Value")

# While the first process simulates columns or trains a warm start, the others wait.
_TIMEOUT = dt.timedelta(hours=24)


@dataclass(frozen=True)
class World:
    """``size`` processes that train one network; this one is number ``rank``. With one process all functions are
    trivial.

    Process 0 is the leader: only it writes files and prints.
    """

    rank: int = 0
    size: int = 1

    @property
    def leads(self) -> bool:
        return self.rank == 0

    @property
    def alone(self) -> bool:
        return self.size == 1

    def device(self) -> torch.device:
        """The GPU of this process, else the CPU."""
        if not torch.cuda.is_available():
            return torch.device("cpu")
        return torch.device("cuda") if self.alone else torch.device("cuda", _local_rank() % torch.cuda.device_count())

    def key(self, *words: int) -> tuple[int, ...]:
        """The random key of this process's part of a step that all processes do."""
        return words if self.alone else (*words, self.rank)

    def share(self, batch: int) -> int:
        """How many of a batch's patches this process draws; at least one."""
        return max(1, (batch + self.size - 1 - self.rank) // self.size)

    def any(self, flag: bool) -> bool:
        """Whether the flag is true in any process: the same answer for all."""
        if self.alone:
            return flag
        raised = torch.tensor([int(flag)])
        with _peer_lost_raised():
            dist.all_reduce(raised, dist.ReduceOp.MAX)
        return bool(raised.item())

    def tell(self, value: _Value) -> _Value:
        """The leader's value, in all processes."""
        if self.alone:
            return value
        shared: list[Any] = [value if self.leads else None]
        with _peer_lost_raised():
            dist.broadcast_object_list(shared, 0, device=torch.device("cpu"))
        return shared[0]

    def leader_first(self, act: Callable[[], _Value]) -> _Value:
        """Call ``act()`` in the leader, and after that in the others, which then find its files."""
        if self.leads:
            result = act()
            self.tell(None)
            return result
        self.tell(None)
        return act()

    def average(self, parameters: Sequence[nn.Parameter]) -> None:
        """Replace the gradients by their mean over all processes."""
        if self.alone:
            return
        gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
        flat = torch.cat([gradient.reshape(-1) for gradient in gradients])
        with _peer_lost_raised():
            dist.all_reduce(flat)
        flat /= self.size
        for gradient, mean in zip(gradients, flat.split([gradient.numel() for gradient in gradients]), strict=True):
            gradient.copy_(mean.view_as(gradient))

    def same_statistics(self, network: nn.Module) -> None:
        """Give all processes the leader's running statistics; their weights are the same already."""
        self._spread(network.buffers())

    def same_network(self, network: nn.Module) -> None:
        """Give all processes the leader's weights and statistics."""
        self._spread([*network.parameters(), *network.buffers()])

    @torch.no_grad()
    def _spread(self, tensors: Iterable[Tensor]) -> None:
        if not self.alone:
            with _peer_lost_raised():
                for tensor in tensors:
                    whole = tensor.detach().contiguous()
                    dist.broadcast(whole, 0)
                    tensor.copy_(whole)


ALONE = World()


def started_by_torchrun() -> bool:
    """Whether this process is one of several, as torchrun says in the environment."""
    return "RANK" in os.environ and int(os.environ.get("WORLD_SIZE", "1")) > 1


def use_threads(count: int) -> None:
    """Compute with at most ``count`` threads in this process."""
    torch.set_num_threads(count)


def world() -> World:
    """The joined processes, or this one alone."""
    return World(dist.get_rank(), dist.get_world_size()) if dist.is_available() and dist.is_initialized() else ALONE


@contextmanager
def joined() -> Iterator[World]:
    """Join the other processes for the block. DeepSoilError ``peer_lost`` if one of them is gone."""
    backend = "cpu:gloo,cuda:nccl" if torch.cuda.is_available() else "gloo"
    if torch.cuda.is_available():
        torch.cuda.set_device(_local_rank() % torch.cuda.device_count())
    with _peer_lost_raised():
        dist.init_process_group(backend, timeout=_TIMEOUT)
    try:
        yield world()
    finally:
        dist.destroy_process_group()


def _local_rank() -> int:
    return int(os.environ.get("LOCAL_RANK", "0"))


@contextmanager
def _peer_lost_raised() -> Iterator[None]:
    """Turn the error of torch when another process no longer answers into ``peer_lost``."""
    try:
        yield
    except RuntimeError as error:
        if isinstance(error, torch.cuda.OutOfMemoryError):
            raise
        said = str(error).strip().splitlines() or ["no answer"]
        raise DeepSoilError("peer_lost", "Another process of this training has ended: {said}.",
                            "The reason is in its output. The training can be continued.",
                            said=said[0][:200]) from error

