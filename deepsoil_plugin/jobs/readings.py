"""The readings of a request: what the user has measured, of which files and values, and what is sent of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..contract_check import problem
from ..text.translate import tr

Reading = dict[str, Any]
"""As in ``options.readings.values`` of the contract."""

MOST_FILES = 100
TYPED = "reading"
"""The sensor of values that are typed: the contract's own name for one that has none."""


@dataclass(frozen=True)
class ProbeReadings:
    """What was read of one file. ``used``: whether maps rest on it."""

    name: str
    values: tuple[Reading, ...]
    used: bool = True


@dataclass(frozen=True)
class KnownReadings:
    """All readings of a request.

    ``stations``: whether those of the region's stations are used. ``later_days``: whether a map may use readings of
    days after its own: the best reconstruction of the past.
    """

    stations: bool = False
    files: tuple[ProbeReadings, ...] = ()
    typed: tuple[Reading, ...] = ()
    later_days: bool = False

    @property
    def values(self) -> list[Reading]:
        """The values that are used: of the files that are ticked, and those that were typed."""
        return [*(value for file in self.files if file.used for value in file.values), *self.typed]

    def document(self) -> dict[str, Any] | None:
        """``options.readings`` of a specification; None where no reading is used."""
        values = self.values
        if not values and not self.stations:
            return None
        return {"stations": self.stations, "left_out": [], "values": [dict(value) for value in values],
                "later_days": self.later_days}

    def with_file(self, new: ProbeReadings) -> KnownReadings:
        """With a file in place of one of the same name."""
        return replace(self, files=(*(file for file in self.files if file.name != new.name), new))

    def to_dict(self) -> dict[str, Any]:
        """As the project keeps it."""
        return {"stations": self.stations, "later_days": self.later_days, "typed": list(self.typed),
                "files": [{"name": file.name, "used": file.used, "values": list(file.values)} for file in self.files]}

    @classmethod
    def from_dict(cls, document: Any) -> KnownReadings:
        """What a project file keeps; what is not as the contract has it is as if it had never been there."""
        if not isinstance(document, Mapping):
            return cls()
        files = [ProbeReadings(file["name"], tuple(_right(file.get("values"))), file.get("used") is not False)
                 for file in _listed(document.get("files"))[:MOST_FILES]
                 if isinstance(file, dict) and isinstance(file.get("name"), str)]
        return cls(document.get("stations") is True, tuple(file for file in files if file.values),
                   tuple(_right(document.get("typed"))), document.get("later_days") is True)


def summary_text(known: KnownReadings) -> str:
    """``stations, 2 probes, 3 values``: what is used; empty where nothing is."""
    sensors = {value["sensor"] for file in known.files if file.used for value in file.values}
    parts = [tr("stations") if known.stations else "",
             tr("%n probe(s)", None, len(sensors)) if sensors else "",
             tr("%n value(s)", None, len(known.typed)) if known.typed else "",
             tr("later days too") if known.later_days and known.document() else ""]
    return ", ".join(part for part in parts if part)


def sensors_of(values: Iterable[Mapping[str, Any]]) -> list[str]:
    """The names of the sensors, each once, in their order."""
    return list(dict.fromkeys(str(value["sensor"]) for value in values))


def depths_text(values: Iterable[Mapping[str, Any]]) -> str:
    """``5, 20 cm``."""
    return f"{', '.join(f'{depth:g}' for depth in sorted({float(value['depth_cm']) for value in values}))} cm"


def days_of(values: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    """First and last day, ISO."""
    days = [str(value["date"]) for value in values]
    return min(days), max(days)


def asked_text(document: Mapping[str, Any] | None) -> str:
    """What a specification's ``options.readings`` asks for, in a few words; empty where it has none."""
    if not document:
        return ""
    values = document.get("values") or ()
    return ", ".join(part for part in (
        tr("stations of the region") if document.get("stations") else "",
        tr("%n own reading(s) of {0}", None, len(values)).format(", ".join(sensors_of(values)[:3])) if values else "",
        tr("readings of later days too") if document.get("later_days") else "") if part)


def questions_text(asked: Sequence[str]) -> str:
    """What has yet to be said of a file, in words."""
    words = {"time": tr("which column has the date"), "value": tr("which column has the water content"),
             "unit": tr("the unit of the water content"), "depth": tr("the depth of each water content"),
             "place": tr("where the probe is"), "zone": tr("by which clock the times are"),
             "order": tr("the order of day and month")}
    return tr("Still to be said: {0}.").format(", ".join(words.get(one, one) for one in asked)) if asked else ""


def _listed(document: Any) -> list[Any]:
    return document if isinstance(document, list) else []


def _right(values: Any) -> list[Reading]:
    return [dict(value) for value in _listed(values)
            if isinstance(value, dict) and "sensor" in value and problem(value, "Reading") is None]
