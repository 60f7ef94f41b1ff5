"""Parts of the panel "Water" without an engine: the plan and its steps, the sentence, and the order of questions."""

from __future__ import annotations

import datetime as dt
import random
from types import SimpleNamespace

import pytest
from qgis.PyQt.QtCore import QObject, pyqtSignal

from deepsoil_plugin.contract import LARGEST_APPLICATION_MM
from deepsoil_plugin.contract_check import problem
from deepsoil_plugin.jobs.map_request import MapRequest
from deepsoil_plugin.jobs.water import plans_from
from deepsoil_plugin.panels.water.desk import WaterDesk
from deepsoil_plugin.panels.water.doubt import Known, Used, Verified, used_of, verified_of
from deepsoil_plugin.panels.water.plan import Event, History, Plan, applications_of, events_of
from deepsoil_plugin.panels.water.questions import Questions
from deepsoil_plugin.panels.water.sentence import Facts, sentence
from deepsoil_plugin.panels.water.subject import of_job, of_place, of_request

DAY = dt.date(2023, 7, 12)
SURE = Known(True, True, Used(3, 3), Verified("Fort Reno", 12.4, 0.021, 20))
HOW_GOOD = "at the station Fort Reno, 12 km away, soil moisture at 20 cm was off by 0.021 m³/m³ on a day."


def on(number):
    return DAY + dt.timedelta(days=number)


def facts(**changes):
    told = {"day": DAY, "days": 7, "limit_mm": 52.0, "reached": on(5), "earliest": on(4), "latest": on(6),
            "refill": (22.0, 18.0, 27.0), "now_mm": 30.0, "rain_mm": (0.0,) * 7, "known_days": 7,
            "forecast_from": on(1), **changes}
    return Facts(**told)


def test_the_refill_is_told_with_its_day_its_interval_and_the_rain():
    assert sentence(facts(), SURE) == (
        "Refill 22 mm by Monday 17 Jul (18 to 27); limit reached between 16 Jul and 18 Jul; no rain "
        "forecast; " + HOW_GOOD)
    assert "; up to 85 % of the available water; " in sentence(facts(), SURE, "mm", 0.85)
    assert sentence(facts(), SURE, "in") == (
        "Refill 0.87 in by Monday 17 Jul (0.71 to 1.06); limit reached between 16 Jul and 18 Jul; "
        "no rain forecast; " + HOW_GOOD)


