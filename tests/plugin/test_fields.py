"""An atlas of awkward fields: valid ones never become "crosses itself", and each keeps its name and its own outline."""

from __future__ import annotations

import json
import math
import random

import pytest
from qgis.core import (
    QgsCoordinateTransform,
    QgsFeature,
    QgsGeometry,
    QgsProject,
    QgsVectorLayer,
)

from deepsoil_plugin.contract_check import problem
from deepsoil_plugin.map.area import geometry_from, hectares, to_wgs84, wgs84
from deepsoil_plugin.map.field_names import best_attribute, names_of
from deepsoil_plugin.map.selection import read_selection

SYSTEMS = {"EPSG:4326": (-104.93, 40.45, 1e-5), "EPSG:32613": (505_000, 4_478_000, 1),
           "EPSG:3857": (-11_680_000, 4_930_000, 1),
           "EPSG:2231": (3_200_000, 1_400_000, 3), "EPSG:2154": (600_000, 6_800_000, 1), "EPSG:3031": (1e6, 2e6, 1)}
SEEDS = range(30)


def outline(rng: random.Random, kind: str, x: float, y: float, unit: float) -> QgsGeometry:
    """A valid polygon of one of the kinds that fields have, about 500 units wide."""
    def wkt(points):
        return "(" + ", ".join(f"{px!r} {py!r}" for px, py in [*points, points[0]]) + ")"

    def at(*points):
        return [(x + unit * px, y + unit * py) for px, py in points]

    def star(radius, corners, roughness):
        return [(x + unit * radius * (1 + roughness * rng.uniform(-1, 1)) * math.cos(2 * math.pi * n / corners),
                 y + unit * radius * (1 + roughness * rng.uniform(-1, 1)) * math.sin(2 * math.pi * n / corners))
                for n in range(corners)]

    ring = star(250, rng.choice([3, 4, 9, 400]), rng.choice([0, 0.3, 0.8]))
    inner = star(20, 12, 0)
    if kind == "plain":
        text = f"POLYGON({wkt(ring)})"
    elif kind == "hole":
        text = f"POLYGON({wkt(star(250, 40, 0.1))}, {wkt(inner)})"
    elif kind == "parts":
        far = [(px + unit * 700, py) for px, py in ring]
        text = f"MULTIPOLYGON(({wkt(ring)}), ({wkt(far)}))"
    elif kind == "touching hole":  # the hole touches the outline in one corner
        square = wkt(at((0, 0), (300, 0), (300, 300), (0, 300)))
        text = f"POLYGON({square}, {wkt(at((0, 0), (100, 50), (50, 100)))})"
    elif kind == "sliver":  # long and a few centimetres wide
        wide = rng.uniform(0.002, 0.1)
        text = f"POLYGON({wkt(at((0, 0), (900, 333), (900, 333 + wide), (0, wide)))})"
    elif kind == "teeth":  # corners nearer to each other than a rounded coordinate tells
        teeth = [(n * 0.004 + rng.uniform(0, 0.001), 100 if n % 2 else 100.003) for n in range(400)]
        text = f"POLYGON({wkt(at((0, 0), (400, 0), *reversed(teeth)))})"
    elif kind == "long edge":  # kilometres without a corner: in another CRS it is a curve
        text = f"POLYGON({wkt(at((0, 0), (60_000, 0), (60_000, 1), (30_000, 1.01), (0, 1)))})"
    elif kind == "curve":
        text = (f"CURVEPOLYGON(CIRCULARSTRING({x} {y}, {x + 200 * unit} {y + 200 * unit}, {x + 400 * unit} {y}, "
                f"{x + 200 * unit} {y - 200 * unit}, {x} {y}))")
    else:
        text = "POLYGON Z(" + wkt(ring).replace(",", " 123.4,").replace(")", " 123.4)") + ")"
    return QgsGeometry.fromWkt(text)


KINDS = ("plain", "hole", "parts", "touching hole", "sliver", "teeth", "long edge", "curve", "z")


def set_of_fields(seed: int) -> tuple[QgsVectorLayer, list[QgsFeature]]:
    """78 valid fields: alone, sharing borders, one over the other, some called the same."""
    rng = random.Random(seed)
    system = rng.choice(sorted(SYSTEMS))
    x, y, unit = SYSTEMS[system]
    layer = QgsVectorLayer(f"Polygon?crs={system}&field=id:integer&field=owner:string&field=Name:string", "Fields",
                           "memory")
    features: list[QgsFeature] = []
    while len(features) < 78:
        kind = rng.choice(KINDS)
        spread = rng.choice([1, 100, 20_000])
        here = x + unit * spread * rng.uniform(-5, 5), y + unit * spread * rng.uniform(-5, 5)
        geometry = outline(rng, kind, *here, unit)
        if features and rng.random() < 0.2:
            other = features[-1].geometry()
            geometry = rng.choice([other, geometry.difference(other), geometry.combine(other)])
        flat = QgsGeometry(geometry.constGet().segmentize()) if not geometry.isEmpty() else geometry
        if flat.isEmpty() or flat.type() != 2 or not flat.isGeosValid():
            continue
        feature = QgsFeature(layer.fields(), len(features) + 1)
        feature.setGeometry(geometry)
        name = rng.choice(["North", f"Field {len(features)}", None, "", "Ñandú 7"])
        feature.setAttributes([len(features), "A. Farmer", name])
        features.append(feature)
    return layer, features


