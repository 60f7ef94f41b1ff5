"""What is known of the water of the fields of stations: a list from a file, and its check."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import yaml
from pydantic import TypeAdapter, ValidationError

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.management import Management, check_management
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


def check_water(store: Store, stations: Stations, entries: Sequence[Management]) -> None:
    """Each entry is about a station of the region, and no station has two.

    DeepSoilError ``station_unknown``, ``specification_invalid``.
    """
    known = [*stations.ids, *stations.names]
    for number, entry in enumerate(entries):
        if entry.field is not None and entry.field not in known:
            raise DeepSoilError("station_unknown", "The region '{title}' has no station '{name}'.", "It has: {ids}.",
                                f"options.management.{number}.field", title=store.title, name=entry.field,
                                ids=", ".join(stations.ids))
    check_management(entries, known)
