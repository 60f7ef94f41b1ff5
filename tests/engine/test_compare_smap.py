"""The maps of a job beside SMAP: means by area in any CRS, shares, passes, flags, own files, and reading in pieces."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import rasterio
from deepsoil.contract import answers
from deepsoil.contract.errors import DeepSoilError
from deepsoil.ease_grid import M09, M36
from deepsoil.evaluation.coarse_cells import edges
from deepsoil.evaluation.map_cells import MapCells
from deepsoil.evaluation.smap_days import SmapDays
from deepsoil.service.smap import SmapComparisons
from published_layouts import smap
from pyproj import Transformer
from rasterio.transform import from_bounds, from_origin

FIRST = dt.date(2023, 7, 1)
PIXEL_M = 300.0
WEST_M, NORTH_M = 690_000.0, 4_350_000.0


def gone(region: str) -> Any:
    raise DeepSoilError("region_unknown", "There is no region.", "Add it.")


def day(number: int) -> dt.date:
    return FIRST + dt.timedelta(number)


def cells_around(grid: Any, west: float, south: float, east: float, north: float) -> tuple[np.ndarray, np.ndarray]:
    return (grid.longitudes[(grid.longitudes > west) & (grid.longitudes < east)],
            grid.latitudes[(grid.latitudes > south) & (grid.latitudes < north)])


LON, LAT = cells_around(M09, -97.2, 38.7, -96.2, 39.6)


def product(path: Path, theta: np.ndarray, crs: str = "EPSG:32614", pixel: float = PIXEL_M,
            origin: tuple[float, float] = (WEST_M, NORTH_M)) -> Path:
    """A map in steps of 1e-4; NaN is nodata."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with rasterio.open(path, "w", driver="GTiff", height=theta.shape[0], width=theta.shape[1], count=1, dtype="uint16",
                       nodata=65535, crs=crs, transform=from_origin(*origin, pixel, pixel)) as file:
        file.write(np.where(np.isnan(theta), 65535, np.rint(np.nan_to_num(theta) * 1e4)).astype(np.uint16), 1)
        file.scales = (1e-4,)
    return path


