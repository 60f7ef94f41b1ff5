"""``gather``: a field from all archives, compared with plain downloads of the same bytes.

The servers are local, and each answer takes 50 ms more, as on the internet.
"""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

from deepsoil.bench.gather_ground import ground, missing, skipped
from deepsoil.bench.measure import Row, compared, interleaved, row

AIM = 1.2
_ROUNDS = 2
_TODAY = date(2023, 12, 20)


def run() -> list[Row]:
    """Every request of a gathering, then the same requests one after another by ``requests`` alone."""
    if reason := missing():
        return skipped("gather", reason)
    with tempfile.TemporaryDirectory() as folder, ground(Path(folder)) as made:
        traffic = made.gather(made.new_home(), _TODAY)
        asked = list(made.sent)
        seconds = interleaved({"ours": lambda: made.gather(made.new_home(), _TODAY),
                               "plain": lambda: made.plain(asked)}, _ROUNDS)
    bytes_, requests_ = sum(traffic.bytes.values()), sum(traffic.requests.values())
    return [compared("gather a field, 16 months", seconds, "ours", "plain", "plain downloads of the same bytes", AIM),
            row("gather a field: requests", requests_, ""), row("gather a field: bytes", bytes_ / 1e6, "MB")]
