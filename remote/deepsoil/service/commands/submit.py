"""``deepsoil submit SPECIFICATION.json``."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("specification", type=Path, help="a job specification as JSON; - for stdin")


def run(args: argparse.Namespace) -> int:
    from deepsoil.service.local_jobs import open_jobs
    from deepsoil.terminal import read_document

    job = open_jobs().submit(read_document(args.specification))
    print(f"{job['id']}  {job['state']}  {job['folder']}")
    return 0
