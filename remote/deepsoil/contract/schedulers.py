"""A field for the name of a scheduler."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from deepsoil.contract.scheduler_names import SCHEDULERS, is_known

SCHEDULER_HINT = f"It must be the name of a scheduler: {', '.join(SCHEDULERS[:-1])} or {SCHEDULERS[-1]}."


def _check(name: str) -> str:
    if not is_known(name):
        raise ValueError(SCHEDULER_HINT)
    return name


SchedulerName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,31}$"), AfterValidator(_check)]
