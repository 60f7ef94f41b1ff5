"""The version of the contract. Documents of earlier versions are converted by `migration`."""

from __future__ import annotations

SCHEMA = 2
"""Of specifications, states, manifests, the list of hosts and the lines of the pipe. Model files have their own."""
