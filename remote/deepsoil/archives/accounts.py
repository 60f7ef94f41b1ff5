"""Secrets of accounts, as the process was given them by its environment: never on a disk, in a log or in an error.

``DEEPSOIL_ACCOUNTS`` is a JSON object: kind of account → secret, for example {"earthdata": "…"}.
"""

from __future__ import annotations

import json
import os

from deepsoil.contract.secret_variables import ACCOUNTS


def secrets() -> dict[str, str]:
    """Kind of account → secret; empty where none was given, or what was given cannot be read."""
    try:
        document = json.loads(os.environ.get(ACCOUNTS) or "{}")
    except ValueError:
        return {}
    if not isinstance(document, dict):
        return {}
    return {kind: secret for kind, secret in document.items() if isinstance(secret, str) and secret}
