"""What can be done with a job. Pure apart from the translator."""

from __future__ import annotations

from typing import Any

from ..contract import FINAL_STATES
from ..text.translate import tr
from .status_text import maps_here, not_here

ACTIONS = ("show", "fields", "cancel", "retry", "curves", "export", "log", "details", "remove")
# What the first action is for a job: see it on the map, bring its results here (and show them), look at its files.
SHOW, BRING_AND_SHOW, BRING, FOLDER = "show", "bring_and_show", "bring", "folder"


def first_action(job: dict[str, Any] | None) -> str:
    """What "show" means for a job now; empty where there is nothing to be seen."""
    outputs = (job or {}).get("outputs")
    if job is None or not outputs:
        return ""
    maps = job.get("kind") == "predict"
    if len(not_here(job)) == len(outputs) or (not_here(job) and job.get("state") in FINAL_STATES):
        if (job.get("retrieval") or {}).get("state") == "running":
            return ""
        return BRING_AND_SHOW if maps else BRING
    return SHOW if maps else FOLDER


def first_action_text(job: dict[str, Any] | None) -> str:
    ended = (job or {}).get("state") in FINAL_STATES
    return {BRING_AND_SHOW: tr("Download and show") if ended else tr("Download and show finished maps"),
            BRING: tr("Download results"), FOLDER: tr("Open folder")}.get(first_action(job), tr("Show on map"))


def goes_on(job: dict[str, Any] | None) -> bool:
    """Whether trying a job again takes over the maps that it has finished."""
    return job is not None and job.get("kind") == "predict" and job.get("state") in ("cancelled", "failed") \
        and _finished_maps(job) > 0


def _finished_maps(job: dict[str, Any]) -> int:
    return sum(one.get("kind") == "map" for one in job.get("outputs") or ())


def again_text(job: dict[str, Any] | None) -> str:
    """What trying a job again is called."""
    return tr("Continue") if goes_on(job) else tr("Try again")


def again_tip(job: dict[str, Any] | None) -> str:
    """What it does, where its name does not say it all."""
    if not goes_on(job) or job is None:
        return again_text(job)
    return tr("Continue: make only the maps that are missing; %n finished map(s) stay", None, _finished_maps(job))


def possible(job: dict[str, Any] | None) -> set[str]:
    """The actions that make sense for a job."""
    if job is None:
        return set()
    if job.get("held"):
        return {"details", "cancel"}
    if job.get("unsent"):
        return {"details", "retry", "remove"}
    if job.get("knowledge") == "sending":
        return {"details", "cancel"}
    found = {"details", "log"}
    if first_action(job):
        found.add("show")
    if job.get("kind") == "predict" and maps_here(job):
        found |= {"export", "fields"}
    if job.get("kind") == "train" and job.get("state") != "queued":
        found.add("curves")
    if (job.get("retrieval") or {}).get("state") == "running":
        found.add("cancel")
    if job.get("state") in FINAL_STATES:
        found.add("remove")
        if job.get("specification"):
            found.add("retry")
    else:
        found.add("cancel")
    return found
