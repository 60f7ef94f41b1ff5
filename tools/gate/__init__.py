"""The checks of the plugin repository (plugins.qgis.org), done here before a zip is uploaded."""
