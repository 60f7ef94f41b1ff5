"""Exported files: values that survive, tags, units, tables of numbers, outlines that a terminal reads."""

from __future__ import annotations

import json
import resource
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal, ogr
from products import JOB, maps, output, summary, water_maps, write_product

from deepsoil_plugin.exports import items as parts
from deepsoil_plugin.exports.figures import figures_of
from deepsoil_plugin.exports.outlines import names_of_attributes
from deepsoil_plugin.exports.raster import NODATA
from deepsoil_plugin.exports.run import ExportError, Report, export
from deepsoil_plugin.exports.wishes import CSV, GPKG, SHAPEFILE, XLSX, Wishes
from deepsoil_plugin.map import metadata
from deepsoil_plugin.text.quantities import INCHES, PERCENT, WATER

DAY = "2023-07-15"
AREA = {"type": "Polygon", "coordinates": [[[-99.0, 38.85], [-98.99, 38.85], [-98.99, 38.84], [-99.0, 38.85]]]}


def run(items: list[Any], folder: Path, replace: bool = False, **wishes: Any) -> Report:
    return export(items, folder, Wishes(**wishes), lambda _: None, replace)


def noise(folder: Path, **more: Any) -> tuple[Path, np.ndarray]:
    """A product of a field that is not a rectangle, and its values."""
    rng = np.random.default_rng(3)
    theta = np.round(0.05 + 0.4 * rng.random((61, 83)), 4)
    rows, columns = np.indices(theta.shape)
    theta[(rows - 30) ** 2 + (columns - 40) ** 2 > 28 ** 2] = np.nan
    return write_product(folder / f"soil_moisture_05cm_{DAY}.tif", theta, DEEPSOIL_FORECAST="yes",
                         half_width=np.where(np.isfinite(theta), theta / 4, np.nan), **more), theta


def values_of(path: Path, number: int = 1) -> np.ndarray:
    dataset = gdal.Open(str(path))
    band = dataset.GetRasterBand(number)
    raw = band.ReadAsArray()
    return np.where(raw == NODATA, np.nan, raw * band.GetScale())


def trimmed(values: np.ndarray) -> np.ndarray:
    there = np.isfinite(values)
    return values[np.ix_(there.any(axis=1), there.any(axis=0))]


@pytest.mark.parametrize(("unit", "factor", "written"), [
    ("m3/m3", 1, "m3/m3"), (PERCENT, 100, "%"), ("mm", 100, "mm/10 cm"), (INCHES, 12, "in/ft")])
@pytest.mark.parametrize("interval", [True, False])
def test_values_survive_where_the_grid_does_not_change(tmp_path: Path, unit: str, factor: int, written: str,
                                                       interval: bool) -> None:
    path, theta = noise(tmp_path)
    report = run([parts.of_file(path)], tmp_path / "out", soil_unit=unit, interval=interval)
    made = gdal.Open(str(tmp_path / "out" / report.files[0]))
    assert made.GetMetadataItem("LAYOUT", "IMAGE_STRUCTURE") == "COG" and made.RasterCount == 1 + interval
    assert made.GetGeoTransform() == gdal.Open(str(path)).GetGeoTransform()
    assert {made.GetRasterBand(band).GetUnitType() for band in range(1, made.RasterCount + 1)} == {written}
    assert made.GetRasterBand(1).GetDescription() == f"Soil moisture ({written.replace('m3/m3', 'm³/m³')}), {DAY}"
    np.testing.assert_allclose(values_of(tmp_path / "out" / report.files[0]), theta * factor, atol=1e-9)
    if interval:
        np.testing.assert_allclose(values_of(tmp_path / "out" / report.files[0], 2), theta * factor / 4,
                                   atol=0.51e-4 * factor)
    before, after = (metadata.read_product(str(one)) for one in (path, tmp_path / "out" / report.files[0]))
    assert (after.what, after.day, after.model, after.engine, after.job, after.attribution, after.forecast) == (
        before.what, before.day, before.model, before.engine, before.job, before.attribution, True)
    assert bool(after.interval) == interval


@pytest.mark.parametrize(("crs", "metres"), [("EPSG:4326", 30), ("EPSG:3857", 30), ("EPSG:2264", 30),
                                             ("EPSG:32613", 30), ("EPSG:5070", 30), ("EPSG:32614", 10)])
