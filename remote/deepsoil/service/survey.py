"""The method ``compare_readings``: readings of the user beside the maps of a job."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deepsoil.contract.errors import DeepSoilError

if TYPE_CHECKING:
    from deepsoil.service.jobs import Jobs


def compare_readings(jobs: Jobs, job: str, values: Sequence[Any]) -> dict[str, Any]:
    """`survey.compare` with the maps of soil moisture that a job has so far.

    DeepSoilError ``job_missing``, ``no_maps``, and those of `parse_options` for values that are no readings.
    """
    from deepsoil.contract.options import PredictOptions
    from deepsoil.contract.specification import parse_options
    from deepsoil.evaluation.survey import MapFile, compare
    from deepsoil.inference.quantities import SOIL_MOISTURE

    options = parse_options("predict", {"readings": {"values": list(values)}})
    assert isinstance(options, PredictOptions) and options.readings is not None
    folder = jobs.folder(job).outputs_path
    maps = [MapFile(Path(folder, one["name"]), one["depth_cm"], one["date"]) for one in jobs.outputs(job)
            if one["kind"] == "map" and one.get("depth_cm") is not None and one.get("date")
            and one["name"].rpartition("/")[2].startswith(SOIL_MOISTURE.name)]
    if not maps:
        raise DeepSoilError("no_maps", "The job has no map of soil moisture.", "Choose a finished map.", "id")
    return compare(options.readings.values, maps).to_dict()
