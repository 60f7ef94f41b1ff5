"""The selected polygons of a layer as fields, each with its outline and its name, read on a background thread."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from qgis.core import (
    NULL,
    Qgis,
    QgsApplication,
    QgsCoordinateTransform,
    QgsFeature,
    QgsFeatureRequest,
    QgsFields,
    QgsGeometry,
    QgsProject,
    QgsTask,
    QgsVectorLayer,
    QgsVectorLayerFeatureSource,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QMetaType, QObject, pyqtSignal

from ..contract import MOST_FIELDS
from ..text.translate import tr
from .area import AreaError, GeoJson, crossing_of, geojson_from, geometry_from, is_flat, repaired, to_wgs84
from .field_names import best_attribute, names_of

_MOST_ATTRIBUTES = 60
_NAMES_SAID = 3


@dataclass(frozen=True)
class Selection:
    """Fields of one layer.

    outlines   GeoJSON in EPSG:4326 of the fields that can be used
    numbers    their feature ids
    values     by attribute the text of each of them
    attribute  the attribute by which they are named
    invalid    the names of features whose outlines are not valid: left out, or repaired where ``repair``
    refused    name and reason of features that cannot be used at all
    """

    layer: str = ""
    outlines: list[GeoJson] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    values: dict[str, list[str]] = field(default_factory=dict)
    attribute: str | None = None
    invalid: list[str] = field(default_factory=list)
    repair: bool = False
    refused: list[tuple[str, str]] = field(default_factory=list)

    def named_by(self, attribute: str | None) -> Selection:
        return replace(self, attribute=attribute)

    @property
    def names(self) -> list[str]:
        """Of the fields, no two the same."""
        values = self.values[self.attribute] if self.attribute is not None else [""] * len(self.numbers)
        return names_of(values, self.numbers)

    @property
    def title(self) -> str:
        """What a single field is called, else the layer's name."""
        return self.names[0] if len(self.numbers) == 1 and self.attribute is not None else self.layer

    @property
    def area(self) -> GeoJson:
        """A geometry, or a collection of several named fields."""
        if len(self.outlines) == 1:
            return self.outlines[0]
        return collection(self.outlines, self.names)

    @property
    def as_one(self) -> GeoJson:
        """All fields as one area without names. AreaError where that makes no usable area."""
        return geojson_from(QgsGeometry.unaryUnion([geometry_from(one) for one in self.outlines]),
                            QgsCoordinateTransform())

    @property
    def remark(self) -> str:
        """What the user must know of features that are not as the layer has them; empty where there is nothing."""
        said = []
        if self.invalid and self.repair:
            said.append(tr("Repaired outlines: {0}. Check them on the map.").format(_listed(self.invalid)))
        elif self.invalid:
            said.append(tr("Left out, because the outline crosses or touches itself: {0}. Correct it with the vertex "
                           "tool, or let DeepSoil repair it.").format(_listed(self.invalid)))
        if self.refused:
            said.append(tr("Left out: {0}. {1}").format(_listed([name for name, _ in self.refused]),
                                                        self.refused[0][1]))
        return " ".join(said)


def _listed(names: Sequence[str]) -> str:
    said = ", ".join(f"“{name}”" for name in names[:_NAMES_SAID])
    more = len(names) - _NAMES_SAID
    return tr("{0} and %n more", None, more).format(said) if more > 0 else said


def collection(outlines: Sequence[GeoJson], names: Sequence[str]) -> GeoJson:
    """Several named fields as the contract has them."""
    return {"type": "FeatureCollection",
            "features": [{"type": "Feature", "properties": {"name": name}, "geometry": outline}
                         for outline, name in zip(outlines, names, strict=True)]}


def polygon_layers_with_selection() -> list[QgsVectorLayer]:
    """Every polygon layer of the project in which something is selected, by name."""
    layers = [layer for layer in QgsProject.instance().mapLayers().values()
              if isinstance(layer, QgsVectorLayer) and layer.isValid()
              and layer.geometryType() == Qgis.GeometryType.Polygon and layer.selectedFeatureCount()]
    return sorted(layers, key=lambda layer: layer.name().lower())


