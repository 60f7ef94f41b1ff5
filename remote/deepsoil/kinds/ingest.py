"""Ingestion as a job: the store of a region from a recipe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deepsoil.contract.options import IngestOptions
from deepsoil.jobs import made_region
from deepsoil.jobs.kind import Context, Kind

if TYPE_CHECKING:
    from deepsoil.contract.specification import Specification
    from deepsoil.jobs.folder import JobFolder


class Ingest(Kind):
    """One task: the sources of a recipe are read one after the other."""

    name = "ingest"
    title = "Ingestion"
    options = IngestOptions
    extra = "sources"

    def run(self, specification: Specification, folder: JobFolder, context: Context) -> None:
        """Build ``options.store`` from ``options.recipe`` and remember it as a region.

        Raises
        ------
        DeepSoilError
            As the recipe and its sources say; the old store, where there was one, is then as it was.
        """
        from deepsoil.sources.ingest import ingest

        options = specification.options_as(IngestOptions)
        store = ingest(options.recipe, options.store, on_progress=folder.progress, cancelled=folder.cancelled)
        region = context.regions.add(store.path)
        made_region.record(folder.path, region["id"])
        folder.log(f"The store {store.path} is the region '{region['id']}'.")


KIND = Ingest()
