"""Loaded by every Python that has this folder in PYTHONPATH: jobs of kind ``simulate`` do what a test asks for."""

from __future__ import annotations

import fake_tasks

fake_tasks.install()
