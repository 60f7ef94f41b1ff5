"""The area of a recipe as a window of the grid."""

from __future__ import annotations

import json
import math
from pathlib import Path

import shapely
import shapely.geometry
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import KM_PER_DEGREE, Window, enclosing
from deepsoil.sources.recipe import LoadedRecipe


def bounds(loaded: LoadedRecipe) -> tuple[float, float, float, float]:
    """(west, south, east, north) of the area of a recipe in degrees, with its buffer."""
    wanted = loaded.recipe.area
    box = wanted.box if wanted.file is None else _bounds_of_geojson(loaded.file(wanted.file, "area.file"))
    assert box is not None, "the recipe was checked"
    high = wanted.buffer_m / (1000 * KM_PER_DEGREE)
    wide = high / math.cos(math.radians((box[1] + box[3]) / 2))
    return box[0] - wide, box[1] - high, box[2] + wide, box[3] + high


def window(loaded: LoadedRecipe) -> Window:
    """The pixels of the area of a recipe, without those of its parts."""
    return Window.around(*bounds(loaded))


def whole(loaded: LoadedRecipe) -> Window:
    """The pixels of a recipe and its parts, and of what lies between them."""
    return enclosing([window(one) for one in loaded.all])


def _bounds_of_geojson(path: Path) -> tuple[float, float, float, float]:
    """Bounds in degrees; a ``crs`` member, as older programs write it, is used."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        crs = CRS.from_user_input(document.get("crs", {}).get("properties", {}).get("name", "EPSG:4326"))
        features = document["features"] if document.get("type") == "FeatureCollection" else [document]
        shapes = [shapely.geometry.shape(feature.get("geometry") or feature) for feature in features]
    except (OSError, ValueError, KeyError, AttributeError, TypeError, shapely.errors.ShapelyError, CRSError) as error:
        raise DeepSoilError("source_invalid", "{file} cannot be read as GeoJSON: {error}.",
                            "Save the outline of the area as GeoJSON, or give a box.", "area.file",
                            file=path.name, error=error) from error
    whole = shapely.union_all(shapes)
    if whole.is_empty:
        raise DeepSoilError("source_invalid", "{file} contains no outline.", "Give a file with a polygon.",
                            "area.file",
                            file=path.name)
    transformer = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    west, south, east, north = transformer.transform_bounds(*whole.bounds)
    return float(west), float(south), float(east), float(north)
