"""The version of the contract. What was written by an earlier one is read by way of `migration`."""

from __future__ import annotations

SCHEMA = 2
"""Of specifications, states, manifests, the list of hosts and the lines of the pipe. Model files have their own."""
