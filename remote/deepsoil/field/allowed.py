"""What the plants of a field may use of the available water without stress."""

from __future__ import annotations

from deepsoil.contract.management import Management
from deepsoil.soil.crops import crop_of
from deepsoil.soil.irrigation import SUMMER


def allowed_depletion(management: Management | None) -> float:
    """FAO-56's p: of the field's crop, or a usual one. DeepSoilError ``crop_unknown``."""
    crop = None if management is None else management.crop
    return SUMMER.stress_free if crop is None else crop_of(crop).depletion
