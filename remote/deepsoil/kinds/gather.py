"""Gathering as a job: the data of a field from public archives, and the region made from them.

The job itself is here; its steps, in their order, have a module each:

    gather_planning    what plans share: the day, sizes, the answer about archives, names (no network)
    gather_request     what would be fetched for a field, and where it goes (no network)
    gather_extending   which region near by takes a field in (no network)
    gather_refreshing  what would bring a region up to today (no network)
    gather_folder      what prevents gathering into a folder
    gather_work        fetching, the ingest, and the update of a region; also for the command `deepsoil gather`
    gather_stations    small regions around the nearest stations, by which `predict_verification` judges results
    gather_changes     which finished maps would be others after an update

How archives are chosen and fetched is in `deepsoil.archives` (`choice`, `gathering`, `folder`).
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.options import GatherOptions
from deepsoil.contract.table_cells import guarded_row
from deepsoil.jobs import made_region
from deepsoil.jobs.kind import Context, JobPlan, Kind

if TYPE_CHECKING:
    from deepsoil.archives.archive import Piece
    from deepsoil.archives.choice import Plan
    from deepsoil.contract.specification import Specification
    from deepsoil.jobs.folder import JobFolder
    from deepsoil.kinds.gather_changes import ChangedMap
    from deepsoil.kinds.gather_work import Surroundings


class GatherPlan(JobPlan):
    """One task, whatever number of tasks was asked for."""

    def __init__(self, title: str, plan: Plan, pieces: list[Piece], problems: list[DeepSoilError]) -> None:
        super().__init__(title)
        self._plan, self._pieces, self._problems = plan, pieces, problems

    def estimate(self) -> dict[str, Any]:
        from deepsoil.areas import area_m2
        from deepsoil.kinds.gather_planning import sizes

        return {"area_ha": round(area_m2(self._plan.ask.outline) / 1e4, 2), **sizes(self._pieces)}

    def problems(self) -> list[DeepSoilError]:
        return self._problems


class Gather(Kind):
    """One task; whatever was fetched is kept, so that another job for the same folder takes it up."""

    name = "gather"
    title = "Data from public archives"
    options = GatherOptions
    extra = "sources"
    resumable = True

    def prepare(self, specification: Specification, context: Context) -> Specification:
        """The job without a scheduler: nodes of a cluster often have no internet, the login node has."""
        options = specification.options_as(GatherOptions)
        if specification.area is None and not options.update:
            raise DeepSoilError("specification_invalid", "A job of kind '{kind}' needs the field '{name}'.", "Add it.",
                                "area", kind=self.name, name="area")
        return specification.model_copy(update={"resources": None})

    def plan(self, specification: Specification, context: Context) -> JobPlan:
        if specification.options_as(GatherOptions).update:
            from deepsoil.kinds.gather_refreshing import refreshing_of

            refreshing = refreshing_of(specification, context)
            return GatherPlan(self.title, refreshing.plan, refreshing.pieces, refreshing.problems())
        from deepsoil.kinds.gather_request import gathering_of

        work = gathering_of(specification, context)
        return GatherPlan(self.title, work.plan, work.pieces, work.problems())

    def run(self, specification: Specification, folder: JobFolder, context: Context) -> None:
        """Fetch, ingest, and remember the region, which the job's summary names.

        Raises
        ------
        DeepSoilError
            As `gather_work.gather` and `gather_work.ingest` say.
        """
        from deepsoil.kinds.gather_work import Surroundings

        options = specification.options_as(GatherOptions)
        around = Surroundings(context.home, folder.progress, folder.log, folder.cancelled, options.offline)
        region = (_updated(specification, folder, context, around) if options.update
                  else _made(specification, folder, context, around))
        made_region.record(folder.path, region["id"])
        folder.log(f"The store {region['path']} is the region '{region['id']}'.")


def _made(specification: Specification, folder: JobFolder, context: Context, around: Surroundings) -> dict[str, Any]:
    from deepsoil.kinds import gather_work
    from deepsoil.kinds.gather_request import gathering_of

    work = gathering_of(specification, context)
    if work.obstacle is not None:
        raise work.obstacle
    if work.region is None:
        recipe = gather_work.gather(work.plan, gather_work.record_of(work), work.folder, around)
        return gather_work.ingest(recipe, work.plan.ask.outline, context, around)
    _, region, changed = gather_work.extend(work, context, around)
    assert region is not None, "it was made"
    _write_changed(folder, changed)
    return region


def _updated(specification: Specification, folder: JobFolder, context: Context, around: Surroundings) -> dict[str, Any]:
    from deepsoil.kinds import gather_work
    from deepsoil.kinds.gather_refreshing import refreshing_of

    region, changed = gather_work.refresh(refreshing_of(specification, context), context, around)
    _write_changed(folder, changed)
    return region


def _write_changed(folder: JobFolder, changed: list[ChangedMap]) -> None:
    """The table of the finished maps that would be others now."""
    table = folder.temporary("changed_maps.csv")
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("job", "job_name", "map", "date"))
        writer.writerows(guarded_row((one.job, one.job_name, one.name, str(one.day))) for one in changed)
    folder.add_output(table, "table")


KIND = Gather()
