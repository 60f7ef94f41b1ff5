"""Image services: what their description means, and the request of a window, without a server."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from deepsoil.archives import image_service
from deepsoil.archives.coverage_grid import Box
from deepsoil.contract.errors import DeepSoilError

# 1 January 2008 and 1 January 2023 in UTC, as milliseconds
FOUND: dict[str, Any] = {
    "extent": {"xmin": -2_356_095.0, "ymin": 276_915.0, "xmax": 2_258_235.0, "ymax": 3_172_605.0,
               "spatialReference": {"wkid": 102039, "latestWkid": 5070}},
    "pixelSizeX": 30, "pixelSizeY": 30, "maxImageWidth": 15000, "maxImageHeight": 4100,
    "timeInfo": {"timeExtent": [1_199_145_600_000, 1_672_531_200_000]}}


def changed(**more: Any) -> dict[str, Any]:
    return {**FOUND, **more}


def test_a_description_says_grid_years_and_the_largest_answer() -> None:
    service = image_service.described(FOUND, "Made")
    grid = service.grid
    assert (grid.crs, grid.west, grid.north, grid.step) == ("EPSG:5070", -2_356_095.0, 3_172_605.0, 30.0)
    assert (grid.columns, grid.rows) == (153_811, 96_523)
    assert isinstance(grid.rows, int) and isinstance(grid.columns, int), "pixels are counted"
    assert (service.first_year, service.last_year, service.largest) == (2008, 2023, 4100)
    # extents that were rounded when they were written
    odd = image_service.described(changed(extent={**FOUND["extent"], "ymin": 276_914.9, "xmax": 2_258_235.1}), "Made")
    assert (odd.grid.columns, odd.grid.rows) == (153_811, 96_523)


def test_what_a_service_does_not_tell_is_not_made_up() -> None:
    own = {**FOUND["extent"], "spatialReference": {"wkid": 102039}}
    assert image_service.described(changed(extent=own), "Made").grid.crs == "ESRI:102039"
    bare = {name: value for name, value in FOUND.items() if name not in ("timeInfo", "maxImageWidth", "maxImageHeight")}
    service = image_service.described(bare, "Made")
    assert (service.first_year, service.last_year, service.largest) == (None, None, 4000)
    assert image_service.described(changed(maxImageWidth=900), "Made").largest == 900
    assert service.year_for(1950, "Made") == 1950


@pytest.mark.parametrize("wrong", [
    {"pixelSizeX": 0}, {"pixelSizeX": -30, "pixelSizeY": -30}, {"pixelSizeY": 30.1}, {"pixelSizeX": "wide"},
    {"extent": {}}, {"extent": None}, {"extent": {**FOUND["extent"], "spatialReference": {}}}])
def test_a_description_that_is_none_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(DeepSoilError) as refused:
        image_service.described(changed(**wrong), "Made")
    assert refused.value.code == "archive_implausible" and "Made" in refused.value.message


@pytest.mark.parametrize(("wanted", "year"), [(2008, 2008), (2015, 2015), (2023, 2023), (2026, 2023), (2007, None)])
def test_the_year_is_the_one_wanted_or_the_newest_before_it(wanted: int, year: int | None) -> None:
    service = image_service.described(FOUND, "Made")
    if year is not None:
        assert service.year_for(wanted, "Made") == year
        return
    with pytest.raises(DeepSoilError, match="2007 or before") as refused:
        service.year_for(wanted, "Made")
    assert refused.value.code == "archive_no_days"


@pytest.mark.parametrize(("content", "code"), [
    (b"<html>", "archive_implausible"), (b"[1]", "archive_implausible"), (b"\xff", "archive_implausible"),
    (b'{"error": {"code": 400, "message": "Invalid URL"}}', "archive_failed"), (b'{"error": "no"}', "archive_failed")])
def test_an_answer_that_is_an_error_is_one_whatever_its_status(content: bytes, code: str) -> None:
    with pytest.raises(DeepSoilError) as refused:
        image_service.answer_of(content, "Made")
    assert refused.value.code == code
    if b"Invalid URL" in content:
        assert "Invalid URL" in refused.value.message
    assert image_service.answer_of(json.dumps(FOUND).encode(), "Made") == FOUND


def test_a_window_is_asked_for_pixel_by_pixel() -> None:
    grid = image_service.described(FOUND, "Made").grid
    box = Box(-98_005.0, 1_800_000.0, -97_885.0, 1_800_090.0, 4, 3, (0, 0, 0, 0))
    parts = urlsplit(image_service.export("https://example.org/A/ImageServer", grid, box, time="1"))
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert parts.path == "/A/ImageServer/exportImage"
    west, south, east, north = map(float, asked.pop("bbox").split(","))
    assert (west, south, east, north) == (box.west, box.south, box.east, box.north)
    width, height = map(int, asked.pop("size").split(","))
    assert (east - west) / width == (north - south) / height == 30
    assert asked == {"bboxSR": "5070", "imageSR": "5070", "format": "tiff", "pixelType": "U8", "noData": "0",
                     "interpolation": "RSP_NearestNeighbor", "time": "1", "f": "image"}
