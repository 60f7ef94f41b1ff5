"""What the user chose in the options, and what the plugin remembers between two starts of QGIS. Not the project's."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from qgis.core import QgsSettings
from qgis.PyQt.QtCore import QTimer

from . import paths
from .atomic import replacing
from .contract import LOCAL

_DOCK_OPEN = "DeepSoil/dockOpen"
_STEPS_SEEN = "DeepSoil/firstStepsSeen"
_THREADS = "DeepSoil/threads"
_AT_ONCE = "DeepSoil/jobsAtOnce"
_HOST = "DeepSoil/host"
_JOBS_ORDER = "DeepSoil/jobsOrder"
_OFF = "DeepSoil/archivesOff"
_AGREED = "DeepSoil/archivesAgreed"
_OFFLINE = "DeepSoil/archivesOffline"
_REPORT = "DeepSoil/reportTemplate"
_CACHE_MB = "DeepSoil/archivesCacheMB"
_SOIL_UNIT = "DeepSoil/soilUnit"
_WATER_UNIT = "DeepSoil/waterUnit"
_OLD_SENT = "DeepSoil/sentJobs"
_OLD_ANNOUNCED = "DeepSoil/announcedJobs"
_MOST_IDS = 2_000


def dock_open() -> bool:
    """Whether the dock stood open last time; at the very first start it does."""
    return bool(QgsSettings().value(_DOCK_OPEN, True, type=bool))


def set_dock_open(is_open: bool) -> None:
    QgsSettings().setValue(_DOCK_OPEN, is_open)


def first_steps_seen() -> bool:
    """Whether the user has closed the first steps."""
    return bool(QgsSettings().value(_STEPS_SEEN, False, type=bool))


def set_first_steps_seen(seen: bool) -> None:
    QgsSettings().setValue(_STEPS_SEEN, seen)


def threads() -> int:
    """Threads a job may use; 0: the engine decides."""
    return max(0, int(QgsSettings().value(_THREADS, 0, type=int)))


def set_threads(count: int) -> None:
    QgsSettings().setValue(_THREADS, count)


def jobs_at_once() -> int:
    return max(1, int(QgsSettings().value(_AT_ONCE, 1, type=int)))


def set_jobs_at_once(count: int) -> None:
    QgsSettings().setValue(_AT_ONCE, count)


def chosen_host() -> str:
    """Id of the host where the last request was to run."""
    return str(QgsSettings().value(_HOST, "", type=str)) or LOCAL


def set_chosen_host(host_id: str) -> None:
    QgsSettings().setValue(_HOST, host_id)


def jobs_order() -> str:
    """The order of the list of jobs, as it was chosen last; empty where it never was."""
    return str(QgsSettings().value(_JOBS_ORDER, "", type=str))


def set_jobs_order(order: str) -> None:
    QgsSettings().setValue(_JOBS_ORDER, order)


def soil_unit() -> str:
    """Unit in which soil moisture is shown: ``m3/m3``, ``%``, ``mm`` (in 10 cm of soil) or ``in`` (in a foot)."""
    unit = str(QgsSettings().value(_SOIL_UNIT, "m3/m3", type=str))
    return unit if unit in ("m3/m3", "%", "mm", "in") else "m3/m3"


def set_soil_unit(unit: str) -> None:
    QgsSettings().setValue(_SOIL_UNIT, unit)


def water_unit() -> Literal["mm", "in"]:
    """Unit in which amounts of water are shown and typed."""
    return "in" if QgsSettings().value(_WATER_UNIT, "mm", type=str) == "in" else "mm"


def set_water_unit(unit: str) -> None:
    QgsSettings().setValue(_WATER_UNIT, unit)


def archives_off() -> tuple[str, ...]:
    """Public archives that the user does not want to be asked, by name."""
    return _names(_OFF)


def set_archives_off(names: Iterable[str]) -> None:
    QgsSettings().setValue(_OFF, sorted(set(names)))


def archives_agreed() -> tuple[str, ...]:
    """Public archives to whose terms the user has agreed when data were last fetched; for their updates."""
    return _names(_AGREED)


def set_archives_agreed(names: Iterable[str]) -> None:
    QgsSettings().setValue(_AGREED, sorted(set(names)))


def archives_offline() -> bool:
    """Whether nothing is fetched: data of fields come only from what was fetched before."""
    return bool(QgsSettings().value(_OFFLINE, False, type=bool))


def set_archives_offline(offline: bool) -> None:
    QgsSettings().setValue(_OFFLINE, offline)


def cache_mb() -> int:
    """What the cache of archives may hold; 0: the engine decides."""
    return max(0, int(QgsSettings().value(_CACHE_MB, 0, type=int)))


def set_cache_mb(size: int) -> None:
    QgsSettings().setValue(_CACHE_MB, size)


def report_template() -> Path | None:
    """The layout template of the user's own for reports; None: the one that comes with DeepSoil."""
    chosen = str(QgsSettings().value(_REPORT, "", type=str)).strip()
    return Path(chosen).expanduser() if chosen else None


