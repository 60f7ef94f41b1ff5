"""The reports of an export: one page for each field and day, with the series of the last weeks. Any thread."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from osgeo import ogr
from qgis.PyQt.QtXml import QDomDocument

from ..map import metadata
from ..map.area import hectares
from ..text import quantities
from ..text.translate import tr
from . import report_facts, report_plot
from .figures import Figures
from .items import Item
from .outlines import outline_of
from .report_page import Page, document_of, own_template, write
from .report_series import Ask, AskError, series_of
from .wishes import Wishes

Known = tuple[Item, Figures]
Jobs = Callable[[str], Mapping[str, Any] | None]
"""The summary of a job by its id; None for one that is not known."""


class Reports:
    """``ask`` reaches the engine; ``jobs`` tells what was asked of it."""

    def __init__(self, ask: Ask, jobs: Jobs, template: Path | None = None) -> None:
        """``template``: the user's own."""
        self._ask, self._jobs = ask, jobs
        self._template = template or own_template()
        self._document: QDomDocument | None = None

    def write(self, path: Path, maps: Sequence[Known], wishes: Wishes, check: Callable[[], None]) -> None:
        """The page of a field on a day: ``maps`` are its maps. OSError where it cannot be written, TemplateError where
        the template cannot be used.
        """
        if self._document is None:
            self._document = document_of(self._template)
        items = {item.what: item for item, _ in maps}
        shown = items[_deepest(list(items))]
        day = dt.date.fromisoformat(shown.date)
        products = {item.what: (metadata.read_product(str(item.source)), figures) for item, figures in maps}
        job = self._jobs(shown.job) or _told_by(products[shown.what][0])
        check()
        outline = outline_of(shown, check)
        depths = sorted(int(what) for what in items if what not in quantities.WATER)
        with tempfile.TemporaryDirectory(prefix="deepsoil-report-") as folder:
            plot, problem = Path(folder) / "series.svg", ""
            try:
                if outline is None:
                    raise AskError(tr("The map has no pixel with a value."))
                series = series_of(self._ask, job, _inside(outline), shown.field, day, check)
                report_plot.draw(plot, series, day, depths, wishes)
            except AskError as error:
                problem = str(error)
            check()
            size = hectares(dict(shown.outline)) if shown.outline else None
            facts = report_facts.facts_of(shown.field, day, shown.what, products, size, job,
                                          wishes.shown_of("depletion_mm"), problem)
            page = Page(shown.source, outline, facts, None if problem else plot, wishes.shown_of(shown.what))
            write(path, page, self._document)


def _told_by(product: metadata.Product) -> dict[str, Any]:
    """As much of a job as the tags of its map tell."""
    method = {"method": product.tags["DEEPSOIL_METHOD"]} if "DEEPSOIL_METHOD" in product.tags else {}
    return {"specification": {"region": product.region, "options": method}}


def _inside(outline: ogr.Geometry) -> tuple[float, float]:
    """A place in the field, near its middle."""
    middle = outline.Centroid()
    place = middle if outline.Contains(middle) else outline.PointOnSurface()
    return place.GetX(), place.GetY()


def _deepest(whats: Sequence[str]) -> str:
    """The root zone of soil moisture; where there is none, the first water."""
    depths = [what for what in whats if what not in quantities.WATER]
    return max(depths, key=int) if depths else min(whats, key=quantities.order)
