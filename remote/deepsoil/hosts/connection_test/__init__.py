"""The steps of the connection test, each with a verdict and what to do."""
