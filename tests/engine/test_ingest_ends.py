"""How an ingest ends: a full disk in words, other errors as they are, the old store where it was."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.io import atomic
from deepsoil.sources import ingest


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> Callable[[int | None], None]:
    """Sets what building a store does: writes a little and succeeds, or fails with the error of that number."""
    def does(number: int | None) -> None:
        def build(loaded: Any, beside: Path, *rest: Any) -> None:
            beside.mkdir()
            (beside / "zarr.json").write_text("new")
            if number is not None:
                raise OSError(number, os.strerror(number))

        monkeypatch.setattr(ingest, "_build", build)

    monkeypatch.setattr(ingest, "load", lambda recipe, root: SimpleNamespace(all=()))
    monkeypatch.setattr(ingest.recipe_checks, "check", lambda loaded: None)
    monkeypatch.setattr(ingest.Store, "open", lambda path: path)
    return does


@pytest.mark.parametrize(("number", "code"), [(errno.ENOSPC, "disk_full"), (errno.EDQUOT, "disk_full"),
                                              (errno.EIO, None), (errno.EACCES, None)])
def test_an_error_of_the_disk_leaves_the_old_store(number: int, code: str | None, built: Callable[[int | None], None],
                                                   tmp_path: Path) -> None:
    store = tmp_path / "stores" / "a"
    store.mkdir(parents=True)
    (store / "zarr.json").write_text("old")
    built(number)
    with pytest.raises(DeepSoilError if code else OSError) as error:
        ingest.ingest("recipe", store)
    assert getattr(error.value, "code", None) == code and (code is None or str(store.parent) in str(error.value))
    assert [path.name for path in store.parent.iterdir()] == ["a"] and (store / "zarr.json").read_text() == "old"


def test_only_a_store_or_nothing_is_replaced(built: Callable[[int | None], None], tmp_path: Path,
                                             monkeypatch: pytest.MonkeyPatch) -> None:
    built(None)
    new, old, empty, other, file = (tmp_path / name for name in ("deep/new", "old", "empty", "other", "file"))
    for folder in (old, empty, other):
        folder.mkdir()
    (old / "zarr.json").write_text("old")
    (old / "more").write_text("")
    (other / "picture").write_text("")
    file.write_text("")
    for fine in (new, old, empty):
        assert ingest.ingest("recipe", fine) == fine
        assert [path.name for path in fine.iterdir()] == ["zarr.json"] and (fine / "zarr.json").read_text() == "new"
    for taken in (other, file):
        with pytest.raises(DeepSoilError) as error:
            ingest.ingest("recipe", taken)
        assert error.value.code == "store_exists"
    (old / "zarr.json").write_text("old")

    def fails(source: Path, target: Path) -> None:
        raise OSError(errno.EIO, "x")

    monkeypatch.setattr(atomic, "move", fails)
    with pytest.raises(OSError, match="x"):
        ingest.ingest("recipe", old)
    assert (old / "zarr.json").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["deep", "empty", "file", "old", "other"]
