"""The water that the fields of stations get: a list of what is known of them, and what it means for the inputs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import yaml
from pydantic import TypeAdapter, ValidationError

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.management import Management, check_management, management_of
from deepsoil.grid import lonlat_to_pixel
from deepsoil.inference.field_water import Watering
from deepsoil.inference.place_water import water_at
from deepsoil.io import yaml_files
from deepsoil.store.series import Stations
from deepsoil.store.store import Store

_Entries = TypeAdapter(list[Management])


def read_management(path: Path) -> list[Management]:
    """A YAML list of what is known of fields, each with the id or the name of its station as ``field``.

    DeepSoilError ``file_missing``, ``file_invalid``.
    """
    try:
        document, _ = yaml_files.load(yaml_files.read_text(path))
        return _Entries.validate_json(json.dumps(document, default=str))
    except OSError as error:
        raise DeepSoilError("file_missing", "The file {path} cannot be read: {strerror}.", "Check the path.",
                            path=path, strerror=error.strerror) from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise DeepSoilError("file_invalid", "The file {path} is not a list of the water of fields: {place}: {problem}.",
                            "docs/contract.md describes an entry (options.management).", path=path,
                            place=".".join(map(str, first["loc"])) or "list", problem=first["msg"]) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DeepSoilError("file_invalid", "The file {path} is not YAML: {error}.", "Check its content.",
                            path=path, error=error) from error


def station_water(store: Store, stations: Stations, chosen: Sequence[int], entries: Sequence[Management],
                  halo: int) -> Watering:
    """What the pixels round the chosen stations get. ``halo``: the widest of the models', with their multiple.

    DeepSoilError ``station_unknown``, and what `plan_water` raises.
    """
    known = [*stations.ids, *stations.names]
    for number, entry in enumerate(entries):
        if entry.field is not None and entry.field not in known:
            raise DeepSoilError("station_unknown", "The region '{title}' has no station '{name}'.", "It has: {ids}.",
                                f"options.management.{number}.field", title=store.title, name=entry.field,
                                ids=", ".join(stations.ids))
    check_management(entries, known)
    columns, rows = lonlat_to_pixel(stations.longitudes, stations.latitudes)
    return water_at(store, [(int(columns[index]), int(rows[index])) for index in chosen],
                    [management_of(entries, stations.ids[index], stations.names[index]) for index in chosen], halo)