def test_other_grids_have_pixels_of_the_size_that_was_asked_and_values_of_the_map(tmp_path: Path, crs: str,
                                                                                  metres: float) -> None:
    path, theta = noise(tmp_path)
    report = run([parts.of_file(path)], tmp_path / "out", crs=crs, resolution_m=metres)
    file = tmp_path / "out" / report.files[0]
    made, found = gdal.Open(str(file)), values_of(file)
    assert made.GetSpatialRef().IsSame(parts_crs(crs)) and made.GetMetadata()["DEEPSOIL_RESAMPLING"] == "nearest"
    assert set(np.unique(np.round(found[np.isfinite(found)], 4))) <= set(np.unique(theta[np.isfinite(theta)]))
    area = np.isfinite(theta).sum() * (30 / metres) ** 2
    assert np.isfinite(found).sum() == pytest.approx(area, rel=0.03), "the field is as large as before"
    assert np.nanmean(found) == pytest.approx(np.nanmean(theta), abs=0.004)
    assert found.shape == trimmed(found).shape, "cut to the field"
    assert made.GetMetadataItem("LAYOUT", "IMAGE_STRUCTURE") == "COG"


def parts_crs(text: str) -> Any:
    from deepsoil_plugin.exports.raster import crs_of

    return crs_of(text)


