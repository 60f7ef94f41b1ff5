"""The status of the connection to a host, and when to reconnect. Pure: no network, no clock."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.host import ConnectionState as State
from deepsoil.contract.methods import METHODS
from deepsoil.contract.text import error_fields

# After these DeepSoil reconnects automatically; all others wait for the user.
OF_THE_NETWORK = frozenset({"host_unreachable", "connection_lost", "channel_refused"})


@dataclass(frozen=True)
class ConnectionStatus:
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
        """Whether the host's engine answers."""
        return self.state in ("ready", "other_engine")

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), **error_fields(self.message, self.hint), "message": str(self.message),
                "hint": str(self.hint)}


@dataclass(frozen=True)
class Timing:
    """All in seconds.

    ``step``: one step of the login; ``hello``, ``listing``: the first answers of an engine; ``alive_every``: after this
    much silence the engine is asked for a reply, which must come ``alive_within``; ``steady``: after a connection that
    lasted this long the delays restart at the shortest; ``look``: the longest pause of the thread; ``jump``: a
    difference of the two clocks which means that the computer slept.
    """

    step: float = 15.0
    hello: float = METHODS["hello"].timeout_s
    listing: float = METHODS["list"].timeout_s
    alive_every: float = 15.0
    alive_within: float = 20.0
    alive_after_sleep: float = 5.0
    first_delay: float = 1.0
    longest_delay: float = 60.0
    steady: float = 30.0
    look: float = 1.0
    jump: float = 20.0


def delay_s(failures: int, timing: Timing, chance: float) -> float:
    """How long to wait after consecutive failures, in seconds: doubled each time, varied by up to a fifth with
    ``chance`` (0-1), so that many clients do not return at the same moment."""
    doubled = timing.first_delay * 2 ** min(max(0, failures - 1), 30)
    return min(timing.longest_delay, doubled) * (0.8 + 0.4 * chance)


def unreachable(title: str, status: ConnectionStatus) -> DeepSoilError:
    """``host_unreachable``, with the reason from the connection status."""
    if status.state == "asking":
        return DeepSoilError("host_unreachable", "{title} waits for your answer to a question of its login.",
                             "Answer the question, then try again.", "host",
                             title=title)
    if status.state == "connecting":
        return DeepSoilError("host_unreachable", "DeepSoil is still connecting to {title}.",
                             "Try again in a moment.", "host",
                             title=title)
    reason = f": {status.message}" if status.message else "."
    advice = status.hint or "DeepSoil reconnects automatically. Your jobs there continue."
    return DeepSoilError("host_unreachable", "{title} cannot be reached now{reason}", "{advice}", "host",
                         title=title, reason=reason, advice=advice)
