"""OGC Web Coverage Services 1.0.0 and 2.0.1: what they say of their coverages, and what they refuse. Pure.

The documents are read by the names of their elements without namespaces, which servers set differently.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode
from xml.etree import ElementTree

from deepsoil.archives import wrong_answers
from deepsoil.archives.coverage_grid import Grid
from deepsoil.contract.text import Text

_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)


@dataclass(frozen=True)
class Coverage:
    """One coverage of a service.

    times   as the service writes them, ascending; empty where it has none
    """

    name: str
    grid: Grid
    times: tuple[str, ...] = ()


def address(base: str, *pairs: tuple[str, str]) -> str:
    """A request; a name may stand in it twice, as SUBSET does."""
    return f"{base}{'&' if '?' in base else '?'}{urlencode(pairs, safe='(),:/')}"


def document(content: bytes, title: str) -> ElementTree.Element:
    """The root of an XML answer. Raises ``archive_failed`` for a refusal, ``archive_implausible`` for no XML."""
    told = refusal(content)
    if told:
        raise wrong_answers.refused(title, told)
    try:
        if _ENTITY.search(content):
            raise ElementTree.ParseError("it declares entities")
        return ElementTree.fromstring(content)
    except ElementTree.ParseError as error:
        raise wrong_answers.not_understood(title, Text("it is not XML ({error})", error=str(error))) from error


def refusal(content: bytes) -> str | None:
    """What a ServiceExceptionReport (1.0.0) or an ExceptionReport (2.0.1) says; None: it is none."""
    start = content[:4096].lstrip()
    if start.startswith(b"<") and b"ExceptionReport" in start:
        texts = re.findall(rb"<(?:\w+:)?(?:ServiceException|ExceptionText)[^>]*>(.*?)</", content, re.DOTALL)
        words = b" ".join(texts).decode("utf-8", "replace")
        return " ".join(words.replace("<![CDATA[", "").replace("]]>", "").split()).rstrip(".") or "no reason given"
    return None


def names(root: ElementTree.Element) -> list[str]:
    """Names of the coverages in a GetCapabilities answer of either version."""
    briefs = [*_all(root, "CoverageOfferingBrief"), *_all(root, "CoverageSummary")]
    found = (_text(brief, "name") or _text(brief, "CoverageId") for brief in briefs)
    return [name for name in found if name]


def described(root: ElementTree.Element, name: str, title: str) -> Coverage:
    """The grid and the times of a coverage, from a DescribeCoverage answer of either version.

    The envelope gives the edges; where it lies half a pixel inside, as some servers write the centres of the outermost
    pixels, it is moved out. Raises ``archive_implausible`` where there is no square grid.
    """
    try:
        domain = next(iter([*_all(root, "spatialDomain"), *_all(root, "CoverageDescription"), root]))
        grid = next(_all(domain, "RectifiedGrid"))
        envelope = _envelope(domain, grid.get("srsName"))
        west, south, east, north = _corners(envelope)
        steps = [[float(part) for part in (vector.text or "").split()] for vector in _all(grid, "offsetVector")]
        step_x = max((abs(step) for vector in steps for step in vector[:1]), default=0.0)
        step_y = max((abs(step) for vector in steps for step in vector[1:2]), default=0.0)
        low, high = ([int(float(part)) for part in (next(_all(grid, end)).text or "").split()]
                     for end in ("low", "high"))
        if not step_x > 0 or abs(step_x - step_y) > 1e-6 * step_x:
            raise ValueError(f"its pixels are {step_x:g} × {step_y:g}")
        counted = [high[0] - low[0] + 1, high[1] - low[1] + 1]
        columns, rows = (east - west) / step_x, (north - south) / step_x
        if abs(columns - (counted[0] - 1)) < 0.01 and abs(rows - (counted[1] - 1)) < 0.01:
            west, north, columns, rows = west - step_x / 2, north + step_x / 2, columns + 1, rows + 1
        if any(abs(size - round(size)) > 0.01 for size in (columns, rows)):
            raise ValueError(f"its edges are not whole pixels apart ({columns:g} × {rows:g})")
        crs = _crs(envelope.get("srsName") or grid.get("srsName") or "")
    except (StopIteration, ValueError, IndexError) as error:
        raise wrong_answers.not_understood(title, Text("of the map {name}, {error}", name=name, error=str(error)
                                                       or Text("the grid is missing"))) from error
    times = sorted({(moment.text or "").strip() for moment in _all(root, "timePosition")} - {""})
    return Coverage(name, Grid(crs, west, north, step_x, round(columns), round(rows)), tuple(times))


def _envelope(domain: ElementTree.Element, wanted: str | None) -> ElementTree.Element:
    """The envelope in the grid's own CRS: some servers give one in degrees as well."""
    every = [one for one in domain.iter() if _name(one) in ("Envelope", "EnvelopeWithTimePeriod")]
    projected = [one for one in every if not re.search(r"CRS84|4326", one.get("srsName") or "")]
    same = [one for one in projected if wanted and one.get("srsName") == wanted]
    return next(iter([*same, *projected, *every]))


def _corners(envelope: ElementTree.Element) -> tuple[float, float, float, float]:
    ends = [one for name in ("lowerCorner", "upperCorner") for one in _all(envelope, name)] or list(
        _all(envelope, "pos"))
    lower, upper = ([float(part) for part in (one.text or "").split()][:2] for one in ends[:2])
    first = (envelope.get("axisLabels") or "x").split()[0].lower()
    if first.startswith(("y", "n", "lat")):
        lower, upper = lower[::-1], upper[::-1]
    return lower[0], lower[1], upper[0], upper[1]


def _crs(name: str) -> str:
    """``EPSG:5070`` from that, from a URN or from an address. Raises ValueError."""
    code = re.search(r"(\d{4,6})\W*$", name)
    if code is None:
        raise ValueError(f"its CRS is {name!r}")
    return f"EPSG:{code[1]}"


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _all(element: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    return (one for one in element.iter() if _name(one) == name)


def _text(element: ElementTree.Element, name: str) -> str | None:
    found = next(_all(element, name), None)
    return (found.text or "").strip() if found is not None else None
