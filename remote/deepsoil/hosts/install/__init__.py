"""Installs the engine on another computer."""
