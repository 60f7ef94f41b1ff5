"""The covariate store of a region: what a network sees, cut by tile and day."""
