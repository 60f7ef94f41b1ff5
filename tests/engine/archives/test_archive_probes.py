"""``deepsoil archives check`` against local servers: what is as assumed and what has changed is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from deepsoil import cli
from deepsoil.archives import checked
from deepsoil.archives.probing import AROUND
from land_tools import addresses
from servers import image_server
from servers.image_server import image_server as images
from servers.mrlc import mrlc
from servers.polaris import polaris
from servers.rasters import Raster
from servers.soil_data_access import soil_data_access
from servers.soilweb import soilweb
from test_polaris_archive import soil
from test_soil_survey import LOAM, tables

__all__ = ["addresses"]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DEEPSOIL_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def flat(value: int, **more: object) -> Raster:
    return Raster.around(AROUND, lambda lon, lat: np.full(lon.shape, value), **more)


def cover(value: int, **more: object) -> dict[int, Raster]:
    return {year: flat(value, **more) for year in range(2020, 2035)}


def test_archives_that_are_as_assumed_are_remembered(addresses: Callable[..., None], home: Path,
                                                     capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["archives"]) == 0
    assert "last checked live: never" in capsys.readouterr().out
    with soilweb(flat(LOAM, dtype="int32")) as web, soil_data_access(tables()) as sda, mrlc(cover(71)) as nlcd, \
            images(image_server.CDL, cover(176, crs="EPSG:3857")) as cdl, polaris(soil, AROUND) as more:
        addresses(soilweb=web.base, soil_data_access=sda.base, mrlc=nlcd.base, cdl=cdl.base, polaris=more.base)
        assert cli.main(["archives", "check", "soil_survey", "nlcd", "cdl", "polaris"]) == 0
        told = capsys.readouterr()
        assert told.out.count("as assumed") == 3 and "--agree polaris" in told.err and not more.asked
        assert cli.main(["archives", "check", "polaris", "--agree", "polaris"]) == 0
    assert set(checked.last(home)) == {"soil_survey", "nlcd", "cdl", "polaris"}
    capsys.readouterr()
    cli.main(["archives"])
    assert capsys.readouterr().out.count(f"last checked live: {checked.last(home)['nlcd']}") == 4


def test_what_has_changed_is_told(addresses: Callable[..., None], home: Path,
                                  capsys: pytest.CaptureFixture[str]) -> None:
    sandy = tables()
    sandy["chorizon"] = sandy["chorizon"].assign(sandtotal_r=90.0, silttotal_r=6.0, claytotal_r=4.0)
    for servers, name, said in (
            ({"soilweb": soilweb(flat(LOAM, dtype="int32")), "soil_data_access": soil_data_access(sandy)},
             "soil_survey", "sand: 90"),
            ({"mrlc": mrlc(cover(11))}, "nlcd", "most of the prairie is 11"),
            ({"mrlc": mrlc(cover(71), name="other:layer")}, "nlcd", "offers no map"),
            ({"nlcd_images": images(image_server.NLCD, cover(71), broken=True)}, "nlcd_images", "refused"),
            ({"cdl": images(image_server.CDL, cover(176, crs="EPSG:3857"), broken=True)}, "cdl", "refused")):
        running = {server: made.__enter__() for server, made in servers.items()}
        addresses(**{server: one.base for server, one in running.items()})
        assert cli.main(["archives", "check", name]) == 1
        assert said in capsys.readouterr().out, name
        assert name not in checked.last(home) and checked.read(home)[name]["problems"]
        for made in servers.values():
            made.__exit__(None, None, None)


def test_an_archive_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["archives", "check", "nldc"]) == 2
    assert "nlcd" in capsys.readouterr().err
