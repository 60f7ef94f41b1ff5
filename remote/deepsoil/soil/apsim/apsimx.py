"""Simulation trees of APSIM Next Generation (`.apsimx`, JSON) for bare fallow under SWIM3 (paper §3.5). Pure.

Bare soil: no plant, no irrigation, no residue. SAT, DUL, LL15, Ks and KDul are those of our ``swim3`` mode, so
that a difference between the two is due to the solvers. Choices that the paper leaves open: unit gradient
below, start at DUL, no curve-number runoff (CN2Bare 0), short steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from deepsoil.soil import retention, rosetta
from deepsoil.soil.retention import VanGenuchten
from deepsoil.soil.swim3 import Swim3Options, Swim3Soils, swim3_soils

Node = dict[str, Any]

# The form with nodes Water, Solute and Nutrient; newer builds convert it, and older ones refuse it. Where SWIM3's
# nodes are depends on the build that runs it: see `layers.rule_of_version`.
FILE_VERSION = 159
SOIL_WATER = "SoilWater"  # name of the Swim3 node, hence of the columns `Soil.SoilWater.SW(1)`
REPORTED = (
    "[Clock].Today",
    "[Weather].Rain",
    f"[Soil].{SOIL_WATER}.SW",
    f"[Soil].{SOIL_WATER}.Runoff",
    f"[Soil].{SOIL_WATER}.Drainage",
    f"[Soil].{SOIL_WATER}.Es",
    f"[Soil].{SOIL_WATER}.Eos",
)
SOLUTES = ("NO3", "NH4", "Urea")  # SWIM3 requires them; without nitrogen they do not affect water
PARTICLE_DENSITY = 2.65  # g/cm³; APSIM refuses SAT above 1 - BD / 2.65
BULK_DENSITY_MARGIN = 0.005
SWIM3_NUMERICS: Node = {"DTMin": 0.0, "DTMax": 30.0, "MaxWaterIncrement": 2.0, "SpaceWeightingFactor": 0.0}
DEFAULT_OPTIONS = Swim3Options(vapour=True)


@dataclass(frozen=True)
class Point:
    """One site: its name in APSIM, degrees north and east, texture in per cent, and the name of its weather."""

    name: str
    latitude: float
    longitude: float
    sand: float
    silt: float
    clay: float
    weather: str


def hydraulics(points: Sequence[Point]) -> VanGenuchten:
    """van Genuchten soils (N,) of the points' textures. Raises DeepSoilError ``bad_texture``."""
    texture = np.array([(point.sand, point.silt, point.clay) for point in points]).T
    return rosetta.parameters(*texture)


def simulations(
    points: Sequence[Point],
    layers_mm: Sequence[float],
    first: date,
    last: date,
    options: Swim3Options = DEFAULT_OPTIONS,
) -> Node:
    """The tree of one file with a simulation for each point, over the days first to last.

    Each simulation reads ``weather.met`` of its point, which is beside the file.
    """
    params = hydraulics(points)
    soils = swim3_soils(params, options)
    air_dry = retention.water_limits(params, options.dul_suction_cm).air_dry
    children = [
        _simulation(point, _soil(point, list(layers_mm), soils[n], float(air_dry[n])), first, last)
        for n, point in enumerate(points)
    ]
    store = _node("Models.Storage.DataStore", "DataStore", useFirebird=False, CustomFileName=None)
    return {"$type": "Models.Core.Simulations, Models", "Version": FILE_VERSION, "Name": "Simulations",
            "ResourceName": None, "Children": [*children, store], "Enabled": True, "ReadOnly": False}


def _node(kind: str, name: str, children: Sequence[Node] = (), resource: str | None = None, **values: Any) -> Node:
    return {"$type": f"{kind}, Models", **values, "Name": name, "ResourceName": resource, "Children": list(children),
            "Enabled": True, "ReadOnly": False}