@pytest.mark.parametrize("seed", SEEDS)
def test_valid_fields_are_never_refused_and_keep_their_size(qgis_new_project, seed):
    layer, features = set_of_fields(seed)
    found = read_selection(features, layer.fields(), "Name", "Fields", to_wgs84(layer.crs()), False)
    assert (found.invalid, found.refused) == ([], [])
    assert len(found.outlines) == 78 and found.numbers == [feature.id() for feature in features]
    assert problem(found.area, "FieldsArea") is None
    assert found.attribute == "Name" and len(set(found.names)) == 78
    measured = QgsCoordinateTransform(layer.crs(), wgs84(), QgsProject.instance())
    for feature, shape in zip(sorted(features, key=QgsFeature.id), found.outlines, strict=True):
        assert geometry_from(shape).isGeosValid(), feature.geometry().asWkt(9)[:200]
        expected = QgsGeometry(feature.geometry().constGet().segmentize())
        expected.transform(measured)
        lost = geometry_from(shape).symDifference(expected.makeValid())
        # What a repair or rounding moves is at most a centimetre along the outline.
        assert lost.area() <= 2e-7 * max(expected.length(), 1e-6), (seed, feature.id())
    assert hectares(json.loads(json.dumps(found.area))) > 0


@pytest.mark.parametrize("seed", range(12))
def test_an_invalid_field_among_valid_ones_is_the_only_one_left_out(qgis_new_project, seed):
    layer, features = set_of_fields(seed)
    x, y, unit = SYSTEMS[layer.crs().authid()]
    bow = QgsFeature(layer.fields(), 900)
    bow.setGeometry(QgsGeometry.fromWkt(f"POLYGON(({x} {y}, {x + 90 * unit} {y + 90 * unit}, {x + 90 * unit} {y}, "
                                        f"{x} {y + 90 * unit}, {x} {y}))"))
    bow.setAttributes([1, "", "Bow"])
    empty = QgsFeature(layer.fields(), 901)
    empty.setAttributes([1, "", "Empty"])
    features.insert(random.Random(seed).randrange(79), bow)
    features.append(empty)
    for repair in (False, True):
        found = read_selection(features, layer.fields(), "", "Fields", to_wgs84(layer.crs()), repair)
        assert found.invalid == ["Bow"] and [name for name, _ in found.refused] == ["Empty"]
        assert ("Bow" in found.names) == repair and len(found.outlines) == 78 + repair
        assert "“Bow”" in found.remark and "“Empty”" in found.remark


@pytest.mark.parametrize("wkt", [
    "", "POLYGON EMPTY", "POLYGON((0 0, 1 1, 2 2, 0 0))", "POLYGON((0 0, 9 9, 3 3, 6 6, 0 0))", "LINESTRING(0 0, 1 2)",
    "POINT(1 1)", "MULTIPOLYGON(((0 0, 0 1, 0 2, 0 0)))", "POLYGON Z((0 0 1, 1 1 2, 2 2 7, 0 0 1))"])
@pytest.mark.parametrize("repair", [False, True])
def test_what_has_no_area_is_refused_as_such_and_never_called_crossing(qgis_new_project, wkt, repair):
    layer = QgsVectorLayer("Polygon?crs=EPSG:4326&field=Name:string", "Fields", "memory")
    features = []
    for number, (name, text) in enumerate((("Field", "POLYGON((0 0, 1 0, 1 1, 0 0))"), ("None", wkt)), 1):
        feature = QgsFeature(layer.fields(), number)
        feature.setAttributes([name])
        feature.setGeometry(QgsGeometry.fromWkt(text))
        features.append(feature)
    found = read_selection(features, layer.fields(), "Name", "Fields", to_wgs84(layer.crs()), repair)
    assert (found.names, found.invalid, found.refused) == (["Field"], [], [("None", "It has no area.")])


@pytest.mark.parametrize(("texts", "others", "display", "values", "expected"), [
    (["crop", "NAME"], ["id"], "crop", {"crop": ["a", "a"], "NAME": ["x", "y"], "id": ["1", "2"]}, "NAME"),
    (["crop", "name"], [], "crop", {"crop": ["a", "b"], "name": ["", ""]}, "crop"),
    (["crop", "note"], [], "", {"crop": ["a", "a"], "note": ["x", "y"]}, "note"),
    (["crop"], ["field"], "", {"crop": ["a", "a"], "field": ["12", "13"]}, "field"),
    (["crop"], ["id"], "", {"crop": ["", ""], "id": ["1", "2"]}, None),
    ([], ["id"], "id", {"id": ["1", "2"]}, None),
], ids=["usual word", "usual word is empty", "all different", "number of a field", "nothing", "key"])
def test_the_attribute_with_the_names_is_found(texts, others, display, values, expected):
    assert best_attribute(texts, others, display, values) == expected


@pytest.mark.parametrize("seed", range(10))
def test_no_two_fields_have_the_same_name(seed):
    rng = random.Random(seed)
    values = [rng.choice(["", "A", "A (2)", " A ", "x" * 300, "Field 3", "\n\t"]) for _ in range(200)]
    names = names_of(values, range(200))
    assert len(set(names)) == 200 and all(0 < len(name) <= 200 and name == name.strip() for name in names)


def test_utm_zones_apart_are_one_request(qgis_new_project):
    layer = QgsVectorLayer("Polygon?crs=EPSG:4326&field=name:string", "Fields", "memory")
    features = []
    for number, lon in enumerate((-179.5, -104.9, 12.0, 179.5)):
        feature = QgsFeature(layer.fields(), number + 1)
        feature.setGeometry(QgsGeometry.fromWkt(f"POLYGON(({lon} 40, {lon + .01} 40, {lon + .01} 40.01, {lon} 40))"))
        features.append(feature)
    found = read_selection(features, layer.fields(), "", "Fields", to_wgs84(layer.crs()), False)
    assert found.refused == [] and found.names == ["Field 1", "Field 2", "Field 3", "Field 4"]
