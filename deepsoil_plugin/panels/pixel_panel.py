"""The pixel panel: the soil moisture of any place on the map at all depths, day by day, and what it is made from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from qgis.core import QgsProject
from qgis.gui import QgsDockWidget
from qgis.PyQt.QtCore import QEvent, QTimer, pyqtSignal

from ..jobs.methods import NETWORK
from ..jobs.one_question import OneQuestion
from ..map import layer_tree
from ..map.point_tool import PointTool
from ..map.steady_view import MarkedPlace, SteadyView
from ..text.formatting import plain_error
from ..text.ground import made_from_text
from ..text.translate import tr
from ..widgets.basic import quiet_label, say
from ..widgets.message_pages import MessagePages, panel_body
from ..widgets.plot_colours import plot_colours
from .map_day import MapDay
from .pixel_header import PixelHeader
from .pixel_place import Place, find_place
from .pixel_series import PixelSeries, description
from .station_series import period_around
from .words_line import WordsLine

Find = Callable[[float, float], Place | None]


class PixelPanel(QgsDockWidget):
    """``dayMoving(date)``: the user drags the line of the map's date over this day; ``dayPicked(date)``: it is dropped
    there.
    """

    dayMoving = pyqtSignal(object)
    dayPicked = pyqtSignal(object)

    def __init__(self, iface: Any, client: Any, find: Find) -> None:
        """``find``: what is known of a place (longitude and latitude in degrees)."""
        super().__init__(tr("DeepSoil Place"), iface.mainWindow())
        self.setObjectName("DeepSoilPixelPanel")
        self._find = find
        self._place: Place | None = None
        self._day: dt.date | None = None
        self._shown: PixelSeries | None = None
        self._plots: dict[tuple[tuple[int, ...], ...], Any] = {}  # by their rows
        self._plot: Any = None
        self._canvas = iface.mapCanvas()
        self._made_from = quiet_label("pixelMadeFrom")
        self._series, self._ground = (OneQuestion(client, method, self) for method in ("series", "ground"))
        self._series.answered.connect(self._series_came)
        self._series.refused.connect(lambda _params, error: self._say(plain_error(error)))
        self._ground.answered.connect(self._ground_came)
        self._ground.refused.connect(lambda *_: say(self._made_from, ""))
        self._tool = PointTool(self._canvas, stays=True)
        self._tool.picked.connect(self.show_place)
        self._tool.ended.connect(lambda: self._header.pick.setChecked(False))
        self._mark = MarkedPlace(self._canvas)
        self._view = SteadyView(self._canvas, self._mark)
        self._build()
        self._say(tr("Click a place on the map, or type its coordinates."))
        MapDay(self._canvas, self).changed.connect(self.show_day)
        self.opened.connect(self._begin)
        self.closed.connect(self._end)

    def show_place(self, longitude: float, latitude: float) -> None:
        """Show a place (degrees), whatever was shown before."""
        self._header.show_place(longitude, latitude)
        self._view.switch(True)
        self._mark.put((longitude, latitude))
        place = self._place = self._find(longitude, latitude)
        if place is None:
            self._series.forget()
            self._say(tr("No region has data at this place. Choose one inside a region's outline, or get its data in "
                         "the DeepSoil panel."))
            return
        self._ground.ask({"region": place.region["id"], "place": place.position, "host": place.host})
        self._load()

    def show_day(self, day: dt.date) -> None:
        """The map shows another day; the line stays in the user's hand while it is dragged."""
        if self._plot is not None and self._plot.is_dragged:
            return
        self._day = day
        if self._shown is not None and self._shown.index_of(day) < 0:
            self._load()
        elif self._plot is not None:
            self._plot.show_day(day)
            self._hovered(-1)

    def leave(self) -> None:
        """Leave nothing on the map: the panel is about to be deleted."""
        self._end()
        self._view.close()
        self._mark.close()

    # --- the widgets

    def _build(self) -> None:
        self._header = PixelHeader()
        self._header.placed.connect(self.show_place)
        self._header.changed.connect(self._load)
        self._header.pickWanted.connect(lambda on: self._tool.begin() if on else self._tool.end())
        self._header.misread.connect(lambda text: self._say(tr(
            "“{0}” is not a place. Type latitude and longitude in degrees, such as 40.4255, -104.929.").format(text)))
        self._line = WordsLine("pixelWords")
        self._pages = MessagePages("pixelMessage")
        self.setWidget(panel_body(self._header, self._line, self._pages, self._made_from))

    # --- asking

    def _load(self) -> None:
        place = self._place
        if place is None:
            return
        first, last = (dt.date.fromisoformat(place.region[key]) for key in ("first_date", "last_date"))
        day = self._day or layer_tree.shown_day(QgsProject.instance(), place.region["id"]) or place.day or last
        self._day = min(max(day, first), last)
        start, end = period_around(self._day, self._header.period_days, first, last)
        params = {"region": place.region["id"], "place": place.position, "start": start.isoformat(),
                  "end": end.isoformat(), "method": self._header.method, "host": place.host}
        if place.management:
            soil = ("soil",) if self._header.method == NETWORK else ()  # networks do not know a measured soil
            params["management"] = {key: value for key, value in place.management.items() if key not in soil}
        self._header.wait(tr("Computing …"))
        if self._shown is None:
            self._say(tr("Computing the series of this place …"))
        self._series.ask(params)

    def _series_came(self, _params: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
        self._shown = series = PixelSeries.of(answer)
        self._header.wait("")
        if not any(band.mean.size and (band.mean == band.mean).any() for band in series.theta.values()):
            self._say(tr("The region has no soil moisture at this place on these days: it is open water, or without "
                         "soil texture or weather."))
            return
        if not self._choose_plot(series):
            return
        self._plot.show_series(series)
        self._plot.show_day(self._day)
        self._header.explain(plot_colours(self.palette()), series.has_interval, series.irrigated)
        self._pages.setCurrentWidget(self._plot)
        self._hovered(-1)

    def _ground_came(self, _params: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
        if self._place is not None:
            say(self._made_from, made_from_text(str(self._place.region["name"]), answer))

    # --- the picture

    def _say(self, text: str) -> None:
        """A sentence in the place of the picture."""
        self._pages.say(text)
        self._shown = None
        self._line.clear()
        self._header.key.clear()
        self._header.wait("")
        if self._place is None:
            say(self._made_from, "")

    def _choose_plot(self, series: PixelSeries) -> bool:
        """The plot with rows for the depths of this series."""
        rows = tuple(series.rows())
        if rows not in self._plots:
            try:
                from .pixel_plot import PixelPlot  # loads pyqtgraph, which nobody needs before
            except ImportError as error:
                self._say(str(error))
                return False
            made = self._plots[rows] = PixelPlot(plot_colours(self.palette()), rows)
            made.dayHovered.connect(self._hovered)
            made.dayMoving.connect(self.dayMoving)
            made.dayMoved.connect(self._day_moved)
            self._pages.addWidget(made)
        self._plot = self._plots[rows]
        return True

    def _hovered(self, index: int) -> None:
        """The day under the pointer in words; without one, the map's day."""
        series = self._shown
        if series is None:
            return
        index = series.index_of(self._day) if index < 0 else index
        if 0 <= index < len(series.days):
            self._line.setText(description(series, index))

    def _day_moved(self, day: dt.date) -> None:
        if day != self._day:
            self._day = day
            self.dayPicked.emit(day)

    # --- the map

    def _begin(self) -> None:
        """A place can be clicked as soon as the panel is there."""
        if self._place is not None:
            self._mark.put(self._place.position)
        self._header.pick.setChecked(True)

    def _end(self) -> None:
        self._tool.end()
        self._mark.clear()
        self._view.switch(False)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange) and self._plots:
            # After Qt has told all widgets: only then is the palette the new one.
            QTimer.singleShot(0, self._new_colours)

    def units_changed(self) -> None:
        """Axes and words in the units that the user has chosen."""
        self._new_colours()

    def _new_colours(self) -> None:
        colours = plot_colours(self.palette())
        for plot in self._plots.values():
            plot.set_colours(colours)
        if self._shown is not None:
            self._header.explain(colours, self._shown.has_interval, self._shown.irrigated)


def make(components: Any) -> PixelPanel:
    """The panel, as ``registry`` makes it. A day that is picked in it is shown on the map, and while it is
    dragged by the preview.
    """
    panel = PixelPanel(components.iface, components.client,
                       lambda longitude, latitude: find_place(components, longitude, latitude))
    request = components.dock.request

    def preview(day: dt.date) -> None:
        if request.preview.is_on:
            request.dates.choose(day)

    panel.dayMoving.connect(preview)
    panel.dayPicked.connect(components.results.show_day)
    request.preview.dayShown.connect(panel.show_day)
    return panel
