"""Features for networks, the same for training and prediction."""
