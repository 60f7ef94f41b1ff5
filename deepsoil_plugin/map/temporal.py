"""Maps in time: the UTC day of a layer, the days that the Temporal Controller is offered, and the groups of days of
projects that an earlier version saved.

There each day is a layer; the days of a group exclude each other like radio buttons, so that one click shows another
day. While the Temporal Controller animates, it does the choosing instead, and all days are switched on for it.
"""

from __future__ import annotations

import datetime as dt

from qgis.core import (
    Qgis,
    QgsDateTimeRange,
    QgsInterval,
    QgsLayerTreeGroup,
    QgsProject,
    QgsRasterLayer,
    QgsTemporalNavigationObject,
)
from qgis.PyQt.QtCore import QDate, QDateTime, Qt, QTime

from . import layer_tree


def utc_midnight(day: dt.date) -> QDateTime:
    return QDateTime(QDate(day.year, day.month, day.day), QTime(0, 0), Qt.TimeSpec.UTC)


def days_range(first: dt.date, last: dt.date) -> QgsDateTimeRange:
    """From the first day's midnight to the one after the last day, which is not in it. UTC."""
    return QgsDateTimeRange(utc_midnight(first), utc_midnight(last + dt.timedelta(days=1)), True, False)


def set_day(layer: QgsRasterLayer, day: dt.date) -> None:
    """The layer is seen in frames that touch its UTC day."""
    properties = layer.temporalProperties()
    properties.setMode(Qgis.RasterTemporalMode.FixedTemporalRange)
    properties.setFixedTemporalRange(days_range(day, day))
    properties.setIsActive(True)


def offer_days(controller: QgsTemporalNavigationObject | None, project: QgsProject,
               first: dt.date, last: dt.date) -> bool:
    """Prepare the Temporal Controller for these days in frames of one day; False where the user has it in use."""
    if controller is None or controller.navigationMode() != Qgis.TemporalNavigationMode.NavigationOff:
        return False
    controller.setFrameDuration(QgsInterval(1, Qgis.TemporalUnit.Days))
    controller.setTemporalExtents(days_range(first, last))
    settings = project.timeSettings()
    settings.setTemporalRange(days_range(first, last))
    settings.setTimeStep(1.0)
    settings.setTimeStepUnit(Qgis.TemporalUnit.Days)
    return True


def choose_day(group: QgsLayerTreeGroup, day: str) -> None:
    """Show only this day (ISO) of a group of days; a group without it stays as it is."""
    nodes = group.children()
    chosen = next((index for index, node in enumerate(nodes) if layer_tree.date_of(node) == day), None)
    if chosen is None:
        return
    group.setIsMutuallyExclusive(True, chosen)
    for index, node in enumerate(nodes):
        node.setItemVisibilityChecked(index == chosen)
        node.setExpanded(index == chosen)


def release_days(group: QgsLayerTreeGroup) -> None:
    """Switch all days on, so that only the Temporal Controller chooses among them."""
    group.setIsMutuallyExclusive(False)
    for node in group.children():
        node.setItemVisibilityChecked(True)
