"""Every number of the contract is taken up to its limits and refused beyond; channels and depths are as written."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from deepsoil.channels import BUCKETS_MM, CHANNELS, LONGEST_WINDOW_DAYS, REQUIRED, WEATHER, in_words
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.host import PROPOSED_RESOURCES, HostResources, parse_host, shell_path
from deepsoil.contract.methods import METHODS
from deepsoil.contract.resources import Resources
from deepsoil.contract.specification import parse_specification
from deepsoil.depths import DEPTHS
from test_jobs_specification import CONTRACT

WORK = {"area": None, "models": {}, "output": None, "dates": None, "depths_cm": None}


def job(kind: str = "predict", **changes: Any) -> dict[str, Any]:
    base = CONTRACT if kind == "predict" else {k: v for k, v in CONTRACT.items() if k not in WORK}
    return {**base, "kind": kind, **changes}


def taken(document: dict[str, Any]) -> bool:
    try:
        parse_specification(document)
    except DeepSoilError as error:
        assert error.code == "specification_invalid" and error.field
        return False
    return True


LIMITS = {"gpus": (0, 64), "cpus": (1, 1024), "memory_mb": (1, 100_000_000), "minutes": (1, 525_600),
          "tasks": (1, 100_000), "processes": (1, 1024), "attempts": (1, 20)}


@pytest.mark.parametrize("name", LIMITS)
def test_resources_have_their_limits_in_jobs_and_hosts(name: str) -> None:
    least, most = LIMITS[name]
    host = {"id": "hydra", "title": "Hydra", "address": "hydra.example.org"}
    for value, fits in ((least, True), (most, True), (least - 1, False), (most + 1, False)):
        document = job(resources={"scheduler": "slurm", name: value})
        assert taken(document) == fits
        if fits:
            assert getattr(parse_host({**host, "resources": {name: value}}).resources, name) == value
            continue
        with pytest.raises(DeepSoilError) as caught:
            parse_specification(document)
        assert caught.value.field == f"resources.{name}" and f"from {least} to {most}" in caught.value.hint
        with pytest.raises(DeepSoilError):
            parse_host({**host, "resources": {name: value}})


def test_what_is_not_asked_for_has_its_documented_value() -> None:
    assert Resources().most_attempts == 3 and Resources(attempts=1).most_attempts == 1
    plain = HostResources()
    assert (plain.gpus, plain.tasks, plain.processes, plain.attempts, plain.cpus) == (0, 1, 1, 3, None)
    assert (PROPOSED_RESOURCES.cpus, PROPOSED_RESOURCES.memory_mb, PROPOSED_RESOURCES.minutes,
            PROPOSED_RESOURCES.tasks) == (4, 8000, 240, 16)


@pytest.mark.parametrize(("change", "fits"), [
    ({"name": "x"}, True), ({"name": "x" * 200}, True), ({"name": "x" * 201}, False), ({"name": ""}, False),
    ({"region": ""}, False), ({"id": "0" * 32}, True), ({"id": "0" * 31}, False), ({"id": "0" * 33}, False),
    ({"output": {"resolution_m": 1}}, True), ({"output": {"resolution_m": 10_000}}, True),
    ({"output": {"resolution_m": 0.99}}, False), ({"output": {"resolution_m": 10_001}}, False),
    ({"output": {"crs": "EPSG:4326"}}, True), ({"output": {"crs": "EPSG:123456"}}, True),
    ({"output": {"crs": "EPSG:123"}}, False), ({"output": {"crs": "EPSG:1234567"}}, False),
    ({"dates": {"start": "2023-01-01", "end": "2024-01-01"}}, True),
    ({"dates": {"start": "2023-01-01", "end": "2024-01-02"}}, False),
    ({"dates": {"start": "2023-01-01", "end": "2022-12-31"}}, False),
    ({"options": {"threads": 1}}, True), ({"options": {"threads": 1024}}, True), ({"options": {"threads": 0}}, False),
    ({"options": {"threads": 1025}}, False), ({"options": {"vegetation": "nearest"}}, True),
    ({"options": {"vegetation": "best"}}, False), ({"depths_cm": [20, 5]}, True), ({"dates": None}, False)])
def test_a_prediction_has_its_limits(change: dict[str, Any], fits: bool) -> None:
    assert taken(job(**change)) == fits


def test_days_and_depths_of_a_job_are_in_order() -> None:
    made = parse_specification(job(depths_cm=[20, 5], dates={"start": "2024-02-28", "end": "2024-03-01"}))
    assert made.depths == [5, 20] and [str(day) for day in made.days] == ["2024-02-28", "2024-02-29", "2024-03-01"]
    assert made.output.resolution_m == 30 and made.scheduler == "process"


@pytest.mark.parametrize(("options", "fits"), [
    ({"texture_step": 1}, True), ({"texture_step": 50}, True), ({"texture_step": 0}, False),
    ({"texture_step": 51}, False), ({"shard": "1/1"}, True), ({"shard": "12/345"}, True), ({"shard": "0/3"}, False),
    ({"shard": "1/0"}, False), ({"shard": "1"}, False), ({"sample": {"pixels": 1, "year": 1900}}, True),
    ({"sample": {"pixels": 0, "year": 2000}}, False), ({"sample": {"pixels": 1, "year": 1899}}, False),
    ({"sample": {"pixels": 1, "year": 2200}}, True), ({"sample": {"pixels": 1, "year": 2201}}, False),
    ({"sample": {"pixels": 1, "year": 2000, "seed": -1}}, False),
    ({"sample": {"pixels": 1, "year": 2000, "seed": 0}}, True),
    ({"sample": {"pixels": 1, "year": 2000}, "shard": "1/2"}, False), ({"store": "/a"}, False)])
def test_a_simulation_has_its_limits(options: dict[str, Any], fits: bool) -> None:
    """Of a region; with a store beside it, it would not be known which is meant."""
    assert taken(job("simulate", options=options)) == fits


def test_a_simulation_of_a_store_needs_no_region_and_one_of_them_is_needed() -> None:
    document = job("simulate", options={"store": "/data/store"})
    del document["region"]
    assert taken(document) and not taken({**document, "options": {}})
    assert not taken({**document, "options": {"store": "store"}})


@pytest.mark.parametrize(("options", "fits"), [
    ({"configuration": "/a.yaml"}, True), ({"configuration": "a.yaml"}, False), ({}, False),
    ({"configurations": ["/a.yaml", {"name": "b"}]}, True), ({"configurations": ["/a.yaml", "/a.yaml"]}, False),
    ({"configurations": [{"name": "b"}, {"name": "b"}]}, False), ({"configurations": [{"title": "b"}]}, False),
    ({"configurations": []}, False), ({"configurations": [f"/{n}.yaml" for n in range(1000)]}, True),
    ({"configurations": [f"/{n}.yaml" for n in range(1001)]}, False),
    ({"configuration": "/a.yaml", "configurations": ["/b.yaml"]}, False)])
def test_a_training_has_its_limits(options: dict[str, Any], fits: bool) -> None:
    document = job("train", options=options)
    del document["region"]
    assert taken(document) == fits


@pytest.mark.parametrize(("change", "fits"), [
    ({"port": 1}, True), ({"port": 65_535}, True), ({"port": 0}, False), ({"port": 65_536}, False),
    ({"id": "a" * 64}, True), ({"id": "a" * 65}, False), ({"id": "-a"}, False), ({"id": "local"}, False),
    ({"title": "x" * 100}, True), ({"title": "x" * 101}, False), ({"title": ""}, False),
    ({"address": "a" * 255}, True), ({"address": "a" * 256}, False), ({"address": "anna@hydra"}, False),
    ({"address": "-oProxyCommand=x"}, False), ({"user": "u" * 255}, True), ({"user": "u" * 256}, False),
    ({"authentication": "key"}, False), ({"authentication": "key", "key_file": "~/.ssh/id"}, True),
    ({"home": "~"}, True), ({"home": "~/a b"}, True), ({"home": "relative"}, False), ({"home": "/a:b"}, False),
    ({"home": "/" + "a" * 499}, True), ({"home": "/" + "a" * 500}, False), ({"colour": "blue"}, False)])
def test_a_host_has_its_limits(change: dict[str, Any], fits: bool) -> None:
    document = {"id": "hydra", "title": "Hydra", "address": "hydra.example.org", **change}
    if fits:
        host = parse_host(document)
        assert host.authentication == change.get("authentication", "agent") and host.scheduler == "slurm"
        return
    with pytest.raises(DeepSoilError) as caught:
        parse_host(document)
    assert caught.value.code == "host_invalid"


def test_a_home_is_one_word_for_a_shell() -> None:
    assert [shell_path(path) for path in ("~", "~/", "~/a b", "/x y", "/plain")] == [
        '"$HOME"', '"$HOME"', "\"$HOME\"/'a b'", "'/x y'", "/plain"]


def test_parameters_of_methods_have_their_types() -> None:
    parameters = {parameter.type: parameter for method in METHODS.values() for parameter in method.parameters}
    good = {"text": "x", "count": 0, "flag": False, "object": {}, "list": []}
    for name, parameter in parameters.items():
        parameter.check(good[name])
        for other in (None, 1.5, *(value for key, value in good.items() if key != name)):
            if name == "count" and other is False:
                continue
            with pytest.raises(DeepSoilError) as caught:
                parameter.check(other)
            assert caught.value.code == "params_invalid"
    count = parameters["count"]
    count.check(2**53)
    for value in (-1, 2**53 + 1, True, False):
        with pytest.raises(DeepSoilError):
            count.check(value)


# unit, kind, least, most
ROWS = """
sand % static 0 100 | silt % static 0 100 | clay % static 0 100 | bulk_density g/cm3 static 0.5 2
theta_r m3/m3 static 0 0.3 | theta_s m3/m3 static 0.2 0.8 | log10_vg_alpha log10(1/cm) static -3.5 0
vg_n - static 1 5 | log10_ks log10(cm/day) static -1 4 | organic_matter % static 0 20
available_water_storage mm static 0 270 | elevation m static -122.35 4500 | slope degree static 0 60
aspect degree static 0 360 | northness - static -1 1 | land_cover NLCD-class static 11 95
koppen Koeppen-class static 1 30 | red reflectance static 0 0.6 | green reflectance static 0 0.6
blue reflectance static 0 0.6 | ndvi - dated -0.2 1 | lai m2/m2 dated 0 10 | smap m3/m3 coarse 0 0.6
precipitation mm/day coarse 0 100 | temperature degC coarse -40 45 | vpd kPa coarse 0 6 | pet mm/day coarse 0 15
precipitation_3d mm sum 0 150 | precipitation_7d mm sum 0 200 | precipitation_30d mm sum 0 400
pet_7d mm sum 0 90 | pet_30d mm sum 0 350 | water_balance_7d mm sum -100 200 | water_balance_30d mm sum -350 400
season_sin - calendar -1 1 | season_cos - calendar -1 1 | snow_water mm memory 0 300 | bucket_10mm - memory 0 1
bucket_30mm - memory 0 1 | bucket_60mm - memory 0 1 | bucket_120mm - memory 0 1 | bucket_250mm - memory 0 1
bucket_500mm - memory 0 1 | cover_grass - class 0 1 | cover_crop - class 0 1 | cover_forest - class 0 1
cover_shrub - class 0 1 | cover_bare - class 0 1 | cover_wetland - class 0 1
"""


def test_channels_have_the_ranges_that_models_were_trained_with() -> None:
    """A model file repeats them: with other ranges every published model would be refused, or wrong."""
    wanted = {name: (unit.replace("-class", " class"), kind, float(least), float(most))
              for name, unit, kind, least, most in (row.split() for row in ROWS.strip().replace("\n", "|").split("|"))}
    own = {name: channel for name, channel in CHANNELS.items() if name in wanted}
    assert {name: (c.unit, c.kind, c.minimum, c.maximum) for name, c in own.items()} == wanted
    assert {name for name, c in own.items() if c.classes} == {"land_cover", "koppen"}
    assert {name for name, c in own.items() if c.circular} == {"aspect"}
    assert {name: c.carry_days for name, c in own.items() if c.carry_days is not None} == {"smap": 3}
    assert {name: c.days for name, c in own.items() if c.kind == "sum"} == {
        name: int(name.rpartition("_")[2][:-1]) for name, row in wanted.items() if row[1] == "sum"}
    balance = ("precipitation", "pet")
    assert all(c.sources == (balance if name.startswith("water") else (name.rpartition("_")[0],))
               for name, c in own.items() if c.kind == "sum")
    assert {f"bucket_{size}mm": size for size in (10, 30, 60, 120, 250, 500)} == BUCKETS_MM
    assert LONGEST_WINDOW_DAYS == 30 and {"sand", "silt", "clay", "elevation", *WEATHER} == REQUIRED
    assert WEATHER == ("precipitation", "temperature", "vpd", "pet")
    assert in_words(["smap", "bucket_10mm", "cover_crop"]) == [
        "SMAP surface soil moisture", "year of weather"] and in_words([]) == []


def test_a_channel_is_scaled_by_its_range_and_stays_inside() -> None:
    for channel in CHANNELS.values():
        span = channel.maximum - channel.minimum
        values = np.array([channel.minimum - span, channel.minimum, channel.minimum + span / 4, channel.maximum,
                           channel.maximum + span, np.nan], np.float32)
        before = values.copy()
        np.testing.assert_allclose(channel.normalise(values), [0, 0, 0.25, 1, 1, np.nan], atol=1e-5)
        np.testing.assert_array_equal(values, before)
        assert channel.normalise_in_place(values) is values


def test_depths_have_their_sensors_and_models() -> None:
    assert {depth.depth_cm: (depth.tolerance_cm, depth.network, depth.model, depth.symbol, len(depth.paper_channels),
                             len(depth.channels)) for depth in DEPTHS.values() if depth.depth_cm in (5, 20)} == {
        5: (2.5, "surface_unet", "deepsoil-5cm", "circle", 32, 45), 20: (5.0, "light_unet", "deepsoil-20cm", "square",
                                                                        20, 33)}
    assert DEPTHS[20].channels[:8] == ("sand", "silt", "clay", "elevation", "slope", "aspect", "land_cover", "koppen")
    assert set(DEPTHS[5].document()) == {"depth_cm", "title", "description", "model", "tolerance_cm", "colour",
                                         "symbol"}
