"""Tables of a calibration, outlines of fields and areas on the ground, each against a way of its own."""

from __future__ import annotations

import json
from math import cos, pi
from typing import Any

import numpy as np
import pytest
from deepsoil import areas
from deepsoil.archives import field_outlines
from deepsoil.contract.errors import DeepSoilError
from deepsoil.evaluation import calibration
from deepsoil.evaluation.residuals import Residuals
from shapely.geometry import Polygon, box, mapping

RNG = np.random.default_rng(6)


# ---- a calibration

def quantile(groups: list[np.ndarray], more: int = 0) -> float:
    """The smallest |error| up to which nine tenths of the weight lie; every station has the same, its days share it."""
    cases = sorted((abs(float(error)), 1 / len(some)) for some in groups for error in some)
    reached = 0.0
    for size, weight in cases:
        reached += weight / (len(groups) + more)
        if reached >= 0.9 - 1e-9:
            return size
    return float("inf")


def residuals(stations: int = 12) -> Residuals:
    days = {f"s{n}": np.datetime64("2022-11-01") + np.arange(30 + 40 * n) for n in range(stations)}
    errors = {name: RNG.normal(0.01 * number, 0.02 + 0.002 * number, one.size)
              for number, (name, one) in enumerate(days.items())}
    return Residuals(20, errors, {name: np.full(one.size, 0.2) for name, one in days.items()}, days)


def test_intervals_of_a_model_and_each_station_left_out() -> None:
    found = residuals()
    every = list(found.errors.values())
    told = calibration.intervals_of(found, "SCAN", "held out")
    rows = calibration.left_out_table(found).rows
    covered = []
    for number, (name, errors) in enumerate(found.errors.items()):
        others = every[:number] + every[number + 1:]
        pooled, sure = quantile(others), quantile(others, 1)
        covered.append(float((np.abs(errors) <= pooled).mean()))
        assert rows[number] == (name, errors.size, pytest.approx(np.abs(errors).mean()), pytest.approx(errors.mean()),
                                pytest.approx(pooled), pytest.approx(covered[-1]), pytest.approx(sure),
                                pytest.approx((np.abs(errors) <= sure).mean()))
    mean = rows[-1]
    assert mean[0] == "mean" and mean[1] == found.count == told.days and mean[5] == pytest.approx(np.mean(covered))
    assert mean[4] == pytest.approx(np.mean([row[4] for row in rows[:-1]]))
    assert (told.half_width, told.guaranteed_half_width) == (round(quantile(every), 4), round(quantile(every, 1), 4))
    assert (told.covered, told.worst) == (round(float(np.mean(covered)), 4), round(min(covered), 4))
    assert (told.groups, told.period, told.reference, told.source) == (12, found.period, "SCAN", "held out")
    worst = list(found.errors)[int(np.argmin(covered))]
    assert calibration.left_out_table(found).notes[0].startswith(f"Worst: {worst}, {min(covered):.1%}")
    with pytest.raises(DeepSoilError) as refused:
        calibration.intervals_of(residuals(8), "SCAN", "held out")
    assert refused.value.code == "too_few_stations"
    assert calibration.intervals_of(residuals(9), "SCAN", "held out").groups == 9


def test_a_half_width_is_checked_by_season_and_at_other_stations() -> None:
    found = residuals()
    seasons = {12: "DJF", 1: "DJF", 2: "DJF", 3: "MAM", 4: "MAM", 5: "MAM", 6: "JJA", 7: "JJA", 8: "JJA", 9: "SON",
               10: "SON", 11: "SON"}
    rows = calibration.season_table(found, 0.05).rows
    assert [row[0] for row in rows] == ["DJF", "MAM", "JJA", "SON"]
    for row in rows:
        of = [errors[[seasons[day.month] == row[0] for day in found.days[name].tolist()]]
              for name, errors in found.errors.items()]
        of = [errors for errors in of if errors.size]
        assert row[1:3] == (len(of), sum(errors.size for errors in of))
        assert row[3] == pytest.approx(np.mean([(np.abs(errors) <= 0.05).mean() for errors in of]))
        assert row[4] == pytest.approx(quantile(of))
    for row, (name, errors) in zip(calibration.check_table(found, 0.05).rows, found.errors.items(), strict=True):
        assert row == (name, errors.size, pytest.approx(np.abs(errors).mean()), pytest.approx(errors.mean()),
                       pytest.approx((np.abs(errors) <= 0.05).mean()), pytest.approx(quantile([errors])))


# ---- outlines of fields

class Network:
    """Answers pages of features; of the first services as many as are broken fail."""

    def __init__(self, pages: list[Any], broken: int = 0, code: str = "archive_failed") -> None:
        self.pages, self.broken, self.code, self.asked = pages, broken, code, list[tuple[str, dict[str, str]]]()

    def answer(self, title: str, query: str, params: dict[str, str]) -> bytes:
        self.asked.append((query, params))
        if self.broken:
            self.broken -= 1
            raise DeepSoilError(self.code, f"broken {self.broken}", "Later.")
        return json.dumps(self.pages.pop(0)).encode()


