"""What the panels show at the limits of their values, and what the contract's check accepts at its."""

from __future__ import annotations

import ast
import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from qgis.PyQt.QtCore import QDate

from deepsoil_plugin import atomic, contract_check
from deepsoil_plugin.dock.dates_section import date_problem
from deepsoil_plugin.hosts import resource_fields, validation
from deepsoil_plugin.panels import day_ticks, scores_table
from deepsoil_plugin.panels import station_series as series
from deepsoil_plugin.widgets.date_field import day_from

pytestmark = pytest.mark.usefixtures("english")
GAP = np.nan
FIRST = dt.date(2023, 7, 1)


def _comparison(observed: list[float], predicted: list[float], rain: float = GAP) -> series.Comparison:
    days = series.every_day(FIRST, FIRST + dt.timedelta(days=len(observed) - 1))
    return series.Comparison(days, np.full(len(days), rain), {5: np.array(observed)}, {5: np.array(predicted)})


@pytest.mark.parametrize(("values", "expected"), [
    ((0.21, 0.22), (0.15, 0.30)), ((0.231, 0.269), (0.15, 0.30)), ((0.01, 0.02), (0.0, 0.15)),
    ((0.12, 0.43), (0.10, 0.45)), ((0.26, 0.34), (0.20, 0.35)), ((0.26, 0.39), (0.25, 0.40))])
def test_the_axis_of_soil_moisture(values: tuple[float, float], expected: tuple[float, float]) -> None:
    assert series.theta_range(_comparison([values[0]], [values[1]])) == pytest.approx(expected)
    assert series.theta_range(_comparison([values[1]], [values[0]])) == pytest.approx(expected)
    assert series.theta_range(_comparison([GAP], [GAP])) == (0.05, 0.45)


@pytest.mark.parametrize(("observed", "predicted", "rain", "words"), [
    (0.2, 0.2004, 0.0, "no rain · 5 cm: observed 0.200, predicted 0.200, the same"),
    (0.2, 0.2006, 0.049, "no rain · 5 cm: observed 0.200, predicted 0.201, 0.001 too wet"),
    (0.2006, 0.2, 0.05, "rain 0.1 mm · 5 cm: observed 0.201, predicted 0.200, 0.001 too dry"),
    (0.25, GAP, GAP, "5 cm: observed 0.250"), (GAP, 0.25, GAP, "5 cm: predicted 0.250, not observed")])
def test_one_day_in_words(observed: float, predicted: float, rain: float, words: str) -> None:
    comparison = _comparison([0.4, observed], [0.1, predicted], rain)
    assert series.description(comparison, 1) == f"2 Jul 2023 · {words} (m³/m³)"


def test_days_and_depths_of_a_station() -> None:
    days = series.every_day(FIRST, FIRST + dt.timedelta(days=2))
    placed = series.on_days(days, ["2023-06-30", "2023-07-01", "2023-07-03", "2023-07-04"], [1, 2, "3", 4])
    np.testing.assert_array_equal(placed, [2, GAP, 3])
    assert np.isnan(series.on_days(days, [], [])).all()
    station = series.Comparison(days, np.full(3, GAP), {20: np.full(3, GAP), 5: placed}, {50: placed})
    assert station.depths_cm == [5, 20, 50] and station.measured_cm == [5]
    document = {"dates": ["2023-07-01"], "depths": {"5": [0.2]}}
    assert np.isnan(series.from_observations(document, FIRST, FIRST).rain_mm).all()


@pytest.mark.parametrize(("first", "last", "most", "named"), [
    (0, 9, 10, "1 2 3 4 5 6 7 8 9 10"), (0, 9, 9, "1 3 5 7 9"), (0, 30, 16, "1 3 5 7 9 11 13 15 17 19 21 23 25 27 29"),
    (0, 30, 14, "1 6 11 16 21 26"), (0, 30, 5, "1 8 15 22"), (0, 30, 3, "1 15"), (0, 30, 1, "1 15"),
    (0.5, 29.5, 3, "8 15 22"), (0, 364, 12, "1 1 1 1 1 1 1 1 1 1 1 1")])
def test_the_densest_days_that_fit_are_named(first: float, last: float, most: int, named: str) -> None:
    ticks = day_ticks.day_ticks(first, last, most)
    assert " ".join(str((dt.date(1970, 1, 1) + dt.timedelta(days=tick)).day) for tick in ticks) == named


