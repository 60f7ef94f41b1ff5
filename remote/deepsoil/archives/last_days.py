"""The pieces of an archive that is asked for the last weeks only, in periods of some days. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from deepsoil.archives import periods
from deepsoil.archives.archive import Ask, Piece
from deepsoil.contract.errors import DeepSoilError


@dataclass(frozen=True)
class LastDays:
    """``days`` before the last one are asked for, or a few more, so that the first period is whole.

    first      day of the archive
    late_days  until a day is published
    of_a_piece days that one piece has at most
    day_bytes  expected of a day
    """

    first: date
    days: int
    late_days: int
    of_a_piece: int
    day_bytes: int

    def pieces(self, ask: Ask, name: str, title: str, address: str) -> Iterator[Piece]:
        """Of the archive ``name`` with a ``title``, which are asked at an address. Raises ``archive_no_days``."""
        end = min(ask.end, ask.today - timedelta(days=self.late_days))
        start = max(ask.start, self.first, periods.first_day(end - timedelta(days=self.days - 1), self.of_a_piece))
        if end < start:
            raise DeepSoilError("archive_no_days", "{archive} has nothing of these days; it begins on {first} and is "
                                "{late} days late.", "Do without it.", archive=title, first=self.first,
                                late=self.late_days)
        for begins, ends in periods.periods(start, end, self.of_a_piece):
            first, last = max(begins, start), min(ends, end)
            yield Piece(name, f"{name}/{periods.label(begins)}.json", address,
                        self.day_bytes * ((last - first).days + 1),
                        {"bounds": list(ask.bounds), "start": first.isoformat(), "end": last.isoformat()})
