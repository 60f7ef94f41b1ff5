"""As in a QGIS that was built with Qt 6, with the classes that moved to QtGui in both."""

from PyQt6.QtGui import QAction, QActionGroup, QShortcut  # noqa: F401
from PyQt6.QtWidgets import *  # noqa: F403
