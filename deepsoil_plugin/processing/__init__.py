"""DeepSoil's jobs as Processing algorithms: toolbox, modeler, qgis_process. No widgets, no iface."""
