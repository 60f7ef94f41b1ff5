"""How the connection to a host stands, and when it is tried again. Pure: no network, no clock of its own."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from deepsoil.contract.errors import DeepSoilError

State = Literal["off", "connecting", "asking", "ready", "waiting", "refused", "no_engine", "other_engine"]

# Worth trying again without being asked; everything else waits for the user.
OF_THE_NETWORK = frozenset({"host_unreachable", "connection_lost", "channel_refused"})


@dataclass(frozen=True)
class Standing:
    """The ``connection`` of a host in the contract."""

    state: State
    message: str = ""
    hint: str = ""
    code: str | None = None
    since: str | None = None
    next_try_s: float | None = None
    engine: str | None = None

    @property
    def open(self) -> bool:
        """Whether the engine there answers."""
        return self.state in ("ready", "other_engine")

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Timing:
    """Seconds. ``steady``: a connection that lasted so long was a good one, the next break is tried again at once."""

    step: float = 15.0
    hello: float = 45.0
    listing: float = 120.0
    alive_every: float = 15.0
    alive_within: float = 20.0
    alive_after_sleep: float = 5.0
    first_delay: float = 1.0
    longest_delay: float = 60.0
    steady: float = 30.0
    look: float = 1.0
    jump: float = 20.0


def delay_s(failures: int, timing: Timing, chance: float) -> float:
    """How long to wait after so many failures in a row: doubled each time, a fifth more or less by ``chance`` (0-1),
    so that many clients do not come back in the same moment."""
    whole = timing.first_delay * 2 ** min(max(0, failures - 1), 30)
    return min(timing.longest_delay, whole) * (0.8 + 0.4 * chance)


def unreachable(title: str, standing: Standing) -> DeepSoilError:
    """``host_unreachable`` in the words of how it stands."""
    if standing.state == "asking":
        return DeepSoilError("host_unreachable", "{title} waits for your answer before it can be entered.",
                             "Answer the question, then try again.", "host",
                             title=title)
    if standing.state == "connecting":
        return DeepSoilError("host_unreachable", "{title} is just being entered.", "Try again in a moment.", "host",
                             title=title)
    why = f": {standing.message}" if standing.message else "."
    hint = standing.hint or "It is tried again by itself; your jobs there go on."
    return DeepSoilError("host_unreachable", "{title} cannot be reached now{why}", "{hint_text}", "host",
                         title=title, why=why, hint_text=hint)
