"""Elevation of a field from the tiles of 3DEP, or from its map service: the tiles' own values, through to the store."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import rasterio
import yaml
from deepsoil.archives.archive import Ask, Got
from deepsoil.archives.elevation import TERRAIN, Elevation, ElevationService, tile_of
from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import TILE, Window
from deepsoil.sources.ingest import ingest
from network_tools import network
from servers.elevation import NODATA, SERVICE, STEP, path_of, sampled, serve_elevation, serve_pictures
from servers.ranges import Fault, RangeServer, busy, range_server
from shapely.geometry import box

CORNER = (-97.02, 38.98, -96.98, 39.02)
"""A field on the corner of four tiles."""
TITLE = Elevation.title
Bounds = tuple[float, float, float, float]


@pytest.fixture(scope="module")
def tiles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the four tiles at the corner, which are written once."""
    folder = tmp_path_factory.mktemp("tiles")
    with range_server() as server:
        serve_elevation(server, folder, *_land(_ask(CORNER)))
    return folder


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[RangeServer]:
    with range_server() as server:
        addresses = tmp_path / "addresses.json"
        addresses.write_text(json.dumps({"3dep": server.address, "3dep_service": server.address}))
        monkeypatch.setenv("DEEPSOIL_ARCHIVES", str(addresses))
        yield server


def _ask(field: Bounds) -> Ask:
    around = Window.around(*field).align(TILE).bounds_lonlat
    return Ask(box(*field), around, date(2024, 1, 1), date(2024, 12, 31), date(2025, 6, 1))


def _land(ask: Ask) -> tuple[np.ndarray, Bounds]:
    """Rough hills in pixels of 1/3 arc second, over the area and some more."""
    west, south, east, north = (round(value * 10800) for value in ask.bounds)
    bounds = ((west - 60) * STEP, (south - 60) * STEP, (east + 60) * STEP, (north + 60) * STEP)
    shape = (north - south + 120, east - west + 120)
    rows, columns = np.mgrid[:shape[0], :shape[1]]
    rough = np.random.default_rng(1).normal(0, 0.05, shape)
    return (400 + 30 * np.sin(rows / 90) + columns * 0.05 + rough).astype(np.float32), bounds


def _gathered(archive: Elevation | ElevationService, ask: Ask, folder: Path, **options: object) -> Got:
    pieces = archive.plan(ask)
    assert len(pieces) == 1
    with network(**options) as net:
        return archive.fetch(pieces[0], net, folder)


def _require_values(path: Path, land: np.ndarray, bounds: Bounds) -> None:
    """What the file has is what the server had, pixel by pixel."""
    with rasterio.open(path) as dataset:
        values = dataset.read(1)
        x = dataset.transform.c + (np.arange(dataset.width) + 0.5) * dataset.transform.a
        y = dataset.transform.f + (np.arange(dataset.height) + 0.5) * dataset.transform.e
    np.testing.assert_array_equal(values, sampled(land, bounds, x, y))


def test_four_tiles_at_a_corner_become_one_raster_and_a_store(server: RangeServer, tiles: Path, tmp_path: Path,
                                                                   ) -> None:
    ask = _ask(CORNER)
    land, bounds = _land(ask)
    serve_elevation(server, tiles, land, bounds)
    folder = tmp_path / "gathered"
    got = _gathered(Elevation(), ask, folder)
    assert got.notes == () and got.files == ("3dep/elevation.tif",)
    assert [path.name for path in (folder / "3dep").iterdir()] == ["elevation.tif"]
    _require_values(folder / "3dep" / "elevation.tif", land, bounds)
    paths = [path_of(tile) for tile in ("n40w098", "n40w097", "n39w098", "n39w097")]
    assert {one.path for one in server.asked} == set(paths)
    assert len(server.asked) <= 12 and got.size == sum(map(server.sent, paths)) < 2 * got.piece.size

    entries = Elevation().entries([got], folder)
    recipe = {"schema": 1, "name": "corner", "title": "Corner", "attribution": Elevation.attribution,
              "area": {"box": list(ask.bounds)}, "channels": dict(entries.channels)}
    (folder / "recipe.yaml").write_text(yaml.safe_dump(json.loads(json.dumps(recipe))))
    store = ingest(folder / "recipe.yaml", tmp_path / "store")
    window = Window.around(*CORNER).align(TILE)
    stored = store.read_static("elevation", window)
    expected = sampled(land, bounds, *window.lonlat_centres())
    assert np.isfinite(stored).all()
    assert np.abs(stored - expected).max() < 2.0 and np.abs(stored - expected).mean() < 0.2
    assert all(np.isfinite(store.read_static(name, window)).all() for name in TERRAIN)


