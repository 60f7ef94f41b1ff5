"""SoilGrids from a local server: a coarse soil where the survey has none, in the right units."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from deepsoil.archives.soilgrids import SOILGRIDS
from deepsoil.contract.errors import DeepSoilError
from land_tools import addresses, ask, gather, ingested, inside
from servers.soilgrids import soilgrids

__all__ = ["addresses"]
USUAL = {"sand": 300.0, "silt": 450.0, "clay": 250.0, "bdod": 135.0, "soc": 150.0}


def soil(name: str, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    change = {"sand": 1000.0, "silt": -1000.0}.get(name, 0.0)
    return USUAL[name] + change * (lon + 96.59)


def test_scaled_numbers_become_soil(tmp_path: Path, addresses: Callable[..., None]) -> None:
    with soilgrids(soil) as server:
        addresses(soilgrids=server.base)
        _, entries = gather(SOILGRIDS, ask(), tmp_path)
    assert set(entries.channels) == SOILGRIDS.provides and entries.notes
    store = ingested(entries, ask(), tmp_path)
    window, lon, _ = inside()
    assert np.allclose(store.read_static("sand", window), 30 + 100 * (lon + 96.59), atol=0.15)
    assert np.allclose(store.read_static("bulk_density", window), 1.35, atol=1e-4)
    assert np.allclose(store.read_static("organic_matter", window), 1.5 * 1.724, atol=1e-3)
    assert np.isfinite(store.read_static("log10_ks", window)).all()


@pytest.mark.parametrize(("code", "make"), [
    ("archive_implausible", lambda name, lon, lat: soil(name, lon, lat) * 10),
    ("archive_implausible", lambda name, lon, lat: np.zeros(lon.shape)),
    ("archive_outside", lambda name, lon, lat: np.where(np.abs(lat - 39.09) < 0.02, 0, soil(name, lon, lat)))])
def test_other_units_and_water_are_told(tmp_path: Path, addresses: Callable[..., None], code: str, make) -> None:
    with soilgrids(make) as server:
        addresses(soilgrids=server.base)
        with pytest.raises(DeepSoilError) as caught:
            gather(SOILGRIDS, ask(), tmp_path)
    assert caught.value.code == code and caught.value.hint and SOILGRIDS.title in caught.value.message
