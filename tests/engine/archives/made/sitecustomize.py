"""Loaded by every Python that has this folder in PYTHONPATH: it knows the made archives, and no other."""

from __future__ import annotations

import os
from datetime import date

import made_archives
from deepsoil.archives import registry
from deepsoil.kinds import gather_planning

made_archives.install(registry.ARCHIVES, registry.NEEDS)
gather_planning.today = lambda: date.fromisoformat(os.environ.get("MADE_TODAY", str(made_archives.TODAY)))
