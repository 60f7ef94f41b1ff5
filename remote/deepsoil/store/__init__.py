"""The covariate store of a region: the input of the networks, by tile and day."""
