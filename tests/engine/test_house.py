"""The house: imports run one way, by file and by room, and no file is too long to take in at one sitting."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tools import file_sizes, import_graph  # noqa: E402

PACKAGES = ("deepsoil", "deepsoil_plugin")


@pytest.mark.parametrize("package", PACKAGES)
@pytest.mark.parametrize("level", ["file", "room"])
def test_no_two_import_each_other(package: str, level: str) -> None:
    graph = import_graph.files(package)
    assert len(graph) > 50, "the package was not read"
    circles = import_graph.circles(graph if level == "file" else import_graph.rooms(graph))
    print(f"\nstrongly connected parts of {package}, by {level}: {circles or 'none'}")
    assert circles == []


def test_circles_are_found_however_long_they_are() -> None:
    graph = {"p.a.x": {"p.b.y"}, "p.b.y": {"p.c.z"}, "p.c.z": {"p.a.w"}, "p.a.w": set(), "p.d": {"p.a.x"}}
    assert import_graph.circles(graph) == []
    assert import_graph.circles(import_graph.rooms(graph)) == [["p.a", "p.b", "p.c"]]
    graph["p.a.w"] = {"p.a.x"}
    assert import_graph.circles(graph) == [["p.a.w", "p.a.x", "p.b.y", "p.c.z"]]


def test_imports_inside_functions_and_for_types_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "twisted_house"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "upper.py").write_text("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .lower import x\n")
    (package / "lower.py").write_text("def x():\n    from . import upper\n    return upper\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert import_graph.circles(import_graph.files("twisted_house")) == [["twisted_house.lower", "twisted_house.upper"]]


def test_no_file_is_too_long() -> None:
    assert file_sizes.too_large(ROOT) == []


def test_a_file_that_is_too_long_is_named(tmp_path: Path) -> None:
    for name, size in (("tools/long.py", 15_001), ("tools/right.py", 15_000), ("tests/engine/test_long.py", 20_001),
                       ("tests/engine/test_right.py", 20_000), ("build/ignored.py", 90_000)):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("#" * size)
    assert file_sizes.too_large(tmp_path) == [
        "tests/engine/test_long.py: 20.0 kB, 20 kB is the most",
        "tools/long.py: 15.0 kB, 15 kB is the most",
    ]
