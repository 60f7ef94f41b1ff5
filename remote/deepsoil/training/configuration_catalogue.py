"""The training configurations that a client can choose from: the shipped ones and the user's own.

No torch: the engine of a login node lists them too.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.models.library import shipped_resources
from deepsoil.training.configuration import Configuration, read_configuration


def listed(home: Path, resources: Path | None = None) -> list[dict[str, Any]]:
    """Every configuration of ``HOME/configurations`` and of ``resources/training``, as `described`, by file name.

    A file in HOME replaces a shipped one of the same name. YAML files that are not training configurations
    (the plans of the tables, tunings) are skipped.
    """
    shipped = resources or shipped_resources()
    folders = [shipped / "training"] if shipped is not None else []
    files = {file.name: file for folder in [*folders, home / "configurations"] for file in folder.glob("*.y*ml")}
    return [described(file) for _, file in sorted(files.items()) if not file.name.startswith(("tables-", "tune-"))]


def require_files(configurations: Sequence[Configuration]) -> None:
    """Check that the files of configurations exist: weather series, the region with stations, the initial weights.

    Raises DeepSoilError ``weather_missing``, ``region_missing`` or ``start_missing``, with the field.
    """
    for number, configuration in enumerate(configurations):
        field = f"options.configurations.{number}"
        root = Path(configuration.weather.root)
        missing = next((series.file for series in configuration.weather.series if not (root / series.file).is_file()),
                       None)
        if missing is not None:
            raise DeepSoilError("weather_missing", "{name}: the weather series {missing} is not in "
                                "{root}.", "Give the folder of the series on that computer.", f"{field}.weather.root",
                                name=configuration.name, missing=missing, root=root)
        choice = configuration.supervision
        if choice is not None and not Path(choice.region).is_dir():
            raise DeepSoilError("region_missing", "{name}: there is no region or store {region}.",
                                "Choose a region of that computer.", f"{field}.supervision.region",
                                name=configuration.name, region=choice.region)
        if choice is not None and choice.start and not (Path(choice.start) / "best.pt").is_file():
            raise DeepSoilError("start_missing", "{name}: {start} holds no trained network to "
                                "start from.", "Train that configuration first, or leave the first weights out.",
                                f"{field}.supervision.start",
                                name=configuration.name, start=choice.start)


def described(path: Path) -> dict[str, Any]:
    """``{id, path, document, problem}`` of one file; ``document`` with absolute paths, null if invalid."""
    try:
        document, problem = read_configuration(path).resolved(), None
    except DeepSoilError as error:
        document, problem = None, error.to_dict()
    except OSError as error:
        document, problem = None, DeepSoilError("configuration_missing", "{path} cannot be read: {reason}.",
                                                "Choose another file.",
                                                path=path, reason=error.strerror).to_dict()
    except Exception as error:  # noqa: BLE001 - the boundary: one file must not hide the others
        document, problem = None, DeepSoilError("configuration_invalid", "{path} cannot be used: {error}.",
                                                "Correct the file.", path=path, error=str(error)[:200]).to_dict()
    return {"id": path.stem, "path": str(path.absolute()), "document": document, "problem": problem}
