"""As in a QGIS that was built with Qt 6."""

from PyQt6.QtNetwork import *  # noqa: F403
