"""The selected polygons of a layer as one area, joined on a background thread."""

from __future__ import annotations

from collections.abc import Iterable

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsFeatureRequest,
    QgsGeometry,
    QgsProject,
    QgsTask,
    QgsVectorLayer,
    QgsVectorLayerFeatureSource,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..text.translate import tr
from .area import AreaError, GeoJson, crossing_of, geojson_from, to_wgs84

LARGEST_SELECTION = 2_000


def polygon_layers_with_selection() -> list[QgsVectorLayer]:
    """Every polygon layer of the project in which something is selected, by name."""
    layers = [layer for layer in QgsProject.instance().mapLayers().values()
              if isinstance(layer, QgsVectorLayer) and layer.isValid()
              and layer.geometryType() == Qgis.GeometryType.Polygon and layer.selectedFeatureCount()]
    return sorted(layers, key=lambda layer: layer.name().lower())


def joined(parts: Iterable[tuple[int, QgsGeometry]], layer_name: str) -> QgsGeometry:
    """One geometry from those of the features. AreaError names the feature that cannot be used."""
    geometries = []
    for number, geometry in parts:
        if geometry.isEmpty():
            continue
        flat = QgsGeometry(geometry)
        flat.get().dropZValue()
        flat.get().dropMValue()
        if QgsWkbTypes.isCurvedType(flat.wkbType()):
            flat = QgsGeometry(flat.constGet().segmentize())
        if crossing_of(flat) is not None:
            raise AreaError(tr("Feature {0} of “{1}” crosses itself. Correct it with the vertex tool or run “Fix "
                               "geometries” on the layer, then select it again.").format(number, layer_name))
        geometries.append(flat)
    if not geometries:
        raise AreaError(tr("The selected features of “{0}” have no area. Select polygons.").format(layer_name))
    return geometries[0] if len(geometries) == 1 else QgsGeometry.unaryUnion(geometries)


class _JoinTask(QgsTask):
    """Holds only what may be used off the main thread."""

    def __init__(self, layer: QgsVectorLayer) -> None:
        super().__init__(tr("Joining the selected features"), QgsTask.Flag.CanCancel | QgsTask.Flag.Silent)
        self._source = QgsVectorLayerFeatureSource(layer)
        self._request = QgsFeatureRequest().setFilterFids(layer.selectedFeatureIds()).setNoAttributes()
        self._transform = to_wgs84(layer.crs())
        self._name = layer.name()
        self.area: GeoJson | None = None
        self.problem = ""

    def run(self) -> bool:
        parts = ((feature.id(), feature.geometry()) for feature in self._source.getFeatures(self._request))
        try:
            self.area = geojson_from(joined(parts, self._name), self._transform)
        except AreaError as error:
            self.problem = str(error)
        return self.area is not None


class SelectionPicker(QObject):
    """Turns a layer's selection into an area: ``picked(area, name)`` or ``refused(message)`` comes a moment later."""

    picked = pyqtSignal(dict, str)
    refused = pyqtSignal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._task: _JoinTask | None = None

    def pick(self, layer: QgsVectorLayer) -> None:
        """A new pick takes the place of one that is under way."""
        if layer.selectedFeatureCount() > LARGEST_SELECTION:
            self.refused.emit(self.tr("{0} features are selected. One map can use at most {1}. Select fewer.").format(
                layer.selectedFeatureCount(), LARGEST_SELECTION))
            return
        if not layer.crs().isValid():
            self.refused.emit(self.tr("The layer “{0}” has no coordinate system. Set one in the layer's properties, "
                                      "then try again.").format(layer.name()))
            return
        name = self._name_of(layer)
        task = _JoinTask(layer)
        task.taskCompleted.connect(lambda: self._done(task, name))
        task.taskTerminated.connect(lambda: self._done(task, name))
        self._task = task  # Python must keep it until it has ended
        QgsApplication.taskManager().addTask(task)

    def _done(self, task: _JoinTask, name: str) -> None:
        if task is not self._task:
            return
        self._task = None
        if task.area is not None:
            self.picked.emit(task.area, name)
        else:
            self.refused.emit(task.problem or self.tr("The selection could not be read. Select the features again."))

    @staticmethod
    def _name_of(layer: QgsVectorLayer) -> str:
        """What a single feature is called, else the layer's name."""
        ids = layer.selectedFeatureIds()
        index = layer.fields().lookupField(layer.displayField())
        value = layer.getFeature(ids[0]).attribute(index) if len(ids) == 1 and index >= 0 else None
        # A number is a key, not a name.
        return value.strip() if isinstance(value, str) and value.strip() else str(layer.name())
