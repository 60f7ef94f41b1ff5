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
