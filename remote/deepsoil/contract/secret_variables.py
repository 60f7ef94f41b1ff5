"""The environment variables that hold passwords: told to the processes of jobs, and never written to a disk. Pure."""

from __future__ import annotations

PROXIES = "DEEPSOIL_PROXIES"
"""See `archives.proxies`."""
ACCOUNTS = "DEEPSOIL_ACCOUNTS"
"""See `archives.accounts`."""
SECRET = frozenset({PROXIES, ACCOUNTS})
