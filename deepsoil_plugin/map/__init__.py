"""The map side of DeepSoil: result layers, their look, their time, stations, export. What draws areas is draw.py."""
