"""The settings of trainings and recipes have the limits and the values that are documented.

A configuration that was written once means the same for ever: another default would train another network, and
another limit refuse what was accepted.
"""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal

import annotated_types
import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.sources import netcdf, point_series, raster, recipe, recipe_parts, recipe_stations, reference_et
from deepsoil.sources.recipe_parts import Period
from deepsoil.sources.yaml_lines import allowed_keys
from deepsoil.training import configuration, configuration_columns, configuration_schedule
from deepsoil.training.configuration import Schedule, parse_configuration
from deepsoil.training.configuration_columns import WeatherSeries
from deepsoil.training.loop import learning_rate
from pydantic import BaseModel, Field, ValidationError
from training_tools import settings

# model.field [limits] value where none is given
TABLE = """
WeatherSeries.temperature [len>=1 len<=2] ; WeatherChoice.series [len>=1] ; Simulation.years [>=1] 4
Simulation.runs_per_series [>=1] 8 ; Simulation.precipitation_factor [] (0.5, 1.7)
Simulation.temperature_shift [] (-4.0, 6.0) ; Simulation.pet_factor [] (0.85, 1.15)
Simulation.lattice_step [>=1] 5 ; Simulation.unseen_textures [>=0] 60 ; Simulation.spinup_days [>=0] 365
Simulation.seed [] 0 ; Stage.share [>0 <=1] ; Stage.patch [>0] ; Stage.batch [>0] ; NetworkChoice.width [>0] 64
NetworkChoice.bounding [] 'sigmoid' ; NetworkChoice.dropout [>=0 <1] 0.1 ; WarmStart.steps [>0]
WarmStart.pixels [>=16] 8192 ; WarmStart.learning_rate [>0] 0.005 ; LossChoice.form [] 'pf'
LossChoice.first_data_weight [>0 <=1] 1.0 ; LossChoice.last_data_weight [>=0 <=1] 0.1
LossChoice.bound_weight [>=0] 100.0 ; LossChoice.suction_weight [>=0] 1.0 ; LossChoice.theta_scale [>0] 0.05
Split.kind [] 'blocked' ; Split.block_days [>=1] 30 ; Split.gap_days [>=0] 30 ; Split.folds [>=2] 5
Split.fold [>=0] 0 ; Split.distance_km [>=0] 10.0 ; Split.seed [] 0 ; Supervision.simulated_share [>=0 <=1] 0.2
Supervision.simulated [] 'columns' ; Supervision.station_window [>=1 <=16] 4 ; Schedule.epochs [>0]
Schedule.steps_per_epoch [>0] ; Schedule.learning_rate [>0] ; Schedule.weight_decay [>=0] 0.0001
Schedule.warm_up [>0 <1] 0.1 ; Schedule.clip_norm [>0] 1.0 ; Schedule.averaging [>=0 <1] 0.99
Schedule.keep [] 'best' ; Schedule.keep_start [] True ; Schedule.trained [] 'all'
Schedule.frozen_statistics [>=0 <=1] 0.5 ; Schedule.stages [len>=1] ; Scoring.batches [>0] 16
Scoring.pixel_network_steps [>0] 3000 ; Configuration.seed [] 0 ; Configuration.inputs [] 'memory'
Configuration.mixed_weather [>=0 <=1] 0.75 ; Time.zone [] 'UTC' ; Time.stamp [] 'start'
Point.longitude [>=-180 <=180] ; Point.latitude [>=-85 <=85] ; StationTables.depths_cm [len>=1]
StationTables.minimum_share [>0 <=1] 0.75 ; StationTables.warmer_than_c [] 1.0 ; IsmnArchive.depths_cm [len>=1]
IsmnArchive.flags [] ('G',) ; IsmnArchive.tolerance_cm [>=0 <=20] 2.5 ; IsmnArchive.thickest_cm [>=0] 10.0
IsmnArchive.minimum_share [>0 <=1] 0.75 ; IsmnArchive.warmer_than_c [] 1.0 ; Area.buffer_m [>=0 <=100000] 0.0
Recipe.root [] '.' ; Recipe.channels [len>=1] ; SeriesSource.minimum_share [>0 <=1] 0.75
SeriesSource.bridge_days [>=0 <=10] 0 ; SeriesSource.combine [] 'mean'
ReferenceEtSource.wind_height_m [>0.1 <=50] 2.0 ; ReferenceEtSource.minimum_share [>0 <=1] 0.75
ReferenceEtSource.bridge_days [>=0 <=10] 0 ; RasterSource.band [>=1] 1 ; RasterSource.resampling [] 'auto'
RasterSource.scale [] 1.0 ; RasterSource.offset [] 0.0 ; NetcdfSource.files [len>=1]
"""
MODULES = (configuration, configuration_columns, configuration_schedule, recipe_parts, recipe_stations, recipe,
           point_series, reference_et, raster, netcdf)
