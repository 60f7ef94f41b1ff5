"""Snow, leaves, water use, roots and the parts of a day against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from deepsoil.soil.column import ColumnSettings
from deepsoil.soil.forcing import Forcing, snow_store, spinup_days
from deepsoil.soil.profile import DEFAULT_PROFILE, Profile
from deepsoil.soil.vegetation import GROUPS, class_table, group_lookup, trailing_mean


def test_snow_falls_melts_and_runs_off_as_worked_out_by_hand() -> None:
    """Snow below 0.6 °C, rain above 2.5 °C; 3 mm melt a day and degree above 0 °C."""
    table = [  # temperature, precipitation → liquid, snow at the end of the day
        (-5.0, 10.0, 0.0, 10.0), (0.0, 0.0, 0.0, 10.0), (0.2, 0.0, 0.6, 9.4), (0.6, 4.0, 1.8, 11.6),
        (1.55, 6.0, 3.0 + 4.65, 9.95), (2.5, 8.0, 8.0 + 7.5, 2.45), (2.0, 0.0, 2.45, 0.0), (12.0, 5.0, 5.0, 0.0),
        (-0.1, 1.0, 0.0, 1.0), (1.0, 1.9, 0.4 + 2.5, 0.0)]
    temperature, precipitation, liquid, store = np.array(table).T[:, None]
    found = snow_store(Forcing(precipitation, np.zeros_like(precipitation), temperature))
    np.testing.assert_allclose(found.liquid, liquid, atol=1e-9)
    np.testing.assert_allclose(found.store, store, atol=1e-9)
    slow = snow_store(Forcing(precipitation, np.zeros_like(precipitation), temperature), melt_mm_per_degree_day=1.0)
    assert slow.liquid[0, 2] == pytest.approx(0.2)


def test_a_spin_up_repeats_the_first_year_and_ends_with_its_last_day() -> None:
    assert spinup_days(3, 4).tolist() == [2, 0, 1, 2, 0, 1, 2]
    days = spinup_days(800, 400)
    assert days[:400].tolist() == [*range(330, 365), *range(365)] and days[400:].tolist() == list(range(800))
    assert spinup_days(5, 0).tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("name", ["precipitation", "pet", "temperature"])
def test_weather_is_taken_up_to_its_limits_and_not_beyond(name: str) -> None:
    low, high = {"precipitation": (0, 2000), "pet": (0, 50), "temperature": (-90, 60)}[name]
    good = {"precipitation": np.zeros((1, 2)), "pet": np.zeros((1, 2)), "temperature": np.zeros((1, 2))}
    for value in (low, high):
        Forcing(**good | {name: np.full((1, 2), float(value))})
    for value in (low - 0.01, high + 0.01, np.nan, np.inf):
        with pytest.raises(Exception, match=f"{name} of weather series 0 on day 2"):
            Forcing(**good | {name: np.array([[float(low), value]])})


@pytest.mark.parametrize("days", [1, 3, 30])
def test_a_trailing_mean_is_the_mean_of_the_days_so_far(days: int) -> None:
    values = np.random.default_rng(1).uniform(-5, 20, (2, 80))
    wanted = [[values[row, max(0, day - days + 1):day + 1].mean() for day in range(80)] for row in range(2)]
    np.testing.assert_allclose(trailing_mean(values, days), wanted)


def test_every_land_cover_class_has_its_group() -> None:
    names = [group.name for group in GROUPS]
    lookup = group_lookup()
    of = {code: names[lookup[code]] for code in range(256) if lookup[code] >= 0}
    assert of == {71: "grass", 81: "grass", 21: "grass", 72: "grass", 82: "crop", 41: "forest", 42: "forest",
                  43: "forest", 52: "shrub", 51: "shrub", 31: "bare", 22: "bare", 23: "bare", 24: "bare", 73: "bare",
                  74: "bare", 90: "wetland", 95: "wetland"}
    assert [code for code in range(256) if lookup[code] == -1] == [11, 12] and lookup[0] == lookup[100] == -2
    codes, shares, groups = class_table()
    assert shares.sum() == pytest.approx(1.0) and set(codes) == {*of, 11} - {51, 72, 73, 74}
    assert all((lookup[code] if code != 11 else -1) == group for code, group in zip(codes, groups, strict=True))
    found = dict(zip(codes.tolist(), shares, strict=True))
    assert found[82] / found[71] == pytest.approx(24 / 17) and found[11] / found[90] == pytest.approx(2.0)
    assert [(group.root_depth_cm, group.wet, group.seasonal_crop) for group in GROUPS] == [
        (60, False, False), (90, False, True), (120, False, False), (90, False, False), (30, False, False),
        (60, True, False)]


# ---- the column's geometry and day

@pytest.mark.parametrize("rain_hours", [2.0, 6.0, 9.0, 18.0, 24.0])
def test_the_parts_of_a_day_add_up_to_its_rain_and_its_demand(rain_hours: float) -> None:
    parts = ColumnSettings(rain_hours=rain_hours).segments()
    duration, rain, demand = parts.T
    assert duration.sum() == pytest.approx(1.0) and duration @ rain == pytest.approx(1.0)
    assert duration @ demand == pytest.approx(1.0)
    middle = np.cumsum(duration) - 0.5 * duration
    np.testing.assert_allclose(rain, np.where(middle < rain_hours / 24, 24 / rain_hours, 0.0))
    np.testing.assert_allclose(demand, np.where((middle > 0.25) & (middle < 0.75), 2.0, 0.0))


def test_roots_thin_out_with_depth() -> None:
    """Within a root depth of 60 cm: e-fold every 20 cm, so 1 - e^-1 of what there is in 160 cm lies above 20 cm."""
    profile = Profile(np.array([0.0, 20.0, 40.0, 60.0, 160.0]))
    shares = profile.root_shares(np.array([60.0, 0.1]))
    whole = 1 - np.exp(-8.0)
    np.testing.assert_allclose(shares[0], np.array([1 - np.exp(-1), np.exp(-1) - np.exp(-2), np.exp(-2) - np.exp(-3),
                                                    np.exp(-3) - np.exp(-8)]) / whole)
    np.testing.assert_allclose(shares.sum(axis=1), 1.0)
    assert shares[1, 0] > 0.999


def test_depths_between_nodes_are_interpolated_and_those_beyond_are_those_of_the_last() -> None:
    profile = Profile(np.array([0.0, 2.0, 6.0, 16.0]))
    assert profile.nodes_cm.tolist() == [1.0, 4.0, 11.0] and profile.thickness_cm.tolist() == [2.0, 4.0, 10.0]
    np.testing.assert_allclose(profile.interpolation([0.0, 1.0, 2.5, 4.0, 9.25, 16.0]),
                               [[1, 0, 0], [1, 0, 0], [0.5, 0.5, 0], [0, 1, 0], [0, 0.25, 0.75], [0, 0, 1]])
    for depth in (-0.1, 16.1):
        with pytest.raises(Exception, match="outside the soil column of 16 cm"):
            profile.interpolation([depth])
    np.testing.assert_allclose(profile.grid(), [[2, 1, 1], [4, 2, 2], [10, 5, 5]])
    apsim = Profile.swim3([2.0, 4.0, 10.0])
    assert apsim.nodes_cm.tolist() == [0.0, 4.0, 16.0]
    np.testing.assert_allclose(apsim.grid(), [[2, 0, 2], [4, 2, 2], [10, 10, 0]])


def test_the_column_s_depths_are_nodes() -> None:
    assert {5.0, 20.0} <= set(DEFAULT_PROFILE.nodes_cm.tolist()) and DEFAULT_PROFILE.edges_cm[-1] == 160.0
    assert DEFAULT_PROFILE.edges_cm.tolist() == [0, 1, 3, 7, 11, 16, 24, 34, 50, 70, 95, 125, 160]


@pytest.mark.parametrize("edges", [[0, 1, 2], [0.5, 1, 2, 3], [0, 1, 1, 2], [0, 2, 1, 3]])
def test_layers_that_are_none_are_refused(edges: list[float]) -> None:
    with pytest.raises(Exception, match="increasing depths"):
        Profile(np.array(edges, float))
    for at in ([0.5, 1.5], [0.5, 2.5, 2.6], [0.5, -1.0, 2.5]):
        with pytest.raises(Exception, match="lie in their layers"):
            Profile(np.array([0.0, 1.0, 2.0, 3.0]), np.array(at))


@pytest.mark.parametrize(("name", "low", "high"), [
    ("rain_hours", 0.5, 24.0), ("bottom_suction_cm", -1e4, 1e6), ("surface_dry_cm", 1e3, 1e6),
    ("initial_suction_cm", 0.0, 1e6), ("maximum_step_hours", 1e-3, 24.0), ("water_per_step_cm", 1e-3, 10.0),
    ("newton_tolerance", 1e-10, 1.0)])
def test_settings_are_taken_up_to_their_limits(name: str, low: float, high: float) -> None:
    for value in (low, high):
        ColumnSettings(**{name: value})
    for value in (low - abs(low) * 1e-6 - 1e-12, high * (1 + 1e-6)):
        with pytest.raises(Exception, match=f"{name} must lie between"):
            ColumnSettings(**{name: value})
