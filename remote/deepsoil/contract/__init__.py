"""Everything that crosses the pipe or lies in a folder that somebody else reads. Imports nothing of the engine."""
