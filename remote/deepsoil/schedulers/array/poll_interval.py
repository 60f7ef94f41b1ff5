"""How often the scheduler is asked: soon after a change, less and less often while nothing changes. Pure."""

from __future__ import annotations

from deepsoil.schedulers.array.timeouts import Timeouts

_FACTOR = 1.5


class PollInterval:
    """``seconds`` until the next look."""

    def __init__(self, timeouts: Timeouts) -> None:
        self._timeouts = timeouts
        self.seconds = timeouts.shortest_poll

    def update(self, changed: bool) -> None:
        """After a look: whether anything was new."""
        self.seconds = (self._timeouts.shortest_poll if changed
                        else min(self.seconds * _FACTOR, self._timeouts.longest_poll))
