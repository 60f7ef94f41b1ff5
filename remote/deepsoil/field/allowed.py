"""What the plants of a field may use of the available water without stress."""

from __future__ import annotations

from deepsoil.contract.management import Management
from deepsoil.soil.crops import crop_of
from deepsoil.soil.irrigation import SUMMER


def allowed_depletion(management: Management | None) -> float:
    """By what is known of the field, else FAO-56's p: of its crop, or a usual one. DeepSoilError ``crop_unknown``."""
    known = management or Management()
    of_plants = SUMMER.stress_free if known.crop is None else crop_of(known.crop).depletion
    return known.allowed_depletion or of_plants
