"""``deepsoil submit SPECIFICATION.json [--host NAME]``."""

from __future__ import annotations

import argparse
from pathlib import Path

from deepsoil.service.local_jobs import add_host, jobs_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("specification", type=Path, help="a job specification as JSON; - for stdin")
    add_host(parser)


def run(args: argparse.Namespace) -> int:
    from deepsoil.terminal import read_document

    document = read_document(args.specification)
    with jobs_of(args.host) as jobs:
        job = jobs.submit(document)
    print(f"{job['id']}  {job['state']}  {job['folder'] or job['message']}")
    return 0
