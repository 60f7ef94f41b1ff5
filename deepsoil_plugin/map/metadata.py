"""What a map is and where it comes from: the product's own tags, carried by the layer as QGIS metadata."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any

from qgis.core import QgsAbstractMetadataBase, QgsLayerMetadata, QgsLayerNotesUtils, QgsRasterLayer

from ..text import dates, quantities
from ..text.formatting import plain_error
from ..text.plain import defused
from . import geotiff, layer_tree, temporal

# Subject, unit and meaning; metadata are in English.
_WATER = {
    "available_mm": ("Plant-available water of the root zone", "mm",
                     "what is above the wilting point (1.5 MPa), down to the roots, at most to 100 cm"),
    "available_percent": ("Plant-available water of the root zone", "%",
                          "its share of what the soil holds between wilting point (1.5 MPa) and field capacity "
                          "(33 kPa), more than 100 after much rain"),
    "depletion_mm": ("Depletion of the root zone", "mm",
                     "what lacks to field capacity (33 kPa), 0 where there is more"),
    "refill_mm": ("Water to refill the root zone", "mm",
                  "what an irrigation is to give: what lacks to field capacity (33 kPa) or to the share of it that was "
                  "asked for, less the rain that was left to the sky"),
    "drainage_mm": ("Drainage", "mm/day", "what leaves the soil column through its base at 160 cm"),
}


@dataclass(frozen=True)
class Product:
    """The tags of a product (see the contract). Texts are empty where a tag is missing."""

    depth_cm: int | None = None
    water: str = ""  # one of the maps of the root zone, in the place of a depth
    day: dt.date | None = None
    model: str = ""
    model_version: str = ""
    engine: str = ""
    job: str = ""
    region: str = ""
    field: str = ""
    synthetic: bool = False
    missing: tuple[str, ...] = ()
    interval: str = ""
    interval_method: str = ""
    licence: str = ""
    attribution: str = ""
    tags: Mapping[str, str] = dataclass_field(default_factory=dict, repr=False)

    @property
    def forecast(self) -> bool:
        """Whether the weather up to the day was foreseen in part, not observed."""
        return self.tags.get("DEEPSOIL_FORECAST") == "yes"

    @property
    def unsure_interval(self) -> bool:
        """Whether the field is irrigated, where intervals were not shown to hold."""
        return self.tags.get("DEEPSOIL_INTERVAL_LIMIT") == "irrigated"

    @property
    def what(self) -> str:
        """See ``quantities``."""
        return self.water or ("" if self.depth_cm is None else str(self.depth_cm))


def read_product(path: str) -> Product:
    """Read the header of a product; one without tags, or that cannot be opened, gives an empty Product."""
    dataset = geotiff.opened(path)
    return parse_tags(dataset.GetMetadata() if dataset is not None else {})


def parse_tags(tags: Mapping[str, str]) -> Product:
    def text(name: str) -> str:
        return str(tags.get(f"DEEPSOIL_{name}", "")).strip()

    return Product(
        depth_cm=_depth(text("DEPTH_CM")), day=_day(text("DATE")),
        water=water if (water := text("PRODUCT")) in quantities.WATER else "",
        model=text("MODEL"), model_version=text("MODEL_VERSION"), engine=text("ENGINE"), job=text("JOB"),
        region=text("REGION"), field=text("FIELD"), synthetic=text("SYNTHETIC").lower() == "yes",
        missing=tuple(name.strip() for name in text("MISSING").split(",") if name.strip()),
        interval=text("INTERVAL"), interval_method=text("INTERVAL_METHOD"),
        licence=text("LICENCE") or str(tags.get("TIFFTAG_COPYRIGHT", "")).strip(),
        attribution=text("ATTRIBUTION"), tags=dict(tags))


def _depth(text: str) -> int | None:
    """Centimetres; None for a text that is no depth, as for one that is missing."""
    try:
        return int(float(text))
    except (ValueError, OverflowError):
        return None


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def describe(layer: QgsRasterLayer, product: Product, output: Mapping[str, Any], request: str) -> None:
    """Fill the layer's metadata and custom properties. ``request`` is the name the user gave to the job.

    QGIS shows metadata as HTML, so no tag may begin in it.
    """
    depth = product.depth_cm or output.get("depth_cm")
    day = product.day or (dt.date.fromisoformat(output["date"]) if output.get("date") else None)
    when = dates.day_text(day) if day else "an unknown day"
    data = layer.metadata()
    data.setIdentifier(defused(f"{product.job}/{output['name']}" if product.job else output["name"]))
    data.setType("dataset")
    data.setLanguage("ENG")
    subject, unit, _ = _WATER.get(product.water, ("Soil moisture", "m³/m³", ""))
    subject, place = (subject, "root zone") if product.water else (f"{subject} at {depth} cm", f"{depth} cm")
    data.setTitle(defused(f"{subject}, {when}, {request}"))
    data.setAbstract(defused(_abstract(product, depth, when)))
    data.setKeywords({"gmd:topicCategory": ["Farming", "Geoscientific Information"],
                      "deepsoil": ["soil moisture", place, unit, *(["synthetic"] * product.synthetic),
                                   *(["forecast"] * product.forecast)]})
    data.setHistory([defused(line) for line in _history(product, output)])
    if product.licence:
        data.setLicenses([defused(product.licence)])
    if product.attribution:
        data.setRights([defused(product.attribution)])
    if product.missing:
        gap = QgsLayerMetadata.Constraint(defused(f"Channels without data here, filled with their mean: "
                                                  f"{', '.join(product.missing)}."), "limitation")
        data.setConstraints([gap])
    if day:
        extent = data.extent()
        extent.setTemporalExtents([temporal.days_range(day, day)])
        data.setExtent(extent)
    link = QgsAbstractMetadataBase.Link("product", "File", output["path"].replace("<", "%3C").replace('"', "%22"))
    link.format = "Cloud-Optimised GeoTIFF"
    data.setLinks([link])
    data.setCrs(layer.crs())
    layer.setMetadata(data)
    _mark(layer, product, output, depth, day)


def note(layer: QgsRasterLayer, warnings: Sequence[Mapping[str, Any]]) -> None:
    """Put what was warned of into the layer's notes, which the layer panel shows with a sign of its own.

    May be called again with all warnings of the job: those that are new come below what stands there.
    """
    notes, told = QgsLayerNotesUtils.layerNotes(layer), layer.customProperty(layer_tree.WARNED)
    if told is None and notes:
        return  # of a project that was saved before warnings were counted
    if len(warnings) > (known := int(told or 0)):
        lines = "".join(f"<p>{html.escape(plain_error(warning))}</p>" for warning in warnings[known:])
        QgsLayerNotesUtils.setLayerNotes(layer, notes + lines)
        layer.setCustomProperty(layer_tree.WARNED, len(warnings))


def _abstract(product: Product, depth: int | None, when: str) -> str:
    if product.water:
        subject, unit, meaning = _WATER[product.water]
        lines = [f"{subject} on {when} (UTC day), in {unit}: {meaning}."]
    else:
        lines = [f"Volumetric soil moisture at {depth} cm depth on {when} (UTC day), in m³ water per m³ soil."]
    if product.forecast:
        first = product.tags.get("DEEPSOIL_FORECAST_FROM", "then")
        lines.append(f"FORECAST: the weather from {first} on was foreseen, not observed, when the map was made.")
    if product.model:
        lines.append(f"Predicted by the model {product.model} {product.model_version}.".replace(" .", "."))
    if product.tags.get("DEEPSOIL_METHOD") == "column":
        lines.append(f"Simulated field: the mean of {product.tags.get('DEEPSOIL_MEMBERS', 'several')} simulations of "
                     "its soil columns, each with another draw of what is not known.")
    if product.interval:
        lines.append(f"Band 2 is the half-width of the {product.interval} interval ({product.interval_method}): the "
                     "value lies in band 1 ± band 2.")
    if product.unsure_interval:
        lines.append("The interval is not reliable here: the field is irrigated. In synthetic tests, often fewer than "
                     "nine days in ten lay inside it on irrigated fields.")
    if readings := _readings(product.tags):
        lines.append(f"Rests on {readings}.")
    if product.synthetic:
        lines.append("SYNTHETIC: the covariates of this region are made up; the map says nothing about a real place.")
    if product.attribution:
        lines.append(f"Data: {product.attribution}")
    if product.missing:
        lines.append(f"The region has no data for: {', '.join(product.missing)}. The model used the mean of its "
                     "training data instead.")
    return "\n".join(lines)


def _history(product: Product, output: Mapping[str, Any]) -> list[str]:
    rows = {"Job": product.job, "Region": product.region, "Engine": product.engine,
            "Irrigation": _irrigation(product.tags), "Readings": _readings(product.tags),
            "Crop": str(product.tags.get("DEEPSOIL_CROP", "")),
            "Method": "simulated field" if product.tags.get("DEEPSOIL_METHOD") == "column" else "",
            "Model": f"{product.model} {product.model_version}".strip(), "SHA-256": output.get("sha256") or ""}
    return [f"{name}: {value}" for name, value in rows.items() if value]


def _irrigation(tags: Mapping[str, str]) -> str:
    """How the water of the field is known, and what it got; empty where nothing is known."""
    kind = str(tags.get("DEEPSOIL_IRRIGATION", "none"))
    if kind == "none":
        return ""
    words = [kind]
    if habit := tags.get("DEEPSOIL_IRRIGATION_HABIT"):
        words.append(habit)
    if "DEEPSOIL_IRRIGATION_MM" in tags:
        words.append(f"{tags['DEEPSOIL_IRRIGATION_MM']} mm on {tags.get('DEEPSOIL_IRRIGATION_DAYS', '?')} days of the "
                     "year before")
    return ", ".join(words)


def _readings(tags: Mapping[str, str]) -> str:
    """Which readings the map rests on; empty where it rests on none."""
    words = [str(tags.get("DEEPSOIL_READINGS", ""))]
    if words[0] and tags.get("DEEPSOIL_RECONSTRUCTION") == "yes":
        words.append("also of days after the map's: a reconstruction of the past")
    if doubted := tags.get("DEEPSOIL_READINGS_DOUBTED"):
        words.append(f"{doubted} of them contradict all others and count for less")
    return "; ".join(word for word in words if word)


def _mark(layer: QgsRasterLayer, product: Product, output: Mapping[str, Any], depth: int | None,
          day: dt.date | None) -> None:
    marks = {layer_tree.OUTPUT: output["name"], layer_tree.DEPTH: "" if depth is None else depth,
             layer_tree.PRODUCT: product.water,
             layer_tree.DATE: day.isoformat() if day else "", layer_tree.REGION: product.region,
             "deepsoil/model": product.model, "deepsoil/model_version": product.model_version,
             "deepsoil/engine": product.engine,
             "deepsoil/synthetic": "yes" if product.synthetic else "no",
             "deepsoil/missing": ",".join(product.missing),
             "deepsoil/unit": quantities.UNITS.get(product.water, "m3/m3")}
    for name, value in marks.items():
        layer.setCustomProperty(name, value)
