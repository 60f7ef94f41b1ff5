"""Panels beside the map. Plots need pyqtgraph, which is loaded when the first panel draws; see plotting.py."""
