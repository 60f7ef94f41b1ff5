"""The methods about gathering: plans, and what jobs need of the network, which is kept in memory only."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.secret_variables import ACCOUNTS, PROXIES
from deepsoil.contract.specification import Specification, parse_specification
from deepsoil.contract.version import SCHEMA
from deepsoil.schedulers.process import queue

if TYPE_CHECKING:
    from deepsoil.jobs.kind import Context


def gather_plan(context: Context, area: dict[str, Any], start: str | None, end: str | None, off: list[Any] | None,
                agreed: list[Any] | None) -> dict[str, Any]:
    """What a gathering of an area would fetch. DeepSoilError: what is wrong with the request."""
    from deepsoil.kinds import gather_request

    if (start is None) != (end is None):
        raise DeepSoilError("params_invalid", "Only one of the two dates is given.", "Give both, or none.",
                            "start" if start is None else "end")
    dates = {} if start is None else {"dates": {"start": start, "end": end}}
    request = _request(area=area, **dates, options=_wishes(off, agreed))
    return gather_request.described(context, gather_request.gathering_of(request, context))


def refresh_plan(context: Context, region: str, off: list[Any] | None, agreed: list[Any] | None) -> dict[str, Any]:
    """What would bring a gathered region up to today. DeepSoilError ``region_unknown``, ``not_gathered``."""
    from deepsoil.kinds import gather_refreshing as refreshing

    request = _request(region=region, options={**_wishes(off, agreed), "update": True})
    return refreshing.described(context, region, refreshing.refreshing_of(request, context))


def network_settings(home: Path, proxies: dict[str, Any] | None, accounts: dict[str, Any] | None) -> dict[str, Any]:
    """Keep proxies and secrets for the jobs that start from now on, in the environment of this process.

    The process that starts waiting jobs is replaced by one that knows them.
    """
    given = {PROXIES: _texts("proxies", proxies, or_none=True), ACCOUNTS: _texts("accounts", accounts)}
    changed = False
    for variable, document in given.items():
        text = None if document is None else json.dumps(document, sort_keys=True)
        changed = changed or os.environ.get(variable) != text
        if text is None:
            os.environ.pop(variable, None)
        else:
            os.environ[variable] = text
    if changed:
        queue.replace(home)
    return {}


def _texts(name: str, document: dict[str, Any] | None, *, or_none: bool = False) -> dict[str, Any] | None:
    if document is None:
        return None
    if not all(isinstance(value, str) or (or_none and value is None) for value in document.values()):
        raise DeepSoilError("params_invalid", "The parameter '{name}' cannot be used.", "It must be {expected}.", name,
                            name=name, expected="an object of texts")
    return document


def _wishes(off: list[Any] | None, agreed: list[Any] | None) -> dict[str, Any]:
    return {"off": off, "agreed": agreed}


def _request(**given: Any) -> Specification:
    """The job that is planned."""
    return parse_specification({"schema": SCHEMA, "id": "0" * 32, "kind": "gather", "name": "plan", **given})
