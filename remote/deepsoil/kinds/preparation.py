"""From a request as it was sent to a job that can run: parsed, filled in and planned once each.

What was estimated a moment ago is not worked out again when it is submitted, unless something that it rests on changed.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.specification import Specification, parse_specification
from deepsoil.schedulers import registry

if TYPE_CHECKING:
    from pathlib import Path

    from deepsoil.jobs.kind import Context, JobPlan

_UNKNOWN: dict[str, Any] = {"area_ha": None, "fields": None, "pixels": None, "windows": None, "seconds": None,
                            "bytes": None, "region": None, "warnings": [], "problems": []}


@dataclass(frozen=True)
class Preparation:
    """A request that can be queued: filled in, and worked out."""

    specification: Specification
    plan: JobPlan


@dataclass(frozen=True)
class _Remembered:
    request: str
    stamps: dict[Path, int]
    preparation: Preparation


class Requests:
    """Estimates and accepts the requests of one HOME; used by several threads."""

    def __init__(self, context: Callable[[], Context]) -> None:
        self._context = context
        self._lock = threading.Lock()
        self._last: _Remembered | None = None

    def estimate(self, document: Any) -> dict[str, Any]:
        """What a job would take and what prevents it; never an error for what the user can put right."""
        try:
            specification = parse_specification(document)
            try:
                found = {**_UNKNOWN, **_estimate(self._prepare(specification))}
            except _PlanError as error:
                found = {**_UNKNOWN, "region": error.specification.region, "problems": [error.problem.to_dict()]}
            return {**found, "warnings": [*found["warnings"], *_scheduler_warnings(specification)]}
        except DeepSoilError as error:
            return {**_UNKNOWN, "problems": [error.to_dict()]}

    def accept(self, specification: Specification) -> Preparation:
        """A request that nothing prevents. DeepSoilError: the first thing that does."""
        try:
            preparation = self._prepare(specification)
        except _PlanError as error:
            raise error.problem from None
        for problem in preparation.plan.problems():
            raise problem
        return preparation

    def _prepare(self, specification: Specification) -> Preparation:
        """The request, worked out now or when it was asked for last. DeepSoilError, or `_PlanError` with it."""
        request = json.dumps({**specification.to_dict(), "id": None, "name": None}, sort_keys=True)
        with self._lock:
            last = self._last
        if last is not None and last.request == request and _stamps(last.stamps) == last.stamps:
            known = last.preparation
            changes = {"id": specification.id, "name": specification.name}
            return Preparation(known.specification.model_copy(update=changes), known.plan)
        context = self._context()
        filled = prepare(specification, context)
        try:
            preparation = Preparation(filled, context.find_kind(filled.kind).plan(filled, context))
        except DeepSoilError as problem:
            raise _PlanError(filled, problem) from problem
        rests_on = preparation.plan.rests_on()
        with self._lock:
            self._last = None if rests_on is None else _Remembered(request, _stamps(rests_on), preparation)
        return preparation


class _PlanError(Exception):
    """A request that was filled in and cannot be planned."""

    def __init__(self, specification: Specification, problem: DeepSoilError) -> None:
        super().__init__(str(problem))
        self.specification, self.problem = specification, problem


def prepare(specification: Specification, context: Context) -> Specification:
    """The specification with region and models filled in.

    Raises
    ------
    DeepSoilError
        The region or a model is unknown or does not fit; there is no such kind of job, or a package that it needs is
        not installed; a scheduler is asked for and not there.
    """
    kind = context.find_kind(specification.kind)
    kind.require_packages()
    registry.find(specification.scheduler).require()
    return kind.prepare(specification, context)


def _estimate(preparation: Preparation) -> dict[str, Any]:
    plan = preparation.plan
    return {**plan.estimate(), "region": preparation.specification.region,
            "warnings": [warning.to_dict() for warning in plan.warnings()],
            "problems": [problem.to_dict() for problem in plan.problems()]}


def _scheduler_warnings(specification: Specification) -> list[dict[str, Any]]:
    resources = specification.resources
    return [] if resources is None else registry.find(specification.scheduler).warnings(resources)


def _stamps(paths: Iterable[Path]) -> dict[Path, int]:
    """When each was changed last; 0 for one that is not there."""
    return {path: path.stat().st_mtime_ns if path.exists() else 0 for path in paths}
