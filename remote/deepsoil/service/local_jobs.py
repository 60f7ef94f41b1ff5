"""The jobs of this user's HOME, for the commands about jobs."""

from __future__ import annotations

from deepsoil.contract.errors import DeepSoilError
from deepsoil.home import home, open_home
from deepsoil.service.jobs import Jobs


def open_jobs() -> Jobs:
    from deepsoil.kinds.open_context import open_context

    open_home(home())
    return Jobs(home(), lambda: open_context(home()))


def find_job(jobs: Jobs, start: str) -> str:
    """The full id of the only job whose id begins with ``start``. DeepSoilError if there is none, or several."""
    found = sorted(path.name for path in jobs.path.glob(f"{start}*")) if start.isalnum() else []
    if len(found) > 1:
        raise DeepSoilError("job_ambiguous", "Several jobs begin with '{start}'.", "Give more digits.", "id",
                            start=start)
    return found[0] if found else start
