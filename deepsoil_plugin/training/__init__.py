"""Training: described in a dialog, watched by its curves; and the models that come of it."""
