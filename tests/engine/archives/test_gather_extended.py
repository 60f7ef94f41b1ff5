"""A second field near by: the region of the first takes it in, and is what one gathered for both would be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from deepsoil.archives.region_parts import missing, parts_of
from deepsoil.grid import Window
from deepsoil.store.store import Store
from gather_tools import FIELD, gather, made_server
from servers.ranges import RangeServer
from shapely.geometry import shape


def moved(degrees: float) -> dict[str, Any]:
    return {**FIELD, "coordinates": [[[x + degrees, y] for x, y in FIELD["coordinates"][0]]]}


BESIDE = moved(0.06)
BOTH = {"type": "MultiPolygon", "coordinates": [FIELD["coordinates"], BESIDE["coordinates"]]}


@pytest.fixture
def server() -> Iterator[RangeServer]:
    with made_server() as server:
        yield server


def regions(home: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((home / "regions.json").read_text())["regions"]
    return found


def test_a_second_field_extends_the_region_and_equals_both_gathered_at_once(server: RangeServer,
                                                                            tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = gather(home, server)
    assert first.returncode == 0, first.stderr
    (region,) = regions(home)
    before, asked = Store.open(region["path"]), len(server.asked)
    told = gather(home, server, "--plan", area=BESIDE).stdout
    assert "extends the region" in told and len(server.asked) == asked
    second = gather(home, server, area=BESIDE)
    assert second.returncode == 0, second.stderr
    assert [one["id"] for one in regions(home)] == [region["id"]], "it is the same region"
    fresh = server.asked[asked:]
    assert {one.path for one in fresh} <= {"/ground/elevation.tif", "/survey/soil.csv"}, "weather is there already"
    assert sum(one.sent for one in fresh) == 0, "and the cache has the files"

    extended = Store.open(region["path"])
    assert extended.window.contains(before.window)
    assert all(shape(extended.footprint()).covers(shape(one)) for one in (FIELD, BESIDE))
    (part,) = parts_of(Path(region["path"]).parent)
    assert part.record.fetched and {one.got.piece.archive for one in part.record.fetched} == {"ground", "survey"}

    whole = gather(tmp_path / "other", server, area=BOTH)
    assert whole.returncode == 0, whole.stderr
    wanted = Store.open(regions(tmp_path / "other")[0]["path"])
    assert sorted(extended.channels()) == sorted(wanted.channels())
    fields = [Window.around(*shape(one).bounds).pad(64) for one in (FIELD, BESIDE)]
    for name in wanted.channels():
        if wanted.kind(name) == "coarse":
            one, other = extended.coarse(name), wanted.coarse(name)
            assert one.same_grid(other) and np.array_equal(one.dates, other.dates)
            np.testing.assert_allclose(one.values, other.values, atol=1e-5, err_msg=name)
        elif wanted.kind(name) == "static":
            for window in fields:
                values = extended.read_static(name, window)
                assert np.isfinite(values).all(), name
                np.testing.assert_allclose(values, wanted.read_static(name, window), atol=1e-3, err_msg=name)


def test_a_folder_of_a_field_far_away_is_refused_with_the_reason(server: RangeServer, tmp_path: Path) -> None:
    out = str(tmp_path / "out")
    assert gather(tmp_path / "home", server, out).returncode == 0
    refused = gather(tmp_path / "home", server, out, area=moved(1.5))
    assert refused.returncode == 2 and "they do not touch" in refused.stderr, refused.stderr


def test_what_is_missing_is_one_box_of_whole_tiles_with_the_field() -> None:
    there, field = Window(0, 0, 640, 640), Window(650, 300, 20, 20)
    assert missing(Window(448, 128, 384, 384), [there], field) == Window(640, 128, 192, 384)
    assert missing(Window(64, 64, 128, 128), [there], Window(100, 100, 5, 5)) == Window(64, 64, 64, 64)
