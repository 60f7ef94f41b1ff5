"""Jobs as detached processes of this computer, a few at a time."""