@pytest.mark.parametrize(("most", "months"), [(11, [1, 4, 7, 10]), (3, [1, 7])])
def test_months_are_named_where_not_all_fit(most: int, months: list[int]) -> None:
    ticks = day_ticks.day_ticks(0, 364, most)
    assert [(dt.date(1970, 1, 1) + dt.timedelta(days=tick)).month for tick in ticks] == months
    assert day_ticks.day_labels((0, 14, 365)) == ["1 Jan\n1970", "15 Jan", "1 Jan\n1971"]


def test_numbers_of_the_table_of_scores() -> None:
    assert scores_table.cells(series.Scores(81, -0.0123, 0.0456, 0.0399, 0.876)) == [
        "81", "−0.012", "0.046", "0.040", "0.88"]
    assert scores_table.cells(series.Scores(0, 0.0, GAP, 0.1, -0.5)) == ["0", "+0.000", "–", "0.100", "−0.50"]
    assert scores_table.cells(series.Scores(1, GAP, 0.0, GAP, GAP)) == ["1", "–", "0.000", "–", "–"]


def test_every_baseline_of_the_engine_has_a_title() -> None:
    """One without a title is left out of the table."""
    sources = Path(__file__).parents[2] / "remote" / "deepsoil" / "evaluation"
    named = {key for file, table in (("baselines.py", "DESCRIPTIONS"), ("known_readings.py", "WITH_READINGS"))
             for node in ast.parse((sources / file).read_text(encoding="utf-8")).body
             if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == table
             for key in ast.literal_eval(node.value)}
    assert named == set(scores_table.baseline_titles()) and "last_reading" in named


def test_a_period_must_lie_where_there_are_data() -> None:
    first, last = dt.date(2020, 1, 1), dt.date(2020, 12, 31)
    day = dt.timedelta(days=1)
    assert date_problem(first, last, first, last) == date_problem(last, last, first, last) == ("", None)
    assert date_problem(last, last - day, first, last)[1] is None and date_problem(last, last - day, first, last)[0]
    text, right = date_problem(first - day, last, first, last)
    assert right == first and "from 1 Jan 2020" in text
    text, right = date_problem(first, last + day, first, last)
    assert right == last and "up to 31 Dec 2020" in text


@pytest.mark.parametrize("text", ["9 Jul 2023", "9 july, 2023", "Jul 9, 2023", "July 9 2023", "2023-07-09", "2023-7-9",
                                  "9.7.2023", "20230709", "  9   Jul 2023 "])
def test_any_usual_form_of_a_day_is_understood(text: str) -> None:
    assert day_from(text) == QDate(2023, 7, 9)


def test_what_is_no_day() -> None:
    assert day_from("1 Jan 1900") == QDate(1900, 1, 1)
    assert all(day_from(text) is None for text in ("", "soon", "31 Dec 1899", "30 Feb 2023", "Jul 2023"))


@pytest.mark.parametrize(("rule", "fits", "not_"), [
    ({"type": "integer", "minimum": 2, "maximum": 4}, [2, 4], [1, 5, 2.5, True, "3", None]),
    ({"type": "number", "minimum": 0.5}, [0.5, 7], [0.4, False, float("nan"), float("inf")]),
    ({"type": "boolean"}, [True, False], [0, 1]),
    ({"type": "null"}, [None], [0, ""]),
    ({"type": "string", "minLength": 1, "maxLength": 2}, ["a", "ab"], ["", "abc", 1]),
    ({"type": "string", "pattern": "^[a-z]+$"}, ["ab"], ["a1", "A", "ab\n"]),
    ({"type": "string", "format": "date"}, ["2020-02-29"], ["2021-02-29", "20200229", "2020-2-9", "2020-02-29T"]),
    ({"type": "array", "minItems": 1, "maxItems": 2}, [[1], [1, 2]], [[], [1, 2, 3], {}]),
    ({"const": "a"}, ["a"], ["b"]), ({"enum": [1, "x"]}, [1, "x"], [2, "y"])])
def test_a_value_alone_is_as_its_rule_says(rule: dict[str, Any], fits: list[Any], not_: list[Any]) -> None:
    assert all(contract_check._fits(value, rule) for value in fits)
    assert not any(contract_check._fits(value, rule) for value in not_)


_POINT = {"type": "object", "required": ["x", "y"], "additionalProperties": False,
          "properties": {"type": {"const": "point"}, "x": {"type": "number"}, "y": {"type": "number"}}}
