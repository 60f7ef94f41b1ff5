"""How often Slurm is asked: soon after a change, ever more seldom while nothing changes. Pure."""

from __future__ import annotations

from deepsoil.schedulers.slurm.timeouts import Times

_SLOWER = 1.5


class Rhythm:
    """``pause_s``: seconds until the next look."""

    def __init__(self, times: Times) -> None:
        self._times = times
        self.pause_s = times.first_look

    def note(self, changed: bool) -> None:
        """After a look: whether anything was new."""
        self.pause_s = self._times.first_look if changed else min(self.pause_s * _SLOWER, self._times.longest_look)
