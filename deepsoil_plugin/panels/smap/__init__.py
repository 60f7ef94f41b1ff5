"""The panel that shows the 30 m map beside SMAP, cell by cell."""
