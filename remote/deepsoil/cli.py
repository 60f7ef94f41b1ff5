"""The command ``deepsoil``. Each command brings its own arguments and is imported only when it is asked for."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from types import ModuleType

from deepsoil import __version__, extras
from deepsoil.contract.errors import DeepSoilError
from deepsoil.io import disk_errors, quiet_output

_OWNER_ONLY = 0o077


@dataclass(frozen=True)
class Command:
    """A module with ``add_arguments(parser)`` and ``run(args)``, what it does, and the extra that it needs.

    home        it works in HOME: the files it makes are for this user only
    background  nobody reads what it prints
    """

    module: str
    about: str
    extra: str | None = None
    home: bool = False
    background: bool = False


COMMANDS: dict[str, Command] = {
    "predict": Command("deepsoil.service.commands.predict", "make soil moisture maps of an area, here and now"),
    "submit": Command("deepsoil.service.commands.submit", "queue a job; it runs on without this terminal",
                      home=True),
    "list": Command("deepsoil.service.commands.jobs_list", "show the jobs of this computer, or of a host",
                    home=True),
    "logs": Command("deepsoil.service.commands.logs", "show the log of a job",
                    home=True),
    "cancel": Command("deepsoil.service.commands.cancel", "stop a job",
                      home=True),
    "retry": Command("deepsoil.service.commands.retry", "send a job again; what it has finished is kept", home=True),
    "fetch": Command("deepsoil.service.commands.fetch", "copy the files of a job into a folder", home=True),
    "models": Command("deepsoil.service.commands.models", "show the models"),
    "regions": Command("deepsoil.service.commands.regions", "show the regions, or add a store"),
    "series": Command("deepsoil.service.commands.series", "simulate the soil moisture of a place, day by day"),
    "evaluate": Command("deepsoil.evaluation.command", "compare predictions with the readings of stations"),
    "calibrate": Command("deepsoil.evaluation.calibrate_command",
                         "give a model intervals, from its errors at stations", "train"),
    "record": Command("deepsoil.evaluation.record_command", "write a measured score into a model file", "train"),
    "ingest": Command("deepsoil.sources.command", "build a store from a recipe", "sources"),
    "gather": Command("deepsoil.service.commands.gather", "get the data of a field from public archives", "sources",
                      home=True),
    "refresh": Command("deepsoil.service.commands.refresh", "bring a gathered region up to today", "sources",
                       home=True),
    "archives": Command("deepsoil.service.commands.archives", "show the public archives, or check them", "sources"),
    "outlook": Command("deepsoil.evaluation.outlook_command",
                       "print how wrong the forecasts of a region's weather were"),
    "recognise": Command("deepsoil.service.commands.recognise",
                         "tell which channels a folder of files holds, and write its recipe", "sources"),
    "store": Command("deepsoil.service.commands.store", "split a store into parts, for the nodes that use them"),
    "sample": Command("deepsoil.sample.command", "build the synthetic sample region"),
    "simulate": Command("deepsoil.labels.command", "simulate the soil columns of a region and label every pixel"),
    "train": Command("deepsoil.training.command", "train a network", "train"),
    "tune": Command("deepsoil.training.tuning_command", "try settings of a training by Hyperband", "train"),
    "clusters": Command("deepsoil.training.clusters_command", "cluster a region's extents, and draw them as a map"),
    "tables": Command("deepsoil.experiments.command", "train and print the paper's tables on a region", "train"),
    "apsim": Command("deepsoil.soil.apsim.command",
                     "write APSIM's files, run it, read its reports, compare them with our results"),
    "bench": Command("deepsoil.bench.command", "measure, as ratios to references in the same run"),
    "serve": Command("deepsoil.service.commands.serve", "answer requests on stdin (for the QGIS plugin)",
                     home=True),
    "run-job": Command("deepsoil.service.commands.run_job", "run the job in a folder (for the queue)",
                       home=True, background=True),
    "run-task": Command("deepsoil.service.commands.run_task", "run one task of a job (for a scheduler)",
                        home=True, background=True),
    "run-merge": Command("deepsoil.service.commands.run_merge",
                         "put together the results of a job's tasks (for a scheduler)", home=True, background=True),
    "advance": Command("deepsoil.service.commands.advance",
                       "advance the jobs of a scheduler where no service is running",
                       home=True),
    "run-queue": Command("deepsoil.service.commands.run_queue", "run waiting jobs (started automatically)",
                         home=True, background=True),
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
        return _explain(error)
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            # The reader of our output (head, less) has seen enough; what is left in the buffer goes nowhere.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 1
        problem = disk_errors.explained(error)
        if problem is None:
            raise
        return _explain(problem)
    except ImportError as error:
        missing = extras.explained(error)
        if missing is None:
            raise
        return _explain(missing)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130


def _explain(error: DeepSoilError) -> int:
    where = f"{error.field}: " if error.field else ""
    print(f"Error: {where}{error.message}", file=sys.stderr)
    if error.hint:
        print(f"What to do: {error.hint}", file=sys.stderr)
    return 2


def _parser(given: Sequence[str]) -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="deepsoil", description="30 m soil moisture maps at 5 cm and 20 cm.")
    top.add_argument("--version", action="version", version=f"deepsoil {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    asked = next((word for word in given if not word.startswith("-")), None)
    for name, command in COMMANDS.items():
        about = command.about
        parser = commands.add_parser(name, help=about, description=about[:1].upper() + about[1:] + ".")
        if name == asked:
            part = import_module(command.module)
            part.add_arguments(parser)
            parser.set_defaults(run=partial(_run, command, part))
    return top


def _run(command: Command, part: ModuleType, args: argparse.Namespace) -> int | None:
    if command.home:
        os.umask(_OWNER_ONLY)
    quiet_output.never_fail(stdout=command.background)
    if command.extra is not None:
        extras.require(command.extra)
    code: int | None = part.run(args)
    return code
