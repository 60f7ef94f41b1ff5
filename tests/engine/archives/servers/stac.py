"""A STAC catalogue with pages, Cloud-Optimised GeoTIFFs and, as the Planetary Computer has them, tokens that end.

What it imitates, and where that is known from (facts on public archives, November 2026, §7):
- ``/search`` with collections, bbox, datetime, limit; ``rel: next`` as a GET with a token, or as a POST with a body
  (STAC API specification);
- Planetary Computer: ``/token/{collection}`` gives {"token": "st=…&sig=…", "msft:expiry": "…Z"}; a file without a valid
  token is 403; too many requests are 429 with "Rate limit is exceeded. Try again in N seconds." in the body and no
  ``Retry-After``;
- HLS: 30 m, int16, fill −9999, ``Fmask`` uint8 with fill 255; Sentinel-2 of Earth Search: ``red``, ``nir`` 10 m uint16,
  ``scl`` 20 m, ``earthsearch:boa_offset_applied`` beside an offset of −0.1 in ``raster:bands``.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

import numpy as np
import rasterio
import shapely.geometry
from affine import Affine
from servers.plain import Made, Reply, Request, serving

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class MadeScene:
    """An item of a catalogue; ``assets``: name → whole GeoTIFF. ``footprint`` in degrees."""

    id: str
    collection: str
    day: date
    footprint: Bounds
    assets: Mapping[str, bytes]
    properties: Mapping[str, Any] = field(default_factory=dict)
    bands: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Tokens:
    """``uses`` of a token before it is refused (None: never), how many were given, and for which collections."""

    uses: int | None = None
    given: list[str] = field(default_factory=list)
    used: int = 0
    refusals: int = 0


def cog(values: np.ndarray, west: float, north: float, size: float, epsg: int, nodata: float | None) -> bytes:
    """An array (H, W) as a tiled GeoTIFF whose upper left corner is (west, north) in the CRS."""
    memory = io.BytesIO()
    with rasterio.MemoryFile() as file:
        with file.open(driver="GTiff", width=values.shape[1], height=values.shape[0], count=1, dtype=values.dtype,
                       crs=f"EPSG:{epsg}", transform=Affine(size, 0, west, 0, -size, north), nodata=nodata, tiled=True,
                       blockxsize=64, blockysize=64, compress="deflate") as dataset:
            dataset.write(values, 1)
        memory.write(file.read())
    return memory.getvalue()


@contextmanager
def stac(scenes: Sequence[MadeScene], *, page: int = 2, tokens: Tokens | None = None,
         next_by: Literal["GET", "POST"] = "GET", endless: bool = False, busy: int = 0) -> Iterator[Made]:
    """The catalogue at its base address. ``tokens``: files want one. ``busy``: the first token requests get 429."""
    left = {"busy": busy}

    def answer(request: Request, base: str) -> Reply:
        if request.path.startswith("/token/"):
            assert tokens is not None
            if left["busy"]:
                left["busy"] -= 1
                return Reply.of({"statusCode": 429, "message": "Rate limit is exceeded. Try again in 1 seconds."}, 429)
            tokens.given.append(request.path.rsplit("/", 1)[1])
            tokens.used = 0
            return Reply.of({"msft:expiry": f"{datetime.now(UTC) + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}",
                             "token": f"st=2026-11-30T00%3A00%3A00Z&sp=rl&sig={tokens.given[-1]}"
                                      f"{tokens.given.count(tokens.given[-1])}%3D"})
        if request.path.startswith("/files/"):
            return _file(request, scenes, tokens)
        return _search(request, base, scenes, page, next_by, endless)

    with serving(answer) as made:
        yield made


def _file(request: Request, scenes: Sequence[MadeScene], tokens: Tokens | None) -> Reply:
    if tokens is not None:
        tokens.used += 1
        expired = tokens.uses is not None and tokens.used > tokens.uses
        collection = next(one.collection for one in scenes if one.id == request.path.split("/")[2])
        if request.query.get("sig") != f"{collection}{tokens.given.count(collection)}=" or expired:
            tokens.refusals += 1
            return Reply(b"<?xml version='1.0'?><Error><Code>AuthenticationFailed</Code></Error>", 403,
                         "application/xml")
    _, _, scene, asset = request.path.split("/")
    content = next(one.assets[asset.removesuffix(".tif")] for one in scenes if one.id == scene)
    if not content:  # listed, and gone
        return Reply(b"<Error><Code>BlobNotFound</Code></Error>", 404, "application/xml")
    return Reply(content, kind="image/tiff", headers={"ETag": f'"{len(content)}"', "Accept-Ranges": "bytes"})


def _search(request: Request, base: str, scenes: Sequence[MadeScene], page: int, next_by: str, endless: bool) -> Reply:
    asked = {**request.query, **(request.body or {})}
    west, south, east, north = (float(text) for text in asked["bbox"].split(","))
    first, last = (datetime.fromisoformat(text) for text in asked["datetime"].split("/"))
    box = shapely.geometry.box(west, south, east, north)
    found = [one for one in sorted(scenes, key=lambda one: (one.day, one.id))
             if one.collection in asked["collections"].split(",") and first <= _at(one) <= last
             and shapely.geometry.box(*one.footprint).intersects(box)]
    start = int(asked.get("token", 0))
    links: list[dict[str, Any]] = [{"rel": "self", "href": f"{base}/search"}]
    if start + page < len(found) or endless:
        following = 0 if endless else start + page
        link = {"rel": "next", "href": f"{base}/search", "method": next_by}
        if next_by == "POST":
            link |= {"body": {**asked, "token": str(following)}, "merge": False}
        else:
            link["href"] = str(link["href"]) + "?" + "&".join(
                f"{name}={value}" for name, value in {**asked, "token": following}.items())
        links.append(link)
    features = [_feature(one, base) for one in found[start:start + page]]
    return Reply.of({"type": "FeatureCollection", "features": features, "links": links})


def _at(one: MadeScene) -> datetime:
    return datetime(one.day.year, one.day.month, one.day.day, 17, 18, 59, tzinfo=UTC)


def _feature(one: MadeScene, base: str) -> dict[str, Any]:
    return {"type": "Feature", "id": one.id, "collection": one.collection, "bbox": list(one.footprint),
            "geometry": shapely.geometry.mapping(shapely.geometry.box(*one.footprint)),
            "properties": {"datetime": f"{_at(one):%Y-%m-%dT%H:%M:%S.%fZ}", **one.properties},
            "assets": {name: {"href": f"{base}/files/{one.id}/{name}.tif", "type": "image/tiff",
                              **({"raster:bands": [one.bands[name]]} if name in one.bands else {})}
                       for name in one.assets}}
