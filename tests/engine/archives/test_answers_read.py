"""What servers answer, read by hand-made answers: coverages, OPeNDAP, sensors of SCAN. No server and no network."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
import pytest
from deepsoil.archives import awdb_calls, coverage_service, dap2
from deepsoil.archives.near_stations import NearStation
from deepsoil.contract.errors import DeepSoilError

# ---- coverages


def coverage(*, west: float = 100.0, south: float = 20.0, east: float = 400.0, north: float = 140.0,
             step: tuple[float, float] = (30.0, -30.0), low: str = "0 0", high: str = "9 3", axes: str = "",
             crs: str = "EPSG:5070", more: str = "", times: str = "") -> Any:
    text = (f"<a:All xmlns:a='http://example.org/a'><a:spatialDomain>{more}"
            f"<Envelope srsName='{crs}' {axes}><lowerCorner>{west} {south}</lowerCorner>"
            f"<upperCorner>{east} {north}</upperCorner></Envelope>"
            f"<RectifiedGrid srsName='{crs}'><low>{low}</low><high>{high}</high>"
            f"<offsetVector>{step[0]} 0</offsetVector><offsetVector>0 {step[1]}</offsetVector></RectifiedGrid>"
            f"</a:spatialDomain>{times}</a:All>")
    return coverage_service.document(text.encode(), "Made")


def grid(root: Any) -> tuple[Any, ...]:
    found = coverage_service.described(root, "soil", "Made").grid
    return found.crs, found.west, found.north, found.step, found.columns, found.rows


def test_the_grid_of_a_coverage_is_that_of_its_edges_whatever_the_server_calls_them() -> None:
    wanted = ("EPSG:5070", 100.0, 140.0, 30.0, 10, 4)
    assert grid(coverage()) == wanted
    # centres of the outermost pixels instead of the edges
    assert grid(coverage(west=115, south=35, east=385, north=125)) == wanted
    # counted from another number; north first; the CRS by a URN; an envelope in degrees before it
    assert grid(coverage(low="5 7", high="14 10")) == wanted
    turned = coverage(west=20, south=100, east=140, north=400, axes='axisLabels="Northing Easting"')
    assert grid(turned) == wanted
    assert grid(coverage(crs="urn:ogc:def:crs:EPSG::5070")) == wanted
    degrees = '<Envelope srsName="WGS84(DD) CRS84"><pos>-97 39</pos><pos>-96 40</pos></Envelope>'
    assert grid(coverage(more=degrees)) == wanted
    for other in ("EPSG:3857", "http://www.opengis.net/def/crs/EPSG/0/4326"):
        assert grid(coverage(more=degrees.replace("WGS84(DD) CRS84", other))) == wanted, "the grid's own CRS counts"
    assert grid(coverage(more=degrees.replace('"WGS84(DD) CRS84"', '""'))) == wanted
    assert grid(coverage(high="19 9")) == wanted, "the edges count"
    assert grid(coverage(step=(-30.0, 30.0))) == wanted
    assert grid(coverage(high="11 3", east=460)) == ("EPSG:5070", 100.0, 140.0, 30.0, 12, 4)


@pytest.mark.parametrize("wrong", [{"step": (30, -29)}, {"step": (0, 0)}, {"east": 407.0}, {"north": 131.0},
                                   {"crs": "local"}, {"low": "a b"}, {"high": "9"}])
def test_a_coverage_without_a_square_grid_of_whole_pixels_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(DeepSoilError) as refused:
        coverage_service.described(coverage(**wrong), "soil", "Made")
    assert refused.value.code == "archive_implausible" and "soil" in refused.value.message


def test_times_and_names_are_listed_once_and_in_order() -> None:
    times = "".join(f"<timePosition> {one} </timePosition>" for one in ("2021-01-01", "2019-01-01", "", "2021-01-01"))
    assert coverage_service.described(coverage(times=times), "s", "Made").times == ("2019-01-01", "2021-01-01")
    both = ("<c><CoverageOfferingBrief><name>a</name></CoverageOfferingBrief>"
            "<CoverageSummary><CoverageId>b</CoverageId></CoverageSummary><CoverageSummary/></c>")
    assert coverage_service.names(coverage_service.document(both.encode(), "Made")) == ["a", "b"]


@pytest.mark.parametrize(("content", "code", "said"), [
    (b"<ServiceExceptionReport><ServiceException code='x'>\n no\tsuch map. </ServiceException>"
     b"</ServiceExceptionReport>",
     "archive_failed", "no such map"),
    (b"  <ows:ExceptionReport><ows:ExceptionText><![CDATA[down]]></ows:ExceptionText></ows:ExceptionReport>",
     "archive_failed", "down"), (b"<ExceptionReport/>", "archive_failed", "no reason given"),
    (b"<a><b></a>", "archive_implausible", "not XML"), (b'<!DOCTYPE a [<!entity b "c">]><a>&b;</a>',
                                                       "archive_implausible", "entities")])
def test_a_refusal_says_its_reason_and_no_entity_is_expanded(content: bytes, code: str, said: str) -> None:
    with pytest.raises(DeepSoilError) as refused:
        coverage_service.document(content, "Made")
    assert refused.value.code == code and said in refused.value.message


def test_an_address_that_has_a_question_goes_on_with_and() -> None:
    pairs = (("SUBSET", "x(1,2)"), ("SUBSET", "y(3,4)"), ("NAME", "a b"))
    for base, sign in (("http://a/wcs", "?"), ("http://a/wcs?map=/m", "&")):
        assert coverage_service.address(base, *pairs) == f"{base}{sign}SUBSET=x(1,2)&SUBSET=y(3,4)&NAME=a+b"


# ---- OPeNDAP

def dods(*parts: tuple[str, str, tuple[int, ...], np.ndarray], cut: int = 0) -> bytes:
    """An answer by the specification: declarations, and each array with its length twice."""
    codes = {"Int16": "i", "UInt16": "I", "Int32": "i", "UInt32": "I", "Float32": "f", "Float64": "d"}
    head = "Dataset {\n" + "".join(
        f"    {kind} {name}{''.join(f'[d{n} = {size}]' for n, size in enumerate(shape))};\n"
        for kind, name, shape, _ in parts) + "} made;\nData:\n"
    content = head.encode()
    for kind, _, _, values in parts:
        flat = [value.item() for value in values.ravel()]
        content += struct.pack(">II", len(flat), len(flat)) + struct.pack(f">{len(flat)}{codes[kind]}", *flat)
    return content[:len(content) - cut]


def test_arrays_of_opendap_come_back_with_shape_and_value() -> None:
    rng = np.random.default_rng(1)
    made = {"Int16": rng.integers(-9, 9, (2, 3)), "UInt16": rng.integers(0, 65535, (4,)),
            "Int32": rng.integers(-2**31, 2**31 - 1, (2, 1, 3)), "UInt32": rng.integers(0, 2**32 - 1, (3,)),
            "Float32": rng.normal(size=(2, 2)).astype(np.float32), "Float64": rng.normal(size=(5,))}
    parts = [(kind, f"of_{kind}", values.shape, values) for kind, values in made.items()]
    found = dap2.arrays(dods(*parts))
    assert list(found) == [name for _, name, _, _ in parts]
    for kind, values in made.items():
        np.testing.assert_array_equal(found[f"of_{kind}"], values)
    assert dap2.shapes(dods(*parts).decode("latin-1")) == {name: shape for _, name, shape, _ in parts}
    for cut in (1, 8, 40):
        with pytest.raises(ValueError, match="cut off"):
            dap2.arrays(dods(*parts, cut=cut))
    with pytest.raises(ValueError, match="no answer of OPeNDAP"):
        dap2.arrays(b"<html></html>")
    short = dods(("Int32", "a", (3,), np.arange(3)))
    with pytest.raises(ValueError, match="another length"):
        dap2.arrays(short.replace(struct.pack(">II", 3, 3), struct.pack(">II", 3, 2)))


def test_attributes_of_opendap_are_numbers_and_texts_under_their_variable() -> None:
    text = ('Attributes {\n  day {\n    String units "days since 1900-01-01";\n    Int32 _FillValue -9999;\n  }\n'
            '  etr {\n    Float64 scale_factor 0.1;\n    String "long name" "reference ET";\n  }\n'
            '  NC_GLOBAL {\n    String note "a; b";\n  }\n}\n')
    found = dap2.attributes(text)
    assert found["day"] == {"units": "days since 1900-01-01", "_FillValue": -9999}
    assert found["etr"]["scale_factor"] == 0.1 and found["NC_GLOBAL"] == {"note": "a; b"}


# ---- sensors of SCAN

STATION = NearStation("SCAN_1", "1:KS:SCAN", "Made", "SCAN", -97.0, 39.0, zone=-6.0)


def sensor(code: str = "SMS", depth: float = -8.0, unit: str = "pct", values: Any = None, **more: Any) -> Any:
    given = values if values is not None else [{"date": "2023-01-01 18:00", "value": 25.0}]
    return awdb_calls.series({"stationElement": {"elementCode": code, "heightDepth": depth, "storedUnitCode": unit,
                                                 **more}, "values": given}, STATION, "Made", "http://a")


@pytest.mark.parametrize(("inches", "cm"), [(2, 5), (4, 10), (8, 20), (20, 50), (40, 100)])
def test_a_sensor_is_named_by_its_depth_in_cm_and_its_hours_are_utc(inches: int, cm: int) -> None:
    name, readings, doubted = sensor(depth=-inches)
    assert name == sensor(depth=-inches, unit="")[0] == f"theta_{cm}"
    assert readings.tolist() == [0.25] and [str(one) for one in readings.index] == ["2023-01-02 00:00:00"]
    assert len(doubted) == 0
    warm = sensor("STO", -inches, "degF", [{"date": "2023-01-01 18:00", "value": 50.0}])
    assert warm[1].tolist() == pytest.approx([10.0]) and warm[0] == f"temperature_{cm}"
    assert sensor("STO", -inches, "", [{"date": "2023-01-01 18:00", "value": 32.0}])[1].tolist() == pytest.approx([0.0])
    assert sensor("STO", -inches, "degC")[1].tolist() == [25.0]


def test_sensors_of_other_kinds_depths_and_second_ones_are_not_used() -> None:
    for more in ({"code": "PREC"}, {"depth": -6.0}, {"depth": 8.0}, {"depth": 0.0}, {"ordinal": 2}):
        name, readings, _ = sensor(**more)  # type: ignore[arg-type]
        assert name is None and len(readings) == 0
    assert sensor(ordinal=1)[0] is not None
    with pytest.raises(DeepSoilError, match="centibar"):
        sensor(unit="centibar")
    with pytest.raises(DeepSoilError, match="not as documented"):
        sensor(values=[{"date": "1/2/2023", "value": 20}])


def test_readings_that_are_missing_or_cannot_be_are_left_out_and_doubted_ones_are_told() -> None:
    values = [("00:00", 0.0, None), ("01:00", 100.0, "V"), ("02:00", 100.1, None), ("03:00", -0.1, None),
              ("04:00", -99.9, None), ("05:00", None, None), ("06:00", "30", ""), ("07:00", 31.0, "S"),
              ("08:00", -99.9, "S"), ("99:00", 20.0, None)]
    given = [{"date": f"2023-01-01 {at}", "value": value, "qcFlag": flag} for at, value, flag in values]
    _, readings, doubted = sensor(values=given)
    assert dict(zip(readings.index.hour, readings, strict=True)) == {6: 0.0, 7: 1.0, 12: 0.3}
    assert [one.hour for one in doubted] == [13]
    cold = sensor("STO", -8, "degC", [{"date": "2023-01-01 00:00", "value": value} for value in (-20.0, -99.9, 150.0)])
    assert cold[1].tolist() == [-20.0, 150.0], "what a temperature may be, quality control decides"
