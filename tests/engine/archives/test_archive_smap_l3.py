"""SMAP at 9 km by an Earthdata account: the cells of a field, the token nowhere else, and clear words without one."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import h5py
import numpy as np
import pytest
from deepsoil.archives import registry
from deepsoil.archives.choice import Wishes, choose
from deepsoil.archives.smap_l3 import SMAP_L3
from deepsoil.contract.errors import DeepSoilError
from deepsoil.ease_grid import M09
from gathering import BOUNDS, days, fetched, ingested, network, point_at
from published_layouts import smap as smap_file
from servers.earthdata import TOKEN, Earthdata, earthdata

ASKED = days("2023-05-01", "2023-05-09")
PASSES = {date(2023, 5, 1): 0.21, date(2023, 5, 3): 0.25, date(2023, 5, 8): 0.30}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[date, list[Path]]:
    """The morning and evening of three days; of one an older release too; on the last, nothing that is recommended."""
    folder = tmp_path_factory.mktemp("smap")
    made = {day: [smap_file(folder, day, M09, theta, theta + 0.02, flag=int(day.day == 8))]
            for day, theta in PASSES.items()}
    for (path,) in made.values():
        with h5py.File(path, "a") as file:  # the other fields of the product
            file["surface_temperature"] = np.zeros(1_000_000, np.float32)
    made[date(2023, 5, 3)].insert(0, smap_file(folder, date(2023, 5, 3), M09, 0.5, release="R18290_001"))
    return made


def pointed(monkeypatch: pytest.MonkeyPatch, folder: Path, server: Earthdata, token: str | None = TOKEN) -> None:
    point_at(monkeypatch, folder, cmr=server.search, smap_l3=server.files)
    monkeypatch.setenv("DEEPSOIL_ACCOUNTS", json.dumps({"earthdata": token} if token else {}))


def test_retrievals_reach_their_channels_and_only_the_place_is_read(tmp_path: Path, files: dict[date, list[Path]],
                                                                    monkeypatch: pytest.MonkeyPatch) -> None:
    with earthdata(files) as server:
        pointed(monkeypatch, tmp_path, server)
        got, entries = fetched(SMAP_L3, ASKED, tmp_path)
        asked = [one.path.rpartition("/")[2] for one in server.signed.asked]
        assert set(asked) == {paths[-1].name for paths in files.values()}, "of a day the newest release"
        assert not any("authorization" in one.headers for one in server.signed.asked), "the token stays with NASA"
    assert 0 < sum(one.size for one in got) < sum(paths[-1].stat().st_size for paths in files.values()) / 10
    assert "2 of 9 days" in entries.notes[0]
    store = ingested(tmp_path, [entries], ASKED)
    for channel, expected in (("smap", {1: 0.22, 3: 0.26}), ("smap_flagged", {8: 0.31})):
        series = store.coarse(channel)
        assert series.longitudes.min() < BOUNDS[0] and series.longitudes.max() > BOUNDS[2]
        for number in range(9):
            at = series.dates == np.datetime64(date(2023, 5, 1) + timedelta(days=number))
            values = series.values[at]
            if number + 1 in expected:
                np.testing.assert_allclose(values, expected[number + 1], atol=1e-4)
            else:
                assert np.isnan(values).all()
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert TOKEN.encode() not in written


@pytest.mark.parametrize("token", ["yesterday's", None])
def test_a_login_page_is_told_as_what_it_is(tmp_path: Path, files: dict[date, list[Path]], token: str | None,
                                            monkeypatch: pytest.MonkeyPatch) -> None:
    with earthdata(files) as server:
        pointed(monkeypatch, tmp_path, server, token)
        with pytest.raises(DeepSoilError) as caught:
            fetched(SMAP_L3, ASKED, tmp_path)
    assert caught.value.code == "archive_account" and "login page" in caught.value.message
    assert "urs.earthdata.nasa.gov" in caught.value.hint and str(token) not in str(caught.value)
    assert not list((tmp_path / "smap_l3").glob("*")) if (tmp_path / "smap_l3").exists() else True


def test_a_list_that_names_other_servers_does_not_get_the_token(tmp_path: Path, files: dict[date, list[Path]],
                                                                monkeypatch: pytest.MonkeyPatch) -> None:
    with earthdata(files) as other, earthdata(files) as server:
        server.elsewhere.append(other.files)
        pointed(monkeypatch, tmp_path, server)
        fetched(SMAP_L3, ASKED, tmp_path)
        assert other.front.asked == []


@pytest.mark.parametrize("damage", ["cut", "grid"])
def test_a_file_that_cannot_be_right_is_one_error(tmp_path: Path, damage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    day = date(2023, 5, 1)
    made = smap_file(tmp_path, day, M09, 0.2, shift=0.4 if damage == "grid" else 0.0)
    if damage == "cut":
        made.write_bytes(made.read_bytes()[:30_000])
    with earthdata({day: [made]}) as server:
        pointed(monkeypatch, tmp_path, server)
        with pytest.raises(DeepSoilError) as caught:
            fetched(SMAP_L3, ASKED, tmp_path)
    assert caught.value.code == "archive_implausible" and SMAP_L3.title in caught.value.message


def test_it_is_off_without_an_account_and_beside_the_finer_one_with_it() -> None:
    asked = replace(ASKED, start=date(2023, 1, 1), end=date(2026, 11, 30))
    needs = {"smap": registry.NEEDS["smap"]}
    (choice,) = choose(asked, Wishes(), registry.ARCHIVES, needs).choices
    assert choice.chosen == ("crop_casma",) and choice.refused["smap_l3"].code == "archive_account"
    plan = choose(asked, Wishes(accounts=frozenset({"earthdata"})), registry.ARCHIVES, needs)
    assert plan.choices[0].chosen == ("smap_l3", "crop_casma")
    pieces = plan.pieces["smap_l3"]
    assert pieces[-1].details["end"] == "2026-11-28" and len(pieces) <= 8
    for wrong, code in ((replace(ASKED, bounds=(-96.0, 86.0, -95.9, 86.1)), "archive_outside"),
                        (replace(ASKED, start=ASKED.today, end=ASKED.today), "archive_no_days")):
        with pytest.raises(DeepSoilError) as caught:
            SMAP_L3.plan(wrong)
        assert caught.value.code == code


def test_what_was_read_is_not_fetched_again(tmp_path: Path, files: dict[date, list[Path]],
                                            monkeypatch: pytest.MonkeyPatch) -> None:
    with earthdata(files) as server:
        pointed(monkeypatch, tmp_path, server)
        sizes = []
        for _ in range(2):
            with network(cache=tmp_path / "cache") as session:
                sizes.append(sum(SMAP_L3.fetch(piece, session, tmp_path).size for piece in SMAP_L3.plan(ASKED)))
    assert sizes[1] < sizes[0] / 3, "only whether the files are still the same is asked"
