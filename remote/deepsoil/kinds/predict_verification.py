"""What a result says beside its maps: how the same method did at the nearest stations in the same weeks.

For regions that were gathered from public archives, whose fields nobody has measured. Regions with stations of their
own are what ``evaluate`` is for.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from deepsoil.archives import folder as gathered
from deepsoil.archives import region_parts
from deepsoil.archives.near_stations import NEAR_KM
from deepsoil.areas import together
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.options import PredictOptions
from deepsoil.io import json_files
from deepsoil.jobs.warnings import add_warning
from deepsoil.kinds.gather_stations import stores_of
from deepsoil.kinds.region_and_models import models_of, store_of

if TYPE_CHECKING:
    from deepsoil.contract.specification import Specification
    from deepsoil.evaluation.verified import Verification
    from deepsoil.jobs.folder import JobFolder
    from deepsoil.jobs.kind import Context
    from deepsoil.store.store import Store

OUTPUT = "verification.json"


def publish(specification: Specification, folder: JobFolder, context: Context) -> None:
    """Write ``verification.json`` and say it with the result, for a prediction in a gathered region; else nothing.

    Raises
    ------
    DeepSoilError
        ``cancelled``. What goes wrong at a station is told in the log.
    """
    from deepsoil.store.store import Store

    store = store_of(specification, context)
    home = store.path.parent
    if not gathered.is_gathered(home):
        return
    field = together(specification.area_document).bounds
    found: list[Verification] = []
    for path in [store.path, *stores_of(home)]:
        try:
            here = store if path == store.path else Store.open(path)
            found += _at(here, _with_maps(here, path.parent), field, specification, folder, context)
        except DeepSoilError as error:
            if error.code == "cancelled":
                raise
            folder.log(f"{error.message} {error.hint}", "warning")
    found = [one for one in found if one.km <= NEAR_KM]  # the region may have been extended from a field far away
    found.sort(key=lambda one: (one.km, one.station, one.depth_cm))
    for told in _told(found):
        folder.log(f"{told.message} {told.hint}")
        add_warning(folder.path, told)
    draft = folder.temporary(OUTPUT)
    document: dict[str, Any] = {"near_km": NEAR_KM, "verified": [one.to_dict() for one in found]}
    draft.write_bytes(json_files.encoded(document))
    folder.add_output(draft, "metrics")


def _told(found: list[Verification]) -> list[DeepSoilError]:
    """What the result says: of each depth the nearest station, or that there is none."""
    nearest: dict[int, Verification] = {}
    for one in found:
        nearest.setdefault(one.depth_cm, one)
    if not nearest:
        return [DeepSoilError("not_verified", "Not verified here: no station within {km:g} km measured soil moisture "
                              "in these weeks.", "Readings of your own would say how good the maps are.", km=NEAR_KM)]
    return [DeepSoilError(
        "verified_near", "At the station {name} ({network}), {km:.0f} km away, the same method differs from the "
        "readings at {depth} cm by {bias:+.3f} m³/m³ on the mean and by {mae:.3f} on a day, over {days} days.",
        "Soil and weather are others there than in the field.", name=one.name, network=one.network, km=one.km,
        depth=depth, bias=one.bias, mae=one.mae, days=one.days) for depth, one in sorted(nearest.items())]


def _with_maps(store: Store, home: Path) -> list[str]:
    """The stations of a gathered region where it has soil and terrain, which its store does not have everywhere."""
    record, stations = gathered.read(home), store.stations()
    if record is None or not len(stations):
        return []
    boxes = [record.bounds, *(part.record.bounds for part in region_parts.parts_of(home))]
    return [name for name, x, y in zip(stations.ids, stations.longitudes, stations.latitudes, strict=True)
            if any(west <= x <= east and south <= y <= north for west, south, east, north in boxes)]


def _at(store: Store, stations: list[str], field: tuple[float, float, float, float], specification: Specification,
        folder: JobFolder, context: Context) -> list[Verification]:
    from deepsoil.evaluation.columns import SoilColumns
    from deepsoil.evaluation.networks import Networks
    from deepsoil.evaluation.verified import verified

    if not stations:
        return []
    options = specification.options_as(PredictOptions)
    method = SoilColumns(store, specification.depths) if options.method == "column" else Networks(
        store, models_of(specification, context), options.vegetation, options.threads)
    return verified(store, field, method, specification.days, lambda share, message: folder.stop_if_cancelled(),
                    only=stations)
