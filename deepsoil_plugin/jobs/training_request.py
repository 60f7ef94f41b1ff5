"""What the user wants to train, as data: rows over one configuration, turned into a job specification."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..contract import LONGEST_NAME, MOST_CONFIGURATIONS, SCHEMA
from ..text.formatting import number_text
from ..text.translate import tr

Document = dict[str, Any]


@dataclass(frozen=True)
class TrainingRow:
    """One training. ``region``: path of the region or store at the host whose stations it learns from."""

    name: str
    seed: int = 0
    epochs: int = 1
    region: str = ""


@dataclass(frozen=True)
class TrainingRequest:
    """``base``: a whole configuration, as the engine reads it. ``weather``: folder of the weather series there."""

    base: Document
    name: str
    weather: str = ""
    start: str = ""
    rows: tuple[TrainingRow, ...] = ()

    def specification(self, job_id: str, resources: Mapping[str, Any] | None) -> dict[str, Any]:
        """The job specification of the contract, with one configuration a row."""
        document: dict[str, Any] = {
            "schema": SCHEMA, "id": job_id, "kind": "train",
            "name": (self.name.strip() or tr("Training"))[:LONGEST_NAME],
            "options": {"configurations": [self.document(row) for row in self.rows]}}
        if resources:
            document["resources"] = dict(resources)
        return document

    def document(self, row: TrainingRow) -> Document:
        """The configuration of a row."""
        document = copy.deepcopy(self.base)
        document["name"], document["seed"] = row.name, row.seed
        document["schedule"]["epochs"] = row.epochs
        if self.weather:
            document["weather"]["root"] = self.weather
        if learns_from_stations(document):
            if row.region:
                document["supervision"]["region"] = row.region
            document["supervision"]["start"] = self.start or None
        return document


def learns_from_stations(document: Document) -> bool:
    return bool(document.get("supervision"))


def base_row(document: Document) -> TrainingRow:
    """The training that a configuration describes."""
    region = document["supervision"]["region"] if learns_from_stations(document) else ""
    return TrainingRow(document["name"], document["seed"], document["schedule"]["epochs"], region)


def rows_for(template: TrainingRow, regions: Sequence[tuple[str, str]], seeds: int) -> tuple[TrainingRow, ...]:
    """The template for each of the regions (name, path) and each of so many seeds, with names of their own.

    Without regions, only for the seeds.
    """
    found = []
    for region_name, path in regions or [("", template.region)]:
        for seed in range(template.seed, template.seed + max(1, seeds)):
            parts = [template.name, slug(region_name), f"seed-{seed}" if seeds > 1 else ""]
            found.append(replace(template, name="-".join(part for part in parts if part), seed=seed, region=path))
    return unique(found)


def unique(rows: Sequence[TrainingRow]) -> tuple[TrainingRow, ...]:
    """The rows with a number after every name that stood before."""
    seen: set[str] = set()
    found = []
    for row in rows:
        name, number = row.name, 2
        while name in seen:
            name, number = f"{row.name}-{number}", number + 1
        seen.add(name)
        found.append(replace(row, name=name))
    return tuple(found)


def slug(text: str) -> str:
    """A name of which files can be called: small letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def problem_of(request: TrainingRequest | None) -> str:
    """What has yet to be put right here, before the engine is asked; empty where nothing."""
    if request is None:
        return tr("Choose a configuration to start from.")
    if not request.rows:
        return tr("Add at least one training to the table.")
    if len(request.rows) > MOST_CONFIGURATIONS:
        return tr("One job can hold at most {0} trainings.").format(MOST_CONFIGURATIONS)
    names: set[str] = set()
    for row in request.rows:
        if not row.name.strip():
            return tr("Every training needs a name.")
        if row.name in names:
            return tr("“{0}” is in the table twice. Give each training its own name.").format(row.name)
        names.add(row.name)
    return ""


def description(document: Document) -> str:
    """What a configuration does, in a few plain sentences."""
    schedule, split = document["schedule"], document["split"]
    network = {"light_unet": tr("the light network"), "surface_unet": tr("the surface network"),
               "light_pixels": tr("the light network of single pixels"),
               "surface_pixels": tr("the surface network of single pixels")}.get(
        document["network"]["kind"], document["network"]["kind"])
    series = ", ".join(str(one["name"]).replace("_", " ").title() for one in document["weather"]["series"])
    learns = tr("simulated soil columns with the weather of {0}").format(series)
    if learns_from_stations(document):
        share = 100 * (1 - document["supervision"]["simulated_share"])
        learns = tr("{0}, and from stations in {1} % of the steps").format(learns, number_text(share))
    held_out = {"blocked": tr("blocks of %n day(s)", None, int(split["block_days"])),
                "paper": tr("random days by season"),
                "leave_station_out": tr("one in {0} stations").format(split["folds"]),
                "leave_station_and_year_out": tr("one in {0} stations, in one whole year").format(split["folds"]),
                "leave_year_out": tr("one whole year"), "none": tr("nothing")}.get(split["kind"], split["kind"])
    return tr("Trains {0}. Epochs: {1}, steps per epoch: {2}. Training data: {3}. Held out for testing: {4}.").format(
        network, schedule["epochs"], schedule["steps_per_epoch"], learns, held_out)
