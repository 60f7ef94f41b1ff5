"""SSH: configuration, keys, login, channels."""
