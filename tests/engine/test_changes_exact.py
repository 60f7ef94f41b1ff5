"""What has changed in a region and which maps it concerns; older documents; what a server says; columns' leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from math import exp

import numpy as np
import pytest
from deepsoil.archives import contents
from deepsoil.contract import migration
from deepsoil.contract.errors import DeepSoilError
from deepsoil.evaluation.cell_answer import answer
from deepsoil.evaluation.cell_comparison import CellComparison
from deepsoil.experiments import column_skill
from deepsoil.kinds.gather_changes import Changes, Inputs, changes
from deepsoil.soil.retention import VanGenuchten, theta
from deepsoil.soil.vegetation import GROUPS
from deepsoil.store.series import CoarseSeries

DAYS = [date(2023, 1, 1) + timedelta(number) for number in range(6)]
RNG = np.random.default_rng(2)


# ---- what has changed

def series(values: np.ndarray, first: int = 0, west: float = -97.0) -> CoarseSeries:
    days = [DAYS[0] + timedelta(first + number) for number in range(len(values))]
    return CoarseSeries.regular(days, [west, west + 1], [40.0, 39.0], values)


def test_days_change_by_other_values_and_by_those_that_are_gone_and_not_by_new_ones() -> None:
    old = RNG.uniform(1, 9, (6, 2, 2))
    old[4, 0, 0] = np.nan
    new = old.copy()
    new[1, 1, 0] += 0.0009  # rounding
    new[2, 0, 1] += 0.0011
    new[3, 1, 1] = np.nan
    new[4, 0, 0] = 5.0  # what was missing has come
    before, after = Inputs({"rain": series(old)}), Inputs({"rain": series(new), "more": series(old)})
    assert changes(before, after).weather == (DAYS[2], DAYS[3])
    assert changes(before, Inputs({"rain": series(np.concatenate([old, old]))})) == Changes()
    assert changes(before, Inputs({"rain": series(old[1:5], 1)})).weather == (DAYS[0], DAYS[5])
    assert changes(before, Inputs({"rain": series(old, west=-98.0)})).weather == tuple(DAYS), "other cells"
    assert changes(before, Inputs()).weather == tuple(DAYS) and changes(Inputs(), before) == Changes()


def test_maps_of_days_and_of_the_ground_change_by_name() -> None:
    def days(*numbers: int) -> np.ndarray:
        return np.array([DAYS[number] for number in numbers], "datetime64[D]")

    before = Inputs(observed={"ndvi": days(0, 2), "lai": days(1)}, ground={"sand": "a", "clay": "b", "silt": "c"})
    after = Inputs(observed={"ndvi": days(0, 3)}, ground={"sand": "a", "clay": "x", "slope": "y"})
    found = changes(before, after)
    assert found.observed == (DAYS[1], DAYS[2], DAYS[3]) and found.ground == ("clay", "silt")


@pytest.mark.parametrize(("found", "apart", "concerns"), [
    (Changes(weather=(DAYS[0],)), 0, True), (Changes(weather=(DAYS[0],)), 365, True),
    (Changes(weather=(DAYS[0],)), 366, False), (Changes(weather=(DAYS[0],)), -1, False),
    (Changes(observed=(DAYS[0],)), 45, True), (Changes(observed=(DAYS[0],)), -45, True),
    (Changes(observed=(DAYS[0],)), 46, False), (Changes(observed=(DAYS[0],)), -46, False),
    (Changes(ground=("sand",)), 5000, True), (Changes(), 0, False)])
def test_a_map_rests_on_a_year_of_weather_before_it_and_on_what_was_seen_near_it(found: Changes, apart: int,
                                                                                concerns: bool) -> None:
    assert found.concern(DAYS[0] + timedelta(apart)) == concerns


# ---- older documents

def test_documents_of_schema_1_become_those_of_today_and_later_ones_are_refused() -> None:
    now = migration.SCHEMA
    assert migration.status({"state": "running", "host": "kansas"}) == {"schema": now, "state": "running",
                                                                       "machine": "kansas"}
    assert migration.status({"schema": now, "host": "h"}) == {"schema": now, "host": "h"}
    for read in (migration.specification, migration.manifest):
        assert read({"schema": 1, "a": 2}) == {"schema": now, "a": 2} and read({"a": 2}) == {"a": 2}
        assert read({"schema": True}) == {"schema": True} and read({"schema": "1"}) == {"schema": "1"}
        with pytest.raises(DeepSoilError) as refused:
            read({"schema": now + 1})
        assert refused.value.code == "schema_newer" and str(now + 1) in refused.value.message


def test_places_of_schema_1_become_hosts_and_none_is_called_local() -> None:
    old = {"schema": 1, "places": [{"id": "local", "host": "a.example.org"}, {"id": "local-2", "host": "b"}]}
    found, renamed = migration.hosts(old)
    assert renamed == {"local": "local-3"}
    assert found == {"schema": migration.SCHEMA, "hosts": [{"id": "local-3", "address": "a.example.org"},
                                                           {"id": "local-2", "address": "b"}]}
    assert migration.hosts({"schema": 1, "places": [{"id": "x"}]})[1] == {}
    assert migration.free_id("x", []) == "x-2" and migration.free_id("x", ["x-2", "x-3"]) == "x-4"
    for wrong in ({"schema": 2, "places": []}, {"schema": 1}, {"schema": 1, "places": [5]}):
        with pytest.raises(ValueError, match="place"):
            migration.hosts(wrong)


# ---- what the beginning of an answer says

@pytest.mark.parametrize(("beginning", "kind"), [
    (b"II*\0x", "GeoTIFF"), (b"MM\0*x", "GeoTIFF"), (b"II+\0x", "GeoTIFF"), (b"MM\0+x", "GeoTIFF"),
    (b"CDF\1x", "NetCDF"), (b"CDF\2x", "NetCDF"), (b"CDF\5x", "NetCDF"), (b"\x89HDF\r\n\x1a\nx", "HDF5"),
    (b"PK\3\4x", "ZIP"), (b"PK\5\6x", "ZIP"), (b"PAR1x", "Parquet"), (b"\x1f\x8bx", "gzip")])
def test_every_kind_of_file_has_its_beginning(beginning: bytes, kind: str) -> None:
    assert contents.is_kind(beginning, kind) and not contents.is_page(beginning)
    others = {"GeoTIFF", "NetCDF", "HDF5", "ZIP", "Parquet", "gzip"} - {kind}
    assert [other for other in others if contents.is_kind(beginning, other)] == (["NetCDF"] if kind == "HDF5" else [])
    assert (not contents.is_kind(b"<html>", kind) and not contents.is_kind(beginning[:2], kind)) or kind == "gzip"


@pytest.mark.parametrize(("name", "kind"), [
    ("a.tif", "GeoTIFF"), ("A.TIFF", "GeoTIFF"), ("a.nc", "NetCDF"), ("a.nc4", "NetCDF"), ("a.h5", "HDF5"),
    ("a.hdf5", "HDF5"), ("a.zip", "ZIP"), ("a.parquet", "Parquet"), ("a.csv.gz", "gzip"), ("a.csv", None), ("a", None)])
def test_a_name_promises_a_kind(name: str, kind: str | None) -> None:
    assert contents.wanted_of(name) == kind


def test_pages_and_error_texts_are_told_apart_and_told_in_one_line() -> None:
    for page in (b" \n<!DOCTYPE html>", b"<html lang='en'>", b"<!-- a --><BODY>", b"\xef\xbb\xbf<head>"):
        assert contents.is_page(page)
    assert not contents.is_page(b"<error>") and not contents.is_page(b"see <html>")
    assert contents.saying(b"<e><m>no\n such</m>\tfile</e>") == "no such file"
    assert contents.saying(b'{"error": {"message": "down", "code": 5}}') == "down"
    assert contents.saying(b'{"code": 5}') == '{"code": 5}' and contents.saying(b"{broken") == "{broken"
    assert contents.saying(b"busy\r\nnow\t!") == "busy now !" and contents.saying(b"a\0b") == ""
    assert contents.saying(b"x" * 200) == "x" * 200 and contents.saying(b"x" * 201) == "x" * 199 + "…"


# ---- the answer to a comparison with SMAP

def test_cells_that_are_touched_are_told_and_only_those_covered_by_half_are_scored() -> None:
    days = [date(2023, 5, 1) + timedelta(number) for number in range(12)]
    smap, predicted = RNG.uniform(0.1, 0.4, (2, 12, 2, 2))
    flagged = np.full(smap.shape, np.nan)
    predicted[:, 1, 1] = np.nan
    covered = np.array([[0.9, 0.5], [0.49, 0.0]])
    found = CellComparison("Made", days, np.array([-97.0, -96.5]), np.array([39.2, 38.8]), smap, flagged, predicted,
                           covered)
    told = answer(found, True)
    assert [(cell["share"], cell["scored"]) for cell in told["cells"]] == [(0.9, True), (0.5, True), (0.49, False)]
    first = told["cells"][0]
    assert [first[side] for side in ("west", "south", "east", "north")] == pytest.approx([-97.25, 39.0, -96.75, 39.4])
    error = predicted[:, 0, 0] - smap[:, 0, 0]
    figures = first["figures"]["recommended"]
    assert figures["n"] == 12 and "flagged" not in first["figures"]
    assert figures["bias"] == pytest.approx(error.mean(), abs=6e-5) and figures["mae"] == pytest.approx(
        np.abs(error).mean(), abs=6e-5)
    assert (figures["smap"], figures["map"]) == (pytest.approx(smap[:, 0, 0].mean(), abs=6e-5),
                                                 pytest.approx(predicted[:, 0, 0].mean(), abs=6e-5))
    assert figures["ubrmsd"] == pytest.approx(error.std(), abs=6e-5)
    assert told["scores"]["recommended"]["cells"] == 2 and told["scores"]["recommended"]["cell_days"] == 24
    assert told["map"][3] == [round(float(value), 4) for value in predicted[3].ravel()[:3]]
    assert told["flagged"][0] == [None] * 3 and told["days"][-1] == "2023-05-12"
    assert not told["part_of_a_cell"] and told["has_flags"]
    assert (told["fewest_days"], told["fewest_cells"]) == (10, 4)
    small = answer(replace(found, covered=np.array([[0.3, 0.1], [0.0, 0.0]])), False)
    assert small["part_of_a_cell"] and [cell["scored"] for cell in small["cells"]] == [True, False]


# ---- columns without readings

def test_a_fixed_season_is_green_above_8_degrees_and_a_crop_from_may_to_september() -> None:
    dates = np.arange("2022-01-01", "2023-01-01", dtype="datetime64[D]")
    warmth = 10 - 14 * np.cos(2 * np.pi * np.arange(365) / 365)
    for group in GROUPS:
        found = column_skill._fixed_season(group, warmth, dates)
        for day in (60, 149, 200, 264, 300):
            share = 1 / (1 + exp(-(float(warmth[day - 29:day + 1].mean()) - 8) / 2))
            if group.name == "crop":
                share *= 1 / (1 + exp(-(day + 1 - 150) / 8)) / (1 + exp((day + 1 - 265) / 8))
            most = 2.5 if group.name == "grass" else group.largest_lai
            assert found[day] == pytest.approx(group.smallest_lai + (most - group.smallest_lai) * share)


def test_retention_is_moved_through_what_was_measured_and_keeps_its_form() -> None:
    soil = VanGenuchten(*np.array([[0.07, 0.06], [0.42, 0.45], [0.01, 0.03], [1.4, 1.6], [20.0, 50.0]]))
    moved = column_skill.through_points(soil)
    np.testing.assert_allclose(theta(100.0, moved), 0.388)
    np.testing.assert_allclose(theta(15_000.0, moved), 0.217)
    share = (theta(1000.0, soil) - soil.theta_r) / (soil.theta_s - soil.theta_r)
    np.testing.assert_allclose((theta(1000.0, moved) - moved.theta_r) / (moved.theta_s - moved.theta_r), share)


def test_scores_of_columns_are_medians_over_stations_with_more_than_30_days() -> None:
    observed = RNG.uniform(0.1, 0.4, (4, 40))
    found = observed + np.array([[0.01], [0.02], [0.06], [0.9]]) + RNG.normal(0, 0.01, observed.shape)
    observed[3, 30:] = np.nan
    error = (found - observed)[:3]
    wanted = [np.median([np.corrcoef(a, b)[0, 1] for a, b in zip(observed[:3], found[:3], strict=True)]),
              np.median(error.mean(1)), np.median(np.abs(error).mean(1)),
              np.median(np.abs(error - error.mean(1, keepdims=True)).mean(1))]
    assert column_skill.median_scores(observed, found) == pytest.approx(wanted)
    names = [variant.name for variant in column_skill.variants()]
    assert len(set(names)) == len(names) and names[0] == "fixed season, no interception"
