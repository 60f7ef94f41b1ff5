"""Searching a SpatioTemporal Asset Catalog page by page, and the short-lived tokens of the Planetary Computer.

Facts: public_data.md §7 (addresses, tokens of 45 minutes to hours, one token a collection to be reused, answers 429
with "Try again in N seconds", which the session waits for). Next links: STAC API specification, ``GET`` unless they say
``POST``, then with a ``body`` that may have to be merged into the one before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import shapely
import shapely.geometry
from shapely.geometry.base import BaseGeometry

from deepsoil.archives import replies
from deepsoil.archives.archive import Bounds
from deepsoil.archives.network import Network
from deepsoil.contract.text import Text

MOST_PAGES = 40
_ON_A_PAGE = 100
_BEFORE_ITS_END = timedelta(minutes=2)
_WITHOUT_AN_END = timedelta(minutes=30)


@dataclass(frozen=True)
class Item:
    """One scene of a catalogue: its footprint in degrees, and the addresses of its assets."""

    id: str
    collection: str
    at: datetime
    footprint: BaseGeometry
    properties: Mapping[str, Any]
    assets: Mapping[str, Mapping[str, Any]]

    @property
    def day(self) -> date:
        """The UTC day on which it was taken."""
        return self.at.astimezone(UTC).date()

    @property
    def cloud(self) -> float:
        """Per cent of the whole scene; 100 where the catalogue does not say."""
        found = self.properties.get("eo:cloud_cover")
        return float(found) if isinstance(found, (int, float)) else 100.0


@dataclass
class Searched:
    """Counts what a search cost."""

    size: int = 0
    pages: int = 0


def search(network: Network, archive: str, address: str, collections: Sequence[str], bounds: Bounds, start: date,
           end: date, cost: Searched) -> Iterator[Item]:
    """The items of ``collections`` that touch ``bounds`` (degrees) on the days from start to end, both included.

    Raises what the network raises, and ``archive_implausible`` for pages that are no items or that never end.
    """
    query: dict[str, str] | None = {
        "collections": ",".join(collections), "bbox": ",".join(f"{value:.6f}" for value in bounds),
        "datetime": f"{start}T00:00:00Z/{end}T23:59:59Z", "limit": str(_ON_A_PAGE)}
    url, body, seen = f"{address}/search", None, set()
    while True:
        asked = (url, repr(query), repr(body))
        if asked in seen or cost.pages >= MOST_PAGES:
            raise replies.implausible(archive, url, Text("its pages never end"))
        seen.add(asked)
        answer = network.answer(archive, url, params=query, body=body)
        cost.size, cost.pages = cost.size + len(answer), cost.pages + 1
        page = replies.document(archive, url, answer)
        features = page.get("features")
        if not isinstance(features, list):
            raise replies.implausible(archive, url, Text("it has no list of scenes"))
        for feature in features:
            yield _item(archive, url, feature)
        link = next((one for one in page.get("links") or () if one.get("rel") == "next"), None)
        if link is None or not features:
            return
        url, query = str(link.get("href")), None
        given = link.get("body") if str(link.get("method", "GET")).upper() == "POST" else None
        body = {**(body or {}), **given} if given is not None and link.get("merge") else given


def _item(archive: str, url: str, feature: Any) -> Item:
    try:
        properties = feature["properties"]
        at = datetime.fromisoformat(str(properties.get("datetime") or properties["start_datetime"]))
        return Item(str(feature["id"]), str(feature.get("collection", "")),
                    at if at.tzinfo else at.replace(tzinfo=UTC), shapely.geometry.shape(feature["geometry"]),
                    properties, feature["assets"])
    except (KeyError, TypeError, ValueError, AttributeError, shapely.errors.ShapelyError) as error:
        raise replies.implausible(archive, url, Text("a scene in it has no time, footprint or files")) from error


class Tokens:
    """The tokens of the Planetary Computer: one a collection, asked for again shortly before it ends."""

    def __init__(self, archive: str, address: str) -> None:
        self._archive, self._address = archive, address
        self._known: dict[str, tuple[datetime, dict[str, str]]] = {}

    def of(self, network: Network, collection: str, *, anew: bool = False) -> Mapping[str, str]:
        """Query parameters that open the files of a collection; ``anew``: the one before was refused."""
        known = self._known.get(collection)
        if known is None or anew or datetime.now(UTC) > known[0] - _BEFORE_ITS_END:
            url = f"{self._address}/token/{collection}"
            found = replies.document(self._archive, url, network.answer(self._archive, url))
            token = dict(parse_qsl(str(found.get("token", ""))))
            if not token:
                raise replies.implausible(self._archive, url, Text("it has no token"))
            known = self._known[collection] = _end_of(found), token
        return known[1]


def _end_of(found: Mapping[str, Any]) -> datetime:
    try:
        end = datetime.fromisoformat(str(found.get("msft:expiry")))
    except ValueError:
        return datetime.now(UTC) + _WITHOUT_AN_END
    return end if end.tzinfo else end.replace(tzinfo=UTC)