_LINE = {"type": "object", "required": ["ends"], "additionalProperties": False, "properties": {
    "type": {"const": "line"}, "ends": {"type": "array", "minItems": 2, "maxItems": 2, "items": _POINT}}}
_SHAPE = {"oneOf": [_POINT, _LINE]}
_TABLE = {"type": "object", "propertyNames": {"pattern": "^[a-z]+$"}, "additionalProperties": {"type": "integer"}}
_EITHER = {"type": "object", "properties": {"far": {"type": "boolean"}, "km": {}},
           "allOf": [{"if": {"properties": {"far": {"const": True}}},
                      "then": {"properties": {"km": {"type": "number", "minimum": 10}}}}]}


@pytest.mark.parametrize(("value", "rule", "expected"), [
    ({"x": 1, "y": 2}, _POINT, []), ({"x": 1}, _POINT, ["y missing"]), ({}, _POINT, ["x missing", "y missing"]),
    ({"x": 1, "y": "2", "z": 3}, _POINT, ["y wrong", "z unknown"]), ([], _POINT, [" wrong"]),
    ({"type": "line", "ends": [{"x": 1, "y": 2}, {"x": 1, "y": None}]}, _SHAPE, ["ends.1.y wrong"]),
    ({"type": "line", "ends": [{"x": 1, "y": 2}]}, _SHAPE, ["ends wrong"]),
    ({"type": "point", "x": 1, "y": 1}, _SHAPE, []), ({"type": "circle"}, _SHAPE, ["type wrong"]),
    ({"x": "1", "y": 1}, _SHAPE, ["x wrong"]), (3, _SHAPE, [" wrong"]),
    (None, {"anyOf": [_POINT, {"type": "null"}]}, []), ({"x": 1}, {"anyOf": [{"type": "null"}, _POINT]}, ["y missing"]),
    ({"a": 1, "b": "2"}, _TABLE, ["b wrong"]), ({"A": 1}, _TABLE, ["A unknown"]),
    ({"any": 1}, {"type": "object"}, []),
    ({"far": True, "km": 9}, _EITHER, ["km wrong"]), ({"far": True, "km": 10}, _EITHER, []),
    ({"far": False, "km": 9}, _EITHER, [])])
def test_what_is_wrong_with_a_document_and_where(value: Any, rule: dict[str, Any], expected: list[str]) -> None:
    assert [f"{one.field} {one.what}" for one in contract_check._problems(value, rule, ())] == expected


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    target = folder / "a.csv"
    for text in ("one", "two"):
        with atomic.replacing(target) as draft:
            assert draft.parent == folder and draft != target and not draft.exists()
            draft.write_text(text)
            assert target.exists() is (text == "two")
        assert target.read_text() == text and [path.name for path in folder.iterdir()] == ["a.csv"]
    with pytest.raises(ZeroDivisionError), atomic.replacing(target) as draft:
        draft.write_text("three")
        raise ZeroDivisionError
    assert target.read_text() == "two" and [path.name for path in folder.iterdir()] == ["a.csv"]


@pytest.mark.parametrize(("home", "shown"), [(validation.HOME, ""), ("/scratch/x", "/scratch/x")])
def test_fields_of_a_host_show_what_is_not_usual_and_give_it_back(home: str, shown: str, qgis_app: object) -> None:
    rare, usual = resource_fields.RareFields(), resource_fields.ResourceFields()
    resources = {"qos": "long", "processes": 3, "attempts": 2}
    host = {"port": 2222, "home": home, "python": "/opt/python", "resources": resources}
    rare.put(host)
    assert rare._home.text() == shown
    assert rare.read() == ({name: host[name] for name in ("port", "home", "python")}, resources)
    rare.put({"port": None, "home": home, "python": None, "resources": {}})
    assert rare.read() == ({"port": None, "home": home, "python": None}, {"qos": None, "processes": 1, "attempts": 1})
    asked = {"partition": "gpu", "account": "soil", "cpus": 3, "gpus": 2, "memory_mb": 8192, "minutes": 95, "tasks": 7}
    usual.put(asked)
    assert usual.read() == asked, "also what the fields cannot show exactly"
    usual._memory.setValue(16)
    usual._minutes.setValue(1.5)
    assert (usual.read()["memory_mb"], usual.read()["minutes"]) == (16_000, 90)
    usual.put({})
    assert usual.read() == {**dict.fromkeys(asked), "gpus": 0, "tasks": 1}
