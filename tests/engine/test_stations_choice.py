"""Which sensors of an archive stand for a depth, which stations of a list count, and what a recipe hands on."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.labels.command import _duration, pixel_lines
from deepsoil.sources import ismn, point_tables, station_ingest, station_tables
from deepsoil.sources.ismn import Choice, Sensor
from deepsoil.sources.recipe_stations import IsmnArchive, StationTables
from deepsoil.stations.daily_means import Place, SensorDays, StationQuality, assemble
from deepsoil.stations.quality_report import REASONS

HERE = Place("NET_one", "one", "NET", -96.6, 39.1)


def sensor(top: float, bottom: float, *, theta: bool = True, member: str = "m", place: Place = HERE) -> Sensor:
    return Sensor(member, place, theta, top, bottom, False)


@pytest.mark.parametrize(("sensors", "chosen"), [
    ([(5, 5), (4, 4)], 0), ([(4, 4), (5, 5)], 1), ([(2.5, 2.5)], 0), ([(2.4, 2.4)], None), ([(7.5, 7.5)], 0),
    ([(7.6, 7.6)], None), ([(0, 10)], 0), ([(0, 10.1)], None), ([(3, 7), (5, 5)], 0), ([(4, 4), (6, 6)], 0)])
def test_the_sensor_whose_middle_is_nearest_stands_for_a_depth(sensors: list, chosen: int | None) -> None:
    made = [sensor(top, bottom, member=str(number)) for number, (top, bottom) in enumerate(sensors)]
    found = ismn._nearest(made, 5.0, Choice((5.0,)))
    assert (None if found is None else int(found.member)) == chosen


def test_stations_are_chosen_by_box_and_by_either_name() -> None:
    def place(name: str, lon: float, lat: float) -> Place:
        return Place(f"NET_{name}", name, "NET", lon, lat)

    places = [place("west", -97, 39), place("east", -95, 39), place("north", -96, 40), place("out", -96, 40.001)]
    made = [sensor(5, 5, place=one) for one in places] + [sensor(5, 5, theta=False, place=places[0], member="warm")]
    box = (-97.0, 38.0, -95.0, 40.0)

    def names(**choice: Any) -> list[str]:
        found = ismn._choose(made, Choice((20.0, 5.0), **choice), box, Path("a.zip"), "x")
        assert {depth for _, depth in found} == {1}
        return sorted(name.removeprefix("NET_") for name, _ in found)

    assert names() == ["east", "north", "west"] and names(only=("NET_west", "north")) == ["north", "west"]
    found = ismn._choose(made, Choice((5.0,)), box, Path("a.zip"), "x")
    assert [one.member for one in found["NET_west", 0]] == ["m", "warm"] and len(found["NET_east", 0]) == 1


def test_sensors_are_put_together_by_station_depth_and_day() -> None:
    def days(first: str, values: list[float]) -> pd.Series:
        return pd.Series(values, pd.date_range(first, periods=len(values)))

    empty = pd.Series(dtype=float, index=pd.DatetimeIndex([]))
    sensors = {(0, 1): SensorDays(days("2023-05-02", [0.2, 0.3]), days("2023-05-03", [11.0]), empty.astype(np.uint8)),
               (1, 0): SensorDays(days("2023-05-04", [0.4]), empty,
                                  pd.Series([REASONS.index("frozen")], pd.DatetimeIndex(["2023-05-02"]), np.uint8))}
    made = assemble([HERE, Place("NET_two", "two", "NET", 1.0, 2.0)], (5.0, 20.0), sensors, "x")
    assert [str(day) for day in made.dates] == ["2023-05-02", "2023-05-03", "2023-05-04"]
    np.testing.assert_allclose(made.theta[0, 1], [0.2, 0.3, np.nan], rtol=1e-6)
    np.testing.assert_allclose(made.theta[1, 0], [np.nan, np.nan, 0.4], rtol=1e-6)
    assert np.isnan(made.theta[0, 0]).all() and made.depths_cm.tolist() == [5, 20]
    assert made.soil_temperature is not None and made.soil_temperature[0, 1, 1] == 11.0
    assert made.rejected is not None and made.rejected[1, 0].tolist() == [REASONS.index("frozen"), 0, 0]
    assert (made.longitudes.tolist(), made.latitudes.tolist(), made.ids) == ([-96.6, 1.0], [39.1, 2.0],
                                                                             ["NET_one", "NET_two"])


def test_a_recipe_hands_on_every_setting_of_its_stations(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: Any = SimpleNamespace(file=lambda name, field: Path("/root") / name)
    seen: list[Any] = []
    monkeypatch.setattr(ismn, "read_archive", lambda *given: seen.append(given))
    monkeypatch.setattr(station_ingest.recipe_area, "bounds", lambda one: (1, 2, 3, 4))
    station_ingest.read(loaded, IsmnArchive(ismn="a.zip", depths_cm=(20, 5), flags=("G", "U"), tolerance_cm=3,
                                            thickest_cm=7, only=("x",), minimum_share=0.5, warmer_than_c=2.0))
    assert seen == [(Path("/root/a.zip"), Choice((5, 20), frozenset("GU"), 3, 7, ("x",)), (1, 2, 3, 4),
                     StationQuality((), 0.5, 2.0), "stations.ismn")]
    monkeypatch.setattr(station_tables, "read_list", lambda listed, where: SimpleNamespace(id=["a", "b"]))
    monkeypatch.setattr(station_tables, "read_stations", lambda *given: seen.append(given))
    station_ingest.read(loaded, StationTables.model_validate({
        "list": "l.csv", "id": "i", "title": "t", "longitude": "x", "latitude": "y", "network": "N",
        "files": "f/{id}.csv", "only": ["a"], "time": {"column": "when", "zone": "US/Central", "stamp": "end"},
        "unit": "%", "depths_cm": {"20": {"theta": "m20"}, "5": {"theta": "m5", "temperature": "t5"}},
        "nodata": [-9], "minimum_share": 0.6, "warmer_than_c": 3}))
    listed, files, depths, time, unit, quality, where = seen[1]
    assert listed == station_tables.StationList(Path("/root/l.csv"), "i", "x", "y", "N", "t", ("a",))
    assert files == {"a": [Path("/root/f/a.csv")], "b": [Path("/root/f/b.csv")]} and list(depths) == [5, 20]
    assert depths[5] == station_tables.DepthColumns("m5", "t5") and depths[20].temperature is None
    assert time == point_tables.TimeAxis("when", "US/Central", "end") and (unit, where) == ("%", "stations")
    assert quality == StationQuality((-9,), 0.6, 3)


def test_a_list_of_stations_leaves_out_what_has_no_position_and_what_was_not_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    path.write_text("no,x,y,name\n1,-96,39,One\n2,,39,Two\n3,-97,38,Three\n")
    rows = station_tables.read_list(station_tables.StationList(path, "no", "x", "y", "N", "name"), "w")
    assert list(rows.itertuples(index=False, name=None)) == [("1", "One", -96, 39, "N", None),
                                                              ("3", "Three", -97, 38, "N", None)]
    only = station_tables.read_list(station_tables.StationList(path, "no", "x", "y", "N", only=("3",)), "w")
    assert only.title.tolist() == ["3"]


def test_a_list_of_stations_says_which_are_irrigated_and_nothing_is_guessed(tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    path.write_text("no,x,y,water\n1,-96,39,Yes\n2,-96,39,no\n3,-97,38,\n")
    listed = station_tables.StationList(path, "no", "x", "y", "N", irrigated_column="water")
    assert station_tables.read_list(listed, "w").irrigated.tolist() == [True, False, None]
    path.write_text("no,x,y,water\n1,-96,39,pivot\n")
    with pytest.raises(DeepSoilError, match="'pivot' in column 'water' is neither yes nor no"):
        station_tables.read_list(listed, "w")
    path.write_text("no,x,y\n1,-96,39\n")
    with pytest.raises(DeepSoilError, match="no column 'water'"):
        station_tables.read_list(listed, "w")


def test_what_was_labelled_is_told_with_what_was_not() -> None:
    pixels = {"labelled": 1500, "no_soil": 0, "no_texture": 3, "bad_texture": 0, "no_weather": 7, "assumed_cover": 20}
    assert pixel_lines({"pixels": pixels}) == [
        "Pixels: 1,500 labelled; not 3 without texture, 7 without weather.",
        "No land cover is known for 20 of them; they are taken as grass."]
    assert pixel_lines({"pixels": dict.fromkeys(pixels, 0)}) == ["Pixels: 0 labelled."]
    assert len({_duration(seconds) for seconds in (5, 500, 50_000)}) == 3
