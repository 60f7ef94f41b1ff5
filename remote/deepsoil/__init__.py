"""DeepSoil's engine: 30 m soil moisture at 5 cm and 20 cm. The version lives in the plugin's ``metadata.txt``."""

from __future__ import annotations

import os
import re
from pathlib import Path

# ONNX Runtime reports to its maker from the moment it is imported; a call to switch that off comes too late.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"


def _version() -> str:
    # Beside the sources (packaged plugin) or beside remote/ (checkout) the file itself is asked, so that an
    # editable installation is never behind; an installed copy knows the version from when it was built.
    for folder in Path(__file__).resolve().parents[1:3]:
        file = folder / "metadata.txt"
        if file.is_file():
            found = re.search(r"(?ms)^name=DeepSoil$.*?^version=(\S+)$", file.read_text(encoding="utf-8"))
            if found:
                return found.group(1)
    from importlib import metadata

    return metadata.version("deepsoil")


__version__ = _version()
