"""Extents and their clusters: features as measured, scaler and centroids of training extents only, and the map."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import cluster_tools
import numpy as np
import pytest
import rasterio
from deepsoil.cli import main
from deepsoil.contract.clusters import Clusters
from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import TILE
from deepsoil.inputs.cluster_of_tile import clusters_of, nearest
from deepsoil.inputs.extents import UNITS, ExtentFeatures, extent_tiles, tile_of, window_of
from deepsoil.store.store import Store
from deepsoil.training.clusters import fit_clusters
from deepsoil.training.extents import Extents, extents_of, usable_features


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return cluster_tools.make(tmp_path_factory.mktemp("clusters") / "region")


@pytest.fixture(scope="module")
def extents(region: Store) -> Extents:
    return extents_of(region)


def test_the_features_of_an_extent_are_those_of_its_nine_tiles(region: Store, extents: Extents) -> None:
    features = ExtentFeatures(region)
    assert set(features.names) <= set(UNITS) and "smap_summer" in features.names
    tile = extents.tiles[1]
    window = window_of(tile).pad(TILE)
    values = dict(zip(features.names, features.of([tile], features.names)[0], strict=True))
    for name in ("sand", "clay", "elevation", "slope"):
        assert values[f"{name}_mean"] == pytest.approx(region.read_static(name, window).mean(dtype=float), rel=1e-6)
    cover = region.read_static("land_cover", window)
    assert values["cover_grass_share"] == pytest.approx((cover == 71).mean()) and values["cover_crop_share"] == 0
    assert sum(values[name] for name in values if name.startswith("cover_")) == pytest.approx(1)
    rain = cluster_tools.weather()["precipitation"][:, 0, 0]
    months = cluster_tools.DATES.astype("datetime64[M]").astype(int) % 12
    monthly = np.array([rain[months == month].mean() for month in range(12)])
    west = int(tile[0] * TILE + TILE / 2 - cluster_tools.HERE.column) < 256  # west of the cell's middle: its value
    assert west and values["precipitation_mean"] == pytest.approx(monthly.mean(), rel=1e-5)
    assert values["precipitation_season"] == pytest.approx(np.ptp(monthly), rel=1e-5)


def test_at_the_edge_of_a_region_an_extent_is_the_part_inside_and_outside_there_is_none(region: Store) -> None:
    corner = cluster_tools.HERE.column // TILE, cluster_tools.HERE.row // TILE
    features = ExtentFeatures(region)
    inside, far = features.of([corner, (corner[0] - 5, corner[1])], ["sand_mean"])[:, 0]
    shown = region.read_static("sand", window_of(corner).pad(TILE))
    assert inside == pytest.approx(np.nanmean(shown.astype(float)), rel=1e-6) and np.isnan(far)


def test_k_by_the_silhouette_finds_the_two_halves(region: Store, extents: Extents) -> None:
    clusters = fit_clusters(extents)
    assert clusters.count == 2 and max(clusters.silhouettes, key=clusters.silhouettes.__getitem__) == "2"
    middle = cluster_tools.HERE.column + 512
    west = {extent.cluster for extent in clusters.extents if tile_of(extent.quadkey)[0] * TILE < middle}
    east = {extent.cluster for extent in clusters.extents if tile_of(extent.quadkey)[0] * TILE >= middle}
    assert len(west) == len(east) == 1 and west != east
    used = {feature.name for feature in clusters.features}
    assert {"sand_mean", "precipitation_mean", "smap_winter", "cover_crop_share"} <= used
    assert not used & {"cover_bare_share", "vpd_mean"}, "what is the same everywhere says nothing"
    assert all(feature.unit == UNITS[feature.name] for feature in clusters.features)
    again = Clusters.from_document(json.loads(json.dumps(clusters.to_document())), "a file")
    assert again == clusters
    assert sum(len(extent.stations) for extent in clusters.extents) == len(region.stations().ids)


def test_scaler_and_centroids_come_from_training_extents_only(region: Store, extents: Extents) -> None:
    training = np.ones(len(region.stations().ids), bool)
    training[[3, 10]] = False
    held_out = extents_of(region, training=training)
    assert 0 < held_out.training.sum() < len(held_out)
    wild = held_out.values.copy()
    wild[~held_out.training] *= 50.0
    other = Extents(held_out.tiles, held_out.stations, held_out.training, held_out.names, wild)
    first, second = fit_clusters(held_out, 2), fit_clusters(other, 2)
    assert (first.features, first.centroids, first.reach) == (second.features, second.centroids, second.reach)
    assert first.features != fit_clusters(extents, 2).features, "they would differ if the others were learnt from"
    left = {station for extent in first.extents if not extent.training for station in extent.stations}
    assert {"s03", "s10"} <= left and all(extent.cluster > 0 for extent in first.extents), "assigned all the same"


def test_a_tile_never_seen_is_in_the_nearest_cluster_and_one_without_a_feature_in_none(region: Store, extents: Extents,
                                                                                      ) -> None:
    clusters = fit_clusters(extents, 2)
    values = np.array([[feature.mean for feature in clusters.features]] * 3)
    scale = np.array([feature.scale for feature in clusters.features])
    values[0] += np.array(clusters.centroids[1]) * scale
    values[1] = values[0] + 7 * scale / np.sqrt(len(scale))
    values[2, 0] = np.nan
    number, distance = nearest(clusters, values)
    assert number[0] == 2 and distance[0] == pytest.approx(0, abs=1e-9)
    assert number.tolist()[2] == 0 and np.isnan(distance[2])
    assert distance[1] == pytest.approx(min(7, np.linalg.norm(
        (values[1] - [feature.mean for feature in clusters.features]) / scale - np.array(clusters.centroids[0]))))
    tiles = extent_tiles(extents.tiles[0])
    assert set(clusters_of(clusters, ExtentFeatures(region), tiles)[0]) == {clusters.extents[0].cluster}


def test_what_cannot_be_clustered_is_told_with_what_to_do(region: Store, extents: Extents, tmp_path: Path) -> None:
    def code(run: object) -> str:
        with pytest.raises(DeepSoilError) as caught:
            run()  # type: ignore[operator]
        assert caught.value.hint
        return caught.value.code

    assert code(lambda: fit_clusters(extents, 12, least_extents=3)) == "too_few_extents"
    assert code(lambda: fit_clusters(extents, 5, least_extents=3)) == "cluster_too_small"
    west = [n for n, tile in enumerate(extents.tiles) if tile[0] * TILE < cluster_tools.HERE.column + 512]
    rows = [*west, *(n for n in range(len(extents)) if n not in west)][:len(west) + 3]
    uneven = Extents([extents.tiles[n] for n in rows], [extents.stations[n] for n in rows], extents.training[rows],
                     extents.names, extents.values[rows])
    assert fit_clusters(uneven, most=4, least_extents=3).count == 2
    assert code(lambda: fit_clusters(uneven, most=4, least_extents=4)) == "cluster_too_small"
    same = Extents(extents.tiles, extents.stations, extents.training, extents.names, np.ones_like(extents.values))
    assert usable_features(same) == [] and code(lambda: fit_clusters(same, 2)) == "extents_alike"
    bare = cluster_tools.make(tmp_path / "bare", without=("smap",), with_stations=False)
    assert code(lambda: extents_of(bare)) == "no_extents"
    clusters = fit_clusters(extents, 2)
    with pytest.raises(DeepSoilError, match="smap_winter") as caught:
        clusters_of(clusters, ExtentFeatures(bare), extents.tiles)
    assert caught.value.code == "cluster_features_missing"
    document = clusters.to_document()
    document["centroids"] = [[0.0]] * clusters.count
    assert code(lambda: Clusters.from_document(document, "a file")) == "clusters_invalid"


def test_the_command_writes_clusters_and_the_same_map_as_geojson_and_raster(region: Store, tmp_path: Path,
                                                                            capsys: pytest.CaptureFixture[str]) -> None:
    made, squares, raster = (tmp_path / name for name in ("clusters.json", "map.geojson", "map.tif"))
    assert main(["clusters", str(region.path), str(made), "--count", "2"]) == 0
    assert "2 clusters of" in capsys.readouterr().out
    for path in (squares, raster):
        assert main(["clusters", str(region.path), str(path), "--of", str(made)]) == 0
    assert "cluster 1: 64 tiles" in capsys.readouterr().out
    found = {feature["properties"]["quadkey"]: feature for feature in json.loads(squares.read_text())["features"]}
    assert len(found) == 8 * 16 and squares.with_suffix(".qml").is_file()
    assert {feature["properties"]["cluster"] for feature in found.values()} == {1, 2}
    with rasterio.open(raster) as source:
        values, palette = source.read(1), source.colormap(1)
        for feature in list(found.values())[::7]:
            middle = np.mean(feature["geometry"]["coordinates"][0][:4], axis=0)
            (x,), (y,) = rasterio.warp.transform("EPSG:4326", source.crs, middle[:1], middle[1:])
            number = values[source.index(x, y)]
            assert number == feature["properties"]["cluster"]
            assert "#{:02x}{:02x}{:02x}".format(*palette[number][:3]) == feature["properties"]["colour"]
    assert main(["clusters", str(region.path), str(tmp_path / "map.png"), "--of", str(made)]) == 2
    assert main(["clusters", str(region.path), str(squares), "--of", str(tmp_path / "none.json")]) == 2


def test_a_map_of_clusters_that_are_there_needs_no_scikit_learn(region: Store, tmp_path: Path) -> None:
    made = tmp_path / "clusters.json"
    assert main(["clusters", str(region.path), str(made), "--count", "2"]) == 0
    code = ("import sys; sys.modules['sklearn'] = None; sys.modules['torch'] = None; from deepsoil.cli import main; "
            f"sys.exit(main(['clusters', {str(region.path)!r}, {str(tmp_path / 'map.tif')!r}, '--of', {str(made)!r}]))")
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
