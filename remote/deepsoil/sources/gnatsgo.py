"""The kind ``gnatsgo``: a map of soil survey map unit keys with the survey's tables (gNATSGO, gSSURGO)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd

from deepsoil.channels import Kind
from deepsoil.contract.errors import DeepSoilError
from deepsoil.sources import geotiff, soil_survey
from deepsoil.sources.point_tables import read_table
from deepsoil.sources.source import Ingestion, Map, Source
from deepsoil.sources.value_range import check_range

Zone = Literal["0-5", "5-20", "20-50", "50-100", "100-150", "0-20", "0-30", "0-100", "0-150"]
"""Depths in cm. With a hyphen: YAML reads 0_30, as the tables write it, as the number 30."""

_VALU1: dict[str, tuple[str, Zone]] = {"available_water_storage": ("aws{zone}", "0-5"),
                                       "soil_thickness": ("tk{zone}a", "0-150")}
"""Channel → column of the table Valu1 (storage in mm, thickness in cm) and its default zone of depth in cm."""
_HORIZON: dict[str, tuple[str, float]] = {
    "available_water_content": ("awc_r", 1.0), "survey_field_capacity": ("wthirdbar_r", 0.01),
    "sand": ("sandtotal_r", 1.0), "silt": ("silttotal_r", 1.0), "clay": ("claytotal_r", 1.0),
    "bulk_density": ("dbthirdbar_r", 1.0), "organic_matter": ("om_r", 1.0),
}
"""Channel → column of the horizons, and the factor to the channel's unit."""
POROSITY = "porosity"
CHANNEL_NAMES = (*_VALU1, *_HORIZON, POROSITY)
LARGEST_UNKNOWN = 0.001
"""Share of the pixels whose map unit may be missing in the tables."""


