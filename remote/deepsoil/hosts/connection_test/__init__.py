"""The steps of the connection test, each with a result and advice."""