SIGNS = {annotated_types.Ge: (">=", "ge"), annotated_types.Gt: (">", "gt"), annotated_types.Le: ("<=", "le"),
         annotated_types.Lt: ("<", "lt"), annotated_types.MinLen: ("len>=", "min_length"),
         annotated_types.MaxLen: ("len<=", "max_length")}


def rows() -> list[tuple[str, str, str, str]]:
    found = [re.fullmatch(r"(\w+)\.(\w+) \[(.*?)\] ?(.*)", item.strip()) for item in re.split(r" ; |\n", TABLE.strip())]
    assert all(found)
    return [one.groups() for one in found if one]  # type: ignore[misc]


@pytest.mark.parametrize(("model", "name", "limits", "usual"), rows())
def test_a_setting_has_its_limits_and_its_usual_value(model: str, name: str, limits: str, usual: str) -> None:
    kind = next(getattr(module, model) for module in MODULES if hasattr(module, model))
    field = kind.model_fields[name]
    found = [f"{sign}{getattr(one, value):g}" for one in field.metadata for like, (sign, value) in SIGNS.items()
             if isinstance(one, like)]
    assert " ".join(found) == limits
    if usual:
        assert repr(field.default) == usual


def changed(**changes: Any) -> dict[str, Any]:
    return settings(Path("/w"), 20) | changes


@pytest.mark.parametrize(("changes", "words"), [
    ({"depth_cm": 7}, "no depth of 7 cm"), ({"network": {"kind": "huge"}}, "no network"),
    ({"network": {"kind": "light_unet", "bounding": "soil"}}, "needs theta_r"),
    ({"split": {"kind": "leave_station_out"}}, "needs the stations"), ({"colour": 1}, "is not a setting"),
    ({"split": {"kind": "none"}, "supervision": {"region": "/r"}}, "set keep to last"),
    ({"split": {"kind": "leave_year_out"}, "supervision": {"region": "/r"}}, "set keep to last"),
    ({"name": "-x"}, "pattern"), ({"name": "x" * 101}, "pattern")])
def test_settings_that_contradict_each_other_are_refused(changes: dict[str, Any], words: str) -> None:
    parse_configuration(changed(), "it")
    parse_configuration(changed(name="x" * 100), "it")
    with pytest.raises(DeepSoilError, match=words):
        parse_configuration(changed(**changes), "it")


def test_a_training_goes_through_its_stages_and_its_rate_up_and_down() -> None:
    schedule = Schedule.model_validate({
        "epochs": 10, "steps_per_epoch": 20, "learning_rate": 0.01, "warm_up": 0.1,
        "stages": [{"share": 0.25, "patch": 16, "batch": 4}, {"share": 0.75, "patch": 32, "batch": 2}]})
    assert schedule.steps == 200
    assert [schedule.stage(step).patch for step in (0, 49, 50, 199, 500)] == [16, 16, 32, 32, 32]
    rates = [learning_rate(step, schedule) for step in range(201)]
    assert rates[0] == pytest.approx(0.01 / 20) and rates[9] == pytest.approx(0.005) and max(rates) == rates[19]
    assert rates[20] == pytest.approx(0.01) and rates[110] == pytest.approx(0.01 * 0.505)
    assert rates[200] == pytest.approx(0.0001) and all(a > b for a, b in pairwise(rates[20:]))
    for shares in ((0.5, 0.4), (0.5, 0.6)):
        with pytest.raises(ValidationError, match="sum to 1"):
            Schedule.model_validate(schedule.model_dump() | {"stages": [
                {"share": share, "patch": 16, "batch": 4} for share in shares]})


