"""SoilGrids 2.0: soil of the whole world in 250 m (ISRIC, CC BY 4.0), where the soil survey does not serve.

WCS 2.0.1 of ``maps.isric.org/mapserv?map=/map/{variable}.map``, a coverage a variable and depth, asked for in degrees
(its own CRS, Homolosine, PROJ does not know). Scaled whole numbers: g/kg, cg/cm³, dg/kg; no value is −32768 or 0. Few
calls a minute are allowed, so only one depth is taken. Sources: facts on public archives, November 2026, §2d. Not
verified live.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from deepsoil.archives import clips, coverage_service, wrong_answers
from deepsoil.archives.addresses import address_of
from deepsoil.archives.archive import Ask, Bounds, Entries, Got, Piece
from deepsoil.archives.coverage_grid import outside
from deepsoil.archives.network import Network
from deepsoil.contract.text import Text
from deepsoil.sources import soil_hydraulics

PUBLIC = "https://maps.isric.org"
DEPTH = "5-15"
"""Its middle lies between the depths of the two maps, 5 and 20 cm."""
NODATA = (-32768, 0)
CARBON_TO_MATTER = 1.724
"""Organic matter is taken as so many times organic carbon (van Bemmelen), as the soil survey does."""
_CRS = "http://www.opengis.net/def/crs/EPSG/0/4326"
_MARGIN = 0.01
_STEP = 0.0025
_VARIABLES: dict[str, tuple[str, dict[str, Any], tuple[int, int]]] = {
    "sand": ("sand", {"unit": "g/kg"}, (1, 1000)), "silt": ("silt", {"unit": "g/kg"}, (1, 1000)),
    "clay": ("clay", {"unit": "g/kg"}, (1, 1000)), "bulk_density": ("bdod", {"unit": "cg/cm3"}, (10, 250)),
    "organic_matter": ("soc", {"unit": "%", "scale": round(CARBON_TO_MATTER / 100, 6)}, (1, 6000)),
}
"""Channel → SoilGrids's variable, what the recipe says of its numbers, and the smallest and largest that can be."""


class SoilGrids:
    name = "soilgrids"
    title = "SoilGrids 250 m"
    provides = frozenset({*_VARIABLES, *soil_hydraulics.CHANNELS})
    licence = "CC BY 4.0"
    attribution = "SoilGrids 2.0: Poggio et al. (2021), doi:10.5194/soil-7-217-2021, ISRIC, CC BY 4.0"
    terms: str | None = None
    account: str | None = None

    def plan(self, ask: Ask) -> list[Piece]:
        west, south, east, north = ask.bounds
        bounds = [west - _MARGIN, south - _MARGIN, east + _MARGIN, north + _MARGIN]
        size = int((bounds[2] - bounds[0]) * (bounds[3] - bounds[1]) / _STEP**2 * 2) + 2_000
        return [Piece(self.name, f"{self.name}/{variable}.tif", _request(variable, bounds), size,
                      {"bounds": list(ask.bounds), "field": list(ask.outline.bounds), "limits": list(limits)})
                for variable, _, limits in _VARIABLES.values()]

    def fetch(self, piece: Piece, network: Network, folder: Path) -> Got:
        path = folder / piece.name
        path.parent.mkdir(parents=True, exist_ok=True)
        got = network.download(self.title, piece.address, path, check=lambda file: self._check(
            file, tuple(piece.details["bounds"]), tuple(piece.details["limits"])))
        values, transform = _known(path, self.title)
        if not np.isfinite(clips.under(values, transform, tuple(piece.details["field"]))).any():
            path.unlink()
            raise outside(self.title)
        return Got(piece, (piece.name,), got.address, datetime.now(UTC), got.size)

    def entries(self, got: Sequence[Got], folder: Path) -> Entries:
        note = f"SoilGrids 2.0, 250 m, {DEPTH} cm: a coarse stand-in for the soil survey"
        channels: dict[str, dict[str, Any]] = {
            name: {"kind": "raster", "file": f"{self.name}/{variable}.tif", "nodata": list(NODATA), "note": note,
                   **said}
            for name, (variable, said, _) in _VARIABLES.items()}
        channels.update({name: {"kind": "soil_hydraulics", "note": f"Rosetta 3 of the texture of {note}"}
                         for name in soil_hydraulics.CHANNELS})
        return Entries(channels, notes=("the soil is that of SoilGrids in 250 m, since the soil survey did not serve",))

    def _check(self, path: Path, bounds: Bounds, limits: tuple[int, int]) -> None:
        """Raise ``archive_implausible`` for a map of another place, in other units or without any value."""
        values, transform = _known(path, self.title)
        right, bottom = transform.c + values.shape[1] * transform.a, transform.f + values.shape[0] * transform.e
        known = values[np.isfinite(values)]
        problem = None
        if transform.c > bounds[0] or right < bounds[2] or bottom > bounds[1] or transform.f < bounds[3]:
            problem = Text("it does not cover the place that was asked for")
        elif not known.size:
            problem = Text("it has no value")
        elif known.min() < limits[0] or known.max() > limits[1]:
            problem = Text("its values are {low:g} to {high:g}", low=float(known.min()), high=float(known.max()))
        if problem:
            raise wrong_answers.other_map(self.title, problem)


def _known(path: Path, title: str) -> tuple[Any, Any]:
    """Values (H, W), NaN where there is none, and the transform. Raises ``archive_implausible``."""
    values, transform, crs, nodata = clips.opened(path, title)
    if crs is None or not crs.is_geographic or not transform.a > 0 > transform.e:
        raise wrong_answers.other_map(title, Text("it lies in another coordinate system"))
    missing = np.isin(values, (*NODATA, *(() if nodata is None else (nodata,))))
    return np.where(missing, np.nan, values.astype(np.float64)), transform


def _request(variable: str, bounds: Sequence[float]) -> str:
    west, south, east, north = bounds
    return coverage_service.address(
        f"{address_of('soilgrids', PUBLIC)}/mapserv?map=/map/{variable}.map", ("SERVICE", "WCS"), ("VERSION", "2.0.1"),
        ("REQUEST", "GetCoverage"), ("COVERAGEID", f"{variable}_{DEPTH}cm_mean"), ("FORMAT", "image/tiff"),
        ("SUBSET", f"X({west:.6f},{east:.6f})"), ("SUBSET", f"Y({south:.6f},{north:.6f})"), ("SUBSETTINGCRS", _CRS),
        ("OUTPUTCRS", _CRS))


SOILGRIDS = SoilGrids()
