"""Gathers small regions around the stations nearest to a gathered field, where its results are judged.

See `archives.station_regions` for what they are. Nothing here stops a gathering: a station around which something is
missing is told of, and the field's results then say less.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from shapely.geometry.base import BaseGeometry

from deepsoil.archives import accounts, recipe_file
from deepsoil.archives import folder as gathered
from deepsoil.archives.archive import Ask
from deepsoil.archives.box import See
from deepsoil.archives.choice import Plan, Wishes, choose
from deepsoil.archives.station_regions import FOLDER, NEEDS, StationRegion, readings_of, station_regions
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.text import Text
from deepsoil.io import yaml_files

Gather = Callable[[Plan, gathered.Record, Path], Path]
"""Fetches what is planned into a folder; its recipe."""


def around_stations(folder: Path, outline: BaseGeometry, today: date, see: See, gather: Gather,
                    log: Callable[[str, str], None], cancelled: Callable[[], bool], region: Path | None = None) -> None:
    """Gather and ingest the regions of the stations nearest to the field of a gathered ``folder``.

    region   the gathered folder of the region whose part the field is; theirs lie there

    Raises
    ------
    DeepSoilError
        ``cancelled``, ``disk_full``; other errors are told in the log.
    """
    record = gathered.read(folder)
    if record is None:
        return
    ask = Ask(outline, record.bounds, record.start, record.end, today, record.first)
    wishes = Wishes(frozenset(record.off), frozenset(record.agreed), frozenset(accounts.secrets()))
    recipe = folder / gathered.RECIPE
    document = yaml_files.load(yaml_files.read_text(recipe))[0] if recipe.is_file() else {}
    stations = document.get("stations") or []
    for near in station_regions(stations if isinstance(stations, list) else [stations], folder, ask, see,
                                region or folder):
        try:
            _make(near, folder, wishes, gather, cancelled)
        except DeepSoilError as error:
            if error.code in ("cancelled", "disk_full"):
                raise
            log(str(Text("The surroundings of the station {name} could not be gathered, so that results are not "
                         "compared with it: {problem}", name=near.station.name, problem=error.message)), "warning")


def stores_of(folder: Path) -> Sequence[Path]:
    """The stores of the regions around stations in a gathered folder, those that are whole."""
    return sorted(path.parent for path in (folder / FOLDER).glob(f"*/{gathered.STORE}/zarr.json"))


def _make(region: StationRegion, folder: Path, wishes: Wishes, gather: Gather, cancelled: Callable[[], bool]) -> None:
    from deepsoil.archives import registry  # needs the extra `sources`, which predictions do without
    from deepsoil.sources.ingest import ingest

    ask = region.ask
    plan = choose(ask, wishes, registry.ARCHIVES,
                  {need: registry.NEEDS[need] for need in NEEDS if need in registry.NEEDS})
    for problem in plan.problems():
        raise problem
    record = gathered.Record(f"{region.station.name} ({region.station.network})", ask.bounds, ask.start, ask.end,
                             ask.start, ask.end, tuple(sorted(wishes.off)), tuple(sorted(wishes.agreed)))
    recipe = gather(plan, record, region.folder)
    document = yaml_files.load(yaml_files.read_text(recipe))[0]
    recipe_file.write(region.folder, {**document, "stations": dict(readings_of(region, folder).stations or {})})
    ingest(recipe, region.folder / gathered.STORE, cancelled=cancelled)
