"""The card of a model: description, training data, scores and limitations, in Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import deepsoil
from deepsoil.channels import REQUIRED
from deepsoil.networks.registry import find_network
from deepsoil.soil.vegetation import GROUPS
from deepsoil.training.column_tables import ColumnTables
from deepsoil.training.configuration import Configuration
from deepsoil.training.scores import SimulationScore, table
from deepsoil.training.station_scores import StationScore
from deepsoil.training.weather_runs import WeatherRun

SIMULATED_ONLY = """\
* The labels are simulated. No soil moisture measurement, from a station or a satellite, took part in training or in
  these scores: they say how well the network stands in for the simulation, not how well the simulation stands in for
  a field. Compare with stations (`deepsoil evaluate`) before decisions depend on it.
"""
MIXED = """\
* Most labels are simulated, and the scores against the simulation say how well the network stands in for it, not how
  well the simulation stands in for a field. The stations are those of one place: elsewhere they teach little.
  Compare with stations (`deepsoil evaluate`) before decisions depend on it.
"""
PIXELS = """\
* It is a network of single pixels: it knows nothing of water that comes from uphill or of a field's edge.
"""
UNWATERED = """\
* No training label was irrigated. Irrigated land will be drier on the map than in the field unless its water is said.
"""
WATERED = """\
* A field whose water is not said is predicted as if it had none. With the water said the network follows the columns,
  which were too wet on irrigated fields of the synthetic sample region (docs/accuracy.md).
"""
LIMITS = """\
* One uniform soil from the surface down; no stones, no water table, no lateral flow, no frozen soil. A wetland is a
  column that is watered as fast as it dries.
* Vegetation is one seasonal curve a land-cover group, by climate; it knows no drought stress, harvest or crop.
* Weather of two places, made wetter, drier, warmer and cooler, is not the weather of every place. Monsoon, fog and
  permanent snow were not seen.
* What is older than 30 days reaches the network as snow water and the fill of simple soil water stores, worked out
  from the region's own weather. With less than a year of it they are unknown, and the errors are larger.
* Elevation, slope, aspect and climate class have no effect on the simulated labels."""


def card(configuration: Configuration, tables: ColumnTables, rows: Sequence[SimulationScore],
         stations: Sequence[StationScore], quantisation_error: float, parameters: int, minutes: float,
         best_epoch: int) -> str:
    """The card of a finished training; ``best_epoch`` is -1 if the initial weights were never improved."""
    schedule, simulation, loss = configuration.schedule, configuration.simulation, configuration.loss
    stages = ", then ".join(f"{round(stage.share * schedule.steps)} steps of {stage.batch} patches of {stage.patch} × "
                            f"{stage.patch} pixels" for stage in schedule.stages)
    warm = configuration.warm_start
    start = f"{warm.steps} steps of {warm.pixels} single pixels for the per-pixel path, then " if warm else ""
    mixed = configuration.supervision
    if mixed and mixed.start:
        start = f"the weights of {Path(mixed.start).name}, then "
    if (monthly := schedule.monthly) is not None:
        start += f"{monthly.epochs} epochs of monthly means, then "
    kept = f" (epoch {best_epoch + 1} of {schedule.all_epochs})" if best_epoch >= 0 else ": those of the start"
    chosen = "the last are kept" if schedule.keep == "last" else \
        f"those with the lowest error on the validation {'station days' if mixed else 'dates'} are kept{kept}"
    training = tables.training
    columns = sum(t.theta.shape[0] * t.theta.shape[1] * t.theta.shape[2]
                  for t in (tables.training, tables.unseen_weather, tables.unseen_textures))
    failed = sum(t.failed for t in (tables.training, tables.unseen_weather, tables.unseen_textures))
    missing = ", ".join(f"{name} {share:.0%}" for name, share in configuration.missing.items()) or "none"
    places = " and ".join(series.name.replace("_", " ").title() for series in configuration.weather.series)
    required = ", ".join(name for name in configuration.channels if name in REQUIRED)
    irrigation = _irrigated_lines(configuration, training.runs)
    return f"""\
# {configuration.title} ({configuration.name} {configuration.version})

Volumetric water content at {configuration.depth_cm} cm, m³/m³, on the nominal 30 m grid.
Network: {configuration.network.kind}, {parameters:,} parameters, bounding {configuration.network.bounding};
weights in 8 bits (layers at full resolution in float), largest difference to full precision
{quantisation_error:.5f} m³/m³. Licence CC-BY-4.0. Made with DeepSoil {deepsoil.__version__}:

    deepsoil train resources/training/{configuration.name}.yaml
{_station_scores(stations)}
## Trained on
* **Labels**: {columns:,} simulated soil columns (Richards equation, Rosetta 3 parameters, {failed} did not converge and
  label nothing), {len(training.textures)} textures over the whole triangle ×
  {len(GROUPS)} land-cover groups ({", ".join(group.name for group in GROUPS)}) × {len(training.runs)} weather runs of
  {simulation.years} years.
