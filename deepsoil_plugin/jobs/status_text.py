"""The status of a job as text: where it runs, how far it is, what it waits for, what went wrong."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from ..contract import FINAL_STATES, INFORMATION
from ..text.dates import dates_of, period_text
from ..text.formatting import left_text, number_text, plain_error, size_text, time_text
from ..text.translate import engine_message, error_hint, error_message, tr

Summary = Mapping[str, Any]
_ONE_LINE = 100  # characters that QGIS's message bar shows without scrolling on a small screen


def state_word(state: str) -> str:
    return {"queued": tr("waiting"), "running": tr("running"), "succeeded": tr("done"), "failed": tr("failed"),
            "cancelled": tr("cancelled")}.get(state, state)


def depths_text(summary: Summary) -> str:
    depths = (summary.get("specification") or {}).get("depths_cm") or []
    return f"{' · '.join(str(depth) for depth in sorted(depths))} cm" if depths else ""


def period_of(summary: Summary) -> str:
    try:
        dates = dates_of(summary)
    except (KeyError, TypeError, ValueError):
        return ""
    return period_text(*dates) if dates else ""


def is_foreseen(summary: Summary) -> bool:
    """Whether maps show days that had not passed when they were asked for, so that their weather is a forecast."""
    try:
        dates = dates_of(summary) if summary.get("kind") == "predict" else None
    except (KeyError, TypeError, ValueError):
        return False
    return dates is not None and dates[1].isoformat() >= str(summary.get("created") or "9999")[:10]


def about_text(summary: Summary) -> str:
    """What stands at the right of a job's name: its dates and depths, or what else it is."""
    if kind := {"train": tr("training"), "simulate": tr("simulation"), "ingest": tr("building a region"),
                "gather": tr("data from archives")}.get(
            str(summary.get("kind"))):
        return kind
    # A wide gap: depths have the dot between them.
    return "\u2003".join(word for word in (period_of(summary), depths_text(summary)) if word)


def host_of(summary: Summary) -> str:
    """Title of the host where a job runs; empty for this computer."""
    return str(summary.get("host_title") or summary.get("host") or "") if summary.get("away") else ""


def status_text(summary: Summary) -> str:
    """The second line of a job: where it is, how far, what it waits for, or why it failed and what to do."""
    words, host = _status(summary), host_of(summary)
    return f"{host}: {words}" if host else words


def is_certain(summary: Summary) -> bool:
    """Whether a job's state is the present one, and not only the last one known."""
    return summary.get("state") in FINAL_STATES or (summary.get("knowledge") or "current") == "current"


def tasks_text(summary: Summary) -> str:
    """``7 of 19 done``; empty for a job of one piece."""
    tasks = summary.get("tasks") or {}
    if (tasks.get("total") or 0) < 2:
        return ""
    return tr("{0} of {1} done").format(tasks.get("succeeded") or 0, tasks["total"])


def _status(summary: Summary) -> str:
    state, knowledge = summary.get("state"), summary.get("knowledge")
    if state in FINAL_STATES:
        return _end_text(summary)
    message = _lowered(engine_message(summary))
    if knowledge == "sending":
        return tr("not sent yet; {0}").format(message or tr("will be sent as soon as the host answers"))
    if knowledge == "unreachable":
        return tr("host not reachable; last known state: {0}").format(_progress_text(summary))
    if knowledge == "unknown":
        return message or tr("the scheduler no longer lists this job")
    return _progress_text(summary)


def _progress_text(summary: Summary) -> str:
    message, tasks = engine_message(summary), tasks_text(summary)
    if summary.get("state") == "queued":
        waiting_for = engine_message(summary.get("scheduler") or {}, "waiting_for")
        return _lowered(message or waiting_for or tr("Waiting"))
    parts = [f"{100 * (summary.get('progress') or 0):.0f} %"]
    if (left := summary.get("seconds_left")) is not None:
        parts.append(left_text(left))
    if not summary.get("away"):
        return " · ".join([*parts, message] if message else parts)
    # For a job on a cluster the tasks come first: that is the number people look for.
    doing = _lowered(message) or (tr("running, {0}").format(tasks) if tasks else tr("running"))
    if failed := (summary.get("tasks") or {}).get("failed"):
        doing = f"{doing}, " + tr("{0} failed").format(failed)
    return " · ".join([doing, *parts])