def pixel_degrees(shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    x = WEST_M + (np.arange(shape[1]) + 0.5) * PIXEL_M
    y = NORTH_M - (np.arange(shape[0]) + 0.5) * PIXEL_M
    return Transformer.from_crs(32614, 4326, always_xy=True).transform(*np.meshgrid(x, y))


def test_a_cell_has_the_mean_of_the_pixels_in_it_and_the_share_that_they_cover(tmp_path: Path) -> None:
    theta = np.random.default_rng(1).uniform(0.1, 0.4, (150, 160))
    theta[np.random.default_rng(2).random(theta.shape) < 0.3] = np.nan
    found = MapCells(LON, LAT).means(product(tmp_path / "map.tif", theta))
    lon, lat = pixel_degrees(theta.shape)
    west_east, north_south = edges(LON, LAT)
    whole = 0
    for row, column in np.argwhere(found.share > 0.02):
        inside = (lon > west_east[column]) & (lon < west_east[column + 1]) & (lat < north_south[row]) & (
            lat > north_south[row + 1]) & np.isfinite(theta)
        assert found.mean[row, column] == pytest.approx(theta[inside].mean(), abs=3e-4)
        assert found.share[row, column] == pytest.approx(inside.sum() * PIXEL_M**2 / M09.cell_m**2, rel=0.01)
        whole += found.share[row, column] > 0.6
    assert whole >= 9 and np.isnan(found.mean[found.share == 0]).all()


def test_area_counts_and_not_pixels_where_those_differ_in_size(tmp_path: Path) -> None:
    """In degrees a pixel in the north is smaller: a gradient by latitude tells means by area from means by pixels."""
    lon, lat = np.array([M36.longitudes[500]]), M36.latitudes[60:61]  # a single cell of the EASE-Grid says its size
    west_east, north_south = edges(lon, lat)
    rows = np.linspace(north_south[0], north_south[1], 401)
    middles = (rows[1:] + rows[:-1]) / 2
    theta = np.repeat(((middles - middles.min()) / np.ptp(middles) * 0.5 + 0.001)[:, None], 300, 1)
    path = tmp_path / "degrees.tif"
    with rasterio.open(path, "w", driver="GTiff", height=400, width=300, count=1, dtype="float64", crs="EPSG:4326",
                       transform=from_bounds(west_east[0], north_south[1], west_east[1], north_south[0], 300, 400),
                       ) as file:
        file.write(theta, 1)
    weight = np.cos(np.radians(middles))
    found = MapCells(lon, lat).means(path)
    assert found.share[0, 0] == pytest.approx(1, abs=1e-3)
    assert found.mean[0, 0] == pytest.approx(np.average(theta[:, 0], weights=weight), abs=5e-5)
    assert abs(found.mean[0, 0] - theta.mean()) > 2e-4


class _Jobs:
    """One job; ``maps`` in its folder are its outputs."""

    def __init__(self, folder: Path, method: str = "network") -> None:
        self.outputs_path = folder
        self._method = method

    def folder(self, _job: str) -> _Jobs:
        return self

    def specification(self) -> Any:
        return SimpleNamespace(region="r", options=SimpleNamespace(method=self._method))

    def outputs(self, _job: str) -> list[dict[str, Any]]:
        return [{"name": file.name, "kind": "map", "depth_cm": int(file.name[14:16]), "date": file.name[19:29]}
                for file in sorted(self.outputs_path.glob("*.tif"))]


@pytest.fixture
def jobs(tmp_path: Path) -> _Jobs:
    """Maps of 12 days over 5 × 5 cells; each cell has its own θ, which rises day by day."""
    lon, lat = pixel_degrees((150, 160))
    west_east, north_south = edges(LON, LAT)
    pattern = 0.2 + 0.004 * np.searchsorted(west_east, lon) + 0.006 * np.searchsorted(-north_south, -lat)
    for number in range(12):
        product(tmp_path / "maps" / f"soil_moisture_05cm_{day(number)}.tif", pattern + 0.002 * number)
    product(tmp_path / "maps" / f"soil_moisture_20cm_{FIRST}.tif", pattern)
    return _Jobs(tmp_path / "maps")


def region(monkeypatch: pytest.MonkeyPatch, recommended: np.ndarray, flagged: np.ndarray, first: dt.date = FIRST,
           ) -> Any:
    dates = np.arange(np.datetime64(first), np.datetime64(first) + recommended.shape[0])
    found = SmapDays("Cells", dates, LON, LAT, recommended, flagged)
    monkeypatch.setattr(SmapDays, "of_store", lambda store: found)
    return lambda _id: SimpleNamespace(channels=lambda: ["smap"])


def pattern_of_cells(days: int, offset: float) -> np.ndarray:
    return (0.2 + offset + 0.004 * (1 + np.arange(LON.size))[None, None, :] + 0.006 * (1 + np.arange(LAT.size))[
        None, :, None] + 0.002 * np.arange(days)[:, None, None])


def test_recommended_and_flagged_retrievals_are_scored_apart_and_days_around_are_told(
        jobs: _Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    recommended, flagged = pattern_of_cells(40, -0.03), pattern_of_cells(40, 0.05)
    recommended[10:], flagged[:10] = np.nan, np.nan
    recommended[3, 5] = np.nan
    found = SmapComparisons(jobs, region(monkeypatch, recommended, flagged)).answer("a")  # type: ignore[arg-type]
    assert answers.checked_answer("compare_smap", found) is found and found["read"] == found["of"] == 12
    good, poor = found["scores"]["recommended"], found["scores"]["flagged"]
    assert good["bias"] == good["mae"] == pytest.approx(0.03, abs=2e-4) and good["r_in_space"] > 0.999
    assert good["r_in_time"] > 0.999 and good["ubrmsd_in_time"] < 2e-4
    assert poor["bias"] == pytest.approx(-0.05, abs=2e-4) and poor["r_in_time"] is None, "2 days are no series"
    scored = [cell for cell in found["cells"] if cell["scored"]]
    assert min(cell["share"] for cell in scored) >= 0.5 > max(
        cell["share"] for cell in found["cells"] if not cell["scored"])
    assert good["cell_days"] + poor["cell_days"] <= 12 * len(scored) and poor["cell_days"] == 2 * len(scored)
    assert scored[0]["figures"]["recommended"]["bias"] == pytest.approx(0.03, abs=2e-4)
    assert found["days"][-1] == "2023-08-09" and found["map"][-1] == [None] * len(found["cells"])
    assert found["grid"] == M09.name and found["input_of_map"] and not found["part_of_a_cell"]
    columns = SmapComparisons(_Jobs(jobs.outputs_path, "column"), region(monkeypatch, recommended, flagged))  # type: ignore[arg-type]
    assert not columns.answer("a")["input_of_map"]


def test_a_field_in_a_cell_says_what_share_of_it_is_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """65 ha: 9 by 8 pixels of 300 m."""
    product(tmp_path / f"soil_moisture_05cm_{FIRST}.tif", np.full((9, 8), 0.25), origin=(705_000.0, 4_330_000.0))
    store = region(monkeypatch, pattern_of_cells(3, 0.0), np.full((3, LAT.size, LON.size), np.nan))
    found = SmapComparisons(_Jobs(tmp_path), store).answer("a")  # type: ignore[arg-type]
    assert found["part_of_a_cell"] and sum(cell["scored"] for cell in found["cells"]) == 1
    share = sum(cell["share"] for cell in found["cells"])
    assert share == pytest.approx(72 * 9e4 / M09.cell_m**2, rel=0.01) and found["scores"]["recommended"]["cells"] == 1


def test_reading_goes_on_where_the_last_call_ended_and_a_changed_map_is_read_again(
        jobs: _Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    store = region(monkeypatch, pattern_of_cells(12, 0.0), np.full((12, LAT.size, LON.size), np.nan))
    comparisons = SmapComparisons(jobs, store, budget_s=-1.0)  # type: ignore[arg-type]
    assert [comparisons.answer("a")["read"] for _ in range(3)] == [1, 2, 3]
    product(jobs.outputs_path / f"soil_moisture_05cm_{FIRST}.tif", np.full((150, 161), 0.4))
    again = comparisons.answer("a")
    assert again["read"] == 3 and max(value for value in again["map"][0] if value) == pytest.approx(0.4)


def test_what_prevents_a_comparison_is_said(jobs: _Jobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = np.full((12, LAT.size, LON.size), np.nan)
    comparisons = SmapComparisons(jobs, region(monkeypatch, nothing, nothing))  # type: ignore[arg-type]
    for call, code, word in ((lambda: comparisons.answer("a"), "no_smap", "no retrieval"),
                             (lambda: comparisons.answer("a", str(tmp_path / "none")), "source_invalid", "none"),
                             (lambda: SmapComparisons(_Jobs(tmp_path), gone).answer("a"),  # type: ignore
                              "no_maps", "5 cm")):
        with pytest.raises(DeepSoilError) as caught:
            call()
        assert caught.value.code == code and word in caught.value.message
    (jobs.outputs_path / f"soil_moisture_05cm_{day(2)}.tif").write_bytes(b"II*\0" + b"x" * 90)
    with pytest.raises(DeepSoilError) as caught:
        comparisons.answer("a")
    assert caught.value.code == "source_invalid" and str(day(2)) in caught.value.message


def smap_tiff(path: Path, values: np.ndarray, crs: str = "EPSG:6933") -> Path:
    """Cells of `LON` × `LAT` on the EASE-Grid 2.0, fill −9999."""
    west_east, north_south = edges(LON, LAT)
    x, y = Transformer.from_crs(4326, 6933, always_xy=True).transform(west_east[[0, -1]], north_south[[0, -1]])
    path.parent.mkdir(parents=True, exist_ok=True)
    with rasterio.open(path, "w", driver="GTiff", height=LAT.size, width=LON.size, count=1, dtype="float32",
                       nodata=-9999.0, crs=crs, transform=from_bounds(x[0], y[1], x[1], y[0], LON.size, LAT.size),
                       ) as file:
        file.write(np.where(np.isnan(values), -9999.0, values).astype(np.float32), 1)
    return path


def test_published_files_are_read_with_their_flags(jobs: _Jobs, tmp_path: Path) -> None:
    folder = tmp_path / "smap"
    folder.mkdir()
    for number in range(0, 12, 2):
        smap(folder, day(number), M09, 0.25, flag=number == 4)
    smap(folder, dt.date(2020, 1, 1), M09, 0.1)  # of another year: not even opened
    (folder / "SMAP_L3_SM_P_E_20200102_R19240_001.h5").write_bytes(b"cut off")
    found = SmapComparisons(jobs, gone).answer("a", str(folder))  # type: ignore[arg-type]
    scores = found["scores"]
    assert found["has_flags"] and found["title"] == "smap" and found["grid"] == M09.name
    assert scores["recommended"]["cell_days"] == 5 * scores["flagged"]["cell_days"]


def test_geotiffs_of_morning_and_evening_are_averaged_and_their_flags_count(jobs: _Jobs, tmp_path: Path) -> None:
    folder, shape = tmp_path / "tiffs", (LAT.size, LON.size)
    for number in range(4):
        for name, theta in (("AM_soil_moisture", 0.2), ("PM_soil_moisture_pm", 0.3)):
            file = folder / f"SPL3SMP_E.006_Soil_Moisture_Retrieval_Data_{name}_doy2023{182 + number}_aid0001.tif"
            smap_tiff(file, np.full(shape, theta))
    only = SmapComparisons(jobs, gone)  # type: ignore[arg-type]
    found = only.answer("a", str(folder))
    assert not found["has_flags"] and found["recommended"][0][0] == pytest.approx(0.25) and found["grid"] == M09.name
    flags = "SPL3SMP_E.006_Soil_Moisture_Retrieval_Data_PM_retrieval_qual_flag_pm_doy2023182_aid0001.tif"
    smap_tiff(folder / flags, np.ones(shape))
    found = only.answer("a", str(folder))
    assert found["has_flags"] and found["recommended"][0][0] == pytest.approx(0.2)
    assert found["flagged"][0][0] == pytest.approx(0.3) and found["flagged"][1] == [None] * len(found["cells"])


@pytest.mark.parametrize(("name", "theta", "crs", "word"), [
    ("smap_2023-07-01.tif", 25.0, "EPSG:6933", "25"), ("smap.tif", 0.2, "EPSG:6933", "day"),
    ("smap_20230701.tif", 0.2, "EPSG:5070", "longitude"), ("smap_20230701.tif", 0.2, "EPSG:32614", "longitude")])
def test_geotiffs_that_cannot_be_used_say_why(jobs: _Jobs, tmp_path: Path, name: str, theta: float, crs: str,
                                              word: str) -> None:
    smap_tiff(tmp_path / "bad" / name, np.full((LAT.size, LON.size), theta), crs)
    with pytest.raises(DeepSoilError) as caught:
        SmapComparisons(jobs, gone).answer("a", str(tmp_path / "bad"))  # type: ignore[arg-type]
    assert caught.value.code == "source_invalid" and word in caught.value.message
