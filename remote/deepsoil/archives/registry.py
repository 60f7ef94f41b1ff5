"""The archives that DeepSoil knows, and in which order they stand in for each other."""

from __future__ import annotations

from deepsoil.archives.archive import Archive

ARCHIVES: dict[str, Archive] = {}
"""By name. A module of an archive makes one object, and a line here adds it."""

NEEDS: dict[str, tuple[str, ...]] = {}
"""What a region needs → names of archives, the preferred one first; the next is tried where one fails or is off."""