def _lowered(text: str) -> str:
    """A sentence as it continues after a colon; an abbreviation keeps its capitals."""
    return text[0].lower() + text[1:] if text[1:2].islower() and not text.startswith("Slurm") else text


def _end_text(summary: Summary) -> str:
    state, reason = summary.get("state"), summary.get("reason") or {}
    retrieval = retrieval_text(summary)
    if state == "failed" or (reason and state == "succeeded"):
        message = error_message(reason) or engine_message(summary) or tr("Failed.")
        why = " ".join(text for text in (message, error_hint(reason)) if text)
        return " · ".join(text for text in (retrieval, why) if text)
    if state == "cancelled":
        count = len(summary.get("outputs") or [])
        end = tr("Cancelled. %n finished result(s) kept", None, count) if count else tr("Cancelled")
        return " · ".join(text for text in (retrieval, end) if text)
    done = {"evaluate": tr("Compared with stations"), "train": tr("Training finished"),
            "gather": tr("Data are there")}.get(
        str(summary.get("kind")), tr("Done"))
    warnings = [error_message(warning) for warning in summary.get("warnings") or ()]
    return " · ".join(text for text in (retrieval or done, time_text(summary.get("ended")), *warnings) if text)


def end_text(summary: Summary) -> str:
    """That a job has ended, short enough for a line in QGIS's message bar."""
    name, host = summary.get("name"), host_of(summary)
    if summary.get("state") == "failed":
        text = tr("{0} failed. {1}").format(name, plain_error(summary.get("reason") or {}))
        return text if len(text) <= _ONE_LINE else tr("{0} failed. See the reason in the list of jobs.").format(name)
    if summary.get("kind") == "train":
        if host:
            return tr("Training of {0} on {1} is finished.").format(name, host)
        return tr("Training of {0} is finished.").format(name)
    if summary.get("kind") == "gather":
        return _with_warnings(tr("The data of {0} are there.").format(name), summary)
    if host and not_here(summary):
        return _with_warnings(tr("Ready on {1}: {0}.").format(name, host), summary)
    return _with_warnings(tr("Ready: {0}.").format(name), summary)


def _with_warnings(text: str, summary: Summary) -> str:
    """What was told before the job ran, said again now that one looks at its maps."""
    warnings = concerns(summary)
    whole = " ".join([text, *map(error_message, warnings)])
    if len(whole) <= _ONE_LINE:
        return whole
    return f"{text} " + tr("%n warning(s): see the list of jobs.", None, len(warnings))


def concerns(summary: Summary) -> list[Mapping[str, Any]]:
    """The warnings of a job that are more than information."""
    return [warning for warning in summary.get("warnings") or () if warning.get("code") not in INFORMATION]


def retrieval_text(summary: Summary) -> str:
    """How the download of results from another host stands; empty where they are here or there are none."""
    retrieval = summary.get("retrieval") or {}
    state, total = retrieval.get("state"), retrieval.get("total") or 0
    if state == "running":
        share = 100 * (retrieval.get("bytes") or 0) / total if total else 0
        return tr("downloading {0}: {1} %").format(size_text(total), number_text(share))
    if state == "failed":
        return tr("download failed: {0}").format(plain_error(retrieval.get("error") or {}))
    if summary.get("away") and summary.get("state") == "succeeded" and not_here(summary):
        return tr("done; results not downloaded yet ({0})").format(size_text(missing_bytes(summary)))
    return ""


def not_here(summary: Summary) -> list[Mapping[str, Any]]:
    """The outputs that have not been downloaded to this computer."""
    return [output for output in summary.get("outputs") or () if not output.get("path")]


def maps_here(summary: Summary) -> list[Mapping[str, Any]]:
    """The maps that lie on this computer."""
    return [output for output in summary.get("outputs") or () if output.get("kind") == "map" and output.get("path")]


def outputs_folder(summary: Summary) -> str:
    """Where the results lie on this computer; empty where none does."""
    for output in summary.get("outputs") or ():
        if output.get("path"):
            path = PurePath(output["path"])
            return str(path.parents[len(PurePath(output["name"]).parts) - 1])
    return ""


def missing_bytes(summary: Summary) -> int:
    return sum(int(output.get("size") or 0) for output in not_here(summary))
