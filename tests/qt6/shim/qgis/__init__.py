"""Stands in for QGIS where only its Qt is needed: ``qgis.PyQt`` is PyQt6. Nothing of ``qgis.gui`` is here."""
