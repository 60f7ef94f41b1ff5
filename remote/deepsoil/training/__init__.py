"""Training: configuration, weather, simulated labels, patches, losses, splits, loop and run folder."""
