"""A new user on a fresh profile draws a field at Kings Creek, and has two maps a few clicks later.

QGIS, the plugin, the engine and the modules of the archives are the real ones. The archives are local servers with
Kings Creek's own data in their forms; the station's readings are made (synthetic). gridMET's server can be reached
only through a proxy with a password, which stands in QGIS's settings.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.system.conftest import ROOT, SHOTS
from tests.system.fresh_profiles import counted, draw_field, fresh_profile
from tools.desktop.main_job import MainJob

sys.path.insert(0, str(ROOT / "tests" / "engine" / "archives"))

from deepsoil.sources.ingest import ingest
from kings_creek_servers import kings_creek
from servers.proxy import proxy_to
from servers.uscrn import uscrn

REAL = Path(os.environ.get("DEEPSOIL_REAL_DATA", ROOT.parent / "shared" / "data"))
pytestmark = pytest.mark.skipif(not (REAL / "kings_creek").is_dir(), reason=f"no real data at {REAL}")

BOX = (-96.66, 39.04, -96.53, 39.14)
CENTRE = (-96.579, 39.0945)
CORNERS = [(-96.582, 39.0915), (-96.576, 39.0915), (-96.576, 39.0975), (-96.582, 39.0975)]  # beside the station
FIRST, LAST = dt.date(2023, 7, 1), dt.date(2023, 7, 20)
MOST_CLICKS = 6
BEHIND = "gridmet.test"  # known to no name server
USER, PASSWORD = "ann", "secret-of-ann"
NOBODY = "http://127.0.0.1:9"
STAND_BY = ("nws", "polaris", "soilgrids", "nlcd_images", "cropscape", "sentinel2", "open_meteo")
SERVED = {"soil": "soil_survey", "land_cover": "nlcd", "koppen": "koppen", "crops": "cdl", "elevation": "3dep",
          "weather": "gridmet", "ndvi": "hls", "lai": "viirs_lai", "smap": "crop_casma"}


@pytest.fixture
def job(display: str, tmp_path: Path) -> Iterator[MainJob]:
    recipe = ingest(ROOT / "resources" / "recipes" / "kings_creek.yaml", tmp_path / "recipe-store", REAL)
    (tmp_path / "tiles").mkdir()
    with ExitStack() as stack:
        held = stack.enter_context(kings_creek(recipe, BOX, tmp_path / "tiles")).addresses
        weather = urlsplit(held["gridmet"])
        assert weather.hostname and weather.port
        proxy = urlsplit("http://" + stack.enter_context(proxy_to({BEHIND: (weather.hostname, weather.port)}, USER,
                                                                  PASSWORD)).place)
        file = tmp_path / "archives.json"
        file.write_text(json.dumps({
            **dict.fromkeys(STAND_BY, NOBODY), **held, "uscrn": stack.enter_context(uscrn([])).url,
            "gridmet": f"http://{BEHIND}{weather.path}", "gridmet_yearly": NOBODY}))
        settings = (f"\n[proxy]\nproxyEnabled=true\nproxyType=HttpProxy\nproxyHost={proxy.hostname}\n"
                    f"proxyPort={proxy.port}\nproxyUser={USER}\nproxyPassword={PASSWORD}\n"
                    "noProxyUrls=http://127.0.0.1, https://127.0.0.1\n")
        yield stack.enter_context(fresh_profile(display, tmp_path, {"DEEPSOIL_ARCHIVES": str(file)},
                                                settings=settings))


def test_a_drawn_field_at_kings_creek_becomes_two_maps_in_at_most_six_clicks(job: MainJob, tmp_path: Path) -> None:
    desktop, home = job.desktop, tmp_path / "home"
    assert desktop.wait_enabled("deepsoilGetMyData")
    draw_field(job, CENTRE, CORNERS)
    desktop.wait(lambda: "archives" in desktop.widget("deepsoilDataCost")["text"], "what the data would take")
    desktop.screenshot(SHOTS / "kings_creek_offer.png")
    clicks = counted(desktop)
    desktop.click("deepsoilGetData")
    for widget, day in (("deepsoilGatherStart", FIRST), ("deepsoilGatherEnd", LAST)):
        desktop.wait_enabled(widget)
        desktop.click_left_edge(widget)
        desktop.key("ctrl+a")
        desktop.type(f"{day.day} {day:%b} {day.year}")
        desktop.key("Tab")
    desktop.wait(lambda: not desktop.ask("row", view="deepsoilGatherArchives", text="weather of the next days"),
                 "a plan for the days that were typed")
    desktop.wait_enabled("deepsoilGatherGo")
    desktop.screenshot(SHOTS / "kings_creek_plan.png")
    desktop.click("deepsoilGatherGo")
    layers = job.wait_for_layers("Field 1", 2, timeout_s=150)
    assert len(clicks) <= MOST_CLICKS
    print(f"\nclicks from the drawn field to two maps: {len(clicks)}")
    names = [" / ".join(layer["path"]) for layer in layers]
    assert any("5 cm" in name for name in names) and any("20 cm" in name for name in names), names
    here = {"longitude": CENTRE[0], "latitude": CENTRE[1]}  # the first layer has brought its zone
    desktop.wait(lambda: not desktop.ask("canvas", **here)["drawing"], "the drawn maps")
    desktop.wait(lambda: all("the same method" in desktop.ask("metadata", layer=layer["id"])["notes"]
                             for layer in layers), "how the method did at the station")
    desktop.screenshot(SHOTS / "kings_creek_maps.png")
    for layer in layers:
        assert_says_where_it_is_from(desktop.ask("metadata", layer=layer["id"]))
    assert_gathered_from_preferred_archives(home)
    assert not containing(PASSWORD, home, desktop.log), "passwords of proxies stay in memory"


def assert_says_where_it_is_from(layer: dict[str, Any]) -> None:
    for name in ("gridMET", "Geological Survey", "NLCD", "Soil Survey", "Beck"):
        assert name in " ".join(layer["rights"]) and name in layer["abstract"], layer
    depth = 5 if " 5 cm" in layer["title"] else 20
    at_station = re.search(r"At the station Made of Kings Creek \(SCAN\), 1 km away, the same method "
                           rf"differs from the readings at {depth} cm by .* over (\d+) days", layer["notes"])
    assert at_station and int(at_station[1]) >= 14, layer["notes"]


def assert_gathered_from_preferred_archives(home: Path) -> None:
    record = json.loads(next((home / "regions-data").glob("*/gathered.json")).read_text())
    assert {need: names[0] for need, names in record["served"].items()}.items() >= SERVED.items(), record["failed"]
    assert not [one for one in record["failed"] if one["need"] != "outlook"]
    weather = [piece["address"] for piece in record["pieces"] if piece["archive"] == "gridmet"]
    assert weather and all(BEHIND in address for address in weather), "it did not come through the proxy"


def containing(password: str, home: Path, log: Path) -> list[Path]:
    """The files with the password, plain or as it is sent."""
    secrets = (password.encode(), b64encode(f"{USER}:{password}".encode()))
    files = [path for path in (*home.rglob("*"), log) if path.is_file()]
    assert len(files) > 50
    return [path for path in files if any(secret in path.read_bytes() for secret in secrets)]
