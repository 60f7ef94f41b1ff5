"""The request's readings: the line in the dock, the list, single values, and files of own probes."""
