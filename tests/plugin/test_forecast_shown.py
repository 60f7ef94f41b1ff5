"""Days whose weather is a forecast are hatched in the dock, and said in words."""

from __future__ import annotations

import datetime as dt

import pytest
from gather_parts import REGION
from qgis.PyQt.QtCore import QRect
from qgis.PyQt.QtGui import QColor, QImage, QPainter
from qgis.PyQt.QtWidgets import QLabel
from summaries import summary

from deepsoil_plugin.dock.dates_section import forecast_text
from deepsoil_plugin.dock.job_delegate import JobDelegate
from deepsoil_plugin.jobs.status_text import is_foreseen
from deepsoil_plugin.jobs.table_model import tell
from deepsoil_plugin.widgets.hatching import hatch

KNOWN = dt.date(2026, 11, 28)
FORESEEN = {**REGION, "last_date": "2026-12-05", "forecast_from": "2026-11-29"}


@pytest.mark.parametrize(("start", "end", "words"), [
    ("2026-11-20", "2026-11-28", ""), ("2026-11-29", "2026-11-29", "Forecast: the weather of this day"),
    ("2026-11-27", "2026-12-01", "3 days of forecast, from 29 Nov 2026"),
    ("2026-12-02", "2026-12-03", "2 days of forecast, from 2 Dec 2026")])
def test_the_days_of_forecast_are_counted(qgis_app, start, end, words):
    found = forecast_text(dt.date.fromisoformat(start), dt.date.fromisoformat(end), KNOWN)
    assert found.startswith(words) and bool(found) == bool(words)
    assert forecast_text(dt.date.fromisoformat(start), dt.date.fromisoformat(end), None) == ""


def test_the_dock_says_it_below_the_dates_and_suggests_the_last_day_that_is_known(open_dock, qtbot):
    dock = open_dock([FORESEEN])
    dates, line = dock.parts.dock.request.dates, dock.part(QLabel, "deepsoilForecast")
    qtbot.waitUntil(lambda: dates.start == KNOWN, timeout=10_000)
    assert not line.isVisible()
    dates._step(2)
    assert line.isVisible() and line.text().startswith("Forecast")
    dates._step(-2)
    assert not line.isVisible()


def painted(job, width=340):
    """The row of a job as the list paints it."""
    from qgis.PyQt.QtWidgets import QStyleOptionViewItem

    image = QImage(width, 60, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    option = QStyleOptionViewItem()
    option.rect = QRect(0, 0, width, 60)
    JobDelegate()._paint_job(painter, option, job)
    painter.end()
    return image


def ink(image):
    return sum(image.pixelColor(x, y).lightness() < 250 for x in range(image.width() // 2, image.width())
               for y in range(25))


def test_a_job_of_days_to_come_is_hatched_in_the_list(qgis_app):
    asked = {"specification": {"dates": {"start": "2026-11-27", "end": "2026-12-02"}, "depths_cm": [5]}}
    coming = summary(state="queued", created="2026-11-30T10:00:00Z", **asked)
    past = {**coming, "created": "2026-12-20T10:00:00Z"}
    assert is_foreseen(coming) and not is_foreseen(past) and not is_foreseen({**coming, "kind": "train"})
    assert "forecast" in tell(coming).cells[1] and "forecast" not in tell(past).cells[1]
    assert ink(painted(coming)) > 1.3 * ink(painted(past))


def test_hatching_leaves_the_ground_to_be_seen(qgis_app):
    image = QImage(64, 32, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    hatch(painter, QRect(0, 0, 64, 32), QColor("black"))
    painter.end()
    dark = sum(image.pixelColor(x, y).lightness() < 250 for x in range(64) for y in range(32)) / (64 * 32)
    assert 0.05 < dark < 0.5
