"""Units of sources, and their conversion to the unit of a channel. Pure.

Nothing is guessed: a recipe names the unit of its data, and a conversion that is not in the table is an error.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError

Number = TypeVar("Number", bound=np.floating)
Conversion = Callable[[NDArray[np.float64]], NDArray[np.float64]]

KPA_PER_CM = 0.0980665
"""Pressure of 1 cm of water."""


def _linear(factor: float, offset: float = 0.0) -> Conversion:
    return lambda values: values * factor + offset


def _log10(factor: float = 1.0) -> Conversion:
    return lambda values: np.log10(np.where(values > 0, values, np.nan) * factor)


def _power10(factor: float = 1.0) -> Conversion:
    return lambda values: 10.0**values * factor


def _shift_log10(factor: float) -> Conversion:
    return lambda values: values + np.log10(factor)


CONVERSIONS: dict[str, dict[str, Conversion]] = {
    "%": {"fraction": _linear(100.0), "g/kg": _linear(0.1), "kg/kg": _linear(100.0),
          "log10(%)": _power10(), "dg/kg": _linear(0.01)},
    "m3/m3": {"%": _linear(0.01), "cm3/cm3": _linear(1.0), "fraction": _linear(1.0), "cm/cm": _linear(1.0)},
    "g/cm3": {"kg/m3": _linear(0.001), "cg/cm3": _linear(0.01), "kg/dm3": _linear(1.0)},
    "log10(1/cm)": {"1/cm": _log10(), "1/kPa": _log10(KPA_PER_CM), "log10(1/kPa)": _shift_log10(KPA_PER_CM),
                    "1/m": _log10(0.01)},
    "log10(cm/day)": {"cm/day": _log10(), "cm/h": _log10(24.0), "log10(cm/h)": _shift_log10(24.0),
                      "m/s": _log10(8.64e6), "mm/h": _log10(2.4), "um/s": _log10(8.64)},
    "mm": {"m": _linear(1000.0), "cm": _linear(10.0), "in": _linear(25.4)},
    "m": {"ft": _linear(0.3048), "cm": _linear(0.01), "km": _linear(1000.0)},
    "degree": {"radian": _linear(180.0 / np.pi)},
    "reflectance": {"fraction": _linear(1.0), "%": _linear(0.01)},
    "m2/m2": {"-": _linear(1.0)},
    "-": {"fraction": _linear(1.0), "1": _linear(1.0)},
    "degC": {"K": _linear(1.0, -273.15), "degF": _linear(5.0 / 9.0, -160.0 / 9.0)},
    "kPa": {"Pa": _linear(0.001), "hPa": _linear(0.1), "mbar": _linear(0.1)},
    "mm/day": {"m/day": _linear(1000.0), "cm/day": _linear(10.0), "in/day": _linear(25.4), "mm/h": _linear(24.0),
               "kg/m2/day": _linear(1.0), "kg/m2/s": _linear(86400.0)},
    "m/s": {"km/h": _linear(1 / 3.6), "mph": _linear(0.44704), "kn": _linear(0.514444)},
    "MJ/m2/day": {"W/m2": _linear(0.0864), "kJ/m2/day": _linear(0.001)},
}
"""Unit wanted → unit found → conversion."""

ALIASES = {
    "m**3 m**-3": "m3/m3", "m3 m-3": "m3/m3", "cm^3/cm^3": "m3/m3", "mm d-1": "mm/day", "mm day-1": "mm/day",
    "kg m-2 s-1": "kg/m2/s", "percent": "%", "kelvin": "K", "celsius": "degC", "°C": "degC", "degrees_C": "degC",
    "deg C": "degC", "C": "degC", "degK": "K", "Kelvin": "K", "metre": "m", "meters": "m",
    "metres": "m", "mm/d": "mm/day", "degrees": "degree",
}


def canonical(unit: str) -> str:
    """The spelling of a unit that the table uses."""
    return ALIASES.get(unit.strip(), unit.strip())


def accepted(wanted: str) -> list[str]:
    """Units that can be converted to ``wanted``, itself first."""
    return [wanted, *CONVERSIONS.get(wanted, {})]


def check(what: str, found: str, wanted: str, field: str) -> None:
    """Raise DeepSoilError ``unit_wrong`` naming the channel ``what`` unless ``found`` can become ``wanted``."""
    if canonical(found) not in accepted(wanted):
        raise DeepSoilError("unit_wrong", "{what} is given in {found!r}, but is needed in {wanted!r}.",
                            "Units that can be used: {units}.", field,
                            what=what, found=found, wanted=wanted, units=", ".join(accepted(wanted)))


def convert(values: NDArray[Number], found: str, wanted: str) -> NDArray[Number]:
    """Values in ``found`` as values in ``wanted``; the pair must have passed ``check``."""
    found = canonical(found)
    if found == wanted:
        return values
    return CONVERSIONS[wanted][found](values.astype(np.float64)).astype(values.dtype)