def set_report_template(path: str) -> None:
    QgsSettings().setValue(_REPORT, path.strip())


def _names(key: str) -> tuple[str, ...]:
    kept = QgsSettings().value(key, [])
    return tuple(str(name) for name in ([kept] if isinstance(kept, str) else kept or []) if name)


def engine_variables() -> dict[str, str]:
    """The options that reach the engine as variables."""
    cache = {"DEEPSOIL_CACHE_MB": str(cache_mb())} if cache_mb() else {}
    return {"DEEPSOIL_JOBS_AT_ONCE": str(jobs_at_once()), **cache}


class RememberedIds:
    """A set of job ids in a file of DeepSoil's home, one a line; of the oldest it forgets all but two thousand.

    Not in QGIS's settings: Qt writes those to the disk, and waits for it, in the thread of the windows. Here a turn
    of the event loop later a line is appended, and nothing waits. Two QGIS may share the file.
    """

    def __init__(self, name: str, old_setting: str | None = None) -> None:
        """``old_setting``: the setting that held the ids (JSON) before; they are taken over and it is removed."""
        self._path = paths.home() / "plugin" / f"{name}.txt"
        self._old_setting = old_setting if old_setting and QgsSettings().contains(old_setting) else None
        kept = _lines(self._path)
        self._ids: dict[str, None] = dict.fromkeys(kept[-_MOST_IDS:])
        if len(kept) > _MOST_IDS:
            _replace(self._path, list(self._ids))
        self._unwritten: list[str] = []
        self._timer = QTimer()
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._write)
        if self._old_setting:
            self._timer.start()
            for job_id in _ids_in_setting(self._old_setting):
                self.add(job_id)

    def __contains__(self, job_id: str) -> bool:
        return job_id in self._ids

    def add(self, job_id: str) -> None:
        if job_id not in self._ids:
            self._ids[job_id] = None
            self._unwritten.append(job_id)
            self._timer.start()

    def flush(self) -> None:
        """Write now what is still to be written."""
        if self._timer.isActive():
            self._timer.stop()
            self._write()

    def _write(self) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as file:
                file.write("".join(f"{job_id}\n" for job_id in self._unwritten))
        except OSError:
            return  # tried again with the next id; what is lost is that an end may be said twice
        self._unwritten.clear()
        if self._old_setting:
            QgsSettings().remove(self._old_setting)
            self._old_setting = None


def _lines(path: Path) -> list[str]:
    try:
        return [line for line in path.read_text(encoding="utf-8", errors="replace").split("\n") if line]
    except OSError:
        return []


def _replace(path: Path, ids: list[str]) -> None:
    with contextlib.suppress(OSError), replacing(path) as draft:
        draft.write_text("".join(f"{job_id}\n" for job_id in ids), encoding="utf-8")


def _ids_in_setting(key: str) -> list[str]:
    try:
        kept = json.loads(QgsSettings().value(key, "[]", type=str))
    except ValueError:
        return []
    return [name for name in kept if isinstance(name, str)] if isinstance(kept, list) else []


def sent_jobs() -> RememberedIds:
    """Jobs that were sent by a QGIS of this home."""
    return RememberedIds("sent_jobs", _OLD_SENT)


def held_maps() -> RememberedIds:
    """Maps that wait for their data, by the digest of their request."""
    return RememberedIds("held_maps")


def announced_jobs() -> RememberedIds:
    """Jobs whose end has been said."""
    return RememberedIds("announced_jobs", _OLD_ANNOUNCED)
