"""The choice of method in the request: kept with the project, sent with the job, offered in Processing."""

from __future__ import annotations

import json
from dataclasses import replace

from qgis.PyQt.QtWidgets import QCheckBox, QComboBox, QSpinBox

from deepsoil_plugin.contract_check import problem
from deepsoil_plugin.dock.method_section import MethodSection
from deepsoil_plugin.dock.refill_form import RefillForm
from deepsoil_plugin.jobs.map_request import MapRequest
from deepsoil_plugin.jobs.methods import COLUMN, METHODS, NETWORK
from deepsoil_plugin.jobs.refill import RefillWish
from deepsoil_plugin.processing.map_soil_moisture import MapSoilMoisture
from deepsoil_plugin.text.quantities import WATER

SQUARE = {"type": "Polygon", "coordinates": [[[-99.0, 38.8], [-98.99, 38.8], [-98.99, 38.81], [-99.0, 38.8]]]}


def test_a_simulated_field_is_asked_for_without_models() -> None:
    request = MapRequest(start="2023-07-15", models={"5": "deepsoil-5cm"})
    assert request.specification("a" * 32)["models"] and "method" not in request.specification("a" * 32)["options"]
    simulated = MapRequest(start="2023-07-15", models={"5": "deepsoil-5cm"}, method=COLUMN)
    document = simulated.specification("a" * 32)
    assert document["models"] == {} and document["options"]["method"] == COLUMN
    assert MapRequest.from_dict(simulated.to_dict()).method == COLUMN
    assert MapRequest.from_dict({"method": "magic"}).method == NETWORK


def test_the_choice_is_told_and_restored() -> None:
    section, told = MethodSection(), []
    section.methodChanged.connect(lambda: told.append(section.method))
    combo = section.findChild(QComboBox, "deepsoilMethod")
    assert section.method == NETWORK and combo.count() == len(METHODS)
    combo.setCurrentIndex(1)
    combo.activated.emit(1)
    assert told == [COLUMN]
    section.restore(NETWORK)
    assert section.method == NETWORK and told == [COLUMN]
    section.restore("magic")
    assert section.method == NETWORK


def test_processing_offers_the_same_methods() -> None:
    algorithm = MapSoilMoisture()
    algorithm.initAlgorithm()
    assert len(algorithm.parameterDefinition("METHOD").options()) == len(METHODS)
    assert algorithm.parameterDefinition("METHOD").defaultValue() == 0
    assert len(algorithm.parameterDefinition("PRODUCTS").options()) == len(WATER)


def test_maps_of_the_water_are_asked_of_a_simulated_field_only() -> None:
    wanted = MapRequest(start="2023-07-15", method=COLUMN, products=("available_mm", "depletion_mm"))
    options = wanted.specification("a" * 32)["options"]
    assert options["products"] == ["available_mm", "depletion_mm"]
    document = {**wanted.specification("a" * 32), "area": SQUARE}
    assert problem(document, "Specification") is None
    assert "products" not in replace(wanted, method=NETWORK).specification("a" * 32)["options"]
    assert MapRequest.from_dict(json.loads(json.dumps(wanted.to_dict()))) == wanted
    assert MapRequest.from_dict({"products": ["magic", "drainage_mm", 7, "available_mm"]}).products == (
        "available_mm", "drainage_mm")


def test_how_the_refill_is_counted_is_kept_and_sent_where_its_map_is_wanted() -> None:
    wish = RefillWish(0.85, 3, True, zones=True, minimum_ha=2.0)
    wanted = MapRequest(start="2023-07-15", method=COLUMN, products=("refill_mm", "drainage_mm"), refill=wish)
    options = wanted.specification("a" * 32)["options"]
    assert options["products"] == ["drainage_mm", "available_percent", "refill_mm"]
    assert options["refill"] == {"target": 0.85, "rain_days": 3, "only_where_needed": True}
    assert options["zones"] == {"minimum_ha": 2.0}
    assert problem({**wanted.specification("a" * 32), "area": SQUARE}, "Specification") is None
    assert MapRequest.from_dict(json.loads(json.dumps(wanted.to_dict()))) == wanted
    assert not {"refill", "zones"} & set(replace(wanted, products=()).specification("a" * 32)["options"])
    for damaged in ({"target": 7}, {"target": "1"}, {"minimum_ha": None}, {"rain_days": -1}, {"zones": 1}, [], "x"):
        assert MapRequest.from_dict({"refill": damaged}).refill == RefillWish()


def test_the_dock_asks_how_where_the_map_of_the_refill_is_ticked() -> None:
    section, told = MethodSection(), []
    section.restore(COLUMN)
    section.methodChanged.connect(lambda: told.append(section.refill))
    form = section.findChild(RefillForm)
    assert not form.isVisibleTo(section)
    section.findChild(QCheckBox, "deepsoilProduct_refill_mm").click()
    assert form.isVisibleTo(section)
    form.findChild(QSpinBox, "deepsoilTarget").setValue(90)
    assert told[-1] == RefillWish(0.9)


def test_the_water_can_be_ticked_where_the_method_knows_it() -> None:
    section, told = MethodSection(), []
    section.methodChanged.connect(lambda: told.append(section.products))
    box = section.findChild(QCheckBox, "deepsoilProduct_depletion_mm")
    assert not box.isVisibleTo(section)
    section.restore(COLUMN, ["available_percent"])
    assert box.isVisibleTo(section) and section.products == ("available_percent",) and told == []
    box.click()
    assert told == [("available_percent", "depletion_mm")]
    section.restore(NETWORK, section.products)
    assert not box.isVisibleTo(section) and section.products == told[-1]