def test_coarser_pixels_are_means_and_a_field_smaller_than_a_pixel_is_one(tmp_path: Path) -> None:
    path, theta = noise(tmp_path)
    aligned = tmp_path / f"aligned_soil_moisture_05cm_{DAY}.tif"
    gdal.Translate(str(aligned), str(path), outputBounds=(450_000, 4_500_000, 452_490, 4_498_170))
    report = run([parts.of_file(aligned)], tmp_path / "out", resolution_m=90)
    found = values_of(tmp_path / "out" / report.files[0])
    dataset = gdal.Open(str(tmp_path / "out" / report.files[0]))
    assert dataset.GetMetadata()["DEEPSOIL_RESAMPLING"] == "average" and dataset.GetGeoTransform()[1] == 90
    left, top = ((dataset.GetGeoTransform()[0] - 450_000) / 30, (4_500_000 - dataset.GetGeoTransform()[3]) / 30)
    for row, column in ((10, 10), (5, 8), (0, found.shape[1] // 2)):  # the last has pixels without a value
        first, second = round(top + 3 * row), round(left + 3 * column)
        assert found[row, column] == pytest.approx(np.nanmean(theta[first:first + 3, second:second + 3]), abs=1e-4)
    tiny = write_product(tmp_path / f"soil_moisture_20cm_{DAY}.tif", np.full((1, 1), 0.3), depth_cm=20)
    for number, metres in enumerate((7, 30, 1000)):
        report = run([parts.of_file(tiny)], tmp_path / f"tiny{number}", resolution_m=metres)
        found = values_of(tmp_path / f"tiny{number}" / report.files[0])
        assert np.unique(found[np.isfinite(found)]) == pytest.approx([0.3])


def test_water_in_inches_and_the_volume_on_the_field(tmp_path: Path) -> None:
    made = [parts.of_file(Path(one["path"])) for one in water_maps(tmp_path, [DAY])]
    report = run(made, tmp_path / "out", water_unit=INCHES, tables=(CSV, XLSX))
    for item, name in zip(made, report.files, strict=False):
        factor, unit = (1, "%") if item.what == "available_percent" else (1 / 25.4, "in")
        dataset = gdal.Open(str(tmp_path / "out" / name))
        assert dataset.GetRasterBand(1).GetUnitType().startswith(unit)
        np.testing.assert_allclose(values_of(tmp_path / "out" / name), values_of(item.source) * factor, atol=1e-9)
    rows = sheet(tmp_path / "out" / "soil_moisture_summary.xlsx")
    depletion = next(row for row in rows if row["quantity"] == "depletion_mm")
    mm = float(np.nanmean(values_of(made[2].source)))
    assert depletion["unit"] == "in" and depletion["mean"] == pytest.approx(mm / 25.4, abs=1e-4)
    assert depletion["water_m3"] == pytest.approx(mm / 1000 * (600 - 9) * 900, rel=1e-4)


def sheet(path: Path) -> list[dict[str, Any]]:
    source = gdal.OpenEx(str(path), gdal.OF_VECTOR)
    return [feature.items() for feature in source.GetLayer(0)]


def test_a_spreadsheet_has_numbers_as_numbers_and_texts_as_texts(tmp_path: Path) -> None:
    names = ["=HYPERLINK(\"http://127.0.0.1/\")", "+1+1", "007", "Ñandú <b> & \x07", "@SUM(A1)"]
    files = [write_product(tmp_path / f"soil_moisture_05cm_{DAY}_field{number:04d}.tif", np.full((3, 3), 0.2))
             for number in range(len(names))]
    items = [parts.Item(file, name, "5", DAY, str(file)) for file, name in zip(files, names, strict=True)]
    run(items, tmp_path / "out", tables=(XLSX,), maps=False, threshold=0.25)
    file = tmp_path / "out" / "soil_moisture_summary.xlsx"
    assert [path.name for path in (tmp_path / "out").iterdir()] == [file.name]
    source = gdal.OpenEx(str(file), gdal.OF_VECTOR)
    layer = source.GetLayer(0)
    definition = layer.GetLayerDefn()
    kinds = {field.GetName(): field.GetTypeName() for field in map(definition.GetFieldDefn,
                                                                   range(definition.GetFieldCount()))}
    assert kinds["mean"] == "Real" and kinds["pixels"] in ("Integer", "Integer64") and kinds["date"] == "Date"
    rows = sheet(file)
    assert [row["field"] for row in rows] == [*names[:3], "Ñandú <b> & ", names[4]] or [
        row["field"].rstrip() for row in rows] == [name.replace("\x07", "").rstrip() for name in names]
    assert all(row["mean"] == 0.2 and row["below_threshold_percent"] == 100 for row in rows)
    with zipfile.ZipFile(file) as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist() if name.endswith(".xml"))


@pytest.mark.parametrize("known", [True, False], ids=["outline of the request", "outline of the pixels"])
def test_outlines_carry_the_figures_of_their_field_and_day(tmp_path: Path, known: bool) -> None:
    job = summary([*maps(tmp_path, [DAY, "2023-07-16"]), *water_maps(tmp_path, [DAY])])
    if known:
        job["specification"]["area"] = AREA
    report = run(parts.of_job(job), tmp_path / "out", outlines=(GPKG, SHAPEFILE), tables=(), maps=False)
    ends = sorted(name.removeprefix("soil_moisture_fields.") for name in report.files)
    assert ends == ["cpg", "dbf", "gpkg", "prj", "shp", "shx"]
    for end in ("gpkg", "shp"):
        source = gdal.OpenEx(str(tmp_path / "out" / f"soil_moisture_fields.{end}"), gdal.OF_VECTOR)
        layer = source.GetLayer(0)
        found = [(feature.GetField("DATE"), feature.GetField("SM5_MEAN"), feature.GetField("DEPL_MEAN"))
                 for feature in layer]
        assert [one[0] for one in found] == ["2023/07/15", "2023/07/16"]
        assert found[0][1] == pytest.approx(0.16) and found[0][2] is not None and found[1][2] is None
        layer.ResetReading()
        first = layer.GetNextFeature()
        shape = first.GetGeometryRef()
        west, east, south, north = shape.GetEnvelope()
        assert layer.GetSpatialRef().GetAuthorityCode(None) == "4326"
        if known:
            wanted = ogr.CreateGeometryFromJson(json.dumps(AREA))
            assert shape.SymDifference(wanted).Area() < 1e-12 < shape.Area()
        else:
            assert -99.0 <= west < east < -98.98 and 38.83 < south < north < 38.86


def test_names_of_attributes_fit_a_shapefile_and_differ() -> None:
    names = [name for what in ("5", "20", "100", "200", *WATER) for name in names_of_attributes(what)]
    assert len(set(names)) == len(names) and all(len(name) <= 10 and name.isascii() for name in names)


def test_each_field_of_a_request_has_its_own_outline(tmp_path: Path) -> None:
    features = [{"type": "Feature", "properties": {"name": "Home"}, "geometry": {"type": "Polygon", "coordinates": [[
        [place + lon / 100, place + lat / 100] for lon, lat in ((0, 0), (1, 0), (1, 1), (0, 0))]]}}
        for place in (1, 2, 3)]
    made = []
    for number in (1, 3):
        path = write_product(tmp_path / f"soil_moisture_05cm_{DAY}_field{number:04d}.tif", np.full((2, 2), 0.2))
        made.append({**output(path, 5, DAY), "field": "Home"})
    job = summary(made)
    job["specification"]["area"] = {"type": "FeatureCollection", "features": features}
    report = run(parts.of_job(job), tmp_path / "out", outlines=(GPKG,))
    layer = gdal.OpenEx(str(tmp_path / "out" / "soil_moisture_fields.gpkg"), gdal.OF_VECTOR)
    assert [round(feature.GetGeometryRef().GetEnvelope()[0]) for feature in layer.GetLayer(0)] == [1, 3]
    assert len([name for name in report.files if name.endswith(".tif")]) == 2, "two fields of one name both arrive"


def zone(field: str, number: int, **changes: Any) -> dict[str, Any]:
    """As the engine writes it."""
    return {"type": "Feature", "geometry": AREA, "properties": {
        "field": field, "day": DAY, "zone": number, "zones": 2, "need_class": "soon", "need": 0.7,
        "need_half_width": 0.1, "area_ha": 12.5, "refill_mm": 31.0, "refill_mm_lower": 20.0, "refill_mm_upper": 42.0,
        **changes}}


def test_zones_of_need_come_with_the_outlines_of_their_fields(tmp_path: Path) -> None:
    made = []
    for number, name in ((1, "Home"), (2, "Far")):
        path = write_product(tmp_path / f"soil_moisture_05cm_{DAY}_field{number:04d}.tif", np.full((2, 2), 0.2))
        made.append({**output(path, 5, DAY), "field": name})
    items, file = parts.of_job(summary(made)), tmp_path / f"zones_{DAY}.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [
        zone("Home", 1), zone("Home", 2, refill_mm=None, day="?"), zone("Far", 1)]}), encoding="utf-8")
    report = run([item for item in items if item.field == "Home"], tmp_path / "out", outlines=(GPKG, SHAPEFILE))
    assert sum("zones" in name for name in report.files) == 6 and sorted(report.files) == sorted(
        path.name for path in (tmp_path / "out").iterdir())
    for end in ("gpkg", "shp"):
        source = gdal.OpenEx(str(tmp_path / "out" / f"soil_moisture_zones.{end}"), gdal.OF_VECTOR)
        found = [feature.items() for feature in source.GetLayer(0)]
        assert [(one["FIELD"], one["ZONE"], one["REFILL_MM"], one["DATE"]) for one in found] == [
            ("Home", 1, 31.0, "2023/07/15"), ("Home", 2, None, None)]
        assert all(len(name) <= 10 for name in found[0]) and found[0]["NEED_CLASS"] == "soon"
    file.write_text('{"features": [{}]}', encoding="utf-8")
    report = run(items, tmp_path / "second", outlines=(GPKG,))
    assert len(report.problems) == 1 and file.name in report.problems[0]
    assert sorted(path.name for path in (tmp_path / "second").iterdir()) == sorted(report.files)
    assert "soil_moisture_fields.gpkg" in report.files and not any("zones" in name for name in report.files)


