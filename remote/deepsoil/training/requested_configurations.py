"""The configurations that a job asks to train: one or many, as paths or complete documents."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.training.configuration import Configuration, parse_configuration, read_configuration

if TYPE_CHECKING:
    from deepsoil.contract.options import TrainOptions


def requested(options: TrainOptions) -> list[Configuration]:
    """The configurations of a training job, with absolute paths.

    Raises DeepSoilError ``configuration_…`` if one is missing, invalid, has a relative path,
    or has a duplicate name.
    """
    if options.configurations is None:
        return [read_configuration(Path(str(options.configuration)))]
    return read_all(options.configurations)


def read_all(wanted: Sequence[str | dict[str, Any]]) -> list[Configuration]:
    """As `requested`, from paths and documents."""
    configurations = [_read(one, f"options.configurations.{number}") for number, one in enumerate(wanted)]
    first: dict[str, int] = {}
    for number, configuration in enumerate(configurations):
        before = first.setdefault(configuration.name, number)
        if before != number:
            raise DeepSoilError("configuration_twice", "Two configurations have the name '{name}'.",
                                "Give every configuration a name of its own; its results are kept under it.",
                                f"options.configurations.{number}",
                                name=configuration.name)
    return configurations


def _read(wanted: str | dict[str, Any], field: str) -> Configuration:
    if isinstance(wanted, str):
        return read_configuration(Path(wanted))
    configuration = parse_configuration(wanted, field)
    choice = configuration.supervision
    paths = {"weather.root": configuration.weather.root}
    if choice is not None:
        paths |= {"supervision.region": choice.region} | ({"supervision.start": choice.start} if choice.start else {})
    if (clusters := configuration.clusters) is not None:
        paths |= {f"clusters.{key}": named for key in ("file", "parts") if (named := getattr(clusters, key))}
    for name, path in paths.items():
        if not Path(path).is_absolute():
            raise DeepSoilError("configuration_invalid", "{document}: {name}: the path '{path}' is not absolute.",
                                "Give the whole path on the engine's machine.", f"{field}.{name}",
                                document=field, name=name, path=path)
    return configuration