def _simulation(point: Point, soil: Node, first: date, last: date) -> Node:
    zone = _node(
        "Models.Core.Zone", "Field",
        [
            _node("Models.Report", "Report", VariableNames=list(REPORTED), EventNames=["[Clock].DoReport"],
                  GroupByVariableName=None),
            _bare_surface(),
            soil,
        ],
        Area=1.0, Slope=0.0, AspectAngle=0.0, Altitude=0.0,
    )
    return _node(
        "Models.Core.Simulation", point.name,
        [
            _node("Models.Clock", "Clock", Start=f"{first}T00:00:00", End=f"{last}T00:00:00"),
            _node("Models.Summary", "Summary", Verbosity=1),  # errors and warnings
            _node("Models.Climate.Weather", "Weather", ConstantsFile=None, FileName=f"{point.weather}.met",
                  ExcelWorkSheetName=""),
            _node("Models.MicroClimate", "MicroClimate", a_interception=0.0, b_interception=1.0, c_interception=0.0,
                  d_interception=0.0, SoilHeatFluxFraction=0.4, MinimumHeightDiffForNewLayer=0.0,
                  NightInterceptionFraction=0.5, ReferenceHeight=2.0),
            _node("Models.Soils.Arbitrator.SoilArbitrator", "SoilArbitrator"),
            zone,
        ],
        Descriptors=None,
    )


def _bare_surface() -> Node:
    return _node(
        "Models.Surface.SurfaceOrganicMatter", "SurfaceOrganicMatter", resource="SurfaceOrganicMatter",
        InitialResidueName="none", InitialResidueType="wheat", InitialResidueMass=0.0, InitialStandingFraction=0.0,
        InitialCPR=0.0, InitialCNR=80.0,
    )


def _soil(point: Point, layers: list[float], soil: Swim3Soils, air_dry: float) -> Node:
    """The soil: one texture over all layers."""
    def every(value: float) -> list[float]:
        return [round(float(value), 6)] * len(layers)

    sand, silt, clay = rosetta.normalise_texture(point.sand, point.silt, point.clay)
    dense = PARTICLE_DENSITY * (1.0 - float(soil.saturated) - BULK_DENSITY_MARGIN)
    below = [n > 0 for n in range(len(layers))]
    physical = _node(
        "Models.Soils.Physical", "Physical", Thickness=layers, ParticleSizeClay=every(float(clay)),
        ParticleSizeSand=every(float(sand)), ParticleSizeSilt=every(float(silt)), Rocks=None, Texture=None,
        BD=every(dense), AirDry=every(air_dry), LL15=every(float(soil.lower_limit_15bar)),
        DUL=every(float(soil.drained_upper_limit)), SAT=every(float(soil.saturated)),
        KS=every(10.0 * float(soil.ks_cm_per_day)),
    )
    swim3 = _node(
        "Models.Soils.Swim3", SOIL_WATER, Salb=0.13, CN2Bare=0.0, CNRed=20.0, CNCov=0.8,
        KDul=round(10.0 * float(soil.kdul_cm_per_day), 6), PSIDul=-soil.dul_suction_cm, VC=soil.vapour,
        **SWIM3_NUMERICS, SoluteSpaceWeightingFactor=1.0, Dis=0.0, Disp=1.0, A=2.0, DTHC=0.1, DTHP=2.0,
        Diagnostics=False,
    )
    organic = _node(
        "Models.Soils.Organic", "Organic", FOMCNRatio=40.0, Thickness=layers, Carbon=[0.5 if b else 1.0 for b in below],
        CarbonUnits=0, SoilCNRatio=every(12.0), FBiom=[0.01 if b else 0.04 for b in below],
        FInert=[0.9 if b else 0.4 for b in below], FOM=every(0.0),
    )
    return _node(
        "Models.Soils.Soil", "Soil",
        [
            physical, swim3, organic,
            _node("Models.Soils.Chemical", "Chemical", Thickness=layers, PH=every(7.0), PHUnits=0),
            _node("Models.Soils.Water", "Water", Thickness=layers,
                  InitialValues=every(float(soil.drained_upper_limit)), FilledFromTop=False),
            *(_node("Models.Soils.Solute", name, Thickness=layers, InitialValues=every(0.0), InitialValuesUnits=1,
                    WaterTableConcentration=0.0, D0=0.05, Exco=every(0.0), FIP=every(1.0), DepthConstant=0.0,
                    MaxDepthSoluteAccessible=0.0, RunoffEffectivenessAtMovingSolute=0.0, MaxEffectiveRunoff=0.0)
              for name in SOLUTES),
            _node("Models.Soils.Nutrients.Nutrient", "Nutrient", resource="Nutrient"),
            _node("Models.Soils.CERESSoilTemperature", "Temperature"),
        ],
        RecordNumber=0, Latitude=point.latitude, Longitude=point.longitude,
    )
