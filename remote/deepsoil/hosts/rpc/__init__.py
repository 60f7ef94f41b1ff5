"""Calls to the engine on another computer, over one connection that comes back by itself."""
