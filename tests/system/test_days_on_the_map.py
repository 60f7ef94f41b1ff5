"""Maps of days in the real QGIS desktop: the chosen day is seen, whatever the Temporal Controller's slider does."""

from __future__ import annotations

import datetime as dt

from tests.system.conftest import SHOTS, Start
from tools import sample_region
from tools.desktop.main_job import MainJob

FIELD, OTHER_FIELD = "North quarter", "West quarter"
LATER, FIRST, LAST = dt.date(2023, 7, 15), dt.date(2023, 7, 1), dt.date(2023, 7, 3)


def colour(job: MainJob) -> str:
    """The colour of the field on the drawn canvas, a little away from the label in its middle."""
    job.desktop.drawn()
    corners = sample_region.field(FIELD)["coordinates"][0][:-1]
    longitudes, latitudes = zip(*corners, strict=True)
    west, south, height = min(longitudes), min(latitudes), max(latitudes) - min(latitudes)
    return str(job.desktop.ask("colour", longitude=(west + max(longitudes)) / 2, latitude=south + 0.8 * height))


def map_days(job: MainJob, name: str, field: str, first: dt.date, last: dt.date | None) -> None:
    job.draw_polygon(sample_region.field(field)["coordinates"][0][:-1])
    job.name_field(name)
    job.choose_date(first)
    job.choose_until(last)
    job.map_it()
    days = ((last or first) - first).days + 1
    job.wait_for_layers(name, 2, days=days)


def wait_for_day(job: MainJob, day: dt.date) -> None:
    """Both layers show it, and the dock says so."""
    text = f"{day.day} {day:%b} {day.year}"
    job.desktop.wait(lambda: len([row for row in job.desktop.ask("layers")
                                  if "Days before" in str(row["path"]) and row["path"][-1].endswith(text)]) == 2,
                     f"the layers of {text}")
    job.desktop.wait(lambda: job.desktop.widget("deepsoilMapDayText")["text"] == text, f"{text} in the dock")


def check_that_days_are_seen(job: MainJob, shot: str) -> None:
    """The newest map's colour is there, and after another day was chosen by button and by keyboard too."""
    desktop = job.desktop
    assert desktop.ask("temporal") == {"off": True, "filtered": False}
    seen = colour(job)
    job.tick_layer("Days before")
    bare = colour(job)
    job.tick_layer("Days before")
    assert seen != bare, "no map is seen"
    desktop.click("deepsoilMapDayBefore")
    for day, key in ((LAST - dt.timedelta(days=1), "Left"), (FIRST, "End"), (LAST, "")):
        wait_for_day(job, day)
        assert colour(job) != bare, f"{day} is chosen, and no map is seen"
        assert desktop.ask("temporal") == {"off": True, "filtered": False}
        if key == "Left":
            desktop.screenshot(SHOTS / shot)
            desktop.click("deepsoilMapDay")  # its handle, in the middle: the keyboard goes on from there
        if key:
            desktop.key(key)


def test_the_days_of_a_job_before_an_earlier_map_are_seen_and_after_opening_again(start: Start) -> None:
    job = start()
    job.widen_layers_panel(150)
    map_days(job, "One day", OTHER_FIELD, LATER, None)
    map_days(job, "Days before", FIELD, FIRST, LAST)
    check_that_days_are_seen(job, "days.png")
    desktop = job.desktop
    desktop.key("ctrl+s")
    desktop.wait(lambda: not desktop.ask("windows")[0]["title"].startswith("*"), "the project to be saved")
    desktop.quit()
    again = start()
    again.wait_for_layers("Days before", 2, days=3)
    check_that_days_are_seen(again, "days_again.png")
