"""The request for the water to refill of the fields of a job, made from that job's own request. Pure."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from ..contract import LONGEST_NAME
from ..jobs.methods import COLUMN
from ..jobs.refill import RefillWish
from ..text.translate import tr

_OF_NETWORKS = ("vegetation", "refill", "zones")


def refill_request(specification: Mapping[str, Any], job_id: str, wish: RefillWish) -> dict[str, Any]:
    """The last day of a prediction again, by soil columns, with the map and the figures of the water to refill."""
    document = copy.deepcopy(dict(specification))
    options = {name: value for name, value in (document.get("options") or {}).items() if name not in _OF_NETWORKS}
    day = document["dates"]["end"]
    name = tr("{0} · refill").format(document.get("name") or tr("Field"))
    return {**document, "id": job_id, "name": name[:LONGEST_NAME], "dates": {"start": day, "end": day}, "models": {},
            "options": {**options, "method": COLUMN, "products": wish.products(options.get("products") or []),
                        "field_table": True, **wish.options()}}


def table_of(job: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The output with the table of fields of a job."""
    return _output(job, "fields_")


def zones_of(job: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The output with the zones of need of a job."""
    return _output(job, "zones_")


def _output(job: Mapping[str, Any], begin: str) -> Mapping[str, Any] | None:
    return next((one for one in job.get("outputs") or () if str(one.get("name", "")).startswith(begin)
                 and str(one["name"]).endswith(".geojson")), None)
