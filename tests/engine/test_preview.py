"""A preview shows the pixels of the product, whatever the day, and keeps what it needs for the next one."""

from __future__ import annotations

import base64
import os
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import Window, pixel_to_lonlat
from deepsoil.inference import preview
from deepsoil.jobs.kind import Context
from deepsoil.kinds.registry import find_kind
from deepsoil.service.ground import ground
from deepsoil.service.preview import Previews
from inference_tools import DAYS, FIELD, HERE, built, document, make_context, new_job, ring

OTHER = ring((300, 300), (330, 300), (330, 330), (300, 330))
TWO = {"type": "FeatureCollection", "features": [
    {"type": "Feature", "properties": {"name": name}, "geometry": geometry}
    for name, geometry in (("North", FIELD), ("South", OTHER))]}
LOG = [{"irrigation": {"type": "log", "applications": [{"date": str(DAYS[40]), "mm": 60.0}]}}]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory)


@pytest.fixture
def context(made: Path, tmp_path: Path) -> Context:
    return make_context(made, tmp_path / "home")


def asked(day: date, **changes: Any) -> dict[str, Any]:
    return document(region="made-up", dates={"start": str(day), "end": str(day)}, **changes)


def pixels(one: dict[str, Any], depth: int) -> np.ndarray:
    data = base64.b64decode(one["depths"][str(depth)])
    return np.frombuffer(data, "<u2").reshape(one["height"], one["width"]).astype(int)


@pytest.mark.parametrize("changes", [{}, {"area": TWO, "output": {"crs": "EPSG:32614", "resolution_m": 20.0}},
                                     {"options": {"management": LOG}}], ids=["field", "fields", "watered"])
def test_it_has_the_pixels_of_the_products_on_their_grid(context: Context, changes: dict[str, Any]) -> None:
    previews = Previews(context)
    previews.answer(asked(DAYS[35], **changes))  # finds how much halo counts on another day than those compared
    for day in (DAYS[41], DAYS[50]):
        answer = previews.answer(asked(day, **changes))
        job = new_job(context, dates={"start": str(day), "end": str(day)}, **changes)
        find_kind("predict").run(job.specification(), job, context)
        products = {(record["depth_cm"], record.get("field")): job.outputs_path / record["name"]
                    for record in job.output_records() if record["kind"] == "map"}
        assert len(products) == 2 * len(answer["maps"]) and answer["day"] == str(day)
        for one in answer["maps"]:
            for depth in (5, 20):
                with rasterio.open(products[depth, one["field"]]) as product:
                    assert (product.width, product.height) == (one["width"], one["height"])
                    assert product.crs.to_epsg() == one["epsg"]
                    assert (product.transform.c, product.transform.f, product.transform.a) == (
                        one["left_m"], one["top_m"], one["resolution_m"])
                    theirs = product.read(1).astype(int)
                ours = pixels(one, depth)
                assert ((ours == 65535) == (theirs == 65535)).all() and (theirs != 65535).any()
                assert np.abs(ours - theirs).max() <= 1, "steps of 1e-4 m³/m³"


def test_another_day_of_the_field_reads_no_map_again(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    previews = Previews(context)
    first, second = (previews.answer(asked(day)) for day in DAYS[40:42])
    monkeypatch.setattr("deepsoil.store.store.Store.read_static", lambda *_: pytest.fail("read again"))
    third, again = (previews.answer(asked(day)) for day in (DAYS[42], DAYS[40]))
    assert again == first and len({str(one["maps"]) for one in (first, second, third)}) == 3


def test_as_little_halo_is_used_as_changes_nothing(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    for tolerance, expected in ((0.0, "halo"), (1.0, "multiple")):
        monkeypatch.setattr(preview, "TOLERANCE", tolerance)
        previews = Previews(context)
        previews.answer(asked(DAYS[40]))
        ((_, _, kept),) = previews._kept.values()
        for one in kept._depths.values():
            assert one.halos == [getattr(one.layer.model.contract, expected)]


def test_what_cannot_be_previewed_is_said(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    previews = Previews(context)
    with pytest.raises(DeepSoilError) as refused:
        previews.answer(asked(date(2031, 1, 1)))
    assert refused.value.code == "no_weather"
    with pytest.raises(DeepSoilError) as refused:
        previews.answer(asked(DAYS[40], options={"method": "column"}))
    assert (refused.value.code, refused.value.field) == ("preview_networks_only", "options.method")
    monkeypatch.setattr(preview, "MOST_PIXELS", 1000)
    with pytest.raises(DeepSoilError) as refused:
        previews.answer(asked(DAYS[40], area=OTHER))
    assert refused.value.code == "area_too_large"


def test_a_place_is_told_from_what_it_is_made(context: Context) -> None:
    store = context.regions.get("made-up")
    place = [float(value) for value in pixel_to_lonlat(HERE.column + 70.5, HERE.row + 61.5)]
    found = ground(store, context.library, place)
    pixel = Window(HERE.column + 70, HERE.row + 61, 1, 1)
    for name in ("sand", "silt", "clay"):
        assert found[name] == pytest.approx(store.read_static(name, pixel)[0, 0], abs=0.051)
    assert found["land_cover"] in (None, *range(11, 96)) and found["irrigated"] is None
    series = store.coarse("precipitation")
    assert found["weather"]["longitude"] in series.longitudes.round(4)
    assert found["weather"]["distance_km"] < 4.0 and "Sand" not in found["filled"]
    with pytest.raises(DeepSoilError) as refused:
        ground(store, context.library, [place[0], place[1] - 20.0])
    assert refused.value.code == "area_outside"


def test_a_region_is_opened_once_until_it_changes(context: Context) -> None:
    store = context.regions.get("made-up")
    assert context.regions.get("made-up") is store
    file = store.path / "zarr.json"
    times = file.stat()
    try:
        os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns + 10**9))
        assert context.regions.get("made-up") is not store
    finally:
        os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
