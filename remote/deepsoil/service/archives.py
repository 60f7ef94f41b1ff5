"""The methods about public archives as such: which there are, and what is kept of what was fetched."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def archives(home: Path) -> list[dict[str, Any]]:
    """The archives in the order of the needs that they serve."""
    from deepsoil.archives import checked, registry

    dates = checked.last(home)
    return [{"name": name, "title": one.title,
             "needs": [need for need, names in registry.NEEDS.items() if name in names], "licence": one.licence,
             "attribution": one.attribution, "terms": one.terms, "account": one.account,
             "last_checked": dates.get(name)} for name, one in registry.ARCHIVES.items()]


def archive_cache(home: Path, clear: bool) -> dict[str, Any]:
    """Size and quota of the cache, after it was emptied where that is asked for."""
    from deepsoil.archives.cache import FOLDER, Cache, chosen_quota_bytes

    cache = Cache(home / FOLDER, chosen_quota_bytes())
    if clear:
        cache.clear()
    return {"bytes": cache.size(), "quota_bytes": cache.quota_bytes}
