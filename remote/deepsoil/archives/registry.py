"""The archives that DeepSoil knows, and in which order they stand in for each other."""

from __future__ import annotations

from deepsoil.archives.archive import Archive
from deepsoil.archives.awdb import AWDB
from deepsoil.archives.cdl import CDL, CROPSCAPE_CDL
from deepsoil.archives.crop_casma import CROP_CASMA
from deepsoil.archives.elevation import ELEVATION, ELEVATION_SERVICE
from deepsoil.archives.gridmet import GRIDMET
from deepsoil.archives.koppen import KOPPEN, KOPPEN_OF_WEATHER
from deepsoil.archives.lai import MODIS_LAI, VIIRS_LAI
from deepsoil.archives.ndvi_catalogues import HLS, SENTINEL_2
from deepsoil.archives.nlcd import NLCD, NLCD_IMAGES
from deepsoil.archives.nws import NWS
from deepsoil.archives.open_meteo import OPEN_METEO
from deepsoil.archives.polaris import POLARIS
from deepsoil.archives.smap_l3 import SMAP_L3
from deepsoil.archives.soil_survey import SOIL_SURVEY
from deepsoil.archives.soilgrids import SOILGRIDS
from deepsoil.archives.uscrn import USCRN
from deepsoil.contract.errors import DeepSoilError

ARCHIVES: dict[str, Archive] = {one.name: one for one in (
    POLARIS, SOIL_SURVEY, SOILGRIDS, NLCD, NLCD_IMAGES, KOPPEN, KOPPEN_OF_WEATHER, CDL, CROPSCAPE_CDL,
    ELEVATION, ELEVATION_SERVICE,
    GRIDMET, NWS, OPEN_METEO,
    AWDB, USCRN,
    HLS, SENTINEL_2,
    VIIRS_LAI, MODIS_LAI,
    SMAP_L3, CROP_CASMA,
)}
"""By name. A module of an archive makes one object, and a line here adds it."""

NEEDS: dict[str, tuple[str, ...]] = {
    "soil_refined": ("polaris",),
    "soil": ("soil_survey", "soilgrids"),
    "land_cover": ("nlcd", "nlcd_images"),
    "koppen": ("koppen", "koppen_weather"),
    "crops": ("cdl", "cropscape"),
    "elevation": ("3dep", "3dep_service"),
    "weather": ("gridmet",),
    "outlook": ("nws", "open_meteo"),
    "stations": ("awdb", "uscrn"),
    "ndvi": ("hls", "sentinel2"),
    "lai": ("viirs_lai", "modis_lai"),
    "smap": ("smap_l3", "crop_casma"),
}
"""What a region needs → names of archives, the preferred one first; the next is tried where one fails or is off."""


def require_known(*names: str) -> None:
    """Raise DeepSoilError ``archive_unknown`` for a name that no archive has: a slip of the keyboard asks nobody."""
    for name in names:
        if name not in ARCHIVES:
            raise DeepSoilError("archive_unknown", "There is no archive {name}.", "Archives are: {known}.", None,
                                name=name, known=", ".join(ARCHIVES))
