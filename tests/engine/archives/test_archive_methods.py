"""The methods about public archives: which there are, how much is kept of what was fetched, and that it can be removed.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from deepsoil.archives import checked, registry
from deepsoil.archives.cache import FOLDER, QUOTA_BYTES, QUOTA_VARIABLE, Cache, Entry, Part
from deepsoil.io import hashing
from deepsoil.service.archives import archive_cache, archives


def test_every_archive_is_listed_with_what_it_is_for_and_when_it_was_checked(tmp_path: Path) -> None:
    checked.write(tmp_path, {"gridmet": {"on": "2026-11-01", "problems": []}})
    listed = {one["name"]: one for one in archives(tmp_path)}
    assert listed.keys() == registry.ARCHIVES.keys()
    assert listed["gridmet"]["last_checked"] == "2026-11-01" and listed["gridmet"]["needs"] == ["weather"]
    assert listed["polaris"]["last_checked"] is None and listed["polaris"]["terms"]


def test_the_cache_tells_its_size_and_is_emptied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert archive_cache(tmp_path, clear=True) == {"bytes": 0, "quota_bytes": QUOTA_BYTES}
    cache, content = Cache(tmp_path / FOLDER), b"x" * 1000
    part = Part(0, 1000, hashing.sha256_of(content))
    cache.keep(Entry("http://a/b", "http://a/b", '"1"', 1000, 0.0, (part,)), content)
    monkeypatch.setenv(QUOTA_VARIABLE, "50")
    assert archive_cache(tmp_path, clear=False) == {"bytes": 1000, "quota_bytes": 50_000_000}
    assert archive_cache(tmp_path, clear=True)["bytes"] == 0
    assert cache.entry("http://a/b") is None and cache.read(part) is None
    monkeypatch.setenv(QUOTA_VARIABLE, "a lot")
    assert archive_cache(tmp_path, clear=False)["quota_bytes"] == QUOTA_BYTES
