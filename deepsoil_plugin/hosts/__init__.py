"""Other computers in QGIS: list, form, connection test, installation, logins."""
