"""The simulated field: an ensemble of soil columns of the user's own area, conditioned on what was measured there."""
