#!/usr/bin/env python3
"""DeepSoil's one door: run · test · check · bench · package · docs · engine. Needs only Python 3.11 or newer."""

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
    run.add_argument("--language", metavar="CODE", default="", help="QGIS in this language, e.g. es (default: yours)")
    test = add("test", "Set up and run the checks and every test.")
    test.add_argument("parts", nargs="*", metavar="PART",
                      help="only these: check, engine, plugin, system, cluster, or files below tests/; what follows "
                           "-- goes to pytest, as in: test engine -- -k harmonic. Alone, mutation: breaks one line at "
                           "a time and looks whether a test notices. First, platforms: on other releases of Debian, "
                           "in folders, for hours; started again, it goes on where it stopped (then parts or files: "
                           "only these)")
    test.add_argument("--serial", action="store_true", help="one part after another, with every line on the screen")
    test.add_argument("--seed", type=int, default=1, help="mutation: of the sample (default: 1)")
    test.add_argument("--count", type=int, default=40, help="mutation: how many mutants (default: 40)")
    test.add_argument("--rooms", nargs="*", metavar="ROOM", help="mutation: only these, as soil or plugin/map")
    test.add_argument("--imports", action="store_true",
                      help="mutation: record nothing, go by the imports of tests that were not recorded")
    test.add_argument("--processes", type=int, default=1, help="mutation: 1 or 2 (default: 1)")
    test.add_argument("--seconds", type=float, default=60.0,
                      help="mutation: after these seconds of computing one counts as not decided (default: 60)")
    add("check", "Linter, type checker, layers, file sizes and the Qt 6 rules.")
    bench = add("bench", "Measure, as ratios to references in the same run.")
    bench.add_argument("names", nargs="*", help="only these benchmarks (default: all)")
    bench.add_argument("--json", type=Path, metavar="FILE", help="write the figures to FILE as well")
    add("translate", "Bring the translations up to date with the texts in the sources.")
    package = add("package", "Write the plugin's zip, check it as the plugin repository does, and load it in QGIS.")
    package.add_argument("--release", action="store_true", help="refuse invented addresses and ask each real one")
    add("lock", "Look up the engine's packages anew: exact versions with checksums, and their licences.")
    add("docs", "Write the API reference and the pages of docs/ to build/docs.")
    engine = add("engine", "Set up the engine alone; its command is then build/bin/deepsoil.")
    engine.add_argument("extras", nargs="*", metavar="EXTRA", help="train (PyTorch), sources (to ingest data)")
    return top


def main(words: list[str]) -> int:
    end = words.index("--") if "--" in words else len(words)
    own, for_pytest = words[:end], words[end + 1:]
    top = parser()
    arguments = top.parse_args(own)
    if for_pytest and arguments.command != "test":
        top.error("only the command test passes anything on after --")
    arguments.for_pytest = for_pytest
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
    sys.exit(main(sys.argv[1:]))
