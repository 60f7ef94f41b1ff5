"""Free space, parsed from the output of ``df`` and ``quota``. Pure."""

from __future__ import annotations

import re


def parse_df(text: str) -> int | None:
    """Free bytes from the output of ``df -Pk FOLDER``; None if it is invalid."""
    for line in reversed(text.splitlines()):
        found = re.search(r"\s(\d+)\s+(\d+)\s+(-?\d+)\s+(?:\d+%|-)\s+/", line)
        if found:
            return max(0, int(found[3])) * 1024
    return None


def parse_quota(text: str, df: str) -> int | None:
    """Bytes left under the user's quota (``quota -w``) on the file system that ``df -Pk`` names; None without one."""
    rows = df.splitlines()
    device = rows[-1].split()[0] if rows and rows[-1].split() else None
    for line in text.splitlines():
        words = line.split()
        if len(words) < 4 or words[0] != device:
            continue
        used, soft, hard = (re.fullmatch(r"(\d+)\*?", word) for word in words[1:4])
        limits = [int(limit[1]) for limit in (soft, hard) if limit and int(limit[1])]
        if used and limits:
            return max(0, min(limits) - int(used[1])) * 1024
    return None
