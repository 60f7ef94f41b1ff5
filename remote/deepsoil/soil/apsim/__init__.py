"""Bridge to APSIM Next Generation: its weather and simulation files, its program, its reports. No network.

`met` weather · `layers` layers and where SWIM3's nodes lie · `apsimx` simulation trees · `project` a folder of files
for a set of points · `run` APSIM's program · `report` its SQLite output · `compare` with our column.
"""
