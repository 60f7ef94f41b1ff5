"""What was measured of a field's soil: it is met by every draw, at its own depth, and what cannot be is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.management import Management, check_management, management_of
from deepsoil.contract.measured_soil import SoilLayer
from deepsoil.contract.specification import parse_options
from deepsoil.field import uncertainty
from deepsoil.field.measured_soil import measured_soils
from deepsoil.models.library import Library
from deepsoil.service.series import series
from deepsoil.soil.profile import DEFAULT_PROFILE
from deepsoil.soil.retention import DUL_SUCTION_CM, LL15_SUCTION_CM, VanGenuchten, theta
from deepsoil.soil.soil_table import checked_soil, read_soil
from labels_tools import make
from test_field import position

TEXTURES = np.array([[42.0, 40.0, 18.0], [20.0, 20.0, 60.0]])
NODES = DEFAULT_PROFILE.nodes_cm


def layer(**values: Any) -> SoilLayer:
    return SoilLayer(**{"top_cm": 0.0, "bottom_cm": 30.0, **values})


def test_every_draw_meets_what_was_measured_at_its_depth_and_keeps_its_spread_elsewhere() -> None:
    z = uncertainty.draw(64)
    layers = [layer(field_capacity=0.34, wilting_point=0.15),
              layer(top_cm=50.0, bottom_cm=80.0, theta_r=0.05, theta_s=0.4, vg_alpha_per_cm=0.02, vg_n=1.7,
                    ks_cm_per_day=30.0)]
    soils, before = measured_soils(layers, TEXTURES, z, DEFAULT_PROFILE), uncertainty.soils(TEXTURES, z)
    assert soils.shape == (64, 2, len(NODES)) and soils.is_valid().all()
    upper, curve = NODES < 30.0, (NODES >= 50.0) & (NODES < 80.0)
    np.testing.assert_allclose(theta(DUL_SUCTION_CM, soils)[..., upper], 0.34, atol=0.01)
    np.testing.assert_allclose(theta(LL15_SUCTION_CM, soils)[..., upper], 0.15, atol=0.01)
    given = soils[..., curve]
    assert (given.vg_n == 1.7).all() and (given.ks_cm_per_day == 30.0).all() and (given.k0_cm_per_day <= 30.0).all()
    elsewhere = VanGenuchten(*(np.repeat(values[..., None], 1, -1) for values in before.arrays()))
    np.testing.assert_array_equal(soils[..., ~upper & ~curve].stacked(),
                                  np.broadcast_to(elsewhere.stacked(), soils[..., ~upper & ~curve].stacked().shape))
    # what was not measured is as unsure as it was
    spread = np.log(soils.ks_cm_per_day[..., 0]).std(axis=0)
    assert (spread > 0.5 * np.log(before.ks_cm_per_day).std(axis=0)).all()


@pytest.mark.parametrize(("layers", "field", "text"), [
    ([{"field_capacity": 34.0}], "soil.0.field_capacity", "per cent"),
    ([{"field_capacity": 0.1, "wilting_point": 0.2}], "soil.0.wilting_point", "not below field_capacity"),
    ([{"field_capacity": 0.3}, {"top_cm": 20.0, "bottom_cm": 40.0, "field_capacity": 0.3}], "soil.1.top_cm", "overlap"),
    ([{"top_cm": 30.0, "field_capacity": 0.3}], "soil.0.bottom_cm", "ends at 30"),
    ([{}], "soil.0", "Nothing was measured"),
    ([{"vg_n": 1.5, "theta_s": 0.4}], "soil.0.theta_r", "has no theta_r, vg_alpha_per_cm"),
    ([{"theta_r": 0.1, "theta_s": 0.4, "vg_alpha_per_cm": 20.0, "vg_n": 1.5}], "soil.0.vg_alpha_per_cm", "unit"),
    ([{"field_capacity": 0.3, "sand": 50.0, "silt": 10.0, "clay": 10.0}], "soil.0.sand", "100 %"),
])
def test_layers_that_are_no_soil_are_refused_by_name(layers: list[dict[str, float]], field: str, text: str) -> None:
    entry = Management(soil=[layer(**values) for values in layers])
    with pytest.raises(DeepSoilError) as caught:
        check_management([entry], [None])
    assert caught.value.field == f"options.management.0.{field}" and text in str(caught.value)


def test_a_fields_own_soil_comes_before_that_of_all_fields() -> None:
    common, own = (Management(field=name, soil=[layer(field_capacity=value)]) for name, value in
                   ((None, 0.3), ("north", 0.35)))
    assert management_of([common, own], "north").soil == own.soil
    assert management_of([common, own], "south").soil == common.soil


def test_a_table_of_layers_is_read_with_decimal_commas_and_says_which_line_is_wrong() -> None:
    text = "Top_cm;bottom_cm;field_capacity;note\n0;20;0,34;A\n20;60;;B\n"
    assert read_soil(text) == [{"top_cm": 0.0, "bottom_cm": 20.0, "field_capacity": 0.34},
                               {"top_cm": 20.0, "bottom_cm": 60.0}]
    for wrong, part in (("depth,fc\n1,2", "top_cm and bottom_cm"), ("top_cm,bottom_cm\n0,deep", "Line 2"),
                        ("", "empty"), ("top_cm,bottom_cm", "0 layers")):
        with pytest.raises(DeepSoilError, match=part) as caught:
            read_soil(wrong)
        assert caught.value.code == "soil_table_invalid"


@pytest.mark.parametrize(("table", "text"), [
    ("top_cm,bottom_cm,field_capacity\n0,20,34\n", "per cent"),
    ("top_cm,bottom_cm,field_capacity\n0,20,0.34\n10,30,0.3\n", "overlap"),
    ("top_cm,bottom_cm,field_capacity\n0,2000,0.34\n", "1000"),
    ("top_cm,bottom_cm,note\n0,20,A\n", "Nothing was measured"),
])
def test_a_table_that_is_no_soil_is_refused_when_it_is_read(table: str, text: str) -> None:
    good = checked_soil("top_cm\tbottom_cm\tfield_capacity\n0\t20\t0,34\n")
    assert good == [{"top_cm": 0.0, "bottom_cm": 20.0, "field_capacity": 0.34}]
    with pytest.raises(DeepSoilError, match=text):
        checked_soil(table)


def test_a_map_of_networks_refuses_a_measured_soil_instead_of_passing_it_over() -> None:
    management = [{"soil": [{"top_cm": 0.0, "bottom_cm": 20.0, "field_capacity": 0.3}]}]
    parse_options("predict", {"method": "column", "management": management})
    with pytest.raises(DeepSoilError) as caught:
        parse_options("predict", {"management": management})
    assert caught.value.field == "options.management.0.soil"


def test_a_series_follows_the_measured_soil_and_networks_refuse_it(tmp_path: Path) -> None:
    store = make(tmp_path / "store")
    place = position(100, 60)
    soil = [{"top_cm": 0.0, "bottom_cm": 160.0, "field_capacity": 0.18, "wilting_point": 0.06}]
    nothing = Library.in_folder(Path("none"))
    start, end = "2023-01-05", "2023-01-10"
    plain = series(store, nothing, place, start, end)
    sandy = series(store, nothing, place, start, end, management=json.loads(json.dumps({"soil": soil})))
    assert np.mean(sandy["depths"]["20"]["mean"]) < np.mean(plain["depths"]["20"]["mean"]) - 0.03
    with pytest.raises(DeepSoilError) as caught:
        series(store, nothing, place, start, end, "network", {"soil": soil})
    assert caught.value.field == "management.soil"
