"""Which results are retrieved automatically. The only place that decides it; pure."""

from __future__ import annotations

import os

from deepsoil.hosts.sync.job_cache import Summary
from deepsoil.hosts.sync.journal import Record

KINDS = frozenset({"predict", "evaluate"})
"""Jobs whose results are maps and tables; a trained model and a store stay on the host."""

LIMIT_MB = 500
VARIABLE = "DEEPSOIL_RETRIEVE_LIMIT_MB"
"""Environment variable with another limit in MB (10⁶ bytes); 0: nothing is retrieved automatically."""


def limit_bytes() -> int:
    """The size limit of automatic retrievals."""
    chosen = os.environ.get(VARIABLE, "")
    return (int(chosen) if chosen.isdecimal() else LIMIT_MB) * 1_000_000


def comes_by_itself(job: Summary, record: Record | None) -> bool:
    """Whether the results of a job that this computer sent are retrieved without a request."""
    if record is None or not is_untouched(record) or job.get("state") != "succeeded" or job.get("kind") not in KINDS:
        return False
    return 0 < sum(int(output.get("size") or 0) for output in job.get("outputs") or []) <= limit_bytes()


def is_untouched(record: Record | None) -> bool:
    """Whether a job was sent from this computer and its outputs were never requested."""
    return record is not None and record.mine and record.retrieval == "none"
