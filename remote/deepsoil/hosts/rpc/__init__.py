"""Calls to the engine on another computer, over a connection that is re-established automatically."""
