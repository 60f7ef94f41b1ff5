"""The networks that can be trained, by name. No torch: a login node checks configurations too.

A network is a subclass of `moisture_network.MoistureNetwork` in a file of its own, and one entry here. A network of
another package is named as an entry point of the group ``deepsoil.networks`` (→ a `NetworkEntry`, in a module that
does not import torch), or is added by `register` in every process that trains or exports it. Prediction needs neither:
a model file holds the whole graph.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from deepsoil import extensions
from deepsoil.contract.errors import DeepSoilError

if TYPE_CHECKING:
    from deepsoil.networks.moisture_network import MoistureNetwork

ENTRY_POINTS = "deepsoil.networks"


@dataclass(frozen=True)
class NetworkEntry:
    """``name``: in configurations and model files. ``location``: ``module:class`` of the network.

    ``multiple``: height and width of its input are multiples of this number of pixels. ``pixel_path``: it is a
    `moisture_network.UNet`, whose blocks at full resolution can be trained alone (``warm_start``, ``full_resolution``).
    ``single_pixels``: it sees one pixel, so that a ``warm_start`` trains all of it.
    """

    name: str
    location: str
    multiple: int
    pixel_path: bool = False
    single_pixels: bool = False

    def load(self) -> type[MoistureNetwork]:
        """The class of the network; imports torch."""
        module, _, name = self.location.partition(":")
        network: type[MoistureNetwork] = getattr(import_module(module), name)
        return network


_entries = {entry.name: entry for entry in (
    NetworkEntry("light_unet", "deepsoil.networks.light_unet:LightUNet", multiple=8, pixel_path=True),
    NetworkEntry("surface_unet", "deepsoil.networks.surface_unet:SurfaceUNet", multiple=16, pixel_path=True),
    NetworkEntry("light_pixels", "deepsoil.networks.pixel_networks:LightPixels", multiple=8, single_pixels=True),
    NetworkEntry("surface_pixels", "deepsoil.networks.pixel_networks:SurfacePixels", multiple=16, single_pixels=True),
)}


def register(entry: NetworkEntry) -> None:
    """Add or replace a network in this process."""
    _entries[entry.name] = entry


def known_networks() -> list[str]:
    """Names of all networks, in alphabetical order."""
    return sorted(_entries)


def find_network(name: str) -> NetworkEntry:
    """The entry of a name. DeepSoilError ``network_unknown``."""
    if name not in _entries:
        raise DeepSoilError("network_unknown", "There is no network '{name}'.",
                            "Choose one of: {known}. Or install the package that adds it.", "network.kind",
                            name=name, known=", ".join(known_networks()))
    return _entries[name]


def name_of(network: MoistureNetwork) -> str:
    """The name under which the class of a network is registered. DeepSoilError ``network_unknown``."""
    kind = type(network)
    location = f"{kind.__module__}:{kind.__qualname__}"
    for name in known_networks():
        if find_network(name).location == location:
            return name
    raise DeepSoilError("network_unknown", "The network {location} has no name.",
                        "Register it first, see networks/registry.py.", location=location)


extensions.load(ENTRY_POINTS, register)
