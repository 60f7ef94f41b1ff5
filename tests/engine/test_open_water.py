"""Open water and ice have no soil moisture: no values in maps, and a word where a whole field is water."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio.warp
import zarr
from deepsoil.grid import pixel_to_lonlat
from deepsoil.inference.predict import predict_window
from deepsoil.jobs.kind import Context
from deepsoil.kinds.preparation import Requests
from deepsoil.kinds.registry import find_kind
from inference_tools import DAY, FIELD, HERE, built, document, make_context, new_job, open_model, ring, stack_for

LAKE = ring((300, 300), (360, 305), (350, 350))


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up ground with two lakes and a glacier."""
    folder = tmp_path_factory.mktemp("lakes")
    shutil.copytree(built(tmp_path_factory), folder, dirs_exist_ok=True)
    cover = zarr.open_group(folder / "store", mode="r+")["static/land_cover"]
    cover[100:150, 100:150] = 11
    cover[160:170, 150:205] = 12
    cover[280:380, 280:380] = 11
    return folder


@pytest.fixture
def context(ground: Path, tmp_path: Path) -> Context:
    return make_context(ground, tmp_path / "home")


def warned(context: Context, **changes: Any) -> list[str]:
    found = Requests(lambda: context).estimate(document(region="made-up", **changes))
    assert found["problems"] == []
    return [one["message"] for one in found["warnings"] if one["code"] == "field_water"]


@pytest.mark.parametrize("depth", [5, 20])
def test_a_network_gives_values_on_land_only(ground: Path, depth: int) -> None:
    model = open_model(ground, depth)
    theta = predict_window(model, stack_for(ground, model), DAY, HERE)
    cover = stack_for(ground, model).store.read_static("land_cover", HERE)
    np.testing.assert_array_equal(np.isnan(theta), np.isin(cover, (11, 12)))


def test_the_product_of_a_field_with_a_lake_is_empty_in_the_lake(context: Context) -> None:
    folder = new_job(context, depths_cm=[20])
    find_kind("predict").run(folder.specification(), folder, context)
    with rasterio.open(folder.outputs_path / folder.output_records()[0]["name"]) as product:
        lon, lat = pixel_to_lonlat(HERE.column + np.array([130.5, 180.5, 170.5]),
                                   HERE.row + np.array([135.5, 165.5, 140.5]))
        places = zip(*rasterio.warp.transform("EPSG:4326", product.crs, lon, lat), strict=True)
        lake, glacier, land = (values[0] == product.nodata for values in product.sample(places))
    assert lake and glacier and not land


def test_a_field_that_is_water_all_over_is_told(context: Context) -> None:
    assert warned(context) == []
    one, = warned(context, area=LAKE)
    assert one.startswith("The area is open water or ice all over")
    both = {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"name": name}, "geometry": geometry}
        for name, geometry in (("meadow", FIELD), ("pond", LAKE))]}
    one, = warned(context, area=both)
    assert "1 of 2 fields" in one and "pond" in one and "meadow" not in one
