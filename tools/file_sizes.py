"""How long a Python file may be: what a newcomer can take in at one sitting."""

from __future__ import annotations

from pathlib import Path

_CODE = ("build.py", "deepsoil_plugin", "remote", "resources", "tests", "tools")
LARGEST_BYTES = 15_000
LARGEST_TEST_BYTES = 20_000


def too_large(root: Path) -> list[str]:
    """One line for each Python file of the checkout at ``root`` that is too long, sorted by path."""
    problems = []
    for part in _CODE:
        for file in sorted((root / part).rglob("*.py")) if (root / part).is_dir() else [root / part]:
            most = LARGEST_TEST_BYTES if part == "tests" else LARGEST_BYTES
            if file.is_file() and (size := file.stat().st_size) > most:
                name = file.relative_to(root).as_posix()
                problems.append(f"{name}: {size / 1000:.1f} kB, {most // 1000} kB is the most")
    return sorted(problems)
