"""Many jobs in one request: each is made as if it had come alone, and the waiting for the disk is shared."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.service.problems import unexpected

# Folders are flushed to the disk by so many threads: the disk carries out many flushes that come together as one.
_AT_ONCE = 16
# A client waits two minutes for an answer; planning a large area takes seconds.
_BEGUN_WITHIN_S = 20.0


def submit_many(submit: Callable[[Any, str], dict[str, Any]], requests: Sequence[Any],
                clock: Callable[[], float] = time.monotonic) -> list[dict[str, Any] | None]:
    """``{job}`` or ``{error}`` for each of the requests ``{specification, earlier}``; ``submit(specification,
    earlier)`` makes a job. None for those that could not be begun in time. The earlier ones are begun first."""
    latest = clock() + _BEGUN_WITHIN_S

    def one(request: Any) -> dict[str, Any] | None:
        if clock() > latest:
            return None
        try:
            return {"job": submit(*_parts(request))}
        except DeepSoilError as error:
            return {"error": error.to_dict()}
        except Exception as error:  # noqa: BLE001 - the boundary: a fault in one must not end the others
            return {"error": unexpected("submit_many", error).to_dict()}

    with ThreadPoolExecutor(_AT_ONCE, "making jobs") as pool:
        return list(pool.map(one, requests))


def _parts(request: Any) -> tuple[Any, str]:
    """The specification, and the id of the job that it repeats. DeepSoilError ``params_invalid``."""
    earlier = request.get("earlier") if isinstance(request, dict) else None
    if not isinstance(request, dict) or not isinstance(request.get("specification"), dict) \
            or not isinstance(earlier, str | None):
        raise DeepSoilError("params_invalid", "The parameter '{name}' cannot be used.", "It must be {expected}.",
                            "requests", name="requests", expected="a list of {specification, earlier}")
    return request["specification"], earlier or ""
