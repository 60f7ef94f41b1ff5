"""How the sample region's truth differs from what is published of it, and from what a model may know.

A model that is tested on a region made with its own solver, soil curves and weather meets its twin and proves nothing.
So the truth has other soil curves (as far from the pedotransfer as measured ones are), patches of other soils than the
map shows, its own rain, of which the published one is a flawed copy, water that runs from slopes to hollows, and
sensors with an offset and a slope of their own. Fixed before any model was trained on the region.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Differences:
    """Sizes; standard deviations where nothing else is said.

    soil_curves: measured minus pedotransfer, in units of what the Oklahoma MesoSoil samples show (``sample.retention``)
    inclusions: share of the land whose soil is not the one on the map
    rain: of the logarithm of a day's published rain over the true one; rain_bias: the same of a cell, for all days
    demand: of the logarithm of a day's published reference evapotranspiration over the true one
    run_off: share of a day's rain above 5 mm that runs from slopes to hollows
    rain_hours: hours from midnight in which the true rain falls
    sensor_offset: m³/m³; sensor_slope: of a sensor's response round its own mean
    """

    soil_curves: float = 1.0
    inclusions: float = 0.15
    rain: float = 0.35
    rain_bias: float = 0.08
    demand: float = 0.08
    run_off: float = 0.35
    rain_hours: float = 8.0
    sensor_offset: float = 0.02
    sensor_slope: float = 0.15


USUAL = Differences()
NONE = Differences(soil_curves=0.0, inclusions=0.0, rain=0.0, rain_bias=0.0, demand=0.0, run_off=0.0, rain_hours=24.0,
                   sensor_offset=0.0, sensor_slope=0.0)
"""The truth is a twin of the soil columns under the published weather, but for irrigation, plants and sensor noise."""
