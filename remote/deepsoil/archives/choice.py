"""Which archive serves a need: the preferred one that is on, has the place and the days; the others stand by. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from deepsoil.archives.archive import Archive, Ask, Piece
from deepsoil.archives.needs import TOGETHER, is_required
from deepsoil.contract.errors import DeepSoilError


@dataclass(frozen=True)
class Wishes:
    """What the user decided about archives, each a set of names of archives or (``accounts``) kinds of account.

    off       not to be asked
    agreed    whose terms are agreed to
    accounts  whose secret is there
    """

    off: frozenset[str] = frozenset()
    agreed: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()

    def problem(self, archive: Archive) -> DeepSoilError | None:
        """Why an archive must not be asked, or None."""
        if archive.name in self.off:
            return DeepSoilError("archive_off", "{title} is switched off.", "Switch it on to use it.", "options.off",
                                 title=archive.title)
        if archive.terms is not None and archive.name not in self.agreed:
            return DeepSoilError("archive_terms", "{title} is used only by those who agree to its terms.",
                                 "Read the terms and agree to them, or do without.", "options.agreed",
                                 title=archive.title)
        if archive.account is not None and archive.account not in self.accounts:
            return DeepSoilError("archive_account", "{title} needs an account of {account}.",
                                 "Enter the account in DeepSoil's options, or do without.",
                                 title=archive.title, account=archive.account)
        return None


@dataclass(frozen=True)
class Choice:
    """The archives that can serve a need, the preferred one first; and why the others cannot.

    required   without it no map can be made
    together   every one of them is asked, not only the first that answers
    """

    need: str
    order: tuple[str, ...]
    refused: Mapping[str, DeepSoilError]
    required: bool
    together: bool = False

    @property
    def chosen(self) -> tuple[str, ...]:
        """The archives that are asked if none fails."""
        return self.order if self.together else self.order[:1]

    @property
    def problem(self) -> DeepSoilError | None:
        """Why nothing serves the need; None if something does."""
        if self.order:
            return None
        return min(self.refused.values(), default=None, key=lambda error: _SAYS_MOST.index(error.code)
                   if error.code in _SAYS_MOST else len(_SAYS_MOST))


_SAYS_MOST = ("archive_off", "archive_outside", "archive_no_days", "archive_account", "archive_terms")


@dataclass(frozen=True)
class Plan:
    """Everything that would be asked.

    pieces    by archive that can be used, also of those that only stand by
    """

    ask: Ask
    choices: tuple[Choice, ...]
    pieces: Mapping[str, Sequence[Piece]] = field(default_factory=dict)

    @property
    def used_for(self) -> dict[str, list[str]]:
        """Archive → the needs that it is chosen for, in the order of the needs."""
        found: dict[str, list[str]] = {}
        for choice in self.choices:
            for name in choice.chosen:
                found.setdefault(name, []).append(choice.need)
        return found

    @property
    def chosen(self) -> list[Piece]:
        """The pieces of the chosen archives."""
        return [piece for name in self.used_for for piece in self.pieces[name]]

    def problems(self) -> list[DeepSoilError]:
        """What prevents it: a required need that nothing serves."""
        return [choice.problem for choice in self.choices if choice.required and choice.problem is not None]


AT_ONCE = 4
"""Needs that are served side by side; how much a single host is asked is the network's matter."""


def choose(ask: Ask, wishes: Wishes, archives: Mapping[str, Archive], needs: Mapping[str, Sequence[str]]) -> Plan:
    """The archives for every need, and their pieces. Nothing is fetched."""
    pieces: dict[str, Sequence[Piece]] = {}
    refused: dict[str, DeepSoilError] = {}
    choices = []
    for need, names in needs.items():
        known = [name for name in names if name in archives]
        for name in known:
            if name not in pieces and name not in refused:
                try:
                    if (problem := wishes.problem(archives[name])) is not None:
                        raise problem
                    pieces[name] = archives[name].plan(ask)
                except DeepSoilError as error:
                    refused[name] = error
        choices.append(Choice(need, tuple(name for name in known if name in pieces),
                              {name: refused[name] for name in known if name in refused},
                              is_required(need, (archives[name].provides for name in known)), need in TOGETHER))
    return Plan(ask, tuple(choices), pieces)


def seconds(pieces: Sequence[Piece]) -> float:
    """About how long it takes to fetch them over a line of 20 Mbit/s (public_data.md §12).

    Archives are asked side by side, the pieces of one after each other: they share the line, and wait for themselves.
    """
    each = {name: [piece.size for piece in pieces if piece.archive == name] for name in {one.archive for one in pieces}}
    line = sum(piece.size for piece in pieces) / _BYTES_PER_SECOND
    longest = max((sum(sizes) / _BYTES_PER_SECOND + _SECONDS_PER_PIECE * len(sizes) for sizes in each.values()),
                  default=0.0)
    return max(longest, line + _SECONDS_PER_PIECE * len(pieces) / AT_ONCE)


_BYTES_PER_SECOND = 2.5e6
_SECONDS_PER_PIECE = 1.5
"""Of a server that has to cut something out before it answers: between 1 s and 5 s there."""
