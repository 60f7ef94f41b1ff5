"""The dock: the request from top to bottom (where, when, what, on), and the list of maps and jobs."""