@pytest.mark.parametrize(("changes", "known", "said"), [
    ({"now_mm": 60.0, "reached": on(1), "earliest": on(1), "latest": on(1)}, SURE,
     "Refill 22 mm now (18 to 27): more than the limit of 52 mm is used; no rain forecast."),
    ({"now_mm": 60.0, "reached": on(1), "earliest": on(1), "planned_mm": 10.0}, SURE,
     "Refill 22 mm now (18 to 27) after the 10 mm planned: more than the limit of 52 mm is used; no rain forecast."),
    ({"reached": None, "earliest": None, "latest": None}, SURE,
     "No irrigation needed until Wednesday 19 Jul: 22 mm (18 to 27) will be lacking, the limit is 52 mm; "
     "no rain forecast."),
    ({"reached": None, "earliest": on(6), "latest": None, "planned_mm": 25.0}, SURE,
     "No irrigation needed until Wednesday 19 Jul after the 25 mm planned: 22 mm (18 to 27) will be lacking, the limit "
     "is 52 mm; in one case of twenty it is reached on 18 Jul; no rain forecast."),
    ({"latest": None}, SURE,
     "Refill 22 mm by Monday 17 Jul (18 to 27); limit reached on 16 Jul at the earliest, perhaps after 19 "
     "Jul; no rain forecast."),
    ({"rain_mm": (0.0, 14.0, 0.0, 0.0, 0.0, 9.0, 0.0)}, SURE,
     "Refill 22 mm by Monday 17 Jul (18 to 27); limit reached between 16 Jul and 18 Jul; 14 mm of rain "
     "forecast, already counted."),
    ({"rain_mm": (0.0, 14.0) + (0.0,) * 5, "forecast_from": None}, SURE,
     "Refill 22 mm by Monday 17 Jul (18 to 27); limit reached between 16 Jul and 18 Jul; 14 mm of rain, already "
     "counted."),
    ({"known_days": 3}, SURE,
     "Refill 22 mm by Monday 17 Jul (18 to 27); limit reached between 16 Jul and 18 Jul; no rain forecast until "
     "15 Jul, after that usual weather without rain."),
    ({"known_days": 0, "refill": (22.0, 5.0, 60.0)}, Known(),
     "Refill 22 mm by Monday 17 Jul (5 to 60); limit reached between 16 Jul and 18 Jul; no forecast: usual "
     "weather without rain; interval wide because no reading is used, irrigation before is not known, the crop is not "
     "known, the weather is not forecast so far; not verified here: no station within 50 km."),
    ({"earliest": on(5), "latest": on(5), "refill": (22.0, 5.0, 60.0)},
     Known(True, True, Used(4, 19), Verified("Fort Reno", 12.4)),
     "Refill 22 mm by Monday 17 Jul (5 to 60); no rain forecast; interval wide because no reading in 19 days; "
     "not compared yet with the nearest station, Fort Reno, 12 km away: map the field with soil columns."),
    ({"earliest": on(5), "latest": on(5), "refill": (22.0, 5.0, 60.0)}, Known(True, True, Used(0, None)),
     "Refill 22 mm by Monday 17 Jul (5 to 60); no rain forecast; interval wide because none of the readings says "
     "anything of this day; not verified here: no station within 50 km."),
    ({"earliest": on(5), "latest": on(5), "refill": (22.0, 5.0, 60.0)}, Known(True, True, Used(2, 1)),
     "Refill 22 mm by Monday 17 Jul (5 to 60); no rain forecast; interval wide because soil and roots are known from "
     "maps only; not verified here: no station within 50 km."),
    ({"known_days": 6}, SURE,
     "Refill 22 mm by Monday 17 Jul (18 to 27); limit reached between 16 Jul and 18 Jul; no rain forecast, the "
     "forecast ends on 18 Jul."),
])
def test_every_case_has_its_sentence(changes, known, said):
    assert sentence(facts(**changes), known) == (said[:-1] + "; " + HOW_GOOD if known is SURE else said)


def test_how_good_it_was_is_told_by_the_newest_maps_of_the_region_by_the_same_method():
    def job(created, mae, region="farm", method="column", code="verified_near"):
        return {"kind": "predict", "created": created, "region": region, "host": "local",
                "specification": {"options": {"method": method}},
                "warnings": [{"code": code, "values": {"name": "Reno", "km": 3.2, "depth": 20, "mae": mae}}]}

    jobs = [job("2023-01-01", 0.1), job("2023-03-01", 0.02), job("2023-05-01", 0.3, "other"),
            job("2023-06-01", 0.4, method="network"), job("2023-07-01", 0.5, code="weather_foreseen")]
    assert verified_of(jobs, "farm", "local", {"station": None}) == Verified("Reno", 3.2, 0.02, 20)
    near = {"station": {"station": "r", "name": "Reno", "km": 40.2}}
    assert verified_of(jobs, "farm", "hydra", near) == Verified("Reno", 40.2)
    assert verified_of([{"kind": "predict"}, {}], "farm", "local", {}) is None
    assert used_of({"readings": {"count": 2, "sensors": 1, "last": str(on(-19))}}, DAY) == Used(2, 19)
    assert used_of({"readings": {"count": 0, "sensors": 0, "last": None}}, DAY) == Used(0, None)
    assert used_of({"readings": None}, DAY) is None


