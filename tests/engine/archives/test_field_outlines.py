"""Outlines of fields from local feature services, asked by the engine's method."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from deepsoil.archives import field_outlines as archive
from deepsoil.contract.errors import DeepSoilError
from deepsoil.service.outlines import field_outlines
from land_tools import addresses
from servers.crop_boundaries import COPY, crop_boundaries
from shapely.geometry import LineString, Point, Polygon, box, mapping, shape

__all__ = ["addresses"]


def fields(count: int) -> list[tuple[object, dict[str, object]]]:
    """Fields of 0.01 degrees in a row, corn and soybeans in turn."""
    return [(box(-97 + 0.01 * n, 39.0, -96.992 + 0.01 * n, 39.01),
             {"OBJECTID": n, "CSBID": f"201820250{n:05}", "CSBACRES": 100.0, "CDL2023": 1 + 4 * (n % 2), "CDL2024": 5.0,
              "CDL2025": 0, "STATEFIPS": "20"}) for n in range(count)]


def area(*bounds: float) -> dict[str, object]:
    return json.loads(json.dumps(mapping(box(*bounds))))


def test_every_page_of_an_area_comes_with_its_crops(addresses: Callable[..., None]) -> None:
    with crop_boundaries(fields(40), page=7) as server:
        addresses(field_outlines=server.base)
        found = field_outlines(area(-96.951, 39.002, -96.75, 39.008))
    assert found["type"] == "FeatureCollection" and "USDA" in found["attribution"]
    assert [one["properties"]["id"] for one in found["features"]] == [f"201820250{n:05}" for n in range(5, 26)]
    assert len(server.asked) == 3
    first = found["features"][0]
    assert first["properties"] == {"id": "20182025000005", "hectares": 40.47, "crops": {"2023": 5, "2024": 5}}
    assert shape(first["geometry"]).normalize().equals_exact(box(-96.95, 39.0, -96.942, 39.01).normalize(), 1e-9)


def test_a_click_gives_the_field_under_it(addresses: Callable[..., None]) -> None:
    with crop_boundaries(fields(40)) as server:
        addresses(field_outlines=server.base)
        found = field_outlines(json.loads(json.dumps(mapping(Point(-96.945, 39.005)))))
    assert [one["properties"]["id"] for one in found["features"]] == ["20182025000005"]


def test_who_works_offline_asks_nobody(addresses: Callable[..., None]) -> None:
    with crop_boundaries(fields(40)) as server:
        addresses(field_outlines=server.base, field_outlines_copy=server.base)
        with pytest.raises(DeepSoilError) as caught:
            field_outlines(area(-96.951, 39.002, -96.75, 39.008), offline=True)
    assert caught.value.code == "archive_offline" and caught.value.hint and not server.asked


def test_the_copy_is_asked_where_usda_is_down(addresses: Callable[..., None]) -> None:
    broken = [(Polygon([(-97, 39), (-96.99, 39.01), (-96.99, 39), (-97, 39.01)]), {"CSBID": "bow"}),
              (LineString([(-97, 39), (-96.99, 39.01)]), {"CSBID": "line"})]
    with crop_boundaries([], down=True) as own, crop_boundaries(broken, path=COPY) as copy:
        addresses(field_outlines=own.base, field_outlines_copy=copy.base)
        found = field_outlines(area(-97, 39, -96.9, 39.1))["features"]
        assert [one["properties"]["id"] for one in found] == ["bow"] and shape(found[0]["geometry"]).is_valid
        addresses(field_outlines_copy=own.base)
        with pytest.raises(DeepSoilError) as caught:
            field_outlines(area(-97, 39, -96.9, 39.1))
    assert caught.value.code == "archive_failed" and "not started" in caught.value.message and caught.value.hint


@pytest.mark.parametrize(("code", "wanted"), [
    ("area_too_large", area(-97, 39, -95, 40)), ("archive_outside", area(9, 48, 9.1, 48.1)),
    ("area_invalid", {"type": "Polygon"}), ("area_invalid", area(500000, 4300000, 501000, 4301000)),
    ("area_invalid", {"type": "Polygon", "coordinates": []})])
def test_areas_that_cannot_be_asked_for_are_told(code: str, wanted: dict[str, object]) -> None:
    with pytest.raises(DeepSoilError) as caught:
        field_outlines(wanted)
    assert caught.value.code == code and caught.value.hint


def test_more_fields_than_anybody_can_pick_from_are_not_fetched(addresses: Callable[..., None],
                                                                monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST", 10)
    with crop_boundaries(fields(40), page=7) as server:
        addresses(field_outlines=server.base)
        with pytest.raises(DeepSoilError) as caught:
            field_outlines(area(-97, 39, -96.6, 39.1))
    assert caught.value.code == "area_too_large" and len(server.asked) == 2


def test_another_answer_is_told(addresses: Callable[..., None], tmp_path: Path) -> None:
    with crop_boundaries(fields(1), path="/elsewhere") as server:
        addresses(field_outlines=server.base, field_outlines_copy=server.base)
        with pytest.raises(DeepSoilError) as caught:
            field_outlines(area(-97, 39, -96.9, 39.1))
    assert caught.value.code == "archive_failed"
