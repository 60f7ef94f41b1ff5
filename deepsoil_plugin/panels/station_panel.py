"""The station panel: the measurements of a station and the predictions there, in one plot beside the map."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from qgis.core import QgsProject
from qgis.gui import QgsDockWidget
from qgis.PyQt.QtCore import QEvent, QTimer, pyqtSignal

from ..contract import LOCAL
from ..depths import list_text
from ..hosts.host_field import resources_of
from ..map import layer_tree
from ..text.dates import period_text
from ..text.formatting import plain_error
from ..text.translate import tr
from ..widgets.message_pages import MessagePages, panel_body
from ..widgets.plot_colours import plot_colours
from . import station_series
from .map_day import MapDay
from .scores_table import ScoresTable
from .station_comparison import Baselines, ComparisonRequest, Scores, StationComparison
from .station_header import StationHeader
from .words_line import WordsLine


class StationPanel(QgsDockWidget):
    """``dayPicked(date)``: the user has moved the line that marks the date of the map."""

    dayPicked = pyqtSignal(object)

    def __init__(self, iface: Any, client: Any,
                 resources: Callable[[str], dict[str, Any] | None] = lambda _host: None) -> None:
        """``resources``: what a job asks for at a host."""
        super().__init__(tr("DeepSoil Stations"), iface.mainWindow())
        self._resources = resources
        self.setObjectName("DeepSoilStationPanel")
        self._iface = iface
        self._client = client
        self._region = ""
        self._properties: dict[str, Any] = {}
        self._day: dt.date | None = None
        self._shown: station_series.Comparison | None = None
        self._plot: Any = None
        self._source = StationComparison(client, self)
        self._source.observed.connect(self._observed)
        self._source.progressed.connect(self._progressed)
        self._source.compared.connect(self._compared)
        self._source.failed.connect(self._failed)
        self._source.cancelled.connect(lambda: self._stopped(tr("No comparison: the prediction was cancelled.")))
        self._build()
        self._say(tr("Click a station on the map."))
        MapDay(iface.mapCanvas(), self).changed.connect(self._map_day_changed)

    def show_station(self, region_id: str, properties: Mapping[str, Any]) -> None:
        """Open the panel on a station; its properties as in the engine's ``stations``."""
        self._region, self._properties = region_id, dict(properties)
        self._header.name(str(properties.get("name") or properties["id"]), str(properties.get("network") or ""))
        self._day = layer_tree.shown_day(QgsProject.instance(), region_id)
        self.setUserVisible(True)
        self._load()

    def closeEvent(self, event: Any) -> None:
        self._source.stop()
        super().closeEvent(event)

    # --- the widgets

    def _build(self) -> None:
        self._header = StationHeader()
        self._header.cancelAsked.connect(self._source.cancel)
        self._header.compareAsked.connect(self._try_again)
        self._header.periodChosen.connect(self._load)
        self._line = WordsLine("stationWords")
        self._scores = ScoresTable()
        self._pages = MessagePages("stationMessage")
        self.setWidget(panel_body(self._header, self._line, self._pages, self._scores))

    # --- loading

    def _load(self) -> None:
        if not self._region:
            return
        self._source.stop()
        self._header.idle()
        self._say(tr("Loading the station's measurements …"))
        region, station = self._region, self._properties["id"]
        host = str(self._properties.get("host") or LOCAL)
        self._client.call("regions", {"host": host},
                          lambda regions: self._regions_came(region, station, regions),
                          lambda error: self._failed({**error, "stage": "observations"}), owner=self)

    def _regions_came(self, region_id: str, station: str, regions: list[dict[str, Any]]) -> None:
        if (region_id, station) != (self._region, self._properties["id"]):
            return
        region = next((region for region in regions if region["id"] == region_id), None)
        if region is None or not region.get("first_date"):
            self._say(tr("The region of this station is no longer available. Add its folder again with the button at "
                         "the end of the Data line in the DeepSoil panel."))
            return
        first, last = (dt.date.fromisoformat(region[key]) for key in ("first_date", "last_date"))
        if self._day is None:
            measured = self._properties.get("last_date")
            self._day = min(last, dt.date.fromisoformat(measured)) if measured else last
        start, end = station_series.period_around(self._day, self._header.period_days, first, last)
        host = str(self._properties.get("host") or LOCAL)
        name = str(self._properties.get("name") or station)
        foreseen = region.get("forecast_from")
        request = ComparisonRequest(region_id, station, name, start, end, host,
                                    dt.date.fromisoformat(foreseen) if foreseen else None)
        self._source.load(request, self._resources(host))

    def _try_again(self) -> None:
        self._header.idle()
        if self._shown is None:
            self._load()
        else:
            self._source.compute()

    def _observed(self, comparison: station_series.Comparison) -> None:
        if not comparison.measured_cm:
            self._say(self._nothing_measured(comparison))
            return
        self._shown = comparison
        self._show_plot(comparison)
        self._scores.show_scores({}, {})

    def _nothing_measured(self, comparison: station_series.Comparison) -> str:
        first, last = (day.astype(object) for day in (comparison.days[0], comparison.days[-1]))
        text = tr("{0} has no data at {1} for {2}.").format(
            self._header.title.whole, list_text(), period_text(first, last))
        if self._properties.get("last_date"):
            record = (dt.date.fromisoformat(self._properties[key]) for key in ("first_date", "last_date"))
            text += " " + tr("The station has data for {0}.").format(period_text(*record))
        return text

    def _compared(self, comparison: station_series.Comparison, scores: Scores, baselines: Baselines) -> None:
        self._shown = comparison
        self._header.idle()
        self._show_plot(comparison)
        self._scores.show_scores(scores, baselines)

    def _progressed(self, fraction: float, words: str) -> None:
        self._header.waiting(fraction, words)

    def _failed(self, error: Mapping[str, Any]) -> None:
        if error.get("stage") == "observations":
            self._header.idle(offer=True)
            self._shown = None
            self._say(plain_error(error))
        else:
            self._stopped(plain_error(error))

    def _stopped(self, words: str) -> None:
        """No predictions: the observations stay, and the user can ask again."""
        self._header.idle(offer=True)
        self._line.setText(words)

    # --- the picture

    def _say(self, text: str) -> None:
        """A sentence in the place of the picture."""
        self._pages.say(text)
        self._line.clear()
        self._header.key.clear()
        self._scores.show_scores({}, {})

    def _show_plot(self, comparison: station_series.Comparison) -> None:
        if self._plot is None and not self._make_plot():
            return
        self._plot.show_comparison(comparison)
        self._plot.show_day(self._day)
        self._header.explain(plot_colours(self.palette()), bool(comparison.lower))
        self._pages.setCurrentWidget(self._plot)
        self._hovered(-1)

    def _make_plot(self) -> bool:
        try:
            from .station_plot import StationPlot  # loads pyqtgraph, which nobody needs before
        except ImportError as error:
            self._say(str(error))
            return False
        self._plot = StationPlot(plot_colours(self.palette()))
        self._plot.dayHovered.connect(self._hovered)
        self._plot.dayMoved.connect(self._day_moved)
        self._pages.addWidget(self._plot)
        return True

    def _hovered(self, index: int) -> None:
        """The day under the pointer in words; without one, the map's day."""
        comparison = self._shown
        if comparison is None:
            return
        if index < 0 and self._day is not None:
            index = int((np.datetime64(self._day, "D") - comparison.days[0]).astype(int))
        if 0 <= index < len(comparison.days):
            words = station_series.description(comparison, index)
            self._line.setText(words)

    def _day_moved(self, day: dt.date) -> None:
        if day != self._day:
            self._day = day
            self.dayPicked.emit(day)

    def _map_day_changed(self, day: dt.date) -> None:
        """The line follows the Temporal Controller."""
        self._day = day
        if self._plot is not None:
            self._plot.show_day(day)
            self._hovered(-1)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange) and self._plot is not None:
            # After Qt has told all widgets: only then is the palette the new one.
            QTimer.singleShot(0, self._new_colours)

    def units_changed(self) -> None:
        """Axes, table and words in the units that the user has chosen."""
        self._scores.fill()
        if self._plot is not None:
            self._plot.set_colours(plot_colours(self.palette()))
            self._hovered(-1)

    def _new_colours(self) -> None:
        self._plot.set_colours(plot_colours(self.palette()))
        if self._pages.currentWidget() is self._plot:
            self._header.explain(plot_colours(self.palette()), self._shown is not None and bool(self._shown.lower))


def make(components: Any) -> StationPanel:
    """The panel, as ``registry`` makes it. A day that is picked in it is shown on the map."""
    panel = StationPanel(components.iface, components.client,
                         lambda host: resources_of(components.hosts.host(host)))
    panel.dayPicked.connect(components.results.show_day)
    return panel
