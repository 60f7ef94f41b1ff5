"""Jobs in the user's words: where, how far, what they wait for, what went wrong. Pure apart from the translator."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from ..contract import FINAL_STATES
from ..text.dates import dates_of, period_text
from ..text.formatting import left_text, plain_error, size_text, time_text, tr

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


def about_text(summary: Summary) -> str:
    """What stands at the right of a job's name: its dates and depths, or what else it is."""
    if kind := {"train": tr("training"), "simulate": tr("simulation"), "ingest": tr("building a region")}.get(
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
    message = _lowered(str(summary.get("message") or ""))
    if knowledge == "sending":
        return tr("not yet sent; {0}").format(message or tr("goes as soon as the host answers"))
    if knowledge == "unreachable":
        return tr("waiting for the network; last known: {0}").format(_progress_text(summary))
    if knowledge == "unknown":
        return message or tr("its scheduler does not know it any more")
    return _progress_text(summary)


def _progress_text(summary: Summary) -> str:
    message, tasks = str(summary.get("message") or ""), tasks_text(summary)
    if summary.get("state") == "queued":
        return _lowered(message or str((summary.get("scheduler") or {}).get("waiting_for") or tr("Waiting")))
    parts = [f"{100 * (summary.get('progress') or 0):.0f} %"]
    if (left := summary.get("seconds_left")) is not None:
        parts.append(left_text(left))
    if not summary.get("away"):
        return " · ".join([*parts, message] if message else parts)
    # A cluster's job is told by its tasks first: that is the figure that one looks for.
    doing = _lowered(message) or (tr("running, {0}").format(tasks) if tasks else tr("running"))
    if failed := (summary.get("tasks") or {}).get("failed"):
        doing = f"{doing}, {tr('{0} failed').format(failed)}"
    return " · ".join([doing, *parts])


def _lowered(text: str) -> str:
    """A sentence as it goes on after a colon; a name of capitals stays."""
    return text[0].lower() + text[1:] if text[1:2].islower() and not text.startswith("Slurm") else text


def _end_text(summary: Summary) -> str:
    state, reason = summary.get("state"), summary.get("reason") or {}
    brought = retrieval_text(summary)
    if state == "failed" or (reason and state == "succeeded"):
        told = " ".join(word for word in (str(reason.get("message") or summary.get("message") or tr("Failed.")),
                                          str(reason.get("hint") or "")) if word)
        return " · ".join(word for word in (brought, told) if word)
    if state == "cancelled":
        count = len(summary.get("outputs") or [])
        told = tr("Cancelled; finished results that are kept: {0}").format(count) if count else tr("Cancelled")
        return " · ".join(word for word in (brought, told) if word)
    done = {"evaluate": tr("Compared with stations"), "train": tr("Trained")}.get(str(summary.get("kind")), tr("Done"))
    return " · ".join(word for word in (brought or done, time_text(summary.get("ended"))) if word)


def end_text(summary: Summary) -> str:
    """That a job has ended, short enough for a line in QGIS's message bar."""
    name, host = summary.get("name"), host_of(summary)
    if summary.get("state") == "failed":
        text = tr("{0} failed. {1}").format(name, plain_error(summary.get("reason") or {}))
        return text if len(text) <= _ONE_LINE else tr("{0} failed; its line in the list of jobs says why.").format(name)
    if summary.get("kind") == "train":
        return tr("{0} has been trained on {1}.").format(name, host) if host else tr("{0} has been trained."
                                                                                       ).format(name)
    if host and not_here(summary):
        return tr("{0} is ready on {1}.").format(name, host)
    return tr("{0} is ready.").format(name)


def retrieval_text(summary: Summary) -> str:
    """How bringing the results of another host stands; empty where they are here or there are none."""
    retrieval = summary.get("retrieval") or {}
    state, total = retrieval.get("state"), retrieval.get("total") or 0
    if state == "running":
        share = 100 * (retrieval.get("bytes") or 0) / total if total else 0
        return tr("bringing {0} here: {1:.0f} %").format(size_text(total), share)
    if state == "failed":
        return tr("not brought here: {0}").format(plain_error(retrieval.get("error") or {}))
    if summary.get("away") and summary.get("state") == "succeeded" and not_here(summary):
        return tr("done, results still there ({0})").format(size_text(missing_bytes(summary)))
    return ""


def not_here(summary: Summary) -> list[Mapping[str, Any]]:
    """The outputs that have not been brought to this computer."""
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


def details_text(summary: Summary) -> str:
    """Everything about a job, to be read and copied."""
    lines = [f"{tr('Name')}: {summary.get('name')}", f"{tr('State')}: {state_word(str(summary.get('state')))}",
             f"{tr('Where')}: {host_of(summary) or tr('This computer')}"]
    lines += [f"{title}: {text}" for title, text in (
        (tr("Now"), status_text(summary)), (tr("Dates"), period_of(summary)), (tr("Depths"), depths_text(summary)))
        if text]
    specification = summary.get("specification") or {}
    if region := specification.get("region"):
        lines.append(f"{tr('Region')}: {region}")
    for depth, model in sorted((specification.get("models") or {}).items(), key=lambda item: int(item[0])):
        lines.append(f"{tr('Model')} {depth} cm: {model}")
    if reason := summary.get("reason"):
        lines += ["", plain_error(reason), f"({reason.get('code')})"]
    lines += _machine_lines(summary)
    for key, title in (("created", tr("Created")), ("started", tr("Started")), ("ended", tr("Ended"))):
        if when := time_text(summary.get(key)):
            lines.append(f"{title}: {when}")
    if outputs := summary.get("outputs"):
        lines += ["", tr("Files:")]
        lines += [f"  {output.get('path') or output.get('name')}  ({size_text(output.get('size') or 0)})"
                  + ("" if output.get("path") else f"  {tr('not brought here yet')}") for output in outputs]
    return "\n".join(lines)


def _machine_lines(summary: Summary) -> list[str]:
    """What a job is called by computers, tasks and schedulers."""
    lines = ["", f"{tr('Job')}: {summary.get('id')}", f"{tr('Computer')}: {summary.get('machine') or ''}",
             f"{tr('Folder')}: {summary.get('folder')}"]
    if tasks := summary.get("tasks"):
        words = ((tr("waiting"), "waiting"), (tr("running"), "running"), (tr("done"), "succeeded"),
                 (tr("failed"), "failed"))
        told = ", ".join(f"{tasks.get(key) or 0} {word}" for word, key in words)
        lines.append(f"{tr('Tasks')}: {tasks.get('total')} ({told})")
    if scheduler := summary.get("scheduler"):
        numbers = ", ".join(str(number) for number in scheduler.get("ids") or ())
        lines.append(f"{tr('Scheduler')}: {scheduler.get('name')}" + (f", {tr('jobs')} {numbers}" if numbers else ""))
        if waiting := scheduler.get("waiting_for"):
            lines.append(f"{tr('Waits')}: {waiting}")
    if resources := (summary.get("specification") or {}).get("resources"):
        asked = ", ".join(f"{key} {value}" for key, value in resources.items()
                          if key != "scheduler" and value is not None)
        lines.append(f"{tr('Asked for')}: {asked}")
    if (summary.get("knowledge") or "current") != "current":
        lines.append(f"{tr('Last heard of')}: {time_text(summary.get('since'))}")
    return lines
