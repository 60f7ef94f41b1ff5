"""Aims are judged by their bounds, the best guess has zero scores, and measured soils meet their points."""

from __future__ import annotations

import numpy as np
import pytest
from deepsoil.bench.irrigated_causes import soils_of
from deepsoil.evaluation.table_files import Tabular
from deepsoil.experiments import aims, best_guess, trapped_air
from deepsoil.experiments.column_places import Place
from deepsoil.experiments.readings_worth import first_days, model_of
from deepsoil.field.uncertainty import PARAMETERS, draw, soils
from deepsoil.soil.forcing import Forcing
from deepsoil.soil.retention import DUL_SUCTION_CM, LL15_SUCTION_CM, theta
from deepsoil.soil.rosetta import parameters
from deepsoil.soil.vegetation import GROUPS

DAYS = 60


@pytest.fixture(scope="module")
def place() -> Place:
    rng = np.random.default_rng(0)
    dates = np.datetime64("2021-04-01") + np.arange(2 * DAYS)
    rain = rng.gamma(0.5, 12.0, dates.size) * (rng.random(dates.size) < 0.3)
    forcing = Forcing(rain[None], np.full((1, dates.size), 4.0), np.full((1, dates.size), 18.0))
    nothing = (np.empty(0, np.int64), np.empty(0))
    return Place("made up", dates, forcing, 39.0, ["a"], np.full((1, 2, dates.size), 0.2),
                 np.array([[40.0, 40.0, 20.0]]), [GROUPS[0]], [nothing])


@pytest.mark.parametrize(("found", "said"), [
    ((0.02, 0.02), "held"), ((0.021, 0.01), "missed at 5 cm"), ((0.01, 0.021), "missed at 20 cm"),
    ((0.03, 0.03), "missed")])
def test_an_aim_is_held_up_to_its_bound_at_both_depths(found: tuple[float, float], said: str) -> None:
    assert aims.Reached("x", found, (0.02, 0.02)).cells()[-1] == said


def test_a_share_has_two_bounds() -> None:
    share = aims.Reached("x", (0.8, 0.97), (0.95, 0.95), 0.85)
    assert share.cells() == ("x", "0.85 to 0.95", "0.85 to 0.95", 0.8, 0.97, "missed")
    assert aims.Reached("x", (0.9, 0.97), (0.95, 0.95), 0.85).cells()[-1] == "missed at 20 cm"
    assert isinstance(aims.table([share]), Tabular)


def test_the_best_guess_is_one_column_and_the_draws_are_around_it(place: Place) -> None:
    short = first_days(place, DAYS)
    rows = {str(row[0]): row for row in best_guess.table(short, [0]).rows}
    one = model_of(short, 0).run(np.zeros((1, len(PARAMETERS)))).theta[0, 0]
    assert aims.numbers(rows["best guess"])[0] == pytest.approx(float((one[0] - 0.2).mean()), abs=1e-6)
    assert rows["best guess"][5:] == ("", "")
    guess, mean, median = (aims.numbers(rows[name])[0] for name in ("best guess", "draws: mean", "draws: median"))
    assert 0 < max(abs(mean - guess), abs(median - guess)) < 0.08
    assert (best_guess.draws()["draws, one n"][:, PARAMETERS.index("log10_vg_n")] == 0).all()


def test_a_measured_soil_meets_its_points_and_the_map_soil_does_not() -> None:
    texture = np.array([[40.0, 40.0, 20.0], [60.0, 25.0, 15.0]])
    other = np.array([[30.0, 40.0, 30.0], [70.0, 20.0, 10.0]])
    true = parameters(*other.T)
    found = soils_of(texture, true, other)
    all_three = found["all three measured"][0]
    for suction in (DUL_SUCTION_CM, LL15_SUCTION_CM, 0.0):
        assert theta(suction, all_three) == pytest.approx(theta(suction, true), abs=0.01)
    assert theta(0.0, found["measured saturation"][0]) == pytest.approx(true.theta_s, abs=0.01)
    assert np.abs(theta(DUL_SUCTION_CM, found["soil of the map"][0]) - theta(DUL_SUCTION_CM, true)).min() > 0.02
    assert theta(DUL_SUCTION_CM, found["true texture"][0]) == pytest.approx(theta(DUL_SUCTION_CM, true))


def test_trapped_air_takes_its_share_off_the_saturation_and_nothing_else(place: Place) -> None:
    model = model_of(place, 0)
    best = parameters(*place.texture.T)
    found = soils(place.texture, trapped_air.satiated(model, np.zeros((2, len(PARAMETERS))), np.array([0.9, 1.0])))
    assert found.theta_s[:, 0] == pytest.approx(best.theta_s[0] * np.array([0.9, 1.0]), abs=1e-6)
    for name in ("theta_r", "vg_alpha_per_cm", "vg_n", "ks_cm_per_day", "k0_cm_per_day", "mualem_l"):
        assert getattr(found, name)[:, 0] == pytest.approx(np.full(2, getattr(best, name)[0]), rel=1e-4)
    usual = draw(8, 0)
    assert trapped_air.satiated(model, usual, np.ones(8)) == pytest.approx(usual)


def test_the_mixture_lies_between_the_best_guess_and_the_mean_of_the_draws(place: Place) -> None:
    short = first_days(place, DAYS)
    ground = trapped_air.Ground("made up", [model_of(short, 0)], [np.stack([short.observed[0, 0],
                                                                           np.full(DAYS, np.nan)])], 8)
    rows = {str(row[0]): row for row in trapped_air.table(ground).rows}
    guess, mean, half = (aims.numbers(rows[name])[0] for name in (
        "saturation × 1.00: best guess", "saturation × 1.00: mean of draws", "mixture, 50% mean of draws"))
    assert half == pytest.approx((guess + mean) / 2) and guess != mean
    assert rows["mixture, 50% mean of draws"][3:] == ("", "")
    drier = aims.numbers(rows["saturation × 0.90: best guess"])[0]
    assert drier < guess - 0.005