@contextmanager
def small_files() -> Iterator[None]:
    """No file may be larger than 3 kB, which is as if the disk became full. Nor may pytest's own: not a fixture."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3000, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("wishes", [{"soil_unit": PERCENT}, {"crs": "EPSG:4326"}, {},
                                    {"maps": False, "outlines": (GPKG,)}])
def test_a_disk_that_becomes_full_leaves_nothing_and_is_told(tmp_path: Path, wishes: dict[str, Any]) -> None:
    path, _ = noise(tmp_path)
    (tmp_path / "out").mkdir()
    with pytest.raises(ExportError, match=r"[Nn]othing was written"), small_files():
        run([parts.of_file(path)], tmp_path / "out", **wishes)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_full_disk_is_told_before_it_is_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, _ = noise(tmp_path)
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 1000}))
    with pytest.raises(ExportError, match=r"is full: .*are free.*Free some space"):
        run([parts.of_file(path)], tmp_path / "out")


@pytest.mark.parametrize(("crs", "words"), [("EPSG:1", "not a coordinate system"), ("EPSG:3031", ""),
                                            ("nonsense", "not a coordinate system")])
def test_a_crs_that_is_none_or_is_elsewhere_is_told(tmp_path: Path, crs: str, words: str) -> None:
    path, theta = noise(tmp_path)
    if words:
        with pytest.raises(ExportError, match=words):
            run([parts.of_file(path)], tmp_path / "out", crs=crs)
        assert not (tmp_path / "out").exists()
    else:
        report = run([parts.of_file(path)], tmp_path / "out", crs=crs)
        assert np.nanmean(values_of(tmp_path / "out" / report.files[0])) == pytest.approx(np.nanmean(theta), abs=0.01)


def test_a_cancelled_export_leaves_nothing(tmp_path: Path) -> None:
    class Enough(Exception):
        pass

    path, _ = noise(tmp_path)
    for after in range(12):
        left = iter(range(after))

        def step(_share: float, left: Iterator[int] = left) -> None:
            if next(left, None) is None:
                raise Enough

        with pytest.raises(Enough):
            export([parts.of_file(path)], tmp_path / "out", Wishes(crs="EPSG:4326", tables=(CSV, XLSX),
                                                                  outlines=(GPKG,)), step)
        assert not (tmp_path / "out").exists() or list((tmp_path / "out").iterdir()) == []


def test_a_file_without_its_job_is_known_by_its_tags(tmp_path: Path) -> None:
    path = write_product(tmp_path / f"Home_soil_moisture_20cm_{DAY}.tif", np.full((2, 2), 0.2), depth_cm=20)
    item = parts.of_file(path)
    assert (item.field, item.what, item.date, item.job) == ("Home", "20", DAY, JOB)
    assert figures_of(item, Wishes(), lambda: None).mean == 0.2