def test_only_water_before_the_refill_counts_as_planned():
    answer = {"need": {"limit_mm": 52, "day": str(on(3)), "earliest": None, "latest": None,
                       "refill_mm": {"mean": 50, "lower": 40, "upper": 60}}, "dates": [str(on(n)) for n in range(1, 8)],
              "precipitation_mm": [None] * 7, "weather_known_days": 7, "forecast_from": None,
              "past": {"depletion_mm": {"mean": [20.0]}}}
    events = (Event(on(2), 10.0), Event(on(6), 99.0))
    assert Facts.of(DAY, answer, events).planned_mm == 10.0
    answer["need"]["day"] = None
    assert Facts.of(DAY, answer, events).planned_mm == 109.0


def changed(plan, chance):
    day, mm = on(chance.randint(-10, 10)), chance.uniform(-50, 500)
    what = chance.randrange(4)
    if what == 0:
        return plan.resized(day, mm, logged=day <= DAY)
    return plan.exactly(day, mm) if what == 1 else plan.without(day) if what == 2 else \
        plan.moved(day, on(chance.randint(-10, 10)))


@pytest.mark.parametrize("seed", range(20))
def test_whatever_is_done_to_a_plan_it_is_one_of_the_contract_and_can_be_taken_back(seed):
    chance, history = random.Random(seed), History()
    history.begin(Plan((Event(on(-3), 12.0, True),)))
    seen = [history.now]
    for _ in range(60):
        history.put(changed(history.now, chance))
        if history.now != seen[-1]:
            seen.append(history.now)
        days = [event.day for event in history.now.events]
        assert days == sorted(set(days))
        log = {"type": "log", "applications": applications_of(history.now.events)}
        assert problem(log, "IrrigationLog") is None
        assert {event.logged for event in history.now.given} <= {True}
    for plan in seen[-2::-1]:
        history.undo()
        assert history.now == plan
    assert not history.can_undo
    for _ in seen[1:]:
        history.redo()
    assert history.now == seen[-1] and not history.can_redo


def test_water_is_moved_whole_and_never_between_the_log_and_the_plan():
    plan = Plan((Event(on(-1), 10.0, True), Event(on(2), 20.0), Event(on(4), 290.0)))
    assert plan.moved(on(2), on(3)).at(on(3)) == Event(on(3), 20.0)
    assert plan.moved(on(2), on(4)).at(on(4)) == Event(on(4), LARGEST_APPLICATION_MM)
    assert plan.moved(on(2), on(-1)) == plan and plan.moved(on(9), on(1)) == plan
    assert events_of(applications_of(plan.planned), False) == plan.planned


class Engine(QObject):
    """Keeps each question until it is to be answered, and what is to be cancelled."""

    questionTold = pyqtSignal(dict)

    def __init__(self):
        super().__init__()
        self.open, self.cancelled = [], []

    def call(self, method, params, on_result=None, on_error=None, **_):
        if method == "cancel_what_if":
            self.cancelled.append(params)
        else:
            self.open.append((params, on_result, on_error))


def test_one_question_is_under_way_the_newest_waits_and_another_field_s_answer_is_dropped(qtbot):
    engine = Engine()
    questions, came, busy = Questions(engine), [], []
    questions.answered.connect(lambda answer, _asked: came.append(answer))
    questions.busy.connect(busy.append)
    for number in range(10):
        questions.ask({"events": number})
    assert [params["events"] for params, *_ in engine.open] == [0]
    engine.open.pop()[1]("first")
    assert [params["events"] for params, *_ in engine.open] == [9] and came == ["first"], "eight were never asked"
    assert engine.cancelled == [], "the field stays"
    questions.other_field()
    questions.ask({"events": 10})
    (under_way, came_late, _) = engine.open.pop()
    assert engine.cancelled[0] == {"asking": under_way["asking"]}
    came_late("late")
    assert came == ["first"] and [params["events"] for params, *_ in engine.open] == [10]
    failed = []
    questions.failed.connect(failed.append)
    engine.open.pop()[2]({"code": "no_soil"})
    assert failed == [{"code": "no_soil"}] and busy[-1] is False


