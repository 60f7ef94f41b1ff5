"""Qt as QGIS hands it on."""

from PyQt6 import sip

__all__ = ["sip"]
