"""The command ``deepsoil``. Every part brings its own arguments; nothing heavy is imported before it is asked for."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType

from deepsoil import __version__
from deepsoil.contract.errors import DeepSoilError

# name -> (module with add_arguments(parser) and run(args), what it does)
COMMANDS: dict[str, tuple[str, str]] = {
    "predict": ("deepsoil.service.commands.predict", "make soil moisture maps of an area, here and now"),
    "submit": ("deepsoil.service.commands.submit", "queue a job specification; it runs on without this terminal"),
    "list": ("deepsoil.service.commands.jobs_list", "show the jobs of this computer"),
    "logs": ("deepsoil.service.commands.logs", "show the log of a job"),
    "cancel": ("deepsoil.service.commands.cancel", "stop a job"),
    "models": ("deepsoil.service.commands.models", "show the models"),
    "regions": ("deepsoil.service.commands.regions", "show the regions, or add a store"),
    "evaluate": ("deepsoil.evaluation.command", "compare predictions with stations"),
    "ingest": ("deepsoil.sources.command", "build a store from a recipe"),
    "sample": ("deepsoil.sample.command", "build the synthetic sample region"),
    "simulate": ("deepsoil.labels.command", "simulate the soil columns of a region, label every pixel"),
    "train": ("deepsoil.training.command", "train a network"),
    "tables": ("deepsoil.experiments.command", "train and print the paper's tables on a region"),
    "apsim": ("deepsoil.soil.apsim.command", "write APSIM's files, run it, read its reports, compare with ours"),
    "bench": ("deepsoil.bench.command", "measure, as ratios to references in the same run"),
    "serve": ("deepsoil.service.commands.serve", "answer requests on stdin (for the QGIS plugin)"),
    "run-job": ("deepsoil.service.commands.run_job", "run the job in a folder (for the queue)"),
    "run-task": ("deepsoil.service.commands.run_task", "run one task of a job (for a scheduler)"),
    "run-merge": ("deepsoil.service.commands.run_merge", "put the results of a job's tasks together (for a scheduler)"),
    "advance": ("deepsoil.service.commands.advance", "advance the jobs of a scheduler where no service does"),
    "run-queue": ("deepsoil.service.commands.run_queue", "run what waits (started by itself)"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code (2: a mistake that the message explains)."""
    # Our matrix products are small: OpenBLAS's own threads only take turns with those of ONNX Runtime and wait. It
    # looks once, when numpy is imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        parsed = _parser(given).parse_args(given)
        run: Callable[[argparse.Namespace], int | None] = parsed.run
        code = int(run(parsed) or 0)
        sys.stdout.flush()
        return code
    except DeepSoilError as error:
        where = f"{error.field}: " if error.field else ""
        print(f"Error: {where}{error.message}", file=sys.stderr)
        if error.hint:
            print(f"What to do: {error.hint}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader of our output (head, less) has seen enough; what is left in the buffer goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _parser(given: Sequence[str]) -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="deepsoil", description="30 m soil moisture maps at 5 cm and 20 cm.")
    top.add_argument("--version", action="version", version=f"deepsoil {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    asked = next((word for word in given if not word.startswith("-")), None)
    for name, (module, text) in COMMANDS.items():
        parser = commands.add_parser(name, help=text, description=text[:1].upper() + text[1:] + ".")
        if name == asked:
            part = _part(name, module)
            part.add_arguments(parser)
            parser.set_defaults(run=part.run)
    return top


def _part(command: str, module: str) -> ModuleType:
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("deepsoil"):
            raise DeepSoilError("command_unavailable", "The command '{command}' is not available in this version.",
                                "See `deepsoil --help` for what there is.",
                                command=command) from error
        extra = "train" if command in ("train", "tables") else "sources"
        raise DeepSoilError("extra_missing", "The package '{name}' is needed for `deepsoil {command}`.",
                            "Install the engine with its extra: pip install '{source}[{extra}]'",
                            name=error.name, command=command, source=_source(), extra=extra) from error


def _source() -> str:
    here = Path(__file__).resolve().parents[1]
    return str(here) if (here / "pyproject.toml").is_file() else "deepsoil"