def test_a_question_tells_how_far_it_is_and_is_stopped_when_another_simulation_is_wanted(qtbot):
    engine = Engine()
    questions, told, failed = Questions(engine), [], []
    questions.told.connect(lambda stage, fraction: told.append((stage, fraction)))
    questions.failed.connect(lambda error: failed.append(error["code"]))
    questions.ask({"day": "2023-07-12", "host": "hydra"})
    name = engine.open[0][0]["asking"]
    for asking in (name, "another"):
        engine.questionTold.emit({"asking": asking, "stage": "columns", "fraction": 0.5})
    assert told == [("columns", 0.5)]
    questions.ask({"day": "2023-07-13", "host": "hydra"})
    assert engine.cancelled == [{"asking": name, "host": "hydra"}]
    engine.open.pop(0)[2]({"code": "cancelled"})
    assert failed == [] and engine.open[0][0]["day"] == "2023-07-13", "nobody is told that it was stopped for this"
    questions.cancel()
    engine.open.pop()[2]({"code": "cancelled"})
    assert failed == ["cancelled"] and not questions.waits, "the user is"


def test_what_was_cancelled_is_asked_again_when_the_field_is_chosen_again(qtbot):
    engine, said = Engine(), []
    desk = WaterDesk(engine, SimpleNamespace(plans={}), None)
    desk.said.connect(lambda text, warning: said.append((text, warning)))
    desk.subject, desk.day = of_place(-96.5, 39.1, "local", {}, {"stations": True}), DAY
    desk.again()
    assert engine.open == [], "nothing was asked"
    desk.ask()
    assert engine.open[0][0]["readings"] == {"stations": True}
    desk.cancel()
    engine.open.pop()[2]({"code": "cancelled"})
    assert said[-1][0].startswith("Cancelled.") and not said[-1][1]
    desk.again()
    engine.open.pop()[1]({})
    desk.again()
    assert engine.open == [], "once"


def fields(*names):
    square = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
    return {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"name": name}, "geometry": square} for name in names]}


def test_a_field_has_its_own_words_and_those_for_all_fields_where_it_has_none():
    log = {"type": "log", "applications": [{"date": "2023-07-03", "mm": 25.0}]}
    request = MapRequest("Farm", fields("A", "B"), water={"Farm": {"crop": "corn", "planted": "2023-05-01"},
                                                          "B": {"crop": "potato", "irrigation": log}})
    first, second = of_request(request), of_request(request, "B")
    assert first.key == "A" and first.known == {"crop": "corn", "planted": "2023-05-01"}
    assert second.known == {"crop": "potato", "irrigation": log}, "no day of planting of another crop"
    plan = second.plan((Event(dt.date(2023, 7, 3), 9.0), Event(on(2), 9.0)))
    assert plan.events == (Event(dt.date(2023, 7, 3), 25.0, True), Event(on(2), 9.0)), "the log is what was given"
    changed = second.entry_with(Plan(plan.planned, 60.0, 0.4))
    assert changed == {"crop": "potato", "root_depth_cm": 60.0, "allowed_depletion": 0.4}
    assert problem(changed, "Management") is None
    job = of_job({"name": "Farm", "area": fields("A"), "options": {"management": [
        {"crop": "corn"}, {"field": "A", "irrigation": {"type": "rainfed"}}]}}, "hydra", {"A": {"crop": "pea"}})
    assert (job.host, job.known) == ("hydra", {"crop": "pea"}), "what is known now, not what the job was told"
    assert of_request(MapRequest()) is None and of_job({}, "local", {}) is None
    assert of_place(-96.5, 39.1, "local", {}).geometry == {"type": "Point", "coordinates": [-96.5, 39.1]}


def test_plans_of_a_damaged_project_are_left_out():
    good = [{"date": "2023-07-14", "mm": 20.0}]
    damaged = {"A": good, "B": "x", "C": [{"date": "2023-02-31", "mm": 3}], "D": [{"date": "2023-07-14", "mm": 1e9}],
               "E": [], "F": [{"mm": 3}], "G": {"date": "x"}, "H": [None]}
    assert plans_from(damaged) == {"A": good}
    for odd in (None, [], "x", 7, {1: good}):
        assert plans_from(odd) == {}
