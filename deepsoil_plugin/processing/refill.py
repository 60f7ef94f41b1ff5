"""How the water to refill is counted, and zones of need, as parameters of an algorithm."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    Qgis,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterNumber,
)

from ..jobs.refill import LEAST_HA, LEAST_PERCENT, MOST_HA, MOST_RAIN_DAYS, RefillWish
from ..text.translate import tr

TARGET, RAIN, NEEDED, ZONES, MINIMUM = ("REFILL_TARGET", "REFILL_RAIN_DAYS", "REFILL_ONLY_WHERE_NEEDED", "ZONES",
                                        "ZONES_MINIMUM_HA")


def add_refill(algorithm: QgsProcessingAlgorithm) -> None:
    """Add the parameters, all of them advanced; they count where the map of the water to refill is wanted."""
    usual, kind = RefillWish(), Qgis.ProcessingNumberParameterType
    for parameter in (
            QgsProcessingParameterNumber(TARGET, tr("Refill: up to this share of the available water (%)"), kind.Double,
                                         100 * usual.target, False, LEAST_PERCENT, 100),
            QgsProcessingParameterNumber(RAIN, tr("Refill: leave the rain of so many days out"), kind.Integer,
                                         usual.rain_days, False, 0, MOST_RAIN_DAYS),
            QgsProcessingParameterBoolean(NEEDED, tr("Refill: only where the limit is reached"),
                                          defaultValue=usual.only_where_needed),
            QgsProcessingParameterBoolean(ZONES, tr("Refill: zones of need, too"), defaultValue=usual.zones),
            QgsProcessingParameterNumber(MINIMUM, tr("Refill: smallest zone (ha)"), kind.Double, usual.minimum_ha,
                                         False, LEAST_HA, MOST_HA)):
        parameter.setFlags(parameter.flags() | Qgis.ProcessingParameterFlag.Advanced)
        algorithm.addParameter(parameter)


def refill_of(algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext,
              ) -> RefillWish:
    """What the parameters say."""
    return RefillWish(target=algorithm.parameterAsDouble(parameters, TARGET, context) / 100,
                      rain_days=algorithm.parameterAsInt(parameters, RAIN, context),
                      only_where_needed=algorithm.parameterAsBool(parameters, NEEDED, context),
                      zones=algorithm.parameterAsBool(parameters, ZONES, context),
                      minimum_ha=algorithm.parameterAsDouble(parameters, MINIMUM, context))
