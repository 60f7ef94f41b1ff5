"""A real QGIS window on a virtual screen, driven by mouse and keyboard as a user does."""