class GnatsgoSource(Source):
    """``keys``: GeoTIFF of map unit keys; ``tables``: folder of valu1, component, chorizon (CSV or Parquet).

    ``zone``: depths in cm, such as 0-30; by default 0-5, and 0-150 for the thickness. Without valu1, storage and
    thickness are computed from the horizons as NRCS does.
    """

    gives: ClassVar[tuple[Kind, ...]] = ("static",)

    kind: Literal["gnatsgo"]
    keys: str
    tables: str
    zone: Zone | None = None

    def named_files(self, field: str) -> Iterator[tuple[str, str]]:
        yield self.keys, f"{field}.keys"

    def problem(self, name: str, channels: object) -> str | None:
        return None if name in CHANNEL_NAMES else f"a gnatsgo source gives {', '.join(CHANNEL_NAMES)}"

    def read(self, ingestion: Ingestion, name: str) -> Map:
        field = f"channels.{name}"
        keys = self._keys(ingestion, f"{field}.keys")
        values = self._values(ingestion, name, field)
        known = np.isfinite(keys)
        units = keys[known].astype(np.int64)
        present, positions = np.unique(units, return_inverse=True)
        listed = self._listed(ingestion, name, field)
        unknown = ~np.isin(present, listed)
        share = float(unknown[positions].mean()) if units.size else 0.0
        if share > LARGEST_UNKNOWN:
            raise DeepSoilError("source_invalid", "{count} map units of {file}, on {share:.1%} of the area, are not in "
                                "the tables, {key} for example.", "Use keys and tables of one release.", field,
                                count=int(unknown.sum()), file=Path(self.keys).name, share=share,
                                key=int(present[unknown][0]))
        result = np.full(keys.shape, np.nan, np.float32)
        result[known] = values.reindex(present).to_numpy(np.float32)[positions]
        return check_range(name, result, field)

    def _keys(self, ingestion: Ingestion, field: str) -> Map:
        """Map unit keys (H, W), NaN missing. Keys have seven digits, which float32 holds exactly."""
        name = f"gnatsgo keys {self.keys}"
        if name not in ingestion.shared:
            keys = geotiff.read_map(ingestion.files.file(self.keys, field), ingestion.window,
                                    geotiff.RasterOptions(classes=True), field)
            ingestion.shared[name] = np.where(np.abs(keys) < 2**24, np.where(keys > 0, keys, np.nan), np.nan)
        found: Map = ingestion.shared[name]
        return found

    def _values(self, ingestion: Ingestion, name: str, field: str) -> pd.Series[float]:
        """The channel by map unit key, in its unit."""
        if name in _VALU1 and self._file(ingestion, "valu1") is not None:
            pattern, zone = _VALU1[name]
            column = pattern.format(zone=(self.zone or zone).replace("-", "_"))
            table = self._table(ingestion, "valu1", field, soil_survey.KEY, column)
            values = pd.to_numeric(table[column], errors="coerce")
            values.index = pd.Index(pd.to_numeric(table[soil_survey.KEY]).astype(np.int64))
            return values.where(values >= 0)  # −9999 in some releases
        usual = _VALU1[name][1] if name in _VALU1 else "0-5"
        top, bottom = (float(text) for text in (self.zone or usual).split("-"))
        components = self._table(ingestion, "component", field, soil_survey.KEY, soil_survey.COMPONENT,
                                 soil_survey.SHARE)
        horizons = self._table(ingestion, "chorizon", field, soil_survey.COMPONENT, soil_survey.TOP,
                               soil_survey.BOTTOM)
        if name in _VALU1:
            horizons = self._table(ingestion, "chorizon", field, soil_survey.AVAILABLE_WATER)
            compute = soil_survey.storage_mm if name == "available_water_storage" else soil_survey.thickness_cm
            return compute(components, horizons, top, bottom)
        if name == POROSITY:
            return soil_survey.porosity(components, horizons, top, bottom)
        column, factor = _HORIZON[name]
        horizons = self._table(ingestion, "chorizon", field, column)
        if column in soil_survey.TEXTURE and set(soil_survey.TEXTURE) <= set(horizons):
            horizons = soil_survey.complete_texture(horizons)
        return soil_survey.by_map_unit(components, horizons, column, top, bottom) * factor

    def _listed(self, ingestion: Ingestion, name: str, field: str) -> np.ndarray[Any, np.dtype[np.int64]]:
        summed = name in _VALU1 and self._file(ingestion, "valu1") is not None
        table = self._table(ingestion, "valu1" if summed else "component", field, soil_survey.KEY)
        return pd.to_numeric(table[soil_survey.KEY]).unique().astype(np.int64)

    def _file(self, ingestion: Ingestion, table: str) -> Path | None:
        """The file of a table, by its name in small letters."""
        return next((path for path in sorted((ingestion.files.root / self.tables).glob("*"))
                     if path.stem.lower() == table and path.suffix.lower() in (".csv", ".parquet", ".txt")), None)

    def _table(self, ingestion: Ingestion, table: str, field: str, *columns: str) -> pd.DataFrame:
        """A table of the folder, its names in small letters. Raises ``source_missing``, ``source_invalid``."""
        name = f"gnatsgo table {self.tables}/{table}"
        if name not in ingestion.shared:
            path = self._file(ingestion, table)
            if path is None:
                raise DeepSoilError("source_missing", "There is no table {table}.csv or {table}.parquet in {folder}.",
                                    "Export it from the release's database.", f"{field}.tables",
                                    table=table, folder=ingestion.files.root / self.tables)
            read = read_table(path, field)
            ingestion.shared[name] = read.rename(columns=lambda text: str(text).strip().lower())
        found: pd.DataFrame = ingestion.shared[name]
        missing = [column for column in columns if column not in found]
        if missing:
            raise DeepSoilError("source_invalid", "The table {table} has no column {column}.", "It has: {columns}.",
                                field, table=table, column=missing[0], columns=", ".join(map(str, found.columns)))
        return found