def test_a_coast_has_a_note_and_a_field_in_the_sea_is_refused(server: RangeServer, tmp_path: Path) -> None:
    land_field = (-97.02, 38.98, -97.005, 38.995)
    ask = _ask(land_field)
    land, bounds = _land(_ask(CORNER))
    columns = np.arange(land.shape[1]) * STEP + bounds[0]
    land[:, columns > -97.001] = np.nan  # sea in the east: two tiles do not exist
    serve_elevation(server, tmp_path, land, bounds)
    got = _gathered(Elevation(), ask, tmp_path / "gathered")
    with rasterio.open(tmp_path / "gathered" / "3dep" / "elevation.tif") as dataset:
        share = (dataset.read(1) == NODATA).mean()
    assert 0.02 < share < 0.6 and got.notes[0].startswith(f"{share:.0%} of the area")
    for field, code in ((CORNER, "archive_implausible"), ((-96.9, 38.98, -96.88, 39.0), "archive_outside")):
        with pytest.raises(DeepSoilError) as caught:
            _gathered(Elevation(), _ask(field), tmp_path / "refused")
        assert caught.value.code == code and TITLE in caught.value.message
        assert not list((tmp_path / "refused").rglob("*.tif"))


@pytest.mark.parametrize("field", [(-97.0, 50.0, -96.9, 50.1), (-120.0, 20.0, -119.9, 20.1), (10.0, 45.0, 10.1, 45.1)],
                         ids=["Canada", "ocean", "Europe"])
def test_outside_the_lower_48_states_nothing_is_planned(field: Bounds) -> None:
    for archive in (Elevation(), ElevationService()):
        with pytest.raises(DeepSoilError) as caught:
            archive.plan(_ask(field))
        assert caught.value.code == "archive_outside" and caught.value.hint


@pytest.mark.parametrize("fault", [busy(status=503), Fault(status=403), Fault(cut=500)], ids=["503", "403", "cut"])
@pytest.mark.parametrize("tile", ["n40w098", "n39w097"])
def test_a_tile_that_fails_is_an_error_and_no_sea(server: RangeServer, tiles: Path, tmp_path: Path, tile: str,
                                                  fault: Fault) -> None:
    ask = _ask(CORNER)
    serve_elevation(server, tiles, *_land(ask))
    server.fail(path_of(tile), Fault(), *[fault] * 8)
    with pytest.raises(DeepSoilError) as caught:
        _gathered(Elevation(), ask, tmp_path / "gathered")
    assert caught.value.code == "archive_failed" and tile in caught.value.message
    assert not list((tmp_path / "gathered").rglob("*.tif"))


def test_the_map_service_stands_in_with_the_same_values(server: RangeServer, tmp_path: Path) -> None:
    ask = _ask((-97.1, 38.9, -96.9, 39.1))  # so large that one picture is not enough
    land, bounds = _land(ask)
    serve_pictures(server, land, bounds)
    got = _gathered(ElevationService(), ask, tmp_path / "gathered")
    _require_values(tmp_path / "gathered" / got.files[0], land, bounds)
    assert len(server.requests(SERVICE)) == 4 and got.notes == ()


def test_an_error_of_the_map_service_with_200_is_told(server: RangeServer, tmp_path: Path) -> None:
    serve_pictures(server, *_land(_ask(CORNER)))
    server.fail(SERVICE, Fault(status=200, body=b'{"error": {"code": 400, "message": "Unable to complete."}}'))
    with pytest.raises(DeepSoilError) as caught:
        _gathered(ElevationService(), _ask(CORNER), tmp_path / "gathered")
    assert caught.value.code == "archive_failed" and "Unable to complete." in caught.value.message


def test_a_picture_of_another_place_is_refused(server: RangeServer, tmp_path: Path) -> None:
    land, bounds = _land(_ask(CORNER))
    serve_pictures(server, land, bounds)
    right = server.answers[SERVICE]
    server.answer(SERVICE, lambda query: right(query.replace("bbox=-97", "bbox=-98")))
    with pytest.raises(DeepSoilError) as caught:
        _gathered(ElevationService(), _ask(CORNER), tmp_path / "gathered")
    assert caught.value.code == "archive_implausible"


def test_a_tile_is_named_for_its_north_west_corner() -> None:
    assert [tile_of(-96.5, 39.5), tile_of(-97.0, 39.0), tile_of(-124.2, 43.9)] == ["n40w097", "n40w097", "n44w125"]
