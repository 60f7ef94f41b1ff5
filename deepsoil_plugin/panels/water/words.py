"""A day of the plot in words, and what its colours mean. Pure."""

from __future__ import annotations

from qgis.PyQt.QtGui import QColor

from ...map.area import ACCENT, WRONG
from ...text import units
from ...text.dates import day_text
from ...text.formatting import number_text
from ...text.translate import tr
from ...widgets.plot_colours import PlotColours, mix
from .amounts import Unit, amount, shown
from .course import Course

_NAMED_CM = (5.0, 20.0)


def day_words(course: Course, index: int, unit: Unit) -> str:
    """``17 Jul 2023: rain 0 mm, irrigation 20 mm, depletion 34 mm (28 to 41), drainage 0.0 mm, 5 cm 0.21, …``"""
    day = course.days[index].astype(object)
    lack = course.depletion
    parts = [tr("rain {0}").format(amount(course.rain_mm[index], unit, named=True)),
             tr("irrigation {0}").format(amount(course.irrigation.mean[index], unit, named=True)),
             tr("depletion {0} ({1} to {2})").format(amount(lack.mean[index], unit, named=True),
                                                    amount(lack.lower[index], unit), amount(lack.upper[index], unit)),
             tr("drainage {0} {1}").format(number_text(shown(float(course.drainage.mean[index]), unit),
                                                       2 if unit == "in" else 1), unit)]
    parts += [f"{depth:g} cm {units.theta_text(course.theta[depth].mean[index])}" for depth in _NAMED_CM
              if depth in course.theta]
    return f"{day_text(day)}: {', '.join(parts)} {units.theta_unit()}"


def key_entries(colours: PlotColours, assumed: bool) -> list[tuple[QColor, str, str]]:
    """Colour, sign and word of each. ``assumed``: whether the irrigation of the days before is not from a log."""
    given = (mix(ACCENT, colours.background, 0.7), "▯", tr("assumed")) if assumed else (ACCENT, "▮", tr("given"))
    return [(colours.rain, "▮", tr("rain")), given,
            (mix(ACCENT, colours.background, 0.45), "▮", tr("planned")),
            (colours.hint, "▮", tr("90 % interval")), (WRONG, "━", tr("limit of the crop, and when it is reached"))]
