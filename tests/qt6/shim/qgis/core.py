"""The one class of ``qgis.core`` that widgets without a map use, for where things are: the settings."""

from PyQt6.QtCore import QSettings


class QgsSettings(QSettings):
    """As QGIS's: a QSettings."""
