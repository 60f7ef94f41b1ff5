"""APSIM's SWIM3 compared with our column in its ``swim3`` mode, with the same soils, rain and evaporation demand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.soil.apsim.apsimx import hydraulics
from deepsoil.soil.apsim.layers import NodeRule, at_depth, node_depths_cm
from deepsoil.soil.apsim.project import Project
from deepsoil.soil.apsim.report import Reports
from deepsoil.soil.column import simulate_columns
from deepsoil.soil.column_settings import ColumnSettings
from deepsoil.soil.forcing import Forcing
from deepsoil.soil.profile import Profile

Array = NDArray[np.float64]

# SWIM3 reduces evaporation below the demand only if the surface is this dry
SURFACE_DRY_CM = 1e6
STEP_HOURS = 1.0
WATER_BALANCE = ("drainage", "runoff", "evaporation")


@dataclass(frozen=True)
class Difference:
    """Ours minus APSIM's over the days of interest of one point.

    bias, mae, rmse, largest: of θ at the depth, m³/m³. water_mm: sums of drainage, runoff and evaporation, ours minus
    APSIM's, mm a year, as far as APSIM reported them.
    """

    name: str
    bias: float
    mae: float
    rmse: float
    largest: float
    water_mm: dict[str, float]


def settings(project: Project) -> ColumnSettings:
    """Settings of our column to match APSIM: its layers, nodes, curves, whole-day rain, no snow, end-of-day values."""
    return ColumnSettings(
        profile=Profile.swim3(0.1 * np.asarray(project.layers_mm)),
        hydraulics="swim3",
        swim3=project.options,
        surface_dry_cm=SURFACE_DRY_CM,
        initial_suction_cm=project.options.dul_suction_cm,
        snow=False,
        theta="end",
        maximum_step_hours=STEP_HOURS,
    )


def compare(
    project: Project,
    reports: Reports,
    depth_cm: float = 20.0,
    rule: NodeRule = "since-2022-10",
    on_progress: Callable[[int, int], None] | None = None,
) -> tuple[list[Difference], list[str]]:
    """Differences of the points in the reports, and the names of those at which our column failed.

    Ours runs over all reported days, spin-up included, with the rain and the potential evaporation that APSIM
    reported; the days before `project.first` are then left out of the scores.

    Raises DeepSoilError ``bad_report`` if rain or potential evaporation is missing or the days do not match, and
    ``bad_option`` for the nodes of before October 2022, which are not in the layers whose water they hold.
    """
    if rule != "since-2022-10":
        raise DeepSoilError("bad_option", "Our column has no node layout of before October 2022.",
                            "Run APSIM of a later version, or only read these reports.", "nodes")
    missing = {"rain", "demand"} - set(reports.fluxes)
    if missing:
        raise DeepSoilError("bad_report", "APSIM did not report {missing}.",
                            "Add [Weather].Rain and [Soil].SoilWater.Eos to the report.",
                            missing=' and '.join(sorted(missing)))
    begin = project.first - timedelta(days=project.spinup_days)
    if reports.start != begin:
        raise DeepSoilError("bad_report", "The report begins on {start}, the project on {begin}.",
                            "Run APSIM on the project's own files.",
                            start=reports.start, begin=begin)
    _check_nodes(project, reports)
    if not reports.names:
        return [], []
    points = {point.name: point for point in project.points}
    count = len(reports.names)
    forcing = Forcing(reports.fluxes["rain"], reports.fluxes["demand"], np.zeros((count, reports.days)))
    ours = simulate_columns(
        hydraulics([points[name] for name in reports.names]),
        forcing,
        np.arange(count),
        depths_cm=(depth_cm,),
        spinup_days=0,
        settings=settings(project),
        on_progress=on_progress,
    )
    scored = reports.from_day(project.first)
    skip = reports.days - scored.days
    theirs = at_depth(scored.water, node_depths_cm(project.layers_mm, rule), depth_cm)
    difference = ours.theta[:, 0, skip:].astype(np.float64) - theirs
    years = scored.days / 365.25
    differences, lost = [], []
    for n, name in enumerate(reports.names):
        if ours.failed[n]:
            lost.append(name)
            continue
        d = difference[n]
        water = {
            flux: float((getattr(ours, flux)[n, skip:].sum(dtype=np.float64) - scored.fluxes[flux][n].sum()) / years)
            for flux in WATER_BALANCE
            if flux in scored.fluxes
        }
        differences.append(
            Difference(name, float(d.mean()), float(np.abs(d).mean()), float(np.sqrt((d * d).mean())),
                       float(np.abs(d).max()), water)
        )
    return differences, lost


def _check_nodes(project: Project, reports: Reports) -> None:
    nodes = reports.water.shape[2]
    if nodes != len(project.layers_mm):
        raise DeepSoilError("bad_report", "The report has {nodes} nodes, the project {count} layers.",
                            "Run APSIM on the project's own files.",
                            nodes=nodes, count=len(project.layers_mm))
