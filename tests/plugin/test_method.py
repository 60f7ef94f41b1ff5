"""The choice of method in the request: kept with the project, sent with the job, offered in Processing."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QComboBox

from deepsoil_plugin.dock.method_section import MethodSection
from deepsoil_plugin.jobs.map_request import MapRequest
from deepsoil_plugin.jobs.methods import COLUMN, METHODS, NETWORK
from deepsoil_plugin.processing.map_soil_moisture import MapSoilMoisture


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
