"""Small parts of the screens, each by what it says of itself: columns of fields, subjects, names, bars, questions."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from qgis.PyQt.QtCore import QObject
from qgis.PyQt.QtGui import QFont, QPalette

from deepsoil_plugin.dock.given_names import GivenNames
from deepsoil_plugin.fields.columns import columns_of, problem_text
from deepsoil_plugin.fields.rows import HIGH, LOW, MEDIUM, UNKNOWN, FieldRow
from deepsoil_plugin.hosts.archive_accounts import ArchiveAccounts
from deepsoil_plugin.jobs.estimator import Estimator
from deepsoil_plugin.jobs.map_request import MapRequest
from deepsoil_plugin.jobs.methods import COLUMN
from deepsoil_plugin.map import geotiff
from deepsoil_plugin.panels.pixel_place import management_at, region_at
from deepsoil_plugin.panels.plot_parts import pg
from deepsoil_plugin.panels.water.event_bars import ASIDE_S, WIDTH_S, EventBars
from deepsoil_plugin.panels.water.plan import Event, Plan
from deepsoil_plugin.panels.water.subject import Subject, of_job, of_place, of_request
from deepsoil_plugin.widgets.plot_colours import plot_colours

DAY = dt.date(2023, 7, 12)
DAY_S = 86_400.0
SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}


# ---- the table of fields

def row(**values: Any) -> FieldRow:
    return FieldRow(1, "A", "A", (0, 0, 1, 1), values)


def cell(title: str, **values: Any) -> tuple[str, Any]:
    """(text, rank) of the column whose title begins so, in a table that has water and soil moisture."""
    one = row(**values)
    columns = columns_of([one, row(refill_mm=1.0, theta_20cm=0.2)])
    column = next(column for column in columns if column.title.startswith(title))
    return column.text(one), column.rank(one)


@pytest.mark.parametrize(("need", "level"), [(0.0, LOW), (0.499, LOW), (0.5, MEDIUM), (0.999, MEDIUM), (1.0, HIGH),
                                             (1.4, HIGH), (None, UNKNOWN), (float("nan"), UNKNOWN), (True, UNKNOWN)])
def test_need_has_its_level_at_one_half_and_at_one(need: Any, level: str) -> None:
    assert row(need=need).level == level


def test_days_until_the_limit_are_told_and_sorted_the_sooner_the_higher() -> None:
    def limit(**values: Any) -> tuple[str, Any]:
        return cell("Limit in", days_ahead=14, **values)

    assert limit(days_to_limit=0)[0] == "reached" and limit(days_to_limit=5)[0] == "5"
    assert limit(days_to_limit=None)[0] == "more than 14"
    assert cell("Limit in")[0] == "–" and cell("Limit in")[1] is None
    ranks = [limit(days_to_limit=days)[1] for days in (0, 5, 14, None)]
    assert ranks == sorted(ranks, reverse=True) and len(set(ranks)) == 4


def test_figures_of_a_field_have_their_interval_their_unit_and_their_share() -> None:
    assert cell("Need", need=0.42) == ("42 %", 0.42)
    assert cell("Refill", refill_mm=22.4, refill_mm_lower=18.0, refill_mm_upper=27.0) == ("22 (18–27)", 22.4)
    assert cell("Refill", refill_mm=22.4, refill_mm_lower=18.0) == ("22", 22.4) and cell("Refill") == ("–", None)
    assert cell("Depletion", depletion_mm=9.0) == ("9", 9.0)
    assert cell("Available", available_percent=61.0) == ("61", 61.0)
    assert cell("Beyond limit", below_share=0.25) == ("25", 0.25) and cell("Area", area_ha=12.34) == ("12.3", 12.34)
    assert cell("θ 20 cm", theta_20cm=0.2345, theta_20cm_p10=0.2, theta_20cm_p90=0.25) == (
        "0.234 (0.200–0.250)", 0.2345)
    titles = [column.title for column in columns_of([row(theta_5cm=0.1, theta_20cm=0.2)])]
    assert [title.split(" (")[0] for title in titles] == ["Field", "Need", "θ 5 cm", "θ 20 cm", "Area"]


def test_a_field_without_figures_says_why_in_the_place_of_its_need() -> None:
    assert problem_text(row()) == "" and problem_text(row(problem="no_map")) == "No map"
    assert cell("Need", problem="outside", need=0.5)[0] == "Outside the region: it has no data there"
    assert cell("Need", problem="no_soil")[0].startswith("No map: open water")
    assert cell("Need", problem="no_map", problem_text="It failed.")[0] == "It failed."


# ---- what the water panel is about

def test_a_place_is_its_longitude_and_latitude_in_this_order() -> None:
    key = of_place(-96.61, 39.1, "local", {}).key
    assert key.startswith("39.1") and "-96.61" in key.replace("−", "-")
    found = of_place(-96.61, 39.1, "kansas", {key: {"crop": "corn"}})
    assert found.place == (-96.61, 39.1) and (found.host, found.entry, found.area) == ("kansas", {"crop": "corn"}, None)
    assert found.geometry == {"type": "Point", "coordinates": [-96.61, 39.1]}


def test_own_words_of_a_field_come_before_those_of_all_and_a_crop_of_its_own_is_not_planted_like_theirs() -> None:
    area = {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"name": name}, "geometry": {**SQUARE, "n": name}} for name in ("A", "B")]}
    water = {"Farm": {"crop": "corn", "planted": "2023-05-01", "root_depth_cm": 90}, "B": {"crop": "wheat"}}
    request = MapRequest("Farm", area, water=water)
    first, second = of_request(request), of_request(request, "B")
    assert first is not None and second is not None
    assert (first.key, first.area["n"], first.known) == ("A", "A", water["Farm"])  # type: ignore[index]
    assert second.known == {"crop": "wheat", "root_depth_cm": 90} == second.management(second.entry)
    assert of_request(request, "C").key == "A" and of_request(MapRequest("Farm")) is None  # type: ignore[union-attr]
    job = of_job({"area": SQUARE, "name": "N", "options": {"management": [{"crop": "oats"}]}}, "h", {})
    assert job is not None and job.known == {"crop": "oats"} and job.geometry == SQUARE
    assert of_job({"area": None}, "h", {}) is None


def test_a_log_and_a_plan_are_one_and_a_day_of_the_log_is_not_planned_again() -> None:
    log = {"type": "log", "applications": [{"date": "2023-07-10", "mm": 20.0}]}
    subject = Subject("A", SQUARE, entry={"irrigation": log, "root_depth_cm": 70.0, "crop": "corn"})
    plan = subject.plan([Event(DAY, 9.0), Event(dt.date(2023, 7, 10), 5.0), Event(dt.date(2023, 7, 1), 3.0)])
    assert [(event.day.day, event.mm, event.logged) for event in plan.events] == [(1, 3.0, False), (10, 20.0, True),
                                                                                  (12, 9.0, False)]
    assert (plan.roots_cm, plan.allowed) == (70.0, None)
    assert subject.entry_with(plan) == subject.entry, "what is planned is not in the log"
    assert subject.entry_with(Plan((), None, 0.5)) == {"crop": "corn", "allowed_depletion": 0.5}
    habit = Subject("A", SQUARE, entry={"irrigation": {"type": "habit"}})
    assert habit.entry_with(Plan()) == habit.entry and habit.plan([]).events == ()


def test_fields_of_which_only_the_name_is_known_are_not_told() -> None:
    soil = {"soil": {"layers": []}}
    request = MapRequest("Farm", SQUARE, water={"Farm": soil})
    assert request.management == [], "networks know no measured soil"
    assert MapRequest("Farm", SQUARE, water={"Farm": soil}, method=COLUMN).management == [soil]


def test_a_place_has_the_water_of_the_field_around_it_and_the_region_that_was_chosen() -> None:
    def square(west: float) -> dict[str, Any]:
        return {"type": "Polygon", "coordinates": [[[west, 0], [west + 1, 0], [west + 1, 1], [west, 1], [west, 0]]]}

    area = {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"name": name}, "geometry": square(west)}
        for name, west in (("A", 0), ("B", 2))]}
    request = MapRequest("Farm", area, water={"Farm": {"crop": "corn"}, "B": {"crop": "oats"}})
    assert [management_at(request, longitude, 0.5) for longitude in (0.5, 2.5, 1.5)] == [
        {"crop": "corn"}, {"crop": "oats"}, None]
    assert management_at(MapRequest("Farm"), 0.5, 0.5) is None
    assert management_at(MapRequest("Farm", square(0), water={"Farm": {"crop": "corn"}}), 0.5, 0.5) == {"crop": "corn"}
    assert management_at(MapRequest("Farm", area, water={"B": {"crop": "oats"}}), 0.5, 0.5) is None
    regions = [{"id": "broken", "footprint": square(0), "problem": "odd"}, {"id": "east", "footprint": square(2)},
               {"id": "first", "footprint": square(0)}, {"id": "second", "footprint": square(0)}, {"id": "empty"}]

    def found(chosen: str | None, longitude: float) -> Any:
        return (region_at(regions, chosen, longitude, 0.5) or {}).get("id")

    assert found(None, 0.5) == "first" and found("second", 0.5) == "second" and found("broken", 0.5) == "first"
    assert found("second", 2.5) == "east" and found("second", 9.0) is None


# ---- names of areas

def test_a_name_goes_with_its_area_and_what_is_typed_with_the_next_until_it_is_sent() -> None:
    for seed in range(30):
        dice, names, known, open_ = random.Random(seed), GivenNames(), {}, False
        for _ in range(40):
            area = {"n": dice.randrange(4)}
            action = dice.choice(("typed", "settle", "ask"))
            name = dice.choice(("", " ", "North", "South"))
            if action == "typed":
                names.typed(name)
                open_ = bool(name.strip())
            elif action == "settle":
                given = dice.choice((area, None))
                names.settle(given, name)
                if given and name.strip():
                    known[area["n"]] = name
                open_ = False
            wanted = "Typed" if open_ else known.get(area["n"], "suggested")
            assert names.for_area(dict(area), "Typed", "suggested") == wanted
            assert names.for_area(area, " ", "suggested") == known.get(area["n"], "suggested")


def test_the_names_that_were_not_used_for_longest_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deepsoil_plugin.dock.given_names._MOST", 3)
    names = GivenNames()
    for number in (1, 2, 3, 1, 4):
        names.settle(number, f"field {number}")
    assert [names.for_area(number, "", "-") for number in (1, 2, 3, 4)] == ["field 1", "-", "field 3", "field 4"]


# ---- bars of irrigation

def bars_of(item: Any) -> list[tuple[float, float]]:
    return [(float(x), round(float(height), 3)) for x, height in zip(item.opts["x"], item.opts["height"], strict=True)]


def test_bars_stand_right_of_the_middle_of_their_day_with_their_number(qtbot: Any) -> None:
    plot = pg.PlotWidget()
    qtbot.addWidget(plot)
    bars = EventBars(plot.getPlotItem())
    bars.wear(plot_colours(QPalette()), QFont())

    def at(day: dt.date) -> float:
        return (day - dt.date(1970, 1, 1)).days * DAY_S + ASIDE_S

    def on(number: int) -> dt.date:
        return DAY + dt.timedelta(number)

    plan = Plan((Event(on(-3), 25.4, True), Event(on(-1), 10.0), Event(on(1), 12.7), Event(on(7), 5.0),
                 Event(on(8), 6.0), Event(on(9), 7.0, True)))
    bars.draw(plan, DAY, 7, on(1), "in")
    assert bars_of(bars._given) == [(at(on(-3)), 1.0)], "later than what is shown is not drawn"
    assert bars_of(bars._planned) == [(at(on(1)), 0.5), (at(on(7)), round(5 / 25.4, 3))]
    assert bars_of(bars._selected) == [(at(on(1)), 0.5)]
    shown = [(number.toPlainText(), number.pos().x(), number.pos().y()) for number in bars._numbers
             if number.isVisible()]
    assert [text for text, _, _ in shown] == ["1.00", "0.50", "0.20"]
    assert all(number in plot.getPlotItem().items for number in bars._numbers) and len(bars._numbers) == 3
    assert [(x, round(y, 3)) for _, x, y in shown] == [*bars_of(bars._given), *bars_of(bars._planned)]
    bars.draw(Plan((Event(on(2), 9.0),)), DAY, 7, None, "mm")
    assert [number.toPlainText() for number in bars._numbers if number.isVisible()] == ["9"]
    assert bars_of(bars._given) == bars_of(bars._selected) == []
    many = Plan(tuple(Event(on(-number), float(number), True) for number in range(45, 0, -1)))
    bars.draw(many, DAY, 7, None, "mm")
    numbers = [number.toPlainText() for number in bars._numbers if number.isVisible()]
    assert numbers == [str(number) for number in range(40, 0, -1)], "more numbers than that cannot be told apart"
    # what is assumed of the days before, but where the log knows better
    bars.draw(plan, DAY, 7, None, "mm")
    times = np.array([(on(number) - dt.date(1970, 1, 1)).days * DAY_S for number in range(-4, 2)])
    bars.show_assumed(times, np.array([20.0, 21.0, 0.0, 23.0, 24.0, 25.0]), past=5)
    assert bars_of(bars._assumed) == [(at(on(-4)), 20.0), (at(on(-1)), 23.0), (at(on(0)), 24.0)]
    assert bars._assumed.opts["width"] == bars._given.opts["width"] == WIDTH_S


# ---- questions, secrets, files

class Engine(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, Any, Any, Any]] = []

    def call(self, method: str, params: Any, on_result: Any, on_error: Any, owner: Any = None) -> None:
        self.asked.append((method, params, on_result, on_error))


def test_only_the_newest_question_is_answered_and_an_error_is_an_answer(qtbot: Any) -> None:
    engine, answers = Engine(), []
    estimator = Estimator(engine)  # type: ignore[arg-type]
    estimator.estimated.connect(answers.append)
    estimator.ask({"id": 1}, {})
    estimator.ask({"id": 2}, {"host": "kansas"})
    qtbot.waitUntil(lambda: bool(engine.asked))
    assert [(method, params) for method, params, *_ in engine.asked] == [
        ("estimate", {"specification": {"id": 2}, "host": "kansas"})]
    estimator.ask({"id": 3}, {})
    engine.asked[0][2]({"seconds": 1})
    assert answers == [], "it is about what was asked before"
    qtbot.waitUntil(lambda: len(engine.asked) == 2)
    engine.asked[1][3]({"code": "odd"})
    assert answers == [{"problems": [{"code": "odd"}]}]
    estimator.forget()
    engine.asked[1][2]({"seconds": 2})
    assert len(answers) == 1


@pytest.mark.parametrize(("open_", "stored"), [(False, True), (True, False), (True, True)])
def test_a_secret_is_known_only_when_it_was_stored(monkeypatch: pytest.MonkeyPatch, open_: bool, stored: bool) -> None:
    class Store:
        kept: dict[Any, str] = {}

        def unlock(self) -> bool:
            return open_

        def keep(self, key: Any, title: str, secret: str) -> bool:
            assert "Earthdata" in title
            if stored:
                self.kept = {key: secret}
            return stored

        def has(self, key: Any) -> bool:
            return key in self.kept

        def find(self, key: Any) -> str | None:
            return self.kept.get(key)

        def forget(self, key: Any) -> None:
            self.kept = {}

    monkeypatch.setattr("deepsoil_plugin.hosts.archive_accounts.Secrets", Store)
    accounts = ArchiveAccounts()
    whole = open_ and stored
    assert accounts.keep("earthdata", "secret") is whole and accounts.has("earthdata") is whole
    assert accounts.known() == ({"earthdata": "secret"} if whole else {})
    accounts._known.clear()
    accounts.unlock()
    assert accounts.known() == ({"earthdata": "secret"} if whole else {})
    accounts.forget("earthdata")
    assert accounts.known() == {} and not accounts.has("earthdata")


def test_a_file_that_is_not_there_or_has_another_beginning_is_no_map(tmp_path: Path) -> None:
    assert not geotiff.is_whole(str(tmp_path / "none.tif")) and geotiff.opened(str(tmp_path / "none.tif")) is None
    (tmp_path / "a.tif").write_bytes(b"<VRTDataset/>")
    assert not geotiff.is_whole(str(tmp_path / "a.tif"))