def field(number: int, **properties: Any) -> dict[str, Any]:
    west = -97 + 0.01 * number
    return {"type": "Feature", "id": number, "geometry": mapping(box(west, 39.0, west + 0.005, 39.005)),
            "properties": {"CSBID": f"f{number}", **properties}}


BOX = (-97.0, 39.0, -96.7, 39.2)


def outlines(network: Network, bounds: tuple[float, float, float, float] = BOX) -> list[dict[str, Any]]:
    return list(field_outlines.outlines(network, bounds)["features"])  # type: ignore[arg-type]


def test_pages_are_asked_until_none_follows_and_a_field_comes_once() -> None:
    pages = [{"features": [field(3), field(1)], "exceededTransferLimit": True},
             {"features": [field(1), field(2)], "properties": {"exceededTransferLimit": True}}, {"features": []}]
    network = Network(pages)
    assert [one["properties"]["id"] for one in outlines(network)] == ["f1", "f2", "f3"]
    assert [params["resultOffset"] for _, params in network.asked] == ["0", "2", "4"]
    sent = network.asked[0][1]
    assert [float(part) for part in sent["geometry"].split(",")] == list(BOX)
    assert (sent["inSR"], sent["outSR"], sent["f"]) == ("4326", "4326", "geojson")
    assert len(outlines(Network([{"features": [field(1)]}]))) == 1


def test_crops_are_those_of_the_years_and_acres_are_hectares() -> None:
    one = field(1, CSBACRES=247.105, CDL2023=5, cdl2022=1.0, R2021=24, CDL2024=0, CDL2020="x", CDLX=3)
    found = outlines(Network([{"features": [one, {**field(2), "geometry": None}, field(4, CSBID=None)]}]))
    assert found[1]["properties"] == {"id": "f1", "hectares": 100.0, "crops": {"2021": 24, "2022": 1, "2023": 5}}
    assert found[0]["properties"] == {"id": "4", "hectares": None, "crops": {}}


@pytest.mark.parametrize("code", ["archive_failed", "archive_implausible", "archive_offline", "disk_full"])
def test_the_next_service_is_asked_only_where_the_first_cannot_answer(code: str) -> None:
    network = Network([{"features": [field(1)]}], broken=1, code=code)
    if code == "disk_full":
        with pytest.raises(DeepSoilError):
            outlines(network)
        assert len(network.asked) == 1
        return
    assert len(outlines(network)) == 1 and len({query for query, _ in network.asked}) == 2
    with pytest.raises(DeepSoilError, match="broken 1"):
        outlines(Network([], broken=2, code=code))


def test_areas_of_60_km_are_asked_for_and_larger_ones_are_not() -> None:
    degrees = 60 / 111.32
    for wide, high in ((0.999, 0.1), (0.1, 0.999)):
        outlines(Network([{"features": []}]), (-97.0, 39.0, -97 + wide * degrees, 39 + high * degrees))
    for wide, high in ((1.001, 0.1), (0.1, 1.001)):
        with pytest.raises(DeepSoilError) as refused:
            outlines(Network([]), (-97.0, 39.0, -97 + wide * degrees, 39 + high * degrees))
        assert refused.value.code == "area_too_large"


# ---- areas on the ground

def test_an_area_is_that_of_the_ground_with_its_holes_left_out() -> None:
    """A hundredth of a degree at 39 degrees: 1.1102 km north (WGS 84), 0.8657 km east."""
    square = box(-97.0, 38.995, -96.99, 39.005)
    assert areas.area_m2(square) == pytest.approx(1110.2 * 865.7, rel=1e-3)
    assert areas.area_m2(box(-97.0, 0, -96.99, 0.01)) / areas.area_m2(square) == pytest.approx(
        1 / cos(39 * pi / 180), rel=0.01)
    hole = Polygon(square.exterior.coords, [box(-96.998, 38.999, -96.996, 39.001).exterior.coords])
    assert areas.area_m2(hole) == pytest.approx(areas.area_m2(square) * 0.96, rel=1e-4)


@pytest.mark.parametrize(("east", "north", "direction"), [(0, 1, "north"), (1, 1, "north-east"), (1, 0, "east"),
                                                          (1, -1, "south-east"), (0, -1, "south"),
                                                          (-1, -1, "south-west"), (-1, 0, "west"),
                                                          (-1, 1, "north-west")])
def test_the_nearest_region_is_told_with_its_distance_and_direction(east: int, north: int, direction: str) -> None:
    def square(x: float, y: float) -> dict[str, Any]:
        x, y = -97 + 1.28 * x, 39 + y  # degrees of longitude are shorter there
        return dict(mapping(box(x - 0.05, y - 0.05, x + 0.05, y + 0.05)))

    error = areas.outside(square(0, 0), {"far": square(3 * east, 3 * north), "near": square(east, north)})
    assert error.code == "area_outside" and "'near'" in error.message and f"to the {direction}." in error.message
    assert "this field" in error.message and " km " in error.message
    gap = box(-97.05 + 0.1128 * east, 38.95 + 0.11 * north, -96.95 + 0.1128 * east, 39.05 + 0.11 * north)
    beside = areas.outside(square(0, 0), {"near": dict(mapping(gap))})
    assert "which begins" in beside.message and f"to the {direction}." in beside.message
