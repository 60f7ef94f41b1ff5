#!/usr/bin/env python3
"""DeepSoil's one door: run · test · check · bench · package. Needs nothing but Python 3.11 or newer."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path

if sys.version_info < (3, 11):
    sys.exit("DeepSoil's build needs Python 3.11 or newer; this is " + sys.version.split()[0])

from tools.console import Stop


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="build.py", description=__doc__)
    commands = top.add_subparsers(dest="command", required=True)

    def add(name: str, text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument("--yes", action="store_true", help="answer every question with yes")
        return command

    run = add("run", "Set up what is missing, prepare the sample region and open QGIS with it.")
    run.add_argument("--headless", metavar="OUT", type=Path,
                     help="do the main job without a screen and leave maps, table and screenshots in OUT")
    test = add("test", "Set up and run every test.")
    test.add_argument("parts", nargs="*", choices=["engine", "plugin", "system", "cluster", []],
                      help="only these parts (default: all)")
    add("check", "Linter, type checker and the Qt 6 rules.")
    bench = add("bench", "Measure, as ratios to references in the same run.")
    bench.add_argument("names", nargs="*", help="only these benchmarks (default: all)")
    bench.add_argument("--json", type=Path, metavar="FILE", help="write the figures to FILE as well")
    add("package", "Write the plugin's zip and prove that QGIS loads it.")
    return top


def main() -> int:
    arguments = parser().parse_args()
    try:
        result = import_module(f"tools.command_{arguments.command}").main(arguments)
    except Stop as stop:
        print(f"\n{stop}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    return int(result or 0)


if __name__ == "__main__":
    sys.exit(main())
