"""Many jobs in one request: each is accepted or refused alone, and their folders are flushed to the disk together."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.new_folders import NewJob, create_many
from deepsoil.service.problems import unexpected

if TYPE_CHECKING:
    from deepsoil.service.jobs import Jobs

# A client waits two minutes for an answer, and planning a large area takes seconds.
_PLANNED_WITHIN_S = 20.0

_Outcome = JobFolder | NewJob | DeepSoilError | None


def submit_many(jobs: Jobs, requests: Sequence[Any],
                clock: Callable[[], float] = time.monotonic) -> list[dict[str, Any] | None]:
    """``{job}`` or ``{error}`` for each of the requests ``{specification, earlier}``; see `Jobs.submit_again`.

    None for those that could not be planned in time. OSError: no folder could be flushed, and none was made.
    """
    latest = clock() + _PLANNED_WITHIN_S
    outcomes: list[_Outcome] = [None if clock() > latest else _accepted(jobs, request) for request in requests]
    new = {number: job for number, job in enumerate(outcomes) if isinstance(job, NewJob)}
    made = create_many(jobs.path, list(new.values()), jobs.admission, jobs.check_forbidden) if new else []
    for number, folder in zip(new, made, strict=True):
        outcomes[number] = folder
    for scheduler in {folder.scheduler for folder in made if isinstance(folder, JobFolder)}:
        jobs.wake(scheduler)
    return [_answer(jobs, outcome) for outcome in outcomes]


def _accepted(jobs: Jobs, request: Any) -> _Outcome:
    try:
        specification, earlier = _parts(request)
        return jobs.accepted(specification, jobs.earlier(earlier))
    except DeepSoilError as error:
        return error
    except Exception as error:  # noqa: BLE001 - the boundary: a fault in one must not end the others
        return unexpected("submit_many", error)


def _parts(request: Any) -> tuple[Any, str]:
    """The specification, and the id of the job that it repeats. DeepSoilError ``params_invalid``."""
    earlier = request.get("earlier") if isinstance(request, dict) else None
    if not isinstance(request, dict) or not isinstance(earlier, str | None):
        raise DeepSoilError("params_invalid", "The parameter '{name}' cannot be used.", "It must be {expected}.",
                            "requests", name="requests", expected="a list of {specification, earlier}")
    return request.get("specification"), earlier or ""


def _answer(jobs: Jobs, outcome: _Outcome) -> dict[str, Any] | None:
    if isinstance(outcome, JobFolder):
        return {"job": jobs.summary(outcome)}
    return {"error": outcome.to_dict()} if isinstance(outcome, DeepSoilError) else None
