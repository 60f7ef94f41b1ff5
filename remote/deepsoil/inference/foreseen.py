"""Maps of days to come: their mark, and what the user is told of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from deepsoil.contract.errors import DeepSoilError

if TYPE_CHECKING:
    from deepsoil.store.store import Store


def tags(store: Store, day: date) -> dict[str, str]:
    """Of a product of a day: nothing where its weather was observed."""
    if not store.is_forecast(day):
        return {}
    return {"DEEPSOIL_FORECAST": "yes", "DEEPSOIL_FORECAST_FROM": str(store.forecast_from())}


def in_title(store: Store, day: date) -> str:
    """What is added to the title of a product of a day."""
    return ", forecast" if store.is_forecast(day) else ""


def warnings(store: Store, days: Sequence[date]) -> list[DeepSoilError]:
    """``weather_foreseen`` where days of a request are foreseen."""
    foreseen = [day for day in days if store.is_forecast(day)]
    if not foreseen:
        return []
    return [DeepSoilError("weather_foreseen", "The weather from {first} on is a forecast; {count} of {total} days rest "
                          "on it.", "Bring the data up to date later: observed weather then takes its place.", "dates",
                          first=store.forecast_from(), count=len(foreseen), total=len(days))]
