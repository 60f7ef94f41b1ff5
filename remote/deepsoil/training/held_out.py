"""The predictions of a training at the stations and on the days that it held out, as a table for a calibration."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.table_cells import guarded_row
from deepsoil.training.supervision import Supervised

FILE = "held_out.csv"

Array = NDArray[np.float32]


def held_out_csv(supervised: Supervised, depth_cm: int, network: Callable[[Array], Array]) -> str:
    """One row for each station and day of the test part that has a reading; empty where nothing was held out."""
    inputs = supervised.inputs
    known = supervised.parts.test & np.isfinite(inputs.observed)
    if not known.any():
        return ""
    predicted = inputs.predict(network)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("station", "depth_cm", "date", "observed", "predicted"))
    writer.writerows(guarded_row((inputs.stations.ids[s], depth_cm, str(inputs.stations.dates[t]),
                                  f"{inputs.observed[s, t]:.4f}", f"{predicted[s, t]:.4f}"))
                     for s, t in np.argwhere(known))
    return text.getvalue()
