"""Gathering as a job: the data of a field from public archives, and the region made from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.options import GatherOptions
from deepsoil.jobs.kind import Context, JobPlan, Kind

if TYPE_CHECKING:
    from deepsoil.contract.specification import Specification
    from deepsoil.jobs.folder import JobFolder
    from deepsoil.kinds.gather_planning import Gathering


class GatherPlan(JobPlan):
    """One task, whose pieces are fetched one after another."""

    def __init__(self, title: str, gathering: Gathering) -> None:
        super().__init__(title)
        self._gathering = gathering

    def estimate(self) -> dict[str, Any]:
        from deepsoil.areas import area_m2
        from deepsoil.kinds.gather_planning import sizes

        plan = self._gathering.plan
        return {"area_ha": round(area_m2(plan.ask.outline) / 1e4, 2), **sizes(plan.chosen)}

    def problems(self) -> list[DeepSoilError]:
        return self._gathering.problems()


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
        from deepsoil.kinds.gather_planning import gathering_of

        return GatherPlan(self.title, gathering_of(specification, context))

    def run(self, specification: Specification, folder: JobFolder, context: Context) -> None:
        raise NotImplementedError


KIND = Gather()
