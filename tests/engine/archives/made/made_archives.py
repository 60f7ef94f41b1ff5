"""Archives that are no real ones, for tests of gathering: each serves plain files below ``made`` (see `addresses`).

ground   elevation as a GeoTIFF
survey   soil as a table, the preferred one; ``atlas`` stands in for it
sky      weather as a NetCDF file a year, and one of the days of the year of ``today``
leaves   NDVI of two days; nothing depends on it
owned    soil, by agreement only
closed   bulk density, by account only; in the place of leaf area
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from deepsoil.archives.addresses import address_of
from deepsoil.archives.archive import Archive, Ask, Entries, Got, Piece
from deepsoil.archives.network import Network
from deepsoil.contract.errors import DeepSoilError

TODAY = date(2023, 9, 10)
PAGES: dict[str, int] = {"ground": 60_000, "survey": 100, "atlas": 100, "sky": 20_000, "leaves": 4_000, "owned": 100,
                         "closed": 100}


class Made:
    """Whole files by name."""

    terms: str | None = None
    account: str | None = None
    licence = "CC BY 4.0"

    def __init__(self, name: str, provides: Sequence[str]) -> None:
        self.name, self.title, self.provides = name, f"The made {name}", frozenset(provides)
        self.attribution = f"Made {name} of nowhere."

    def names(self, ask: Ask) -> list[str]:
        others = {"ground": ["elevation.tif"], "leaves": ["2023-06-01.tif", "2023-07-01.tif"]}
        return others.get(self.name, ["soil.csv"])

    def plan(self, ask: Ask) -> list[Piece]:
        if ask.bounds[2] < -124:
            raise DeepSoilError("archive_outside", "{archive} has nothing here.", "Choose a field elsewhere.",
                                archive=self.title)
        place = {"bounds": list(ask.bounds)} if self.name in ("ground", "survey", "atlas", "owned") else {}
        return [Piece(self.name, f"{self.name}/{name}", f"{_server()}/{self.name}/{name}", PAGES[self.name], place)
                for name in self.names(ask)]

    def fetch(self, piece: Piece, network: Network, folder: Path) -> Got:
        address = f"{_server()}/{piece.name}"
        got = network.download(self.title, address, folder / piece.name)
        return Got(piece, (piece.name,), got.address, datetime.now(UTC), got.size)

    def entries(self, got: Sequence[Got], folder: Path) -> Entries:
        if self.name == "ground":
            return Entries({"elevation": {"kind": "raster", "file": "ground/elevation.tif", "unit": "m"}})
        if self.name == "leaves":
            files = {Path(one.files[0]).stem: one.files[0] for one in got}
            return Entries({"ndvi": {"kind": "raster", "unit": "-", "files": files}})
        units = {"bulk_density": "g/cm3"} if self.name == "closed" else dict.fromkeys(("sand", "silt", "clay"), "%")
        return Entries({name: {"kind": "table", "file": f"{self.name}/soil.csv", "column": name, "unit": unit}
                        for name, unit in units.items()})


class Sky(Made):
    def names(self, ask: Ask) -> list[str]:
        years = [f"{year}.nc" for year in range(ask.start.year, ask.today.year)]
        return [*years, f"{ask.today}.nc"]

    def entries(self, got: Sequence[Got], folder: Path) -> Entries:
        units = {"precipitation": "mm/day", "temperature": "degC", "vpd": "kPa", "pet": "mm/day"}
        files = [one.files[0] for one in reversed(got)]
        return Entries({name: {"kind": "netcdf", "files": files, "variable": name, "unit": unit, "status": "status"}
                        for name, unit in units.items()})


def install(archives: dict[str, Archive], needs: dict[str, tuple[str, ...]]) -> None:
    """Put the made archives in the place of all others."""
    owned, closed = Made("owned", ("sand", "silt", "clay")), Made("closed", ("bulk_density",))
    owned.terms, owned.licence, closed.account = "Not to be sold.", "CC BY-NC 4.0", "made"
    made: list[Any] = [Made("ground", ("elevation",)), Made("survey", ("sand", "silt", "clay")),
                       Made("atlas", ("sand", "silt", "clay")),
                       Sky("sky", ("precipitation", "temperature", "vpd", "pet")), Made("leaves", ("ndvi",)), owned,
                       closed]
    order: Mapping[str, tuple[str, ...]] = {"elevation": ("ground",), "soil": ("owned", "survey", "atlas"),
                                            "weather": ("sky",), "ndvi": ("leaves",), "lai": ("closed",)}
    archives.clear()
    needs.clear()
    archives.update({one.name: one for one in made})
    needs.update(order)


def _server() -> str:
    return address_of("made", "http://127.0.0.1:9")