def read_selection(features: Iterable[QgsFeature], fields: QgsFields, display: str, layer: str,
                   transform: QgsCoordinateTransform, repair: bool, attribute: str | None = None) -> Selection:
    """The fields of some features of a layer.

    ``display``: the attribute by which QGIS shows the features; ``attribute``: by which to name them, if one is asked
    for.
    """
    asked = [one.name() for one in fields][:_MOST_ATTRIBUTES]
    texts = [one.name() for one in fields if one.type() == QMetaType.Type.QString][:_MOST_ATTRIBUTES]
    outlines: list[GeoJson] = []
    kept: list[QgsFeature] = []
    invalid: list[QgsFeature] = []
    refused: list[tuple[QgsFeature, str]] = []
    for feature in sorted(features, key=lambda one: one.id()):  # a provider gives them in any order
        flat = _flattened(feature.geometry())
        if flat.isEmpty() or flat.type() != Qgis.GeometryType.Polygon or is_flat(flat):
            refused.append((feature, tr("It has no area.")))
            continue
        if crossing_of(flat) is not None:
            invalid.append(feature)
            flat = repaired(flat) if repair else QgsGeometry()
        if flat.isEmpty():
            continue
        try:
            outlines.append(geojson_from(flat, transform))
        except AreaError as error:
            refused.append((feature, str(error)))
            continue
        kept.append(feature)
    values = {name: [_text(feature, name) for feature in kept] for name in asked}
    chosen = attribute if attribute in asked else best_attribute(
        texts, [name for name in asked if name not in texts], display, values)

    def names(of: Sequence[QgsFeature]) -> list[str]:
        return names_of([_text(feature, chosen) for feature in of], [feature.id() for feature in of])

    return Selection(layer, outlines, [feature.id() for feature in kept], values, chosen, names(invalid), repair,
                     list(zip(names([feature for feature, _ in refused]), [reason for _, reason in refused],
                              strict=True)))


def _flattened(geometry: QgsGeometry) -> QgsGeometry:
    """Without heights, measures and arcs."""
    if geometry.isNull() or geometry.isEmpty():
        return QgsGeometry()
    flat = QgsGeometry(geometry)
    flat.get().dropZValue()
    flat.get().dropMValue()
    return QgsGeometry(flat.constGet().segmentize()) if QgsWkbTypes.isCurvedType(flat.wkbType()) else flat


def _text(feature: QgsFeature, attribute: str | None) -> str:
    value = feature.attribute(attribute) if attribute is not None else None
    return "" if value is None or value == NULL else str(value).strip()


class _ReadTask(QgsTask):
    """Holds only what may be used off the main thread."""

    def __init__(self, layer: QgsVectorLayer, repair: bool) -> None:
        super().__init__(tr("Reading the selected features"), QgsTask.Flag.CanCancel | QgsTask.Flag.Silent)
        self._source = QgsVectorLayerFeatureSource(layer)
        self._request = QgsFeatureRequest().setFilterFids(layer.selectedFeatureIds())
        self._transform = to_wgs84(layer.crs())
        self._name, self._fields, self._display = layer.name(), QgsFields(layer.fields()), layer.displayField()
        self._repair = repair
        self.selection: Selection | None = None

    def run(self) -> bool:
        self.selection = read_selection(self._source.getFeatures(self._request), self._fields, self._display,
                                        self._name, self._transform, self._repair)
        return self.selection is not None


class SelectionPicker(QObject):
    """Turns a layer's selection into fields: ``picked(selection)`` or ``refused(message)`` comes a moment later."""

    picked = pyqtSignal(object)
    refused = pyqtSignal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._task: _ReadTask | None = None

    def pick(self, layer: QgsVectorLayer, repair: bool = False) -> None:
        """A new pick takes the place of one that is under way."""
        if layer.selectedFeatureCount() > MOST_FIELDS:
            self.refused.emit(self.tr("{0} features are selected. One job can use at most {1}. Select fewer.").format(
                layer.selectedFeatureCount(), MOST_FIELDS))
            return
        if not layer.crs().isValid():
            self.refused.emit(self.tr("The layer “{0}” has no coordinate system. Set one in the layer's properties, "
                                      "then try again.").format(layer.name()))
            return
        task = _ReadTask(layer, repair)
        task.taskCompleted.connect(lambda: self._done(task))
        task.taskTerminated.connect(lambda: self._done(task))
        self._task = task  # Python must keep it until it has ended
        QgsApplication.taskManager().addTask(task)

    def _done(self, task: _ReadTask) -> None:
        if task is not self._task:
            return
        self._task = None
        found = task.selection
        if found is None:
            self.refused.emit(self.tr("The selection could not be read. Select the features again."))
        elif found.outlines or found.invalid:
            self.picked.emit(found)
        else:
            self.refused.emit(self.tr("The selected features of “{0}” have no area. Select polygons.").format(
                found.layer) if len(found.refused) != 1 else found.remark)
