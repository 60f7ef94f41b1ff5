"""``refresh``: what one new day costs over the network."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path

from deepsoil.bench.gather_ground import ground, missing, skipped
from deepsoil.bench.measure import Row, row

AIM_MB = 1.0
_TODAY = date(2023, 12, 20)


def run() -> list[Row]:
    """A gathered field, brought up to the next day."""
    if reason := missing():
        return skipped("refresh", reason)
    with tempfile.TemporaryDirectory() as folder, ground(Path(folder)) as made:
        context = made.new_home()
        whole = made.gather(context, _TODAY)
        fresh = made.refresh(context, _TODAY + timedelta(days=1))
    megabytes = sum(fresh.bytes.values()) / 1e6
    return [row("refresh: one new day", megabytes, "MB", reference="the field itself",
                reference_value=sum(whole.bytes.values()) / 1e6, aim=f"<= {AIM_MB:g} MB", holds=megabytes <= AIM_MB),
            row("refresh: requests", sum(fresh.requests.values()), "", reference="the field itself",
                reference_value=sum(whole.requests.values()))]