* **Weather**: real daily weather of {places} (gridMET), {simulation.period[0]} to {simulation.period[1]}.
  All but the first run of each place are perturbed: precipitation × {simulation.precipitation_factor[0]:g} to
  {simulation.precipitation_factor[1]:g}, temperature
  {simulation.temperature_shift[0]:+g} to {simulation.temperature_shift[1]:+g} °C, PET × {simulation.pet_factor[0]:g} to
  {simulation.pet_factor[1]:g} besides what the temperature brings.
{irrigation}* **Patches**: drawn anew for every step: random fields of texture and terrain, parcels of land cover.
  Elevation and climate class are drawn at random. What optional channels show follows land cover, season and soil,
  with noise. Missing at random: {missing}.
* **Training**: {start}{stages};
  AdamW, {minutes:.0f} min; seed {configuration.seed}.
  Loss: squared error and suction ({loss.form}) with bounds, weight of the data from {loss.first_data_weight:g} to
  {loss.last_data_weight:g}. The weights are averaged over the
  last steps; {chosen}.
{_station_lines(configuration)}
Required channels: {required}. All others may be missing.

## Scores against simulated soil columns (synthetic: nothing here was measured), m³/m³
{configuration.split.block_days}-day blocks of dates with {configuration.split.gap_days}-day gaps separate training,
validation and test dates. *Unseen weather*: {simulation.years} whole years of each place after the training period, as
measured. *Unseen textures*: {len(tables.unseen_textures.textures)} textures off the training lattice.
*Required channels only*: test dates without a single optional channel. Climatology, persistence and mean know the very
column (on unseen weather: the mean of all training places); persistence knows the truth of a week ago.

{table(rows)}

## Limits
{_limits(configuration)}
"""


def _limits(configuration: Configuration) -> str:
    """What the network cannot know."""
    return "".join((MIXED if configuration.supervision else SIMULATED_ONLY,
                    PIXELS if find_network(configuration.network.kind).single_pixels else "",
                    WATERED if configuration.simulation.irrigation else UNWATERED, LIMITS))


def _irrigated_lines(configuration: Configuration, runs: Sequence[WeatherRun]) -> str:
    """The runs with water; empty where there are none."""
    choice = configuration.simulation.irrigation
    if choice is None:
        return ""
    watered = sum(run.water is not None for run in runs)
    return f"* **Irrigation**: {watered} of the runs are others with water given by habit from May to September: " \
           f"{choice.mm[0]:g} to {choice.mm[1]:g} mm\n  when {choice.depletion[0]:.0%} to {choice.depletion[1]:.0%} " \
           f"of {choice.available_mm[0]:g} to {choice.available_mm[1]:g} mm are used; the water is in the labels and " \
           "in the rain that is shown.\n"


def _station_lines(configuration: Configuration) -> str:
    """The stations used; empty without stations."""
    mixed = configuration.supervision
    if mixed is None:
        return ""
    return f"* **Stations**: those of the region {Path(mixed.region).name}, after quality control; a batch is " \
           f"simulated with\n  probability {mixed.simulated_share:g}, else it shows stations (split: " \
           f"{configuration.split.kind}).\n"


def _station_scores(stations: Sequence[StationScore]) -> str:
    """The scores at the stations, days that were not learnt from first; says so where there are none."""
    title = "\n## Accuracy at stations, m³/m³\n"
    if not stations:
        return f"{title}Not known: it was never compared with a station.\n"
    order = {"test": 0, "validation": 1, "train": 2}
    names = {"test": "test", "validation": "validation", "train": "train: days that it has learnt from"}
    lines = ["All station days of a part as one sample; beside it the station's own value of a week before.", "",
             "| part | period | stations | days | MAE | RMSE | bias | r | MAE, a week before |",
             "|---|---|---|---|---|---|---|---|---|"]
    lines += [f"| {names[row.part]} | {row.first} to {row.last} | {row.stations} | {row.days:,} | {row.mae:.4f} | "
              f"{row.rmse:.4f} | {row.bias:+.4f} | {row.r:.3f} | {row.persistence_mae:.4f} |"
              for row in sorted(stations, key=lambda row: order[row.part])]
    return title + "\n".join(lines) + "\n"
