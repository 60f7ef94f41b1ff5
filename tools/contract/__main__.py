"""``python -m tools.contract --check | --write``"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "remote")]

from tools.contract.files import generated  # noqa: E402


def main() -> int:
    """Exit code 1 where a file is not what would be generated."""
    parser = argparse.ArgumentParser(prog="python -m tools.contract", description="Generate from the contract.")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--check", action="store_true", help="say which files are not up to date")
    what.add_argument("--write", action="store_true", help="write them")
    write = parser.parse_args().write
    stale = [(path, text) for path, text in generated(ROOT).items()
             if not path.is_file() or path.read_text(encoding="utf-8") != text]
    for path, text in stale:
        if write:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        print(f"{'written' if write else 'not up to date'}: {path.relative_to(ROOT).as_posix()}")
    return 1 if stale and not write else 0


if __name__ == "__main__":
    sys.exit(main())
