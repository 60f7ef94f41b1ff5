"""Whether an error of sbatch certainly means a refusal. Pure.

"Socket timed out on send/recv operation" also appears when the job was accepted and runs, and so may an unforeseen
error: only what is listed here is certain. The texts are those of Slurm's ``slurm_strerror`` and of sbatch's
own checks, 22.05 and before; newer versions keep them.
"""

from __future__ import annotations

import re
from typing import Literal

Verdict = Literal["refused", "later", "unknown"]

# Certainly not accepted now, but the same request may be accepted later.
_LATER = (
    r"Unable to create job record, try again",
    r"System submissions disabled",
    r"Slurm temporarily unable to accept job",
)
# The detail that sbatch prints before "Job violates accounting/QOS policy" if the number of jobs is the cause.
_SUBMIT_LIMITS = r"(Assoc|QOS)(Grp|Max)\w*Submit\w*Limit"

_REFUSED = (
    r"[Ii]nvalid partition", r"No partition specified or system default partition",
    r"User's group not permitted to use this partition", r"Access/permission denied",
    r"Requested nodes not in this partition", r"More processors requested than permitted",
    r"Node count specification invalid", r"Requested node configuration is not available",
    r"Requested partition configuration not available now", r"Required partition not available",
    r"Partition in DOWN state", r"Memory required by task is not available",
    r"Memory specification can not be satisfied", r"CPU count specification invalid",
    r"Requested more tasks than available processors", r"Task count specification invalid",
    r"Invalid account or account/partition combination specified", r"Invalid qos specification",
    r"Job violates accounting/QOS policy", r"Requested time limit is invalid", r"Invalid time specification",
    r"Invalid generic resource \(gres\) specification", r"Invalid GRES specification",
    r"Invalid Trackable RESource \(TRES\) specification", r"Invalid job array specification",
    r"Invalid feature specification", r"Invalid node name specified", r"Invalid wckey specification",
    r"Invalid license specification", r"Invalid user id", r"Invalid group id", r"Job dependency problem",
    r"Pathname of a file, directory or other parameter too long", r"Job script not specified",
    r"Requested reservation is invalid", r"Access denied to requested reservation",
    r"Batch script contains DOS line breaks", r"This does not look like a batch script", r"Batch script is empty",
    r"Unable to open file", r"unrecognized option", r"Invalid --[a-z-]+ specification", r"invalid option",
    r"Requested operation not supported on this system", r"Only batch jobs are accepted",
    r"Requested account has breached requested QOS usage threshold",
)


def verdict(words: str) -> Verdict:
    """What the error text of a failed sbatch proves: ``unknown`` unless it is certain that nothing was submitted."""
    if re.search(_SUBMIT_LIMITS, words) or re.search("|".join(_LATER), words):
        return "later"
    return "refused" if re.search("|".join(_REFUSED), words) else "unknown"


def plain(words: str) -> str:
    """Slurm's message without the prefixes, in one line."""
    lines = [re.sub(r"^\s*(sbatch: )?(error: )?(Batch job submission failed: )?", "", line).strip()
             for line in words.splitlines()]
    return " ".join(dict.fromkeys(line for line in lines if line)) or "no reason given"
