"""The group “DeepSoil” in the Processing toolbox. The ids of provider and algorithms are part of people's models."""

from __future__ import annotations

from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from .. import paths
from .compare_smap import CompareSmap
from .compare_stations import CompareStations
from .export_maps import ExportMaps
from .gather import GatherData
from .map_soil_moisture import MapSoilMoisture


class DeepSoilProvider(QgsProcessingProvider):
    """``deepsoil:mapsoilmoisture``, ``deepsoil:comparestations``, ``deepsoil:comparesmap``, ``deepsoil:gather`` and
    ``deepsoil:exportmaps``."""

    def id(self) -> str:
        return "deepsoil"

    def name(self) -> str:
        return "DeepSoil"

    def icon(self) -> QIcon:
        return paths.icon("deepsoil")

    def loadAlgorithms(self) -> None:
        for algorithm in (MapSoilMoisture(), CompareStations(), CompareSmap(), GatherData(), ExportMaps()):
            self.addAlgorithm(algorithm)
