"""Takes results out of QGIS: maps in the CRS, resolution and unit that are wanted, tables, outlines, reports."""
