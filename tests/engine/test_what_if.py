"""What if a field is irrigated on the next days: the answer is the whole simulation's, and says when to refill."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from deepsoil.bench.farm import DAYS, FIRST_DAY, make_farm, outline
from deepsoil.contract.errors import DeepSoilError
from deepsoil.field import alike, member_batch, uncertainty, what_if
from deepsoil.field.ground import Columns, ground_of, shares_of
from deepsoil.field.model import field_model
from deepsoil.field.series import DEPTHS_CM
from deepsoil.field.state_cache import states_in
from deepsoil.field.weather_ahead import usual
from deepsoil.service.series import series
from deepsoil.service.what_if import MOST_DAYS, WhatIf
from deepsoil.soil import batch
from deepsoil.soil.compile_now import compile_now
from deepsoil.soil.forcing import Forcing
from deepsoil.store.store import Store
from shapely.geometry import mapping

DAY = "2022-07-10"
WEEK = [str(np.datetime64(DAY) + number) for number in range(1, 8)]
CORN = {"crop": "corn"}


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return make_farm(tmp_path_factory.mktemp("farm") / "store")


@pytest.fixture
def asking(tmp_path: Path) -> WhatIf:
    return WhatIf(tmp_path)


def middle(store: Store) -> list[float]:
    centre = outline(store).centroid
    return [centre.x, centre.y]


def ask(asking: WhatIf, store: Store, *given: tuple[str, float], day: str = DAY, days: int = 7,
        management: Any = CORN, before: int | None = None, **where: Any) -> dict[str, Any]:
    return asking.answer(store, day, where.get("place", None if "area" in where else middle(store)),
                         where.get("area"), [{"date": date, "mm": mm} for date, mm in given], days, management,
                         before)


def test_it_is_the_series_that_the_whole_simulation_gives_under_a_log_of_this_water(
        asking: WhatIf, farm: Store) -> None:
    given = ((WEEK[1], 30.0), (WEEK[4], 12.0))
    answer = ask(asking, farm, *given)
    log = {"type": "log", "applications": [{"date": date, "mm": mm} for date, mm in given]}
    whole = series(farm, None, middle(farm), WEEK[0], WEEK[-1], management={**CORN, "irrigation": log})  # type: ignore[arg-type]
    assert answer["dates"] == whole["dates"] == WEEK and answer["weather_known_days"] == 7
    assert answer["precipitation_mm"] == whole["precipitation_mm"]
    for depth, bands in whole["depths"].items():
        for name, values in bands.items():
            assert answer["depths"][depth][name] == pytest.approx(values, abs=0.002), (depth, name)
    for name in ("available_mm", "depletion_mm", "drainage_mm", "irrigation_mm"):
        assert answer[name]["mean"] == pytest.approx(whole[name]["mean"], abs=1.0), name
    assert answer["irrigation_mm"]["mean"][1] == pytest.approx(30.0, rel=0.05)


def test_what_is_lacking_on_the_day_that_it_names_makes_that_day_later(asking: WhatIf, farm: Store) -> None:
    dry = ask(asking, farm, day="2022-12-30", days=MOST_DAYS, management={"crop": "potato"})
    assert dry["weather_known_days"] == 0 and dry["precipitation_mm"] == [0.0] * MOST_DAYS
    summer = next(found for found in (ask(asking, farm, day=f"2022-{month:02}-15", days=20) for month in (7, 8))
                  if found["need"]["day"])
    need = summer["need"]
    assert need["earliest"] <= need["day"] and (need["latest"] is None or need["day"] <= need["latest"])
    low, mean, high = (need["refill_mm"][name] for name in ("lower", "mean", "upper"))
    assert 0 < low < mean < high and need["limit_mm"] > 0
    on = summer["dates"].index(need["day"])
    assert summer["depletion_mm"]["mean"][on] == pytest.approx(mean, abs=0.2)
    start = str(np.datetime64(summer["dates"][0]) - 1)
    watered = ask(asking, farm, (need["day"], mean), day=start, days=20)
    assert watered["need"]["day"] is None or watered["need"]["day"] > need["day"]
    assert watered["depletion_mm"]["mean"][-1] < summer["depletion_mm"]["mean"][-1]


def test_a_field_is_the_mean_of_its_pixels_and_is_simulated_once(
        asking: WhatIf, farm: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    area = mapping(outline(farm).centroid.buffer(0.0003))
    first = ask(asking, farm, area=area)
    ranges = [ask(asking, farm, place=list(point)) for point in area["coordinates"][0][::22]]
    at_20 = [found["depths"]["20"]["mean"][0] for found in ranges]
    assert min(at_20) - 0.01 <= first["depths"]["20"]["mean"][0] <= max(at_20) + 0.01

    def never(*_: Any, **__: Any) -> None:
        raise AssertionError("simulated again")

    monkeypatch.setattr(what_if, "prepare", never)
    asking._kept.popitem(last=False)
    assert ask(asking, farm, place=list(area["coordinates"][0][0])) == ranges[0], "kept"
    with pytest.raises(AssertionError, match="simulated again"):
        ask(asking, Store.open(farm.path), place=list(area["coordinates"][0][0]))


def test_what_is_compiled_beforehand_is_all_that_a_field_needs(asking: WhatIf, farm: Store) -> None:
    compile_now()
    compiled = list(batch.run_columns.signatures)  # type: ignore[attr-defined]
    ask(asking, farm, (WEEK[2], 5.0))
    ask(asking, farm, (WEEK[2], 6.0))
    assert batch.run_columns.signatures == compiled  # type: ignore[attr-defined]
    assert len(compiled) == 1


def test_moving_water_again_and_again_gives_what_asking_at_once_gives(asking: WhatIf, farm: Store, tmp_path: Path,
                                                                      ) -> None:
    """Whatever was asked before, the answer is that of an engine that was asked nothing else: bit for bit."""
    moves = [[(WEEK[3], 20.0)], [(WEEK[4], 20.0)], [(WEEK[4], 35.0)], [(WEEK[4], 35.0), (WEEK[6], 5.0)], [],
             [(WEEK[0], 12.0)], [(WEEK[0], 12.0)]]
    answers = [ask(asking, farm, *given) for given in moves]
    assert answers[-1] == answers[-2] and answers[0] != answers[1]
    for given, answer in zip(moves[1:-1:2], answers[1:-1:2], strict=True):
        assert ask(WhatIf(tmp_path), farm, *given) == answer, given


def test_a_deeper_root_zone_holds_more_and_the_users_share_of_it_is_the_limit(asking: WhatIf, farm: Store) -> None:
    usual = ask(asking, farm)
    assert usual["crop"] == {"root_depth_cm": 135, "allowed_depletion": 0.55, "stage": "middle"}
    shallow = ask(asking, farm, management={**CORN, "root_depth_cm": 40, "allowed_depletion": 0.3})
    assert shallow["crop"] == {"root_depth_cm": 40, "allowed_depletion": 0.3, "stage": "middle"}
    assert shallow["available_mm"]["mean"][0] < 0.6 * usual["available_mm"]["mean"][0]
    same_roots = ask(asking, farm, management={**CORN, "allowed_depletion": 0.275})
    assert same_roots["need"]["limit_mm"] == pytest.approx(usual["need"]["limit_mm"] / 2, abs=0.1)
    assert ask(asking, farm, management=None)["crop"]["stage"] is None
    assert ask(asking, farm, day="2022-01-20")["crop"]["stage"] == "none"


def test_the_days_before_are_told_where_they_are_asked_for(asking: WhatIf, farm: Store) -> None:
    assert ask(asking, farm)["past"] is None
    log = {"type": "log", "applications": [{"date": "2022-07-08", "mm": 20.0}]}
    past = ask(asking, farm, management={**CORN, "irrigation": log}, before=5)["past"]
    assert past["dates"] == [str(np.datetime64(DAY) - number) for number in range(5, -1, -1)]
    whole = series(farm, None, middle(farm), past["dates"][0], DAY,  # type: ignore[arg-type]
                   management={**CORN, "irrigation": log})
    for depth, bands in whole["depths"].items():
        assert past["depths"][depth]["mean"] == pytest.approx(bands["mean"], abs=0.002), depth
    assert past["irrigation_mm"]["mean"][3] == pytest.approx(20.0, rel=0.05)
    assert past["precipitation_mm"] == whole["precipitation_mm"]


def test_few_soils_stand_for_a_field_each_one_that_it_has_and_their_mean_is_the_fields() -> None:
    rng = np.random.default_rng(5)
    sand, clay = rng.uniform(20, 70, 40), rng.uniform(5, 25, 40)
    cover = np.where(np.arange(40) < 4, 2, 1)
    columns = Columns(np.stack([sand, 100 - sand - clay, clay], axis=1), cover, np.zeros(40, bool),
                      np.zeros(40, np.int64), np.array([-100.0]), np.array([40.0]))
    shares = rng.dirichlet(np.ones(40))
    few, weights = alike.standing_for(columns, shares, 8, 0.0)
    assert len(few) == 8 and weights.sum() == pytest.approx(1.0)
    assert np.abs(weights @ columns.textures[few] - shares @ columns.textures).max() < 1.5, "per cent"
    assert weights[cover[few] == 2].sum() == pytest.approx(shares[cover == 2].sum()), "soils of one cover stay with it"
    close, _ = alike.standing_for(columns, shares, 8, 8.0)
    assert 1 < len(close) < 8, "no more than are needed"
    same = columns.select(np.zeros(40, np.int64))
    assert len(alike.standing_for(same, shares, 8, 1.0)[0]) == 1
    all_of_them, kept = alike.standing_for(columns, shares, 40, 0.0)
    assert np.array_equal(all_of_them, np.arange(40)) and np.array_equal(kept, shares)


def test_the_soils_that_stand_for_a_field_give_its_water_and_are_the_maps_own_members(farm: Store, tmp_path: Path,
                                                                                    ) -> None:
    day, z = dt.date.fromisoformat(DAY), uncertainty.draw()
    found = ground_of(farm, outline(farm))
    shares = shares_of(found, outline(farm))
    few = what_if.Ground.of(found.columns, shares)
    states = states_in(tmp_path)
    field_model(farm, found.columns, [day], DEPTHS_CM, states=states).run(z)
    begun: list[int] = []
    real = member_batch.MemberBatch.simulate

    def simulate(self: Any, driving: Any, *rest: Any, **named: Any) -> Any:
        begun.append(driving.share.shape[1])
        return real(self, driving, *rest, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(member_batch.MemberBatch, "simulate", simulate)
        after_map = what_if.prepare(farm, few, day, 7, states=states)
    assert max(begun) <= 16, "the days since the last state of the map"
    cold = what_if.prepare(farm, few, day, 7)
    given = np.zeros(7)
    water, need = after_map.answer(given)
    assert water.depletion.mean == pytest.approx(cold.answer(given)[0].depletion.mean, abs=1e-3), "mm"
    whole, needed = what_if.prepare(farm, what_if.Ground.whole(found.columns, shares), day, 7,
                                    states=states).answer(given)
    for depth, band in water.theta.items():
        exact = whole.theta[depth]
        assert np.abs(band.mean - exact.mean).max() < 0.05 * (exact.upper - exact.lower).min(), depth
    assert abs(need.refill[0] - needed.refill[0]) < 0.05 * (needed.refill[2] - needed.refill[1])


def test_the_need_counts_the_members_that_have_reached_their_own_limit() -> None:
    dates = np.datetime64("2023-07-01") + np.arange(4)
    depletion = np.array([[10, 20, 30, 20], [0, 10, 20, 30], [0, 0, 10, 20], [np.nan] * 4])
    need = what_if.need_of(dates, depletion, np.array([20.0, 20.0, 30.0, 1.0]), np.full(4, 0.25))
    assert need.limit_mm == pytest.approx(70 / 3)
    assert (need.earliest, need.day, need.latest) == (dates[1], dates[2], None), "once reached, it is reached"
    assert need.refill[0] == pytest.approx(20.0), "of the day on which half have reached it"
    less = what_if.need_of(dates, depletion, np.array([20.0, 20.0, 30.0, 1.0]), np.full(4, 0.25),
                           np.array([5.0, 5.0, 15.0, 1.0]))
    assert less.refill[0] == pytest.approx((25 + 15 + 0) / 3) and less.day == need.day, "never below 0"
    never = what_if.need_of(dates, depletion[:3], np.full(3, 99.0), np.full(3, 1 / 3))
    assert (never.day, never.earliest) == (None, None) and never.refill[0] == pytest.approx(70 / 3)


def test_the_usual_weather_is_that_of_the_season_in_earlier_years_and_of_the_last_days_where_there_are_none() -> None:
    dates = np.arange("2020-01-01", "2022-06-30", dtype="datetime64[D]")
    of_year = (dates - dates.astype("datetime64[Y]")).astype(int)
    past = Forcing(np.full((1, dates.size), 5.0), np.where((of_year >= 175) & (of_year <= 200), 7.0, 1.0)[None],
                   np.full((1, dates.size), 20.0))
    ahead = dates[-1] + np.arange(1, 4)
    found = usual(past, dates, ahead)
    assert np.all(found.precipitation == 0) and found.pet.shape == (1, 3)
    assert np.all(found.pet > 5.0), "as on these days in 2020 and 2021"
    year = usual(past.on_days(np.arange(dates.size - 100, dates.size)), dates[-100:], ahead)
    assert year.pet[0, 0] == past.pet[0, -14:].mean()


@pytest.mark.parametrize(("what", "said"), [
    ({"events": [{"date": DAY, "mm": 5}]}, "2022-07-11 to 2022-07-17"),
    ({"events": [{"date": WEEK[0], "mm": -5}]}, "0 to 300 mm"),
    ({"events": [{"date": WEEK[0], "mm": "5"}]}, "An irrigation cannot be used"),
    ({"events": ["rain"]}, "An irrigation cannot be used"),
    ({"refill": {"target": 90}}, "target, from 0.1 to 1"),
    ({"events": [{"date": "July", "mm": 5}]}, "not a date"),
    ({"events": [{"date": WEEK[0], "mm": 200}, {"date": WEEK[0], "mm": 200}]}, "400 mm"),
    ({"before": 400}, "400 days cannot be looked back"),
    ({"management": {"root_depth_cm": 4}}, "management.root_depth_cm"),
    ({"management": {"allowed_depletion": 1.4}}, "management.allowed_depletion"),
    ({"days": MOST_DAYS + 1}, "31 days"), ({"days": 0}, "0 days"),
    ({"area": {"type": "Point"}}, "Either a place or an area"), ({"place": None}, "Either a place or an area"),
    ({"place": [0.0, 0.0]}, "no soil"), ({"day": "2030-01-01"}, "no weather for 2030"),
    ({"management": {"crop": "moss"}}, "moss"),
])
def test_what_cannot_be_asked_is_refused_with_what_can(what: dict[str, Any], said: str, asking: WhatIf,
                                                      farm: Store) -> None:
    asked: dict[str, Any] = {"day": DAY, "place": middle(farm), "area": None, "events": None, "days": 7,
                             "management": None, **what}
    with pytest.raises(DeepSoilError) as raised:
        asking.answer(farm, **asked)
    assert said in str(raised.value)
    assert dt.date.fromisoformat(str(FIRST_DAY + DAYS - 1)).year == 2022
