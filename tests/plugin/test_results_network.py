"""A result that is no GeoTIFF of its own is not opened: whatever it is called, it makes no request."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from products import output, summary, write_product

from deepsoil_plugin.exports.figures import DamagedError, figures_of
from deepsoil_plugin.exports.items import of_file
from deepsoil_plugin.exports.wishes import Wishes
from deepsoil_plugin.map import geotiff, metadata
from deepsoil_plugin.map.result_layers import ResultLayers

SERVER = Path(__file__).parents[1] / "engine" / "counting_server.py"


class Server:
    def __init__(self, log: Path) -> None:
        self.log = log
        log.write_text("")
        self.process = subprocess.Popen([sys.executable, str(SERVER), str(log)], stdout=subprocess.PIPE, text=True)
        self.url = f"http://127.0.0.1:{int(self.process.stdout.readline())}"

    def requests(self):
        return self.log.read_text().splitlines()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    made = Server(tmp_path_factory.mktemp("log") / "requests.txt")
    yield made
    made.process.kill()
    made.process.wait()


def vrt(url):
    return ('<VRTDataset rasterXSize="30" rasterYSize="20"><SRS>EPSG:32614</SRS><GeoTransform>500000,30,0,4300000,0,-30'
            '</GeoTransform><VRTRasterBand dataType="UInt16" band="1"><SimpleSource><SourceFilename>'
            f'/vsicurl/{url}/x.tif</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>')


def wms(url):
    return (f'<GDAL_WMS><Service name="TMS"><ServerUrl>{url}/${{z}}/${{x}}/${{y}}.png</ServerUrl></Service><DataWindow>'
            "<UpperLeftX>500000</UpperLeftX><UpperLeftY>4300000</UpperLeftY><LowerRightX>500900</LowerRightX>"
            "<LowerRightY>4299400</LowerRightY><SizeX>30</SizeX><SizeY>20</SizeY><TileLevel>0</TileLevel></DataWindow>"
            "<Projection>EPSG:32614</Projection><BandsCount>1</BandsCount></GDAL_WMS>")


def wmts(url):
    return f"<GDAL_WMTS><GetCapabilitiesUrl>{url}/c.xml</GetCapabilitiesUrl></GDAL_WMTS>"


KINDS = {"vrt": vrt, "wms": wms, "wmts": wmts, "an address": lambda url: url,
         "a vrt after the start of a tiff": lambda url: "II*\0" + vrt(url)}


@pytest.fixture
def product(tmp_path):
    return write_product(tmp_path / "map.tif", np.full((20, 30), 0.2))


def shown(iface, path, qtbot):
    """The layers of a result at this path."""
    results = ResultLayers(iface)
    try:
        document = {"path": str(path), "name": Path(path).name, "kind": "map", "depth_cm": 5, "date": "2023-07-15",
                    "size": 1, "sha256": "0" * 64}
        with qtbot.waitSignal(results.layersAdded, timeout=10_000):
            results.show(summary([document]))
        return [layer for layer in results._project.mapLayers().values() if not layer.source().startswith("memory")]
    finally:
        results.close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_result_that_describes_data_elsewhere_is_not_opened(qgis_iface, qgis_new_project, qtbot, server, tmp_path,
                                                              kind):
    path = tmp_path / "map.tif"
    path.write_text(KINDS[kind](server.url))
    assert not geotiff.is_whole(str(path))
    assert shown(qgis_iface, path, qtbot) == []
    assert metadata.read_product(str(path)).tags == {}
    with pytest.raises(DamagedError):
        figures_of(of_file(path), Wishes(), lambda: None)
    assert server.requests() == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("beside", [".msk", ".ovr", ".MSK", ".OVR"])
def test_a_result_with_a_description_beside_it_is_not_opened(qgis_iface, qgis_new_project, qtbot, server, product, kind,
                                                             beside):
    Path(f"{product}{beside}").write_text(KINDS[kind](server.url))
    if kind != "a vrt after the start of a tiff":  # a damaged TIFF, which makes no request either
        assert not geotiff.is_whole(str(product))
        assert shown(qgis_iface, product, qtbot) == []
    else:
        shown(qgis_iface, product, qtbot)
    assert server.requests() == []


@pytest.mark.parametrize("inside", [True, False])
def test_a_result_that_names_overviews_elsewhere_is_not_opened(qgis_iface, qgis_new_project, qtbot, server, product,
                                                              inside):
    address = f"/vsicurl/{server.url}/o.tif"
    if inside:
        dataset = gdal.OpenEx(str(product), gdal.OF_UPDATE, open_options=["IGNORE_COG_LAYOUT_BREAK=YES"])
        dataset.SetMetadataItem("OVERVIEW_FILE", address, "OVERVIEWS")
        dataset = None
    else:
        Path(f"{product}.aux.xml").write_text(
            f'<PAMDataset><Metadata domain="OVERVIEWS"><MDI key="OVERVIEW_FILE">{address}</MDI></Metadata>'
            "</PAMDataset>")
    assert shown(qgis_iface, product, qtbot) == []
    assert server.requests() == []


def test_a_product_is_opened(qgis_iface, qgis_new_project, qtbot, product):
    assert [layer.source() for layer in shown(qgis_iface, product, qtbot)] == [str(product)]
    assert figures_of(of_file(product), Wishes(), lambda: None).pixels == 600
    assert output(product, 5, "2023-07-15")["path"] == str(product)
