"""Every conversion of units against values of its own: none is derived from the table that it checks."""

from __future__ import annotations

import math

import numpy as np
import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.sources import units

# 1 cm of water is 98.0665 Pa; a day has 86,400 s; an inch 25.4 mm; a foot 0.3048 m; 0 °C is 273.15 K and 32 °F.
TABLE = {  # wanted: {found: (value found, the same in the unit wanted)}
    "%": {"fraction": (0.25, 25.0), "g/kg": (120.0, 12.0), "kg/kg": (0.03, 3.0), "log10(%)": (0.5, 3.16227766),
          "dg/kg": (250.0, 2.5)},
    "m3/m3": {"%": (31.0, 0.31), "cm3/cm3": (0.31, 0.31), "fraction": (0.31, 0.31), "cm/cm": (0.31, 0.31)},
    "g/cm3": {"kg/m3": (1350.0, 1.35), "cg/cm3": (135.0, 1.35), "kg/dm3": (1.35, 1.35)},
    # alpha 0.02 per cm: per kPa it is 0.02 / 0.0980665 = 0.203943, per m 2
    "log10(1/cm)": {"1/cm": (0.02, -1.69897), "1/kPa": (0.203943, -1.69897), "log10(1/kPa)": (-0.690491, -1.69897),
                    "1/m": (2.0, -1.69897)},
    # 10 cm a day: 0.416667 cm/h, 4.16667 mm/h, 1.157407e-6 m/s
    "log10(cm/day)": {"cm/day": (10.0, 1.0), "cm/h": (0.4166667, 1.0), "log10(cm/h)": (-0.3802112, 1.0),
                      "m/s": (1.157407e-6, 1.0), "mm/h": (4.166667, 1.0), "um/s": (1.157407, 1.0)},
    "mm": {"m": (0.012, 12.0), "cm": (1.2, 12.0), "in": (0.5, 12.7)},
    "m": {"ft": (1000.0, 304.8), "cm": (250.0, 2.5), "km": (1.5, 1500.0)},
    "degree": {"radian": (math.pi / 6, 30.0)},
    "reflectance": {"fraction": (0.2, 0.2), "%": (20.0, 0.2)},
    "m2/m2": {"-": (3.5, 3.5)},
    "-": {"fraction": (0.4, 0.4), "1": (0.4, 0.4)},
    "degC": {"K": (300.0, 26.85), "degF": (77.0, 25.0)},
    "kPa": {"Pa": (1500.0, 1.5), "hPa": (15.0, 1.5), "mbar": (15.0, 1.5)},
    "mm/day": {"m/day": (0.005, 5.0), "cm/day": (0.5, 5.0), "in/day": (0.2, 5.08), "mm/h": (0.25, 6.0),
               "kg/m2/day": (5.0, 5.0), "kg/m2/s": (5e-5, 4.32)},
    "m/s": {"km/h": (36.0, 10.0), "mph": (10.0, 4.4704), "kn": (10.0, 5.14444)},
    # 200 W/m² over a day are 17.28 MJ
    "MJ/m2/day": {"W/m2": (200.0, 17.28), "kJ/m2/day": (17_280.0, 17.28)},
}
SPELLINGS = {
    "m**3 m**-3": "m3/m3", "m3 m-3": "m3/m3", "cm^3/cm^3": "m3/m3", "mm d-1": "mm/day", "mm day-1": "mm/day",
    "kg m-2 s-1": "kg/m2/s", "percent": "%", "kelvin": "K", "Kelvin": "K", "degK": "K",
    "celsius": "degC", "°C": "degC", "degrees_C": "degC",
    "deg C": "degC", "C": "degC", "metre": "m", "meters": "m", "metres": "m", "mm/d": "mm/day", "degrees": "degree"}


@pytest.mark.parametrize(("wanted", "found"), [(wanted, found) for wanted, row in TABLE.items() for found in row])
def test_a_conversion_gives_the_same_quantity(wanted: str, found: str) -> None:
    value, same = TABLE[wanted][found]
    units.check("it", found, wanted, "unit")
    converted = units.convert(np.array([value], np.float64), found, wanted)
    assert float(converted[0]) == pytest.approx(same, rel=2e-6, abs=2e-6)
    assert units.convert(np.array([value], np.float32), f" {found} ", wanted).dtype == np.float32


def test_there_is_a_value_for_every_conversion_and_spelling() -> None:
    assert {wanted: set(row) for wanted, row in units.CONVERSIONS.items()} == {
        wanted: set(row) for wanted, row in TABLE.items()}
    assert units.ALIASES == SPELLINGS
    for wanted, row in TABLE.items():
        assert units.accepted(wanted) == [wanted, *row] and units.accepted("nothing known") == ["nothing known"]


def test_the_logarithm_of_nothing_is_missing() -> None:
    values = units.convert(np.array([0.0, -3.0, 1.0]), "cm/day", "log10(cm/day)")
    assert np.isnan(values[:2]).all() and values[2] == 0.0


def test_a_unit_that_cannot_be_converted_is_named_with_those_that_can() -> None:
    with pytest.raises(DeepSoilError, match="'percent ', but is needed in 'degC'") as caught:
        units.check("temperature", "percent ", "degC", "weather.unit")
    assert caught.value.code == "unit_wrong" and "degC, K, degF" in caught.value.hint
    values = np.array([1.0])
    assert units.convert(values, "celsius", "degC") is values
