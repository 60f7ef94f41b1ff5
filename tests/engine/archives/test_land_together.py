"""Soil and land of a place gathered together from local servers: who serves, who stands in, who is named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
import yaml
from deepsoil.archives import choice, folder, registry
from deepsoil.archives.koppen import PACKAGED
from deepsoil.kinds import gather_work
from deepsoil.sources.ingest import ingest
from land_tools import BOUNDS, addresses, ask, inside
from servers import image_server
from servers.cropscape import cropscape
from servers.figshare import figshare
from servers.image_server import image_server as images
from servers.mrlc import mrlc
from servers.polaris import polaris
from servers.soil_data_access import soil_data_access
from servers.soilgrids import soilgrids
from servers.soilweb import soilweb
from test_koppen import world
from test_land_cover import crops, years
from test_polaris_archive import soil as polaris_soil
from test_soil_survey import raster, tables
from test_soilgrids import soil as coarse_soil

__all__ = ["addresses"]
NEEDS = {need: registry.NEEDS[need] for need in ("soil_refined", "soil", "land_cover", "koppen", "crops")}
WEATHER = {  # for the climate class where there is no map of it
    name: {"kind": "series", "unit": unit, "column": name, "time": {"column": "day"}, "statistic": statistic,
           "points": [{"file": "weather.csv", "longitude": -96.6, "latitude": 39.1}]}
    for name, unit, statistic in (("temperature", "degC", "mean"), ("precipitation", "mm", "sum"))}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    from deepsoil.archives.transport import Limits

    monkeypatch.setattr(Limits.__init__, "__defaults__", (5.0, 10.0, 2, 0.01, 0.02))


@pytest.fixture
def servers(addresses: Callable[..., None]) -> Iterator[Callable[..., None]]:
    """Starts every server; the names given are not reachable."""
    with ExitStack() as stack:
        def start(*down: str) -> None:
            made = {"soilweb": soilweb(raster()), "soil_data_access": soil_data_access(tables()),
                    "soilgrids": soilgrids(coarse_soil), "mrlc": mrlc(years(2025)),
                    "nlcd_images": images(image_server.NLCD, years(2024)), "figshare": figshare(world(compress="lzw")),
                    "cdl": images(image_server.CDL, years(2025, make=crops, crs="EPSG:3857")),
                    "cropscape": cropscape(years(2025, make=crops)), "polaris": polaris(polaris_soil, BOUNDS)}
            addresses(**{name: "http://127.0.0.1:9" if name in down else stack.enter_context(server).base
                         for name, server in made.items()})

        yield start


def gather(target: Path, *agreed: str) -> tuple[folder.Record, dict]:
    """The record and the recipe of a gathering of these needs."""
    wanted = ask()
    plan = choice.choose(wanted, choice.Wishes(agreed=frozenset(agreed)), registry.ARCHIVES, NEEDS)
    assert not plan.problems()
    record = folder.Record("A place", wanted.bounds, wanted.start, wanted.end, wanted.start, wanted.end,
                           agreed=tuple(agreed))
    around = gather_work.Surroundings(target.parent / "home", lambda *_: None, lambda *_: None, lambda: False)
    recipe = gather_work.gather(plan, record, target, around)
    found = folder.read(target)
    assert found is not None
    return found, yaml.safe_load(recipe.read_text(encoding="utf-8"))


@pytest.mark.skipif(PACKAGED.is_file(), reason="the climate map comes with the package")
def test_the_preferred_archives_serve_and_are_named(tmp_path: Path, servers: Callable[..., None]) -> None:
    servers()
    record, recipe = gather(tmp_path / "place")
    assert dict(record.served) == {"soil": ("soil_survey",), "land_cover": ("nlcd",), "koppen": ("koppen",),
                                   "crops": ("cdl",)}
    assert not record.failed and "POLARIS" not in recipe["attribution"]
    for name in ("Soil Survey Staff", "NLCD", "Beck", "Cropland Data Layer"):
        assert name in recipe["attribution"]
    store = ingest(tmp_path / "place" / "recipe.yaml", tmp_path / "store")
    window, _, lat = inside()
    for channel in ("sand", "log10_ks", "land_cover", "koppen", "crop", "soil_thickness"):
        assert np.isfinite(store.read_static(channel, window)[lat < 39.1195]).all(), channel
    again, _ = gather(tmp_path / "place")
    assert [one.got.at for one in again.fetched] == [one.got.at for one in record.fetched], "nothing is fetched twice"


def test_another_archive_stands_in_for_each_that_fails(tmp_path: Path, servers: Callable[..., None]) -> None:
    servers("soil_data_access", "mrlc", "figshare", "cdl")
    record, recipe = gather(tmp_path / "place")
    assert dict(record.served) == {"soil": ("soilgrids",), "land_cover": ("nlcd_images",),
                                   "koppen": ("koppen_weather",), "crops": ("cropscape",)}
    assert {one.archive for one in record.failed} == {"soil_survey", "nlcd", "koppen", "cdl"}
    assert not (tmp_path / "place" / "soil_survey" / "mukey.tif").exists(), "what is not used does not stay"
    assert "SoilGrids" in recipe["attribution"] and "SoilGrids" in recipe["channels"]["sand"]["note"]
    days = np.arange(np.datetime64("2024-01-01"), np.datetime64("2026-01-01"))
    course = np.cos(2 * np.pi * ((days - days[0]).astype(int) - 200) / 365.25)
    (tmp_path / "place" / "weather.csv").write_text("day,temperature,precipitation\n" + "".join(
        f"{day},{13 + 12 * one:.2f},{2.5 + one:.2f}\n" for day, one in zip(days, course, strict=True)))
    path = tmp_path / "place" / "recipe.yaml"
    path.write_text(yaml.safe_dump({**recipe, "channels": {**recipe["channels"], **WEATHER}}))
    store = ingest(path, tmp_path / "store")
    window = inside()[0]
    assert set(np.unique(store.read_static("koppen", window))) == {14.0}, "Cfa: 1 to 25 degC"
    assert np.isfinite(store.read_static("sand", window)).all()


def test_polaris_counts_first_where_its_terms_are_agreed_to_and_is_named_everywhere(
        tmp_path: Path, servers: Callable[..., None]) -> None:
    servers()
    record, recipe = gather(tmp_path / "place", "polaris")
    assert record.served["soil_refined"] == ("polaris",) and record.served["soil"] == ("soil_survey",)
    kinds = {name: entry["kind"] for name, entry in recipe["channels"].items()}
    assert kinds["sand"] == kinds["theta_s"] == "polaris" and kinds["soil_thickness"] == "gnatsgo"
    assert "CC BY-NC 4.0" in recipe["attribution"]
    store = ingest(tmp_path / "place" / "recipe.yaml", tmp_path / "store")
    window, lon, _ = inside()
    assert "CC BY-NC 4.0" in store.attribution
    assert np.allclose(store.read_static("sand", window), 30 + 20 * (lon + 96.6), atol=0.05)


def test_polaris_that_fails_leaves_the_soil_survey(tmp_path: Path, servers: Callable[..., None]) -> None:
    servers("polaris")
    record, recipe = gather(tmp_path / "place", "polaris")
    assert "soil_refined" not in record.served and record.served["soil"] == ("soil_survey",)
    assert "NC" not in recipe["attribution"] and recipe["channels"]["sand"]["kind"] == "gnatsgo"
