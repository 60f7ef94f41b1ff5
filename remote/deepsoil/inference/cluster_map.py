"""A map of clusters for QGIS: one square a tile, with its cluster, its distance and a colour."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.clusters import NO_CLUSTER, UNKNOWN_COLOUR, Clusters, colour_of
from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import HALF_WORLD_M, PIXEL_M, TILE
from deepsoil.inputs.cluster_of_tile import clusters_of
from deepsoil.inputs.extents import ExtentFeatures, Tile, key_of, tiles_with_data, window_of
from deepsoil.io import atomic
from deepsoil.store.store import Store

ENDINGS = (".geojson", ".tif")


@dataclass(frozen=True)
class ClusterMap:
    """N tiles of a region with their cluster (0: none) and distance (NaN: none)."""

    clusters: Clusters
    tiles: list[Tile]
    number: NDArray[np.int64]
    distance: NDArray[np.float64]

    @classmethod
    def of(cls, store: Store, clusters: Clusters) -> ClusterMap:
        """Every tile of the store with data. DeepSoilError ``cluster_features_missing``."""
        tiles = tiles_with_data(store)
        return cls(clusters, tiles, *clusters_of(clusters, ExtentFeatures(store), tiles))

    @property
    def far(self) -> NDArray[np.bool_]:
        """Tiles further from their centroid than any training extent of the cluster: unlike all that was learnt."""
        reach = np.array([np.inf, *self.clusters.reach])[self.number]
        return np.nan_to_num(self.distance) > reach

    def text(self) -> str:
        """How many tiles are in which cluster, and how many are far."""
        lines = []
        for number in range(1, self.clusters.count + 1):
            members = self.number == number
            distance = f", mean distance {self.distance[members].mean():.2f}" if members.any() else ""
            lines.append(f"cluster {number}: {int(members.sum())} tiles{distance}, "
                         f"{int((self.far & members).sum())} further than any training extent")
        if (self.number == NO_CLUSTER).any():
            lines.append(f"in no cluster, because a feature is missing: {int((self.number == NO_CLUSTER).sum())} tiles")
        return "\n".join(lines)


def write_map(path: Path, drawn: ClusterMap) -> list[Path]:
    """Write a map by the ending of its name; the files written. DeepSoilError ``bad_option`` for another ending."""
    if path.suffix == ".geojson":
        atomic.write_text(path, json.dumps(_geojson(drawn)))
        style = path.with_suffix(".qml")
        atomic.write_text(style, _STYLE)
        return [path, style]
    if path.suffix == ".tif":
        _write_raster(path, drawn)
        return [path]
    raise DeepSoilError("bad_option", "A map of clusters cannot be written as {name}.",
                        "Let the name end with .geojson or .tif.", "output", name=path.name)


def _geojson(drawn: ClusterMap) -> dict[str, Any]:
    features = []
    for tile, number, distance, far in zip(drawn.tiles, drawn.number, drawn.distance, drawn.far, strict=True):
        west, south, east, north = window_of(tile).bounds_lonlat
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        features.append({"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]}, "properties": {
            "quadkey": key_of(tile), "cluster": int(number), "far": bool(far), "colour": colour_of(int(number)),
            "distance": round(float(distance), 4) if np.isfinite(distance) else None}})
    return {"type": "FeatureCollection", "features": features}


def _write_raster(path: Path, drawn: ClusterMap) -> None:
    """One pixel a tile, the number of its cluster, with a palette; nodata 255 where the region has no data."""
    import rasterio

    columns, rows = np.array(drawn.tiles).T
    left, top = int(columns.min()), int(rows.min())
    values = np.full((int(rows.max()) - top + 1, int(columns.max()) - left + 1), 255, np.uint8)
    values[rows - top, columns - left] = drawn.number
    side = PIXEL_M * TILE
    transform = rasterio.Affine(side, 0.0, left * side - HALF_WORLD_M, 0.0, -side, HALF_WORLD_M - top * side)
    with atomic.replacing(path) as file, rasterio.MemoryFile() as memory:
        with memory.open(driver="GTiff", height=values.shape[0], width=values.shape[1], count=1, dtype="uint8",
                         crs="EPSG:3857", transform=transform, nodata=255, compress="deflate") as target:
            target.write(values, 1)
            target.set_band_description(1, "cluster")
            target.write_colormap(1, {number: _rgba(colour_of(number)) for number in range(drawn.clusters.count + 1)})
        file.write(memory.read())


def _rgba(colour: str) -> tuple[int, int, int, int]:
    red, green, blue = (int(colour[at:at + 2], 16) for at in (1, 3, 5))
    return red, green, blue, 255


_STYLE = f"""<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.34" styleCategories="Symbology" symbologyReferenceScale="-1">
 <renderer-v2 type="singleSymbol" symbollevels="0" enableorderby="0" forceraster="0">
  <symbols>
   <symbol type="fill" name="0" alpha="0.6" clip_to_extent="1" force_rhr="0">
    <layer class="SimpleFill" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="color" value="189,189,189,255"/>
      <Option type="QString" name="outline_color" value="90,90,90,255"/>
      <Option type="QString" name="outline_width" value="0.1"/>
      <Option type="QString" name="style" value="solid"/>
     </Option>
     <data_defined_properties>
      <Option type="Map">
       <Option type="QString" name="name" value=""/>
       <Option type="Map" name="properties">
        <Option type="Map" name="fillColor">
         <Option type="bool" name="active" value="true"/>
         <Option type="QString" name="expression" value="coalesce(&quot;colour&quot;, '{UNKNOWN_COLOUR}')"/>
         <Option type="int" name="type" value="3"/>
        </Option>
       </Option>
       <Option type="QString" name="type" value="collection"/>
      </Option>
     </data_defined_properties>
    </layer>
   </symbol>
  </symbols>
 </renderer-v2>
</qgis>
"""
