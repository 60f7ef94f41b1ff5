"""POLARIS from a local host: windows of its tiles become the soil of a store, with its licence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from deepsoil.archives.polaris import POLARIS
from deepsoil.contract.errors import DeepSoilError
from land_tools import BOUNDS, addresses, ask, gather, ingested, inside
from servers.polaris import polaris

__all__ = ["addresses"]
USUAL = {"sand": 30.0, "silt": 45.0, "clay": 25.0, "bd": 1.4, "theta_r": 0.06, "theta_s": 0.45, "alpha": -0.6, "n": 1.4,
         "ksat": 0.3, "om": 0.4}


def soil(name: str, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Sand and silt change from west to east; the rest is the same everywhere."""
    change = {"sand": 20.0, "silt": -20.0}.get(name, 0.0)
    return USUAL[name] + change * (lon + 96.6)


def test_windows_of_tiles_become_soil_and_the_licence_stays_with_it(tmp_path: Path,
                                                                   addresses: Callable[..., None]) -> None:
    assert POLARIS.terms and "NC" in POLARIS.licence
    with polaris(soil, BOUNDS) as server:
        addresses(polaris=server.base)
        _, entries = gather(POLARIS, ask(), tmp_path)
    assert set(entries.channels) == POLARIS.provides and all("/mean/5_15/" in one.path for one in server.asked)
    store = ingested(entries, ask(), tmp_path, POLARIS.attribution)
    assert "CC BY-NC" in store.attribution
    window, lon, _ = inside()
    assert np.allclose(store.read_static("sand", window), 30 + 20 * (lon + 96.6), atol=0.05)
    known = {"log10_vg_alpha": -0.6 + np.log10(0.0980665), "log10_ks": 0.3 + np.log10(24), "organic_matter": 10 ** 0.4,
             "vg_n": 1.4, "clay": 25.0, "theta_s": 0.45}
    for name, value in known.items():
        assert np.allclose(store.read_static(name, window), value, rtol=1e-4), name


def test_a_field_on_the_corner_of_four_tiles_has_no_seam_and_a_tile_of_sea_is_told(
        tmp_path: Path, addresses: Callable[..., None]) -> None:
    bounds, field = (-97.03, 38.98, -96.97, 39.02), (-97.02, 38.99, -96.98, 39.01)
    with polaris(soil, bounds) as server:
        addresses(polaris=server.base)
        got, entries = gather(POLARIS, ask(field, bounds), tmp_path)
        assert len(got) == 4 * len(USUAL)
    window, lon, _ = inside(bounds)
    sand = ingested(entries, ask(field, bounds), tmp_path).read_static("sand", window)
    assert np.allclose(sand, 30 + 20 * (lon + 96.6), atol=0.05)
    with polaris(soil, bounds, ("lat3839_lon-97-96",)) as server:
        addresses(polaris=server.base)
        got, entries = gather(POLARIS, ask(field, bounds), tmp_path / "coast")
    assert any("lat3839_lon-97-96" in note for note in entries.notes)
    window, lon, lat = inside(bounds)
    sand = ingested(entries, ask(field, bounds), tmp_path / "coast").read_static("sand", window)
    sea = (lon > -96.9995) & (lat < 38.9995)
    assert np.isnan(sand[sea]).all() and np.isfinite(sand[(lon < -97.0005) | (lat > 39.0005)]).all()


@pytest.mark.parametrize(("code", "make"), [
    ("archive_implausible", lambda name, lon, lat: soil(name, lon, lat) * (10 if name == "sand" else 1)),
    ("archive_implausible", lambda name, lon, lat: soil(name, lon, lat) + (5 if name == "alpha" else 0)),
    ("archive_outside", lambda name, lon, lat: np.full(lon.shape, np.nan))])
def test_other_units_and_places_without_values_are_told(tmp_path: Path, addresses: Callable[..., None], code: str,
                                                        make) -> None:
    with polaris(make, BOUNDS) as server:
        addresses(polaris=server.base)
        with pytest.raises(DeepSoilError) as caught:
            gather(POLARIS, ask(), tmp_path)
    assert caught.value.code == code and caught.value.hint and POLARIS.title in caught.value.message


def test_a_host_without_any_tile_is_told(tmp_path: Path, addresses: Callable[..., None]) -> None:
    with polaris(soil, BOUNDS, ("lat3940_lon-97-96",)) as server:
        addresses(polaris=server.base)
        with pytest.raises(DeepSoilError) as caught:
            gather(POLARIS, ask(), tmp_path)
    assert caught.value.code == "archive_outside"
