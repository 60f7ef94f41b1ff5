"""Everything that crosses the pipe or is stored in a folder that other programs read. Imports nothing of the engine."""