def test_a_series_gives_one_humidity_and_two_temperatures_with_vapour_pressure() -> None:
    base = {"name": "a", "file": "f", "date": "d", "precipitation": "p", "temperature": ["t"], "pet": "e"}
    for fits in ({"vpd": "v"}, {"vapour_pressure": "v", "temperature": ["a", "b"]}):
        WeatherSeries.model_validate(base | fits)
    for wrong in ({}, {"vpd": "v", "vapour_pressure": "w", "temperature": ["a", "b"]}, {"vapour_pressure": "v"}):
        with pytest.raises(ValidationError):
            WeatherSeries.model_validate(base | wrong)


@pytest.mark.parametrize(("box", "fits"), [
    ((-180, -85, 180, 85), True), ((-180.1, 0, 1, 1), False), ((0, -85.1, 1, 1), False), ((0, 0, 180.1, 1), False),
    ((0, 0, 1, 85.1), False), ((1, 0, 1, 1), False), ((0, 1, 1, 1), False), ((2, 0, 1, 1), False),
    ((0, 2, 1, 1), False)])
def test_a_box_runs_from_south_west_to_north_east(box: tuple[float, ...], fits: bool) -> None:
    if fits:
        assert recipe.Area(box=box).buffer_m == 0.0  # type: ignore[arg-type]
    else:
        with pytest.raises(ValidationError):
            recipe.Area(box=box)  # type: ignore[arg-type]
    for both in ({}, {"box": (0, 0, 1, 1), "file": "a"}):
        with pytest.raises(ValidationError):
            recipe.Area.model_validate(both)
    Period.model_validate({"start": "2020-01-02", "end": "2020-01-02"})
    with pytest.raises(ValidationError):
        Period.model_validate({"start": "2020-01-02", "end": "2020-01-01"})


def test_an_archive_of_ismn_is_told_from_tables_by_its_key() -> None:
    assert recipe_stations._station_form({"ismn": "a.zip"}) == "IsmnArchive"
    assert recipe_stations._station_form({"list": "a.csv"}) == "StationTables"
    assert recipe_stations._station_form(recipe_stations.IsmnArchive(ismn="a")) == "IsmnArchive"
    assert recipe_stations._station_form(None) == "StationTables"


class _Inner(BaseModel):
    here: int
    short: int = Field(alias="sh")


class _Other(BaseModel):
    kind: Literal["other", "second"]
    there: int


class _Outer(BaseModel):
    one: _Inner
    either: Annotated[_Inner | _Other, Field()]
    many: list[_Inner]
    named: dict[str, _Other | None]
    alias: _Inner = Field(alias="as")


@pytest.mark.parametrize(("location", "keys"), [
    ((), ["as", "either", "many", "named", "one"]), (("one",), ["here", "sh"]), (("one", "here"), []),
    (("as",), ["here", "sh"]), (("alias",), ["here", "sh"]), (("many",), []), (("many", "0"), ["here", "sh"]),
    (("named", "any"), ["kind", "there"]), (("either",), ["here", "kind", "sh", "there"]),
    (("either", "other"), ["kind", "there"]), (("either", "second"), ["kind", "there"]),
    (("either", "_Inner"), ["here", "sh"]), (("either", "third"), ["here", "kind", "sh", "there"]),
    (("either", "sh"), []), (("one", "_Inner"), ["here", "sh"])])
def test_keys_that_are_allowed_at_a_place(location: tuple[str, ...], keys: list[str]) -> None:
    assert allowed_keys(_Outer, location) == keys
