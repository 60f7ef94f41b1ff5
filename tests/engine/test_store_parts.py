"""A store dispersed over folders: each part reads its own tiles as the whole does, and no others."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import cluster_tools
import numpy as np
import pytest
import zarr
from deepsoil.channels import ChannelUse
from deepsoil.cli import main
from deepsoil.contract.errors import DeepSoilError
from deepsoil.depths import DEPTHS
from deepsoil.grid import LEVEL, TILE, Window, quadkey
from deepsoil.inputs.extents import window_of
from deepsoil.inputs.stack import Stack
from deepsoil.store.parts import partition, split, tiles_of_part, with_neighbours
from deepsoil.store.store import Store

DAY = date(2022, 6, 1)


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return cluster_tools.make(tmp_path_factory.mktemp("parts") / "region")


def test_every_tile_is_in_one_part_and_quadkeys_of_twelve_stay_together(region: Store) -> None:
    tiles = list(region.window.tiles())
    for level, count in ((14, 3), (14, 1), (14, len(tiles)), (12, 3), (12, 8)):
        parts = partition(tiles, count, level)
        assert len(parts) == count and all(parts)
        assert sorted(tile for part in parts for tile in part) == sorted(tiles)
        keys = [{quadkey(*tile, LEVEL)[:level] for tile in part} for part in parts]
        assert sum(map(len, keys)) == len(set().union(*keys))
        if level == 14:
            assert max(map(len, parts)) - min(map(len, parts)) <= 1
    with pytest.raises(DeepSoilError) as caught:
        partition(tiles, 9, 12)
    assert caught.value.code == "too_few_tiles"


def test_a_part_alone_reads_what_the_whole_reads_and_says_what_it_has_not(region: Store, tmp_path: Path) -> None:
    copied = tmp_path / "whole"
    shutil.copytree(region.path, copied)
    whole = Store.open(copied)
    assert main(["store", "split", str(copied), str(tmp_path / "nodes"), "--parts", "3", "--margin", "0"]) == 0
    paths = sorted((tmp_path / "nodes").iterdir())
    assert [path.name for path in paths] == ["part-1", "part-2", "part-3"]
    tiles = [tiles_of_part(path) for path in paths]
    assert sum(map(len, tiles)) == len(set().union(*tiles)) == 8 * 16
    uses = [ChannelUse(name, 0.5, False) for name in DEPTHS[20].channels]
    mine = sorted(tiles[1])
    expected = [Stack(whole, uses).read(DAY, window_of(tile)) for tile in mine[::5]]
    elsewhere = window_of(min(tiles[0]))
    sizes = [sum(file.stat().st_size for file in path.rglob("static/**/c/*/*")) for path in (copied, *paths)]
    assert sum(sizes[1:]) < 1.05 * sizes[0] and max(sizes[1:]) < 0.45 * sizes[0], "the maps are dispersed"
    for path in (copied, paths[0], paths[2]):
        shutil.rmtree(path)
    part = Store.open(paths[1])
    for tile, (x, valid) in zip(mine[::5], expected, strict=True):
        shown, known = Stack(part, uses).read(DAY, window_of(tile))
        np.testing.assert_allclose(shown, x, atol=1e-6)
        np.testing.assert_array_equal(known, valid)
        for channel in ("sand", "land_cover"):  # zarr itself reads the same
            rows, columns = window_of(tile).slices_in(part.window)
            plain = zarr.open_group(part.path, mode="r")[f"static/{channel}"][rows, columns]
            np.testing.assert_array_equal(np.nan_to_num(part.read_static(channel, window_of(tile))),
                                          np.nan_to_num(plain))
    with pytest.raises(DeepSoilError) as caught:
        part.read_static("sand", elsewhere)
    assert caught.value.code == "tile_elsewhere"
    assert len(part.stations()) == 18 and part.window == cluster_tools.HERE


def test_a_lost_file_of_a_whole_store_is_damage_and_no_part(region: Store, tmp_path: Path) -> None:
    shutil.copytree(region.path, tmp_path / "whole")
    (tmp_path / "whole" / "static" / "sand" / "c" / "0" / "1").unlink()
    with pytest.raises(DeepSoilError) as caught:
        Store.open(tmp_path / "whole").read_static("sand", cluster_tools.HERE)
    assert caught.value.code == "store_corrupt"


def test_a_margin_of_neighbours_and_parts_that_cannot_be(region: Store, tmp_path: Path) -> None:
    corner = cluster_tools.HERE.column // TILE, cluster_tools.HERE.row // TILE
    assert len(with_neighbours([corner], 1)) == 9
    (path,) = split(region, tmp_path, {"one": with_neighbours([corner], 1)})
    assert len(tiles_of_part(path)) == 4, "those inside the store"
    inside = Window(cluster_tools.HERE.column, cluster_tools.HERE.row, 2 * TILE, 2 * TILE)
    assert np.isfinite(Store.open(path).read_static("sand", inside)).all()
    for parts, code in (({"one": [corner]}, "store_exists"), ({"two": [(1, 1)]}, "too_few_tiles")):
        with pytest.raises(DeepSoilError) as caught:
            split(region, tmp_path, parts)
        assert caught.value.code == code
