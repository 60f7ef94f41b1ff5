"""The soil survey of the USA: a map of map unit keys (SoilWeb's gNATSGO) and their tables (Soil Data Access).

Keys: WCS 2.0.1 of ``casoilresource.lawr.ucdavis.edu/cgi-bin/mapserv?map=mukey-wcs``, 30 m, EPSG:5070, at most 5000
pixels a side; the grid, the data type and the value for "nothing" change with the releases, so the grid is asked for
first and every other key is treated as such. Sources: facts on public archives, November 2026, §2a; soilDB's mukey-WCS.
Not verified live.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from deepsoil.archives import clips, coverage_service, lower48, soil_data_access
from deepsoil.archives.addresses import address_of
from deepsoil.archives.archive import Ask, Entries, Got, Piece
from deepsoil.archives.clips import ClassClip, Codes
from deepsoil.archives.coverage_grid import Box, Grid
from deepsoil.archives.network import Network
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.table_cells import guarded
from deepsoil.io import atomic
from deepsoil.sources import soil_hydraulics

if TYPE_CHECKING:
    import pandas as pd

PUBLIC = "https://casoilresource.lawr.ucdavis.edu"
GNATSGO, GSSURGO = "gnatsgo", "gssurgo"
"""The coverages: gNATSGO fills gaps of the detailed survey (gSSURGO), in places with raster surveys, whose map units
Soil Data Access does not have."""
KEYS, SURVEYED, TABLES = "soil_survey/mukey.tif", "soil_survey/mukey_gssurgo.tif", "soil_survey/tables"
COMPONENTS = f"{TABLES}/component.csv"
ZONE = "0-30"
"""Depths in cm of texture and the other means: one map serves the maps of 5 and of 20 cm and the soil columns."""
LARGEST_UNKNOWN = 0.001
"""Share of the pixels whose key may be missing in the tables; as the kind ``gnatsgo`` has it."""
_TABLES_BYTES = 200_000
_MEANS = ("sand", "silt", "clay", "bulk_density", "organic_matter", "available_water_content", "survey_field_capacity",
          "porosity")
_SUMS = ("available_water_storage", "soil_thickness")


class SoilSurvey:
    name = "soil_survey"
    title = "Soil survey (gNATSGO, Soil Data Access)"
    provides = frozenset({*_MEANS, *_SUMS, *soil_hydraulics.CHANNELS})
    licence = "public domain"
    attribution = "Soil Survey Staff, gNATSGO and SSURGO, USDA Natural Resources Conservation Service"
    terms: str | None = None
    account: str | None = None
    _clip = ClassClip("Soil survey map (SoilWeb)", (2**31 - 1, 2**32 - 1), largest=2**24 - 1, least_bytes=4)

    def plan(self, ask: Ask) -> list[Piece]:
        lower48.require(ask.outline.bounds, self.title)
        details = {"bounds": list(ask.bounds), "field": list(ask.outline.bounds)}
        return [Piece(self.name, KEYS, _service(), clips.plan_bytes(ask.bounds) + 10_000, details),
                Piece(self.name, f"{TABLES}/chorizon.csv", soil_data_access.address(), _TABLES_BYTES, details)]

    def fetch(self, piece: Piece, network: Network, folder: Path) -> Got:
        """Keys or tables. The tables are those of the keys, which are fetched first where they are not there yet."""
        if piece.name == KEYS:
            return self._fetch_keys(piece, network, folder, GNATSGO, KEYS)
        size = 0 if (folder / KEYS).is_file() else self._fetch_keys(piece, network, folder, GNATSGO, KEYS).size
        notes: list[str] = []
        keys, files = KEYS, [piece.name, COMPONENTS]
        codes, components, horizons, came = self._tables(network, folder / KEYS)
        if self._unknown(codes, components)[1] > LARGEST_UNKNOWN:
            size += self._fetch_keys(piece, network, folder, GSSURGO, SURVEYED).size
            codes, components, horizons, more = self._tables(network, folder / SURVEYED)
            keys, files, came = SURVEYED, [*files, SURVEYED], came + more
            notes.append("the map is gSSURGO: gNATSGO shows map units here that Soil Data Access does not have")
        self._check_release(codes, components)
        notes += self._bare(self._clip.inside(folder / keys, piece.details["field"])[0], components, horizons)
        _write(folder / COMPONENTS, components)
        _write(folder / piece.name, horizons)
        return Got(piece, tuple(files), soil_data_access.address(), datetime.now(UTC), size + came, tuple(notes))

    def entries(self, got: Sequence[Got], folder: Path) -> Entries:
        surveyed = any(SURVEYED in one.files for one in got)
        note = f"{'gSSURGO' if surveyed else 'gNATSGO'} map unit keys and Soil Data Access"
        source = {"kind": "gnatsgo", "keys": SURVEYED if surveyed else KEYS, "tables": TABLES}
        channels: dict[str, dict[str, Any]] = {name: {**source, "zone": ZONE, "note": f"{note}, {ZONE} cm"}
                                               for name in _MEANS}
        channels.update({name: {**source, "note": f"{note}, computed from the horizons"} for name in _SUMS})
        channels.update({name: {"kind": "soil_hydraulics", "note": f"Rosetta 3 of the soil survey's texture, {ZONE} cm"}
                         for name in soil_hydraulics.CHANNELS})
        return Entries(channels, notes=tuple(note for one in got for note in one.notes))

    def _fetch_keys(self, piece: Piece, network: Network, folder: Path, coverage: str, name: str) -> Got:
        title = self._clip.title
        described = network.answer(title, coverage_service.address(
            _service(), ("SERVICE", "WCS"), ("VERSION", "2.0.1"), ("REQUEST", "DescribeCoverage"),
            ("COVERAGEID", coverage)))
        grid = coverage_service.described(coverage_service.document(described, title), coverage, title).grid
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        got, notes = clips.fetch(network, self._clip, grid, tuple(piece.details["bounds"]),
                                 tuple(piece.details["field"]), lambda box: _request(coverage, grid, box), path)
        return Got(piece, (name,), got.address, datetime.now(UTC), got.size + (len(described) if got.size else 0),
                   tuple(notes))

    def _tables(self, network: Network, keys: Path) -> tuple[Codes, pd.DataFrame, pd.DataFrame, int]:
        """The keys of a map, the components and horizons of all of them, and the bytes that came."""
        codes, _ = self._clip.codes(keys)
        return codes, *soil_data_access.tables(network, np.unique(codes[codes != 0]).tolist())

    def _unknown(self, codes: Codes, components: pd.DataFrame) -> tuple[Codes, float]:
        """Keys of the map that the tables do not have, and the share of the pixels with a key that they cover."""
        import pandas as pd  # slow to load, and a plan needs none of it

        from deepsoil.sources import soil_survey as survey

        listed = pd.to_numeric(components[survey.KEY], errors="coerce").dropna().astype(np.int64).to_numpy()
        known = codes[codes != 0]
        missing = ~np.isin(known, listed)
        return np.unique(known[missing]), float(missing.mean()) if known.size else 0.0

    def _check_release(self, codes: Codes, components: pd.DataFrame) -> None:
        """Raise ``archive_implausible`` for keys of another release than the tables."""
        unknown, share = self._unknown(codes, components)
        if share > LARGEST_UNKNOWN:
            raise DeepSoilError("archive_implausible", "{count} map units on {share:.1%} of the area, {key} for "
                                "example, are not in the tables of {archive}.", "The map is of another release than "
                                "the tables. Try again in some weeks; until then another archive stands in where one "
                                "is on.", count=int(unknown.size), share=share,
                                key=int(unknown[0]), archive=soil_data_access.TITLE)

    def _bare(self, inside: Codes, components: pd.DataFrame, horizons: pd.DataFrame) -> list[str]:
        """A note on land of the field without soil data. Raises ``archive_outside`` where it has none at all."""
        import pandas as pd  # see `_unknown`

        from deepsoil.sources import soil_survey as survey

        top, bottom = (float(text) for text in ZONE.split("-"))
        texture = survey.by_map_unit(components, survey.complete_texture(horizons), survey.TEXTURE[0], top, bottom)
        without = (inside != 0) & ~np.isin(inside, texture.index.to_numpy())
        share = float(without.sum() / max(int((inside != 0).sum()), 1))
        if not share:
            return []
        units = pd.to_numeric(components[survey.KEY], errors="coerce")
        bare = sorted(set(components["muname"][units.isin(np.unique(inside[without]))].dropna()))
        named = ", ".join(map(str, bare[:4])) or "not named"
        if share == 1.0:
            raise DeepSoilError("archive_outside", "The soil survey has no soil at this place, only: {units}.",
                                "Towns, water and rock were not surveyed. Draw the field on farm land, or let another "
                                "archive give its soil.", "area", units=named)
        return [f"{share:.0%} of the field's surroundings have no soil data: {named}"]


def _service() -> str:
    return f"{address_of('soilweb', PUBLIC)}/cgi-bin/mapserv?map=mukey-wcs"


def _request(coverage: str, grid: Grid, box: Box) -> str:
    return coverage_service.address(
        _service(), ("SERVICE", "WCS"), ("VERSION", "2.0.1"), ("REQUEST", "GetCoverage"), ("COVERAGEID", coverage),
        ("FORMAT", "image/tiff"), ("GEOTIFF:COMPRESSION", "DEFLATE"), ("SUBSETTINGCRS", grid.crs),
        ("SUBSET", f"x({box.west:.10g},{box.east:.10g})"), ("SUBSET", f"y({box.south:.10g},{box.north:.10g})"),
        ("RESOLUTION", f"x({grid.step:g})"), ("RESOLUTION", f"y({grid.step:g})"))


def _write(path: Path, table: pd.DataFrame) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = io.StringIO()
    table.map(guarded).to_csv(text, index=False)
    atomic.write_text(path, text.getvalue())


SOIL_SURVEY = SoilSurvey()
