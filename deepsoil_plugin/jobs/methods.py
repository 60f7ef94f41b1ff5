"""The methods by which maps are made, in the order in which they are offered, and their names for people."""

from __future__ import annotations

from ..text.translate import tr

NETWORK, COLUMN = "network", "column"
METHODS = (NETWORK, COLUMN)


def method_text(method: str) -> str:
    if method == COLUMN:
        return tr("Simulated field (knows your water and crop)")
    return tr("Networks (fast, trained)")


def method_tip(method: str) -> str:
    if method == COLUMN:
        return tr("The soil columns of the field are simulated with its weather, crop and water. Takes seconds to "
                  "minutes; needs no model")
    return tr("The trained networks of the chosen models")


def product_tip(name: str) -> str:
    """What a map of the root zone's water shows."""
    if name == "available_mm":
        return tr("Water above the wilting point, down to the roots, at most to 100 cm")
    if name == "available_percent":
        return tr("Its share of what the soil can hold; more than 100 after much rain")
    if name == "depletion_mm":
        return tr("What lacks to field capacity: what an irrigation can give without loss")
    if name == "refill_mm":
        return tr("What an irrigation is to give, so that the root zone is full again")
    return tr("Water that leaves the soil below the roots, at 160 cm, on the day")
