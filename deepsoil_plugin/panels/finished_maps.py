"""The jobs whose maps a panel can compare with something, and how they are called there. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..contract import FINAL_STATES
from ..text.dates import dates_of, period_text


def maps_of(jobs: Sequence[Mapping[str, Any]], days: set[str], depth_cm: int | None = None) -> list[Mapping[str, Any]]:
    """The jobs with a map of one of these days, in their order. ``days``: ISO; empty: any. ``depth_cm``: None: any."""
    return [job for job in jobs if job.get("kind") == "predict" and job.get("state") in FINAL_STATES
            and any(one.get("kind") == "map" and one.get("depth_cm") is not None
                    and (depth_cm is None or one["depth_cm"] == depth_cm)
                    and (not days or one.get("date") in days) for one in job.get("outputs") or ())]


def job_text(job: Mapping[str, Any]) -> str:
    """``North quarter, 15 Jul 2023``."""
    days = dates_of(job)
    return ", ".join(part for part in (str(job.get("name") or ""), period_text(*days) if days else "") if part)
