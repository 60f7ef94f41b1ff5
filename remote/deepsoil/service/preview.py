"""The method about previews: the fields that were looked at last stay in memory, each ready for another day."""

from __future__ import annotations

import base64
import json
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from deepsoil.contract.errors import DeepSoilError

if TYPE_CHECKING:
    from deepsoil.contract.specification import Specification
    from deepsoil.inference.preview import FieldPreview
    from deepsoil.jobs.kind import Context
    from deepsoil.models.library import Model
    from deepsoil.store.store import Store

_KEPT = 2


class Previews:
    """Answers ``preview``."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[Store, dict[int, Model], FieldPreview]] = OrderedDict()

    def answer(self, document: dict[str, Any]) -> dict[str, Any]:
        """The maps of the first day of a prediction (a specification) as pixels, as JSON.

        Raises what its estimate names as a problem, ``no_weather``, ``area_too_large``, ``preview_networks_only``.
        """
        from deepsoil.contract.options import PredictOptions
        from deepsoil.contract.specification import parse_specification
        from deepsoil.inference.quantities import SOIL_MOISTURE
        from deepsoil.kinds.region_and_models import filled, store_of

        asked = parse_specification(document)
        if not isinstance(asked.options, PredictOptions) or asked.options.method == "column":
            raise DeepSoilError("preview_networks_only", "Only maps of the networks have a preview.",
                                "Choose networks, or make the map.", "options.method")
        specification = filled(asked, self._context)
        day = specification.days[0]
        preview = self._ready(specification)
        maps = [{"field": name, "epsg": target.epsg, "resolution_m": target.resolution_m, "left_m": target.left_m,
                 "top_m": target.top_m, "width": target.width, "height": target.height,
                 "depths": {str(depth): base64.b64encode(steps.astype("<u2").tobytes()).decode("ascii")
                            for depth, steps in by_depth.items()}}
                for name, target, by_depth in zip(preview.names(), preview.targets, preview.maps(day), strict=True)]
        return {"day": str(day), "forecast": store_of(specification, self._context).is_forecast(day),
                "scale": SOIL_MOISTURE.scale, "readings_used": False, "maps": maps}

    def _ready(self, specification: Specification) -> FieldPreview:
        from deepsoil.inference.plan import cover_area, local_memory_bytes, make_plan, side_for
        from deepsoil.inference.preview import FieldPreview
        from deepsoil.kinds.region_and_models import models_of, store_of

        key = json.dumps({**specification.to_dict(), "id": None, "name": None, "dates": None}, sort_keys=True)
        store, models = store_of(specification, self._context), models_of(specification, self._context)
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or kept[0] is not store or kept[1] != models:  # one that changed is opened anew
                budget = local_memory_bytes()
                sides = {depth: side_for(model, budget) for depth, model in models.items()}
                plan = make_plan(specification, store, cover_area(specification, store), models, sides)
                self._kept[key] = kept = (store, models, FieldPreview(plan))
            self._kept.move_to_end(key)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            return kept[2]
