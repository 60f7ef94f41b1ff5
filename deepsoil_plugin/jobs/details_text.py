"""Everything about a job as plain text, to be read and copied."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..text.formatting import plain_error, size_text, time_text
from ..text.translate import engine_message, tr
from .readings import asked_text
from .status_text import Summary, concerns, depths_text, host_of, period_of, state_word, status_text
from .water import entry_text


def details_text(summary: Summary) -> str:
    """One line for each fact; facts that are not known are left out."""
    lines = [_line(title, text) for title, text in (
        (tr("Name"), str(summary.get("name"))), (tr("State"), state_word(str(summary.get("state")))),
        (tr("Where"), host_of(summary) or tr("This computer")), (tr("Now"), status_text(summary)),
        (tr("Dates"), period_of(summary)), (tr("Depths"), depths_text(summary)))
        if text]
    specification = summary.get("specification") or {}
    if region := specification.get("region"):
        lines.append(_line(tr("Region"), region))
    for depth, model in sorted((specification.get("models") or {}).items(), key=lambda item: int(item[0])):
        lines.append(_line(tr("Model for {0} cm").format(depth), model))
    for entry in (specification.get("options") or {}).get("management") or ():
        if text := entry_text(entry):
            lines.append(_line(entry.get("field") or tr("Water"), text))
    if text := asked_text((specification.get("options") or {}).get("readings")):
        lines.append(_line(tr("Readings"), text))
    if reason := summary.get("reason"):
        lines += ["", plain_error(reason), f"({reason.get('code')})"]
    for title, told in ((tr("Warnings:"), concerns(summary)), (tr("To know:"), [
            one for one in summary.get("warnings") or () if one not in concerns(summary)])):
        if told:
            lines += ["", title, *(f"  {plain_error(one)}" for one in told)]
    lines += _machine_lines(summary)
    for key, title in (("created", tr("Created")), ("started", tr("Started")), ("ended", tr("Ended"))):
        if when := time_text(summary.get(key)):
            lines.append(_line(title, when))
    if outputs := summary.get("outputs"):
        lines += ["", tr("Files:"), *(_file_line(output) for output in outputs)]
    return "\n".join(lines)


def _line(title: str, value: Any) -> str:
    return f"{title}: {value}"


def _file_line(output: Mapping[str, Any]) -> str:
    line = f"  {output.get('path') or output.get('name')}  ({size_text(output.get('size') or 0)})"
    return line if output.get("path") else f"{line}  " + tr("not downloaded yet")


def _machine_lines(summary: Summary) -> list[str]:
    """What computers, tasks and schedulers call a job."""
    lines = ["", _line(tr("Job"), summary.get("id")), _line(tr("Computer"), summary.get("machine") or ""),
             _line(tr("Folder"), summary.get("folder"))]
    if tasks := summary.get("tasks"):
        counts = ((tr("waiting"), "waiting"), (tr("running"), "running"), (tr("done"), "succeeded"),
                  (tr("failed"), "failed"))
        text = ", ".join(f"{tasks.get(key) or 0} {word}" for word, key in counts)
        lines.append(_line(tr("Tasks"), f"{tasks.get('total')} ({text})"))
    if scheduler := summary.get("scheduler"):
        numbers = ", ".join(str(number) for number in scheduler.get("ids") or ())
        name = str(scheduler.get("name"))
        lines.append(_line(tr("Scheduler"), tr("{0}, jobs {1}").format(name, numbers) if numbers else name))
        if waiting := engine_message(scheduler, "waiting_for"):
            lines.append(_line(tr("Waiting for"), waiting))
    if resources := (summary.get("specification") or {}).get("resources"):
        asked = ", ".join(f"{key} {value}" for key, value in resources.items()
                          if key != "scheduler" and value is not None)
        lines.append(_line(tr("Resources requested"), asked))
    if (summary.get("knowledge") or "current") != "current":
        lines.append(_line(tr("Last contact"), time_text(summary.get("since"))))
    return lines
