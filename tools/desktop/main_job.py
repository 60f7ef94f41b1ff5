"""The agronomist's main job, step by step, on a real QGIS window: draw, choose, map, look at a station."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from .driver import Desktop, NotSeen

LonLat = Sequence[float]
_ATTEMPTS = 3


class MainJob:
    """Each method is one step that a person takes."""

    def __init__(self, desktop: Desktop) -> None:
        self.desktop = desktop

    def open_dock(self) -> None:
        """The dock opens by itself where it was open before; DeepSoil's button in the toolbar opens it otherwise."""
        desktop = self.desktop
        try:
            desktop.widget("DeepSoilDock", timeout_s=8)
        except NotSeen:
            desktop.click_on(desktop.wait(lambda: desktop.ask("action", name="deepsoilAction"), "DeepSoil's button"))
            desktop.widget("DeepSoilDock")
        desktop.widget("deepsoilDrawPolygon", timeout_s=60)

    def widen_layers_panel(self, pixels: int) -> None:
        """Drag the panel's right edge, so that the legends can be read."""
        panel = self.desktop.widget("Layers")
        edge, middle = panel["x"] + panel["width"] + 2, panel["y"] + panel["height"] // 2
        self.desktop.drag((edge, middle), (edge + pixels, middle))

    def draw_polygon(self, corners: Sequence[LonLat]) -> None:
        """Click the corners one by one and finish with the right button."""
        desktop = self.desktop
        desktop.drawn()
        desktop.click("deepsoilDrawPolygon")
        for longitude, latitude in corners:
            x, y = desktop.on_canvas(longitude, latitude)
            desktop.move(x - 3, y)
            desktop.click_at(x, y)
        desktop.click_at(x, y, button=3)

    def draw_box(self, corner: LonLat, opposite: LonLat) -> None:
        """Drag a rectangle."""
        self.desktop.drawn()
        self.desktop.click("deepsoilDrawBox")
        self.desktop.drag(self.desktop.on_canvas(*corner), self.desktop.on_canvas(*opposite))

    def name_field(self, name: str) -> None:
        self.desktop.replace_text("deepsoilFieldName", name)

    def choose_date(self, day: dt.date, widget: str = "deepsoilDate") -> None:
        """Type a date over what its field shows; again where the field has moved away meanwhile."""
        for _ in range(_ATTEMPTS):
            self.desktop.click_left_edge(widget)
            self.desktop.key("ctrl+a")
            self.desktop.type(f"{day.day} {day:%b} {day.year}")
            self.desktop.key("Return")
            with suppress(NotSeen):
                self.desktop.wait(lambda: self.desktop.widget(widget).get("date") == day.isoformat(), f"{day}", 5)
                return
        raise NotSeen(f"{widget} does not take the date {day}.")

    def choose_until(self, day: dt.date | None) -> None:
        """A last day, or None for a single day; the box is ticked only where it is not yet as wanted."""
        if self.desktop.widget("deepsoilUntil")["checked"] != (day is not None):
            self.desktop.click_left_edge("deepsoilUntil")
        if day:
            self.choose_date(day, "deepsoilUntilDate")

    def map_it(self) -> None:
        """Wait until the button can be pressed, and press it."""
        self.desktop.wait_enabled("deepsoilMapIt")
        self.desktop.click("deepsoilMapIt")

    def job_row(self, name: str) -> dict[str, Any] | None:
        """The row of the job list that names the job, as the user reads it."""
        row = self.desktop.ask("row", view="deepsoilJobs", text=name)
        return dict(row) if row else None

    def words_of(self, name: str) -> str:
        """What the job's row says; empty where there is none."""
        return " ".join((self.job_row(name) or {"words": []})["words"])

    def wait_for_layers(self, name: str, count: int, timeout_s: float = 240, days: int = 1) -> list[dict[str, Any]]:
        """The layers of a job's group, as soon as ``count`` valid ones with so many days are in the layer tree."""

        def found() -> list[dict[str, Any]]:
            rows = [row for row in self.desktop.ask("layers")
                    if any(name in part for part in row["path"][:-1]) and row["source"].endswith(".tif")
                    and row["days"] >= days]
            return rows if len(rows) >= count and all(row["valid"] for row in rows) else []

        return list(self.desktop.wait(found, f"{count} layers of {name}", timeout_s))

    def tick_layer(self, text: str) -> None:
        """Turn the check mark of the layer tree's row that contains ``text``, by keyboard."""
        self.desktop.click_on(self.desktop.wait(lambda: self.desktop.ask("row", view="theLayerTreeView", text=text),
                                                f"{text} in the layer tree"))
        self.desktop.key("space")

    def collapse_layer(self, text: str) -> None:
        """Close the layer tree's row that contains ``text``, by keyboard."""
        self.desktop.click_on(self.desktop.wait(lambda: self.desktop.ask("row", view="theLayerTreeView", text=text),
                                                f"{text} in the layer tree"))
        self.desktop.key("Left")

    def click_station(self, longitude: float, latitude: float) -> None:
        self.desktop.drawn()
        self.desktop.click_at(*self.desktop.on_canvas(longitude, latitude))
