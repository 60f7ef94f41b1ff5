"""How often the scheduler is asked: often after a change, less often while nothing changes. Pure."""

from __future__ import annotations

from deepsoil.schedulers.array.timeouts import Timeouts

_FACTOR = 1.5


class PollInterval:
    """``seconds`` until the next look."""

    def __init__(self, timeouts: Timeouts) -> None:
        self._timeouts = timeouts
        self.seconds = timeouts.shortest_poll

    def update(self, changed: bool) -> None:
        """Update after a poll that did or did not find a change."""
        self.seconds = (self._timeouts.shortest_poll if changed
                        else min(self.seconds * _FACTOR, self._timeouts.longest_poll))
