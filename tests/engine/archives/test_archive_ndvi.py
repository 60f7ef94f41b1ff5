"""NDVI by day comes from the clearest scenes, cloud masked, with the offset of Sentinel-2 applied once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
import rasterio.warp
import shapely.geometry
from deepsoil.archives.ndvi import stretches, tile_of
from deepsoil.archives.ndvi_catalogues import HLS, SENTINEL_2, boa_offset
from deepsoil.archives.stac import Item
from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import Window
from gathering import ASK, BOUNDS, FIELD, days, fetched, ingested, network, point_at
from servers.stac import MadeScene, Tokens, cog, stac

ASKED = days("2023-06-03", "2023-07-13")  # from the middle of a period of 16 days to the second day of the fourth
UTM = 32614
WEST, SOUTH, EAST, NORTH = rasterio.warp.transform_bounds("EPSG:4326", f"EPSG:{UTM}", *BOUNDS)
LEFT, TOP = 30 * (WEST // 30 - 20), 30 * (NORTH // 30 + 20)
SHAPE = (int((TOP - SOUTH) / 30) + 25, int((EAST - LEFT) / 30) + 25)
NEEDED = Window.around(*FIELD.bounds).pad(64).intersect(Window.around(*BOUNDS))
TILE = (-97.2, 38.5, -95.8, 39.7)


def bands(level: float, fill: int = -9999) -> tuple[np.ndarray, np.ndarray]:
    """Red and near infrared of a ramp from west to east, × 10 000."""
    red = np.broadcast_to(np.linspace(400, 900, SHAPE[1]), SHAPE).astype(np.int16).copy()
    return red, (red * level).astype(np.int16)


def cloudy(share: float) -> np.ndarray:
    """Fmask with a cloud over the southern share of the field, and unclear bits that do not count beside it."""
    mask = np.full(SHAPE, 0b11000000, np.uint8)  # aerosol level: nothing unclear
    _west, south, _east, north = rasterio.warp.transform_bounds("EPSG:4326", f"EPSG:{UTM}", *FIELD.bounds)
    top = north - (1 - share) * (north - south)
    if share:
        mask[int((TOP - top) / 30):, :] = 0b10
    return mask


def hls(day: str, share: float, level: float = 3.0, kind: str = "s30", cloud: float | None = 10, tile: str = "T14SPJ",
        footprint=TILE, left: float = LEFT, top: float = TOP, epsg: int = UTM) -> MadeScene:
    red, nir = bands(level)
    mask = cloudy(share)
    when = date.fromisoformat(day)
    grids = {"B04": (red, -9999), "B8A" if kind == "s30" else "B05": (nir, -9999), "Fmask": (mask, 255)}
    properties = {} if cloud is None else {"eo:cloud_cover": cloud}
    return MadeScene(f"HLS.{kind.upper()}.{tile}.{when:%Y%j}T171859.v2.0", f"hls2-{kind}", when, footprint,
                     {name: cog(values, left, top, 30, epsg, nodata) for name, (values, nodata) in grids.items()},
                     properties, {"B04": {"scale": 0.0001}})


def expected_ndvi(level: float) -> float:
    return (level - 1) / (level + 1)


def at_field(store, day: str) -> np.ndarray:
    window = Window.around(*FIELD.bounds)
    number = [str(one) for one in store.dates_of("ndvi")].index(day)
    return store.read_layer("ndvi", number, window)


def test_the_clearest_scene_of_each_sixteen_days_reaches_the_store(tmp_path: Path,
                                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = Tokens()
    scenes = [hls("2023-06-03", 0.6, 2.0), hls("2023-06-05", 0.0, 3.0, "l30", cloud=40), hls("2023-06-10", 0.0, 9.0),
              hls("2023-06-12", 0.9, 9.0), hls("2023-06-14", 0.5, 9.0), hls("2023-06-28", 0.4, 4.0),
              hls("2023-07-20", 0.0, 9.0)]
    with stac(scenes, tokens=tokens, busy=1) as server:
        point_at(monkeypatch, tmp_path, hls=server.url, planetary_computer_tokens=server.url)
        got, entries = fetched(HLS, ASKED, tmp_path)
        assert len(server.paths("/search")) == 4 + 1  # four periods, two scenes a page
        assert sorted(tokens.given) == ["hls2-l30", "hls2-s30"]
        assert not server.paths(f"{scenes[0].id}/B04") and not server.paths(f"{scenes[3].id}/")  # cloudier: not read
        store = ingested(tmp_path, [entries], ASKED)
        asked = len(server.asked)
        assert fetched(HLS, ASKED, tmp_path)[1] == entries
        again = [one.raw for one in server.asked[asked:] if "/files/" in one.raw]
        assert again and all("/Fmask.tif" in one for one in again)  # the same scene is not fetched twice
    assert [str(day) for day in store.dates_of("ndvi")] == ["2023-06-05", "2023-06-10", "2023-06-28"]
    np.testing.assert_allclose(at_field(store, "2023-06-05"), expected_ndvi(3.0), atol=2e-3)
    part = at_field(store, "2023-06-28")
    assert 0.3 < np.isnan(part).mean() < 0.5
    np.testing.assert_allclose(part[np.isfinite(part)], expected_ndvi(4.0), atol=2e-3)
    assert "1 of 4 periods had no clear scene" in " ".join(entries.notes)
    assert "sig=" not in str(got) and "sig=" not in (tmp_path / "hls" / "2023-145.json").read_text()


def test_a_token_that_ends_in_the_middle_is_asked_for_again_and_once_only(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    HLS._tokens.clear()
    tokens = Tokens(uses=2)
    with stac([hls("2023-06-05", 0.0)], tokens=tokens) as server:
        point_at(monkeypatch, tmp_path, hls=server.url, planetary_computer_tokens=server.url)
        entries = fetched(HLS, ASKED, tmp_path)[1]
        assert list(entries.channels["ndvi"]["files"]) == ["2023-06-05"] and tokens.refusals and len(tokens.given) > 1
    refusing = Tokens(uses=0)
    HLS._tokens.clear()
    with stac([hls("2023-06-05", 0.0)], tokens=refusing) as server:
        point_at(monkeypatch, tmp_path, hls=server.url, planetary_computer_tokens=server.url)
        with pytest.raises(DeepSoilError) as caught:
            fetched(HLS, ASKED, tmp_path)
    assert caught.value.code == "archive_failed" and "Fmask" in caught.value.message
    assert "sig" not in caught.value.message and len(refusing.given) == 2


@pytest.mark.parametrize(("applied", "baseline", "offset", "kept"), [
    (True, "05.09", 0, True), (False, "05.09", 1000, True), (False, "02.14", 0, True), (None, "05.09", 0, False)])
def test_the_offset_of_sentinel_2_is_applied_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, applied, baseline,
                                                  offset, kept) -> None:
    red, nir = (np.repeat(np.repeat(band + offset, 3, 0), 3, 1).astype(np.uint16) for band in bands(3.0))
    scl = np.full((SHAPE[0] * 30 // 20, SHAPE[1] * 30 // 20), 4, np.uint8)
    scl[:, : scl.shape[1] // 4] = 9
    properties = {"s2:processing_baseline": baseline, "grid:code": "MGRS-14SPJ", "eo:cloud_cover": 3}
    if applied is not None:
        properties["earthsearch:boa_offset_applied"] = applied
    scene = MadeScene("S2B_14SPJ_20230605_0_L2A", "sentinel-2-l2a", date(2023, 6, 5), TILE,
                      {"red": cog(red, LEFT, TOP, 10, UTM, 0), "nir": cog(nir, LEFT, TOP, 10, UTM, 0),
                       "scl": cog(scl, LEFT, TOP, 20, UTM, 0)}, properties,
                      {"red": {"scale": 0.0001, "offset": -0.1}, "nir": {"scale": 0.0001, "offset": -0.1}})
    old = replace(scene, id="S2B_14SPJ_20230605_1_L2A", assets=dict.fromkeys(scene.assets, b"no raster"),
                  properties={**properties, "s2:processing_baseline": "01.00"})
    with stac([scene, old] if kept else [scene], next_by="POST", page=1) as server:
        point_at(monkeypatch, tmp_path, sentinel2=server.url)
        entries = fetched(SENTINEL_2, ASKED, tmp_path)[1]
        if not kept:
            assert not entries.channels and "do not say whether their offset" in " ".join(entries.notes)
            return
        store = ingested(tmp_path, [entries], ASKED)
    found = at_field(store, "2023-06-05")
    np.testing.assert_allclose(found[np.isfinite(found)], expected_ndvi(3.0), atol=3e-3)
    with rasterio.open(tmp_path / "sentinel2" / "ndvi_2023-06-05.tif") as file:
        assert file.res == (20, 20) and file.nodata == -32768 and "S2B_14SPJ_20230605_0" in file.tags()["SCENES"]


def test_two_tiles_of_a_day_are_put_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    middle = LEFT + 30 * (SHAPE[1] // 2)
    west = hls("2023-06-05", 0.0, 3.0, footprint=(-97.2, 38.5, -96.585, 39.7), left=middle - 30 * SHAPE[1])
    east = hls("2023-06-05", 0.0, 5.0, tile="T14SQJ", footprint=(-96.595, 38.5, -95.8, 39.7), left=middle)
    HLS._tokens.clear()
    with stac([west, east], tokens=Tokens()) as server:
        point_at(monkeypatch, tmp_path, hls=server.url, planetary_computer_tokens=server.url)
        entries = fetched(HLS, ASKED, tmp_path)[1]
        store = ingested(tmp_path, [entries], ASKED)
    whole = store.read_layer("ndvi", 0, NEEDED)
    assert np.isfinite(whole).mean() > 0.97
    assert whole[50, 5] == pytest.approx(expected_ndvi(3.0), abs=3e-3)
    assert whole[50, -5] == pytest.approx(expected_ndvi(5.0), abs=3e-3)


def test_tiles_of_two_zones_are_put_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    middle = LEFT + 30 * (SHAPE[1] // 2)
    left, _bottom, _right, top = rasterio.warp.transform_bounds("EPSG:4326", "EPSG:32615", *BOUNDS)
    west = hls("2023-06-05", 0.0, 3.0, footprint=(-97.2, 38.5, -96.58, 39.7), left=middle - 30 * SHAPE[1])
    east = hls("2023-06-05", 0.0, 3.0, tile="T15STD", footprint=(-96.615, 38.5, -95.8, 39.7), epsg=32615,
               left=30 * (left // 30 - 4), top=30 * (top // 30 + 4))
    HLS._tokens.clear()
    with stac([west, east], tokens=Tokens()) as server:
        point_at(monkeypatch, tmp_path, hls=server.url, planetary_computer_tokens=server.url)
        store = ingested(tmp_path, [fetched(HLS, ASKED, tmp_path)[1]], ASKED)
    whole = store.read_layer("ndvi", 0, NEEDED)
    assert np.isfinite(whole).mean() > 0.97
    np.testing.assert_allclose(whole[np.isfinite(whole)], expected_ndvi(3.0), atol=3e-3)


def test_a_damaged_scene_stands_aside_for_the_next_one_and_is_said(tmp_path: Path,
                                                                   monkeypatch: pytest.MonkeyPatch) -> None:
    HLS._tokens.clear()
    good, bad = hls("2023-06-05", 0.3, 3.0, cloud=50), hls("2023-06-06", 0.0, 9.0)
    gone = hls("2023-06-07", 0.0, 9.0, cloud=1)
    empty = cog(np.full(SHAPE, -9999, np.int16), LEFT, TOP, 30, UTM, -9999)
    scenes = [good, replace(bad, assets={**bad.assets, "B8A": empty}),
              replace(gone, assets={**gone.assets, "Fmask": b""})]
    with stac(scenes, tokens=Tokens()) as server:
        point_at(monkeypatch, tmp_path, hls=server.url, planetary_computer_tokens=server.url)
        entries = fetched(HLS, ASKED, tmp_path)[1]
    assert list(entries.channels["ndvi"]["files"]) == ["2023-06-05"]
    said = " ".join(entries.notes)
    assert "mask calls clear" in said and "404" in said and said.count("A scene is left out") == 2


def test_answers_that_cannot_be_right_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refusal(scene: MadeScene, **more) -> DeepSoilError:
        HLS._tokens.clear()
        with stac([scene], tokens=Tokens(), **more) as server:
            point_at(monkeypatch, tmp_path, hls=server.url, planetary_computer_tokens=server.url)
            with pytest.raises(DeepSoilError) as caught:
                fetched(HLS, ASKED, tmp_path)
        assert caught.value.code == "archive_implausible" and "Harmonized" in caught.value.message
        return caught.value

    scene = hls("2023-06-05", 0.0)
    empty = np.full(SHAPE, -9999, np.int16)
    holes = replace(scene, assets={**scene.assets, "B8A": cog(empty, LEFT, TOP, 30, UTM, -9999)})
    assert "its mask calls clear" in refusal(holes).message
    reflectance = cog(bands(3)[0] / np.float32(10000), LEFT, TOP, 30, UTM, None)
    scaled = replace(scene, assets={**scene.assets, "B04": reflectance})
    assert "float32" in refusal(scaled).message
    assert "the scale 0.001" in refusal(replace(scene, bands={"B04": {"scale": 0.001}})).message
    assert "never end" in refusal(scene, endless=True).message
    lacking = {name: value for name, value in scene.assets.items() if name != "Fmask"}
    assert "has no file Fmask" in refusal(replace(scene, assets=lacking)).message


def test_a_plan_tells_the_cost_and_its_pieces_keep_their_names(monkeypatch: pytest.MonkeyPatch) -> None:
    year = HLS.plan(days("2022-01-01", "2022-12-31"))
    assert [piece.name for piece in year][:2] == ["hls/2022-001.json", "hls/2022-033.json"] and len(year) == 18
    assert 8e6 < sum(piece.size for piece in year) < 15e6
    later = HLS.plan(replace(days("2021-01-01", "2022-12-31"), maps_from=date(2022, 3, 10)))
    assert later[0].details["start"] == "2022-01-09", "no scenes of the years before that only the columns need"
    west, south, east, north = later[0].details["bounds"]
    assert BOUNDS[0] <= west < FIELD.bounds[0] and FIELD.bounds[3] < north <= BOUNDS[3] and south < FIELD.bounds[1]
    assert east <= BOUNDS[2]
    assert HLS.plan(days("2022-02-10", "2022-12-31"))[0].name == "hls/2022-033.json"
    assert HLS.plan(days("2018-01-01", "2020-02-01"))[0].name == "hls/2020-001.json"
    with pytest.raises(DeepSoilError) as caught:
        HLS.plan(days("2018-01-01", "2018-02-01"))
    assert caught.value.code == "archive_no_days"


@pytest.mark.parametrize(("latitude", "count", "longest"), [(30.0, 23, 16), (39.0, 18, 32), (46.0, 15, 32)])
def test_periods_are_longer_outside_of_the_season_and_leave_no_day_out_but_in_snow(latitude: float, count: int,
                                                                                   longest: int) -> None:
    found = stretches(date(2021, 1, 1), date(2023, 12, 31), latitude)
    assert len(found) == 3 * count and max((ends - begins).days + 1 for begins, ends in found) == longest
    covered = [begins + timedelta(days=n) for begins, ends in found for n in range((ends - begins).days + 1)]
    assert len(covered) == len(set(covered)) and covered == sorted(covered)
    absent = {(date(2021, 1, 1) + timedelta(days=n)) for n in range(1095)} - set(covered)
    assert {day.month for day in absent} == ({12, 1, 2, 3} if latitude > 42 else set())
    summer = [(ends - begins).days + 1 for begins, ends in found if 5 <= begins.month <= 9]
    assert set(summer) == {16}
    for last in (date(2023, 11, 30), date(2023, 12, 20)):  # what was planned before a new day keeps its name
        assert [begins for begins, _ in stretches(date(2021, 1, 1), last, latitude)] == [
            begins for begins, _ in found if begins <= last]


def test_tiles_are_known_by_the_names_that_both_catalogues_give() -> None:
    def item(name: str, **properties: object) -> Item:
        return Item(name, "", None, shapely.geometry.Point(0, 0), properties, {})  # type: ignore[arg-type]

    assert tile_of(item("HLS.S30.T14SPJ.2023169T171859.v2.0")) == "14SPJ"
    assert tile_of(item("S2A_5QKB_20230618_0_L2A")) == tile_of(item("x", **{"grid:code": "MGRS-05QKB"})) == "5QKB"
    assert boa_offset(item("x", **{"earthsearch:boa_offset_applied": True})) == 0
    assert boa_offset(item("x", **{"s2:processing_baseline": "03.01"})) == 0
    with network() as session:
        assert SENTINEL_2.signed(session, item("x")) is None
    assert ASK.start < ASK.end
